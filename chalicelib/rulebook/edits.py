"""Small changes to a post that make a line of a rule say yes, or no. Each is a proposal: who uses it decides again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from chalicelib.model import Kind
from chalicelib.rulebook.answers import matcher
from chalicelib.rulebook.calendars import FIRST, LAST, Calendar, is_within
from chalicelib.rulebook.clock import shown
from chalicelib.rulebook.edit import Edit, Sample
from chalicelib.rulebook.example import SENTIMENTS, SOME_DAY
from chalicelib.rulebook.facing import faced
from chalicelib.rulebook.rule import Test
from chalicelib.rulebook.setting import is_settable, put, setting
from chalicelib.rulebook.vocabulary import TEXT_FIELDS
from chalicelib.rulebook.wording import added, adding, dropped, dropping, text_of, with_text

_OTHERS: dict[str, Sequence[str]] = {
    "kind": [kind.value for kind in (Kind.COMMENT, Kind.MENTION, Kind.POST, Kind.REVIEW, Kind.REPLY, Kind.DM)],
    "platform": ["example", "x"],
    "channel": ["another-account"],
    "language": ["en", "de", "fr"],
    "handle": ["somebody"],
}
_KNOWN: dict[str, object] = {
    "rating": 3.0, "language": "en", "channel": "account", "handle": "somebody", "author followers": 10,
    "author is verified": False, "author is customer": True, "author is employee": False, "author is new": False,
    "case is open": False, "thread depth": 1, "sentiment": 0.0, "conversation sentiment": 0.0, "kind": Kind.MENTION,
}  # fmt: skip
SIGNED = ("sentiment", "conversation sentiment")  # may be below 0
_STEP = {name: 0.01 for name in (*SIGNED, "complaint")}


@dataclass(frozen=True, slots=True)
class Hints:
    """What helps to find changes: words in the order to try them, texts known to match patterns, the calendars."""

    rank: Callable[[str], int]
    texts: tuple[str, ...]
    calendars: Mapping[str, Calendar]


def towards(test: Test, wanted: bool, sample: Sample, hints: Hints) -> Iterator[Edit]:
    """Changes after which the test may say yes, or (`wanted` is False) no."""
    if test.test == "is known":
        return _knowing(test.field, wanted)
    if test.field in TEXT_FIELDS:
        return _texts(test, wanted, sample, hints)
    if test.field == "time":
        return _timed(hints.calendars[test.values[0]], wanted, sample)
    if test.field == "age":
        return _aged(test, wanted, sample)
    if is_settable(test.field):
        return (setting(test.field, value) for value in _values(test, wanted))
    return faced(test, wanted, sample)


def _texts(test: Test, wanted: bool, sample: Sample, hints: Hints) -> Iterator[Edit]:
    if not wanted:
        if text_of(sample, test.field) is None:
            return iter([Edit(f"give it an empty {test.field}", 1, lambda each: with_text(each, test.field, ""))])
        return _unmatched(test, sample) if test.test == "matches pattern" else dropped(test, sample)
    if test.test == "matches pattern":
        return _matching(test, hints.texts)
    return added(test, sample, sorted(test.values, key=hints.rank))


def _matching(test: Test, texts: Sequence[str]) -> Iterator[Edit]:
    """What the pattern finds in texts that are known to match: the rule's own examples."""
    found = {match for text in texts if (match := _found(test, text)) is not None}
    return (adding(test.field, [each]) for each in sorted(found, key=len))


def _unmatched(test: Test, sample: Sample) -> Iterator[Edit]:
    found = _found(test, text_of(sample, test.field) or "")
    if found and found.strip():
        yield dropping(test.field, found.strip())


def _found(test: Test, text: str) -> str | None:
    match = matcher(test.values[0]).search(text.encode("utf-8", "replace").decode("utf-8"))
    return None if match is None else _whole_words(text, *match.span())


def _whole_words(text: str, start: int, end: int) -> str:
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end]


def _values(test: Test, wanted: bool) -> Iterator[object]:
    if test.test == "is any of":
        names = test.values if wanted else [name for name in _OTHERS.get(test.field, ()) if name not in test.values]
        return (Kind(name) if test.field == "kind" else name.lstrip("@") for name in names)
    if test.field == "sentiment" and test.test == "is":
        return (value for name, value in SENTIMENTS.items() if (name in test.values) is wanted)
    if test.test == "is":
        return iter([(test.values == ("yes",)) is wanted])
    bound, step = test.number or 0.0, _STEP.get(test.field, 1.0)
    beyond = bound - step if test.test == "at least" else bound + step
    return iter([bound if wanted else beyond] if wanted or beyond >= 0 or test.field in SIGNED else [])


def _knowing(field: str, wanted: bool) -> Iterator[Edit]:
    if field in TEXT_FIELDS:
        text = "hello" if wanted else None
        yield Edit(
            f"{'give it a' if wanted else 'take away its'} {field}", 1, lambda each: with_text(each, field, text)
        )
    elif is_settable(field):
        yield (
            setting(field, _KNOWN.get(field, 1))
            if wanted
            else Edit(f"leave out '{field}'", 1, partial(put, field, None))
        )


def _timed(calendar: Calendar, wanted: bool, sample: Sample) -> Iterator[Edit]:
    """The next full or half hour at which the calendar is open, or is not; of a nonsense time, one of today."""
    known = (moment for moment in (sample.post.at, sample.context.now) if moment and FIRST < moment < LAST)
    start = next(known, SOME_DAY).replace(minute=0, second=0, microsecond=0)
    hours = (start + timedelta(minutes=30 * step) for step in range(1, 2 * 24 * 370))
    at = next((moment for moment in hours if is_within(calendar, moment) is wanted), None)
    if at is not None:
        there = at.astimezone(ZoneInfo(calendar.timezone))
        where = f"{'within' if wanted else 'outside'} '{calendar.name}'"
        yield Edit(f"post it {where}, like on {there:%A %Y-%m-%d %H:%M} in {there.tzinfo}", 1, partial(_at, at))


def _aged(test: Test, wanted: bool, sample: Sample) -> Iterator[Edit]:
    if sample.context.now is not None:
        beyond = -60 if test.test == "at least" else 60
        age = timedelta(seconds=max(0.0, (test.number or 0.0) + (0 if wanted else beyond)))
        at = sample.context.now - age
        yield Edit(f"post it {shown(age)} ago", 1, partial(_at, at))


def _at(at: datetime, sample: Sample) -> Sample:
    return replace(sample, post=replace(sample.post, created_at=at, edited_at=None))
