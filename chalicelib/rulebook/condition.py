"""When a rule matches: predicate ids in three blocks. What is compiled from lines, joined by either engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model import Outcome
from chalicelib.rulebook.rule import Line

# Limits of durable_rules' C code, kept far from (64 true conditions at once, 512 slots): a larger rule is refused.
MAX_LEAVES = 58


@dataclass(frozen=True, slots=True)
class Condition:
    """All of `all`, at least one of `any` (if there are any), none of `none`; the blocks joined by and."""

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @property
    def leaves(self) -> int:
        """What it costs in one call of an engine: its predicates, one guard, one for an `any`."""
        return len(self.all) + len(self.any) + len(self.none) + 1 + (len(self.any) > 1)

    @property
    def predicates(self) -> frozenset[str]:
        """Every predicate it mentions."""
        return frozenset((*self.all, *self.any, *self.none))


def leaves(lines: Sequence[Line], outcome: Outcome | None) -> int:
    """What these lines will cost at most; an ignore also asks of each line of `none` whether it is unknown.

    Three more than that: the guard, an `any`, and a window.
    """
    doubled = sum(line.block == "none" for line in lines) if outcome is Outcome.IGNORE else 0
    return len(lines) + doubled + 3
