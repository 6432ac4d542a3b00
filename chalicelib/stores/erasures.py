"""Erasures in the table, and the search for what they erase: posts have no index by author, so the table is read."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from chalicelib.codec import instant, to_json
from chalicelib.model import Recorded
from chalicelib.model.erasure import Erasure, Held, Stretch, Written
from chalicelib.ports.clock import Clock
from chalicelib.stores import case_erasure, items, keys, retention, skeleton
from chalicelib.stores.attributes import Item, Plain, json_text, stamp
from chalicelib.stores.changes import THERE
from chalicelib.stores.packing import pack
from chalicelib.stores.table import Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoErasures:
    """ports.store.Erasures. Every method raises Unavailable, or SettingsError where the table is missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str, clock: Clock) -> None:
        self._table = Table(client, table)
        self._clock = clock

    def ask(self, erasure: Erasure) -> bool:
        """Note it; False where it is noted already."""
        pk, sk = keys.erasure(erasure.code)
        return self._table.put_new({"pk": pk, "sk": sk, **_values(erasure), "expires": self._expiry()})

    def find(self, code: str) -> Erasure | None:
        """How far one is."""
        item = self._table.read(keys.erasure(code))
        return _erasure(item) if item else None

    def under_way(self) -> list[Erasure]:
        """Those that are not done, the oldest first: one Query of a partition that holds little."""
        found = self._table.query(
            KeyConditionExpression="pk = :pk",
            FilterExpression="attribute_not_exists(done_at)",
            values={":pk": keys.ERASURES},
        )
        return sorted(map(_erasure, found), key=lambda erasure: erasure.asked_at)

    def everything(self) -> list[Erasure]:
        """Those that are done too, the latest first."""
        found = self._table.query(KeyConditionExpression="pk = :pk", values={":pk": keys.ERASURES})
        return sorted(map(_erasure, found), key=lambda erasure: erasure.asked_at, reverse=True)

    def mark(self, erasure: Erasure) -> None:
        """Note of each author when they asked: a write each, which changes nothing once it is noted."""
        expires = int((erasure.asked_at + retention.FORGOTTEN_FOR).timestamp())
        values: dict[str, Plain] = {":at": stamp(erasure.asked_at), ":expires": expires}
        earlier = "attribute_not_exists(asked_at) OR asked_at < :at"
        for author_key in erasure.author_keys:
            key = keys.forgotten(author_key)
            self._table.change(Change(key, "SET asked_at = :at, expires = :expires", earlier, values))

    def search(self, erasure: Erasure) -> Stretch:
        """One request's worth of the table, 1 MB: a Scan, of which every item read is paid for."""
        found, cursor = search(self._table, erasure.author_keys, erasure.cursor)
        return Stretch(tuple(map(_written, found.posts)), cursor, tuple(case.id for case in found.cases))

    def held(self, author_keys: Collection[str]) -> Held:
        """Everything of theirs: a Scan of the whole table."""
        cursor, found = search(self._table, author_keys, None)[::-1]
        while cursor:
            more, cursor = search(self._table, author_keys, cursor)
            found = Held(found.posts + more.posts, found.cases + more.cases)
        return found

    def forget(self, post_id: str) -> None:
        """Drop words and person from every version of a post; called again, it writes nothing."""
        partition, _ = keys.head(post_id)
        found = self._table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ConsistentRead=True,
            values={":pk": partition, ":sk": keys.VERSION},
        )
        for item in found:
            recorded = items.recorded(item)
            forgotten = skeleton.forgotten(recorded)
            if forgotten == recorded:
                continue
            values: dict[str, Plain] = {
                ":post": pack(json_text(forgotten.post)),
                ":decision": pack(json_text(forgotten.decision)),
                ":yes": True,
            }
            does = "SET post = :post, decision = :decision, erased = :yes REMOVE author_key"
            self._table.change(Change((item["pk"], item["sk"]), does, THERE, values))

    def forget_in_case(self, case_id: str, author_keys: Collection[str]) -> None:
        """Drop from a case whose it is, where it is one of theirs; from what it owes, and what people were told."""
        case_erasure.forget(self._table, case_id, author_keys)

    def remembered(self, author_key: str) -> list[str]:
        """The cases in their record."""
        state = self._table.read(keys.author(author_key))
        return [case.case_id for case in items.remembered(state or {})]

    def forget_author(self, author_key: str) -> None:
        """Drop what an author's record remembers, at once; TTL drops the record."""
        values: dict[str, Plain] = {":now": int(self._clock().timestamp()), ":one": 1}
        does = "SET expires = :now, revision = revision + :one REMOVE open_cases, recommended, customer"
        self._table.change(Change(keys.author(author_key), does, THERE, values))

    def advance(self, was: Erasure, now: Erasure) -> bool:
        """Note how far it has come, unless it moved meanwhile; of one that is done, whom it was about is dropped."""
        given = {name: value for name, value in _values(now).items() if value is not None}
        removes = [name for name in ("author_keys", "search_from") if name not in given]
        sets = ", ".join(f"{name} = :{name}" for name in given)
        values = {f":{name}": value for name, value in given.items()} | {":was_posts": was.posts}
        cases, place = "attribute_not_exists(erased_cases)", "attribute_not_exists(search_from)"
        if was.cases:
            cases, values[":was_cases"] = "erased_cases = :was_cases", was.cases
        if was.cursor:
            place, values[":was_from"] = "search_from = :was_from", was.cursor
        does = f"SET {sets}" + (f" REMOVE {', '.join(removes)}" if removes else "")
        same = f"attribute_not_exists(done_at) AND erased_posts = :was_posts AND {cases} AND {place}"
        return self._table.change(Change(keys.erasure(now.code), does, f"{THERE} AND {same}", values))

    def _expiry(self) -> int:
        return int((self._clock() + retention.KEPT_FOR).timestamp())


