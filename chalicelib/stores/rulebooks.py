"""Published rulebooks in the table: immutable versions in compressed parts, one pointer, and every move of it.

A version may be larger than an item (400 KB), so it is written in parts, and its head after them: a version that has a
head is whole, and only such a one is pointed to. Each part is compressed by itself, so that a publisher who was killed
may be followed by another one, whose zlib packs otherwise.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.codec import from_json, to_json
from chalicelib.errors import Conflict, NotFound
from chalicelib.model import Declined, Move, Pointer, Published
from chalicelib.stores import keys
from chalicelib.stores.attributes import Item, Plain
from chalicelib.stores.table import Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PART_BYTES = 250_000  # in base64 below 400 KB even where nothing can be compressed
DECLINED_KEPT_FOR = timedelta(days=90)


class DynamoRulebooks:
    """ports.deciding.Rulebooks. Every method raises Unavailable, or SettingsError where the table is missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str) -> None:
        self._table = Table(client, table)

    def pointer(self) -> Pointer:
        """The versions that decide now: one consistent GetItem."""
        item = self._table.read(keys.POINTER) or {}
        return from_json(Pointer, item | {"taken": sorted(item.get("taken", ()))})

    def text(self, version: str) -> str:
        """The bundle of a version: one consistent Query for each MB of its parts. Raises NotFound."""
        parts = list(self._query(keys.rulebook_parts(version), keys.PART))
        if not parts or len(parts) != parts[0]["parts"]:
            raise NotFound(f"there is no version '{version}' in the table")
        return b"".join(zlib.decompress(base64.b64decode(part["packed"])) for part in parts).decode()

    def published(self) -> list[Published]:
        """All versions, the one published last first."""
        found = [from_json(Published, item) for item in self._query(keys.RULEBOOKS, keys.RULEBOOK)]
        return sorted(found, key=lambda one: (one.at, one.version), reverse=True)

    def moves(self) -> list[Move]:
        """Every move of the pointer, the last first."""
        return [from_json(Move, item) for item in self._query(keys.RULEBOOKS, keys.MOVE)][::-1]

    def declined(self) -> list[Declined]:
        """What running functions could not take in the last 90 days, the last first."""
        found = [from_json(Declined, item) for item in self._query(keys.RULEBOOKS, keys.DECLINED)]
        return sorted(found, key=lambda one: (one.at, one.version), reverse=True)

    def add(self, published: Published, text: str) -> bool:
        """Keep a version: its parts, then its head. False when it was there already; then its head stays as it was."""
        parts = _parts(text)
        for number, part in enumerate(parts):
            packed = base64.b64encode(zlib.compress(part, 9)).decode()
            key = _at(keys.rulebook_part(published.version, number))
            self._table.put_new(key | {"packed": packed, "parts": len(parts)})
        return self._table.put_new(_at(keys.rulebook(published.version)) | to_json(published))

    def move(self, move: Move) -> None:
        """Move the pointer and keep the move, both or neither. Raises Conflict when it was moved meanwhile."""
        if not all(self._table.write_all([_pointing(move), _at(keys.move(move.revision)) | to_json(move)])):
            raise Conflict("table: the pointer to the live rulebook was moved meanwhile")

    def take(self, revision: int, version: str) -> None:
        """Note that a running function has loaded what the pointer points to; after another move it writes nothing."""
        values: dict[str, Plain] = {":revision": revision, ":taken": frozenset({version})}
        self._table.change(Change(keys.POINTER, "ADD taken :taken", "revision = :revision", values))

    def decline(self, declined: Declined) -> None:
        """Keep why a running function could not take a version; the first to tell it after a move is kept."""
        item = to_json(declined) | {"expires": int((declined.at + DECLINED_KEPT_FOR).timestamp())}
        self._table.put_new(_at(keys.declined(declined.revision, declined.version)) | item)

    def _query(self, partition: str, prefix: str) -> Iterator[Item]:
        return self._table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ConsistentRead=True,
            values={":pk": partition, ":sk": prefix},
        )


def _pointing(move: Move) -> Change:
    sets: dict[str, Plain | None] = {
        "revision": move.revision,
        "live": move.live,
        "live_before": move.live_before,
        "shadow": move.shadow,
    }
    there = {name: value for name, value in sets.items() if value is not None}
    gone = ["taken", *(name for name in sets if name not in there)]
    does = f"SET {', '.join(f'{name} = :{name}' for name in there)} REMOVE {', '.join(gone)}"
    values: dict[str, Plain] = {f":{name}": value for name, value in there.items()}
    if move.revision == 1:
        return Change(keys.POINTER, does, "attribute_not_exists(revision)", values)
    return Change(keys.POINTER, does, "revision = :was", values | {":was": move.revision - 1})


def _parts(text: str) -> Sequence[bytes]:
    whole = text.encode()
    return [whole[start : start + PART_BYTES] for start in range(0, len(whole), PART_BYTES)]


def _at(key: keys.Key) -> dict[str, Plain | None]:
    return {"pk": key[0], "sk": key[1]}
