"""The bytes of a platform's body to a JSON object that is read with care."""

from __future__ import annotations

from chalicelib.body import json_value
from chalicelib.errors import BadPayload
from chalicelib.platforms.foreign import Foreign


def document(body: bytes) -> Foreign:
    """The JSON object of a body. Raises BadPayload, whatever the bytes are: bombs of depth and of digits included."""
    whole = json_value(body)
    if not isinstance(whole, dict):
        raise BadPayload("body: expected an object")
    return Foreign(whole)
