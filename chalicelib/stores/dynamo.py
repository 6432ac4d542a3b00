"""The store on DynamoDB: one table, conditional writes, its stream the outbox. docs/table.md draws it."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from chalicelib.errors import Conflict
from chalicelib.model import Action, Case, CaseStatus, Delivery, DeliveryState, Post, Recorded, Standing, Verb
from chalicelib.ports.clock import Clock
from chalicelib.stores import changes, effects, items, keys
from chalicelib.stores.attributes import Item, stamp
from chalicelib.stores.table import Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.model import Saved

OWED_AT_ONCE = 99  # a transaction writes 100 items at most, and one of them may be the case


class DynamoStore:
    """ports.store.Store. Every method raises Unavailable when the table does not answer, SettingsError when it is
    missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str, clock: Clock) -> None:
        self._table = Table(client, table)
        self._clock = clock

    def standings(self, posts: Sequence[Post]) -> list[Standing]:
        """What is known around each post, in their order: one consistent BatchGetItem for up to 33 posts."""
        found = self._table.read_all([*map(_head, posts), *self._authors(posts)])
        return [self._standing(post, found) for post in posts]

    def glimpses(self, posts: Sequence[Post]) -> list[Standing]:
        """As `standings`, for one key a post less where its author has no record; one request more where one has.

        A post that has a case has left its trace in its author's record, if the author is known.
        """
        probably_new = {post.id for post in posts if post.action is Action.CREATE and post.author_key}
        sure = [_head(post) for post in posts if post.id not in probably_new]
        found = self._table.read_all([*sure, *self._authors(posts)])
        looked_up = {post.id for post in posts if post.id not in probably_new or _author(post) in found}
        found |= self._table.read_all([_head(post) for post in posts if post.id in looked_up & probably_new])
        return [replace(self._standing(post, found), is_glimpse=post.id not in looked_up) for post in posts]

    def _standing(self, post: Post, found: Mapping[keys.Key, Item]) -> Standing:
        author = _author(post)
        state = found.get(author, {}) if author else {}
        forgotten = found.get(keys.forgotten(post.author_key)) if post.author_key else None
        return items.standing(found.get(_head(post), {}), state, self._clock(), forgotten)

    def _authors(self, posts: Sequence[Post]) -> Iterator[keys.Key]:
        """Their records; of those who may have been forgotten whether they are, in the same request."""
        now = self._clock()
        for post in posts:
            if post.author_key:
                yield keys.author(post.author_key)
                if effects.may_be_forgotten(post, now):
                    yield keys.forgotten(post.author_key)

    def save(self, saved: Saved) -> bool:
        """Write a decision and all it entails, or nothing; False when this version has one already.

        One PutItem when there is no more than the decision, else one TransactWriteItems. A retry after an answer that
        was lost finds its own decision and says False, which is right: what it wrote, it wrote all at once.
        """
        now = self._clock()
        if effects.is_single(saved):
            return self._table.put_new(items.decision_item(saved, now))
        held = self._table.write_all(changes.of_save(saved, now))
        if not held[0]:
            return False
        if all(held):
            return True
        if fewer := _less_what_is_owed(saved, held):
            return self.save(fewer)
        raise Conflict("table: the author, the post or the case changed since it was read")

    def recorded(self, post_id: str) -> list[Recorded]:
        """Every version's decision, oldest first."""
        found = [items.recorded(item) for item in self._versions(post_id)]
        return sorted(found, key=lambda record: record.decided_at)

    def record(self, post_id: str, version: str) -> Recorded | None:
        """One version's decision."""
        item = self._table.read(keys.version(post_id, version))
        return items.recorded(item) if item else None

    def decided_since(self, when: datetime) -> Iterator[Recorded]:
        """Every version decided since: a Scan, so the whole table is read and paid for (docs/table.md)."""
        found = self._table.scan(
            FilterExpression="begins_with(sk, :sk) AND decided_at >= :when",
            values={":sk": keys.VERSION, ":when": stamp(when)},
        )
        return map(items.recorded, found)

    def with_words(self, platform: str) -> Iterator[str]:
        """The ids of the platform's posts of which words are kept: a Scan, which hands over keys alone."""
        prefix = keys.head(f"{platform}:")[0]
        found = self._table.scan(
            FilterExpression="begins_with(pk, :pk) AND begins_with(sk, :sk) AND attribute_not_exists(erased)",
            ProjectionExpression="pk, sk",
            values={":pk": prefix, ":sk": keys.VERSION},
        )
        # The versions of a post lie side by side.
        return (pk.removeprefix(keys.POST) for pk, _ in groupby(item["pk"] for item in found))

    def deleted(self, post_ids: Collection[str]) -> set[str]:
        """Those of these posts that are deleted now: one consistent BatchGetItem for up to 100."""
        heads = {keys.head(post_id): post_id for post_id in post_ids}
        return {heads[key] for key, head in self._table.read_all(list(heads)).items() if head.get("deleted")}

    def erase_text(self, post_id: str) -> None:
        """Drop the person's words from every version; called again, it writes nothing."""
        for item in self._versions(post_id):
            if item.get("erased"):
                continue
            does = "SET post = :post, decision = :decision, erased = :yes"
            values = {**items.erased_texts(item), ":yes": True}
            # Its author may have been forgotten since it was read, and must not come back with this.
            if_ = f"{changes.THERE} AND attribute_not_exists(erased)"
            self._table.change(Change((item["pk"], item["sk"]), does, if_, values))

    def drop_words(self, case_id: str, post_id: str) -> None:
        """Drop what the post's case, and what people were told of it, quote of the post; one GetItem where nothing
        does."""
        from chalicelib.stores import case_erasure  # here: few posts are taken back

        case_erasure.drop_words(self._table, case_id, post_id)

    def case(self, case_id: str) -> Case | None:
        """One case."""
        item = self._table.read(keys.case(case_id))
        return items.case(item) if item else None

    def cases(self, status: CaseStatus | None = None) -> Iterator[Case]:
        """Cases, newest first, by the index `cases` (which follows the table within a second or so)."""
        states = [status] if status else list(CaseStatus)
        found = heapq.merge(*map(self._in_state, states), key=lambda item: str(item["opened_at"]), reverse=True)
        return map(items.case, found)

    def owed(self, case_id: str) -> list[Delivery]:
        """What this case still owes, in order, as it is now."""
        return [delivery for delivery in self.deliveries(case_id) if delivery.state is DeliveryState.OWED]

    def owing(self) -> Iterator[str]:
        """The sequences of all deliveries that are owed, by the index `owing`: eight queries."""
        for partition in keys.owing():
            for item in self._owing(partition):
                if item["sk"].startswith(keys.DELIVERY):
                    yield item["sk"].removeprefix(keys.DELIVERY)

    def deliveries(self, case_id: str) -> list[Delivery]:
        """Everything this case owes or has owed, in order, as it is now."""
        partition, _ = keys.case(case_id)
        found = self._table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ConsistentRead=True,
            values={":pk": partition, ":sk": keys.DELIVERY},
        )
        return [items.delivery(item) for item in found]

    def owe_again(self, case_id: str) -> int:
        """Refused and kept deliveries are owed once more: one transaction for each 99 of them, in their order.

        The first of them comes in one write with its case's `refused`, so what is there after any of them is sound.
        """
        again = [delivery for delivery in self.deliveries(case_id) if delivery.state in effects.OWED_AGAIN]
        for start in range(0, len(again), OWED_AT_ONCE):
            writes = changes.of_owing_again(again[start : start + OWED_AT_ONCE], self._clock())
            if not all(self._table.write_all(writes)):
                raise Conflict("table: the case or what it owes changed since it was read")
        return len(again)

    def mark_started(self, case_id: str) -> None:
        """The CRM is about to be asked to open this case."""
        self._table.change(changes.of_start(case_id))

    def take_back(self, case: Case) -> bool:
        """Its clock stops: one UpdateItem, on the condition that no post has joined since, and nobody replied."""
        return self._table.change(changes.of_taking_back(case, self._clock()))

    def mark_delivered(self, delivery: Delivery, crm: str, receipt: str, renewed: Case | None = None) -> None:
        """The CRM has it. Of an opening, the case learns its id there first, and is open, and found by it.

        One after the other, for half the price of a transaction: who dies in between finds the delivery owed, is told
        the same id by the CRM, and goes on; what people did with the case meanwhile stays.
        """
        if delivery.verb is Verb.OPEN_CASE:
            self._opened(delivery.case_id, crm, receipt, renewed)
        elif renewed and renewed.taken_back_at:
            self._table.change(changes.of_renewal(renewed, renewed.taken_back_at))
        self._table.change(changes.of_mark(delivery, DeliveryState.DONE, receipt=receipt))

    def mark_kept(self, delivery: Delivery) -> None:
        """There is no CRM to tell."""
        self._mark(changes.of_mark(delivery, DeliveryState.KEPT), None)

    def mark_refused(self, delivery: Delivery, words: str) -> None:
        """The CRM will never take it. Of an opening, the case says so too."""
        case = changes.of_case(delivery, DeliveryState.REFUSED, self._clock(), words)
        self._mark(changes.of_mark(delivery, DeliveryState.REFUSED, words=words), case)

    def mark_withdrawn(self, delivery: Delivery) -> None:
        """Its post is gone before anything was told. Of an opening, the case is withdrawn."""
        case = changes.of_case(delivery, DeliveryState.WITHDRAWN, self._clock())
        self._mark(changes.of_mark(delivery, DeliveryState.WITHDRAWN), case)

    def nudge(self, owed_since: datetime) -> int:
        """Touch one delivery of each case of which nothing was handed out since then: eight queries and a write a
        case."""
        now = self._clock()
        old = (key for partition in keys.owing() for key in self._long_owing(partition, owed_since))
        return sum(self._table.change(changes.of_nudge(key, owed_since, now)) for key in old)

    def _opened(self, case_id: str, crm: str, receipt: str, renewed: Case | None) -> None:
        opening, known = changes.of_opening(case_id, crm, receipt), None
        if not self._table.change(changes.with_clock(opening, renewed) if renewed else opening):
            known = self.case(case_id)
            if known is None:
                raise Conflict("table: the delivery's case is not there")
            if known.crm_ref is None:
                raise Conflict("table: somebody has answered the case meanwhile")
        if known is None or (known.crm, known.crm_ref) == (crm, receipt):
            self._table.change(changes.of_reference(case_id, crm, receipt, self._clock()))

    def _mark(self, mark: Change, case: Change | None) -> None:
        held = self._table.write_all([mark, case]) if case else [self._table.change(mark)]
        if held[0] and not all(held):
            raise Conflict("table: the delivery's case is not there")

    def _versions(self, post_id: str) -> Iterator[Item]:
        partition, _ = keys.head(post_id)
        return self._table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ConsistentRead=True,
            values={":pk": partition, ":sk": keys.VERSION},
        )

    def _in_state(self, status: CaseStatus) -> Iterator[Item]:
        return self._table.query(
            IndexName="cases",
            KeyConditionExpression="case_state = :state",
            ScanIndexForward=False,
            values={":state": status.value},
        )

    def _long_owing(self, partition: str, before: datetime) -> list[keys.Key]:
        """The next delivery of each case that was last woken before then: whatever woke it set `owed_since`."""
        last: dict[str, str] = {}
        following: dict[str, str] = {}
        for item in self._owing(partition):  # by `owed_since`, the oldest first
            last[item["pk"]] = item["owed_since"]
            following[item["pk"]] = min(item["sk"], following.get(item["pk"], item["sk"]))
        return [(pk, following[pk]) for pk, woken in last.items() if woken < stamp(before)]

    def _owing(self, partition: str) -> Iterator[Item]:
        return self._table.query(IndexName="owing", KeyConditionExpression="owes = :owes", values={":owes": partition})


def _head(post: Post) -> keys.Key:
    return keys.head(post.id)


def _author(post: Post) -> keys.Key | None:
    return keys.author(post.author_key) if post.author_key else None


def _less_what_is_owed(saved: Saved, held: Sequence[bool]) -> Saved | None:
    """Without the notices that were owed before, where they alone stood in the way."""
    if not saved.notices or not all(held[: -len(saved.notices)]):
        return None
    new = [notice for notice, is_new in zip(saved.notices, held[-len(saved.notices) :], strict=True) if is_new]
    return replace(saved, notices=tuple(new))
