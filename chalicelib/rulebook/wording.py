"""Small changes to a post's texts that make a line of a rule say otherwise: words added, words dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from chalicelib.rulebook.edit import Edit, Sample
from chalicelib.rulebook.rule import Test
from chalicelib.rulebook.search import Search
from chalicelib.words import is_unspaced, stream

MOST = 12
_TOKEN = re.compile(r"\S+")


def added(test: Test, sample: Sample, words: Sequence[str]) -> Iterator[Edit]:
    """Ways to add what a word test still lacks; `words` are its words, the most useful first."""
    text = text_of(sample, test.field) or ""
    missing = [word for word in words if not holds(text, word)]
    short = _needed(test) - (len(words) - len(missing))
    starts = range(len(missing) - short + 1) if short > 0 else range(0)
    for start in islice(starts, MOST):
        yield adding(test.field, missing[start : start + short])


def adding(field: str, words: Sequence[str]) -> Edit:
    """Words put at the end of a text."""
    shown = " and ".join(map(_named, words))
    where = "" if field == "text" else f" to the {field}"
    written = " ".join(part.rstrip("*") for word in words for part in word.split())
    return Edit(f"add {shown}{where}", sum(len(word.split()) for word in words), partial(_append, field, written))


def dropped(test: Test, sample: Sample) -> Iterator[Edit]:
    """Ways to drop one of the words that a word test finds: the whole phrase, or one word of it."""
    text = text_of(sample, test.field) or ""
    for word in [word for word in test.values if holds(text, word)][:MOST]:
        if is_unspaced(word) and word in text:
            yield Edit(f'drop "{word}"', 1, partial(_without, test.field, word))
            continue
        start, end = _span(text, word)
        parts = text[start:end].split()
        if len(parts) > 1:
            yield from (dropping(test.field, part) for part in parts)
        yield dropping(test.field, text[start:end])


def dropping(field: str, written: str) -> Edit:
    """A stretch of a text taken out, wherever it stands as words of its own; punctuation after it stays."""
    where, bare = "" if field == "text" else f" from the {field}", written.strip(_ENDS) or written
    return Edit(f'drop "{bare}"{where}', len(bare.split()), partial(_cut, field, bare))


_ENDS = ".,;:!?()\"' "


def holds(text: str, word: str) -> bool:
    """Whether rules find this word in the text."""
    return bool(Search((word,))(stream(text)))


def text_of(sample: Sample, field: str) -> str | None:
    """The post's text, quoted text or parent text."""
    found: str | None = getattr(sample.post, field.replace(" ", "_"))
    return found


def with_text(sample: Sample, field: str, text: str | None) -> Sample:
    """The same with another text."""
    return replace(sample, post=replace(sample.post, **{field.replace(" ", "_"): text}))  # type: ignore[arg-type]


def _needed(test: Test) -> int:
    if test.test == "has any":
        return 1
    return len(test.values) if test.test == "has all" else int(test.number or 1)


def _named(word: str) -> str:
    if "*" in word:
        starts = word.replace("*", "")
        return f'words like "{starts}"' if " " in word else f'a word that starts with "{starts}"'
    return f'the words "{word}"' if " " in word else f'the word "{word}"'


def _append(field: str, words: str, sample: Sample) -> Sample:
    text = text_of(sample, field)
    return with_text(sample, field, f"{text.rstrip()} {words}" if text and text.strip() else words)


def _without(field: str, word: str, sample: Sample) -> Sample:
    return with_text(sample, field, (text_of(sample, field) or "").replace(word, ""))


def _cut(field: str, written: str, sample: Sample) -> Sample:
    pattern = re.compile(rf"(?<!\w){re.escape(written)}(?!\w)")
    return with_text(sample, field, re.sub(r"[ \t]{2,}", " ", pattern.sub("", text_of(sample, field) or "")).strip())


def _span(text: str, word: str) -> tuple[int, int]:
    """The shortest run of blank-separated words in which the word is found."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    for length in range(1, len(tokens) + 1):
        for first in range(len(tokens) - length + 1):
            start, end = tokens[first][0], tokens[first + length - 1][1]
            if holds(text[start:end], word):
                return start, end
    return 0, len(text)
