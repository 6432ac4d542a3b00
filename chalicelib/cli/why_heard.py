"""What is heard in a post, how strongly, and by which words: the ears' part of `earshot why`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.model import Context, Facts, Post
from chalicelib.reading import read
from chalicelib.rulebook.vocabulary import HEARD

WORDS_SHOWN = 4
SHOWN = tuple(name for name in HEARD if name != "complains")  # `complaint` says it with its strength
QUIET = 0.3  # below it a complaint or a tone is hardly there


def line(post: Post) -> str | None:
    """One line for people; None where nothing is heard."""
    facts = read(post, Context())
    said = [*_sounds(facts), *_languages(facts)]
    return f"heard: {'; '.join(said)}" if said else None


def as_json(post: Post) -> dict[str, Any]:
    """Everything that was heard or is not sure, with the words that made it."""
    facts = read(post, Context())
    names = (*HEARD, "sentiment", "language")
    known = {name: facts.values[name] for name in names if name in facts.values}
    unsure = [name for name in HEARD if name not in known]
    return {"known": known, "unknown": unsure, "words": {name: list(words) for name, words in facts.because.items()}}


def _sounds(facts: Facts) -> Iterator[str]:
    for name in (
        *(each for each in HEARD if each != "complains"),
        "sentiment",
    ):  # `complaint` says it with its strength
        value = facts.values.get(name)
        if value is True:
            yield name + _words(facts, name)
        elif isinstance(value, float) and abs(value) >= QUIET:
            yield f"{name} {value:.2f}{_words(facts, name)}"


def _words(facts: Facts, name: str) -> str:
    found = facts.because.get(name, ())[:WORDS_SHOWN]
    return f" ({', '.join(found)})" if found else ""


def _languages(facts: Facts) -> Iterator[str]:
    told = facts.values.get("language")
    if isinstance(told, tuple):
        yield f"language {' or '.join(told)}"
