"""The services: ministack as one process on 127.0.0.1, and the clients that talk to it."""

from __future__ import annotations

import socket
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.stores.wire import Wire
from infra.local.process import CloudError, Leashed, environment, tail

REGION = "us-east-1"
TARGETS = {"dynamodbstreams": ("dynamodb", "DynamoDBStreams_20120810"), "sqs": ("sqs", "AmazonSQS")}
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}


class Engine:
    """DynamoDB, its streams, SQS, Secrets Manager and CloudFormation; forgets everything when it stops.

    `functions_on` is the Python for functions that are deployed into it, which then see nothing of this project.
    """

    def __init__(self, root: Path, data: Path, functions_on: Path | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = data / "logs" / "ministack.log"
        self._session = boto3.Session("test", "test", region_name=REGION)
        settings = {
            "BIND_HOST": "127.0.0.1",  # its default is every interface
            "MINISTACK_HOST": "127.0.0.1",  # in the addresses of its queues
            "IOT_MTLS_ENABLED": "0",  # it would listen on every interface, whatever BIND_HOST says
            "GATEWAY_PORT": str(self.port),
            "S3_DATA_DIR": str(data / "s3"),
            "LOG_LEVEL": "WARNING",
            **CREDENTIALS,
        }
        env = environment(root, data / "tmp") | settings
        command = ["infra.local.ministack_on", str(functions_on)] if functions_on else ["ministack"]
        if functions_on:
            env["PYTHONPATH"] = ""
        self._process = Leashed(*command, env=env, cwd=data, log=self._log)

    def wait_until_ready(self, seconds: float = 15) -> None:
        """Return once it answers. Raises CloudError when it dies or is silent for too long."""
        deadline = time.monotonic() + seconds
        while not self._answers():
            if not self._process.alive or time.monotonic() > deadline:
                raise CloudError(f"ministack did not start; the end of {self._log}:\n{tail(self._log)}")
            time.sleep(0.02)

    def check(self) -> None:
        """Raises CloudError when it has died."""
        if not self._process.alive:
            raise CloudError(f"ministack has died; the end of {self._log}:\n{tail(self._log)}")

    def client(self, service: str) -> Any:
        """A boto3 client of this engine. Does not retry: on one machine a failure is to be seen."""
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=20, read_timeout=30)
        return self._session.client(service, endpoint_url=self.url, config=config)  # type: ignore[call-overload]

    def wire(self, service: str) -> Wire:
        """The thin client, for what event sources ask all the time: boto3 would take more of a core than they do."""
        signed_as, target = TARGETS[service]
        return Wire(self.url, REGION, self._session.get_credentials(), service=signed_as, target=target)

    def stop(self) -> None:
        """Nothing is kept, so there is nothing to wait for."""
        self._process.stop()

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
