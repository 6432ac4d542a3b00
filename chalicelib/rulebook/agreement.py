"""Decisions beside what people said of the same posts: confusion, precision, recall, F1; and who is right per rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.model import Decision


@dataclass(frozen=True, slots=True)
class Measured:
    """How one class fared. Shares from 0 to 1; what nothing can be said of is 0."""

    right: int
    decided: int
    labelled: int

    @property
    def precision(self) -> float:
        """Of those that were decided so, the share that people call so."""
        return self.right / self.decided if self.decided else 0.0

    @property
    def recall(self) -> float:
        """Of those that people call so, the share that was decided so."""
        return self.right / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.decided + self.labelled
        return 2 * self.right / both if both else 0.0


@dataclass(slots=True)
class Agreement:
    """What people said and what was decided, counted: `pairs` are (label, decided), `rules` (rule, is right)."""

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    rules: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def add(self, label: str, decided: str, made: Decision) -> None:
        """One more post."""
        self.pairs[label, decided] += 1
        if made.rule:
            self.rules[made.rule, label == decided] += 1

    @property
    def posts(self) -> int:
        """How many were compared."""
        return self.pairs.total()

    @property
    def classes(self) -> tuple[str, ...]:
        """Everything that a label or a decision says, labels first."""
        return tuple(
            dict.fromkeys([*sorted(label for label, _ in self.pairs), *sorted(said for _, said in self.pairs)])
        )

    def measured(self, name: str) -> Measured:
        """How one class fared."""
        decided = sum(posts for (_, said), posts in self.pairs.items() if said == name)
        labelled = sum(posts for (label, _), posts in self.pairs.items() if label == name)
        return Measured(self.pairs[name, name], decided, labelled)

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the classes that people used: a rare one counts as much as a frequent one."""
        labels = {label for label, _ in self.pairs}
        return sum(self.measured(label).f1 for label in labels) / len(labels) if labels else 0.0

    def by_rule(self) -> Iterator[tuple[str, int, int]]:
        """Each rule that decided, how often it was right, and how often it decided; most decisions first."""
        names = {name for name, _ in self.rules}
        decided = {name: self.rules[name, True] + self.rules[name, False] for name in names}
        for name in sorted(names, key=lambda each: (-decided[each], each)):
            yield name, self.rules[name, True], decided[name]
