"""What a case owes, told to the CRM in order, each exactly once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.errors import Denied, Refused, Unavailable
from chalicelib.log import Log
from chalicelib.model import (
    Action,
    Case,
    CaseStatus,
    CrmEvent,
    Delivery,
    DeliveryState,
    Entry,
    Happened,
    Outcome,
    Recorded,
    Standing,
    Told,
    Verb,
)
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.hear import heed
from chalicelib.pipeline.identity import Registry
from chalicelib.pipeline.taking_back import renewed as renewed_clock
from chalicelib.ports.crm import BackChannel, Crm
from chalicelib.ports.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """Where deliveries come from and go to; `crm` is None where no CRM is configured.

    `registry` knows which customers authors are, `channel` learns what we do to a case's status; without them nobody is
    looked up, and a case that people closed a moment ago stays closed here until the CRM tells otherwise.
    """

    store: Store
    crm: Crm | None
    circuit: Circuit
    registry: Registry | None = None
    channel: BackChannel | None = None
    log: Log | None = None

    def deliver(self, case_id: str, is_late: Callable[[], bool] = lambda: False) -> int:
        """Tell the CRM everything this case owes; how many. Raises Unavailable at the first that must wait, Resting
        when the CRM is left in peace: then trying again soon is of no use. Once `is_late`, nothing more is begun.

        A stream record only wakes this up: what is owed is read from the table, so a record handed out twice, late or
        by `nudge` does no harm. One case is never delivered twice at once: its items share a partition key, so one
        shard of the stream and one invocation have it.
        """
        if self.crm:
            self.circuit.ask()  # while it rests, thousands may be handed out in vain: let them cost no request
        done = 0
        for delivery in self.store.owed(case_id):
            if is_late():
                raise Unavailable("the function's time is nearly over; the next invocation goes on")
            self._deliver(delivery)
            done += 1
        return done

    def _deliver(self, delivery: Delivery) -> None:
        if self.crm is None:
            self.store.mark_kept(delivery)
            return
        case = self.store.case(delivery.case_id)
        if delivery.told is not None:
            self._deliver_told(self.crm, case, delivery, delivery.told)
            return
        recorded, standing = self._recorded(delivery)
        if case is None or recorded is None:
            self.store.mark_kept(delivery)
        elif case.refused is not None:
            self.store.mark_refused(delivery, case.refused)
        elif _is_gone(case, delivery, recorded):
            self.store.mark_withdrawn(delivery)
        elif _is_withdrawn(case):
            opening = replace(delivery, verb=Verb.OPEN_CASE, heading=case.subject)
            renewed = None if case.answered_at else case.renewed(recorded.decision)
            entry = partial(self._entry, delivery=opening, recorded=recorded, standing=standing)
            self._tell(self.crm, renewed or case, opening, entry, renewed)
        elif delivery.verb is Verb.ADD_TO_CASE and case.crm_ref is None:
            self.store.mark_kept(delivery)  # the case itself was kept, before there was a CRM
        else:
            entry = partial(self._entry, delivery=delivery, recorded=recorded, standing=standing)
            self._tell(self.crm, case, delivery, entry, renewed_clock(case, delivery, recorded))

    def _deliver_told(self, crm: Crm, case: Case | None, delivery: Delivery, told: Told) -> None:
        """What an alert tells is nobody's post, and no deletion withdraws it; what a clock tells goes with its case."""
        if case is not None and case.refused is not None:
            self.store.mark_refused(delivery, case.refused)
        elif case is not None and _is_withdrawn(case):
            self.store.mark_withdrawn(delivery)
        elif case is None or (delivery.verb is Verb.ADD_TO_CASE and case.crm_ref is None):
            self.store.mark_kept(delivery)
        else:
            from chalicelib.pipeline.raising import decision  # here: most of what is owed is no alert's
            from chalicelib.pipeline.showing import kept

            samples = tuple(kept(self.store, told.posts))
            entry = Entry(
                delivery.key, delivery.heading, None, decision(case, told),
                reopens=told.reopens, told=told.lines, samples=samples,
            )  # fmt: skip
            self._tell(crm, case, delivery, lambda _: entry)

    def _recorded(self, delivery: Delivery) -> tuple[Recorded | None, Standing]:
        recorded = self.store.record(delivery.post_id, delivery.post_version)
        if recorded is None or recorded.erased:
            return recorded, Standing()
        standing = self.store.standings([recorded.post])[0]
        if not standing.deleted:
            return recorded, standing
        self.store.erase_text(delivery.post_id)  # a deletion that named no author overtook its post in the queue
        return replace(recorded, erased=True), standing

    def _tell(
        self, crm: Crm, case: Case, delivery: Delivery, made: Callable[[Crm], Entry], renewed: Case | None = None
    ) -> None:
        self.circuit.ask()  # before anything is noted: a CRM that rests is not being asked to open this
        opens = delivery.verb is Verb.OPEN_CASE
        entry = self._shifted(made(crm), delivery)
        if opens:
            self.store.mark_started(case.id)
        elif case.merged_into:
            case = replace(case, crm_ref=case.merged_into)
        try:
            with self.circuit.call():
                receipt = crm.open_case(case, entry) if opens else crm.add_to_case(case, entry)
        except Refused as refusal:
            self.store.mark_refused(delivery, str(refusal))
            if self.log:
                self.log.warning(
                    "case.refused", post_id=delivery.post_id, case_id=delivery.case_id
                )  # its words stand in the table only
            return
        if self.channel and entry.reopens and case.status is CaseStatus.CLOSED:
            ours = CrmEvent(f"ours/{entry.key}", Happened.REOPENED, self.circuit.clock(), case.id)
            heed(crm.name, self.channel, [ours])
        self.store.mark_delivered(delivery, crm.name, receipt, renewed)
        if self.log:
            self.log.info("entry.told", post_id=delivery.post_id, case_id=delivery.case_id, verb=delivery.verb)

    def _shifted(self, entry: Entry, delivery: Delivery) -> Entry:
        """The same, where the case has shifted, with every shift that the CRM may not have: what it shows may be of any
        of them, since an earlier one was refused there, or done and not noted."""
        if delivery.shift is None:
            return entry
        owed = (one.shift for one in self.store.deliveries(delivery.case_id) if one.state is not DeliveryState.DONE)
        return replace(entry, shifts=tuple(shift for shift in owed if shift is not None))

    def _entry(self, crm: Crm, delivery: Delivery, recorded: Recorded, standing: Standing) -> Entry:
        post = None if recorded.erased else recorded.post
        entry = Entry(delivery.key, delivery.heading, post, recorded.decision, reopens=_reopens(delivery, recorded))
        if self.registry is None:
            return entry
        if delivery.verb is not Verb.OPEN_CASE:  # whose case it is was settled when it was opened
            known = standing.link
            return replace(entry, customer=known.customer if known and known.crm == crm.name else None)
        author = recorded.post.author_key
        return replace(entry, customer=self.registry.customer(crm, author, standing.link, entry.profile))


