"""How often authors posted, on DynamoDB: one small item an author, read and written only when a rule asks.

It lies among the windows and holds hashes and times: no name, no text.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from chalicelib.errors import Conflict
from chalicelib.model.posted import LONGEST, Heard, counts, heard
from chalicelib.model.window import mark
from chalicelib.ports.clock import Clock
from chalicelib.stores import keys
from chalicelib.stores.attributes import Plain
from chalicelib.stores.table import Change, Table

ATTEMPTS = 8
BASE_SECONDS = 0.01


class DynamoPostings:
    """Counts posts of authors, each once, whoever else counts at the same time."""

    def __init__(self, table: Table, clock: Clock, pause: Callable[[float], None]) -> None:
        self._table, self._clock, self._pause = table, clock, pause

    def posted(self, author_key: str, post_id: str, at: datetime, days: Collection[int]) -> dict[int, int]:
        """As `ports.deciding.Windows` says: one read; one write for a post that was not counted before."""
        key = keys.window(f"posted/{mark(author_key)}")
        at = min(at, self._clock())
        for attempt in range(ATTEMPTS):
            item = self._table.read_all([key]).get(key, {})
            before: Heard = json.loads(item.get("heard", "{}"))
            after = heard(before, post_id, at)
            if after is before or self._table.change(self._changed(key, item.get("revision", 0), after)):
                return counts(after, at, days)
            self._pause(random.uniform(0, BASE_SECONDS * 2**attempt))  # noqa: S311
        raise Conflict("table: other functions kept changing an author's posts")

    def _changed(self, key: keys.Key, revision: int, after: Heard) -> Change:
        expires = int((self._clock() + LONGEST + timedelta(days=1)).timestamp())
        values: dict[str, Plain] = {
            ":heard": json.dumps(after, separators=(",", ":")),
            ":next": revision + 1,
            ":expires": expires,
        }
        was = "revision = :was" if revision else "attribute_not_exists(revision)"
        values |= {":was": revision} if revision else {}
        return Change(key, "SET heard = :heard, revision = :next, expires = :expires", was, values)
