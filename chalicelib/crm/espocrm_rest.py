"""What is looked up in EspoCRM: records by one field, what changed, and the notes of a stream by their mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.crm.rendering import marker
from chalicelib.crm.rest import JsonRest

PAGE, MOST_PAGES = 100, 100  # more than 200 at once is forbidden
Record = Mapping[str, Any]


class EspoLookups:
    """The read-only side of one EspoCRM. Every method raises Unavailable."""

    def __init__(self, rest: JsonRest) -> None:
        self._rest = rest

    def search(self, entity: str, field: str, value: str) -> list[Record]:
        """The ids of the records with exactly this in a field, the oldest first."""
        query = {**_where(0, "equals", field, value), "orderBy": "createdAt", "order": "asc", "select": "id"}
        records: list[Record] = self._rest.read(self._rest.look(f"/api/v1/{entity}", query))["list"]
        return records

    def changed(self, entity: str, key: str, since: datetime, skip: int) -> list[Record]:
        """A page of the records with something in the field `key` that changed since then, the oldest change first."""
        before = (since.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S")  # it counts whole seconds
        query = {
            **_where(0, "after", "modifiedAt", before),
            "where[1][type]": "isNotNull",
            "where[1][attribute]": key,
            "orderBy": "modifiedAt",
            "order": "asc",
            "select": f"status,modifiedAt,{key}",
        }
        return self._page(f"/api/v1/{entity}", query, skip)

    def notes(self, path: str, key: str) -> Iterator[str]:
        """The ids of those notes of a record's stream that end in this entry's mark, the newest first."""
        for page in range(MOST_PAGES):
            notes = self._page(f"{path}/stream", {}, page * PAGE)
            yield from (str(note["id"]) for note in notes if _ends(note.get("post"), marker(key)))
            if len(notes) < PAGE:
                return

    def _page(self, path: str, query: Mapping[str, str], skip: int) -> list[Record]:
        part = {**query, "offset": str(skip), "maxSize": str(PAGE)}
        found: list[Record] = self._rest.read(self._rest.look(path, part))["list"]
        return found


def _ends(post: object, mark: str) -> bool:
    return str(post or "").rstrip().endswith(mark)


def _where(number: int, kind: str, attribute: str, value: str) -> dict[str, str]:
    return {
        f"where[{number}][type]": kind,
        f"where[{number}][attribute]": attribute,
        f"where[{number}][value]": value,
    }
