"""A replay as one page, made to be shown in a meeting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from chalicelib.cli.counted import counted
from chalicelib.cli.pages import rendered, web_address
from chalicelib.cli.pages.marking import marked
from chalicelib.cli.pages.plots import bars
from chalicelib.cli.replay_told import EDGES, called, differing, notes, verdict
from chalicelib.cli.replayed import Replayed
from chalicelib.model import Outcome
from chalicelib.reading.numbers import masked
from chalicelib.rulebook.compare import Change, Shift
from chalicelib.rulebook.tally import Changed, Day
from chalicelib.rulebook.whynot import Reasoned

MOST_ROWS = 25
MOST_CHANGES = 30
LONGEST_TEXT = 700
MOST_BARS = 60
Row = tuple[str, int, int]


def page(replayed: Replayed) -> str:
    """The page's HTML. Posts are strangers' texts: they are escaped, and their links lead nowhere but to the web."""
    tally = replayed.tally
    period, days = _periods(tally.days)
    return rendered(
        "replay.html.j2",
        headline=replayed.headline,
        source=Path(replayed.source).name,
        before=str(replayed.before),
        after=str(replayed.after),
        notes=list(notes(replayed)),
        shifts=[(shift.value, EDGES[shift], tally.shifts[shift]) for shift in Shift],
        outcomes=_rows(tally.before.outcomes, tally.after.outcomes, [outcome.value for outcome in Outcome]),
        teams=_rows(tally.before.teams, tally.after.teams),
        work=_work(tally.before.teams, tally.after.teams),
        rules=_named(replayed, tally.before.rules, tally.after.rules),
        shadow=_named(replayed, tally.before.shadow, tally.after.shadow),
        period=period,
        days=days,
        plot=_plot(period, days),
        changes={shift.value: _changes(replayed, shift) for shift in Shift},
    )


def _rows(before: Counter[str], after: Counter[str], names: Sequence[str] | None = None) -> list[Row]:
    chosen = differing(before, after)[:MOST_ROWS] if names is None else names
    return [(name, before[name], after[name]) for name in chosen]


def _named(replayed: Replayed, before: Counter[str], after: Counter[str]) -> list[Row]:
    """Rules by their names; what no rule decided is drawn with the decisions, and would dwarf them here."""
    books = replayed.before.rulebook.book, replayed.after.rulebook.book
    names = {rule.id: rule.name for book in books for rule in book.rules}
    return [(f"{names[rule]} ({rule})", was, now) for rule, was, now in _rows(before, after) if rule in names]


def _work(before: Counter[str], after: Counter[str]) -> str:
    more = [f"{name} {counted(after[name] - before[name], 'post')}" for name in differing(before, after)]
    gains = [said for said in more if " -" not in said]
    losses = [said.replace(" -", " ") for said in more if " -" in said]
    parts = [f"more for {', '.join(gains)}"] * bool(gains) + [f"less for {', '.join(losses)}"] * bool(losses)
    return f"{'; '.join(parts)}.".capitalize() if parts else "Every team has as many posts as before."


def _periods(days: Mapping[date, Day]) -> tuple[str, list[tuple[str, Day]]]:
    """Days, or weeks or months where the days are too many to draw; those without a post are there too, as nothing."""
    if not days:
        return "day", []
    first, last = min(days), max(days)
    span = (last - first).days + 1
    if span <= MOST_BARS:
        every = (first + timedelta(days=number) for number in range(span))
        return "day", [(day.isoformat(), days.get(day, Day())) for day in every]
    name, start = ("week", _monday) if span <= 7 * MOST_BARS else ("month", _first)
    found: dict[date, Day] = {}
    for at, day in sorted(days.items()):
        found[start(at)] = _sum(found.get(start(at), Day()), day)
    return name, [(f"{at:%Y-%m}" if name == "month" else at.isoformat(), day) for at, day in found.items()]


def _monday(day: date) -> date:
    return day - timedelta(days=min(day.weekday(), (day - date.min).days))


def _first(day: date) -> date:
    return day.replace(day=1)


def _sum(one: Day, other: Day) -> Day:
    return Day(
        one.posts + other.posts,
        one.acted_before + other.acted_before,
        one.acted_after + other.acted_after,
        one.changed + other.changed,
    )


def _plot(period: str, days: Sequence[tuple[str, Day]]) -> str | None:
    if len(days) < 2:
        return None
    series = {"before": [day.acted_before for _, day in days], "after": [day.acted_after for _, day in days]}
    title = f"Posts handled before and after, {period} by {period}; a table follows"
    return bars(title, [at for at, _ in days], series)


def _changes(replayed: Replayed, shift: Shift) -> list[dict[str, Any]]:
    found = list(replayed.tally.largest(shift))[:MOST_CHANGES]
    return [_change(change, posts, replayed.samples[change]) for change, posts in found]


def _change(change: Change, posts: Changed, samples: Sequence[Reasoned]) -> dict[str, Any]:
    left = posts.posts - len(samples)
    return {
        "called": called(change),
        "posts": counted(posts.posts, "post"),
        "samples": [_sample(sample) for sample in samples],
        "posts_left": f"{left:,}" if left else "",
    }


def _sample(sample: Reasoned) -> dict[str, Any]:
    post = sample.compared.post
    text = masked(post.text or "(no text)")
    shown = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " …"
    at = f"{post.at:%Y-%m-%d %H:%M} UTC" if post.at else "no time"
    return {
        "pieces": [(_clean(piece), is_word) for piece, is_word in marked(shown, sample.found)],
        "before": verdict(sample.compared.before),
        "after": verdict(sample.compared.after),
        "why": _clean(sample.why),
        "where": f"{_clean(post.platform)}, {at}",
        "id": _clean(post.id),
        "link": web_address(post.permalink and _clean(post.permalink)),
    }


def _clean(text: str) -> str:
    """A stranger's text as HTML can hold it: without control characters and lone halves of surrogate pairs."""
    kept = "".join(sign if sign == "\n" or sign.isprintable() else " " for sign in text)
    return kept.encode("utf-8", "replace").decode()
