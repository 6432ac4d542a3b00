"""A rule file's blocks: owner, time zone, lists, topics, rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.rulebook.calendars import Calendar
from chalicelib.rulebook.example import Example, examples
from chalicelib.rulebook.naming import Names, calendar, searchable
from chalicelib.rulebook.notes import Notes
from chalicelib.rulebook.opening import calendars
from chalicelib.rulebook.repeats import repeats
from chalicelib.rulebook.rule import Rule, Status, Topic
from chalicelib.rulebook.silence import SILENCE, silence
from chalicelib.rulebook.source import Block, Items, Node, Text
from chalicelib.rulebook.then import consequence
from chalicelib.rulebook.values import day, zone
from chalicelib.rulebook.when import Placed, conditions

FORMAT = "triage/1"
BUSINESS = "business hours"
FILE = ("format", "owner", "timezone", "calendars", "business hours", "lists", "topics", "rules", "stories")
RULE = (
    "id", "name", "status", "review by", "why", "known mistakes", "when", "repeats", "silence", "then", "overrides",
    "examples",
)  # fmt: skip
NEEDED = ("id", "name", "status", "review by", "why", "when", "then")
NEEDED_OF_SILENCE = tuple(key for key in NEEDED if key != "when")
LONGEST_ID = 60
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule, and where its author wrote it."""

    rule: Rule
    file: str
    at: int
    placed: tuple[Placed, ...]
    examples: tuple[Example, ...]
    overrides_at: int
    repeats_at: int


@dataclass(frozen=True, slots=True)
class WrittenTopic:
    """A topic, and where its author wrote it."""

    topic: Topic
    file: str
    at: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file, its keys found but its rules not yet read: they may use the lists of other files."""

    notes: Notes
    keys: dict[str, Node]
    team: str | None
    contact: str | None
    timezone: str
    lists: dict[str, tuple[tuple[str, ...], int]]
    calendars: dict[str, tuple[Calendar, int]]

    @property
    def owner(self) -> str | None:
        """Whom to ask about its rules."""
        return f"{self.team} ({self.contact})" if self.team and self.contact else self.team


def sheet(notes: Notes, node: Node) -> Sheet:
    """A file's head and lists."""
    keys = notes.block(node, "a rule file", FILE, ("format", "owner"))
    notes.choice(keys.get("format"), "'format'", (FORMAT,))
    owner = notes.block(keys["owner"], "'owner'", ("team", "contact"), ("team", "contact")) if "owner" in keys else {}
    timezone = zone(notes, keys.get("timezone")) or "UTC"
    return Sheet(
        notes,
        keys,
        notes.text(owner.get("team"), "'team'"),
        notes.text(owner.get("contact"), "'contact'"),
        timezone,
        _lists(notes, keys),
        calendars(notes, keys.get("calendars"), timezone),
    )


def _lists(notes: Notes, keys: dict[str, Node]) -> dict[str, tuple[tuple[str, ...], int]]:
    if "lists" not in keys:
        return {}
    found = {}
    for name, node in notes.entries(keys["lists"], "'lists'"):
        what = f"the list '{name.value}'"
        words = [word for item in notes.items(node, what) for word in searchable(notes, item, what)]
        found[name.value] = (tuple(dict.fromkeys(words)), name.line)
    return found


def topics(sheet: Sheet, names: Names) -> list[WrittenTopic]:
    """A file's topics."""
    if "topics" not in sheet.keys:
        return []
    entries = sheet.notes.entries(sheet.keys["topics"], "'topics'")
    return [_topic(sheet.notes, name, node, names) for name, node in entries]


def topic_names(sheet: Sheet) -> list[str]:
    """The names of a file's topics, before their lines are read."""
    node = sheet.keys.get("topics")
    return [name.value for name, _ in node.entries] if isinstance(node, Block) else []


