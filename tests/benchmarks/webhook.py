"""What a webhook costs the receiving function, beside a bare Chalice handler that does only the HMAC, in one run:
answering one in process (verified, read, the queue faked), and importing what that needs, in fresh processes.

.venv/bin/python -m tests.benchmarks.webhook [CALLS]
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import hmac
import io
import json
import logging
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from chalice.app import Chalice, Request, Response

import app
from chalicelib.config import Company, PlatformSettings
from chalicelib.model import Post
from chalicelib.pipeline.hearing import Ear
from chalicelib.platforms import PLATFORMS
from chalicelib.stores.hearings import MemoryHearings
from chalicelib.wiring import Wiring

ROOT = Path(__file__).parents[2]
ROUNDS = 15
SECRET = "whsec_QWNtZSByb3V0ZXJz"
BODIES = {
    "facebook": "comment-add",
    "x": "mention",
    "slack": "mention",
    "line": "text",
    "whatsapp": "text",
    "mastodon": "status-with-link",
    "telegram": "message",
}
WHAT_IS_NEEDED = """
import app
from chalicelib.platforms.facebook import Facebook
from chalicelib.stores import hearings, settings, sqs, wire
from chalicelib.pipeline import hearing
from boto3.session import Session
"""
Handler = Callable[[dict[str, Any], Any], Any]

bare = Chalice(app_name="bare", configure_logs=False)


@bare.route("/webhooks/{platform}", methods=["POST"], content_types=["*/*"])
def receive(platform: str) -> Response:
    """The least that a receiver does: the HMAC of the body, and an answer."""
    request: Any = bare.current_request
    right = hmac.new(SECRET.encode(), request.raw_body, hashlib.sha256).hexdigest()
    hmac.compare_digest(right.encode(), request.headers.get("x-signature", "").encode())
    return Response("ok", headers={"content-type": "text/plain; charset=utf-8"})


class Nowhere:
    """A queue that takes everything and keeps nothing."""

    def put(self, posts: Sequence[Post]) -> None:
        """Taken."""

    def park(self, parked: object) -> None:
        """A body of this benchmark that is parked is a mistake of this benchmark."""
        raise AssertionError("parked")


class Wired(Wiring):
    """The wiring of the receiving function, over nothing."""

    company = Company({name: PlatformSettings((SECRET,)) for name in BODIES})

    def __init__(self) -> None:
        super().__init__({})
        self.queue = Nowhere()  # type: ignore[assignment]
        self.ear = Ear(MemoryHearings())


@dataclass
class Context:
    """Lambda's."""

    function_name: str = "api_handler"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:made-up"
    aws_request_id: str = "made-up"


def event(name: str, body: bytes) -> dict[str, Any]:
    """What API Gateway hands to the function for this delivery."""
    signed = PLATFORMS[name](PlatformSettings((SECRET,))).sign(body, datetime.now(UTC))
    headers = {**signed, "Accept": "*/*", "Host": "hooks.acme.example", "User-Agent": "bench", "x-signature": "0" * 64}
    return {
        "resource": "/webhooks/{platform}",
        "path": f"/webhooks/{name}",
        "httpMethod": "POST",
        "headers": headers,
        "multiValueHeaders": {key: [value] for key, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"platform": name},
        "stageVariables": None,
        "requestContext": {
            "resourcePath": "/webhooks/{platform}",
            "httpMethod": "POST",
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": body.decode(),
        "isBase64Encoded": False,
    }


def cost(handler: Handler, of: dict[str, Any], calls: int) -> float:
    """Microseconds of CPU for one answer."""
    return spent(lambda: handler(of, Context()), calls)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Logs are written, to nowhere; no collection of garbage falls on one of the two alone."""
    stream = io.StringIO()
    for handler in logging.getLogger(app.log.service).handlers:
        cast("logging.StreamHandler[Any]", handler).setStream(stream)
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def answering(calls: int) -> dict[str, tuple[float, float]]:
    """By platform: microseconds of the bare handler and of ours, medians of rounds in turn."""
    app.wiring = Wired()
    found = {}
    for name, file in BODIES.items():
        body = (ROOT / "tests" / "payloads" / name / f"{file}.json").read_bytes()
        of = event(name, body)
        assert app.app(of, Context())["statusCode"] == bare(of, Context())["statusCode"] == 200
        with quiet():
            pairs = [(cost(bare, of, calls), cost(app.app, of, calls)) for _ in range(ROUNDS)]
        found[name] = statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
    return found


def parts(name: str, calls: int) -> dict[str, float]:
    """Microseconds of CPU of each step of answering one delivery, by itself and warm: the least of the rounds."""
    app.wiring = Wired()
    body = (ROOT / "tests" / "payloads" / name / f"{BODIES[name]}.json").read_bytes()
    came, sender = Request(event(name, body)), app.wiring.platform(name)
    request = app._request(came)
    steps: dict[str, Callable[[], object]] = {
        "json.loads": lambda: json.loads(body),
        "request": lambda: app._request(came),
        "verify": lambda: sender.verify(request),
        "hear": lambda: sender.hear(request),
        "log": lambda: app.log.info("webhook.received", platform=name, posts=1, skipped=0),
        "note": lambda: app.wiring.ear.note(name, request.received_at, 1, {}),
    }
    with quiet():
        return {step: min(spent(call, calls) for _ in range(ROUNDS)) for step, call in steps.items()}


def spent(call: Callable[[], object], calls: int) -> float:
    """Microseconds of CPU for one call."""
    before = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - before) / calls * 1e6


def importing(*codes: str) -> list[float]:
    """Seconds of CPU of fresh processes that run each of them, in turn; the median of several."""
    rounds = [[started(code) for code in codes] for _ in range(ROUNDS)]
    return [statistics.median(spent) for spent in zip(*rounds, strict=True)]


def started(code: str) -> float:
    """Seconds of CPU of one fresh process."""
    before = _of_children()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    return _of_children() - before


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the tables."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for name, (least, ours) in answering(calls).items():
        print(f"{name:<12} bare {least:6.0f} us   ours {ours:6.0f} us   ratio {ours / least:.2f}")
    for name in ("facebook", "slack"):
        print(f"{name:<12} by itself", "  ".join(f"{step} {us:.0f} us" for step, us in parts(name, calls).items()))
    base, needed = importing("import chalice, boto3", WHAT_IS_NEEDED)
    print(f"import       chalice + boto3 {base:.2f} s   ours {needed:.2f} s   ratio {needed / base:.2f}")


if __name__ == "__main__":
    main()
