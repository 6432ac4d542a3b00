"""A rulebook that decides: topics first, then rules, then the choice among those that matched."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date, timedelta

from chalicelib.errors import SettingsError
from chalicelib.model import Decision, Facts, Outcome, Priority, RuleTrace
from chalicelib.rulebook.answers import Answers, Questions
from chalicelib.rulebook.choose import decided, unmatched, winner
from chalicelib.rulebook.plain import PlainMatcher
from chalicelib.rulebook.rule import Book, Line, Rule, Status
from chalicelib.rulebook.stratum import Engine, Stratum, condition
from chalicelib.rulebook.trace import answered, because, is_near, is_unclear, trace

SAMPLE = 0.01
GRACE = timedelta(days=14)
MOST_TRACES = 20


class Rulebook:
    """One version of all rules. `decide` gives the same answer for the same facts, always.

    Only live and shadow rules are evaluated; `tried` adds drafts (for their examples). Holds C memory: `close` it when
    another version takes over.
    """

    def __init__(
        self, book: Book, version: str, engine: str = "durable", sample: float = SAMPLE, tried: bool = False
    ) -> None:
        self.version = version
        self.book = book
        self._sample = sample
        wanted = {Status.LIVE, Status.SHADOW} | ({Status.DRAFT} if tried else set())
        self.rules = {f"r{n}": rule for n, rule in enumerate(book.rules) if rule.status in wanted}
        self._topics = {f"t{n}": topic for n, topic in enumerate(book.topics)}
        written = [*(topic.lines for topic in book.topics), *(rule.lines for rule in self.rules.values())]
        asked = [line.asks for lines in written for line in lines]
        self._numbers = {test: number for number, test in enumerate(dict.fromkeys(asked))}
        self._questions = Questions(tuple(self._numbers))
        matcher = _engine(engine)
        self._first = self._stratum({name: (topic.lines, None) for name, topic in self._topics.items()}, matcher)
        self._second = self._stratum({n: (rule.lines, rule.then.outcome) for n, rule in self.rules.items()}, matcher)
        self._lines_of = {topic.id: topic.lines for topic in book.topics}

    def _stratum(self, owners: dict[str, tuple[tuple[Line, ...], Outcome | None]], engine: Engine) -> Stratum:
        conditions = {name: condition(lines, outcome, self._numbers) for name, (lines, outcome) in owners.items()}
        return Stratum(conditions, self._questions.tests, engine)

    def decide(self, facts: Facts, trace: bool = True) -> Decision:
        """The decision with its reasons; `trace` adds the lines of every rule that matched or came near."""
        answers = self._answers(facts)
        candidates = self._second.candidates(answers)
        found = self._second.matches(candidates, answers)
        matched = [self.rules[name] for name in sorted(found)]
        acting = [rule for rule in matched if self._acts(rule, facts)]
        decision = self._choose(facts, acting, answers)
        shadow = tuple(sorted(rule.id for rule in matched if rule not in acting))
        lines = self._traces(candidates, found, answers) if trace else ()
        ids = tuple(sorted(rule.id for rule in acting))
        return replace(decision, matched=ids, shadow=shadow, rulebook=self.version, lines=lines)

    def explain(self, facts: Facts, rule_id: str) -> RuleTrace | None:
        """One rule's lines, answered, whether or not it came near; None where it is not evaluated."""
        answers = self._answers(facts)
        for name, rule in self.rules.items():
            if rule.id == rule_id:
                return trace(rule, bool(self._second.matches({name}, answers)), answers, self._numbers)
        return None

    def close(self) -> None:
        """Free the engine's memory."""
        self._first.close()
        self._second.close()

    def _answers(self, facts: Facts) -> Answers:
        answers = Answers(self._questions, facts)
        found = self._first.matches(self._first.candidates(answers), answers)
        answers.topics = frozenset(self._topics[name].id for name in found)
        answers.unclear_topics = lambda name: is_unclear(answered(self._lines_of[name], answers, self._numbers))
        return answers

    def _acts(self, rule: Rule, facts: Facts) -> bool:
        """A live rule acts until a fortnight past its review; an urgent one goes on."""
        if rule.status is not Status.LIVE:
            return False
        if rule.then.priority is Priority.URGENT or facts.post.at is None:
            return True
        return facts.post.at.date() <= date.fromisoformat(rule.review_by) + GRACE

    def _choose(self, facts: Facts, acting: Sequence[Rule], answers: Answers) -> Decision:
        chosen = winner(acting)
        topics = tuple(sorted(answers.topics))
        if chosen is None:
            return replace(unmatched(facts.post, self.version, self._sample), topics=topics)
        return decided(facts, chosen, acting, topics, lambda rule: because(rule, answers, self._numbers))

    def _traces(self, candidates: Set[str], found: Set[str], answers: Answers) -> tuple[RuleTrace, ...]:
        ordered = sorted(candidates, key=lambda name: (name not in found, self.rules[name].id))
        traced = ((self.rules[n], trace(self.rules[n], n in found, answers, self._numbers)) for n in ordered)
        near = [each for rule, each in traced if each.matched or is_near(each.lines, _is_ignore(rule))]
        return tuple(near[:MOST_TRACES])


def _is_ignore(rule: Rule) -> bool:
    return rule.then.outcome is Outcome.IGNORE


def _engine(name: str) -> Engine:
    if name == "plain":
        return PlainMatcher
    if name != "durable":
        raise SettingsError(f"there is no engine {name!r}; there are durable and plain")
    from chalicelib.rulebook.engine import DurableMatcher  # so that the kill switch never loads the C code

    return DurableMatcher
