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
from collections.abc import Iterator
from itertools import chain, islice
from math import ceil

from chalicelib.model import Context, Decision
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
        durable, plain = (bundle.loads(given.bundle, engine) for engine in ("durable", "plain"))
        for sample in chain(given.samples, islice(_probes(plain), given.limits.posts)):
            _tell(at=sample.name)
            _compare(sample, durable, plain)
    except MemoryError:
        _tell(memory="not enough")
        return 1
    except Exception as trouble:  # whatever it is, these rules must not decide
        _tell(failed=str(trouble) or type(trouble).__name__)
        return 1
    _tell(done="all")
    return 0


def _limit(limits: Limits) -> None:
    """Also where nobody is there any more to end it: CPU time is never more than the time by the clock."""
    space, seconds = limits.megabytes * 2**20, ceil(limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _probes(rulebook: Rulebook) -> Iterator[Sample]:
    return (Sample(name, post, Context()) for name, post in probes(rulebook.book))


def _compare(sample: Sample, durable: Rulebook, plain: Rulebook) -> None:
    facts = read(sample.post, sample.context)
    found, expected = durable.decide(facts, trace=False), plain.decide(facts, trace=False)
    if found == expected:
        return
    ours, theirs = _matched(found), _matched(expected)
    for rule in sorted(ours ^ theirs):
        does, should = ("matches", "does not") if rule in ours else ("does not match", "does")
        _tell(wrong=f"rule '{rule}' {does} by durable_rules and {should} by the plain evaluator, at {sample.name}")
    if ours == theirs:
        _tell(wrong=f"the two engines come to other decisions, at {sample.name}")


def _matched(decision: Decision) -> set[str]:
    return {*decision.matched, *decision.shadow}


def _tell(**said: str) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    sys.exit(main())
