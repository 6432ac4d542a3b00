"""CPU from the start of a process to its first answer, of the package beside plain Chalice and boto3, in one run.

.venv/bin/python -m tests.benchmarks.cold_start [ROUNDS]

Each process is AWS's own runtime interface client on Lambda's Python, in a folder that holds the unpacked zip and is
not written to; it is killed when it has answered. The queue, the secret and the table are real (ministack). What is
measured is the CPU of that process alone. The plain side does the least that does the same job: it reads its secret,
checks the HMAC and queues the post with boto3, or writes the post into the table; it is packaged as `chalice package`
does it: source, no .pyc, all of botocore.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

from chalicelib import platforms
from chalicelib.config import company
from chalicelib.platforms import PLATFORMS
from chalicelib.ports.platform import WebhookRequest
from chalicelib.stores.messages import encode
from infra import target, wheels
from infra.local.engine import CREDENTIALS, REGION, Engine
from infra.local.functions import variables
from infra.local.runtime_interface import interface_client, unpacked
from infra.local.samples import SETTINGS, ago, facebook_comment
from infra.local.stack import create
from infra.package import ROOT, package
from infra.stages import stage
from infra.target import Target

ROUNDS = 15
MOST = {"webhook": 0.6, "triage": 0.8}  # times the plain one
PLAIN_PARTS = ("boto3", "botocore", "jmespath", "python_dateutil", "s3transfer", "six", "urllib3")
PLAIN = """
import hashlib, hmac, json, os
import boto3
from chalice import Chalice, Response

app = Chalice(app_name="plain")
clients = {}

def client(name):
    if name not in clients:
        clients[name] = boto3.client(name)
    return clients[name]

@app.route("/webhooks/{platform}", methods=["POST"], content_types=["*/*"])
def receive(platform):
    request = app.current_request
    kept = client("secretsmanager").get_secret_value(SecretId=os.environ["EARSHOT_SECRET"])
    secret = json.loads(kept["SecretString"])["platforms"][platform]["secrets"][0].encode()
    wanted = "sha256=" + hmac.new(secret, request.raw_body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, request.headers.get("x-hub-signature-256", "")):
        return Response("no", status_code=401)
    client("sqs").send_message(
        QueueUrl=os.environ["EARSHOT_POSTS_QUEUE"], MessageBody=request.raw_body.decode(),
        MessageGroupId="plain", MessageDeduplicationId=hashlib.sha256(request.raw_body).hexdigest())
    return Response("ok")

@app.on_sqs_message(queue="posts.fifo", name="triage_posts")
def triage_posts(event):
    for record in event:
        post = json.loads(record.body)
        client("dynamodb").put_item(
            TableName=os.environ["EARSHOT_TABLE"], ConditionExpression="attribute_not_exists(pk)",
            Item={"pk": {"S": "PLAIN#" + record.receipt_handle}, "sk": {"S": "PLAIN"}, "post": {"S": record.body}})
    return {"batchItemFailures": []}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process answered first, and the seconds of CPU it had taken until then."""

    body: Any
    cpu: float


def invocation_headers(request_id: UUID) -> dict[str, str]:
    """All that Lambda sends: its client dies without any of them."""
    return {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": str(request_id),
        "Lambda-Runtime-Deadline-Ms": str(int((time.time() + 30) * 1000)),
        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:earshot",
        "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Sampled=0",
    }


class RuntimeApi:
    """Gives one event to whoever asks, and hears the answer."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.answered = threading.Event()
        self.body: Any = None
        api, payload = self, json.dumps(event).encode()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if api.answered.is_set():
                    return
                self.send_response(200)
                for name, value in invocation_headers(uuid4()).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def do_POST(self) -> None:
                api.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                api.answered.set()  # it is killed before it hears that we took it

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server.server_address[1]}"


def first_answer(task: Path, handler: str, event: Mapping[str, Any], env: Mapping[str, str]) -> Answer:
    """Of a fresh process in this folder. Raises RuntimeError when it dies or says nothing for a minute."""
    api = RuntimeApi(event)
    told = {**env, "AWS_LAMBDA_RUNTIME_API": api.address, "_HANDLER": handler, "LAMBDA_TASK_ROOT": str(task)}
    with tempfile.TemporaryFile() as said:
        command = [str(target.python()), "-m", "awslambdaric", handler]
        process = subprocess.Popen(command, cwd=task, env=told, stdout=said, stderr=said)
        deadline = time.monotonic() + 60
        while not (came := api.answered.wait(0.02)) and time.monotonic() < deadline and not died(process.pid):
            pass
        os.kill(process.pid, signal.SIGKILL)  # it is ours to bury, so the id is its own still
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = -signal.SIGKILL
        api.server.shutdown()
        api.server.server_close()
        if not came:
            said.seek(0)
            raise RuntimeError(f"no answer of {handler} in {task}:\n{said.read().decode(errors='replace')[-3000:]}")
    return Answer(api.body, used.ru_utime + used.ru_stime)


