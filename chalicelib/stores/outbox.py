"""What is owed to the CRM, in memory: the deliveries of all cases and the stream that hands them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.model import Delivery, DeliveryState

Place = tuple[str, str]


class Outbox:
    """Deliveries by case and sequence. Not locked: the store that owns it is."""

    def __init__(self) -> None:
        self._deliveries: dict[Place, Delivery] = {}
        self._owed_since: dict[Place, datetime] = {}
        self._woken: list[str] = []

    def __contains__(self, delivery: Delivery) -> bool:
        return _place(delivery) in self._deliveries

    def add(self, delivery: Delivery, now: datetime) -> None:
        """Owe this from now on."""
        self._deliveries[_place(delivery)] = delivery
        self._owed_since[_place(delivery)] = now
        self._woken.append(delivery.case_id)

    def owed(self, case_id: str) -> list[Delivery]:
        """What this case owes, in order."""
        owing = sorted(place for place in self._owed_since if place[0] == case_id)
        return [self._deliveries[place] for place in owing]

    def owing(self) -> list[str]:
        """The sequences of everything that is owed."""
        return [sequence for _, sequence in self._owed_since]

    def deliveries(self, case_id: str) -> list[Delivery]:
        """What this case owes or has owed, in order."""
        return [self._deliveries[place] for place in sorted(self._deliveries) if place[0] == case_id]

    def can_become(self, marked: Delivery) -> bool:
        """True when the mark changes something: `done` is final, the other marks end only what is owed."""
        stored = self._deliveries.get(_place(marked))
        if stored is None or stored.state is DeliveryState.DONE:
            return False
        return marked.state is DeliveryState.DONE or stored.state is DeliveryState.OWED

    def mark(self, marked: Delivery) -> None:
        """Owe this no more; it wakes nobody."""
        stored = self._deliveries[_place(marked)]
        changed = replace(stored, state=marked.state, receipt=marked.receipt, words=marked.words)
        self._deliveries[_place(marked)] = changed
        self._owed_since.pop(_place(marked), None)

    def reword(self, case_id: str, reworded: Callable[[Delivery], Delivery]) -> None:
        """What a case owes or has owed, as an erasure leaves it; it wakes nobody."""
        for delivery in self.deliveries(case_id):
            self._deliveries[_place(delivery)] = reworded(delivery)

    def nudge(self, before: datetime, now: datetime) -> int:
        """Hand out again each case of which nothing was since then; how many."""
        last: dict[str, datetime] = {}
        for (case_id, _), since in self._owed_since.items():
            last[case_id] = max(since, last.get(case_id, since))
        old = [case_id for case_id, since in last.items() if since < before]
        for case_id in old:
            self._owed_since[min(place for place in self._owed_since if place[0] == case_id)] = now
        self._woken.extend(old)
        return len(old)

    def handed_out(self) -> list[str]:
        """The cases woken since this was last asked, each once."""
        woken, self._woken = list(dict.fromkeys(self._woken)), []
        return woken


def _place(delivery: Delivery) -> Place:
    return delivery.case_id, delivery.sequence
