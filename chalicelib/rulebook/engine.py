"""The only module that knows durable_rules 2.0.28. Predicates go in, names of rules come out; nothing else does.

Its C code is right and stable in one way of use: a fact of a constant id, asserted and retracted under a lock, whose
keys are few short names made here and whose values are all 1. Texts, numbers, windows and clocks never reach it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import durable_rules_engine as _c

from chalicelib.rulebook.condition import MAX_LEAVES, Condition

# The C code tells rules apart by their guards: 512 in a rule set hang it. More make a call dearer and the first post
# that needs them wait longer; fewer make more calls.
RULES = 64
# One id for ever: a state per post would leak, and deleting one that matched nothing frees memory that was never set.
_FACT = '"id":"x","sid":"s"'
_RETRACTED = f"{{{_FACT}}}"
_MATCHED, _NOTHING = 0, 1
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rule as a fact asks for it: its guard, the predicates it mentions, and how many leaves those are."""

    guard: str
    predicates: frozenset[str]
    leaves: int


@dataclass(frozen=True, slots=True)
class _RuleSet:
    """A handle of the C code, its rules by name and in order, and each predicate as it is written into a fact."""

    handle: Any
    rules: Mapping[str, _Asked]
    names: Sequence[str]
    keys: Mapping[str, str]


class DurableMatcher:
    """Joins predicates into rules in durable_rules, in rule sets of at most 64 rules.

    A rule there begins with a guard of its own: the C code looks only at rules whose guard is in the fact.
    """

    def __init__(self, conditions: Mapping[str, Condition]) -> None:
        for name, condition in conditions.items():
            if condition.leaves > MAX_LEAVES:
                raise ValueError(f"{name} has {condition.leaves} leaves; at most {MAX_LEAVES}")
        named = list(conditions.items())
        self._batches = [dict(named[first : first + RULES]) for first in range(0, len(named), RULES)]
        self._sets: dict[int, _RuleSet] = {}
        self._set_of = {name: number for number, batch in enumerate(self._batches) for name in batch}

    def match(self, candidates: Iterable[str], true: Set[str]) -> set[str]:
        """Those of the candidates whose condition holds when exactly these predicates are true."""
        asked: dict[int, list[str]] = {}
        for name in candidates:
            asked.setdefault(self._set_of[name], []).append(name)
        matched: set[str] = set()
        with _LOCK:
            for number, names in asked.items():
                one = self._sets.get(number) or self._made(number)
                for some in _together(one.rules[name] for name in names):
                    matched.update(_evaluate(one, some, true))
        return matched

    def prepare(self) -> None:
        """Make every rule set now; otherwise the first post that needs one makes it."""
        with _LOCK:
            for number in range(len(self._batches)):
                if number not in self._sets:
                    self._made(number)

    def _made(self, number: int) -> _RuleSet:
        """Under the lock. 3 to 4 ms and 2 MB each: a cold start waits for none it does not need."""
        self._sets[number] = _create(f"s{number}", self._batches[number])
        return self._sets[number]

    def close(self) -> None:
        """Free the C memory (30 to 40 kB a rule); the matcher is of no use afterwards."""
        with _LOCK:
            for one in self._sets.values():
                _c.delete_state(one.handle, "s")
                _c.delete_ruleset(one.handle)
            self._sets, self._set_of = {}, {}


def _together(asked: Iterable[_Asked]) -> Iterator[list[_Asked]]:
    """Rules to ask in one call, of 58 leaves at most: with 65 true at once the C code overflows its stack (303)."""
    some: list[_Asked] = []
    room = MAX_LEAVES
    for one in asked:
        room -= one.leaves
        if room < 0:
            yield some
            some, room = [], MAX_LEAVES - one.leaves
        some.append(one)
    yield some


def _create(name: str, batch: Mapping[str, Condition]) -> _RuleSet:
    """Under the lock. Names are told apart there by a 32-bit hash alone: these few are known to have different ones."""
    keys = {each: f"p{n}" for n, each in enumerate(sorted(set().union(*(one.predicates for one in batch.values()))))}
    definitions = {
        f"r{n}": _definition([{f"r{n}": 1}, *_expression(condition, keys)])
        for n, condition in enumerate(batch.values())
    }
    handle = _c.create_ruleset(name, json.dumps({**definitions, "boot": _definition([{"boot": 1}])}))
    # One rule fires once, or deleting the state later would free what the C code never set.
    _, offset = _c.assert_fact(handle, f'{{{_FACT},"boot":1}}')
    _c.start_action_for_state(handle, offset)
    _c.complete_and_start_action(handle, offset)
    _c.retract_fact(handle, _RETRACTED)
    rules = {
        each: _Asked(f',"r{n}":1', condition.predicates, condition.leaves)
        for n, (each, condition) in enumerate(batch.items())
    }
    return _RuleSet(handle, rules, list(batch), {each: f',"{key}":1' for each, key in keys.items()})


def _definition(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"all": [{"m": parts[0] if len(parts) == 1 else {"$and": parts}}]}


def _expression(condition: Condition, keys: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """What follows the guard; without one, negations alone would match the engine's own messages without end."""
    some = [{keys[name]: 1} for name in condition.any]
    yield from ({keys[name]: 1} for name in condition.all)
    yield from ([{"$or": some}] if len(some) > 1 else some)
    yield from ({"$nex": {keys[name]: 1}} for name in condition.none)


def _evaluate(one: _RuleSet, asked: Sequence[_Asked], true: Set[str]) -> Iterable[str]:
    """Those of the rules that fire; an `any` fires its rule once for each line that is true. Under the lock."""
    keys, handle = one.keys, one.handle
    said = [rule.guard for rule in asked]
    said += [keys[name] for name in true & frozenset().union(*[rule.predicates for rule in asked])]
    try:
        result, offset = _c.assert_fact(handle, f"{{{_FACT}{''.join(said)}}}")
        if result == _NOTHING:
            return ()
        if result != _MATCHED:
            raise RuntimeError(f"durable_rules: result {result}")
        return [one.names[number] for number in _fired(handle, offset)]
    finally:
        # Also after an error: a fact left behind makes every later post match nothing.
        _c.retract_fact(handle, _RETRACTED)


def _fired(handle: Any, offset: int) -> list[int]:
    """The numbers of the rules: an action is told as `{"r7": ...`."""
    fired: list[int] = []
    started: Sequence[str] | None = _c.start_action_for_state(handle, offset)
    message = started[1] if started else None
    while message is not None:
        fired.append(int(message[3 : message.index('"', 3)]))
        message = _c.complete_and_start_action(handle, offset)
    return fired
