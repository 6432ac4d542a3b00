"""A notice in words that every channel can carry: a headline, and lines of plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

from chalicelib.model import ASKS, Notice, NoticeKind, Priority
from chalicelib.plain import one_line, web_address

LONGEST_LINE = 500
LONGEST_LINK = 1000  # of characters: a longer one is left out, since half of one leads nowhere
MOST_LINES = 100
Size = Callable[[str], int]
WHAT = {
    NoticeKind.ALERT: "Alert",
    NoticeKind.UPDATE: "Update",
    NoticeKind.ALL_CLEAR: "All clear",
    NoticeKind.OVERDUE: "Overdue",
    NoticeKind.SILENCE: "Silence",
    NoticeKind.ACKNOWLEDGED: "Taken up",
    NoticeKind.SETTLED: "Settled",
    NoticeKind.DIGEST: "While it was quiet",
}


def headline(notice: Notice, times: int, most: int) -> str:
    """`URGENT Alert: several people report smoke`; told again, it says so."""
    urgent = "URGENT " if notice.priority is Priority.URGENT and notice.kind in ASKS else ""
    again = f" (told {times} times, nobody has taken it up)" if times > 1 else ""
    return one_line(f"{urgent}{WHAT[notice.kind]}: {notice.title}{again}", most)


def lines(notice: Notice, most: float = inf, size: Size = len) -> list[str]:
    """What stands below the headline: what happened, whose it is, where to look, how to take it up.

    `most` is what the channel has room for, in what `size` says of each line. What does not fit of what happened is
    counted; the ending is whole.
    """
    said = [line for line in (one_line(each, LONGEST_LINE) for each in notice.lines) if line]
    ending = [line for line in _ending(notice) if line]
    return [*_fitting(said, most - sum(map(size, ending)), size), *ending]


def text(notice: Notice, times: int, most: float = inf, size: Size = len) -> str:
    """All of it, one line below the other; `most` and `size` are of the lines below the headline."""
    return "\n".join([headline(notice, times, LONGEST_LINE), "", *lines(notice, most, size)])


def utf8(line: str) -> int:
    """How many bytes a line takes, with its end."""
    return len(line.encode("utf-8", "surrogatepass")) + 1


def address(notice: Notice) -> str | None:
    """Where to look, if that is an address which a person may open."""
    return web_address(notice.link, LONGEST_LINK)


def _fitting(said: Sequence[str], room: float, size: Size) -> list[str]:
    if len(said) <= MOST_LINES and sum(map(size, said)) <= room:
        return list(said)
    room -= size(_more(len(said)))
    kept: list[str] = []
    for line in said[:MOST_LINES]:
        room -= size(line)
        if room < 0:
            break
        kept.append(line)
    return [*kept, _more(len(said) - len(kept))]


def _more(count: int) -> str:
    return "... and 1 more line" if count == 1 else f"... and {count} more lines"


def _ending(notice: Notice) -> list[str]:
    if notice.kind is NoticeKind.DIGEST:
        return []
    whose = f"Team: {notice.team}" if notice.team else ""
    rule = f"Rule: {notice.rule}" if notice.rule else ""
    take_up = f"To take it up: earshot ack {notice.about}" if notice.kind in ASKS else ""
    return [one_line("  ".join(filter(None, (whose, rule))), LONGEST_LINE), address(notice) or "", take_up]
