"""Which conditions a post leaves possible: one bit a condition; what a field's value or a word allows is a set of bits.

A condition is possible unless a line of its `all` that the index knows, or every line of its `any`, says no or is
unknown. The index may let through what does not hold (the matcher decides that), and never drops what does. Its cost
hardly grows with the conditions: a thousand bits are 125 bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import or_

from chalicelib.model import Value
from chalicelib.rulebook.answers import WORD_TESTS, Answers, named
from chalicelib.rulebook.rule import Test

Asked = Sequence[tuple[int, Test]]  # a condition's bit, and a line it asks
Look = Callable[[Value], int]
Looks = tuple[dict[Value | None, int], Look]
FieldLooks = tuple[str, dict[Value | None, int], Look]
TextLooks = tuple[str, int, dict[int, int]]
_TEXT, _CHOICE, _FLAG, _LEAST, _MOST, _KNOWN = range(6)


@dataclass(frozen=True, slots=True)
class Asks:
    """What the index is made of: the lines of which a condition needs each, and those of which it needs one."""

    all: Sequence[Test]
    any: Sequence[Test]


class Index:
    """Over conditions in the order of their bits; `words` are the numbers by which answers know words."""

    def __init__(self, conditions: Sequence[Asks], words: Mapping[str, int]) -> None:
        self._every = (1 << len(conditions)) - 1
        each = [(1 << place, asks) for place, asks in enumerate(conditions)]
        some = [(bit, asks.any) for bit, asks in each if _needs_any(asks)]
        self._without_any = self._every & ~_union(bit for bit, _ in some)
        lines = [(bit, test) for bit, asks in each for test in asks.all]
        self._texts, self._fields = _layer(lines, words, self._every)
        self._any_texts, self._any_fields = _layer([(bit, test) for bit, tests in some for test in tests], words, 0)

    def possible(self, answers: Answers) -> int:
        """The conditions that could hold, a bit each."""
        left = self._every
        for name, others, by_word in self._texts:
            woken = others
            for number in answers.spotted(name):
                woken |= by_word.get(number, 0)
            left &= woken
        value_of = answers.facts.values.get
        for name, by_value, look in self._fields:
            if not left:
                return 0
            value = value_of(name)
            found = by_value.get(value)
            left &= look(value) if found is None else found  # type: ignore[arg-type]  # by_value knows None
        return left & (self._without_any | self._some(answers)) if left & ~self._without_any else left

    def _some(self, answers: Answers) -> int:
        found = 0
        for name, _, by_word in self._any_texts:
            found |= _union(by_word.get(number, 0) for number in answers.spotted(name))
        for name, by_value, look in self._any_fields:
            value = answers.facts.values.get(name)
            if value is not None:
                found |= by_value[value] if value in by_value else look(value)
        return found


def places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def settles(test: Test) -> bool:
    """Whether nothing is left to ask of a line of `all` where the index leaves its condition."""
    return test.test == "has any" or _kind(test) not in (None, _TEXT)


def _kind(test: Test) -> int | None:
    """How the index can look at a test; None where only the answer itself tells."""
    if test.test in WORD_TESTS:
        return _TEXT
    if test.field == "topic":
        return None
    if test.test == "is":
        return _FLAG if test.values in (("yes",), ("no",)) else None
    return {"is any of": _CHOICE, "at least": _LEAST, "at most": _MOST, "is known": _KNOWN}.get(test.test)


def _needs_any(asks: Asks) -> bool:
    """Words in `all` are selective enough."""
    return bool(asks.any) and None not in map(_kind, asks.any) and _TEXT not in map(_kind, asks.all)


def _layer(lines: Asked, words: Mapping[str, int], every: int) -> tuple[list[TextLooks], list[FieldLooks]]:
    """What each text and each field allows. With `every`, so are those that do not ask, and each line counts."""
    grouped: dict[tuple[int, str, int], list[tuple[int, Test]]] = {}
    seen: dict[tuple[int, str, int], int] = {}
    for bit, test in lines:
        kind = _kind(test)
        if kind is not None:
            times = seen[kind, test.field, bit] = seen.get((kind, test.field, bit), -1) + 1
            grouped.setdefault((kind, test.field, times if every else 0), []).append((bit, test))
    texts: list[TextLooks] = []
    fields: list[FieldLooks] = []
    # What most ask first: the sooner nothing is left.
    for (kind, name, _), asked in sorted(grouped.items(), key=lambda group: -len(group[1])):
        others = every & ~_union(bit for bit, _ in asked)
        if kind == _TEXT:
            texts.append((name, others, _by_word(asked, words)))
        else:
            fields.append((name, *_MAKERS[kind](asked, others)))
    return texts, fields


def _union(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)


def _by_word(asked: Asked, words: Mapping[str, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for bit, test in asked:
        for word in test.values:
            found[words[word]] = found.get(words[word], 0) | bit
    return found


def _choice(asked: Asked, others: int) -> Looks:
    by_value: dict[Value | None, int] = {None: others}
    for bit, test in asked:
        for value in test.values:
            by_value[named(value)] = by_value.get(named(value), others) | bit

    def look(value: Value) -> int:
        if isinstance(value, tuple):
            return _union(by_value.get(each, others) for each in value) | others
        return by_value.get(named(str(value)), others)

    return by_value, look


def _flag(asked: Asked, others: int) -> Looks:
    wanted: dict[Value | None, int] = {
        flag: others | _union(bit for bit, test in asked if test.values == (word,))
        for flag, word in ((True, "yes"), (False, "no"))
    }
    return {None: others, **wanted}, lambda value: wanted[bool(value)]


def _least(asked: Asked, others: int) -> Looks:
    ordered = sorted(_bounds(asked))
    bounds = [bound for bound, _ in ordered]
    allowed = list(accumulate((bit for _, bit in ordered), or_, initial=others))
    return {None: others}, lambda value: allowed[bisect_right(bounds, value)]


def _most(asked: Asked, others: int) -> Looks:
    ordered = sorted(_bounds(asked))
    bounds = [bound for bound, _ in ordered]
    allowed = list(accumulate((bit for _, bit in reversed(ordered)), or_, initial=others))[::-1]
    return {None: others}, lambda value: allowed[bisect_left(bounds, value)]


def _bounds(asked: Asked) -> Iterator[tuple[float, int]]:
    return ((test.number or 0.0, bit) for bit, test in asked)


def _known(asked: Asked, others: int) -> Looks:
    every = others | _union(bit for bit, _ in asked)
    return {None: others}, lambda _: every


_MAKERS: dict[int, Callable[[Asked, int], Looks]] = {
    _CHOICE: _choice,
    _FLAG: _flag,
    _LEAST: _least,
    _MOST: _most,
    _KNOWN: _known,
}
