"""Plain values to DynamoDB's typed attributes and back, and values of the model to the JSON text that items hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.codec import to_json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Plain = str | int | bool | frozenset[str]
Item = dict[str, Any]
_SURROGATE = re.compile("[\ud800-\udfff]")


def typed(values: Mapping[str, Plain | None]) -> dict[str, AttributeValueTypeDef]:
    """The attributes of an item; what is None or an empty set is left out (DynamoDB has no empty sets)."""
    return {name: _typed(value) for name, value in values.items() if value is not None and value != frozenset()}


def plain(item: Mapping[str, Any]) -> Item:
    """The values of an item as it was read; attributes of other types than ours are left out."""
    return {name: _plain(value) for name, value in item.items() if value.keys() & {"S", "N", "BOOL", "SS"}}


def json_text(value: Any) -> str:
    """Compact JSON of a value of the model, UTF-8 clean: lone surrogates stay escaped, all else costs its own bytes."""
    text = json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()


def stamp(moment: datetime) -> str:
    """An instant that sorts as text: always UTC, always microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _typed(value: Plain) -> AttributeValueTypeDef:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": _SURROGATE.sub("\ufffd", value)}
    return {"SS": sorted(value)}


def _plain(value: Mapping[str, Any]) -> Plain:
    if "S" in value:
        return str(value["S"])
    if "N" in value:
        return int(value["N"])
    return bool(value["BOOL"]) if "BOOL" in value else frozenset(value["SS"])
