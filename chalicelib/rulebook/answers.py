"""Lines answered about one post: yes, no or unknown, each at most once, words in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import lru_cache
from typing import Any, Protocol, cast

from chalicelib.model import Answer, Facts, Value
from chalicelib.rulebook.rule import Test
from chalicelib.rulebook.search import Search, Spans, seen
from chalicelib.words import fold

Ask = Callable[["Answers"], Answer]
WORD_TESTS = ("has any", "has all", "has at least")
SOUNDS_FROM = 0.05  # as VADER's authors part the three (github.com/cjhutto/vaderSentiment, "About the Scoring")
_NOTHING: frozenset[int] = frozenset()


class Questions:
    """All different tests of a set of rules, ready to be answered; a test is known by its number."""

    def __init__(self, tests: Sequence[Test]) -> None:
        self.tests = tuple(tests)
        worded = [test for test in tests if test.test in WORD_TESTS]
        self.search = Search(word for test in worded for word in test.values)
        self.asks: tuple[Ask, ...] = tuple(_ask(test, self.search) for test in self.tests)


class Concluded(Protocol):
    """What is concluded about a post before its rules are asked."""

    def topics(self, answers: Answers) -> frozenset[str]:
        """All topics of the post."""

    def holds(self, topic: str, answers: Answers) -> bool:
        """Whether the post has this topic."""

    def is_unclear(self, topic: str, answers: Answers) -> bool:
        """Whether a topic that does not hold might, were everything known."""


class Answers:
    """What one post answers: each line at most once, the words of a text in one pass, and only when they are asked."""

    __slots__ = ("_concluded", "_known", "_questions", "_spans", "_spotted", "_topical", "facts")

    def __init__(self, questions: Questions, facts: Facts, concluded: Concluded | None = None) -> None:
        self.facts = facts
        self._questions = questions
        self._concluded = concluded
        self._known: dict[int, Answer] = {}
        self._spotted: dict[str, Set[int]] = {}
        self._spans: dict[str, Spans] = {}
        self._topical: dict[str, Answer] = {}

    def __getitem__(self, number: int) -> Answer:
        answer = self._known.get(number)
        if answer is None:
            answer = self._known[number] = self._questions.asks[number](self)
        return answer

    def spotted(self, name: str) -> Set[int]:
        """The numbers of the words that this text of the post holds; none where there is no such text."""
        numbers = self._spotted.get(name)
        if numbers is None:
            stream = self.facts.values.get(name)
            numbers = self._questions.search.found(stream) if isinstance(stream, str) else _NOTHING
            self._spotted[name] = numbers
        return numbers

    @property
    def topics(self) -> frozenset[str]:
        """All topics of the post."""
        return self._concluded.topics(self) if self._concluded else frozenset()

    def has_topic(self, topic: str) -> Answer:
        """Whether the post has this topic."""
        answer = self._topical.get(topic)
        if answer is None:
            answer = self._topical[topic] = self._topic(topic, self._concluded) if self._concluded else Answer.NO
        return answer

    def _topic(self, topic: str, concluded: Concluded) -> Answer:
        if concluded.holds(topic, self):
            return Answer.YES
        return Answer.UNKNOWN if concluded.is_unclear(topic, self) else Answer.NO

    def found(self, number: int) -> tuple[str, ...]:
        """The words of the post that made a test say yes: of a text's words, and of how the text sounds."""
        test = self._questions.tests[number]
        if self[number] is not Answer.YES:
            return ()
        stream = self.facts.values.get(test.field)
        if test.test not in WORD_TESTS or not isinstance(stream, str):
            return self.facts.because.get(test.field, ())
        spans = self._spans.get(test.field)
        if spans is None:
            spans = self._spans[test.field] = self._questions.search(stream)
        return tuple(dict.fromkeys(seen(word, spans[word], stream) for word in test.values if word in spans))


@lru_cache(maxsize=4096)
def named(name: str) -> str:
    """A name as names are compared."""
    return fold(name).lstrip("@")


def _needed(test: Test) -> int:
    if test.test == "has any":
        return 1
    return len(set(test.values)) if test.test == "has all" else int(test.number or 1)


def _ask(test: Test, search: Search) -> Ask:
    if test.test in WORD_TESTS:
        return _ask_words(test, tuple(search.numbers[word] for word in test.values))
    if test.test == "matches pattern":
        return _ask_pattern(test)
    if test.test == "is known":
        return lambda answers: _yes(test.field in answers.facts.values)
    if test.field == "topic":
        return _ask_topic(test.values)
    says = _says(test)
    name = test.field

    def ask(answers: Answers) -> Answer:
        value = answers.facts.values.get(name)
        return Answer.UNKNOWN if value is None else _yes(says(value))

    return ask


def _says(test: Test) -> Callable[[Value], bool]:
    """A test of a value that is known."""
    if test.test in ("is any of", "is within"):
        wanted = frozenset(map(named, test.values))
        return lambda value: not wanted.isdisjoint(value) if isinstance(value, tuple) else named(str(value)) in wanted
    if test.field == "sentiment" and test.test == "is":
        return lambda value: sounds(cast(float, value)) == test.values[0]
    if test.test == "is":
        wanted_flag = test.values == ("yes",)
        return lambda value: bool(value) is wanted_flag
    bound: Any = test.number
    if test.test == "at least":
        return lambda value: value >= bound
    return lambda value: value <= bound


def sounds(sentiment: float) -> str:
    """The word for a sentiment from -1 to 1."""
    if abs(sentiment) < SOUNDS_FROM:
        return "neutral"
    return "positive" if sentiment > 0 else "negative"


def _ask_words(test: Test, numbers: tuple[int, ...]) -> Ask:
    name, needed, wanted = test.field, _needed(test), frozenset(numbers)

    def ask(answers: Answers) -> Answer:
        spotted = answers.spotted(name)
        if wanted.isdisjoint(spotted):
            return Answer.NO if name in answers.facts.values else Answer.UNKNOWN
        return _yes(needed == 1 or len(wanted & spotted) >= needed)

    return ask


def _ask_topic(wanted: tuple[str, ...]) -> Ask:
    def ask(answers: Answers) -> Answer:
        said = {answers.has_topic(topic) for topic in wanted}
        return next(answer for answer in (Answer.YES, Answer.UNKNOWN, Answer.NO) if answer in said)

    return ask


def matcher(pattern: str) -> Any:
    """A checked pattern, compiled; capitals do not matter."""
    import re2  # few rulebooks have patterns

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(pattern, options)


def _ask_pattern(test: Test) -> Ask:
    pattern = matcher(test.values[0])
    attribute = test.field.replace(" ", "_")

    def ask(answers: Answers) -> Answer:
        text = getattr(answers.facts.post, attribute)
        if text is None:
            return Answer.UNKNOWN
        # Half a surrogate pair, as some platforms send, has no UTF-8.
        return _yes(pattern.search(text.encode("utf-8", "replace").decode("utf-8")) is not None)

    return ask


def _yes(answer: bool) -> Answer:
    return Answer.YES if answer else Answer.NO
