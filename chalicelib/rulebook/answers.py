"""Lines answered about one post: yes, no or unknown, each at most once, words in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.model import Answer, Facts, Value
from chalicelib.rulebook.rule import Test
from chalicelib.rulebook.search import Search, Spans, index, seen
from chalicelib.rulebook.vocabulary import TEXT_FIELDS
from chalicelib.words import fold

Ask = Callable[["Answers"], Answer]
WORD_TESTS = ("has any", "has all", "has at least")


class Questions:
    """All different tests of a set of rules, ready to be answered; a test is known by its number."""

    def __init__(self, tests: Sequence[Test]) -> None:
        self.tests = tuple(tests)
        worded = {n: test.values for n, test in enumerate(tests) if test.test in WORD_TESTS}
        self.search = Search(word for words in worded.values() for word in words)
        self.lookups = {
            name: index({n: words for n, words in worded.items() if tests[n].field == name})
            for name in TEXT_FIELDS
            if any(tests[n].field == name for n in worded)
        }
        self.needed = {n: _needed(self.tests[n]) for n in worded}
        self.asks: tuple[Ask, ...] = tuple(_ask(n, test) for n, test in enumerate(self.tests))


class Answers:
    """What one post answers. `hits` are the word tests that say yes; `topics` are set once the first stratum knows."""

    def __init__(self, questions: Questions, facts: Facts) -> None:
        self.facts = facts
        self.topics: frozenset[str] = frozenset()
        self.unclear_topics: Callable[[str], bool] = lambda _: False
        self._questions = questions
        self._known: dict[int, Answer] = {}
        self._spans: dict[str, Spans] = {}
        self.hits: set[int] = set()
        for name, lookup in questions.lookups.items():
            self._look(name, lookup)

    def __getitem__(self, number: int) -> Answer:
        answer = self._known.get(number)
        if answer is None:
            answer = self._known[number] = self._questions.asks[number](self)
        return answer

    def found(self, number: int) -> tuple[str, ...]:
        """The words of the post that made a word test say yes."""
        test = self._questions.tests[number]
        spans = self._spans.get(test.field, {})
        stream = self.facts.values.get(test.field)
        if number not in self.hits or not isinstance(stream, str):
            return ()
        return tuple(dict.fromkeys(seen(word, spans[word], stream) for word in test.values if word in spans))

    def _look(self, name: str, lookup: dict[str, list[int]]) -> None:
        stream = self.facts.values.get(name)
        if not isinstance(stream, str):
            return
        spans = self._spans[name] = self._questions.search(stream)
        counts: dict[int, int] = {}
        for word in spans:
            for number in lookup.get(word, ()):
                counts[number] = counts.get(number, 0) + 1
        needed = self._questions.needed
        self.hits.update(number for number, count in counts.items() if count >= needed[number])


def _needed(test: Test) -> int:
    if test.test == "has any":
        return 1
    return len(test.values) if test.test == "has all" else int(test.number or 1)


def _ask(number: int, test: Test) -> Ask:
    if test.test in WORD_TESTS:
        name = test.field
        return lambda answers: _yes(number in answers.hits) if name in answers.facts.values else Answer.UNKNOWN
    if test.test == "matches pattern":
        return _ask_pattern(test)
    if test.test == "is known":
        return lambda answers: _yes(test.field in answers.facts.values)
    if test.field == "topic":
        return _ask_topic(frozenset(test.values))
    says = _says(test)
    name = test.field

    def ask(answers: Answers) -> Answer:
        value = answers.facts.values.get(name)
        return Answer.UNKNOWN if value is None else _yes(says(value))

    return ask


def _says(test: Test) -> Callable[[Value], bool]:
    """A test of a value that is known."""
    if test.test == "is any of":
        wanted = frozenset(fold(value).lstrip("@") for value in test.values)
        return lambda value: (
            not wanted.isdisjoint(value) if isinstance(value, tuple) else fold(str(value)).lstrip("@") in wanted
        )
    if test.test == "is":
        wanted_flag = test.values == ("yes",)
        return lambda value: bool(value) is wanted_flag
    bound: Any = test.number
    if test.test == "at least":
        return lambda value: value >= bound
    return lambda value: value <= bound


def _ask_topic(wanted: frozenset[str]) -> Ask:
    def ask(answers: Answers) -> Answer:
        if not wanted.isdisjoint(answers.topics):
            return Answer.YES
        return Answer.UNKNOWN if any(map(answers.unclear_topics, wanted)) else Answer.NO

    return ask


def _ask_pattern(test: Test) -> Ask:
    import re2  # few rulebooks have patterns

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    pattern = re2.compile(test.values[0], options)
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
