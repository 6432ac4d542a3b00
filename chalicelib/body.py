"""The bytes of somebody else's body to JSON, whatever they are."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from chalicelib.errors import BadPayload

LONGEST_NUMBER = 40  # digits; no id, count or time of any platform comes near
# An escaped half of a pair of UTF-16, and JSON in which every such half has its other.
HALF = re.compile(rb"\\u[dD][89a-fA-F]")
PAIRED = re.compile(
    rb"(?:[^\\]++|\\[^u]|\\u(?![dD][89a-fA-F])|\\u[dD][89abAB]..\\u[dD][c-fC-F])*+",
    re.DOTALL,
)


def json_value(body: bytes) -> Any:
    """Its JSON value. Raises BadPayload, whatever the bytes are: bombs of depth and of digits included."""
    try:
        value = DECODER.decode(body.decode())
        return _mended(value) if HALF.search(body) and not PAIRED.fullmatch(body) else value
    except RecursionError:
        raise BadPayload("body: nested too deeply") from None
    except ValueError:
        raise BadPayload("body: expected JSON in UTF-8, its numbers finite") from None


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("too many digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


# Made once: json.loads makes one a call where anything but its own way of reading numbers is asked for.
DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_finite, parse_constant=_finite)


def _mended(value: Any) -> Any:
    """Half an emoji, cut by somebody's UTF-16, becomes U+FFFD: nothing after us could encode it."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    return value
