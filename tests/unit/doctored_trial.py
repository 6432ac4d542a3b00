"""The gate's program with an engine that was tampered with: what reaches the C code is one of its known traps.

The loader and the compiler let none of them through, so they are put in behind both: `python -m ... TRAP`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import durable_rules_engine as engine

from chalicelib import trial
from chalicelib.rulebook import engine as matching
from chalicelib.rulebook.condition import Condition

Definitions = dict[str, Any]
_create, _expression = engine.create_ruleset, matching._expression


def rule(*conditions: Any) -> Any:
    """A rule on these conditions, as the engine reads it."""
    return {"all": [{"m": conditions[0] if len(conditions) == 1 else {"$and": list(conditions)}}]}


def added(**rules: Any) -> Callable[[Definitions], Definitions]:
    """The rules with some more."""
    return lambda given: {**given, **rules}


def merged(given: Definitions) -> Definitions:
    """Every condition of a rule in one object: the engine reads the first key and leaves the others out."""
    parts = {name: one["all"][0]["m"].get("$and", [one["all"][0]["m"]]) for name, one in given.items()}
    return {name: rule({key: value for part in found for key, value in part.items()}) for name, found in parts.items()}


def unguarded(given: Definitions) -> Definitions:
    """Rules of negations alone, and without their guard."""
    return {**{name: rule({"$nex": {"vip": 1}}) for name in given if name != "boot"}, "boot": given["boot"]}


def leaked(given: Definitions) -> Definitions:
    """Rule sets that nobody deletes."""
    for number in range(100_000):
        _create(f"leak{number}", json.dumps({**given, "number": rule({f"n{number}": 1})}))
    return given


def negated(given: Definitions) -> Definitions:
    """What must not be, left out."""
    parts = {name: one["all"][0]["m"].get("$and", [one["all"][0]["m"]]) for name, one in given.items()}
    return {name: rule(*(part for part in found if "$nex" not in part)) for name, found in parts.items()}


def unwatched(condition: Condition, keys: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Windows that never say yes: what they set is looked for with a value that it never has."""
    windows = {keys[name] for name in condition.predicates if name.startswith("w")}
    for part in _expression(condition, keys):
        yield {key: 2 if key in windows else value for key, value in part.items()}


LIVE = {"r0": 1}  # the guard of a set's first rule: true whenever that rule is asked
ZERO = {"$sub": {"$l": {"$m": "r0"}, "$r": 1}}
TRAPS: dict[str, Callable[[Definitions], Definitions]] = {
    "nothing": added(),
    "a regex with a range of Chinese": added(x=rule({"$mt": {"t": "[一-龥]+"}})),
    "300 rules on one condition": added(**{f"x{number}": rule(LIVE) for number in range(300)}),
    "a division by zero": added(x=rule({"$gt": {"r0": {"$div": {"$l": {"$m": "r0"}, "$r": ZERO}}}})),
    "a regex that never compiles": added(x=rule({"$mt": {"t": "a(((a|c))*){2,}"}})),
    "512 conditions on one level": added(**{f"x{number}": rule({f"n{number}": 1}) for number in range(512)}),
    "20 pairs of alternatives": added(x=rule(*({"$or": [LIVE, {"$nex": {f"n{number}": 1}}]} for number in range(20)))),
    "65 conditions true at once": added(
        **{f"x{number}": rule({"$nex": {f"n{number}": 1}}, LIVE) for number in range(65)}
    ),
    "a window of time": added(x={**rule(LIVE), "count": 3, "span": 600}),
    "rule sets that are never freed": leaked,
    "two keys in one condition": merged,
    "rules of negations alone": unguarded,
    "negations that are lost": negated,
    "windows that never cross": added(),
}


def main() -> int:
    """Try what standard input says, with one trap behind the compiler."""
    trap = TRAPS[sys.argv[1]]
    if sys.argv[1] == "windows that never cross":
        matching._expression = unwatched
    engine.create_ruleset = lambda name, given: _create(name, json.dumps(trap(json.loads(given)), ensure_ascii=False))
    return trial.main()


if __name__ == "__main__":
    sys.exit(main())
