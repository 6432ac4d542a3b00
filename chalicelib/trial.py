"""What the gate runs in a process of its own: one bundle on durable_rules and on the plain evaluator, post by post.

    python -m chalicelib.trial < a pickled gate.Given

Each line of its output is a JSON object: `at` before a post is decided, `wrong` where the two disagree, and at the end
`done`, `failed`, or `memory` where there was not enough of it. A line is out before the next post begins, so that the
last one tells where a crash was.
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice, takewhile
from math import ceil

from chalicelib.model import Answer, Context, Counted, Decision, Sighting
from chalicelib.reading import read
from chalicelib.rulebook import bundle
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.gate import Given, Limits, Sample
from chalicelib.rulebook.probes import probes


def main() -> int:
    """Try what standard input says; 0 when it came to its end."""
    given: Given = pickle.load(sys.stdin.buffer)  # noqa: S301 - of the process that started this one
    _limit(given.limits)
    try:
        _try(given)
    except MemoryError:
        _tell(memory="not enough")
        return 1
    except Exception as trouble:  # whatever it is, these rules must not decide
        _tell(failed=str(trouble) or type(trouble).__name__)
        return 1
    _tell(done="all")
    return 0


def _try(given: Given) -> None:
    """Every sample, and probes for half the time there is: a slow machine tries fewer, and refuses nothing for it."""
    until = time.monotonic() + given.limits.seconds / 2
    durable = bundle.loads(given.bundle)
    durable.prepare()  # a function makes rule sets one by one, when posts need them: none may fail there
    plain = Rulebook(durable.book, durable.version, "plain")
    made = takewhile(lambda _: time.monotonic() < until, islice(_probes(plain), given.limits.posts))
    for sample in chain(given.samples, made):
        _tell(at=sample.name)
        _compare(sample, durable, plain)


def _limit(limits: Limits) -> None:
    """Also where nobody is there any more to end it: CPU time is never more than the time by the clock."""
    space, seconds = limits.megabytes * 2**20, ceil(limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _probes(rulebook: Rulebook) -> Iterator[Sample]:
    return (Sample(name, post, Context()) for name, post in probes(rulebook.book))


def _compare(sample: Sample, durable: Rulebook, plain: Rulebook) -> None:
    """By the two engines, with windows that nobody asks and, where rules repeat, with windows that always cross."""
    facts = read(sample.post, sample.context)
    repeats = any(rule.repeats for rule in plain.book.rules)
    for windows in (None, Crossing()) if repeats else (None,):
        found, expected = (rulebook.decide(facts, False, windows) for rulebook in (durable, plain))
        if found != expected:
            _differ(sample, _matched(found), _matched(expected))


def _differ(sample: Sample, ours: set[str], theirs: set[str]) -> None:
    for rule in sorted(ours ^ theirs):
        does, should = ("matches", "does not") if rule in ours else ("does not match", "does")
        _tell(wrong=f"rule '{rule}' {does} by durable_rules and {should} by the plain evaluator, at {sample.name}")
    if ours == theirs:
        _tell(wrong=f"the two engines come to other decisions, at {sample.name}")


class Crossing:
    """ports.deciding.Windows that every post crosses."""

    def sight(self, sightings: Sequence[Sighting]) -> list[Counted]:
        """Yes, to each."""
        return [Counted(Answer.YES, one.terms.at_least, one.terms.at_least) for one in sightings]

    def posted(self, author_key: str, post_id: str, at: datetime, days: Collection[int]) -> dict[int, int]:
        """One post each."""
        return dict.fromkeys(days, 1)

    def settle(self) -> None:
        """There is nothing to write."""


def _matched(decision: Decision) -> set[str]:
    return {*decision.matched, *decision.shadow}


def _tell(**said: str) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    sys.exit(main())
