"""AWS's JSON protocol over one kept connection, signed by botocore: boto3's calls at a third of their cost.

docs/adr/0003 has the measurements. The protocol is AWS JSON 1.0:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
"""

from __future__ import annotations

import http.client
import json
import random
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

if TYPE_CHECKING:
    from botocore.credentials import Credentials

BASE_SECONDS = 0.025
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
RETRIED = frozenset(
    {
        "InternalServerError",
        "InternalServiceError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
    }
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call may take: seconds to connect and to be answered, and how often it is made."""

    connect: float = 3
    read: float = 10
    attempts: int = 3


PATIENT = Patience()
BRISK = Patience(connect=0.5, read=1, attempts=2)  # for what is worth a second try, and no more time
HASTY = Patience(connect=0.3, read=0.5, attempts=1)  # for what must not keep a sender waiting, and may be left out


class Wire:
    """A client over one connection, which threads take in turn; it raises what boto3 raises.

    Calls are sent again after a throttle, a fault of the service or a lost connection: every write of ours has a
    condition, so one that was carried out before its answer was lost is found, not repeated; notes that go without one
    may be written twice.
    """

    def __init__(
        self,
        endpoint: str,
        region: str,
        credentials: Credentials | None,
        pause: Callable[[float], None] = time.sleep,
        *,
        service: str = "dynamodb",
        target: str = "DynamoDB_20120810",
        version: str = "1.0",
        patience: Patience = PATIENT,
    ) -> None:
        self._endpoint = endpoint
        self._credentials = credentials
        self._region = region
        self._pause = pause
        self._service = service
        self._target = target
        self._kind = f"application/x-amz-json-{version}"
        self._patience = patience
        self._connection: http.client.HTTPConnection | None = None
        self._turn = Lock()

    def __del__(self) -> None:
        self._hang_up()

    def put_item(self, **arguments: Any) -> Any:
        """Write an item on a condition."""
        return self.call("PutItem", arguments)

    def update_item(self, **arguments: Any) -> Any:
        """Change an item on a condition."""
        return self.call("UpdateItem", arguments)

    def transact_write_items(self, **arguments: Any) -> Any:
        """Several of these, or none."""
        return self.call("TransactWriteItems", arguments)

    def get_item(self, **arguments: Any) -> Any:
        """One item."""
        return self.call("GetItem", arguments)

    def batch_get_item(self, **arguments: Any) -> Any:
        """Up to a hundred items."""
        return self.call("BatchGetItem", arguments)

    def query(self, **arguments: Any) -> Any:
        """A page of a partition or an index."""
        return self.call("Query", arguments)

    def scan(self, **arguments: Any) -> Any:
        """One page of all items."""
        return self.call("Scan", arguments)

    def get_secret_value(self, **arguments: Any) -> Any:
        """A secret (of Secrets Manager's client)."""
        return self.call("GetSecretValue", arguments)

    def call(self, operation: str, arguments: Any) -> Any:
        """Any operation, by its name on the wire."""
        body = json.dumps(arguments).encode()
        for attempt in range(1, self._patience.attempts):
            try:
                return self._once(operation, body)
            except (OSError, http.client.HTTPException):
                pass  # told by the last attempt
            except ClientError as error:
                if error.response["Error"]["Code"] not in RETRIED:
                    raise
            self._pause(random.uniform(0, BASE_SECONDS * 2**attempt))  # noqa: S311
        try:
            return self._once(operation, body)
        except (OSError, http.client.HTTPException) as error:
            raise EndpointConnectionError(endpoint_url=self._endpoint, error=type(error).__name__) from error

    def _once(self, operation: str, body: bytes) -> Any:
        headers = self._signed(operation, body)
        with self._turn:
            status, text = self._exchange(headers, body)
        data = _parsed(text, status)
        if status != 200:
            raise ClientError(_refusal(data, status), operation)
        return data

    def _exchange(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """One request and its whole answer; after anything less the connection is given up."""
        try:
            answer = self._answered(headers, body)
            text = answer.read()
            checksum = answer.headers.get("x-amz-crc32")
            if checksum and int(checksum) != zlib.crc32(text):
                raise http.client.HTTPException("the answer was damaged on its way")
        except BaseException:
            self._hang_up()
            raise
        return answer.status, text

    def _answered(self, headers: dict[str, str], body: bytes) -> http.client.HTTPResponse:
        """The beginning of an answer. A kept connection that the service has closed meanwhile (a function sleeps for
        minutes between two calls) is found out by the call itself: that costs none of its attempts, and no time."""
        if self._connection is not None:
            try:
                return _asked(self._connection, headers, body)
            except TimeoutError:
                raise
            except OSError:  # closed or reset, before any answer: asked once more
                self._hang_up()
        return _asked(self._connected(), headers, body)

    def _signed(self, operation: str, body: bytes) -> dict[str, str]:
        if self._credentials is None:
            raise NoCredentialsError
        headers = {"Content-Type": self._kind, "X-Amz-Target": f"{self._target}.{operation}"}
        request = AWSRequest("POST", f"{self._endpoint}/", headers=headers, data=body)
        SigV4Auth(self._credentials, self._service, self._region).add_auth(request)
        return dict(request.headers.items())

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            parts = urlsplit(self._endpoint)
            secure = parts.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self._connection = kind(parts.hostname or "", parts.port, timeout=self._patience.connect)
            self._connection.connect()
            self._connection.sock.settimeout(self._patience.read)
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _asked(connection: http.client.HTTPConnection, headers: dict[str, str], body: bytes) -> http.client.HTTPResponse:
    connection.request("POST", "/", body, headers)
    return connection.getresponse()


def endpoint_of(region: str, service: str = "dynamodb") -> str:
    """A service's public address in a region."""
    return f"https://{service}.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"


def _parsed(text: bytes, status: int) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        if status == 200:
            raise http.client.HTTPException("the answer is not JSON") from None
        return {}


def _refusal(data: Any, status: int) -> Any:
    """As botocore shapes it; the code follows the `#` of `__type`."""
    found = data if isinstance(data, dict) else {}
    fallback = "ServiceUnavailable" if status >= 500 else "unknown"
    code = str(found.get("__type", "")).rpartition("#")[2] or fallback
    message = str(found.get("message") or found.get("Message") or "")
    reasons = {"CancellationReasons": found["CancellationReasons"]} if "CancellationReasons" in found else {}
    return {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}, **reasons}
