"""Values of the model to the table's items and back. What never changes is JSON; what changes has its own attribute."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.codec import from_json, instant, to_json
from chalicelib.model import (
    Case,
    Decision,
    Delivery,
    DeliveryState,
    Link,
    OpenCase,
    Post,
    Recommended,
    Recorded,
    Standing,
)
from chalicelib.stores import effects, keys, retention, skeleton
from chalicelib.stores.attributes import Item, Plain, json_text, stamp
from chalicelib.stores.fitting import cut, fitting_text, item_texts
from chalicelib.stores.packing import pack, unpack

if TYPE_CHECKING:
    from chalicelib.model import Saved

New = dict[str, Plain | None]
WORDS_BYTES = 4096
WHOSE = ("author_key", "conversation_id")  # what of a case leads to a person
# By the back channel.
HEARD = ("answered_at", "closed_at", "assigned_to", "merged_into", "status_at", "heeded", "clock_stopped_at")
LATE = ("team", "priority", "lapsed")  # by the case's clock
THANKED = ("reasons", "softened_at")
TAKEN_BACK = ("taken_back_at",)
CLOCK = ("late", "first_reply_due")
_CASE_CHANGES = ("posts", "last_post_at", "crm", "crm_ref", "started", "refused", *HEARD, *LATE, *THANKED, *TAKEN_BACK)
_DELIVERY_CHANGES = ("receipt", "words")


def decision_item(saved: Saved, now: datetime) -> New:
    """One version's decision, with the post as far as it may be kept."""
    drops = effects.drops_text(saved)
    decision = skeleton.without_words(saved.decision) if drops else saved.decision
    post_text, decision_text, cut_parts = item_texts(effects.kept_post(saved), decision)
    return {
        **_at(keys.version(saved.post.id, saved.decision.post_version)),
        "post": pack(post_text),
        "decision": pack(decision_text),
        "author_key": written_by(saved.post.author_key),
        "decided_at": stamp(now),
        "case_id": effects.case_of(saved),
        "erased": True if drops else None,
        "cut": cut_parts,
        "expires": int(effects.expires(saved, now).timestamp()),
    }


def written_by(author_key: str | None) -> str | None:
    """Whose post an item holds, for the search that an erasure makes; an id of any length is no longer than a key."""
    return keys.author(author_key)[0].removeprefix("AUTHOR#") if author_key else None


def recorded(item: Item) -> Recorded:
    """A decision as it was kept."""
    return Recorded(
        post=from_json(Post, json.loads(unpack(item["post"])), "post"),
        decision=from_json(Decision, json.loads(unpack(item["decision"])), "decision"),
        decided_at=instant(item["decided_at"], "decided_at"),
        case_id=item.get("case_id"),
        erased=item.get("erased", False),
        cut=tuple(sorted(item.get("cut", ()))),
    )


def erased_texts(item: Item) -> dict[str, Plain]:
    """The two JSON texts of a decision without the person's words; whose they were stays."""
    kept = recorded(item)
    post, decision = kept.post.without_text(), skeleton.without_words(kept.decision)
    return {":post": pack(json_text(post)), ":decision": pack(json_text(decision))}


def case_item(case: Case, now: datetime) -> New:
    """A case; `case_state` and `opened_at` are the keys of the index `cases`.

    While its clock runs, `owes` and `owed_since` are those of the index `owing`: when what next is due.
    """
    fixed = {name: value for name, value in to_json(case).items() if name not in (*_CASE_CHANGES, "status")}
    return {
        **_at(keys.case(case.id)),
        "case_json": fitting_text(fixed),
        "case_state": case.status.value,
        "opened_at": stamp(case.opened_at),
        "posts": case.posts,
        "last_post_at": stamp(case.last_post_at),
        "crm": case.crm,
        "crm_ref": case.crm_ref,
        "started": case.started or None,
        "refused": case.refused,
        "team": case.team,
        "priority": case.priority.value if case.priority else None,
        "owes": keys.clock(case.id) if case.next_late else None,
        "owed_since": stamp(case.next_late.due) if case.next_late else None,
        "expires": int((now + retention.CASE_KEPT_FOR).timestamp()),
    }


