"""The JSON Schema of rule files, made from the catalogue: editors complete and underline by it.

It accepts numbers and yes/no as YAML editors read them; what needs the whole set is for `earshot check` alone.
"""

from __future__ import annotations

from math import inf

from chalicelib.model import Action, Kind, Outcome, Priority
from chalicelib.model.window import MOST
from chalicelib.rulebook import example, forms, repeats, silence, story, story_deeds, then
from chalicelib.rulebook.opening import DAYS
from chalicelib.rulebook.rule import AFTER_THANKS, BLOCKS, COUNTS, Status
from chalicelib.rulebook.shapes import (
    CAP,
    DATE,
    DURATION,
    FLAG,
    ID,
    LENGTH,
    MOMENT,
    NUMBER,
    TEXT,
    TEXTS,
    Schema,
    block,
    counting,
    line,
    number,
)
from chalicelib.rulebook.values import flag
from chalicelib.rulebook.vocabulary import POSTED


def schema() -> Schema:
    """The whole, draft 2020-12."""
    steps = {"type": "array", "items": _step(), "minItems": 1}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Earshot rule file",
        **block(
            {
                "format": {"const": forms.FORMAT},
                "owner": block({"team": TEXT, "contact": TEXT}, ("team", "contact")),
                "timezone": TEXT,
                "calendars": {"type": "object", "additionalProperties": {"$ref": "#/$defs/calendar"}},
                forms.BUSINESS: TEXT,
                "lists": {"type": "object", "additionalProperties": TEXTS},
                "topics": {"type": "object", "propertyNames": ID, "additionalProperties": _when("line of a topic")},
                "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "minItems": 1},
                "stories": {
                    "type": "array",
                    "items": block({"name": TEXT, "posts": steps}, story.KEYS),
                    "minItems": 1,
                },
            },
            ("format", "owner"),
        ),
        "$defs": {
            "line": line(),
            "line of a topic": line(without="topic"),
            "rule": _rule(),
            "example": _example(),
            "calendar": _calendar(),
        },
    }


def _when(line: str) -> Schema:
    lines = {"type": "array", "items": {"$ref": f"#/$defs/{line}"}, "minItems": 1}
    return {**block(dict.fromkeys(BLOCKS, lines)), "minProperties": 1}


def _calendar() -> Schema:
    named = [*DAYS, *(day[:3] for day in DAYS)]
    either = "|".join(named)
    days = {"type": "string", "pattern": f"^({either})( to ({either}))?$"}
    span = {"type": "string", "pattern": r"^[0-9]{1,2}:[0-9]{2} (to|-) [0-9]{1,2}:[0-9]{2}$"}
    keys = {
        "days": {"anyOf": [days, {"type": "array", "items": {"enum": named}, "minItems": 1}]},
        "hours": {"anyOf": [span, {"type": "array", "items": span, "minItems": 1}]},
        "timezone": TEXT,
        "holidays": block({"country": TEXT, "subdivision": TEXT}, ("country",)),
        "closed": {"type": "array", "items": DATE, "minItems": 1},
    }
    return {**block(keys), "anyOf": [{"required": ["days"]}, {"required": ["hours"]}]}


def _rule() -> Schema:
    keys = {
        "id": {**ID, "maxLength": forms.LONGEST_ID},
        "name": TEXT,
        "status": {"enum": [status.value for status in Status]},
        "review by": DATE,
        "why": TEXT,
        "known mistakes": TEXTS,
        "when": _when("line"),
        "then": {**block(_outcomes()), "minProperties": 1, "maxProperties": 1},
        "repeats": _repeats(),
        silence.SILENCE: _silence(),
        "overrides": TEXTS,
        "examples": {"type": "array", "items": {"$ref": "#/$defs/example"}, "minItems": 1},
    }
    heard = {"required": ["when"], **_live({"required": ["examples"], "properties": _both_kinds()})}
    about = {"if": {"required": [silence.SILENCE]}, "then": {"not": {"required": ["repeats"]}}, "else": heard}
    return {**block(keys, forms.NEEDED_OF_SILENCE), **about}


def _live(asks: Schema) -> Schema:
    """What a live rule needs beside."""
    return {"if": {"properties": {"status": {"const": Status.LIVE.value}}, "required": ["status"]}, "then": asks}


def _both_kinds() -> Schema:
    """A live rule has an example that it matches, and one that it does not."""
    kinds = ({"const": expectation} for expectation in example.EXPECTATIONS)
    said = ([{"properties": {key: kind}, "required": [key]} for key in ("expect", "should be")] for kind in kinds)
    return {"examples": {"allOf": [{"contains": {"anyOf": each}} for each in said]}}


