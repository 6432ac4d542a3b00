"""Notices, tellings, acknowledgements and silences to the table's items and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.codec import from_json, instant
from chalicelib.model import Acknowledgement, Matter, Notice, Silence, Telling, TellingState
from chalicelib.stores import keys
from chalicelib.stores.attributes import Item, Plain, stamp
from chalicelib.stores.fitting import fitting_text
from chalicelib.stores.items import New, short
from chalicelib.stores.retention import KEPT_FOR
from chalicelib.stores.table import ALWAYS, Change

NOTICE_KEPT_FOR = timedelta(days=30)  # what it may quote of a post goes with it
ASKED = "asked_"


def notice_item(notice: Notice, now: datetime) -> New:
    """A notice that is owed: `owes` is what the stream's filter and the index `owing` look for."""
    owed: New = {"owes": keys.PEOPLE, "owed_since": stamp(now)}
    return {**_at(keys.notice(notice.key)), "notice": fitting_text(notice), **owed, "expires": _later(now)}


def notice(item: Item) -> Notice:
    """A notice as it was owed."""
    return from_json(Notice, json.loads(item["notice"]), "notice")


def asked(notice: Notice, now: datetime) -> Change:
    """Among what was asked about the same, each in an attribute of its own: noted twice, it is there once."""
    name = f"{ASKED}{keys.digest(notice.key)[:32]}"
    kept: dict[str, Plain] = {":asked": fitting_text(replace(notice, lines=())), ":expires": _later(now)}
    return Change(keys.matter(notice.about), f"SET {name} = :asked, expires = :expires", ALWAYS, kept)


def ended(about: str, at: datetime) -> Change:
    """That nothing is asked of it any more, unless it ended later."""
    if_ = "attribute_not_exists(ended_at) OR ended_at < :at"
    kept: dict[str, Plain] = {":at": stamp(at), ":expires": _later(at)}
    return Change(keys.matter(about), "SET ended_at = :at, expires = :expires", if_, kept)


def matter(item: Item) -> Matter:
    """What was asked; before November 29, 2026 the first alone was kept, as `notice`."""
    kept = [text for name, text in item.items() if name == "notice" or name.startswith(ASKED)]
    every = (from_json(Notice, json.loads(text), "notice") for text in kept)
    found = {notice.key: replace(notice, lines=()) for notice in every}.values()
    ended_at = instant(item["ended_at"], "ended_at") if "ended_at" in item else None
    return Matter(tuple(sorted(found, key=lambda notice: (notice.at, notice.key))), ended_at)


def told(telling: Telling, if_: str = ALWAYS) -> Change:
    """What a channel has now; held, it waits in the channel's partition of the index, else for its next time."""
    words = None if telling.words is None else short(telling.words)
    kept = fitting_text(replace(telling, words=words))
    values: dict[str, Plain] = {":telling": kept, ":expires": _later(telling.at)}
    does, key = "SET telling = :telling, expires = :expires", keys.telling(telling.key, telling.channel)
    waits = waits_in(telling)
    if waits is None:
        return Change(key, f"{does} REMOVE owes, owed_since", if_, values)
    values |= {":owes": waits[0], ":since": stamp(waits[1])}
    return Change(key, f"{does}, owes = :owes, owed_since = :since", if_, values)


def holds(channel: str, now: datetime) -> Change:
    """That the channel holds something, for as long as that is kept."""
    values: dict[str, Plain] = {":channel": channel, ":expires": _later(now)}
    return Change(keys.holding(channel), "SET holds = :channel, expires = :expires", ALWAYS, values)


def gathered(telling: Telling, digest: str) -> Change:
    """What a channel has of a notice that is told with others, and in which: who forgets its case looks there too.

    If it is held there: told or handed out it is not.
    """
    change = told(telling, "owes = :held")
    does = change.does.replace("SET ", "SET gathered_in = :digest, ", 1)
    values = {**change.values, ":digest": digest, ":held": keys.held(telling.channel)}
    return replace(change, does=does, values=values)


def telling(item: Item) -> Telling:
    """What a channel has."""
    return from_json(Telling, json.loads(item["telling"]), "telling")


def taken_up(given: Acknowledgement, was: str | None) -> Change:
    """Who has taken it up, instead of what was read there."""
    if_, seen = ("acknowledgement = :was", {":was": was}) if was else ("attribute_not_exists(acknowledgement)", {})
    kept: dict[str, Plain] = {":given": fitting_text(given), ":expires": _later(given.at), **seen}
    return Change(keys.acknowledged(given.about), "SET acknowledgement = :given, expires = :expires", if_, kept)


def acknowledgement(item: Item) -> Acknowledgement:
    """Who has taken it up."""
    return from_json(Acknowledgement, json.loads(item["acknowledgement"]), "acknowledgement")


def silence_item(silence: Silence) -> New:
    """A silence, kept for a year and more: who silenced what, and why, is asked afterwards."""
    expires = int((silence.until + KEPT_FOR).timestamp())
    return {**_at(keys.silence(silence.id)), "silence": fitting_text(silence), "expires": expires}


def silence(item: Item) -> Silence:
    """A silence; who ended it before its time has an attribute of its own."""
    return from_json(Silence, {**json.loads(item["silence"]), "ended_by": item.get("ended_by")}, "silence")


def waits_in(telling: Telling) -> tuple[str, datetime] | None:
    """The partition of the index `owing` that it waits in, and since or until when; None where it waits no more."""
    if telling.state is TellingState.HELD:
        return keys.held(telling.channel), telling.at
    return (keys.AGAIN, telling.again_at) if telling.again_at else None


def _later(now: datetime) -> int:
    return int((now + NOTICE_KEPT_FOR).timestamp())


def _at(key: keys.Key) -> New:
    return {"pk": key[0], "sk": key[1]}
