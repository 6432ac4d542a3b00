"""What the words of a post say, summed up in one pass: how it sounds, whether it complains, thanks, sells, warns.

A sum of written weights, so that a person can do it again by hand; `complaint` is made from it by complaint.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from chalicelib.reading.lexicon import Hit, Lexicon

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
NEAR = 15  # characters before a word, within which a "not" turns it: about three words
TURNED = -0.6  # "not good" is less bad than "bad" ...
AFTER_BUT, BEFORE_BUT = 1.3, 0.6  # ... and what follows a "but" is what is meant
SPREAD = 15.0  # how soon a sum comes near 1, as in VADER
_SAD = re.compile(r"[:=;]['’]?-?(?:[(\\\[|]|/(?!/))|>:|D:")
_FACE = re.compile(r"[:;=<^]")  # every smiley has one of these
_GLAD = re.compile(r"[:;=]['’]?-?(?:[)\]]|[DPp]\b)|<3|\(:|\^_?\^")
_DIGIT = re.compile(r"[0-9]")
_TIME = re.compile(
    r"[0-9] ?\+? ?(?:min(?:ute)?s?|h(?:ou)?rs?|days?|we?e?ks?|mo?nths?|ye?a?rs?"
    r"|min(?:uten?|utos?)?|stunden?|std|tagen?|wochen?|monaten?|horas?|d[ií]as?|dias|semanas?|meses|heures?|jours?|semaines?|mois)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[£$€] ?[0-9]|[0-9] ?(?:£|€|(?:pounds?|quid|dollars?|bucks|euros?)\b)", re.IGNORECASE)
_HASHTAG = re.compile(
    r"#\w*(?:fail|worst|suck|never|bad|poor|terribl|horribl|awful|notgood|disap|scam|ripoff|shame|joke|hate|rude|angry"
    r"|fix|wtf|unhappy|frustrat|annoy|useless|schlecht|nie_?wieder|abzocke|pesim|vergonha|verguenza|honte|arnaque)\w*",
    re.IGNORECASE,
)


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

    def feel(self, name: str, weight: float, meant: float, is_turned: bool, word: str) -> None:
        """One more word of `good` or `bad`; `meant` is how much it is meant, `is_turned` that a "not" stands before."""
        self.add(f"not {name}" if is_turned else name, weight, word)
        self.tone += (weight if name == "good" else -weight) * meant * (TURNED if is_turned else 1.0)


def said(text: str, stream: str, lexicon: Lexicon) -> Said:
    """Everything the lexicon's lists say of this text; `stream` is its folded words."""
    end = stream.find("\n")
    hits = lexicon.hits(stream if end < 0 else stream[:end])
    told = Said()
    _sum_up(hits, told)
    _faces(text, told)
    _shapes(text, told)
    return told


def _sum_up(hits: Sequence[Hit], told: Said) -> None:
    turn = max((hit.start for hit in hits if "turn" in hit.entry.weights), default=-1)
    last_not = last_very = -1000
    strength = 1.0
    for hit in hits:
        weights = hit.entry.weights
        meant = 1.0 if turn < 0 else AFTER_BUT if hit.start > turn else BEFORE_BUT
        is_turned = 0 <= hit.start + 1 - last_not <= NEAR
        _count(hit, told, meant, strength if hit.start + 1 - last_very <= 1 else 1.0, is_turned)
        if "not" in weights:
            last_not = hit.end
        if "very" in weights:
            last_very, strength = hit.end, weights["very"]


def _count(hit: Hit, told: Said, meant: float, times: float, is_turned: bool) -> None:
    """One hit in every list that names it; what is `expected` counts only where it did not come."""
    for name, weight in hit.entry.weights.items():
        if name in ("good", "bad"):
            told.feel(name, weight * times, meant, is_turned, hit.entry.word)
        elif name == "expected":
            if is_turned:
                told.add("broken", weight, f"not ... {hit.entry.word}")
        elif name not in ("very", "turn"):
            told.add(name, weight, hit.entry.word)


def _faces(text: str, told: Said) -> None:
    """Smileys are no words of a stream."""
    if not _FACE.search(text):
        return
    for name, faces, tone in (("sad", _SAD, -2.0), ("glad", _GLAD, 2.0)):
        found = faces.search(text)
        if found:
            told.add(name, 1.0, found[0])
            told.tone += tone


def _shapes(text: str, told: Said) -> None:
    """How long, how much, and what a hashtag says in one word: #acmefails."""
    if _DIGIT.search(text):
        _shape("time", _TIME, text, told)
        _shape("money", _MONEY, text, told)
    if "#" in text:
        _shape("hashtag", _HASHTAG, text, told)


def _shape(name: str, shape: re.Pattern[str], text: str, told: Said) -> None:
    found = shape.search(text)
    if found:
        told.add(name, 1.0, found[0])


def sentiment(text: str, told: Said) -> float:
    """From -1 to 1; exclamation marks make it more of what it is."""
    tone = told.tone * (1 + 0.1 * min(text.count("!"), 3))
    return round(tone / sqrt(tone * tone + SPREAD), 3)
