"""What a Roundup tracker calls our priorities: by the names agreed on, or by rank where it has others."""

from __future__ import annotations

from chalicelib.crm.roundup_rest import RoundupRest
from chalicelib.errors import SettingsError
from chalicelib.model import Priority


class Priorities:
    """A tracker's priorities, asked for once. Raises SettingsError where the setting names not all of ours."""

    def __init__(self, rest: RoundupRest, setting: str) -> None:
        self._rest = rest
        self._names = _names(setting)
        self._there: list[tuple[str, str]] = []

    def of(self, priority: Priority | None) -> str | None:
        """The id of the priority of the agreed name, or of like rank; None where there is none. Raises Unavailable."""
        if priority is None:
            return None
        self._there = self._there or self._rest.priorities()
        if not self._there:
            return None
        by_rank = self._there[round(priority.rank * (len(self._there) - 1) / 3)][1]
        return dict(self._there).get(self._names[priority], by_rank)

    def forget(self) -> None:
        """Perhaps one that was there is gone."""
        self._there = []


def _names(setting: str) -> dict[Priority, str]:
    pairs = [item.partition("=") for item in setting.split(",")]
    named = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    if named.keys() != {str(priority) for priority in Priority} or not all(named.values()):
        raise SettingsError("crms.roundup.priorities: expected urgent=NAME, high=NAME, normal=NAME, low=NAME")
    return {Priority(ours): theirs for ours, theirs in named.items()}
