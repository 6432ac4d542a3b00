"""Alerts and their growth to the table's items and back. They hold hashes, ids of posts and words of several people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.codec import from_json
from chalicelib.model import Alert, Delivery, Growth, Notice, Raised, Said, Stretch, Tally, Unquoted
from chalicelib.stores import items, keys, notice_items, retention
from chalicelib.stores.attributes import Item, Plain, stamp
from chalicelib.stores.fitting import fitting_text
from chalicelib.stores.table import ALWAYS, Change

# In the index `cases`, beside the states of cases: an alert that is on, by when it was raised; one that ended, by when.
ON, OVER = "alert", "alert over"
GROWTH_KEPT_FOR = timedelta(days=35)


def alert_item(alert: Alert, now: datetime) -> items.New:
    """A new alert; `case_state` and `opened_at` put it in the index `cases` as long as it is on."""
    return {
        **_at(keys.alert(alert.id)),
        "alert": fitting_text(alert),
        "revision": alert.revision,
        "case_state": ON,
        "opened_at": stamp(alert.raised_at),
        "expires": _expiry(now),
    }


def alert(item: Item) -> Alert:
    """An alert as it stands."""
    return from_json(Alert, json.loads(item["alert"]), "alert")


def changed(after: Alert, now: datetime) -> Change:
    """An alert's next state, unless somebody else wrote one."""
    values: dict[str, Plain] = {
        ":alert": fitting_text(after),
        ":next": after.revision,
        ":was": after.revision - 1,
        ":expires": _expiry(now),
    }
    does = "SET alert = :alert, revision = :next, expires = :expires"
    if after.over_at is not None:
        does += ", case_state = :over, opened_at = :at"
        values |= {":over": OVER, ":at": stamp(after.over_at)}
    return Change(keys.alert(after.id), does, "revision = :was", values)


def of_raised(raised: Raised, now: datetime) -> list[items.New | Change]:
    """An alert and what it owes to the CRM; its case is written with the decision's cases, or by itself."""
    earlier = [changed(raised.earlier, now)] if raised.earlier else []
    return [alert_item(raised.alert, now), items.delivery_item(raised.delivery, now), *earlier]


def of_step(after: Alert, delivery: Delivery, notices: Sequence[Notice], now: datetime) -> list[items.New | Change]:
    """An alert that goes on, with what that owes to the CRM and to people."""
    owed = [notice_items.notice_item(notice, now) for notice in notices]
    shown = delivery.told.posts if delivery.told else ()
    quotes = [quoted(post_id, frozenset((after.id,)), now) for post_id in shown]
    return [changed(after, now), items.delivery_item(delivery, now), *quotes, *owed]


def of_unquoted(unquoted: Unquoted, now: datetime) -> list[items.New | Change]:
    """What the case of an alert is told of a post that it quotes, and the alert that names it no more."""
    return [
        items.delivery_item(unquoted.delivery, now),
        *([changed(unquoted.alert, now)] if unquoted.alert else []),
    ]


def quoted(post_id: str, alerts: frozenset[str], now: datetime) -> Change:
    """A post's head says which alerts show it, unless it was taken back: then none may."""
    values: dict[str, Plain] = {":alerts": alerts, ":expires": int((now + retention.KEPT_FOR).timestamp())}
    does = "SET expires = if_not_exists(expires, :expires) ADD quoted_in :alerts"
    return Change(keys.head(post_id), does, "attribute_not_exists(deleted)", values)


def grown(alert_id: str, part: str, growth: Growth, now: datetime) -> Change:
    """What one process saw, whole: it alone writes this item."""
    values: dict[str, Plain] = {":grown": _text(growth), ":expires": int((now + GROWTH_KEPT_FOR).timestamp())}
    return Change(keys.growth(alert_id, part), "SET grown = :grown, expires = :expires", ALWAYS, values)


def growth(item: Item) -> Growth:
    """What one process saw."""
    return Growth(tuple(_stretch(data) for data in json.loads(item["grown"])))


def _text(growth: Growth) -> str:
    return json.dumps([_plain(stretch) for stretch in growth.stretches], separators=(",", ":"))


def _plain(stretch: Stretch) -> list[object]:
    tallies = [[tally.share, "".join(sorted(tally.marks))] for tally in (stretch.whos, stretch.posts)]
    words = {word: [said.posts, "".join(sorted(said.whos))] for word, said in stretch.words.items()}
    return [stretch.first, stretch.last, *tallies, stretch.samples, words]


def _stretch(data: Any) -> Stretch:
    first, last, whos, posts, samples, words = data
    said = {word: Said(count, _marks(marks)) for word, (count, marks) in words.items()}
    return Stretch(first, last, _tally(whos), _tally(posts), tuple(samples), said)


def _tally(data: Any) -> Tally:
    share, marks = data
    return Tally(share, _marks(marks))


def _marks(text: str) -> frozenset[str]:
    """Marks of twelve hex digits, without anything between."""
    return frozenset(text[start : start + 12] for start in range(0, len(text), 12))


def _expiry(now: datetime) -> int:
    return int((now + retention.CASE_KEPT_FOR).timestamp())


def _at(key: keys.Key) -> items.New:
    return {"pk": key[0], "sk": key[1]}
