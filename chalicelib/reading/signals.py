"""What the words of a post say, summed up in one pass: how it sounds, whether it complains, thanks, sells, warns.

A sum of written weights, so that a person can do it again by hand; `complaint` is made from it by complaint.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from chalicelib.reading.lexicon import Hit, Lexicon
from chalicelib.reading.marks import faces, shapes

# A list that is a yes or no by itself, from this weight on; half of it is not enough to say either.
FLAGS = {
    "thanks": "thanks",
    "person": "asks for a person",
    "buying": "wants to buy",
    "danger": "reports danger",
    "legal": "mentions the law",
    "press": "is from the press",
    "vulnerable": "vulnerable person",
    "self-harm": "self-harm",
}
FLAG_FROM = 3.0
_PLACED = frozenset(("good", "bad", "expected", "very", "turn"))
NEAR = 15  # characters before a word, within which a "not" turns it: about three words
TURNED = -0.6  # "not good" is less bad than "bad" ...
AFTER_BUT, BEFORE_BUT = 1.3, 0.6  # ... and what follows a "but" is what is meant
SPREAD = 15.0  # how soon a sum comes near 1, as in VADER


@dataclass(frozen=True, slots=True)
class Form:
    """What is known of a text beside its words: whether it asks and links, and how many words it has."""

    asks: bool
    has_link: bool
    words: int


@dataclass(slots=True)
class Said:
    """What the words of a text say: sums by list, and the words that made each."""

    sums: dict[str, float] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    tone: float = 0.0

    def add(self, name: str, weight: float, word: str) -> None:
        """One more word of a list."""
        self.sums[name] = self.sums.get(name, 0.0) + weight
        self.words.setdefault(name, []).append(word)

    def place(self, name: str, weight: float, meant: float, is_turned: bool, word: str) -> None:
        """One more word that counts by what stands before it: `is_turned` says that a "not" does.

        `meant` is how much `good` and `bad` are meant. What is `expected` counts only where it did not come.
        """
        if name in ("good", "bad"):
            self.add(f"not {name}" if is_turned else name, weight, word)
            self.tone += (weight if name == "good" else -weight) * meant * (TURNED if is_turned else 1.0)
        elif name == "expected" and is_turned:
            self.add("broken", weight, f"not ... {word}")


def said(text: str, stream: str, lexicon: Lexicon) -> Said:
    """Everything the lexicon's lists say of this text; `stream` is its folded words."""
    end = stream.find("\n")
    hits = lexicon.hits(stream if end < 0 else stream[:end])
    told = Said()
    _sum_up(hits, told)
    for name, found, tone in faces(text):
        told.add(name, 1.0, found)
        told.tone += tone
    for name, found in shapes(stream):
        told.add(name, 1.0, found)
    return told


def _sum_up(hits: Sequence[Hit], told: Said) -> None:
    turn = max((hit.start for hit in hits if "turn" in hit.entry.weights), default=-1)
    last_not = last_very = -1000
    strength = 1.0
    for hit in hits:
        weights = hit.entry.weights
        is_turned = 0 <= hit.start + 1 - last_not <= NEAR
        for name, weight in weights.items():
            if name in _PLACED:
                times = strength if hit.start + 1 - last_very <= 1 else 1.0
                meant = 1.0 if turn < 0 else AFTER_BUT if hit.start > turn else BEFORE_BUT
                told.place(name, weight * times, meant, is_turned, hit.entry.word)
            else:
                told.add(name, weight, hit.entry.word)
        if "not" in weights:
            last_not = hit.end
        if "very" in weights:
            last_very, strength = hit.end, weights["very"]


def sentiment(text: str, told: Said) -> float:
    """From -1 to 1; exclamation marks make it more of what it is."""
    tone = told.tone * (1 + 0.1 * min(text.count("!"), 3))
    return round(tone / sqrt(tone * tone + SPREAD), 3)
