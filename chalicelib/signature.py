"""How platforms and CRMs sign: a table row each. The verifier takes any bytes and any headers, and says yes or no."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

CARRIED = re.compile(r"\{([a-z0-9-]+)\}")
MOST_SIGNATURES = 32  # a header may list several while secrets rotate; more are somebody's game


def plain_key(secret: str) -> bytes:
    """The secret's own bytes."""
    return secret.encode("utf-8", "surrogatepass")


def whsec_key(secret: str) -> bytes:
    """The base64 after `whsec_`; no key at all where it is not base64 (standardwebhooks.com, "Signature scheme")."""
    text = secret.removeprefix("whsec_")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return b""


@dataclass(frozen=True, slots=True)
class Scheme:
    """An HMAC in a header, or the secret itself where `digest` is None.

    `ahead` is what is signed before the body, with `{header-name}` for a header's value; `timestamp` names the header
    that must lie within `window` of the arrival; `separator` splits a header that lists several signatures; `part` is
    the signature's name in a header of `name=value` parts, whose other parts are then read as headers of their own.
    """

    header: str
    prefix: str = ""
    encoding: Literal["hex", "base64"] = "hex"
    digest: str | None = "sha256"
    ahead: str = ""
    timestamp: str | None = None
    window: timedelta = timedelta(minutes=5)
    separator: str | None = None
    part: str | None = None
    key: Callable[[str], bytes] = plain_key

    def holds(self, headers: Mapping[str, str], body: bytes, arrived: datetime, secrets: tuple[str, ...]) -> bool:
        """Whether one of the secrets signed these bytes; no usable secret, no signature."""
        headers = self._opened(headers)
        ahead = self._ahead(headers)
        if ahead is None or not self._is_fresh(headers, arrived):
            return False
        given = self._given(headers.get(self.part or self.header, ""))
        expected = [self.signature(key, ahead + body) for key in map(self.key, secrets) if key]
        # No early exit: how long it takes must not tell which secret or how many characters were right.
        return any([hmac.compare_digest(right, signature) for right in expected for signature in given])

    def signature(self, key: bytes, content: bytes) -> bytes:
        """What stands in the header for this content."""
        if self.digest is None:
            return key
        mac = hmac.digest(key, content, self.digest)
        encoded = mac.hex().encode() if self.encoding == "hex" else base64.b64encode(mac)
        return self.prefix.encode() + encoded

    def headers(self, secret: str, body: bytes, now: datetime) -> dict[str, str]:
        """The headers a sender would put on these bytes. Raises ValueError where the secret makes no key."""
        key = self.key(secret)
        if not key:
            raise ValueError("the secret makes no key")
        return self.signed(key, body, now)

    def signed(self, key: bytes, body: bytes, now: datetime) -> dict[str, str]:
        """The headers made with this key, whatever it is worth."""
        carried = {name: self._carried(name, body, now) for name in CARRIED.findall(self.ahead)}
        signature = self.signature(key, (self._ahead(carried) or b"") + body).decode("utf-8", "surrogatepass")
        if self.part is None:
            return carried | {self.header: signature}
        parts = carried | {self.part: signature}
        return {self.header: ",".join(f"{name}={value}" for name, value in parts.items())}

    def _opened(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """The headers, or the parts of the one header that holds all."""
        if self.part is None:
            return headers
        parts = (part.partition("=") for part in headers.get(self.header, "").split(",")[:MOST_SIGNATURES])
        return {name: value for name, _, value in parts}

    def _ahead(self, headers: Mapping[str, str]) -> bytes | None:
        if not self.ahead:
            return b""
        if not all(name in headers for name in CARRIED.findall(self.ahead)):
            return None
        return CARRIED.sub(lambda name: headers[name[1]], self.ahead).encode("utf-8", "surrogatepass")

    def _is_fresh(self, headers: Mapping[str, str], arrived: datetime) -> bool:
        if self.timestamp is None:
            return True
        seconds = headers.get(self.timestamp, "")
        if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
            return False
        return abs(arrived.timestamp() - int(seconds)) <= self.window.total_seconds()

    def _given(self, header: str) -> list[bytes]:
        listed = header.split(self.separator)[:MOST_SIGNATURES] if self.separator else [header]
        # As bytes: on text, compare_digest raises for whatever is not ASCII.
        return [signature.encode("utf-8", "surrogatepass") for signature in listed]

    def _carried(self, name: str, body: bytes, now: datetime) -> str:
        if name == self.timestamp:
            return str(int(now.timestamp()))
        return f"msg_{hashlib.sha256(body).hexdigest()[:24]}"  # the same body is the same message, sent again


# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
STANDARD_WEBHOOKS = Scheme(
    header="webhook-signature",
    prefix="v1,",
    encoding="base64",
    ahead="{webhook-id}.{webhook-timestamp}.",
    timestamp="webhook-timestamp",
    separator=" ",
    key=whsec_key,
)
