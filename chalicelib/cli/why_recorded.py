"""Why a post that was decided came to its decision: the record's own trace, by the rulebook that ran."""

from __future__ import annotations

import json
import re
import sys

from chalicelib.cli.place import wiring
from chalicelib.cli.traced import lines, summed_up
from chalicelib.codec import to_json
from chalicelib.errors import NotFound, SettingsError
from chalicelib.model import Decision, Recorded
from chalicelib.platforms import PLATFORMS

_ID = re.compile(r"([a-z][a-z0-9-]*):\S+")


def find(given: str) -> list[Recorded]:
    """Every version's decision, oldest first; empty where this is no post's id. Raises NotFound, SettingsError.

    Endpoints for all (standard-webhooks, cloudevents, bridges) bring posts of any name, like `forum:1`: a word that
    looks so is a text where the table knows no such post, and it is said which it was taken for.
    """
    match = _ID.fullmatch(given)
    if match is None:
        return []
    is_id = match[1] in PLATFORMS
    try:
        found = wiring().store.recorded(given)
    except SettingsError as error:
        if is_id:
            raise SettingsError(f"{given} is a post's id, and there is {error}") from error
        return _as_text(given, "there is no cloud to look for a post of this id in")
    if found:
        return found
    if is_id:
        raise NotFound(f"no decision about {given} is in the table")
    return _as_text(given, "the table knows no post of this id")


def _as_text(given: str, why: str) -> list[Recorded]:
    print(f"{given} is taken for a text: {why}", file=sys.stderr)
    return []


def tell(records: list[Recorded], as_json: bool) -> None:
    """Print each version's decision with its trace."""
    for record in records:
        print(json.dumps(to_json(record)) if as_json else "\n".join(_told(record)))


def _told(record: Recorded) -> list[str]:
    made = record.decision
    by = f"by rulebook {made.rulebook}" if made.rulebook else "before any rule"
    case = f"; case {record.case_id}" if record.case_id else ""
    head = [
        f"{record.post.id} version {made.post_version}, decided {record.decided_at:%Y-%m-%d %H:%M:%S} UTC {by}{case}",
        summed_up(made),
    ]
    other = _otherwise(made)
    gone = ["The words it found were erased with its text."] if record.erased else []
    cut = [f"Too large to be kept whole: {', '.join(record.cut)}."] if record.cut else []
    return [*head, *other, *gone, *cut, *(line for trace in made.lines for line in lines(trace))]


def _otherwise(made: Decision) -> list[str]:
    if made.otherwise is None:
        return []
    other = made.otherwise
    rule = f" (rule {other.rule})" if other.rule else ""
    return [f"The shadow version {other.rulebook} decides otherwise: {other.outcome.value}{rule}"]


def of_rule(records: list[Recorded], rule: str) -> list[str]:
    """How this rule came to match or not when the post was decided last."""
    made = records[-1].decision
    traces = [trace for trace in made.lines if trace.rule == rule]
    if not traces:
        return [f"The record, by rulebook {made.rulebook}, has no trace of '{rule}': it did not come near."]
    return [f"When it was decided, by rulebook {made.rulebook}:", *lines(traces[0]), "By the rules as they are here:"]
