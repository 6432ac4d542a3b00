"""Every word of every rule, looked for in one pass over a text (Aho-Corasick over its stream of folded words)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import ahocorasick_rs

from chalicelib.words import is_unspaced, phrase

Spans = dict[str, tuple[int, int]]


class Search:
    """Finds which of the words a stream holds, and where first. A word is known by its number."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self.numbers = {word: number for number, word in enumerate(self._words)}
        wanted: dict[str, list[int]] = {}
        self._checks: dict[int, str] = {}
        for number, word in enumerate(self._words):
            pattern = phrase(word)
            start, star, _ = pattern.partition("*")
            if star:
                self._checks[number] = pattern
            if start:
                wanted.setdefault(start, []).append(number)
        self._sought = list(wanted.values())
        # Nearly everything is sought for one word, and needs no second look: its place tells its number.
        self._first = [numbers[0] for numbers in self._sought]
        self._mixed = frozenset(
            place for place, all_of in enumerate(self._sought) if len(all_of) > 1 or all_of[0] in self._checks
        )
        self._find = ahocorasick_rs.AhoCorasick(list(wanted)).find_matches_as_indexes if wanted else None

    def found(self, stream: str) -> set[int]:
        """The numbers of the words that the stream holds."""
        if self._find is None:
            return set()
        matches = self._find(stream, overlapping=True)
        places = {match[0] for match in matches}
        if self._mixed.isdisjoint(places):
            first = self._first
            return {first[place] for place in places}
        sought = ((number, start) for place, start, _ in matches for number in self._sought[place])
        return {number for number, start in sought if self._fits(number, stream, start)}

    def __call__(self, stream: str) -> Spans:
        """The words found, each with its first place in the stream."""
        found: Spans = {}
        if self._find is None:
            return found
        for place, start, end in self._find(stream, overlapping=True):
            for number in self._sought[place]:
                word = self._words[number]
                if word not in found and self._fits(number, stream, start):
                    found[word] = (start, end)
        return found

    def _fits(self, number: int, stream: str, start: int) -> bool:
        check = self._checks.get(number)
        return check is None or _checked(check).match(stream, start) is not None


@lru_cache(maxsize=4096)
def _checked(pattern: str) -> re.Pattern[str]:
    """A phrase with a `*` before its end, compiled when a text first holds its start."""
    return re.compile(re.escape(pattern).replace(r"\*", r"\S*"))


def seen(word: str, span: tuple[int, int], stream: str) -> str:
    """What stands in the text where the word was found: `charged` for `charg*`."""
    start, end = span
    if is_unspaced(word):
        return f"{stream[start:end].strip()} (as part of a word)"
    close = stream.find(" ", end)
    return stream[start : end if stream[end - 1] == " " or close < 0 else close].strip()