def case(item: Item) -> Case:
    """A case as it stands."""
    changes = {name: item[name] for name in _CASE_CHANGES if name in item}
    changes |= {"reasons": sorted(item.get("reasons", ()))}
    fixed = json.loads(item["case_json"])
    if "clock" in item:
        fixed = {name: value for name, value in fixed.items() if name not in CLOCK} | json.loads(item["clock"])
    return from_json(Case, {**fixed, **changes, "status": item["case_state"]}, "case")


def renamed_case(item: Item, after: Case) -> str:
    """What never changes of a case, but by an erasure, as it is after that."""
    fixed = json.loads(item["case_json"])
    if after.author_key is None:
        fixed = {name: value for name, value in fixed.items() if name not in WHOSE}
    return fitting_text({**fixed, "subject": after.subject, "reason": after.reason})


def renamed_delivery(item: Item, after: Delivery) -> str:
    """The same of what it owes or has owed."""
    return fitting_text({**json.loads(item["delivery"]), "heading": after.heading})


def clock(case: Case) -> str:
    """The clock of a case that was withdrawn, and opened for a later post: it takes the place of the first one."""
    return fitting_text({name: value for name, value in to_json(case).items() if name in CLOCK})


def heard(case: Case) -> New:
    """What the back channel moves of a case, beside its status."""
    moved = {name: getattr(case, name) for name in HEARD}
    return {name: stamp(value) if isinstance(value, datetime) else value for name, value in moved.items()}


def delivery_item(delivery: Delivery, now: datetime) -> New:
    """An effect owed: `owes` is there as long as it is, and is what the stream's filter and the index look for."""
    fixed = {name: value for name, value in to_json(delivery).items() if name not in ("state", *_DELIVERY_CHANGES)}
    is_owed = delivery.state is DeliveryState.OWED
    return {
        **_at(keys.delivery(delivery.case_id, delivery.sequence)),
        "delivery": fitting_text(fixed),
        "case_id": delivery.case_id,
        "delivery_state": delivery.state.value,
        "receipt": delivery.receipt,
        "words": delivery.words,
        "owes": keys.owes(delivery.case_id) if is_owed else None,
        "owed_since": stamp(now) if is_owed else None,
        "expires": int((now + retention.CASE_KEPT_FOR).timestamp()),
    }


def delivery(item: Item) -> Delivery:
    """An effect as it stands."""
    changes = {name: item[name] for name in _DELIVERY_CHANGES if name in item}
    fixed = json.loads(item["delivery"])
    return from_json(Delivery, {**fixed, **changes, "state": item["delivery_state"]}, "delivery")


def standing(
    head: Mapping[str, Any], state: Mapping[str, Any], now: datetime, forgotten: Mapping[str, Any] | None = None
) -> Standing:
    """What three items, any of which may not be there, say about a post."""
    offers = json.loads(state.get("recommended", "[]"))
    return Standing(
        revision=state.get("revision", 0),
        open_cases=effects.not_forgotten(remembered(state), now),
        deleted=head.get("deleted", False),
        edited=head.get("edited", False),
        latest_at=instant(head["latest_at"], "latest_at") if "latest_at" in head else None,
        seen=head.get("seen", frozenset()),
        case_id=head.get("case_id"),
        recommended=tuple(from_json(Recommended, offer, f"recommended[{i}]") for i, offer in enumerate(offers)),
        link=link(state),
        quoted_in=frozenset(head.get("quoted_in", ())),
        forgotten_at=instant(forgotten["asked_at"], "asked_at") if forgotten else None,
    )


def remembered(state: Mapping[str, Any]) -> tuple[OpenCase, ...]:
    """The cases in an author's record."""
    found = json.loads(state.get("open_cases", "[]"))
    return tuple(from_json(OpenCase, case, f"open_cases[{i}]") for i, case in enumerate(found))


def link(state: Mapping[str, Any]) -> Link | None:
    """Which customer an author's record says they are."""
    return from_json(Link, json.loads(state["customer"]), "customer") if "customer" in state else None


def short(words: str) -> str:
    """A CRM's words, at a length an item can hold."""
    return cut(words, WORDS_BYTES)


def _at(key: keys.Key) -> New:
    return {"pk": key[0], "sk": key[1]}
