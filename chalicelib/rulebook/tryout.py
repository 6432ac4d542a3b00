"""The examples in the rules, tried: which rule does not do what its author says it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.errors import Problem
from chalicelib.model import Answer, LineAnswer, Outcome
from chalicelib.ports.deciding import Reader
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.example import Example
from chalicelib.rulebook.forms import WrittenRule
from chalicelib.rulebook.loader import Source
from chalicelib.rulebook.rule import Status
from chalicelib.rulebook.trace import failing, quoted

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that came out otherwise, with each line's answer; `blamed` are the lines that made it so."""

    problem: Problem
    lines: tuple[LineAnswer, ...]
    blamed: tuple[LineAnswer, ...]

    def __str__(self) -> str:
        width = width_of(self.lines)
        return "\n".join([f"FAIL {self.problem}", *(self._shown(line, width) for line in self.lines)])

    def _shown(self, line: LineAnswer, width: int) -> str:
        mark = "   <- this line" if line in self.blamed else ""
        return shown(line, width) + mark


class Told(Protocol):
    """Something that came out otherwise than its author says: an example, or a step of a story."""

    @property
    def problem(self) -> Problem:
        """Where it is written, what was expected, what came."""

    @property
    def lines(self) -> tuple[LineAnswer, ...]:
        """The lines that made it so, answered."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying all examples, and playing all stories, came to."""

    failures: tuple[Told, ...]
    examples: int
    known_mistakes: int
    rules: int
    stories: int = 0


def width_of(lines: Sequence[LineAnswer]) -> int:
    """How wide the lines of one rule are, so that their answers stand below one another."""
    return min(max((len(f"{line.block:<5}{line.line}") - 5 for line in lines), default=0), LONGEST)


def shown(line: LineAnswer, width: int = LONGEST) -> str:
    """A line and its answer, as people read them."""
    text = line.line if len(line.line) <= width else line.line[: max(0, width - 3)] + "..."
    found = f" ({quoted(line.found)})" if line.found else ""
    head = f"{line.block:<5} {text}"
    return f"    {head:<{width + 6}}  {line.answer.value}{found}"


def tried(source: Source, rulebook: Rulebook, read: Reader) -> Tried:
    """Try every example; `rulebook` must have been made with `tried=True`. Retired rules are left in peace."""
    rules = [rule for rule in source.rules if rule.rule.status is not Status.RETIRED]
    failures = tuple(failure for rule in rules for failure in _failures(rule, rulebook, read))
    known = sum(example.is_known_mistake for rule in rules for example in rule.examples)
    return Tried(failures, sum(len(rule.examples) for rule in rules), known, len(rules))


def _failures(written: WrittenRule, rulebook: Rulebook, read: Reader) -> Iterator[Failure]:
    for example in written.examples:
        # One post counts nothing: an example of a rule with `repeats` is about its lines.
        trace = rulebook.explain(read(example.post, example.context), written.rule.id, repeats=Answer.YES)
        if trace is not None and trace.matched is not example.expected:
            blamed = _blamed(trace.lines, trace.matched, written.rule.then.outcome is Outcome.IGNORE)
            yield Failure(_problem(written, example, trace.matched), trace.lines, blamed)


def _problem(written: WrittenRule, example: Example, matched: bool) -> Problem:
    said = " ".join(example.shown.split())
    text = said if len(said) <= LONGEST else said[: LONGEST - 3] + "..."
    wanted, got = _named(example.expected), _named(matched)
    return Problem(written.file, example.line, f"'{written.rule.id}' expected {wanted}, got {got} for \"{text}\"")


def _named(matched: bool) -> str:
    return "match" if matched else "no match"


def _blamed(lines: tuple[LineAnswer, ...], matched: bool, is_ignore: bool) -> tuple[LineAnswer, ...]:
    if not matched:
        return tuple(failing(lines, is_ignore))
    return tuple(line for line in lines if line.block != "none" and line.answer is Answer.YES)
