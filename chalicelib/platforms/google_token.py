"""Google's signed tokens: who pushes says who he is by a JWT that Google has signed with RS256.

https://docs.cloud.google.com/pubsub/docs/authenticate-push-subscriptions;
RFC 7515 (tokens), RFC 8017 8.2.2 (signatures).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.errors import BadPayload
from chalicelib.platforms.document import document

LONGEST_TOKEN = 8192
SKEW = timedelta(minutes=1)
ISSUERS = ("https://accounts.google.com", "accounts.google.com")
# RFC 8017 9.2, note 1: what stands before a SHA-256 in a signature.
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
SMALLEST_KEY = 2048  # bits


@dataclass(frozen=True, slots=True)
class RsaKey:
    """A public key."""

    modulus: int
    exponent: int

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Whether it signed this content: the whole encoded message is compared, no part of it is parsed."""
        size = (self.modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature)
        if len(signature) != size or number >= self.modulus or self.modulus.bit_length() < SMALLEST_KEY:
            return False
        found = pow(number, self.exponent, self.modulus).to_bytes(size)
        ending = SHA256_PREFIX + hashlib.sha256(content).digest()
        return hmac.compare_digest(found, b"\x00\x01" + b"\xff" * (size - len(ending) - 3) + b"\x00" + ending)


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart; of `kid` and `claims` nothing is to be believed before `content` is verified."""

    kid: str
    claims: Mapping[str, Any]
    content: bytes
    signature: bytes

    def is_for(self, email: str, audience: str, now: datetime) -> bool:
        """Whether it says that Google vouches for this service account, to this audience, at this time."""
        claims = self.claims
        return (
            claims.get("iss") in ISSUERS
            and claims.get("aud") == audience
            and claims.get("email") == email
            and claims.get("email_verified") is True
            and _is_current(claims.get("iat"), claims.get("exp"), now)
        )


def token(text: str) -> Token | None:
    """The token of a text; None for whatever is none, or is not signed with RS256."""
    parts = text.split(".")
    if len(text) > LONGEST_TOKEN or len(parts) != 3 or not text.isascii():
        return None
    try:
        header, claims, signature = map(_unpacked, parts)
        about, said = document(header).value, document(claims).value
    except (ValueError, BadPayload):
        return None
    kid = about.get("kid")
    if about.get("alg") != "RS256" or not isinstance(kid, str) or "crit" in about:
        return None
    return Token(kid, said, f"{parts[0]}.{parts[1]}".encode(), signature)


def keys_of(jwks: bytes) -> dict[str, RsaKey]:
    """The RSA keys of a key set, by their ids (RFC 7517). Raises ValueError for what is none."""
    try:
        found = json.loads(jwks)["keys"]
        return {key["kid"]: RsaKey(_number(key["n"]), _number(key["e"])) for key in found if key["kty"] == "RSA"}
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a set of keys") from error


def _is_current(issued: Any, expires: Any, now: datetime) -> bool:
    if type(issued) is not int or type(expires) is not int:
        return False
    return issued - SKEW.total_seconds() <= now.timestamp() < expires + SKEW.total_seconds()


def _number(text: str) -> int:
    return int.from_bytes(_unpacked(text))


def _unpacked(text: str) -> bytes:
    """Base64url without its padding. Raises ValueError; a character of another alphabet is one, not skipped."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
