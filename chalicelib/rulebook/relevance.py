"""In which order people should take up what is left to them: points for reasons that are told, none for reach (FAIR-1).

How many follow somebody, whether the platform marks them and how often they post bring no point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.model import Case, CaseStatus, Priority, Value

# What the rules say. An urgent case comes before everything that is not.
PRIORITY = {Priority.URGENT: 100.0, Priority.HIGH: 20.0, Priority.NORMAL: 10.0, Priority.LOW: 0.0}
# What the words say: harm comes before all else, also where a rule missed it.
HEARD = {
    "self-harm": 100.0,
    "reports danger": 100.0,
    "vulnerable person": 40.0,
    "asks for a person": 3.0,
    "asks a question": 2.0,
    "wants to buy": 1.0,
}
CUSTOMER = 5.0  # there is a contract
COMPLAINT = 5.0  # a sure complaint; half as much for one as likely as not
AN_HOUR, MOST_HOURS = 1.0, 24.0  # of waiting, and again of a promise that is overdue
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Part:
    """One reason and its points."""

    why: str
    points: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A case, the reasons for its place, and what may inform: how many follow its author."""

    case: Case
    parts: tuple[Part, ...]
    followers: int | None = None

    @property
    def score(self) -> float:
        """The sum of its parts."""
        return round(sum(part.points for part in self.parts), 1)

    @property
    def place(self) -> tuple[float, datetime, str]:
        """Cases sorted by this are in the order to take them up: most points first, then the oldest."""
        return -self.score, self.case.opened_at, self.case.id


def waits_for_people(case: Case) -> bool:
    """Whether nobody has answered it yet, as far as the CRM told, and its author has not deleted every post of it."""
    return case.status is CaseStatus.OPEN and case.answered_at is None and case.taken_back_at is None


def ranked(
    case: Case, heard: Mapping[str, Value], now: datetime, is_customer: bool = False, followers: int | None = None
) -> Ranked:
    """The case with its points; `heard` are the facts of its post, none where the text is erased."""
    parts = (*_by_rule(case), *_by_words(heard), *_by_time(case, now))
    if is_customer:
        parts += (Part("a customer", CUSTOMER),)
    return Ranked(case, tuple(part for part in parts if part.points), followers)


def _by_rule(case: Case) -> Iterator[Part]:
    if case.priority:
        yield Part(f"{case.priority} priority", PRIORITY[case.priority])


def _by_words(heard: Mapping[str, Value]) -> Iterator[Part]:
    for fact, points in HEARD.items():
        if heard.get(fact) is True:
            yield Part(fact, points)
    strength = heard.get("complaint")
    if isinstance(strength, int | float):
        yield Part(f"complaint {strength:.2f}", round(COMPLAINT * strength, 1))


def _by_time(case: Case, now: datetime) -> Iterator[Part]:
    yield _waiting("waiting", case.opened_at, now)
    if case.first_reply_due:
        yield _waiting("overdue", case.first_reply_due, now)


def _waiting(what: str, since: datetime, now: datetime) -> Part:
    hours = max(0.0, (now - since).total_seconds() / HOUR)
    return Part(f"{what} {hours:.1f} hours", round(AN_HOUR * min(hours, MOST_HOURS), 1))
