"""The least change to a post that makes a rule match: small changes are put together, the fewest first, and tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import combinations, count

from chalicelib.model import Answer, Facts, LineAnswer, Outcome
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.edit import Edit, Sample
from chalicelib.rulebook.edits import Hints, towards
from chalicelib.rulebook.rule import BLOCKS, Book, Line, Rule, Status, Then
from chalicelib.rulebook.trace import failing

MOST_TRIED = 600
MOST_EDITS = 8
MOST_WAYS = 12
MOST_PRUNED = 6
_TOPIC = Then(Outcome.ESCALATE)
Reading = Callable[[Sample], Facts]
Asked = list[tuple[Line, LineAnswer]]


@dataclass(frozen=True, slots=True)
class Change:
    """What would have to be different, and the sample that matched when it was decided again."""

    edits: tuple[Edit, ...]
    sample: Sample


class LeastChange:
    """Looks for the least change by which one rule matches, in a small rulebook of the rule and the topics."""

    def __init__(self, book: Book, rule: Rule, read: Reading, texts: Sequence[str] = ()) -> None:
        """`texts` are some that the rule matches: where a pattern's words come from."""
        topics = tuple(
            Rule(_as_rule(topic.id), topic.id, Status.LIVE, "", "", topic.lines, _TOPIC) for topic in book.topics
        )
        self._rule = replace(rule, status=Status.LIVE)
        self._topics = {topic.name: topic for topic in topics}
        self._book = Rulebook(Book(book.topics, (self._rule, *topics), book.calendars), "", "plain")
        self._read = read
        self._hints = Hints(self._rank, tuple(texts), {each.name: each for each in book.calendars})

    def find(self, sample: Sample) -> Change | None:
        """The least change found, empty where the rule matches already; None where small changes do not do it.

        What `repeats` counts is left aside: no change to one post makes others say the same.
        """
        order = count()
        heap: list[tuple[int, int, Sample, tuple[Edit, ...]]] = [(0, next(order), sample, ())]
        seen = set()
        for _ in range(MOST_TRIED):
            if not heap:
                return None
            _, _, now, edits = heappop(heap)
            stops = self._stops(self._rule, now)
            if not stops:
                return self._pruned(sample, Change(edits, now))
            if len(edits) == MOST_EDITS or (shape := repr(now)) in seen:
                continue
            seen.add(shape)
            for edit in self._ways(stops, now):
                cost = sum(each.cost for each in (*edits, edit)) + len(stops) - 1
                heappush(heap, (cost, next(order), edit.apply(now), (*edits, edit)))
        return None

    def _pruned(self, sample: Sample, change: Change) -> Change:
        """The smallest part of the change that does as well: a later edit may have made an earlier one needless."""
        reads_best = tuple(sorted(change.edits, key=lambda edit: edit.is_last))
        sizes = range(len(reads_best) + 1) if len(reads_best) <= MOST_PRUNED else ()
        orders = (reads_best, change.edits)  # as they were found they work, in the other order some may not
        for part in (part for size in sizes for edits in orders for part in combinations(edits, size)):
            tried = sample
            for edit in part:
                tried = edit.apply(tried)
            if not self._stops(self._rule, tried):
                return Change(part, tried)
        return change

    def _stops(self, rule: Rule, sample: Sample) -> list[Asked]:
        """What keeps the rule from matching: for each thing needed, the lines of which one must answer otherwise."""
        asked = self._asked(rule, sample)
        stopping = failing([answer for _, answer in asked], rule.then.outcome is Outcome.IGNORE)
        by_line = [(line, answer) for line, answer in asked if any(answer is each for each in stopping)]
        some = [pair for pair in by_line if pair[0].block == "any"]
        rest = [[pair] for pair in by_line if pair[0].block != "any"]
        return [*rest, some] if some else rest

    def _asked(self, rule: Rule, sample: Sample) -> Asked:
        trace = self._book.explain(self._read(sample), rule.id, Answer.YES)
        lines = [line for line in trace.lines if line.block in BLOCKS] if trace else []
        return list(zip(rule.lines, lines, strict=True))

    def _ways(self, stops: list[Asked], sample: Sample) -> list[Edit]:
        """The changes that may help with one of the things needed: that for which there are fewest."""
        each = [[edit for line, _ in some for edit in self._line_ways(line, sample)][:MOST_WAYS] for some in stops]
        return min(each, key=len)

    def _line_ways(self, line: Line, sample: Sample) -> Iterator[Edit]:
        wanted = line.block != "none"
        if line.asks.field != "topic":
            return towards(line.asks, wanted, sample, self._hints)
        named = [self._topics[name] for name in line.asks.values]
        return (edit for topic in named for edit in self._topic_ways(topic, wanted, sample))

    def _topic_ways(self, topic: Rule, wanted: bool, sample: Sample) -> Iterator[Edit]:
        if wanted:
            stops = self._stops(topic, sample)
            return iter(self._ways(stops, sample) if stops else ())
        yes = [line for line, answer in self._asked(topic, sample) if answer.answer is not Answer.NO]
        broken = [line for line in yes if line.block != "none"]
        return (edit for line in broken for edit in towards(line.asks, False, sample, self._hints))

    def _rank(self, word: str) -> int:
        """Words that several lines look for come first, then those without a `*`; last those of a line of `none`."""
        asked = (line.block for line in self._rule.lines if word in line.asks.values)
        return sum(10 if block == "none" else -2 for block in asked) + ("*" in word)


def _as_rule(topic: str) -> str:
    return f"topic {topic}"
