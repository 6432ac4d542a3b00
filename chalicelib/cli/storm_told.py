"""What a storm came to, on the terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.cli.counted import counted
from chalicelib.cli.stormed import Storm
from chalicelib.codec import to_json
from chalicelib.model import Alert

MOST_ROWS = 62
MINUTE = timedelta(minutes=1)
WIDE = "  "


def lines(storm: Storm) -> Iterator[str]:
    """What a person reads."""
    yield headline(storm)
    yield from notes(storm)
    yield ""
    yield from verdicts(storm)
    yield from _table(
        ("raised (UTC)", "rule", "about", "count", "needed", "told again", "all clear", "is"), rows(storm)
    )
    unit, found = periods(storm)
    days = [(name, f"{posts:,}", f"{alerts}" if alerts else "") for name, posts, alerts in found]
    yield from _table((unit, "posts", "alerts"), days)


def headline(storm: Storm) -> str:
    """How many posts, over which time, and how many alerts."""
    if storm.span is None:
        return f"{storm.source}: no posts"
    first, last = storm.span
    length = (last - first) / timedelta(days=1)
    heard = f"{counted(storm.posts, 'post')} in {length:,.1f} days ({shown(first)} to {shown(last)})"
    return f"{storm.source}: {heard}, {counted(len(storm.alerts), 'alert')}"


def notes(storm: Storm) -> Iterator[str]:
    """The rules that were asked, and what was left out."""
    if storm.stopped:
        yield "Stopped before the last post: this is what was seen until then."
    names = ", ".join(rule.id for rule in storm.counting) or "none, so nothing can raise an alert"
    yield f"rules that count what repeats, of version {storm.version}: {names}"
    if storm.guarded:
        yield f"{counted(storm.guarded, 'post')} stopped by guards before the rules."
    if storm.nameless:
        yield f"{counted(storm.nameless, 'post')} without an author: rules that count different authors leave them out."
    if storm.bad:
        yield f"{counted(storm.bad, 'line')} could not be read."
    for rule, times in sorted(storm.unraised.items()):
        yield f"{rule} matched {counted(times, 'time')} without an alert: in shadow, no escalation, or of one person."


def verdicts(storm: Storm) -> Iterator[str]:
    """The delay from each onset, and the false alarms."""
    for onset in storm.onsets:
        first = storm.first(onset)
        came = _delay(onset, first) if first else f"missed, no alert within {_days(storm.lasts)}"
        yield f"onset {shown(onset)}: {came}"
    number = counted(len(storm.false_alarms), "false alarm")
    how_often = f", {rate(storm):.2f} a month" if storm.span and storm.months > 0 else ""
    unsaid = " (no --onset is given, so every alert is taken for one)" if storm.alerts and not storm.onsets else ""
    yield f"{number}{how_often}{unsaid}"


def rate(storm: Storm) -> float | None:
    """False alarms a month; None where the stream is a single moment."""
    return len(storm.false_alarms) / storm.months if storm.months else None


def rows(storm: Storm) -> list[tuple[str, ...]]:
    """A row for each alert."""
    return [_row(storm, alert) for alert in storm.alerts]


def _row(storm: Storm, alert: Alert) -> tuple[str, ...]:
    onset = storm.onset_of(alert)
    verdict = "false alarm" if onset is None else f"{_length(alert.raised_at - onset)} after onset"
    clear = shown(alert.over_at) if alert.over_at else "none"
    again = f"{alert.updates}x, to {alert.counted:,}" if alert.updates else ""
    about = about_of(alert) or "everything"
    return shown(alert.raised_at), alert.rule, about, f"{alert.count:,}", f"{alert.needed:,}", again, clear, verdict


def about_of(alert: Alert) -> str:
    """What it counts apart: `topic outage`."""
    return ", ".join(f"{name} {value}" for name, value in alert.about.items())


def periods(storm: Storm) -> tuple[str, list[tuple[str, int, int]]]:
    """Posts and alerts by day, days with neither too; by month where the days are too many."""
    if storm.span is None:
        return "day", []
    first, last = (at.date() for at in storm.span)
    raised = Counter(alert.raised_at.date() for alert in storm.alerts)
    if (last - first).days < MOST_ROWS:
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return "day", [(day.isoformat(), storm.days[day], raised[day]) for day in days]
    posts, alerts = _by_month(storm.days), _by_month(raised)
    return "month", [(month, posts[month], alerts[month]) for month in sorted(posts.keys() | alerts.keys())]


def _by_month(days: Counter[date]) -> Counter[str]:
    months: Counter[str] = Counter()
    for day, number in days.items():
        months[f"{day:%Y-%m}"] += number
    return months


def as_json(storm: Storm) -> dict[str, Any]:
    """What scripts read. Delays are in seconds."""
    per_month = rate(storm)
    return {
        "source": storm.source,
        "rulebook": storm.version,
        "rules": [rule.id for rule in storm.counting],
        "posts": storm.posts,
        "guarded": storm.guarded,
        "without_author": storm.nameless,
        "bad_lines": storm.bad,
        "stopped": storm.stopped,
        "from": to_json(storm.span and storm.span[0]),
        "to": to_json(storm.span and storm.span[1]),
        "alerts": [_alert(storm, alert) for alert in storm.alerts],
        "onsets": [_onset(storm, onset) for onset in storm.onsets],
        "false_alarms": len(storm.false_alarms),
        "false_alarms_a_month": None if per_month is None else round(per_month, 3),
        "unraised": dict(storm.unraised),
        "days": [
            {"day": day.isoformat(), "posts": posts, "alerts": sum(a.raised_at.date() == day for a in storm.alerts)}
            for day, posts in sorted(storm.days.items())
        ],
    }


def _alert(storm: Storm, alert: Alert) -> dict[str, Any]:
    onset = storm.onset_of(alert)
    return {
        "raised_at": to_json(alert.raised_at),
        "rule": alert.rule,
        "about": dict(alert.about),
        "counts": alert.counts,
        "count": alert.count,
        "needed": alert.needed,
        "within_seconds": alert.within.total_seconds(),
        "posts": list(alert.posts),
        "updates": alert.updates,
        "counted": alert.counted,
        "all_clear_at": to_json(alert.over_at),
        "follows": alert.follows is not None,
        "onset": to_json(onset),
        "delay_seconds": None if onset is None else (alert.raised_at - onset).total_seconds(),
    }


def _onset(storm: Storm, onset: datetime) -> dict[str, Any]:
    first = storm.first(onset)
    delay = None if first is None else (first.raised_at - onset).total_seconds()
    return {"at": to_json(onset), "delay_seconds": delay, "rule": first and first.rule}


def _delay(onset: datetime, first: Alert) -> str:
    return f"first alert {_length(first.raised_at - onset)} later, by {first.rule}"


def _length(length: timedelta) -> str:
    minutes = length / MINUTE
    if minutes < 100:
        return f"{minutes:.1f} min"
    return f"{minutes / 60:.1f} h" if minutes < 2880 else _days(length)


def _days(length: timedelta) -> str:
    return f"{length / timedelta(days=1):.3g} days"


def shown(at: datetime) -> str:
    """An instant for people, in UTC."""
    return f"{at:%Y-%m-%d %H:%M}"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        return
    widths = [max(len(row[number]) for row in (head, *rows)) for number in range(len(head))]
    yield ""
    for row in (head, *rows):
        cells = (_cell(text, width) for text, width in zip(row, widths, strict=True))
        yield WIDE.join(cells).rstrip()


def _cell(text: str, width: int) -> str:
    return f"{text:>{width}}" if text.replace(",", "").isdecimal() else f"{text:<{width}}"
