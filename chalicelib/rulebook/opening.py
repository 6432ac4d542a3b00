"""`calendars` of a rule file: days, hours, time zone and holidays, read into calendars whose holidays are dates."""

from __future__ import annotations

import re

from chalicelib.rulebook.calendars import DAY, Calendar, Hours
from chalicelib.rulebook.notes import Notes, nearest
from chalicelib.rulebook.source import Block, Items, Node, Text
from chalicelib.rulebook.values import day, zone

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KEYS = ("days", "hours", "timezone", "holidays", "closed")
# Fixed, so that the same rules always compile to the same bundle. `earshot check` warns in the last of them.
YEARS = range(2020, 2037)
_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2}) (?:to|-) ([0-9]{1,2}):([0-9]{2})")
_EXPECTED_HOURS = "reads like 9:00 to 17:00"


def calendars(notes: Notes, node: Node | None, timezone: str) -> dict[str, tuple[Calendar, int]]:
    """The calendars under a file's `calendars`, each with its line; `timezone` is the file's."""
    if node is None:
        return {}
    found = {}
    for name, block in notes.entries(node, "'calendars'"):
        found[name.value] = (calendar(notes, name.value, block, timezone), name.line)
    return found


def calendar(notes: Notes, name: str, node: Node, timezone: str) -> Calendar:
    """One calendar; `timezone` is its own where it names none."""
    keys = notes.block(node, f"the calendar '{name}'", KEYS)
    if isinstance(node, Block) and len(keys) == len(node.entries) and not keys.keys() & {"days", "hours"}:
        notes.tell(node.line, f"the calendar '{name}' is always open: add 'days' or 'hours'.")
    place = zone(notes, keys.get("timezone")) or timezone
    closed = {*_holidays(notes, keys.get("holidays")), *_closed(notes, keys.get("closed"))}
    return Calendar(
        name, place, _days(notes, keys.get("days")), _hours(notes, keys.get("hours")), tuple(sorted(closed))
    )


def _days(notes: Notes, node: Node | None) -> tuple[int, ...]:
    """`monday to friday`, or a list of days; every day where none are named."""
    if node is None:
        return tuple(range(len(DAYS)))
    if isinstance(node, Text) and " to " in node.value:
        ends = [_day(notes, node.line, word) for word in node.value.split(" to ", 1)]
        if None in ends:
            return ()
        first, last = (end or 0 for end in ends)
        return tuple(sorted((first + step) % 7 for step in range((last - first) % 7 + 1)))
    items = [node] if isinstance(node, Text) else notes.items(node, "'days'")
    named = [_day(notes, item.line, notes.text(item, "each item of 'days'")) for item in items]
    return tuple(sorted({number for number in named if number is not None}))


def _day(notes: Notes, line: int, word: str | None) -> int | None:
    if word is None:
        return None
    name = word.strip().casefold()
    for number, known in enumerate(DAYS):
        if name in (known, known[:3]):
            return number
    notes.tell(line, f"'days' reads like monday to friday, or [saturday, sunday]; '{word}' is no day.{_near(name)}")
    return None


def _near(name: str) -> str:
    return " Say monday to friday." if name.startswith("week") else nearest(name, DAYS, listed=False)


def _hours(notes: Notes, node: Node | None) -> tuple[Hours, ...]:
    """`9:00 to 17:00`, or a list of such; the whole day where none are given."""
    if node is None:
        return (Hours(0, DAY),)
    items = node.items if isinstance(node, Items) and node.items else [node]
    read = [_span(notes, item) for item in items]
    spans = sorted((span for span in read if span), key=lambda span: span.opens)
    for before, after in zip(spans, [*spans[1:], *spans[:1]], strict=True):
        begins = after.opens if after.opens > before.opens else after.opens + DAY
        if len(spans) > 1 and before.closes > begins:
            notes.tell(node.line, "'hours' overlap: what is open twice at once can be written as one.")
            break
    return tuple(spans)


def _span(notes: Notes, node: Node) -> Hours | None:
    written = notes.text(node, "each item of 'hours'" if isinstance(node, Items | Block) else "'hours'")
    if written is None:
        return None
    match = _SPAN.fullmatch(" ".join(written.split()))
    opens, closes = (_minute(match[1], match[2]), _minute(match[3], match[4])) if match else (-1, -1)
    if opens < 0 or closes < 0 or opens in (DAY, closes):
        wrong = "begins when it ends" if opens == closes >= 0 else "does not"
        notes.tell(node.line, f"'hours' {_EXPECTED_HOURS}; '{written}' {wrong}.")
        return None
    return Hours(opens, closes if closes > opens else closes + DAY)


def _minute(hour: str, minute: str) -> int:
    """The minute of the day, 24:00 being its end; -1 where clocks show no such time."""
    at = int(hour) * 60 + int(minute)
    return at if int(minute) < 60 and at <= DAY else -1


def _closed(notes: Notes, node: Node | None) -> list[str]:
    items = [] if node is None else notes.items(node, "'closed'")
    return [found for item in items if (found := day(notes, item, "each item of 'closed'"))]


def _holidays(notes: Notes, node: Node | None) -> list[str]:
    """The public holidays of a country or of its part, `{country: AU, subdivision: NSW}`, as dates."""
    if node is None:
        return []
    keys = notes.block(node, "'holidays'", ("country", "subdivision"), ("country",))
    country = notes.text(keys.get("country"), "'country'")
    part = notes.text(keys.get("subdivision"), "'subdivision'")
    if country is None:
        return []
    import holidays  # 70 ms, which only files that name holidays pay, and no function ever

    parts = holidays.list_supported_countries()
    if country not in parts:
        known = (
            nearest(country, parts, listed=False) or " Countries are named by two letters, like AU or DE (ISO 3166)."
        )
        notes.tell(keys["country"].line, f"I don't know the holidays of the country '{country}'.{known}")
        return []
    if part is not None and part not in parts[country]:
        known = nearest(part, parts[country]) if parts[country] else " It has none; leave it out."
        notes.tell(keys["subdivision"].line, f"I don't know the subdivision '{part}' of {country}.{known}")
        return []
    return [date.isoformat() for date in holidays.country_holidays(country, subdiv=part, years=YEARS)]
