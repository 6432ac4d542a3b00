"""Every word of every rule, looked for in one pass over a text (Aho-Corasick over its stream of folded words)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import ahocorasick_rs

from chalicelib.words import is_unspaced, phrase

Spans = dict[str, tuple[int, int]]


class Search:
    """Finds which of the words a stream holds, and where first."""

    def __init__(self, words: Iterable[str]) -> None:
        wanted: dict[str, list[str]] = {}
        self._checks: dict[str, re.Pattern[str]] = {}
        for word in sorted(set(words)):
            pattern = phrase(word)
            start, star, _ = pattern.partition("*")
            if star:
                self._checks[word] = re.compile(re.escape(pattern).replace(r"\*", r"\S*"))
            wanted.setdefault(start, []).append(word)
        self._words: Sequence[list[str]] = list(wanted.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(wanted)) if wanted else None

    def __call__(self, stream: str) -> Spans:
        """The words found, each with its first place in the stream."""
        found: Spans = {}
        if self._automaton is None:
            return found
        for index, start, end in self._automaton.find_matches_as_indexes(stream, overlapping=True):
            for word in self._words[index]:
                if word not in found and (not self._checks or self._fits(word, stream, start)):
                    found[word] = (start, end)
        return found

    def _fits(self, word: str, stream: str, start: int) -> bool:
        check = self._checks.get(word)
        return check is None or check.match(stream, start) is not None


def seen(word: str, span: tuple[int, int], stream: str) -> str:
    """What stands in the text where the word was found: `charged` for `charg*`."""
    start, end = span
    if is_unspaced(word):
        return f"{stream[start:end].strip()} (as part of a word)"
    close = stream.find(" ", end)
    return stream[start : end if stream[end - 1] == " " or close < 0 else close].strip()


def index(tests: Mapping[int, Sequence[str]]) -> dict[str, list[int]]:
    """For each word, the tests that look for it."""
    found: dict[str, list[int]] = {}
    for number, words in tests.items():
        for word in words:
            found.setdefault(word, []).append(number)
    return found
