"""The block under `then`: one of three outcomes, and what goes with it."""

from __future__ import annotations

import re
from datetime import timedelta

from chalicelib.model import Outcome, Priority
from chalicelib.rulebook.cap import cap
from chalicelib.rulebook.clock import duration
from chalicelib.rulebook.notes import Notes, either
from chalicelib.rulebook.rule import AFTER_THANKS, NoReply, Then
from chalicelib.rulebook.source import Block, Items, Node, Text
from chalicelib.rulebook.values import length, plain_length

JOINS = timedelta(days=14)
PLACEHOLDERS = ("author.handle", "author.name", "platform", "kind", "rating", "topic", "rule")
RECORDS = ("case",)
SENDING = ("after approval", "by hand")
_ESCALATE = (
    "priority", "team", "tell", "first reply within", "if no reply", "crm", "join open case", "after thanks",
    "keep for",
)  # fmt: skip
_RECOMMEND = ("template", "offer", "send", "at most", "priority", "team", "tell", "keep for")
_IGNORE = ("reason", "keep for")


def consequence(notes: Notes, node: Node, team: str | None) -> Then | None:
    """What the rule decides; `team` is its owner's, who gets what names no other."""
    outcomes = tuple(outcome.value for outcome in Outcome)
    blocks = notes.block(node, "'then'", outcomes)
    if len(blocks) != 1:
        if isinstance(node, Block) and (blocks or not node.entries):
            notes.tell(node.line, f"'then' needs exactly one of {either(outcomes)}.")
        return None
    ((name, inside),) = blocks.items()
    if name == Outcome.ESCALATE:
        return _escalate(notes, inside, team)
    return _recommend(notes, inside, team) if name == Outcome.RECOMMEND else _ignore(notes, inside)


def _escalate(notes: Notes, node: Node, team: str | None) -> Then:
    keys = notes.block(node, "'escalate'", _ESCALATE, ("priority",))
    record, subject = _crm(notes, keys.get("crm"))
    return Then(
        Outcome.ESCALATE,
        priority=_priority(notes, keys.get("priority")),
        team=notes.text(keys.get("team"), "'team'") or team,
        tell=notes.texts(keys.get("tell"), "'tell'"),
        first_reply=length(notes, keys.get("first reply within"), "'first reply within'"),
        no_reply=_no_reply(notes, keys.get("if no reply"), _priority(Notes(""), keys.get("priority"))),
        record=record,
        subject=subject,
        join_within=_joins(notes, keys.get("join open case")),
        after_thanks=notes.choice(keys.get("after thanks"), "'after thanks'", AFTER_THANKS),
        keep_for=plain_length(notes, keys.get("keep for"), "'keep for'"),
    )


def _recommend(notes: Notes, node: Node, team: str | None) -> Then:
    keys = notes.block(node, "'recommend'", _RECOMMEND, ("template",))
    return Then(
        Outcome.RECOMMEND,
        priority=_priority(notes, keys.get("priority")) or Priority.NORMAL,
        team=notes.text(keys.get("team"), "'team'") or team,
        tell=notes.texts(keys.get("tell"), "'tell'"),
        keep_for=plain_length(notes, keys.get("keep for"), "'keep for'"),
        template=notes.text(keys.get("template"), "'template'"),
        offer=notes.text(keys.get("offer"), "'offer'"),
        send=notes.choice(keys.get("send"), "'send'", SENDING) or SENDING[0],
        at_most=_at_most(notes, keys.get("at most")),
    )


def _ignore(notes: Notes, node: Node) -> Then:
    keys = notes.block(node, "'ignore'", _IGNORE, ("reason",))
    return Then(
        Outcome.IGNORE,
        reason=notes.text(keys.get("reason"), "'reason'"),
        keep_for=plain_length(notes, keys.get("keep for"), "'keep for'"),
    )


def _priority(notes: Notes, node: Node | None) -> Priority | None:
    word = notes.choice(node, "'priority'", tuple(item.value for item in Priority))
    return Priority(word) if word else None


def _no_reply(notes: Notes, node: Node | None, priority: Priority | None) -> tuple[NoReply, ...]:
    """One step, or a list of them in the order of time; `priority` is the case's until a step raises it."""
    if node is None:
        return ()
    written = notes.items(node, "'if no reply'") if isinstance(node, Items) else [node]
    found: list[NoReply] = []
    for item in written:
        step = _step(notes, item)
        if step is None:
            continue
        if found and not _is_later(found[-1].after, step.after):
            notes.tell(item.line, f"'if no reply' tells its steps in the order of time; '{step.after}' comes sooner.")
        if step.priority and priority and step.priority.rank >= priority.rank:
            notes.tell(
                item.line, f"'if no reply' only raises the priority; '{step.priority}' is not above '{priority}'."
            )
        priority = step.priority or priority
        found.append(step)
    return tuple(found)


def _step(notes: Notes, node: Node) -> NoReply | None:
    keys = notes.block(node, "'if no reply'", ("after", "team", "priority"), ("after",))
    after = length(notes, keys.get("after"), "'after'")
    team = notes.text(keys.get("team"), "'team'")
    priority = _priority(notes, keys.get("priority"))
    if keys and not (keys.keys() & {"team", "priority"}):
        notes.tell(node.line, "'if no reply' says when, but not what: add 'team' or 'priority'.")
    return NoReply(after, team, priority) if after else None


def _is_later(before: str, after: str) -> bool:
    """Whether the second comes later; business hours and hours cannot be compared, so they may follow each other."""
    first, second = duration(before), duration(after)
    return first.business != second.business or first.length < second.length


def _crm(notes: Notes, node: Node | None) -> tuple[str, str | None]:
    if node is None:
        return RECORDS[0], None
    keys = notes.block(node, "'crm'", ("record", "subject"))
    subject = notes.text(keys.get("subject"), "'subject'")
    for name in re.findall(r"\{([^{}]*)\}", subject or ""):
        if name not in PLACEHOLDERS:
            notes.tell(keys["subject"].line, f"'subject' cannot show {{{name}}}; it can show {either(PLACEHOLDERS)}.")
    return notes.choice(keys.get("record"), "'record'", RECORDS) or RECORDS[0], subject


def _joins(notes: Notes, node: Node | None) -> timedelta | None:
    if node is None:
        return JOINS
    if isinstance(node, Text) and node.value.strip() == "never":
        return None
    return plain_length(notes, node, "'join open case' (or 'never')")


def _at_most(notes: Notes, node: Node | None) -> str | None:
    words = notes.text(node, "'at most'")
    if node is None or words is None:
        return None
    try:
        cap(words)
    except ValueError as error:
        notes.tell(node.line, f"{error}; '{words}' does not.")
        return None
    return " ".join(words.split())
