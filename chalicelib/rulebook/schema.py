"""The JSON Schema of rule files, made from the catalogue: editors complete and underline by it.

It accepts numbers and yes/no as YAML editors read them; what needs the whole set is for `earshot check` alone.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from chalicelib.model import Action, Kind, Outcome, Priority
from chalicelib.model.window import MOST
from chalicelib.rulebook import example, forms, repeats, story, then
from chalicelib.rulebook.opening import DAYS
from chalicelib.rulebook.rule import BLOCKS, COUNTS, Status
from chalicelib.rulebook.values import flag
from chalicelib.rulebook.vocabulary import CATALOGUE, KNOWABLE, POSTED, Reads, Word

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "minLength": 1}
TEXTS: Schema = {"type": "array", "items": {"type": ["string", "number", "boolean"]}, "minItems": 1}
FLAG: Schema = {"enum": ["yes", "no", True, False]}
NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}]}
DURATION: Schema = {"type": "string", "pattern": r"^[1-9][0-9]* (business )?(minute|hour|day|week)s?$"}
WORDS: Schema = {"anyOf": [TEXT, TEXTS]}


def schema() -> Schema:
    """The whole, draft 2020-12."""
    steps = {"type": "array", "items": _step(), "minItems": 1}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Earshot rule file",
        **_block(
            {
                "format": {"const": forms.FORMAT},
                "owner": _block({"team": TEXT, "contact": TEXT}, ("team", "contact")),
                "timezone": TEXT,
                "calendars": {"type": "object", "additionalProperties": {"$ref": "#/$defs/calendar"}},
                forms.BUSINESS: TEXT,
                "lists": {"type": "object", "additionalProperties": TEXTS},
                "topics": {"type": "object", "additionalProperties": {"$ref": "#/$defs/when"}},
                "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "minItems": 1},
                "stories": {
                    "type": "array",
                    "items": _block({"name": TEXT, "posts": steps}, story.KEYS),
                    "minItems": 1,
                },
            },
            ("format", "owner"),
        ),
        "$defs": {"when": _when(), "line": _line(), "rule": _rule(), "example": _example(), "calendar": _calendar()},
    }


def _block(keys: Schema, needed: tuple[str, ...] = ()) -> Schema:
    return {"type": "object", "properties": keys, "required": list(needed), "additionalProperties": False}


def _when() -> Schema:
    lines = {"type": "array", "items": {"$ref": "#/$defs/line"}, "minItems": 1}
    return {**_block(dict.fromkeys(BLOCKS, lines)), "minProperties": 1}


def _line() -> Schema:
    shapes = {key: {**_value(word), "description": word.help} for key, word in CATALOGUE.items()}
    counted = {_counting(key): shapes.pop(key) for key in list(shapes) if CATALOGUE[key].field == POSTED}
    return {**_block(shapes), "patternProperties": counted, "minProperties": 1, "maxProperties": 1}


def _counting(key: str) -> str:
    """The pattern of a key in which rule authors write a number for N."""
    return f"^{key.replace('N days', '[1-9][0-9]{0,2} days?')}$"


def _value(word: Word) -> Schema:
    if word.reads is Reads.ONE:
        return {"enum": list(word.choices)}
    if word.choices:
        return {"anyOf": [TEXT, {"type": "array", "items": {"enum": list(word.choices)}, "minItems": 1}]}
    shapes: dict[Reads, Schema] = {
        Reads.WORDS: WORDS,
        Reads.CHOICE: WORDS,
        Reads.COUNTED_WORDS: {"anyOf": [TEXT, {"type": "object", "maxProperties": 1, "additionalProperties": WORDS}]},
        Reads.PATTERN: TEXT,
        Reads.NUMBER: _number(*word.bounds) if word.bounds else NUMBER,
        Reads.DURATION: DURATION,
        Reads.FLAG: FLAG,
        Reads.CALENDAR: TEXT,
        Reads.FIELD: {"anyOf": [{"enum": list(KNOWABLE)}, {"type": "string", "pattern": _counting(POSTED)}]},
    }
    return shapes[word.reads]


def _number(least: float, most: float) -> Schema:
    within = {"minimum": least} | ({"maximum": most} if isfinite(most) else {})
    return {"anyOf": [{"type": "number", **within}, NUMBER["anyOf"][1]]}


def _calendar() -> Schema:
    named = [*DAYS, *(day[:3] for day in DAYS)]
    span = {"type": "string", "pattern": r"^[0-9]{1,2}:[0-9]{2} (to|-) [0-9]{1,2}:[0-9]{2}$"}
    keys = {
        "days": {"anyOf": [TEXT, {"type": "array", "items": {"enum": named}, "minItems": 1}]},
        "hours": {"anyOf": [span, {"type": "array", "items": span, "minItems": 1}]},
        "timezone": TEXT,
        "holidays": _block({"country": TEXT, "subdivision": TEXT}, ("country",)),
        "closed": {"type": "array", "items": {"type": "string", "format": "date"}, "minItems": 1},
    }
    return {**_block(keys), "anyOf": [{"required": ["days"]}, {"required": ["hours"]}]}


def _rule() -> Schema:
    keys = {
        "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "name": TEXT,
        "status": {"enum": [status.value for status in Status]},
        "review by": {"type": "string", "format": "date"},
        "why": TEXT,
        "known mistakes": TEXTS,
        "when": {"$ref": "#/$defs/when"},
        "then": {**_block(_outcomes()), "minProperties": 1, "maxProperties": 1},
        "repeats": _repeats(),
        "overrides": TEXTS,
        "examples": {"type": "array", "items": {"$ref": "#/$defs/example"}, "minItems": 1},
    }
    return _block(keys, forms.NEEDED)


def _outcomes() -> Schema:
    priority = {"enum": [item.value for item in Priority]}
    after = _block({"after": DURATION, "team": TEXT, "priority": priority}, ("after",))
    crm = _block({"record": {"enum": list(then.RECORDS)}, "subject": TEXT})
    joins = {"anyOf": [DURATION, {"const": "never"}]}
    shared = {"team": TEXT, "tell": TEXTS, "keep for": DURATION, "priority": priority}
    escalate = {**shared, "first reply within": DURATION, "if no reply": after, "crm": crm, "join open case": joins}
    recommend = {**shared, "template": TEXT, "offer": TEXT, "send": {"enum": list(then.SENDING)}, "at most": TEXT}
    return {
        Outcome.ESCALATE.value: _block(escalate, ("priority",)),
        Outcome.RECOMMEND.value: _block(recommend, ("template",)),
        Outcome.IGNORE.value: _block({"reason": TEXT, "keep for": DURATION}, ("reason",)),
    }


def _repeats() -> Schema:
    field = {"enum": list(repeats.PER)}
    keys = {
        "count": {"enum": list(COUNTS)},
        "per": {"anyOf": [field, {"type": "array", "items": field, "minItems": 1}]},
        "at least": _number(2, MOST),
        "within": DURATION,
        "then quiet for": DURATION,
        "or times usual": _number(1, repeats.MOST_TIMES),
    }
    return _block(keys, repeats.NEEDED)


def _step() -> Schema:
    """A post of a story: the keys of an example's post, and when and by whom it comes and what it must match."""
    post = _post()
    expect = {"anyOf": [{"type": "string"}, TEXTS]}
    own = {"at": {"type": ["string", "number"]}, "from": TEXT, "id": {"type": ["string", "number"]}, "expect": expect}
    return {**post, "properties": {**post["properties"], **own}, "required": ["at", "expect"]}


def _example() -> Schema:
    expectation = {"enum": list(example.EXPECTATIONS)}
    keys = {"post": {"anyOf": [{"type": "string"}, _post()]}, "expect": expectation, "should be": expectation}
    return _block(keys, ("post", "expect"))


def _post() -> Schema:
    author = {"id": TEXT, "handle": TEXT, "name": TEXT, "followers": NUMBER, "verified": FLAG}
    texts = {name: {"type": "string"} for name in (*example.TEXTS, *example.TIMES)} | {"is_self": FLAG}
    known = {name: FLAG if reader is flag else NUMBER for name, (_, reader) in example.CONTEXT.items()}
    post = {
        **texts,
        **{name.replace("_", " "): shape for name, shape in texts.items()},
        "action": {"enum": [action.value for action in Action]},
        "age": DURATION,
        "kind": {"enum": [kind.value for kind in Kind]},
        "rating": NUMBER,
        "media": TEXTS,
        "author": _block(author),
        **known,
        "sentiment": {"anyOf": [{"enum": list(example.SENTIMENTS)}, _number(-1, 1)]},
    }
    return {**_block(post), "patternProperties": {_counting(POSTED): NUMBER}}
