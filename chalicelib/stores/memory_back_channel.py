"""What people did in the CRM, in memory: the fake beside the real one, with the same promises."""

from __future__ import annotations

from chalicelib.model import Asked, Case, CrmEvent
from chalicelib.ports.clock import Clock
from chalicelib.stores import effects, settling
from chalicelib.stores.back_channel import is_of, sound
from chalicelib.stores.memory import MemoryStore


class MemoryBackChannel:
    """ports.crm.BackChannel."""

    def __init__(self, store: MemoryStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._heeded: set[tuple[str, str, str]] = set()
        self._asked: dict[str, Asked] = {}

    def heed(self, crm: str, event: CrmEvent) -> bool:
        event = sound(event, self._clock())
        case = self._case(crm, event)
        after = effects.heeded(case, event) if case else None
        if case is None or after is None or after == case or (crm, case.id, event.id) in self._heeded:
            return False
        self._heeded.add((crm, case.id, event.id))
        self._store.move(after)
        if notice := settling.settling(after, event, self._store.notices.matter(after.id), self._clock()):
            self._store.notices.owe(notice)
        return True

    def asked(self, crm: str) -> Asked | None:
        return self._asked.get(crm)

    def ask(self, crm: str, was: Asked | None, now: Asked) -> bool:
        if self._asked.get(crm) != was:
            return False
        self._asked[crm] = now
        return True

    def _case(self, crm: str, event: CrmEvent) -> Case | None:
        case = self._store.case(event.case_id) if event.case_id else None
        if case is None and event.crm_ref:
            named = [one for one in self._store.cases() if (one.crm, one.crm_ref) == (crm, event.crm_ref)]
            merged = [one for one in self._store.cases() if (one.crm, one.merged_into) == (crm, event.crm_ref)]
            case = next(iter(named + merged), None)
        return case if case and is_of(case, crm) else None
