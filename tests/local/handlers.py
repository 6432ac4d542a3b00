"""Handlers that do what their records say, and note every call in the file named by CALLS."""

from __future__ import annotations

import json
import os
import time
from hashlib import sha256
from typing import Any

from chalice.app import Chalice, Response

app = Chalice(app_name="made-up")


@app.route("/echo/{name}", methods=["GET", "POST"], content_types=["*/*"])
def echo(name: str) -> dict[str, Any]:
    """What arrived."""
    request = app.current_request
    assert request is not None
    body = request.raw_body if isinstance(request.raw_body, bytes) else request.raw_body.encode()
    return {
        "name": name,
        "method": request.method,
        "sha256": sha256(body).hexdigest(),
        "size": len(body),
        "query": {key: request.query_params.getlist(key) for key in request.query_params}
        if request.query_params
        else {},
        "agent": request.headers.get("user-agent"),
    }


@app.route("/picture")
def picture() -> Response:
    """Bytes that are no text."""
    return Response(bytes(range(256)), headers={"Content-Type": "image/png"})


@app.route("/die", methods=["POST"])
def die() -> None:
    """End the process before there is an answer."""
    os._exit(7)


def triage(event: dict[str, Any], context: Any) -> Any:
    """Of SQS: each body says what happens."""
    tasks = [json.loads(record["body"]) for record in event["Records"]]
    began = time.time()
    _note({"call": [task["id"] for task in tasks]})
    failures = []
    for task, record in zip(tasks, event["Records"], strict=True):
        if _does(task, int(record["attributes"]["ApproximateReceiveCount"])):
            failures.append({"itemIdentifier": record["messageId"]})
    _note({"done": [task["id"] for task in tasks], "began": began, "ended": time.time()})
    literal = next((task for task in tasks if "answer" in task), None)
    return literal["answer"] if literal else {"batchItemFailures": failures}


def _does(task: dict[str, Any], receives: int) -> bool:
    """Whether the task fails."""
    time.sleep(task.get("sleep", 0))
    if receives <= task.get("dies", 0):
        os._exit(9)
    if receives <= task.get("raises", 0):
        raise ValueError("as the task says")
    return bool(receives <= task.get("fails", 0))


def deliver(event: dict[str, Any], context: Any) -> Any:
    """Of a stream: stops at the first record that fails, as app.py does."""
    records = [record["dynamodb"] for record in event["Records"]]
    _note({"call": [record["Keys"]["sk"]["S"] for record in records]})
    for record in records:
        name, does = record["Keys"]["sk"]["S"], record["NewImage"].get("does", {}).get("S", "goes through")
        if does == "raises":
            raise ValueError("as the record says")
        if does == "fails":
            return {"batchItemFailures": [{"itemIdentifier": record["SequenceNumber"]}]}
        if does == "misreports" and _first_time(name):
            return {"batchItemFailures": [{"itemIdentifier": ""}]}
        _note({"through": name})
    return {"batchItemFailures": []}


def tick(event: dict[str, Any], context: Any) -> None:
    """Of a schedule."""
    _note({"tick": event["detail-type"]})


def plain(event: dict[str, Any], context: Any) -> Any:
    """Called directly."""
    time.sleep(event.get("sleep", 0))
    if event.get("die"):
        os._exit(9)
    if event.get("raise"):
        raise ValueError("as the event says")
    if "big" in event:
        return "x" * event["big"]
    return {"pid": os.getpid(), "left": context.get_remaining_time_in_millis(), "name": context.function_name}


def _first_time(name: str) -> bool:
    marker = f"{os.environ['CALLS']}.{name}"
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def _note(what: dict[str, Any]) -> None:
    line = json.dumps(what) + "\n"
    file = os.open(os.environ["CALLS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, line.encode())
    os.close(file)
