"""Clocks of cases: what follows when nobody replies in time, each step once and in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

from chalicelib.errors import Conflict
from chalicelib.model import EXTERNAL_KEYS, Case, Delivery, Late, Notice, Shift, Told, Verb
from chalicelib.pipeline.casework import LAST
from chalicelib.pipeline.noticing import heading, of_lapse
from chalicelib.ports.clock import Clock
from chalicelib.ports.crm import Clocks


@dataclass(frozen=True, slots=True)
class Lapsed:
    """One step that came about, by its number from 1 on."""

    case_id: str
    rule: str | None
    step: int


def keep_clocks(clocks: Clocks, clock: Clock, is_late: Callable[[], bool] = lambda: False) -> Iterator[Lapsed]:
    """Do what is due, the longest due first; what is not begun once `is_late` is done by the next round.

    A step is one transaction, on the condition that it is the case's next and that nobody replied: of two rounds that
    run at once one has it, a round that was killed has done it or not, and one that is hours late does all of them in
    their order. Raises Unavailable.
    """
    now = clock()
    for case in clocks.due(now):
        yield from _keep(clocks, case, now, is_late)
        if is_late():
            return


def _keep(clocks: Clocks, case: Case, now: datetime, is_late: Callable[[], bool]) -> Iterator[Lapsed]:
    while (late := case.next_late) is not None and late.due <= now and not is_late():
        after = case.lapse()
        if not _lapse(clocks, after, owed(after, late, case.shift(after)), of_lapse(case, late, now)):
            return  # another round has it, or somebody replied
        yield Lapsed(case.id, case.rule, after.lapsed)
        case = after


def _lapse(clocks: Clocks, after: Case, delivery: Delivery, notice: Notice) -> bool:
    try:
        return clocks.lapse(after, delivery, notice)
    except Conflict:  # somebody writes the same case just now: the next round looks again
        return False


def owed(after: Case, late: Late, shift: Shift | None = None) -> Delivery:
    """What the CRM is told: an entry without a post, after all else that is owed to it by now.

    Ordered by when the step was due and by its number, not by a clock: two rounds may take turns.
    """
    name = f"late{after.lapsed:04}"
    key = str(uuid5(EXTERNAL_KEYS, "\x1f".join((after.id, name))))
    told = Told((f"{heading(late)}.",))
    sequence = f"{LAST:010d}.{late.due:%Y%m%dT%H%M%S%f}.{name}"
    return Delivery(
        after.id, sequence, key, Verb.ADD_TO_CASE, after.post_id, "", heading(late), told=told, shift=shift
    )  # fmt: skip
