"""A rulebook that decides: topics first, then rules, then the choice among those that matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from chalicelib.errors import SettingsError
from chalicelib.model import Answer, Crossing, Decision, Facts, Outcome, Priority, Recommended, RuleTrace
from chalicelib.ports.deciding import Windows
from chalicelib.rulebook.answers import Answers, Questions
from chalicelib.rulebook.calendars import Calendar, opened, working_week
from chalicelib.rulebook.choose import decided, standing, unmatched, winner
from chalicelib.rulebook.outside import Given, Outside
from chalicelib.rulebook.plain import PlainMatcher
from chalicelib.rulebook.raising import crossings
from chalicelib.rulebook.rule import Book, Rule, Status
from chalicelib.rulebook.stratum import Engine, Stratum, condition
from chalicelib.rulebook.topics import Topics
from chalicelib.rulebook.trace import because, is_near, trace
from chalicelib.rulebook.vocabulary import POSTED, posted_days
from chalicelib.rulebook.windowing import Watched

SAMPLE = 0.01
GRACE = timedelta(days=14)
MOST_TRACES = 20


class Rulebook:
    """One version of all rules. `decide` gives the same answer for the same facts, windows and recommendations, always.

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
        written = [*(topic.lines for topic in book.topics), *(rule.lines for rule in self.rules.values())]
        asked = [line.asks for lines in written for line in lines]
        self._numbers = {test: number for number, test in enumerate(dict.fromkeys(asked))}
        self._questions = Questions(tuple(self._numbers))
        self._calendars = {calendar.name: calendar for calendar in book.calendars}
        timed = {test.values[0] for test in self._numbers if test.test == "is within"}
        self._asked = tuple(self._calendars[name] for name in sorted(timed))
        self._days = frozenset(filter(None, (posted_days(test.field) for test in self._numbers)))
        matcher = _engine(engine)
        self._topics = Topics(book.topics, self._questions, self._numbers, matcher)
        self._outside = Outside(self.rules)
        conditions = {
            name: condition(rule.lines, rule.then.outcome, self._numbers, self._outside.predicates.get(name))
            for name, rule in self.rules.items()
        }
        self._second = Stratum(conditions, self._questions, matcher, self._topics.keys())

    def match(self, facts: Facts) -> frozenset[str]:
        """The ids of all rules that match, shadow rules and those past their review included; no reasons, no choice.

        Of a rule with `repeats` nobody counts here: it does not match.
        """
        answers = self._answers(facts)
        return frozenset(self.rules[name].id for name in self._second.matches(self._candidates(answers), answers))

    def decide(
        self,
        facts: Facts,
        trace: bool = True,
        windows: Windows | None = None,
        recommended: Sequence[Recommended] = (),
    ) -> Decision:
        """The decision with its reasons; `trace` adds the lines of every rule that matched or came near.

        `windows` are asked only for rules with `repeats` all of whose lines match, and for how often the author posted
        only where a rule asks; without them both are unknown.
        `recommended` is what the author was recommended before.
        """
        answers = self._answers(self._counted(facts, windows))
        found, given, watched = self._found(answers, windows, recommended)
        matched = [self.rules[name] for name in sorted(found)]
        acting = [rule for rule in matched if self._acts(rule, facts)]
        decision = self._choose(facts, acting, answers, given)
        shadow = tuple(sorted(rule.id for rule in matched if rule not in acting))
        lines = self._traces(found, answers, given) if trace else ()
        ids = tuple(sorted(rule.id for rule in acting))
        crossed = tuple(self._crossed(watched, standing(acting), answers))
        return replace(decision, matched=ids, shadow=shadow, rulebook=self.version, lines=lines, crossed=crossed)

    def explain(self, facts: Facts, rule_id: str, repeats: Answer = Answer.UNKNOWN) -> RuleTrace | None:
        """One rule's lines, answered, whether or not it came near; None where it is not evaluated.

        `repeats` is what its windows are taken to answer: an example is one post, and counts nothing.
        """
        answers = self._answers(facts)
        crossing: frozenset[str] = self._outside.all_crossing if repeats is Answer.YES else frozenset()
        for name, rule in self.rules.items():
            if rule.id == rule_id:
                matched = self._second.holds(name, answers, crossing)
                return self._trace(name, matched, answers, {name: self._outside.unasked(name, repeats)})
        return None

    def prepare(self) -> None:
        """Make every rule set of the engine now: what it cannot take is seen before the first post."""
        self._topics.prepare()
        self._second.prepare()

    def close(self) -> None:
        """Free the engine's memory."""
        self._topics.close()
        self._second.close()

    def _answers(self, facts: Facts) -> Answers:
        return Answers(self._questions, self._timed(facts), self._topics)

    def _candidates(self, answers: Answers) -> list[str]:
        return self._second.candidates(answers)

    def _found(
        self, answers: Answers, windows: Windows | None, recommended: Sequence[Recommended]
    ) -> tuple[set[str], Given, Mapping[str, Watched]]:
        """The rules that match: first by their lines alone, then by what their windows say, less those at their cap."""
        found = self._second.matches(self._candidates(answers), answers, self._outside.all_crossing)
        watched = self._outside.watched(found, answers, windows)
        if watched:
            found = self._second.matches(found, answers, self._outside.crossing(watched))
        capped = self._outside.capped(found, answers.facts.post, recommended)
        lines = [*((name, seen.line) for name, seen in watched.items()), *capped.items()]
        given = {name: tuple(line for owner, line in lines if owner == name) for name, _ in lines}
        return found - capped.keys(), given, watched

    def _crossed(self, watched: Mapping[str, Watched], acting: Sequence[Rule], answers: Answers) -> Iterator[Crossing]:
        """The alerts that are raised, by rules that act."""
        for name, seen in watched.items():
            rule = self.rules[name]
            if seen.crossed and rule in acting:
                topics = sorted(answers.topics)
                yield from crossings(rule, seen.crossed, answers.facts.post, topics, self.hours(rule))

    def hours(self, rule: Rule) -> Calendar:
        """The calendar in which the rule's business hours are counted."""
        return self._calendars[rule.calendar] if rule.calendar else working_week(rule.timezone)

    def _timed(self, facts: Facts) -> Facts:
        """With the calendars that rules ask about and that were open when it was posted; left out where no time is."""
        found = opened(self._asked, facts.post.at)
        return facts if found is None else replace(facts, values={**facts.values, "time": found})

    def _counted(self, facts: Facts, windows: Windows | None) -> Facts:
        """With how often the author posted, where a rule asks and somebody counts; what is known already stays."""
        post = facts.post
        if not self._days or windows is None or post.author_key is None or post.at is None:
            return facts
        posted = windows.posted(post.author_key, post.id, post.at, self._days)
        counts = {POSTED.replace("N", str(days)): count for days, count in posted.items()}
        return replace(facts, values={**counts, **facts.values})

    def _acts(self, rule: Rule, facts: Facts) -> bool:
        """A live rule acts until a fortnight past its review; an urgent one goes on."""
        if rule.status is not Status.LIVE:
            return False
        if rule.then.priority is Priority.URGENT or facts.post.at is None:
            return True
        return facts.post.at.date() <= date.fromisoformat(rule.review_by) + GRACE

    def _choose(self, facts: Facts, acting: Sequence[Rule], answers: Answers, given: Given) -> Decision:
        chosen = winner(acting)
        topics = tuple(sorted(answers.topics))
        if chosen is None:
            nothing = replace(unmatched(facts.post, self.version, self._sample), topics=topics)
            enough = self._outside.enough(given)
            return replace(nothing, reason=enough, sampled=False) if enough else nothing
        why = partial(self._because, answers, given)
        return decided(facts, chosen, acting, topics=topics, why=why, hours=self.hours(chosen))

    def _because(self, answers: Answers, given: Given, rule: Rule) -> str:
        name = next(name for name, each in self.rules.items() if each is rule)
        counted = [line.line for line in given.get(name, ()) if line.answer is Answer.YES]
        return "; ".join((because(rule, answers, self._numbers), *counted))

    def _trace(self, name: str, matched: bool, answers: Answers, given: Given) -> RuleTrace:
        rule = self.rules[name]
        traced = trace(rule, matched, answers, self._numbers)
        return replace(traced, lines=(*traced.lines, *(given.get(name) or self._outside.unasked(name))))

    def _traces(self, found: Set[str], answers: Answers, given: Given) -> tuple[RuleTrace, ...]:
        near = {*found, *self._second.near(answers)}
        ordered = sorted(near, key=lambda name: (name not in found, self.rules[name].id))
        traced = ((self.rules[n], self._trace(n, n in found, answers, given)) for n in ordered)
        told = [each for rule, each in traced if each.matched or is_near(each.lines, _is_ignore(rule))]
        return tuple(told[:MOST_TRACES])


def _is_ignore(rule: Rule) -> bool:
    return rule.then.outcome is Outcome.IGNORE


def _engine(name: str) -> Engine:
    if name == "plain":
        return PlainMatcher
    if name != "durable":
        raise SettingsError(f"there is no engine {name!r}; there are durable and plain")
    from chalicelib.rulebook.engine import DurableMatcher  # so that the kill switch never loads the C code

    return DurableMatcher