def died(pid: int) -> bool:
    """Whether it has ended; it is still ours to bury."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


@contextmanager
def services(folder: Path) -> Iterator[dict[str, str]]:
    """Queue, secret and table for real; the environment of a function that has them."""
    for name in ("logs", "tmp"):
        (folder / name).mkdir(parents=True)
    engine = Engine(ROOT, folder)
    try:
        engine.wait_until_ready()
        stack = create(engine.client("cloudformation"), ROOT / "infra" / "resources.yaml", {"Crm": "none"})
        secret = stack.ids["CompanySettings"]
        engine.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=json.dumps(SETTINGS))
        lambdas = {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": engine.url, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512"}
        bare = {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1"}
        client = {"PYTHONPATH": str(interface_client(ROOT)), "AWS_LAMBDA_FUNCTION_NAME": "earshot"}
        yield {**bare, **client, **CREDENTIALS, **lambdas, **variables(stack, "api_handler"), "EARSHOT_STAGE": "dev"}
    finally:
        engine.stop()


def plain(folder: Path, ours: Path) -> Path:
    """Chalice and boto3 as `chalice package` would lay them out; Chalice's runtime is the one in our zip, as source."""
    for name in PLAIN_PARTS:
        (wheel,) = wheels.fetch(Target("x86_64"), ROOT).glob(f"{name}-*.whl")
        unpacked(wheel, folder)
    with ZipFile(ours) as files:
        files.extractall(
            folder, [name for name in files.namelist() if name.startswith("chalice/") and name.endswith(".py")]
        )
    (folder / "app.py").write_text(PLAIN)
    return folder


def webhook() -> dict[str, Any]:
    """A signed delivery of a comment, as API Gateway hands it on."""
    body = json.dumps(facebook_comment(1, ("501", "Ana Ruiz"), "You charged me twice, I want my money back", ago(1)))
    sender = platforms.platform("facebook", company(SETTINGS, PLATFORMS).platforms["facebook"])
    return {
        "resource": "/webhooks/{platform}",
        "path": "/webhooks/facebook",
        "httpMethod": "POST",
        "headers": {"content-type": "application/json", **sender.sign(body.encode(), datetime.now(UTC))},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"platform": "facebook"},
        "stageVariables": None,
        "requestContext": {
            "resourcePath": "/webhooks/{platform}",
            "httpMethod": "POST",
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def queued() -> dict[str, Any]:
    """A post in the queue, as its event source hands it on."""
    body = json.loads(webhook()["body"])
    request = WebhookRequest("POST", {}, {}, json.dumps(body).encode(), datetime.now(UTC))
    (post,) = platforms.platform("facebook", company(SETTINGS, PLATFORMS).platforms["facebook"]).parse(request)
    record = {
        "messageId": str(uuid4()),
        "receiptHandle": str(uuid4()),
        "body": encode(post),
        "attributes": {"ApproximateReceiveCount": "1", "MessageGroupId": "g", "SentTimestamp": "1795907070745"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:posts.fifo",
        "awsRegion": REGION,
    }
    return {"Records": [record]}


def measured(rounds: int, folder: Path) -> dict[str, dict[str, list[float]]]:
    """Seconds of CPU by function and by side, each round of all in turn."""
    made = package(stage("dev", "x86_64"), folder / "build")
    sides = {"ours": unpacked(made.zip, folder / "ours"), "plain": plain(folder / "plain", made.zip)}
    calls = {"webhook": ("app.app", webhook), "triage": ("app.triage_posts", queued)}
    found: dict[str, dict[str, list[float]]] = {name: {side: [] for side in sides} for name in calls}
    with services(folder / "cloud") as env:
        for _ in range(rounds + 1):  # the first fills the machine's own caches and does not count
            for name, (handler, event) in calls.items():
                for side, task in sides.items():
                    answer = first_answer(task, handler, event(), env)
                    if not right(answer.body):
                        raise RuntimeError(f"{name}, {side}: {answer.body}")
                    found[name][side].append(answer.cpu)
    return {name: {side: spent[1:] for side, spent in both.items()} for name, both in found.items()}


def right(answer: Any) -> bool:
    """Whether the delivery was taken, or every post decided."""
    return bool(answer.get("statusCode") == 200 or answer.get("batchItemFailures") == [])


def main() -> int:
    """Print the table; 1 when a ratio is above what it may be."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    scratch = ROOT / ".cache" / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cold-", dir=scratch) as folder:
        found = measured(rounds, Path(folder))
    missed = False
    for name, both in found.items():
        ours, base = (statistics.median(both[side]) for side in ("ours", "plain"))
        pairs = statistics.median(one / other for one, other in zip(both["ours"], both["plain"], strict=True))
        least = min(both["ours"]) / min(both["plain"])
        missed |= pairs > MOST[name]
        print(
            f"{name:<8} plain {base * 1000:4.0f} ms   ours {ours * 1000:4.0f} ms   "
            f"ratio {pairs:.2f} (median of pairs), {least:.2f} (of the least)   at most {MOST[name]}"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
