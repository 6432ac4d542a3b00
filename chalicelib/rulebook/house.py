"""House rules that only the whole set shows: one small check each, like a validator with its finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from chalicelib.errors import Problem
from chalicelib.model import Outcome, Priority
from chalicelib.rulebook.condition import MAX_LEAVES, leaves
from chalicelib.rulebook.forms import WrittenRule, WrittenTopic
from chalicelib.rulebook.notes import nearest
from chalicelib.rulebook.rule import PERSONS, Rule, Status, Test
from chalicelib.rulebook.vocabulary import tells_reach

PRESSING = (Priority.URGENT, Priority.HIGH)
Check = Callable[[Sequence[WrittenRule], Sequence[WrittenTopic]], Iterator[Problem]]


def check(rules: Sequence[WrittenRule], topics: Sequence[WrittenTopic]) -> list[Problem]:
    """What is wrong with the set as a whole."""
    return [problem for find in CHECKS for problem in find(rules, topics)]


def _ids_are_unique(rules: Sequence[WrittenRule], topics: Sequence[WrittenTopic]) -> Iterator[Problem]:
    first: dict[str, WrittenRule] = {}
    for item in rules:
        if (taken := first.setdefault(item.rule.id, item)) is not item:
            where = f"{taken.file}:{taken.at}"
            message = f"the rule id '{item.rule.id}' is taken (by {where}). Ids are never reused."
            yield Problem(item.file, item.at, message)
    seen: dict[str, WrittenTopic] = {}
    for topic in topics:
        if (other := seen.setdefault(topic.topic.id, topic)) is not topic:
            where = f"{other.file}:{other.at}"
            yield Problem(topic.file, topic.at, f"the topic '{topic.topic.id}' is already written in {where}.")


def _examples_are_given(rules: Sequence[WrittenRule], topics: Sequence[WrittenTopic]) -> Iterator[Problem]:
    for item in rules:
        if item.rule.unheard is not None:
            continue  # it has no post to match; a story shows it
        kinds = {example.expected for example in item.examples} | {
            example.should_be for example in item.examples if example.should_be is not None
        }
        patterned = any(line.asks.test == "matches pattern" for line in item.rule.lines)
        if (item.rule.status is Status.LIVE or patterned) and kinds != {True, False}:
            lacks = [f"one with 'expect: {word}'" for kind, word in _KINDS if kind not in kinds]
            why = "has a pattern" if patterned else "is live"
            message = f"rule '{item.rule.id}' {why}, so it needs examples: {' and '.join(lacks)}."
            yield Problem(item.file, item.at, message)


_KINDS = ((True, "match"), (False, "no match"))


def _reach_lifts_nobody(rules: Sequence[WrittenRule], topics: Sequence[WrittenTopic]) -> Iterator[Problem]:
    """FAIR-1. A topic carries the reach it asks for to the rules that test it."""
    loud = {topic.topic.id: field for topic in topics for line in topic.topic.lines if (field := _reach(line.asks))}
    for item in rules:
        for placed in item.placed:
            through = [
                loud[value] for value in placed.line.asks.values if placed.line.asks.field == "topic" and value in loud
            ]
            reach = _reach(placed.line.asks) or next(iter(through), None)
            lift = reach and _lift(item)
            if lift:
                message = (
                    f"rule '{item.rule.id}' gives {lift} because of {_spoken(reach or '')}. Reach may add people to "
                    "'tell'; it may not move someone up the queue. (FAIR-1)"
                )
                yield Problem(item.file, placed.at, message)
                break


def _reach(asks: Test) -> str | None:
    return asks.field if tells_reach(asks.field) else None


def _spoken(field: str) -> str:
    spoken = {"author followers": "follower count", "author is verified": "a verified account"}
    return spoken.get(field, "how often somebody posted")


def _lift(item: WrittenRule) -> str | None:
    then = item.rule.then
    if then.priority in PRESSING:
        return f"{then.priority.value} priority"
    if then.first_reply:
        return "an earlier reply"
    for step in then.no_reply:
        if step.priority in PRESSING:
            return f"{step.priority.value} priority"
    return None


def _reach_silences_nobody(rules: Sequence[WrittenRule], topics: Sequence[WrittenTopic]) -> Iterator[Problem]:
    """FAIR-1, from below: an ignore that asks for reach may not take an escalation from those who have little."""
    loud = {topic.topic.id for topic in topics if any(_reach(line.asks) for line in topic.topic.lines)}
    for item in rules:
        asks = [line.asks for line in item.rule.lines]
        through = any(test.field == "topic" and not loud.isdisjoint(test.values) for test in asks)
        if item.rule.overrides and (through or any(map(_reach, asks))):
            message = (
                f"rule '{item.rule.id}' overrides '{item.rule.overrides[0]}' because of reach. "
                "Who is heard by few is not to be passed over for it. (FAIR-1)"
            )
            yield Problem(item.file, item.overrides_at, message)


def _repeats_warn(rules: Sequence[WrittenRule], topics: Sequence[WrittenTopic]) -> Iterator[Problem]:
    """What repeats is there to tell somebody; and nobody moves up the queue for posting often (FAIR-1)."""
    for item in rules:
        repeats = item.rule.repeats
        if repeats is None:
            continue
        if item.rule.then.outcome is Outcome.IGNORE and not repeats.goes_on:
            message = f"rule '{item.rule.id}' ignores, and would ignore one post of many. Write 'then match for'."
            yield Problem(item.file, item.repeats_at, message)
        elif set(repeats.per) & set(PERSONS) and (lift := _lift(item)):
            message = (
                f"rule '{item.rule.id}' gives {lift} because of how often somebody posts. That may add people to "
                "'tell'; it may not move someone up the queue. (FAIR-1)"
            )
            yield Problem(item.file, item.repeats_at, message)


def _overrides_are_allowed(rules: Sequence[WrittenRule], topics: Sequence[WrittenTopic]) -> Iterator[Problem]:
    known = {item.rule.id: item.rule for item in rules}
    for item in rules:
        for name in item.rule.overrides:
            wrong = _wrong_override(item, name, known)
            if wrong:
                yield Problem(item.file, item.overrides_at, wrong)


def _wrong_override(item: WrittenRule, name: str, known: Mapping[str, Rule]) -> str | None:
    rule = item.rule
    beaten = known.get(name)
    if name == rule.id:
        return f"rule '{rule.id}' overrides itself."
    if beaten is None:
        return f"'overrides' names '{name}', which is no rule.{nearest(name, known)}"
    if rule.then.outcome is not Outcome.IGNORE:
        return f"rule '{rule.id}' is no ignore; only an ignore may override. What escalates wins already."
    then = beaten.then
    if then.outcome is not Outcome.ESCALATE:
        return f"'{name}' does not escalate, so there is nothing to override."
    if then.priority is Priority.URGENT:
        return f"'{name}' is urgent; nothing overrides an urgent rule."
    return None


def _rules_are_small(rules: Sequence[WrittenRule], topics: Sequence[WrittenTopic]) -> Iterator[Problem]:
    for item in rules:
        if leaves(item.rule.lines, item.rule.then.outcome) > MAX_LEAVES:
            yield Problem(item.file, item.at, f"rule '{item.rule.id}' {_TOO_LARGE}")
    for topic in topics:
        if leaves(topic.topic.lines, None) > MAX_LEAVES:
            yield Problem(topic.file, topic.at, f"the topic '{topic.topic.id}' {_TOO_LARGE}")


_TOO_LARGE = "has too many lines (about fifty are the most). Put words into one list, or split it."
CHECKS: tuple[Check, ...] = (
    _ids_are_unique,
    _examples_are_given,
    _reach_lifts_nobody,
    _reach_silences_nobody,
    _repeats_warn,
    _overrides_are_allowed,
    _rules_are_small,
)
