"""From a rule whose lines match to its windows, and from what they answer to a line of its trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from chalicelib.model import Answer, Counted, Facts, LineAnswer, Post, Sighting, Terms
from chalicelib.model.window import mark
from chalicelib.ports.deciding import Windows
from chalicelib.rulebook.clock import duration
from chalicelib.rulebook.rule import PERSONS, POSTS, WORDING, Repeats, Rule, Status
from chalicelib.rulebook.telling import telling_words
from chalicelib.words import bare_words

BLOCK = "repeats"
FEWEST = 6  # words that two people do not write in the same row by chance
MOST_WINDOWS = 16  # of one post: one with more topics counts in the first of them
UNTOLD = (*PERSONS, WORDING)
_STRONGEST = (Answer.YES, Answer.NO, Answer.UNKNOWN)


Crossed = tuple[tuple[str, ...], Sighting, Counted]  # the values it counts apart, and what was asked and answered


@dataclass(frozen=True, slots=True)
class Watched:
    """What the windows of a rule answered to a post, as a line of its trace, and those that crossed."""

    line: LineAnswer
    crossed: tuple[Crossed, ...] = ()


def watched(rule: Rule, repeats: Repeats, facts: Facts, topics: frozenset[str], windows: Windows | None) -> Watched:
    """What the windows of this post answer: yes where one crosses; unknown where there is none, and why."""
    seen = sightings(rule, repeats, facts, topics)
    if windows is None:
        return Watched(unwatched(repeats, "no posts are counted here"))
    if isinstance(seen, str):
        return Watched(unwatched(repeats, f"{seen} is not known"))
    answers = windows.sight(list(seen.values()))
    crossed = ((*asked, said) for asked, said in zip(seen.items(), answers, strict=True) if said.crossed is not None)
    return Watched(_line(repeats, answers, list(seen)), tuple(crossed))


def _line(repeats: Repeats, answers: Sequence[Counted], seen: Sequence[tuple[str, ...]]) -> LineAnswer:
    counted = zip(answers, seen, strict=True)
    best, values = min(counted, key=lambda each: (_STRONGEST.index(each[0].answer), -each[0].count))
    shown = tuple(value for name, value in zip(repeats.per, values, strict=True) if name not in UNTOLD and value)
    return LineAnswer(BLOCK, _said(repeats, best), best.answer, shown)


def unwatched(repeats: Repeats, why: str = "", answer: Answer = Answer.UNKNOWN) -> LineAnswer:
    """The line of a rule whose windows were not asked."""
    asked = f"at least {repeats.at_least} {repeats.count} within {repeats.within}"
    return LineAnswer(BLOCK, f"{why} ({asked})" if why else asked, answer)


def sightings(
    rule: Rule, repeats: Repeats, facts: Facts, topics: frozenset[str]
) -> dict[tuple[str, ...], Sighting] | str:
    """This post in each of the rule's windows, by the values it counts apart; or the name of what is not known."""
    post = facts.post
    who = post.id if repeats.count == POSTS else post.author_key
    if who is None:
        return "the author"
    at = _said_at(post)
    if at is None:
        return "the time"
    found = [_values(name, facts, topics) for name in repeats.per]
    if missing := next((name for name, values in zip(repeats.per, found, strict=True) if not values), None):
        return missing
    # What is counted is part of the name: a rule that counts otherwise starts anew.
    group = f"{rule.id}/{mark('/'.join((repeats.count, *repeats.per)))}"
    terms = terms_of(repeats)
    raises = rule.raises_alerts and rule.status is Status.LIVE
    words = telling_words(post) if raises else ()
    return {
        values: Sighting(group, "/".join((group, *map(mark, values))), post.id, who, at, terms, raises, words)
        for values in list(product(*found))[:MOST_WINDOWS]
    }


def terms_of(repeats: Repeats) -> Terms:
    """What the rule asks, in plain lengths of time."""
    within, quiet = duration(repeats.within).length, duration(repeats.quiet).length
    compared = (repeats.times_usual, repeats.times_lately)
    return Terms(repeats.at_least, within, quiet, *compared, goes_on=repeats.goes_on)


def _said_at(post: Post) -> datetime | None:
    """When it was said: a time that lies after its delivery is a platform's wrong clock."""
    times = [time for time in (post.at, post.delivered_at) if time is not None]
    return min(times, default=None)


def _values(name: str, facts: Facts, topics: frozenset[str]) -> Sequence[str]:
    """One window for each topic, and one for posts without; other fields must be known."""
    if name == "topic":
        return sorted(topics) or [""]
    post = facts.post
    own = {"author": post.author_key, "conversation": post.conversation_id}
    if name == WORDING:
        own[name] = wording(facts)
    value = own[name] if name in own else facts.values.get(name)
    if value is None or isinstance(value, tuple):
        return tuple(value or ())
    return (f"{value}",)


def wording(facts: Facts) -> str | None:
    """The words of a text as one short mark, the same where only capitals, marks, numbers, links and handles differ.

    None of a text of fewer than FEWEST words: many people say "thank you so much" by themselves.
    """
    words = [word for word in bare_words(str(facts.values.get("text", ""))) if not word.isdigit()]
    return mark(" ".join(words)) if len(words) >= FEWEST else None


def _said(repeats: Repeats, counted: Counted) -> str:
    asked = f"{repeats.count} within {repeats.within}"
    if counted.instead:
        return f"{counted.instead} (at least {counted.needed or repeats.at_least} {asked})"
    return f"{counted.count} of {counted.needed} {asked}"
