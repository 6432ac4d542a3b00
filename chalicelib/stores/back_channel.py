"""What people did in the CRM, in the table: heeded once, the case and its author's record moved in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.codec import instant
from chalicelib.errors import Conflict
from chalicelib.model import Asked, Case, CrmEvent
from chalicelib.ports.clock import Clock
from chalicelib.stores import effects, items, keys, notice_items, retention, settling
from chalicelib.stores.attributes import Plain, stamp
from chalicelib.stores.changes import THERE
from chalicelib.stores.fitting import fitting_text
from chalicelib.stores.table import Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR = timedelta(days=30)  # no CRM repeats itself longer
ASKED = ("asked_until", "asked_at", "seen_at")
WORDS = 200  # of a team or a record there


class DynamoBackChannel:
    """ports.crm.BackChannel. Every method raises Unavailable, or SettingsError where the table is missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str, clock: Clock) -> None:
        self._table = Table(client, table)
        self._clock = clock

    def heed(self, crm: str, event: CrmEvent) -> bool:
        """As `ports.crm.BackChannel` says: two to four reads, and one transaction where something moves."""
        now = self._clock()
        event = sound(event, now)
        case = self._case(crm, event)
        after = effects.heeded(case, event) if case else None
        if case is None or after is None or after == case:
            return False
        writes: list[items.New | Change] = [_note(crm, case, event, now), _moved(case, after), *self._remembered(after)]
        owed = self._owed_to_people(after, event, now)
        held = self._table.write_all([*writes, *owed])
        if owed and all(held[:-1]) and not held[-1]:  # whoever was asked was told that before
            held = self._table.write_all(writes)
        if held[0] and not all(held):
            raise Conflict("table: the case or its author's record changed since it was read")
        if held[0] and after.merged_into:
            self._table.put_new(_merged(crm, after, now))
        return held[0]

    def asked(self, crm: str) -> Asked | None:
        """How far it was asked."""
        item = self._table.read(keys.asked(crm))
        if item is None:
            return None
        at, seen_at = (instant(item[name], name) if name in item else None for name in ("asked_at", "seen_at"))
        return Asked(instant(item["asked_until"], "asked_until"), at, seen_at)

    def ask(self, crm: str, was: Asked | None, now: Asked) -> bool:
        """Note that it was asked, unless somebody else has since `was` was read."""
        before, after = (_asked(one) if one else {} for one in (was, now))
        sets = ", ".join(f"{name} = :{name}" for name in after)
        gone = ", ".join(name for name in ASKED if name not in after)
        same = (f"{name} = :was_{name}" if name in before else f"attribute_not_exists({name})" for name in ASKED)
        values = {f":{name}": value for name, value in after.items()}
        values |= {f":was_{name}": value for name, value in before.items()}
        does = f"SET {sets}" + (f" REMOVE {gone}" if gone else "")
        return self._table.change(Change(keys.asked(crm), does, " AND ".join(same), values))

    def _case(self, crm: str, event: CrmEvent) -> Case | None:
        """By our key where the CRM sends one that is ours, else by its own."""
        item = self._table.read(keys.case(event.case_id)) if event.case_id else None
        if item is None and event.crm_ref:
            found = self._table.read(keys.reference(crm, event.crm_ref))
            item = self._table.read(keys.case(found["case_id"])) if found else None
        case = items.case(item) if item else None
        return case if case and is_of(case, crm) else None

    def _owed_to_people(self, after: Case, event: CrmEvent, now: datetime) -> list[items.New]:
        """What whoever was asked about it is to hear."""
        if event.happened not in settling.SETTLES:
            return []
        item = self._table.read(keys.matter(after.id))
        notice = settling.settling(after, event, notice_items.matter(item), now) if item else None
        return [notice_items.notice_item(notice, now)] if notice else []

    def _remembered(self, after: Case) -> list[Change]:
        """Its author's record, where that remembers the case otherwise: triage decides by it."""
        state = self._table.read(keys.author(after.author_key)) if after.author_key else None
        before = items.remembered(state or {})
        cases = effects.remembered(before, after)
        if after.author_key is None or state is None or cases == before:
            return []
        revision = state["revision"]
        values: dict[str, Plain] = {":cases": fitting_text(cases), ":next": revision + 1, ":was": revision}
        does = "SET open_cases = :cases, revision = :next"
        return [Change(keys.author(after.author_key), does, "revision = :was", values)]


def _asked(asked: Asked) -> dict[str, Plain]:
    times = zip(ASKED, (asked.until, asked.at, asked.seen_at), strict=True)
    return {name: stamp(time) for name, time in times if time}


def is_of(case: Case, crm: str) -> bool:
    """Whether the CRM may speak of this case: it was told of it, or is being told of it now."""
    return case.crm == crm or (case.crm is None and case.started)


def sound(event: CrmEvent, now: datetime) -> CrmEvent:
    """The event with a time that is not ahead of ours, and with words of a length that an item can hold."""
    return replace(event, at=min(event.at, now), team=_cut(event.team), into=_cut(event.into))


def _cut(words: str | None) -> str | None:
    return words[:WORDS] if words is not None else None


def _note(crm: str, case: Case, event: CrmEvent, now: datetime) -> items.New:
    pk, sk = keys.heeded(case.id, crm, event.id)
    return {"pk": pk, "sk": sk, "heeded_at": stamp(now), "expires": int((now + KEPT_FOR).timestamp())}


def _merged(crm: str, case: Case, now: datetime) -> items.New:
    """What people do with the record that took its place is done to this case, unless that is a case of its own."""
    pk, sk = keys.reference(crm, case.merged_into or "")
    return {"pk": pk, "sk": sk, "case_id": case.id, "expires": int((now + retention.CASE_KEPT_FOR).timestamp())}


def _moved(case: Case, after: Case) -> Change:
    now = items.heard(after)
    sets = ", ".join(f"{name} = :{name}" for name, value in now.items() if value is not None)
    stopped = ("owes", "owed_since") if after.clock_stopped_at else ()
    gone = ", ".join((*(name for name, value in now.items() if value is None), *stopped))
    values = {f":{name}": value for name, value in now.items() if value is not None}
    same, was = ("heeded = :was", {":was": case.heeded}) if case.heeded else ("attribute_not_exists(heeded)", {})
    does = f"SET case_state = :state, {sets}" + (f" REMOVE {gone}" if gone else "")
    return Change(keys.case(case.id), does, f"{THERE} AND {same}", {":state": after.status.value, **values, **was})
