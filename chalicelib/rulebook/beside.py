"""A shadow version beside the live one: each post is decided by both, and the live decision is what happens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.errors import Unavailable
from chalicelib.model import Counted, Decision, Facts, Otherwise, Recommended, Sighting
from chalicelib.ports import deciding


class Beside:
    """ports.deciding.Rulebook. What the shadow decides otherwise is kept with the decision; where it fails, `failed`
    is told."""

    def __init__(
        self,
        live: deciding.Rulebook,
        shadow: deciding.Rulebook,
        failed: Callable[[Exception], None] = lambda trouble: None,
    ) -> None:
        self.version = live.version
        self._live = live
        self._shadow: deciding.Rulebook | None = shadow
        self._failed = failed

    def decide(
        self,
        facts: Facts,
        trace: bool = True,
        windows: deciding.Windows | None = None,
        recommended: Sequence[Recommended] = (),
    ) -> Decision:
        """The live decision; `otherwise` is there where outcome, rule, priority or team of the shadow's differ."""
        decision = self._live.decide(facts, trace, windows, recommended)
        if self._shadow is None:
            return decision
        try:
            apart = Apart(windows, self._shadow.version) if windows else None
            shadowed = self._shadow.decide(facts, False, apart, recommended)
        except Exception as trouble:  # whatever it is: a version that acts on nothing must not stop one that does
            if not isinstance(trouble, Unavailable):
                self._shadow = None
            self._failed(trouble)
            return decision
        return replace(decision, otherwise=_otherwise(decision, shadowed))


class Apart:
    """ports.deciding.Windows. The windows of a shadow version, named apart: what it counts must not change what is
    live."""

    def __init__(self, windows: deciding.Windows, version: str) -> None:
        self._windows = windows
        self._version = version

    def sight(self, sightings: Sequence[Sighting]) -> list[Counted]:
        """As the windows do, in the shadow's own."""
        return self._windows.sight([self._named(sighting) for sighting in sightings])

    def posted(self, author_key: str, post_id: str, at: datetime, days: Collection[int]) -> Mapping[int, int]:
        """As the windows do: what is counted is the same for both."""
        return self._windows.posted(author_key, post_id, at, days)

    def settle(self) -> None:
        """The live version's batch does it for both."""

    def _named(self, sighting: Sighting) -> Sighting:
        beside = f"beside {self._version}/"
        return replace(sighting, group=beside + sighting.group, window=beside + sighting.window, raises=False)


def _otherwise(live: Decision, shadow: Decision) -> Otherwise | None:
    other = Otherwise(shadow.rulebook, shadow.outcome, shadow.rule, shadow.priority, shadow.team)
    same = Otherwise(shadow.rulebook, live.outcome, live.rule, live.priority, live.team)
    return None if other == same else other
