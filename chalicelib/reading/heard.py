"""What rules may ask of how a post sounds, each with the words that made it. Not sure is unknown: left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chalicelib.model import Value
from chalicelib.reading import language
from chalicelib.reading.complaint import complaint
from chalicelib.reading.lexicon import LANGUAGES, lexicon
from chalicelib.reading.numbers import personal_numbers
from chalicelib.reading.signals import FLAG_FROM, FLAGS, Form, Said, said, sentiment
from chalicelib.reading.spam import spam

NO_BELOW, YES_FROM = 0.5, 0.85
MOST_WORDS = 8
MADE_BY = {
    "complaint": ("complaint", "broken", "hashtag", "bad", "sad", "person", "legal", "time", "money", "hint"),
    "complains": ("complaint", "broken", "hashtag", "bad", "sad", "person", "legal", "time", "money", "hint"),
    "looks like spam": ("spam",),
    "sentiment": ("good", "bad", "not good", "not bad", "glad", "sad"),
} | {fact: (name,) for name, fact in FLAGS.items()}


@dataclass(frozen=True, slots=True)
class Heard:
    """The facts, and for each the words of our lists that made it."""

    facts: Mapping[str, Value]
    because: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def heard(text: str, stream: str, told_language: str | None, form: Form) -> Heard:
    """Everything that the words of a text say, in the languages that we have lists for."""
    spoken, lists = _languages(text, told_language)
    facts: dict[str, Value] = {"language": spoken} if spoken else {}
    numbers = personal_numbers(text)
    facts["personal number"] = bool(numbers)
    because = {"personal number": numbers} if numbers else {}
    if lists is None:
        return Heard(facts, because)
    told = said(text, stream, lexicon(lists))
    facts.update(_scored(text, told, form))
    facts.update(_flags(told))
    return Heard(facts, because | _because(told, facts))


def _languages(text: str, tag: str | None) -> tuple[tuple[str, ...] | None, str | None]:
    """The language of the text as a fact, and the lists to read it by.

    What the platform says stands. A guess that is not sure is no fact, but good enough to choose lists by: a short
    "Danke!" is German in no model's eyes. English where nothing else is near.
    """
    named = language.told(tag)
    if named:
        return named, next((each for each in named if each in LANGUAGES), None)
    guess = language.guess(text)
    if guess is None:
        return None, LANGUAGES[0]
    if guess.is_sure:
        return guess.languages, next((each for each in guess.languages if each in LANGUAGES), None)
    return None, next((each for each in guess.languages if each in LANGUAGES), LANGUAGES[0])


def _scored(text: str, told: Said, form: Form) -> Iterator[tuple[str, Value]]:
    strength = complaint(text, told, form)
    yield "complaint", strength
    yield from _sure("complains", strength)
    yield from _sure("looks like spam", spam(told, form))
    yield "sentiment", sentiment(text, told)


def _sure(name: str, strength: float) -> Iterator[tuple[str, Value]]:
    if not NO_BELOW <= strength < YES_FROM:
        yield name, strength >= YES_FROM


def _flags(told: Said) -> Iterator[tuple[str, Value]]:
    for name, fact in FLAGS.items():
        weight = told.sums.get(name, 0.0)
        if weight <= 0 or weight >= FLAG_FROM:
            yield fact, weight >= FLAG_FROM


def _because(told: Said, facts: Mapping[str, Value]) -> dict[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for fact, names in MADE_BY.items():
        if facts.get(fact):
            words = [word for name in names if name in told.words for word in told.words[name]]
            if words:
                made[fact] = tuple(dict.fromkeys(words))[:MOST_WORDS]
    return made
