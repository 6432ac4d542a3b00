"""The plain evaluator of compiled conditions: the engine's oracle in tests, and its kill switch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from chalicelib.rulebook.condition import Condition


class PlainMatcher:
    """Joins predicates into rules in Python."""

    def __init__(self, conditions: Mapping[str, Condition]) -> None:
        self._conditions = dict(conditions)

    def match(self, candidates: Iterable[str], true: Set[str]) -> set[str]:
        """Those of the candidates whose condition holds when exactly these predicates are true."""
        return {name for name in candidates if _holds(self._conditions[name], true)}

    def prepare(self) -> None:
        """Nothing to make."""

    def close(self) -> None:
        """Nothing to free."""


def _holds(condition: Condition, true: Set[str]) -> bool:
    return (
        all(name in true for name in condition.all)
        and (not condition.any or any(name in true for name in condition.any))
        and not any(name in true for name in condition.none)
    )