def _outcomes() -> Schema:
    priority = {"enum": [item.value for item in Priority]}
    after = block({"after": DURATION, "team": TEXT, "priority": priority}, ("after",))
    after["anyOf"] = [{"required": ["team"]}, {"required": ["priority"]}]
    no_reply = {"anyOf": [after, {"type": "array", "items": after, "minItems": 1}]}
    shown = "|".join(name.replace(".", r"\.") for name in then.PLACEHOLDERS)
    subject = {**TEXT, "pattern": rf"^([^{{}}]|\{{({shown})\}})*$"}
    crm = block({"record": {"enum": list(then.RECORDS)}, "subject": subject})
    joins = {"anyOf": [LENGTH, {"const": "never"}]}
    shared = {"team": TEXT, "tell": TEXTS, "keep for": LENGTH, "priority": priority}
    escalate = {**shared, "first reply within": DURATION, "if no reply": no_reply, "crm": crm, "join open case": joins}
    escalate["after thanks"] = {"enum": list(AFTER_THANKS)}
    recommend = {**shared, "template": TEXT, "offer": TEXT, "send": {"enum": list(then.SENDING)}, "at most": CAP}
    return {
        Outcome.ESCALATE.value: block(escalate, ("priority",)),
        Outcome.RECOMMEND.value: block(recommend, ("template",)),
        Outcome.IGNORE.value: block({"reason": TEXT, "keep for": LENGTH}, ("reason",)),
    }


def _repeats() -> Schema:
    field = {"enum": list(repeats.PER)}
    keys = {
        "count": {"enum": list(COUNTS)},
        "per": {"anyOf": [field, {"type": "array", "items": field, "minItems": 1}]},
        "at least": number(2, MOST),
        "within": LENGTH,
        "then quiet for": LENGTH,
        "then match for": LENGTH,
        "or times usual": number(1, repeats.MOST_TIMES),
        "or times lately": number(1, repeats.MOST_TIMES),
    }
    return block(keys, repeats.NEEDED)


def _silence() -> Schema:
    of = {"anyOf": [TEXT, TEXTS]}
    return block({"of": of, "for": DURATION}, silence.KEYS)


def _step() -> Schema:
    """A post of a story: the keys of an example's post, and when and by whom it comes and what it must match; or a look
    at what came about; or what people do meanwhile."""
    post = _post()
    expect = {"anyOf": [{"type": "string"}, TEXTS]}
    at = {"type": ["string", "number"]}
    own = {"at": at, "from": TEXT, "id": {"type": ["string", "number"]}, "expect": expect}
    said = {**post, "properties": {**post["properties"], **own}, "required": ["at", "expect"]}
    look = block({"at": at, "expect": expect, "says": {"anyOf": [TEXT, TEXTS]}}, ("at", "expect"))
    done = [block({"at": at, name: TEXT}, ("at", name)) for name in story_deeds.DEEDS]
    silent = block({"at": at, "silence": TEXT, "for": LENGTH, "until": at}, ("at", "silence"))
    silent["oneOf"] = [{"required": ["for"]}, {"required": ["until"]}]
    return {"anyOf": [said, look, *done, silent]}


def _example() -> Schema:
    expectation = {"enum": list(example.EXPECTATIONS)}
    keys = {"post": {"anyOf": [{"type": "string"}, _post()]}, "expect": expectation, "should be": expectation}
    return block(keys, ("post", "expect"))


def _post() -> Schema:
    author = {"id": TEXT, "handle": TEXT, "name": TEXT, "followers": number(0, inf), "verified": FLAG}
    texts: Schema = {name: {"type": "string"} for name in example.TEXTS}
    texts |= {name: MOMENT for name in example.TIMES} | {"is_self": FLAG}
    known = {name: FLAG if reader is flag else NUMBER for name, (_, reader) in example.CONTEXT.items()}
    post = {
        **texts,
        **{name.replace("_", " "): shape for name, shape in texts.items()},
        "action": {"enum": [action.value for action in Action]},
        "age": LENGTH,
        "kind": {"enum": [kind.value for kind in Kind]},
        "rating": NUMBER,
        "media": TEXTS,
        "author": block(author),
        **known,
        "sentiment": {"anyOf": [{"enum": list(example.SENTIMENTS)}, number(-1, 1)]},
    }
    return {**block(post), "patternProperties": {counting(POSTED): NUMBER}}