def deliver_patiently(
    desk: Desk, case_id: str, left: Callable[[], float], pause: Callable[[float], None] = time.sleep
) -> int:
    """As `Desk.deliver`, waiting where a CRM that answers asks for a pause, while `left()` seconds allow it.

    So the stream is held back to the CRM's own rate: were what must pause handed out again minutes later, catching up
    after an outage would take many times as long. A CRM that is down, or does not know us, is not waited for.
    """
    while True:
        try:
            return desk.deliver(case_id, lambda: left() < 0)
        except Unavailable as trouble:
            asked = None if isinstance(trouble, Denied) or desk.circuit.is_down else trouble.retry_after
            if asked is None or asked >= left():
                raise
            pause(asked)


def _reopens(delivery: Delivery, recorded: Recorded) -> bool:
    """A new post that a rule wants people to see; an edit, or thanks that no rule knows, reopens nothing."""
    wanted = recorded.decision.outcome is not Outcome.IGNORE and recorded.post.action is Action.CREATE
    return delivery.verb is Verb.ADD_TO_CASE and wanted and not recorded.erased


def _is_gone(case: Case, delivery: Delivery, recorded: Recorded) -> bool:
    """Its author took the post back before anything of this case was told: then there is nothing to tell.

    Of a withdrawn case only what would have opened one by itself is told: it may have joined before the withdrawal, or
    after it, since an author's record does not know of it.
    """
    if case.started:
        return False  # the CRM may have it
    if delivery.verb is Verb.OPEN_CASE:
        return recorded.erased
    return _is_withdrawn(case) and (recorded.erased or recorded.decision.outcome is Outcome.IGNORE)


def _is_withdrawn(case: Case) -> bool:
    return case.status is CaseStatus.WITHDRAWN
