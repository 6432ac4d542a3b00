"""What the rule book says: gathered once from the rule files, then written as Markdown or as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.cli.book_examples import Said, said
from chalicelib.model import Outcome, Priority
from chalicelib.reading import read
from chalicelib.rulebook.aftermath import happens
from chalicelib.rulebook.book import GRACE
from chalicelib.rulebook.choose import SUBJECT
from chalicelib.rulebook.forms import WrittenRule
from chalicelib.rulebook.loader import Source
from chalicelib.rulebook.openhours import spoken_calendar
from chalicelib.rulebook.overlaps import Overlap, overlaps
from chalicelib.rulebook.rule import PERSONS, POSTS, Rule, Status
from chalicelib.rulebook.spoken import hears, spoken_lines
from chalicelib.rulebook.unseen import Unseen, fields_read, unseen
from chalicelib.rulebook.vocabulary import MEANING, is_personal

SOON = timedelta(days=30)
SHOWN_TO_TEAMS = ("author.handle", "author.name")


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule. `review` is empty while its review is far off; `personal` are fields of the catalogue."""

    rule: Rule
    team: str
    hears: str
    happens: tuple[str, ...]
    review: str
    examples: tuple[Said, ...]
    personal: tuple[str, ...]

    @property
    def mistakes(self) -> int:
        """How many mistakes its owner knows of: those in words, and examples that come out wrong."""
        return len(self.rule.known_mistakes) + sum(each.is_mistake for each in self.examples)


@dataclass(frozen=True, slots=True)
class Chapter:
    """The rules of one owner."""

    team: str
    contact: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole book. `personal` has for each field that says something of a person the rules that read it."""

    chapters: tuple[Chapter, ...]
    retired: tuple[Rule, ...]
    topics: tuple[tuple[str, str], ...]
    lists: Mapping[str, tuple[str, ...]]
    calendars: tuple[tuple[str, str], ...]
    personal: tuple[tuple[str, str, tuple[str, ...]], ...]
    overlaps: tuple[Overlap, ...]
    unseen: Unseen
    teams: Mapping[str, str]

    @property
    def entries(self) -> list[Entry]:
        """All rules that are not retired."""
        return [entry for chapter in self.chapters for entry in chapter.entries]


def contents(source: Source, today: date) -> Contents:
    """The book of these rules; reviews are told as of `today`."""
    owners = {owner.file: owner for owner in source.owners}
    written = [item for item in source.rules if item.rule.status is not Status.RETIRED]
    teams = {item.rule.id: item.rule.then.team or owners[item.file].team for item in source.rules}
    entries = {item.rule.id: _entry(item, source, teams, today) for item in written}
    return Contents(
        chapters=tuple(_chapters(source, entries)),
        retired=tuple(item.rule for item in source.rules if item.rule.status is Status.RETIRED),
        topics=tuple((topic.id, spoken_lines(topic.lines, source.lists)) for topic in source.book.topics),
        lists={name: source.lists[name] for name in sorted(source.lists)},
        calendars=tuple((calendar.name, spoken_calendar(calendar)) for calendar in source.book.calendars),
        personal=tuple(_personal(list(entries.values()))),
        overlaps=tuple(overlaps(source, teams, read)),
        unseen=unseen(source.book),
        teams=teams,
    )


def _chapters(source: Source, entries: Mapping[str, Entry]) -> list[Chapter]:
    """One chapter for each owner, though they keep several files."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for owner in source.owners:
        own = [entries[item.rule.id] for item in source.rules if item.file == owner.file and item.rule.id in entries]
        found.setdefault((owner.team, owner.contact), []).extend(own)
    return [Chapter(*owner, tuple(rules)) for owner, rules in sorted(found.items()) if rules]


def _entry(written: WrittenRule, source: Source, teams: Mapping[str, str], today: date) -> Entry:
    rule = written.rule
    fields = [field for field in fields_read(rule, source.book) if is_personal(field)]
    subject = "" if rule.then.outcome is Outcome.IGNORE else rule.then.subject or _subject(rule)
    shown = [name for name in SHOWN_TO_TEAMS if f"{{{name}}}" in subject]
    return Entry(
        rule=rule,
        team=teams[rule.id],
        hears=hears(rule, source.lists),
        happens=tuple(happens(rule)),
        review=_review(rule, today),
        examples=tuple(map(said, written.examples)),
        personal=(*fields, *shown, *_counted(rule)),
    )


def _subject(rule: Rule) -> str:
    """What a case is called where its rule does not say: an alert's names nobody."""
    return "" if rule.unheard or rule.raises_alerts else SUBJECT


def _counted(rule: Rule) -> list[str]:
    """The author, where posts are counted by their authors."""
    repeats = rule.repeats
    by_author = repeats is not None and (repeats.count != POSTS or not {*PERSONS}.isdisjoint(repeats.per))
    return ["author"] if by_author or rule.then.at_most else []


def _review(rule: Rule, today: date) -> str:
    due = date.fromisoformat(rule.review_by)
    if due >= today:
        return "due soon" if due - today <= SOON else ""
    if rule.status is not Status.LIVE:
        return "overdue"
    if rule.then.priority is Priority.URGENT:
        return "overdue; it is urgent, so it stays live"
    until = due + GRACE
    if today <= until:
        return f"overdue; acts until {until}, then only records"
    return f"overdue; only records since {until}"


def _personal(entries: list[Entry]) -> list[tuple[str, str, tuple[str, ...]]]:
    helps = {field: meaning for field, meaning in MEANING.items() if is_personal(field)}
    helps |= {name: "shown in the case's subject, to the team and in the CRM" for name in SHOWN_TO_TEAMS}
    helps["author"] = "who wrote it, to count their posts and what they were recommended"
    read = {name: tuple(entry.rule.id for entry in entries if name in entry.personal) for name in helps}
    return [(name, helps[name], rules) for name, rules in sorted(read.items()) if rules]
