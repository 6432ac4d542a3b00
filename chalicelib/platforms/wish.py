"""A person's wish to be forgotten, as platforms pass it on; and the code by which the person can ask how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.model.erasure import Erasure
from chalicelib.signature import Scheme, plain_key

CODE_LENGTH = 24  # hex digits: nobody guesses 96 bits, and no signature of ours is this short
CODE = Scheme(header="")


def wish(
    platform: str, author_ids: Iterable[tuple[str, str]], content: bytes, secrets: tuple[str, ...], now: datetime
) -> Erasure:
    """The erasure of these authors, each a platform's name and their id there.

    The same content gives the same code, so what a platform sends again is one wish; without the secret nobody can
    tell the code from the content.
    """
    secret = next(filter(None, secrets), "")
    code = CODE.signature(plain_key(secret), b"erasure:" + content)[:CODE_LENGTH].decode()
    return Erasure(code, platform, now, tuple(f"{name}:{native}" for name, native in author_ids))
