"""The first stratum: the topics of a post, which rules can ask for. Each is concluded only when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.model import Answer
from chalicelib.rulebook.answers import Answers, Questions
from chalicelib.rulebook.rule import BLOCKS, Test, Topic
from chalicelib.rulebook.stratum import Engine, Numbers, Stratum, condition

Asks = tuple[Sequence[int], Sequence[int], Sequence[int]]  # the tests of all, any and none


class Topics:
    """Which topics a post has. Holds the engine's memory: `close` it."""

    def __init__(self, topics: Sequence[Topic], questions: Questions, numbers: Numbers, engine: Engine) -> None:
        named = {f"t{n}": topic for n, topic in enumerate(topics)}
        self._ids = {name: topic.id for name, topic in named.items()}
        self._names = {topic: name for name, topic in self._ids.items()}
        self._asks = {topic.id: _asks(topic, numbers) for topic in topics}
        conditions = {name: condition(topic.lines, None, numbers) for name, topic in named.items()}
        self._stratum = Stratum(conditions, questions, engine)

    def topics(self, answers: Answers) -> frozenset[str]:
        """All topics of the post."""
        found = self._stratum.matches(self._stratum.candidates(answers), answers)
        return frozenset(self._ids[name] for name in found)

    def holds(self, topic: str, answers: Answers) -> bool:
        """Whether the post has this topic; false where there is no such topic."""
        name = self._names.get(topic)
        if name is None or not self._stratum.could_hold(name, answers):
            return False
        return self._stratum.holds(name, answers)

    def is_unclear(self, topic: str, answers: Answers) -> bool:
        """Whether a topic that does not hold might, were everything known."""
        if topic not in self._asks:
            return False
        every, some, none = self._asks[topic]
        for number in every:  # most often the first says no
            if answers[number] is Answer.NO:
                return False
        return not any(answers[number] is Answer.YES for number in none) and (
            not some or any(answers[number] is not Answer.NO for number in some)
        )

    def keys(self) -> dict[str, Sequence[Test]]:
        """For each topic the tests without a yes of one of which it cannot hold; not those that have none."""
        return {self._ids[name]: tests for name, tests in self._stratum.keys().items()}

    def prepare(self) -> None:
        """Make all that the engine will need."""
        self._stratum.prepare()

    def close(self) -> None:
        """Free the engine's memory."""
        self._stratum.close()


def _asks(topic: Topic, numbers: Numbers) -> Asks:
    every, some, none = ([numbers[line.asks] for line in topic.lines if line.block == block] for block in BLOCKS)
    return every, some, none
