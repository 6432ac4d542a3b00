"""What `earshot score` finds out about one file of labelled posts."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.cli.score_lines import Labelled
from chalicelib.model import Decision
from chalicelib.rulebook.agreement import Agreement


@dataclass(frozen=True, slots=True)
class Positive:
    """What counts as a yes: an outcome, and its reason where one is asked for."""

    outcome: str
    reason: str | None = None

    def is_met(self, made: Decision) -> bool:
        """Whether a decision is a yes."""
        return made.outcome.value == self.outcome and self.reason in (None, made.reason)

    def __str__(self) -> str:
        return f"{self.outcome}:{self.reason}" if self.reason else self.outcome


@dataclass(frozen=True, slots=True)
class Miss:
    """A post that people see otherwise, and why it was decided so."""

    labelled: Labelled
    expected: str
    decided: str
    why: str


@dataclass(slots=True)
class Scored:
    """Everything that is told of one file. `worst` are by kind of mistake, the clearest first."""

    name: str
    label: str
    positive: Positive
    names: dict[str, str]
    left_out: int = 0
    agreement: Agreement = field(default_factory=Agreement)
    worst: dict[tuple[str, str], list[Miss]] = field(default_factory=dict)
