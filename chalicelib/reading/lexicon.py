"""The words of one language, all looked for in one pass over a text; the longest phrase wins over those within it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import NamedTuple

import ahocorasick_rs

from chalicelib.words import phrase

INHERITS = (("complaint", "bad"), ("calm", "thanks"))
LANGUAGES = ("en", "de", "es", "fr", "pt")
_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*\*?", re.ASCII)
Words = Mapping[str, Mapping[float, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one word or phrase says: its weight in each list that names it."""

    word: str
    weights: dict[str, float] = field(default_factory=dict)


class Hit(NamedTuple):
    """An entry, found in a stream from `start` to `end`. A tuple, since a post makes two dozen of them."""

    entry: Entry
    start: int
    end: int


class Lexicon:
    """Finds the entries of a language in a stream of folded words (chalicelib/words.py)."""

    def __init__(self, words: Words) -> None:
        entries: dict[str, Entry] = {}
        for name, weight, word in _written(words):
            for spelling in dict.fromkeys((word, word.replace("'", ""))):
                start = _sought(spelling)
                entries.setdefault(start, Entry(word)).weights.setdefault(name, weight)
        self.entries = tuple(entries.values())
        self._find = ahocorasick_rs.AhoCorasick(list(entries)).find_matches_as_indexes
        for start, entry in entries.items():
            self._inherit(start, entry)

    def _inherit(self, start: str, entry: Entry) -> None:
        """A longer phrase hides the words in it; but a complaint is as bad as its worst word, and thanks are thanks."""
        for heir, name in INHERITS:
            if heir in entry.weights and name not in entry.weights:
                within = (self.entries[place].weights for place, _, _ in self._find(start, overlapping=True))
                if most := max((weights.get(name, 0.0) for weights in within), default=0.0):
                    entry.weights[name] = most

    def hits(self, stream: str) -> list[Hit]:
        """What is found, in the order of the text, without what lies within something longer."""
        kept: list[tuple[int, int, int]] = []
        for match in self._find(stream, overlapping=True):  # by their ends, as one pass comes to them
            _, start, end = match
            while kept and kept[-1][1] >= start:
                kept.pop()
            if not kept or kept[-1][2] < end:
                kept.append(match)
        return [Hit(self.entries[place], start, end) for place, start, end in kept]


def _written(words: Words) -> Iterator[tuple[str, float, str]]:
    """Each list's name, a weight, and a phrase of that weight."""
    for name, by_weight in words.items():
        for weight, phrases in by_weight.items():
            for each in phrases.split(","):
                if word := " ".join(each.split()):
                    yield name, weight, word


def _sought(word: str) -> str:
    """What a stream holds where the word stands; a `*` leaves its end open. Plain words need no folding."""
    if _PLAIN.fullmatch(word) is None:
        return phrase(word).removesuffix("*")
    return f" {word.removesuffix('*')}" if word.endswith("*") else f" {word} "


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of one of LANGUAGES, made when a text first needs it."""
    return Lexicon(import_module(f"chalicelib.reading.words.{language}").WORDS)
