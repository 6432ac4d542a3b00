"""A ministack of the tests' own: the table, the queues and the secret, on a free port of the loopback interface."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.credentials import Credentials

from chalicelib.stores.wire import Wire

WireKind = TypeVar("WireKind", bound=Wire)
TABLE = "posts"
START_SECONDS = 30


class Cloud:
    """AWS's clients against one local endpoint."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def client(self, service: str) -> Any:
        """A client that never leaves this machine and does not retry on its own."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self._endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def wire(self) -> Wire:
        """The client that the functions use."""
        return self.wired(Wire)

    def wired(self, make: type[WireKind]) -> WireKind:
        """Such a client that is more."""
        return make(self._endpoint, "us-east-1", Credentials("test", "test"))

    def make_table(self, name: str) -> None:
        """The one table, its stream and its two sparse indexes."""
        keys = ("pk", "sk", "owes", "owed_since", "case_state", "opened_at")
        self.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=_keys("pk", "sk"),
            GlobalSecondaryIndexes=[
                _index("owing", _keys("owes", "owed_since"), "KEYS_ONLY"),
                _index("cases", _keys("case_state", "opened_at"), "ALL"),
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )


@contextmanager
def running(folder: Path) -> Iterator[Cloud]:
    """Start it, and stop it by its process group whatever happens."""
    port = _free_port()
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    with (folder / "ministack.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"], env=env, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait(f"http://127.0.0.1:{port}/_ministack/health", process)
            yield Cloud(f"http://127.0.0.1:{port}")
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"ministack did not answer at {url}; its output is in ministack.log")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _keys(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [{"AttributeName": hash_key, "KeyType": "HASH"}, {"AttributeName": range_key, "KeyType": "RANGE"}]


def _index(name: str, keys: list[dict[str, str]], projection: str) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": projection}}
