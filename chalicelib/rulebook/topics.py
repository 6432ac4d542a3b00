"""The first stratum: the topics of a post, which rules can ask for. Each is concluded only when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.model import Answer
from chalicelib.rulebook.answers import Answers, Questions
from chalicelib.rulebook.rule import Topic
from chalicelib.rulebook.stratum import Engine, Numbers, Stratum, condition
from chalicelib.rulebook.trace import answered, is_unclear


class Topics:
    """Which topics a post has. Holds the engine's memory: `close` it."""

    def __init__(self, topics: Sequence[Topic], questions: Questions, numbers: Numbers, engine: Engine) -> None:
        self._topics = {f"t{n}": topic for n, topic in enumerate(topics)}
        self._names = {topic.id: name for name, topic in self._topics.items()}
        self._numbers = numbers
        conditions = {name: condition(topic.lines, None, numbers) for name, topic in self._topics.items()}
        self._stratum = Stratum(conditions, questions, engine)

    def topics(self, answers: Answers) -> frozenset[str]:
        """All topics of the post."""
        found = self._stratum.matches(self._stratum.candidates(answers), answers)
        return frozenset(self._topics[name].id for name in found)

    def holds(self, topic: str, answers: Answers) -> Answer:
        """Whether the post has this topic; unknown where it might, were everything known."""
        name = self._names.get(topic)
        if name is None:
            return Answer.NO
        if self._stratum.matches((name,), answers):
            return Answer.YES
        lines = self._topics[name].lines
        return Answer.UNKNOWN if is_unclear(answered(lines, answers, self._numbers)) else Answer.NO

    def close(self) -> None:
        """Free the engine's memory."""
        self._stratum.close()
