"""How rules came to match or not: each line's answer, with the words that made it."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.model import Answer, LineAnswer, RuleTrace
from chalicelib.model.decision import FOUND
from chalicelib.rulebook.answers import Answers
from chalicelib.rulebook.rule import BLOCKS, Line, Rule
from chalicelib.rulebook.stratum import Numbers

MOST_FOUND = 3


def trace(rule: Rule, matched: bool, answers: Answers, numbers: Numbers) -> RuleTrace:
    """One rule's lines, answered."""
    return RuleTrace(rule.id, rule.status.value, matched, answered(rule.lines, answers, numbers))


def answered(lines: Sequence[Line], answers: Answers, numbers: Numbers) -> tuple[LineAnswer, ...]:
    """Each line's answer."""
    numbered = ((line, numbers[line.asks]) for line in lines)
    return tuple(LineAnswer(line.block, line.text, answers[n], answers.found(n)) for line, n in numbered)


def failing(lines: Sequence[LineAnswer], is_ignore: bool = False) -> list[LineAnswer]:
    """The lines that keep a rule from matching; of an `any` in which none says yes, every line."""
    stops = (Answer.YES, Answer.UNKNOWN) if is_ignore else (Answer.YES,)
    some = [line for line in lines if line.block == "any"]
    if any(line.answer is Answer.YES for line in some):
        some = []
    rest = [line for line in lines if line.block not in ("any", "none") and line.answer is not Answer.YES]
    return [*rest, *some, *(line for line in lines if line.block == "none" and line.answer in stops)]


def is_near(lines: Sequence[LineAnswer], is_ignore: bool) -> bool:
    """Whether one block of its `when` at most stands in the way, and something there did say yes."""
    asked = [line for line in lines if line.block in BLOCKS]
    blocks = {line.block for line in failing(asked, is_ignore)}
    said = any(line.answer is Answer.YES for line in asked if line.block != "none")
    return len(blocks) <= 1 and said


def because(rule: Rule, answers: Answers, numbers: Numbers) -> str:
    """Why it fired, for a person: the rule's name and the words or lines that made it."""
    yes = [line for line in rule.lines if line.block != "none" and answers[numbers[line.asks]] is Answer.YES]
    found = [word for line in yes for word in answers.found(numbers[line.asks])]
    if found:
        return f"{rule.name}{FOUND}{quoted(found)}"
    shown = ", ".join(line.text for line in yes)
    return f"{rule.name}: {shown}" if shown else rule.name


def quoted(found: Sequence[str]) -> str:
    """`"refund", "money back"`, the first few."""
    words = list(dict.fromkeys(found))
    return ", ".join(f'"{word}"' for word in words[:MOST_FOUND]) + (", ..." if len(words) > MOST_FOUND else "")
