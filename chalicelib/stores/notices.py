"""What is owed to people, in the table: notices, what each channel has of them, acknowledgements and silences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.model import Acknowledgement, Matter, Notice, Silence, Telling, TellingState
from chalicelib.ports.clock import Clock
from chalicelib.stores import keys, notice_items
from chalicelib.stores.attributes import Item, stamp
from chalicelib.stores.items import New
from chalicelib.stores.table import Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AT_ONCE = 99  # a transaction writes 100 items at most, and one of them is what takes their place


class DynamoNotices:
    """ports.alerting.Notices. Every method raises Unavailable, or SettingsError where the table is missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str, clock: Clock) -> None:
        self._table = Table(client, table)
        self._clock = clock

    def owe(self, notice: Notice) -> bool:
        """Owe it, once."""
        return self._table.put_new(notice_items.notice_item(notice, self._clock()))

    def find(self, key: str) -> Notice | None:
        """One of them."""
        item = self._table.read(keys.notice(key))
        return notice_items.notice(item) if item else None

    def is_owed(self, key: str) -> bool:
        """Whether it is: one read."""
        item = self._table.read(keys.notice(key))
        return item is not None and "owes" in item

    def introduce(self, notice: Notice) -> None:
        """Note what is asked: one write."""
        self._table.change(notice_items.asked(notice, self._clock()))

    def end(self, about: str, at: datetime) -> None:
        """Note that nothing is asked any more: one write."""
        self._table.change(notice_items.ended(about, at))

    def matter(self, about: str) -> Matter:
        """What was asked: one read."""
        item = self._table.read(keys.matter(about))
        return notice_items.matter(item) if item else Matter()

    def tellings(self, key: str) -> list[Telling]:
        """What each channel has of it."""
        partition, _ = keys.notice(key)
        found = self._table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ConsistentRead=True,
            values={":pk": partition, ":sk": keys.TELLING},
        )
        return [notice_items.telling(item) for item in found]

    def mark(self, telling: Telling) -> None:
        """What a channel has of it from now on; of what it holds, the channel is noted first."""
        if telling.state is TellingState.HELD:
            self._table.change(notice_items.holds(telling.channel, self._clock()))
        self._table.change(notice_items.told(telling))

    def settle(self, key: str) -> None:
        """It is owed no more."""
        self._table.change(Change(keys.notice(key), "REMOVE owes, owed_since", "attribute_exists(owes)"))

    def held(self, channel: str) -> list[Notice]:
        """Those that wait there, the oldest first."""
        waiting = islice(self._owing(keys.held(channel), None), AT_ONCE)
        found = self._table.read_all([(item["pk"], keys.notice("")[1]) for item in waiting])
        return sorted(map(notice_items.notice, found.values()), key=lambda notice: (notice.at, notice.key))

    def holding(self) -> set[str]:
        """Those in which something waits: one query of a list with an item a channel."""
        found = self._table.query(KeyConditionExpression="pk = :pk", ConsistentRead=True, values={":pk": keys.HOLDING})
        return {item["holds"] for item in found}

    def hand_out(self, key: str, channel: str | None = None) -> None:
        """Touch it, so that the stream hands it out."""
        at, if_, was = keys.notice(key), "attribute_exists(pk)", {}
        if channel is not None:
            at, if_, was = keys.telling(key, channel), "owes = :held", {":held": keys.held(channel)}
        values = {":people": keys.PEOPLE, ":now": stamp(self._clock()), **was}
        self._table.change(Change(at, "SET owes = :people, owed_since = :now", if_, values))

    def gather(self, digest: Notice, channel: str, held: Sequence[Notice]) -> bool:
        """One notice instead of them: one transaction."""
        now = self._clock()
        told = [Telling(notice.key, channel, TellingState.TOLD, now, times=1) for notice in held]
        taken = [notice_items.gathered(one, digest.key) for one in told]
        writes: list[New | Change] = [notice_items.notice_item(digest, now), *taken]
        return all(self._table.write_all(writes))

    def wake(self, owed_since: datetime) -> int:
        """Touch what is due, so that the stream hands it out: two queries, and one write for each."""
        now = self._clock()
        due = [*self._owing(keys.AGAIN, now), *self._owing(keys.PEOPLE, owed_since)]
        return sum(self._table.change(_woken(item, now)) for item in due)

    def acknowledge(self, given: Acknowledgement, asked_at: datetime) -> bool:
        """Note who has taken it up: one read, and one write on the condition that nobody else did since."""
        item = self._table.read(keys.acknowledged(given.about))
        if item and notice_items.acknowledgement(item).at >= asked_at:
            return False
        return self._table.change(notice_items.taken_up(given, item["acknowledgement"] if item else None))

    def acknowledged(self, about: str) -> Acknowledgement | None:
        """Who has."""
        item = self._table.read(keys.acknowledged(about))
        return notice_items.acknowledgement(item) if item else None

    def silence(self, silence: Silence) -> None:
        """Keep it; the same again changes nothing."""
        self._table.put_new(notice_items.silence_item(silence))

    def silences(self) -> list[Silence]:
        """All that are kept."""
        found = self._table.query(KeyConditionExpression="pk = :pk", ConsistentRead=True, values={":pk": keys.SILENCES})
        return sorted(map(notice_items.silence, found), key=lambda silence: silence.until, reverse=True)

    def end_silence(self, name: str, who: str) -> bool:
        """End it, unless it was ended."""
        if_ = "attribute_exists(pk) AND attribute_not_exists(ended_by)"
        return self._table.change(Change(keys.silence(name), "SET ended_by = :who", if_, {":who": who}))

    def _owing(self, partition: str, until: datetime | None) -> list[Item]:
        # The range is always asked for, so that one form of query is one form of permission.
        latest = stamp(until) if until else "9999"
        found = self._table.query(
            IndexName="owing",
            KeyConditionExpression="owes = :owes AND owed_since <= :until",
            values={":owes": partition, ":until": latest},
        )
        return list(found)


def _woken(item: Item, now: datetime) -> Change:
    """Handed out now; the index may lag, so it is checked once more that it is still owed and was not just touched."""
    values = {":people": keys.PEOPLE, ":now": stamp(now), ":was": item["owes"], ":since": item["owed_since"]}
    does, if_ = "SET owes = :people, owed_since = :now", "owes = :was AND owed_since = :since"
    return Change((item["pk"], item["sk"]), does, if_, values)
