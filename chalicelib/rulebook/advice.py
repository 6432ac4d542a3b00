"""What is not wrong with rules, but their owners should know: reviews past, named people, holidays that end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chalicelib.errors import Problem
from chalicelib.model import Outcome, Priority
from chalicelib.rulebook.book import GRACE
from chalicelib.rulebook.clock import duration
from chalicelib.rulebook.forms import WrittenRule
from chalicelib.rulebook.loader import Source
from chalicelib.rulebook.opening import YEARS
from chalicelib.rulebook.rule import Status


def advice(source: Source, today: date) -> list[Problem]:
    """Everything to be told on this day, rule by rule."""
    live = [written for written in source.rules if written.rule.status is Status.LIVE]
    told = [Problem(written.file, written.at, message) for written in live for message in _of_rule(written, today)]
    return [*told, *_of_calendars(source, today)]


def _of_rule(written: WrittenRule, today: date) -> Iterator[str]:
    rule = written.rule
    if date.fromisoformat(rule.review_by) < today:
        yield _overdue(rule.id, rule.review_by, rule.then.priority, today)
    named = any(line.asks.field == "handle" and line.block != "none" for line in rule.lines)
    if named and rule.then.outcome is Outcome.ESCALATE and rule.then.priority in (Priority.URGENT, Priority.HIGH):
        yield (
            f"rule '{rule.id}' gives {rule.then.priority.value} priority to people it names. Fame is no reason for it; "
            "a contract is, or a need: say which in 'why' (FAIR-1)."
        )

    promised = rule.then.first_reply
    if promised and (early := next((step for step in rule.then.no_reply if _sooner(step.after, promised)), None)):
        yield (
            f"rule '{rule.id}' does not wait for its own promise: 'if no reply' after {early.after} comes before the "
            f"first reply is due ({promised}), and people are told that it is overdue."
        )


def _sooner(one: str, other: str) -> bool:
    """Whether a time is over before the other; business hours and hours cannot be compared."""
    first, second = duration(one), duration(other)
    return first.business == second.business and first.length < second.length


def _overdue(rule: str, review_by: str, priority: Priority | None, today: date) -> str:
    if priority is Priority.URGENT:
        return f"rule '{rule}' was to be reviewed by {review_by}. It is urgent, so it stays live."
    until = date.fromisoformat(review_by) + GRACE
    acts = f"It acts until {until}, then it only records" if today <= until else f"Since {until} it only records"
    return f"rule '{rule}' was to be reviewed by {review_by}. {acts}."


def _of_calendars(source: Source, today: date) -> Iterator[Problem]:
    """Holidays are compiled in as dates; those of later years are not known."""
    last = YEARS[-1]
    if today.year >= last and any(calendar.closed for calendar in source.book.calendars):
        message = f"the holidays of calendars are known up to {last}: a newer Earshot knows more."
        yield Problem(source.owners[0].file, 1, message)
