"""Signing by key pairs: whoever holds the public key can check, and cannot sign. RFC 8032, by PyNaCl."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from chalicelib.signature import Scheme

PUBLIC_KEY = re.compile("[0-9a-f]{64}", re.ASCII)
SIGNATURE = re.compile("[0-9a-f]{128}", re.ASCII)
SEED = re.compile("seed:([0-9a-f]{64})", re.ASCII)
SEED_BYTES = 32


def seed_of(secret: str) -> bytes:
    """The seed after `seed:`, from which both keys follow; none where the secret is a public key."""
    seed = SEED.fullmatch(secret)
    return bytes.fromhex(seed[1]) if seed else b""


class Ed25519(Scheme):
    """A signature in hex over the same bytes as any other scheme's.

    A secret is the sender's public key, as its console shows it. For trying things out it may be `seed:` and 64 hex
    digits instead: then we hold both keys, and can sign as well. PyNaCl is loaded when it is first needed.
    """

    __slots__ = ()

    def holds(self, headers: Mapping[str, str], body: bytes, arrived: datetime, secrets: tuple[str, ...]) -> bool:
        """Whether the holder of one of the keys signed these bytes; no usable key, no signature."""
        ahead, given = self._ahead(headers), headers.get(self.header, "")
        if ahead is None or not self._is_fresh(headers, arrived) or not SIGNATURE.fullmatch(given):
            return False
        return any(_holds(key, ahead + body, bytes.fromhex(given)) for key in map(_public_key, secrets) if key)

    def signature(self, key: bytes, content: bytes) -> bytes:
        """What stands in the header for this content; `key` is a seed."""
        from nacl.signing import SigningKey

        return SigningKey(key.ljust(SEED_BYTES, b"\0")).sign(content).signature.hex().encode()


def _public_key(secret: str) -> bytes:
    seed = seed_of(secret)
    if not seed:
        return bytes.fromhex(secret) if PUBLIC_KEY.fullmatch(secret) else b""
    from nacl.signing import SigningKey

    return bytes(SigningKey(seed).verify_key)


def _holds(public_key: bytes, content: bytes, signature: bytes) -> bool:
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(public_key).verify(content, signature)
    except BadSignatureError:
        return False
    return True
