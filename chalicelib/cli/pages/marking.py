"""Where in a person's own text the words stand that rules found: rules see folded words, people write as they like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chalicelib.words import fold

PART = " (as part of a word)"
_WORDISH = re.compile(r"[^\W_]|[^\x00-\x7f]")


def marked(text: str, found: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words; put together they are the text."""
    pieces, at = [], 0
    for start, end in _merged(sorted(_spans(text, found))):
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    pieces.append((text[at:], False))
    return [(piece, is_word) for piece, is_word in pieces if piece]


def _spans(text: str, found: Sequence[str]) -> Iterator[tuple[int, int]]:
    letters, places = _folded(text)
    for word in found:
        is_part = word.endswith(PART)
        wanted = "".join(_folded(word.removesuffix(PART))[0])
        searched = wanted.strip() if is_part else wanted
        start = letters.find(searched) if searched.strip() else -1
        while start >= 0:
            inside = [place for place in places[start : start + len(searched)] if place is not None]
            if inside:
                yield inside[0], inside[-1] + 1
            start = letters.find(searched, start + 1)


def _folded(text: str) -> tuple[str, list[int | None]]:
    """The text as rules see it, with one space wherever no word is, and where in the text each letter came from."""
    letters: list[str] = [" "]
    places: list[int | None] = [None]
    for place, sign in enumerate(text):
        for letter in _seen(sign):
            if letter != " ":
                letters.append(letter)
                places.append(place)
            elif letters[-1] != " ":
                letters.append(" ")
                places.append(None)
    if letters[-1] != " ":
        letters.append(" ")
        places.append(None)
    return "".join(letters), places


def _seen(sign: str) -> str:
    """A sign folded; one that parts words is a space, one that rules do not see is nothing."""
    folded = fold(sign)
    if not folded:
        return " " if sign.isspace() else ""
    return "".join(letter if _WORDISH.match(letter) or letter in "$%+" else " " for letter in folded)


def _merged(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    open_at, until = None, 0
    for start, end in spans:
        if open_at is not None and start <= until:
            until = max(until, end)
            continue
        if open_at is not None:
            yield open_at, until
        open_at, until = start, end
    if open_at is not None:
        yield open_at, until
