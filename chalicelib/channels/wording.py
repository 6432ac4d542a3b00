"""A notice in words that every channel can carry: a headline, and lines of plain text."""

from __future__ import annotations

from urllib.parse import urlsplit

from chalicelib.model import Notice, NoticeKind, Priority
from chalicelib.plain import one_line

LONGEST_LINE = 500
MOST_LINES = 60
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
# What somebody must look at; the rest tells how it went on.
ASKS = frozenset({NoticeKind.ALERT, NoticeKind.OVERDUE, NoticeKind.SILENCE})


def headline(notice: Notice, times: int, most: int) -> str:
    """`URGENT Alert: several people report smoke`; told again, it says so."""
    urgent = "URGENT " if notice.priority is Priority.URGENT and notice.kind in ASKS else ""
    again = f" (told {times} times, nobody has taken it up)" if times > 1 else ""
    return one_line(f"{urgent}{WHAT[notice.kind]}: {notice.title}{again}", most)


def lines(notice: Notice) -> list[str]:
    """What stands below the headline: what happened, whose it is, where to look, how to take it up."""
    told = [one_line(line, LONGEST_LINE) for line in notice.lines[:MOST_LINES]]
    if len(notice.lines) > MOST_LINES:
        told.append(f"... and {len(notice.lines) - MOST_LINES} more lines")
    return [line for line in (*told, *_ending(notice)) if line]


def text(notice: Notice, times: int) -> str:
    """All of it, one line below the other."""
    return "\n".join([headline(notice, times, LONGEST_LINE), "", *lines(notice)])


def address(notice: Notice) -> str | None:
    """Where to look, if that is an address which a person may open."""
    if notice.link is None or not notice.link.isprintable() or any(sign in notice.link for sign in ' <>|"\\'):
        return None
    try:
        parts = urlsplit(notice.link)
    except ValueError:
        return None
    return notice.link if parts.scheme in ("http", "https") and parts.hostname else None


def _ending(notice: Notice) -> list[str]:
    if notice.kind is NoticeKind.DIGEST:
        return []
    whose = f"Team: {notice.team}" if notice.team else ""
    rule = f"Rule: {notice.rule}" if notice.rule else ""
    take_up = f"To take it up: earshot ack {notice.about}" if notice.kind in ASKS else ""
    return [one_line("  ".join(filter(None, (whose, rule))), LONGEST_LINE), address(notice) or "", take_up]