def _topic(notes: Notes, name: Text, node: Node, names: Names) -> WrittenTopic:
    placed = conditions(notes, node, f"the topic '{name.value}'", names)
    for line in placed:
        if line.line.asks.field == "topic":
            notes.tell(line.at, "a topic cannot test topics. Put the words into a list that both use.")
    if not _ID.fullmatch(name.value):
        notes.tell(
            name.line, f"a topic's name is small letters, digits and hyphens, like router; '{name.value}' is not."
        )
    return WrittenTopic(Topic(name.value, tuple(line.line for line in placed)), notes.file, name.line)


def rules(sheet: Sheet, names: Names) -> list[WrittenRule]:
    """A file's rules, those that could be read."""
    hours = _business_hours(sheet, names)
    if "rules" not in sheet.keys:
        return []
    found = (_rule(sheet, node, names, hours) for node in sheet.notes.items(sheet.keys["rules"], "'rules'"))
    return [rule for rule in found if rule is not None]


def rule_ids(sheet: Sheet) -> list[str]:
    """The ids of a file's rules, those included that could not be read."""
    node = sheet.keys.get("rules")
    blocks = [item for item in node.items if isinstance(item, Block)] if isinstance(node, Items) else []
    named = (value for block in blocks for key, value in block.entries if key.value == "id")
    return [value.value.strip() for value in named if isinstance(value, Text)]


def _rule(sheet: Sheet, node: Node, names: Names, hours: str | None) -> WrittenRule | None:
    notes = sheet.notes
    is_silence = isinstance(node, Block) and any(key.value == SILENCE for key, _ in node.entries)
    keys = notes.block(node, _called(node), RULE, NEEDED_OF_SILENCE if is_silence else NEEDED)
    identity = _identity(notes, keys.get("id"))
    status = notes.choice(keys.get("status"), "'status'", tuple(item.value for item in Status))
    placed = conditions(notes, keys["when"], "'when'", names) if "when" in keys else []
    then = consequence(notes, keys["then"], sheet.team) if "then" in keys else None
    counted = repeats(notes, keys.get("repeats"))
    unheard = silence(notes, keys, placed, then)
    overrides = notes.texts(keys.get("overrides"), "'overrides'")
    tried = examples(notes, keys.get("examples"), identity or "unnamed", sheet.timezone)
    texts = {name: notes.text(keys.get(name), f"'{name}'") or "" for name in ("name", "why")}
    reviewed = day(notes, keys.get("review by"), "'review by'") or ""
    mistakes = notes.texts(keys.get("known mistakes"), "'known mistakes'")
    if identity is None or status is None or then is None or (is_silence and unheard is None):
        return None
    rule = Rule(
        identity, texts["name"], Status(status), reviewed, texts["why"], tuple(line.line for line in placed), then,
        sheet.timezone, overrides, mistakes, hours, counted, sheet.owner, unheard,
    )  # fmt: skip
    at = keys["id"].line
    overrides_at, repeats_at = (keys[name].line if name in keys else at for name in ("overrides", "repeats"))
    return WrittenRule(rule, notes.file, at, tuple(placed), tried, overrides_at, repeats_at)


def _business_hours(sheet: Sheet, names: Names) -> str | None:
    """The calendar of business hours: the one the file names, or the one of that name; None where neither is."""
    if "business hours" in sheet.keys:
        return calendar(sheet.notes, sheet.keys["business hours"], "'business hours'", names)
    return BUSINESS if BUSINESS in names.calendars else None


def _called(node: Node) -> str:
    if isinstance(node, Block):
        for key, value in node.entries:
            if key.value == "id" and isinstance(value, Text) and value.value:
                return f"rule '{value.value}'"
    return "a rule"


def _identity(notes: Notes, node: Node | None) -> str | None:
    word = notes.text(node, "'id'")
    if node is None or word is None:
        return None
    if len(word) > LONGEST_ID or not _ID.fullmatch(word):
        notes.tell(
            node.line,
            f"an id is at most {LONGEST_ID} small letters, digits and hyphens, like refund-public; '{word}' is not.",
        )
        return None
    return word
