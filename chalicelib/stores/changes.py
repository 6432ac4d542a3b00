"""The writes of one save and of one mark, as conditional puts and changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.model import CaseStatus, Delivery, DeliveryState, Verb
from chalicelib.stores import effects, items, keys, retention
from chalicelib.stores.attributes import Plain, stamp
from chalicelib.stores.fitting import fitting_text
from chalicelib.stores.table import ALWAYS, Change

if TYPE_CHECKING:
    from chalicelib.model import Case, Saved, Softening

THERE = "attribute_exists(pk)"
_HEEDED = "heeded = if_not_exists(heeded, :none) + :one"


def of_save(saved: Saved, now: datetime) -> list[items.New | Change]:
    """Everything a decision writes; the decision itself comes first, so that the first reason tells a duplicate."""
    writes: list[items.New | Change] = [items.decision_item(saved, now)]
    if effects.needs_head(saved):
        writes.append(_head(saved, now))
    if saved.remembers is not None and saved.post.author_key is not None:
        writes.append(_author(saved, saved.post.author_key, now))
    if saved.opens:
        writes.append(items.case_item(saved.opens, now))
    if saved.joins:
        writes.append(_joined(saved.joins, saved, now))
    writes.extend(items.delivery_item(delivery, now) for delivery in saved.deliveries)
    writes.extend(items.case_item(case, now) for case in saved.parents)
    if saved.raised:
        from chalicelib.stores import alert_items  # here: who delivers raises none

        writes.extend(write for raised in saved.raised for write in alert_items.of_raised(raised, now))
        quotes = effects.quotes_of_others(saved).items()
        writes.extend(alert_items.quoted(post_id, names, now) for post_id, names in quotes)
    if saved.unquoted:
        from chalicelib.stores import alert_items

        writes.extend(write for each in saved.unquoted for write in alert_items.of_unquoted(each, now))
    if saved.notices:
        from chalicelib.stores import notice_items

        # The last: `save` counts on it.
        writes.extend(notice_items.notice_item(notice, now) for notice in saved.notices)
    return writes


def of_mark(delivery: Delivery, state: DeliveryState, receipt: str | None = None, words: str | None = None) -> Change:
    """A delivery that is owed no more. `done` stands over all else and never changes; the rest end what is owed."""
    said: dict[str, Plain] = {"receipt": receipt} if receipt is not None else {}
    said |= {"words": items.short(words)} if words is not None else {}
    sets = "".join(f", {name} = :{name}" for name in said)
    from_ = "delivery_state <> :done" if state is DeliveryState.DONE else "delivery_state = :owed"
    against = {":done": "done"} if state is DeliveryState.DONE else {":owed": "owed"}
    return Change(
        keys.delivery(delivery.case_id, delivery.sequence),
        f"SET delivery_state = :state{sets} REMOVE owes, owed_since",
        f"{THERE} AND {from_}",
        {":state": state.value, **against, **{f":{name}": value for name, value in said.items()}},
    )


def of_case(delivery: Delivery, state: DeliveryState, now: datetime, words: str = "") -> Change | None:
    """What the mark of an opening that came to nothing says about its case; None where the case does not change."""
    if delivery.verb is not Verb.OPEN_CASE:
        return None
    key = keys.case(delivery.case_id)
    if state is DeliveryState.REFUSED:
        return Change(key, "SET refused = :words", THERE, {":words": items.short(words)})
    ends = "SET case_state = :state, clock_stopped_at = :now REMOVE owes, owed_since"
    return Change(key, ends, THERE, {":state": CaseStatus.WITHDRAWN.value, ":now": stamp(now)})


def of_opening(case_id: str, crm: str, receipt: str) -> Change:
    """What a case learns when the CRM has it, once: people may have closed it there a moment later."""
    values: dict[str, Plain] = {":crm": crm, ":ref": receipt, ":open": CaseStatus.OPEN.value}
    does = "SET crm = :crm, crm_ref = :ref, case_state = :open REMOVE refused, closed_at"
    return Change(keys.case(case_id), does, f"{THERE} AND attribute_not_exists(crm_ref)", values)


def with_clock(opens: Change, renewed: Case) -> Change:
    """The same with the clock of the post that a withdrawn case opens for, unless people have answered already."""
    sets, values = _clock_of(renewed)
    does = opens.does.replace("SET ", f"SET {sets}, ", 1) + ", clock_stopped_at, taken_back_at"
    return Change(opens.key, does, f"{opens.if_} AND attribute_not_exists(answered_at)", {**opens.values, **values})


def of_renewal(renewed: Case, was: datetime) -> Change:
    """The clock of a later post for a case of which every other was deleted, unless that was said again, or people
    have answered."""
    sets, values = _clock_of(renewed)
    if_ = f"{THERE} AND taken_back_at = :was AND attribute_not_exists(answered_at)"
    does = f"SET {sets}, {_HEEDED} REMOVE clock_stopped_at, taken_back_at"
    return Change(keys.case(renewed.id), does, if_, {**values, ":was": stamp(was), ":none": 0, ":one": 1})


def of_taking_back(case: Case, now: datetime) -> Change:
    """Every post of it is deleted: whoever moves the case by what they read before must read again."""
    if_ = f"{THERE} AND posts = :posts AND (attribute_not_exists(clock_stopped_at) OR attribute_exists(taken_back_at))"
    does = f"SET taken_back_at = :now, clock_stopped_at = :now, {_HEEDED} REMOVE owes, owed_since"
    return Change(keys.case(case.id), does, if_, {":posts": case.posts, ":now": stamp(now), ":none": 0, ":one": 1})


def _clock_of(renewed: Case) -> tuple[str, dict[str, Plain]]:
    due = renewed.next_late.due if renewed.next_late else None
    values: dict[str, Plain] = {":clock": items.clock(renewed)}
    values |= {":owes": keys.clock(renewed.id), ":due": stamp(due)} if due else {}
    return "clock = :clock" + (", owes = :owes, owed_since = :due" if due else ""), values


def of_reference(case_id: str, crm: str, receipt: str, now: datetime) -> Change:
    """By which of its records the CRM will speak of a case."""
    values: dict[str, Plain] = {":case": case_id, ":expires": _later(now, retention.CASE_KEPT_FOR)}
    return Change(keys.reference(crm, receipt), "SET case_id = :case, expires = :expires", ALWAYS, values)


def of_start(case_id: str) -> Change:
    """The note that the CRM is about to be asked; written once."""
    return Change(
        keys.case(case_id), "SET started = :yes", f"{THERE} AND attribute_not_exists(started)", {":yes": True}
    )


def of_nudge(key: keys.Key, before: datetime, now: datetime) -> Change:
    """The touch that makes the stream hand out a case again; the index may lag, so the debt is checked once more."""
    condition = "attribute_exists(owes) AND owed_since < :before"
    return Change(key, "SET owed_since = :now", condition, {":now": stamp(now), ":before": stamp(before)})


def of_owing_again(refused_or_kept: Sequence[Delivery], now: datetime) -> list[Change]:
    """The same deliveries owed as if for the first time, and their case refused no more: any of them may open it."""
    case = Change(keys.case(refused_or_kept[0].case_id), "REMOVE refused", THERE)
    return [case, *(_owed_again(delivery, now) for delivery in refused_or_kept)]


def _owed_again(delivery: Delivery, now: datetime) -> Change:
    values: dict[str, Plain] = {":owes": keys.owes(delivery.case_id), ":now": stamp(now)}
    values |= {":owed": DeliveryState.OWED.value, ":was": delivery.state.value}
    does = "SET delivery_state = :owed, owes = :owes, owed_since = :now REMOVE words"
    return Change(keys.delivery(delivery.case_id, delivery.sequence), does, "delivery_state = :was", values)


def _head(saved: Saved, now: datetime) -> Change:
    before, after = saved.standing, effects.head_after(saved)
    # A head never outlives the case it names, or the next change of its post would join nothing.
    moves = before.case_id is None or saved.case_id is not None
    values: dict[str, Plain] = {":expires": _later(now, retention.KEPT_FOR)} if moves else {}
    values |= {":deleted": True} if after.deleted else {}
    values |= {":edited": True} if after.edited else {}
    values |= {":latest_at": stamp(after.latest_at)} if after.latest_at else {}
    values |= {":case_id": after.case_id} if after.case_id else {}
    sets = ", ".join(f"{name[1:]} = {name}" for name in values)
    added: dict[str, Plain] = {":seen": new} if (new := after.seen - before.seen) else {}
    added |= {":quoted_in": quoted} if (quoted := after.quoted_in - before.quoted_in) else {}
    adds = f" ADD {', '.join(f'{name[1:]} {name}' for name in added)}" if added else ""
    alive = "deleted = :deleted" if before.deleted else "attribute_not_exists(deleted)"
    same, was = (
        ("case_id = :was", {":was": before.case_id}) if before.case_id else ("attribute_not_exists(case_id)", {})
    )
    quoting, by = "attribute_not_exists(quoted_in)", {}
    if before.quoted_in:
        quoting, by = "quoted_in = :by", {":by": before.quoted_in}
    if_ = f"{alive} AND {same} AND {quoting}"
    return Change(keys.head(saved.post.id), f"SET {sets}{adds}", if_, {**values, **added, **was, **by})


def _author(saved: Saved, author_key: str, now: datetime) -> Change:
    revision = saved.standing.revision
    was = "attribute_not_exists(revision)" if revision == 0 else "revision = :was"
    values: dict[str, Plain] = {
        ":next": revision + 1,
        ":cases": fitting_text(effects.most_recent(saved.remembers or ())),
        ":expires": _later(now, retention.KEPT_FOR),
    }
    values |= {":was": revision} if revision else {}
    offers = ", recommended = :recommended" if saved.recommends else ""
    values |= {":recommended": fitting_text(effects.recommended_after(saved))} if offers else {}
    return Change(
        keys.author(author_key), f"SET revision = :next, open_cases = :cases, expires = :expires{offers}", was, values
    )


def _joined(case_id: str, saved: Saved, now: datetime) -> Change:
    values: dict[str, Plain] = {":more": effects.posts_added(saved), ":at": stamp(effects.joined_at(saved, now))}
    values[":expires"] = _later(now, retention.CASE_KEPT_FOR)
    does = "SET posts = posts + :more, last_post_at = :at, expires = :expires"
    if saved.goes_on:  # whoever closes the case as it stood before has not seen this
        does += f", status_at = :now, {_HEEDED}"
        values |= {":now": stamp(now), ":none": 0, ":one": 1}
    if saved.reopens:
        does += ", case_state = :open REMOVE closed_at"
        values[":open"] = CaseStatus.OPEN.value
    if saved.reason:
        does, values[":reason"] = f"{does} ADD reasons :reason", frozenset((saved.reason,))
    if saved.softens:
        return _softened(Change(keys.case(case_id), does, THERE, values), saved.softens)
    return Change(keys.case(case_id), does, THERE, values)


def _softened(joins: Change, softens: Softening) -> Change:
    """The same with the case one level lower, if it is as pressing, and as open, as it was read."""
    values: dict[str, Plain] = {":was": softens.was.value, ":lower": softens.priority.value}
    values |= {":softened": stamp(softens.at), ":state": CaseStatus.OPEN.value}
    does = joins.does.replace("SET ", "SET priority = :lower, softened_at = :softened, ", 1)
    same = "(attribute_not_exists(priority) OR priority = :was) AND attribute_not_exists(softened_at)"
    return Change(joins.key, does, f"{joins.if_} AND {same} AND case_state = :state", {**joins.values, **values})


def _later(now: datetime, by: timedelta) -> int:
    return int((now + by).timestamp())
