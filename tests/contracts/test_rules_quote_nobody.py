"""No rule, no example and no phrase of our lists is what somebody posted: whom we measure by we do not quote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.reading.lexicon import LANGUAGES, lexicon
from chalicelib.words import bare_words, stream

ROOT = Path(__file__).parents[2]
DATA = ROOT / ".." / "shared" / "data"
FEWEST = 6  # words in a row: fewer are everybody's
Said = tuple[str, ...]


def in_a_row(text: str) -> Iterator[Said]:
    words = bare_words(stream(text))
    return (tuple(words[start : start + FEWEST]) for start in range(len(words) - FEWEST + 1))


def ours() -> dict[Said, str]:
    """Every six words in a row of a rule's texts and examples and of the lists, and where they stand."""
    texts = [(entry.word, language) for language in LANGUAGES for entry in lexicon(language).entries]
    for file in sorted((ROOT / "rules").glob("*.rules.yml")):
        texts += [(line, file.name) for line in file.read_text(encoding="utf-8").splitlines()]
    return {said: where for text, where in texts for said in in_a_row(text)}


def test_six_words_in_a_row_are_seen_through_punctuation_and_capitals() -> None:
    assert ("six", "words", "are", "here", "in", "all") in set(in_a_row("Six words are HERE, in (all)!"))


@pytest.mark.skipif(not DATA.is_dir(), reason="the labelled posts are not here")
def test_no_rule_and_no_list_quotes_a_labelled_post() -> None:
    said = ours()
    quoted = set()
    for file in sorted(DATA.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").split("\n"):
            text = str(json.loads(line).get("text") or "") if line else ""
            quoted |= {(said[each], each) for each in in_a_row(text) if each in said}

    assert len(said) > 500
    assert quoted == set()
