"""What follows when a rule fires, as one says it to a colleague: the decision, its promises, its limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.model import Outcome
from chalicelib.rulebook.rule import NoReply, Rule, Then


def happens(rule: Rule) -> Iterator[str]:
    """What then happens, the decision first: one clause each."""
    yield _decided(rule.then)
    yield from _promised(rule)
    yield from _bounded(rule.then if not rule.unheard else replace(rule.then, join_within=None))
    if rule.repeats:
        after = "it matches every such post" if rule.repeats.goes_on else "it is quiet"
        yield f"after that {after} for {rule.repeats.quiet}"
    if rule.raises_alerts:
        yield "meanwhile it is told again as it grows, and all clear when it is over"
    if rule.unheard:
        yield "an all-clear follows when it speaks again"
    if rule.overrides:
        yield f"it wins over {together(rule.overrides)}"


def length(span: timedelta) -> str:
    """`14 days`, `2 hours`, `1 day and 12 hours`."""
    seconds = int(span.total_seconds())
    parts = []
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number} {name}{'s' if number > 1 else ''}")
    return together(parts) or "0 seconds"


def together(words: Sequence[str]) -> str:
    """`a, b and c`; nothing of nothing."""
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _decided(then: Then) -> str:
    team = then.team or "nobody"
    if then.outcome is Outcome.ESCALATE:
        return f"escalate it to {team}, {then.priority} priority"
    if then.outcome is Outcome.RECOMMEND:
        offer = f', with the offer "{then.offer}"' if then.offer else ""
        return f'recommend the answer "{then.template}" to {team}{offer}'
    return f'ignore it as "{then.reason}"'


def _promised(rule: Rule) -> Iterator[str]:
    then = rule.then
    if then.first_reply:
        hours = f" ({rule.calendar})" if rule.calendar and "business" in then.first_reply else ""
        yield f"the first reply is due within {then.first_reply}{hours}"
    for step in then.no_reply:
        yield f"without a reply after {step.after} it {_passed_on(step)}"
    if then.tell:
        yield f"{together(then.tell)} {'are' if len(then.tell) > 1 else 'is'} told"


def _passed_on(late: NoReply) -> str:
    goes = [f"goes to {late.team}"] if late.team else []
    return " and ".join([*goes, f"becomes {late.priority}"] if late.priority else goes)


def _bounded(then: Then) -> Iterator[str]:
    if then.send:
        yield f"it is sent {then.send}"
    if then.at_most:
        yield f"at most {then.at_most}"
    if then.join_within:
        yield f"it joins an open case of the same author that is up to {length(then.join_within)} old"
    if then.after_thanks:
        yield f"when its author says thanks it {'stays' if then.stays_after_thanks else 'steps down one level'}"
    if then.keep_for:
        yield f"it is forgotten after {length(then.keep_for)}"
