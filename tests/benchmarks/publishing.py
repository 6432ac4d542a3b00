"""What publishing costs: the gate, a running function that takes a version, and its size in the table.

    python -m tests.benchmarks.publishing [RULES ...]

CPU seconds; the rules are made up: 12 to 24 words each, every second with an `any`, every third with a `none`.
"""

from __future__ import annotations

import random
import resource
import sys
import time
import zlib
from collections.abc import Callable

from chalicelib.rulebook import bundle, gate
from chalicelib.rulebook.rule import Book, Rule
from tests.unit.rulebooks import line, rule, words

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def book(rules: int, seed: int = 20261122) -> Book:
    """So many rules over 5,000 made-up words."""
    chance = random.Random(seed)  # noqa: S311
    vocabulary = ["".join(chance.choices(LETTERS, k=chance.randint(4, 9))) for _ in range(5000)]
    return Book((), tuple(_rule(number, vocabulary, chance) for number in range(rules)))


def _rule(number: int, vocabulary: list[str], chance: random.Random) -> Rule:
    lines = [line("all", words(*chance.sample(vocabulary, 12)))]
    if number % 2:
        lines += [line("any", words(*chance.sample(vocabulary, 4))) for _ in range(2)]
    if number % 3 == 0:
        lines.append(line("none", words(*chance.sample(vocabulary, 4))))
    return rule(f"rule-{number}", *lines)


def cpu(what: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds of this process, and of the processes it started and awaited."""
    own, others = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    what()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = after.ru_utime + after.ru_stime - others.ru_utime - others.ru_stime
    return time.process_time() - own, started


def measure(rules: int) -> None:
    """One line of figures."""
    text = bundle.dumps(book(rules))
    found: list[gate.Examined] = []
    _, whole = cpu(lambda: found.append(gate.examine(text)))
    _, in_function = cpu(lambda: found.append(gate.examine(text, limits=gate.in_a_function(512))))
    load, _ = cpu(lambda: bundle.loads(text).close())
    packed = len(zlib.compress(text.encode(), 9))
    refused = [problem for one in found for problem in one.problems] or "not refused"
    print(
        f"{rules:>6} rules: gate {whole:.2f} s for {found[0].posts} posts; a function: trial {in_function:.2f} s, "
        f"load {load:.3f} s; bundle {len(text) / 1000:.0f} kB, packed {packed / 1000:.0f} kB; {refused}"
    )


if __name__ == "__main__":
    for count in map(int, sys.argv[1:] or ("14", "100", "1000", "5000")):
        measure(count)