def search(table: Table, author_keys: Collection[str], cursor: str | None) -> tuple[Held, str | None]:
    """What these authors wrote, and their cases, in one request's worth of the table from the cursor on; and where to
    go on."""
    names = {f":who{number}": items.written_by(key) for number, key in enumerate(author_keys)}
    # Before there was `author_key`, their ids stood somewhere in the post.
    ids = {f":id{number}": json_text(key.partition(":")[2]) for number, key in enumerate(author_keys)}
    whole = {f":key{number}": json_text(key) for number, key in enumerate(author_keys)}
    posts = " OR ".join([*(f"author_key = {name}" for name in names), *(f"contains(post, {name})" for name in ids)])
    cases = " OR ".join(f"contains(case_json, {name})" for name in whole)
    found, last = table.scan_page(
        json.loads(cursor) if cursor else None,
        FilterExpression=f"(begins_with(sk, :sk) AND ({posts})) OR (sk = :case AND ({cases}))",
        values={":sk": keys.VERSION, ":case": keys.case("")[1], **names, **ids, **whole},
    )
    written = [items.recorded(item) for item in found if "post" in item]
    theirs = [items.case(item) for item in found if "case_json" in item]
    held = Held(
        tuple(record for record in written if record.post.author_key in author_keys),
        tuple(case for case in theirs if case.author_key in author_keys),
    )
    return held, json.dumps(last) if last else None


def _written(recorded: Recorded) -> Written:
    post = recorded.post
    return Written(post.id, post.platform, post.account_id)


def _values(erasure: Erasure) -> dict[str, Plain | None]:
    return {
        "platform": erasure.platform,
        "asked_at": stamp(erasure.asked_at),
        "author_keys": json_text(to_json(erasure.author_keys)) if erasure.author_keys else None,
        "erased_posts": erasure.posts,
        "erased_cases": erasure.cases or None,
        "search_from": erasure.cursor,
        "done_at": stamp(erasure.done_at) if erasure.done_at else None,
    }


def _erasure(item: Item) -> Erasure:
    return Erasure(
        code=item["sk"],
        platform=item["platform"],
        asked_at=instant(item["asked_at"], "asked_at"),
        author_keys=tuple(json.loads(item.get("author_keys", "[]"))),
        posts=item["erased_posts"],
        cases=item.get("erased_cases", 0),
        cursor=item.get("search_from"),
        done_at=instant(item["done_at"], "done_at") if "done_at" in item else None,
    )
