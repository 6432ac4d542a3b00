"""What an alert says, to its case and to people: lines of numbers, and words that several people used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.model import Alert, Stretch
from chalicelib.model.growth import MOST_MARKS
from chalicelib.model.window import moment

POSTS = "posts"
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def raised(alert: Alert, words: Sequence[str] = ()) -> tuple[str, ...]:
    """The first that is told: how many of what, within which time, about what, in which words of several people; and
    which alert came before."""
    return tuple(_raised(alert, words))


def _raised(alert: Alert, words: Sequence[str]) -> Iterator[str]:
    yield f"{alert.count} {alert.counts} within {length(alert.within)}; {alert.needed} are an alert."
    if alert.about:
        yield f"About: {', '.join(f'{name} {value}' for name, value in alert.about.items())}"
    yield f"The latest of these posts: {shown(alert.at)}"
    if words:
        yield f"Words that several of them use: {', '.join(words)}"
    if alert.follows:
        when = f" raised {shown(alert.follows_at)}" if alert.follows_at else ""
        yield f"This follows an alert{when} (case {alert.follows})."
    yield f"Rule: {alert.name} ({alert.rule})"


def update_heading(alert: Alert, seen: Stretch) -> str:
    """That there are more."""
    return f"This grows: {amount(alert.grown(seen))} {alert.counts} by now"


def update(before: Alert, seen: Stretch) -> tuple[str, ...]:
    """How many there are, and were when it was told last; the words that grew fastest since."""
    return (
        f"{so_far(before, seen)}; {amount(before.counted)} when it was last told, {shown(before.told_at)}.",
        *_fastest(before, seen),
    )


def clear_heading(alert: Alert) -> str:
    """That it is over."""
    return f"All clear: nothing more of this for {length(alert.within)}"


def clear(before: Alert, seen: Stretch) -> tuple[str, ...]:
    """How many there were in the end."""
    last = max(moment(seen.last), before.at)
    return (f"{so_far(before, seen)}. The last: {shown(last)}.", *_fastest(before, seen))


def amount(count: int) -> str:
    """A number, `about` where one of several was counted."""
    return f"{count}" if count <= MOST_MARKS else f"about {count:,}"


def length(span: timedelta) -> str:
    """A length of time in words, in the largest unit that fits."""
    seconds = int(span.total_seconds())
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0 and (seconds or size == 1))
    return f"{seconds // size} {unit}{'' if seconds == size else 's'}"


def shown(at: datetime) -> str:
    """An instant as people in any office read it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def so_far(alert: Alert, seen: Stretch) -> str:
    """How many there are by now, and in how many posts."""
    there = f"{amount(alert.grown(seen))} {alert.counts}"
    posts = "" if alert.counts == POSTS else f", {amount(seen.posts.count)} posts since it was raised"
    return there + posts


def _fastest(before: Alert, seen: Stretch) -> Iterator[str]:
    if words := seen.telling(before.words):
        yield f"Words that grow fastest: {', '.join(words)}"
