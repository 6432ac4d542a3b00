"""Shapes that the JSON Schema of rule files is put together from: values, blocks, and the lines of the catalogue."""

from __future__ import annotations

from math import isfinite
from typing import Any

from chalicelib.rulebook.naming import LONGEST_PATTERN
from chalicelib.rulebook.vocabulary import CATALOGUE, KNOWABLE, POSTED, Reads, Word

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "minLength": 1}
TEXTS: Schema = {"type": "array", "items": {"type": ["string", "number", "boolean"]}, "minItems": 1}
FLAG: Schema = {"enum": ["yes", "no", True, False]}
NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}]}
ID: Schema = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
DATE: Schema = {"type": "string", "pattern": "^20[0-9]{2}-[0-9]{2}-[0-9]{2}$"}
MOMENT: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:"}
_LENGTH = "[1-9][0-9]* (minute|hour|day|week)s?"
LENGTH: Schema = {"type": "string", "pattern": f"^{_LENGTH}$"}
DURATION: Schema = {"type": "string", "pattern": f"^({_LENGTH}|[1-9][0-9]* business (minute|hour)s?)$"}
CAP: Schema = {"type": "string", "pattern": f"^[1-9][0-9]? per author per {_LENGTH}$"}
WORDS: Schema = {"anyOf": [TEXT, TEXTS]}


def block(keys: Schema, needed: tuple[str, ...] = ()) -> Schema:
    """A block with these keys and no others."""
    return {"type": "object", "properties": keys, "required": list(needed), "additionalProperties": False}


def number(least: float, most: float) -> Schema:
    """A number between bounds; in quotes it is a number, too."""
    within = {"minimum": least} | ({"maximum": most} if isfinite(most) else {})
    return {"anyOf": [{"type": "number", **within}, NUMBER["anyOf"][1]]}


def line(without: str | None = None) -> Schema:
    """One line of a block: any word of the catalogue but those of one field, with its value."""
    words = {key: word for key, word in CATALOGUE.items() if word.field != without}
    shapes = {key: {**_value(word), "description": word.help} for key, word in words.items()}
    counts = {key: shapes.pop(key) for key, word in words.items() if word.field == POSTED}
    # Editors complete by keys that are written out.
    shapes |= {key.replace("N days", "7 days"): shape for key, shape in counts.items()}
    patterns = {counting(key): shape for key, shape in counts.items()}
    return {**block(shapes), "patternProperties": patterns, "minProperties": 1, "maxProperties": 1}


def counting(key: str) -> str:
    """The pattern of a key in which rule authors write a number for N."""
    return f"^{key.replace('N days', '[1-9][0-9]? days?')}$"


def _value(word: Word) -> Schema:
    if word.reads is Reads.ONE:
        return {"enum": list(word.choices)}
    if word.choices:
        return {"anyOf": [TEXT, {"type": "array", "items": {"enum": list(word.choices)}, "minItems": 1}]}
    shapes: dict[Reads, Schema] = {
        Reads.WORDS: WORDS,
        Reads.CHOICE: WORDS,
        Reads.COUNTED_WORDS: {"anyOf": [TEXT, {"type": "object", "maxProperties": 1, "additionalProperties": WORDS}]},
        Reads.PATTERN: {**TEXT, "maxLength": LONGEST_PATTERN},
        Reads.NUMBER: number(*word.bounds) if word.bounds else NUMBER,
        Reads.DURATION: LENGTH,
        Reads.FLAG: FLAG,
        Reads.CALENDAR: TEXT,
        Reads.FIELD: {"anyOf": [{"enum": list(KNOWABLE)}, {"type": "string", "pattern": counting(POSTED)}]},
    }
    return shapes[word.reads]
