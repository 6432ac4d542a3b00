"""What no line of a post answers: how often it repeats, and what its author was recommended already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from chalicelib.model import Answer, LineAnswer, Post, Recommended
from chalicelib.ports.deciding import Windows
from chalicelib.rulebook import cap
from chalicelib.rulebook.answers import Answers
from chalicelib.rulebook.rule import Rule
from chalicelib.rulebook.windowing import Watched, unwatched, watched

Given = Mapping[str, tuple[LineAnswer, ...]]  # the further lines of rules, by the rules' names


class Outside:
    """The rules of one book that have windows or a cap. The predicate of `r12`'s windows is `w12`."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._repeats = {name: rule.repeats for name, rule in rules.items() if rule.repeats}
        self.predicates = {name: f"w{name[1:]}" for name in self._repeats}
        self.all_crossing = frozenset(self.predicates.values())

    def watched(self, matching: Set[str], answers: Answers, windows: Windows | None) -> dict[str, Watched]:
        """What the windows answer of the rules whose own lines match; nothing is asked for others."""
        facts, topics = answers.facts, answers.topics if matching & self._repeats.keys() else frozenset()
        return {
            name: watched(self._rules[name], self._repeats[name], facts, topics, windows)
            for name in sorted(matching & self._repeats.keys())
        }

    def crossing(self, found: Mapping[str, Watched]) -> frozenset[str]:
        """The predicates of the windows that cross."""
        return frozenset(self.predicates[name] for name, seen in found.items() if seen.line.answer is Answer.YES)

    def capped(self, matched: Set[str], post: Post, recommended: Sequence[Recommended]) -> dict[str, LineAnswer]:
        """Those of the rules that matched which recommended this to the author as often as they may."""
        if not recommended:
            return {}
        rules = {name: self._rules[name] for name in sorted(matched)}
        found = {name: cap.capped(rule.then.at_most, rule.id, post, recommended) for name, rule in rules.items()}
        return {name: line for name, line in found.items() if line is not None}

    def enough(self, given: Given) -> str | None:
        """Why nothing is recommended though a rule would, for a person; None where no cap is in the way."""
        names = (name for name, lines in given.items() if any(line.block == cap.BLOCK for line in lines))
        return next((f"{self._rules[name].name}: at most {self._rules[name].then.at_most}" for name in names), None)

    def unasked(self, name: str, answer: Answer = Answer.UNKNOWN) -> tuple[LineAnswer, ...]:
        """The lines of a rule that nobody asked about what repeats."""
        repeats = self._repeats.get(name)
        return (unwatched(repeats, answer=answer),) if repeats else ()
