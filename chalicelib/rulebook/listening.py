"""The rules that watch for silence, as the minute's round asks them; loaded without the engine, once a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.model import Late, Post, Priority
from chalicelib.ports import deciding
from chalicelib.rulebook.book import GRACE
from chalicelib.rulebook.bundle import rules_of, shipped_before
from chalicelib.rulebook.calendars import Calendar, business_due, working_week
from chalicelib.rulebook.choose import lateness, rendered
from chalicelib.rulebook.clock import due, duration
from chalicelib.rulebook.rule import Book, Rule, Status, Unheard

SUBJECT = "{rule} ({platform})"


@dataclass(frozen=True, slots=True)
class Listening:
    """One live rule about one platform; `hours` are the rule's business hours, `open` is what it counts in."""

    rule: Rule
    platform: str
    length: str
    hours: Calendar
    open: Calendar | None = None

    @property
    def window(self) -> str:
        """The name under which its silences are told apart from those of others."""
        return f"{self.rule.id}/silence/{self.platform}"

    @property
    def span(self) -> timedelta:
        """How long it waits, in the time that it counts."""
        return duration(self.length).length

    @property
    def subject(self) -> str:
        """What the case is called."""
        template = self.rule.then.subject or SUBJECT
        return rendered(template, Post(f"{self.platform}:", self.platform), self.rule, ())

    def due(self, heard: datetime) -> datetime:
        """Until when the platform may be silent, that was last heard then."""
        return business_due(self.open, heard, self.span) if self.open else due(heard, self.length, self.hours)

    def reply_due(self, now: datetime) -> datetime | None:
        """When a first reply is due to what is told now."""
        words = self.rule.then.first_reply
        return due(now, words, self.hours) if words else None

    def late(self, now: datetime) -> tuple[Late, ...]:
        """What follows when nobody replies to what is told now."""
        return lateness(self.rule.then, now, self.hours)

    def acts(self, now: datetime) -> bool:
        """As other rules do: until a fortnight past its review; an urgent one goes on."""
        reviewed = date.fromisoformat(self.rule.review_by) + GRACE
        return self.rule.then.priority is Priority.URGENT or now.date() <= reviewed


def listenings(book: Book, tried: bool = False) -> tuple[Listening, ...]:
    """Every live rule about silence, a platform each; `tried` adds drafts and shadow rules, for their stories."""
    calendars = {calendar.name: calendar for calendar in book.calendars}
    wanted = {Status.LIVE} | ({Status.SHADOW, Status.DRAFT} if tried else set())
    rules = (rule for rule in book.silences if rule.status in wanted)
    return tuple(each for rule in rules if rule.unheard for each in _of(rule, rule.unheard, calendars))


def _of(rule: Rule, unheard: Unheard, calendars: Mapping[str, Calendar]) -> list[Listening]:
    hours = calendars[rule.calendar] if rule.calendar else working_week(rule.timezone)
    counts_in = calendars[unheard.calendar] if unheard.calendar else None
    return [Listening(rule, platform, unheard.length, hours, counts_in) for platform in unheard.of]


class CurrentListenings:
    """Called each minute, it answers with those of the live version; a version is read once."""

    def __init__(self, rulebooks: deciding.Rulebooks) -> None:
        self._rulebooks = rulebooks
        self._known: tuple[str | None, tuple[Listening, ...]] | None = None

    def __call__(self) -> tuple[Listening, ...]:
        """Raises Unavailable, NotFound."""
        live = self._rulebooks.pointer().live
        if self._known is None or self._known[0] != live:
            book = shipped_before() if live is None else rules_of(self._rulebooks.text(live))
            self._known = live, listenings(book)
        return self._known[1]
