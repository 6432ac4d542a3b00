"""Where rules of different teams meet: posts that both want, words that both look for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from chalicelib.ports.deciding import Reader
from chalicelib.rulebook.answers import WORD_TESTS
from chalicelib.rulebook.bundle import compiled
from chalicelib.rulebook.choose import winner
from chalicelib.rulebook.loader import Source
from chalicelib.rulebook.rule import Rule, Status
from chalicelib.words import phrase


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules of different teams: the examples that both match, the words that both find, and who would decide."""

    one: str
    other: str
    posts: tuple[str, ...]
    words: tuple[str, ...]
    wins: str


def overlaps(source: Source, teams: Mapping[str, str], read: Reader) -> list[Overlap]:
    """Every pair of rules of different teams that meets; `teams` are those who work on what each rule finds."""
    rules = {written.rule.id: written.rule for written in source.rules if written.rule.status is not Status.RETIRED}
    matched = _matched(source, read)
    found = []
    for one, other in combinations(sorted(rules), 2):
        if teams[one] == teams[other]:
            continue
        posts = tuple(text for text, names in matched if {one, other} <= names)
        words = _shared(rules[one], rules[other])
        wins = winner([rules[one], rules[other]])
        if (posts or words) and wins is not None:
            found.append(Overlap(one, other, posts, words, wins.id))
    return sorted(found, key=lambda each: (-len(each.posts), -len(each.words), each.one, each.other))


def _matched(source: Source, read: Reader) -> list[tuple[str, frozenset[str]]]:
    """Each example's text with all rules that match it, drafts too."""
    rulebook = compiled(source.book, tried=True)
    examples = {each.shown: each for written in source.rules for each in written.examples}
    try:
        return [(text, rulebook.match(read(each.post, each.context))) for text, each in examples.items()]
    finally:
        rulebook.close()


def _shared(one: Rule, other: Rule) -> tuple[str, ...]:
    """Words that both look for, by what they find: `Refund` and `refund` are the same."""
    wanted = {phrase(word) for word in _wanted(one)}
    return tuple(sorted(word for word in _wanted(other) if phrase(word) in wanted))


def _wanted(rule: Rule) -> set[str]:
    lines = [line.asks for line in rule.lines if line.block != "none" and line.asks.test in WORD_TESTS]
    return {word for asks in lines if asks.field == "text" for word in asks.values}
