"""What matching a post costs, beside other engines on the same rules and posts, in turn, in one run.

    make bench                          or: .venv/bin/python -m tests.benchmarks.rules [ROUNDS]

All engines agree on who matches whom before any is timed. Inside our time: `Rulebook.match`, from a post's facts, the
stream of its text among them, to the ids of the rules that match: one pass for all words, the index, the lines of
candidates, durable_rules, topics. Not inside: reading the post (for the peers neither), choosing among the rules that
match, reasons, traces; what those cost is told beside. Nothing is remembered from one post to the next.
A peer's time holds what its adapter does with a post; json-rules-engine gets the words found for nothing.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.model import Facts
from chalicelib.rulebook.book import Rulebook
from tests.benchmarks import rules_peers as peers
from tests.benchmarks.rules_ours import book, facts
from tests.benchmarks.rules_workload import Workload, made

ROUNDS = 5
SLICE = 0.05  # seconds of CPU for an engine in a round
OURS = "Earshot: durable_rules behind the index"
# Of each workload: at least so many times the posts a second of the fastest peer, and of the hand-made index.
TARGETS = {"100_rare": (1.5, None), "1000_rare": (5.0, 0.4), "100_busy": (0.5, None), "1000_busy": (0.5, None)}
GROWTH, MOST_GROWTH = (100, 1000, 5000), 3.0


@dataclass
class Timed:
    """One engine over the posts, and microseconds of CPU a post, round by round."""

    match: Callable[[Any], Any]
    given: Sequence[Any]
    rounds: list[float] = field(default_factory=list)

    def run(self, turn: int, seconds: float = SLICE) -> None:
        """One round; each begins elsewhere among the posts."""
        match, count, start = self.match, 0, time.process_time()
        while (took := time.process_time() - start) < seconds:
            first = (turn * 977 + count) % len(self.given)
            chunk = self.given[first : first + 50]
            for each in chunk:
                match(each)
            count += len(chunk)
        self.rounds.append(took / count * 1e6)

    @property
    def cost(self) -> float:
        """The median round."""
        return statistics.median(self.rounds)


def workload(name: str, has_peers: bool) -> Workload:
    """The shared one where it is, else one of our own of the same shape."""
    count, _, kind = name.partition("_")
    if not has_peers:
        return made(int(count), kind == "busy")
    posts, rules = peers.shared(name)
    index = peers.adapters(rules, (peers.INDEX,))[peers.INDEX]
    return Workload(posts, rules, [frozenset(index(post)) for post in posts])


def agree(name: str, found: Sequence[Any], expected: Sequence[frozenset[str]]) -> None:
    """End the benchmark where an engine is wrong."""
    wrong = sum(set(each) != right for each, right in zip(found, expected, strict=False))
    if wrong:
        raise SystemExit(f"{name} is wrong about {wrong} of {len(found)} posts: there is nothing to time")


def compare(name: str, rounds: int, has_peers: bool) -> bool:
    """Measure one workload; whether its targets were met."""
    work = workload(name, has_peers)
    print(f"\n{name}: {work}", flush=True)
    rulebook, plain = Rulebook(book(work.rules), "bench"), Rulebook(book(work.rules), "bench", "plain")
    read = [facts(post) for post in work.posts]
    engines = {OURS: Timed(rulebook.match, read), "Earshot: the plain engine": Timed(plain.match, read)}
    others = peers.adapters(work.rules) if has_peers else {}
    engines |= {peer: Timed(match, work.posts) for peer, match in others.items()}
    for engine, timed in engines.items():
        some = timed.given if engine == OURS else timed.given[:200]
        agree(engine, [timed.match(each) for each in some], work.expected)
    for turn in range(rounds):
        for timed in list(engines.values())[:: 1 if turn % 2 else -1]:
            timed.run(turn)
    costs = {engine: timed.cost for engine, timed in engines.items()}
    if has_peers and peers.NODE.exists():
        costs[peers.Node.NAME] = _node(work, 30 if "1000" in name else 150)
    _show(costs)
    _told(rulebook, read)
    rulebook.close()
    return _judged(name, costs)


def _node(work: Workload, count: int) -> float:
    node = peers.Node(work.posts, work.rules)
    agree(node.NAME, node.run(0, count)[1], work.expected)
    took = min(node.run(turn * count, count)[0] for turn in range(3))
    node.close()
    return took / count * 1e6


def _show(costs: dict[str, float]) -> None:
    for engine, cost in sorted(costs.items(), key=lambda pair: pair[1]):
        print(f"  {engine:<48} {cost:9.1f} us a post   {costs[OURS] / cost:6.3f} of our speed", flush=True)


def _told(rulebook: Rulebook, read: Sequence[Facts]) -> None:
    """What else a decision costs."""
    for what, decide in (
        ("decided, with topics", lambda each: rulebook.decide(each, trace=False)),
        ("decided and traced", rulebook.decide),
    ):
        timed = Timed(decide, read[:200])
        timed.run(0, SLICE * 2)
        print(f"  {'  of ours, the whole: ' + what:<48} {timed.cost:9.1f} us a post", flush=True)


def _judged(name: str, costs: dict[str, float]) -> bool:
    compared = {engine: cost for engine, cost in costs.items() if "Earshot" not in engine and engine != peers.INDEX}
    if not compared:
        print("  no peers on this machine: nothing to compare with")
        return True
    fastest = min(compared, key=lambda engine: compared[engine])
    times, of_index = TARGETS[name]
    reached, of_limit = compared[fastest] / costs[OURS], costs[peers.INDEX] / costs[OURS]
    met = reached >= times and (of_index is None or of_limit >= of_index)
    limit = f", {of_limit:.2f} of the hand-made index" + (f" (at least {of_index})" if of_index else "")
    print(f"  {'met' if met else 'MISSED'}: {reached:.2f} x the fastest, {fastest} (at least {times}){limit}")
    return met


def grow(rounds: int) -> bool:
    """What a post costs as rules are added, of a workload of our own; whether it grows less than the target."""
    print("\ngrowth (4 % of posts match, rules of our own making)", flush=True)
    sizes: dict[int, Timed] = {}
    rulebooks: list[Rulebook] = []
    for count in GROWTH:
        work = made(count, busy=False)
        rulebooks.append(Rulebook(book(work.rules), "bench"))
        sizes[count] = Timed(rulebooks[-1].match, [facts(post) for post in work.posts])
        agree(f"{count} rules", [rulebooks[-1].match(each) for each in sizes[count].given], work.expected)
    for turn in range(rounds):
        for timed in sizes.values():
            timed.run(turn)
    for rulebook in rulebooks:
        rulebook.close()
    grown = sizes[GROWTH[-1]].cost / sizes[GROWTH[0]].cost
    print("  " + ", ".join(f"{count} rules {timed.cost:.1f} us a post" for count, timed in sizes.items()))
    print(f"  {'met' if grown < MOST_GROWTH else 'MISSED'}: x {grown:.2f} (less than {MOST_GROWTH})")
    return grown < MOST_GROWTH


def main() -> int:
    """Measure everything; 1 where a target was missed."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    has_peers = peers.installed()
    met = [compare(name, rounds, has_peers) for name in TARGETS]
    return 0 if all([*met, grow(rounds)]) else 1


if __name__ == "__main__":
    sys.exit(main())
