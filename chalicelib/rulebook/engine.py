"""The only module that knows durable_rules 2.0.28. Predicate ids go in, names of rules come out; nothing else does.

Its C code is right and stable in one way of use: a fact of a constant id, asserted and retracted under a lock, whose
keys are ids of ours and whose values are all 1. Texts, numbers, windows and clocks never reach it.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import durable_rules_engine as _c

from chalicelib.rulebook.condition import MAX_LEAVES, Condition

# Above these the C code overflows its stacks (results 303, 108, 113), hangs, or fires a rule it should not.
MAX_PATHS = 64
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_TAKEN = frozenset({"id", "sid", "live", "boot"})
# One id for ever: a state per post would leak, and deleting one that matched nothing frees memory that was never set.
_FACT = '"id":"x","sid":"s"'
_RETRACTED = f"{{{_FACT}}}"
_MATCHED, _NOTHING = 0, 1
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class _RuleSet:
    """A handle of the C code, and each predicate as it is written into a fact."""

    handle: Any
    keys: Mapping[str, str]


class DurableMatcher:
    """Joins predicates into rules in durable_rules, in rule sets of at most 58 leaves."""

    def __init__(self, conditions: Mapping[str, Condition]) -> None:
        self._batches = _batches(conditions)
        self._sets: dict[int, _RuleSet] = {}
        self._set_of = {name: number for number, batch in enumerate(self._batches) for name in batch}

    def match(self, candidates: Iterable[str], true: Set[str]) -> set[str]:
        """Those of the candidates whose condition holds when exactly these predicates are true."""
        wanted = set(candidates)
        matched: set[str] = set()
        with _LOCK:
            for number in {self._set_of[name] for name in wanted}:
                matched.update(_evaluate(self._sets.get(number) or self._made(number), true))
        return matched & wanted

    def prepare(self) -> None:
        """Make every rule set now; otherwise the first post that needs one makes it."""
        with _LOCK:
            for number in range(len(self._batches)):
                if number not in self._sets:
                    self._made(number)

    def _made(self, number: int) -> _RuleSet:
        """Under the lock. Half a millisecond and half a megabyte each: a cold start waits for none it does not need."""
        self._sets[number] = _create(f"s{number}", self._batches[number])
        return self._sets[number]

    def close(self) -> None:
        """Free the C memory (21 kB a rule); the matcher is of no use afterwards."""
        with _LOCK:
            for one in self._sets.values():
                _c.delete_state(one.handle, "s")
                _c.delete_ruleset(one.handle)
            self._sets, self._set_of = {}, {}


def _batches(conditions: Mapping[str, Condition]) -> list[dict[str, Condition]]:
    batches: list[dict[str, Condition]] = []
    room = 0
    for name, condition in conditions.items():
        _check(name, condition)
        if condition.leaves > room:
            batches.append({})
            room = MAX_LEAVES
        batches[-1][name] = condition
        room -= condition.leaves
    return batches


def _check(name: str, condition: Condition) -> None:
    for word in (name, *condition.predicates):
        if word in _TAKEN or not _NAME.fullmatch(word):
            raise ValueError(f"{word!r} cannot be a name in the engine")
    if condition.leaves > MAX_LEAVES or len(condition.any) > MAX_PATHS:
        raise ValueError(f"{name} has {condition.leaves} leaves; at most {MAX_LEAVES}")


def _create(name: str, batch: Mapping[str, Condition]) -> _RuleSet:
    """Under the lock."""
    definitions = {rule: _definition(_expression(condition)) for rule, condition in batch.items()}
    definitions["boot"] = _definition([{"boot": 1}])
    handle = _c.create_ruleset(name, json.dumps(definitions))
    # One rule fires once, or deleting the state later would free what the C code never set.
    _, offset = _c.assert_fact(handle, f'{{{_FACT},"boot":1}}')
    _c.start_action_for_state(handle, offset)
    _c.complete_and_start_action(handle, offset)
    _c.retract_fact(handle, _RETRACTED)
    names = {name for each in batch.values() for name in each.predicates}
    return _RuleSet(handle, {name: f',"{name}":1' for name in names})


def _definition(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"all": [{"m": parts[0] if len(parts) == 1 else {"$and": parts}}]}


def _expression(condition: Condition) -> list[dict[str, Any]]:
    """`live` guards every rule: one of negations alone would match the engine's own messages without end."""
    parts: list[dict[str, Any]] = [{"live": 1}]
    parts += [{name: 1} for name in condition.all]
    if len(condition.any) > 1:
        parts.append({"$or": [{name: 1} for name in condition.any]})
    else:
        parts += [{name: 1} for name in condition.any]
    return parts + [{"$nex": {name: 1}} for name in condition.none]


def _evaluate(one: _RuleSet, true: Set[str]) -> Sequence[str]:
    """The names of all rules that fire; an `any` fires its rule once for each line that is true. Under the lock."""
    keys = one.keys
    said = "".join([keys[name] for name in true & keys.keys()])
    handle = one.handle
    try:
        result, offset = _c.assert_fact(handle, f'{{{_FACT},"live":1{said}}}')
        if result == _NOTHING:
            return ()
        if result != _MATCHED:
            raise RuntimeError(f"durable_rules: result {result}")
        return _fired(handle, offset)
    finally:
        # Also after an error: a fact left behind makes every later post match nothing.
        _c.retract_fact(handle, _RETRACTED)


def _fired(handle: Any, offset: int) -> list[str]:
    fired: list[str] = []
    started: Sequence[str] | None = _c.start_action_for_state(handle, offset)
    message = started[1] if started else None
    while message is not None:
        fired.append(message[2 : message.index('"', 2)])
        message = _c.complete_and_start_action(handle, offset)
    return fired
