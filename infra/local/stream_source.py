"""The DynamoDB stream event source: records in order, each until it goes through or is given up.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from infra.local.answers import failed
from infra.local.patterns import matcher
from infra.local.retries import EXHAUSTED, TOO_OLD, Piece, Record, obituary, patience
from infra.local.runtime import Function
from infra.local.shard import Shard
from infra.local.source import Bell, Poller, until

IDLE_SECONDS = 0.25  # AWS polls a shard four times a second
BUSY_SECONDS = 0.1  # between two reads that find something: fewer, larger batches leave more of the machine to the rest
BACK_OFF_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # AWS waits up to minutes; a test cannot

Watcher = Callable[[Record], object]


class StreamSource:
    """Reads one shard from its beginning; `tell` sends to the on-failure destination."""

    def __init__(
        self,
        shard: Shard,
        settings: Mapping[str, Any],
        *,
        function: Function,
        tell: Callable[[str], object],
        bell: Bell,
        watchers: Sequence[Watcher] = (),
    ) -> None:
        self._shard = shard
        self._function = function
        self._tell = tell
        self._bell = bell
        self._watchers = watchers
        self._matches = matcher(settings.get("FilterCriteria"))
        self._patience = patience(settings)
        self._batch_size = int(settings.get("BatchSize", 100))
        self._reports = "ReportBatchItemFailures" in settings.get("FunctionResponseTypes", [])
        self._pieces: tuple[Piece, ...] = ()  # replaced, never changed: others look at it
        self._read_to_the_end_at = 0.0
        self._next_read = 0.0
        self._poller = Poller(f"{function.name}-stream", self._poll)
        self.pollers = [self._poller]

    @property
    def pending(self) -> int:
        """Records read and not yet through."""
        return sum(len(piece.records) for piece in self._pieces)

    def read_since(self, moment: float) -> bool:
        """Nothing is left of what was in the stream at this moment of the monotonic clock."""
        return not self._pieces and self._read_to_the_end_at > moment

    def _poll(self) -> None:
        if self._pieces:
            self._deliver(self._pieces[0])
        else:
            self._read()

    def _read(self) -> None:
        self._poller.rest(until(self._next_read))
        began = time.monotonic()
        records = self._shard.read()
        self._next_read = began + BUSY_SECONDS if records else 0.0
        for record in records:
            for watch in self._watchers:
                watch(record)
        wanted = [record for record in records if self._matches(record)]
        size = self._batch_size
        self._pieces = tuple(Piece(tuple(wanted[at : at + size])) for at in range(0, len(wanted), size))
        if not records:
            self._read_to_the_end_at = began
            self._bell.wait(IDLE_SECONDS)

    def _deliver(self, piece: Piece) -> None:
        """The piece stays first in the line while it is under way, so that nobody takes the stream for read."""
        now = datetime.now(UTC)
        if any(self._patience.too_old(record, now) for record in piece.records):
            self._go_on(self._drop_old(piece, now))
            return
        invocation = self._function.invoke({"Records": list(piece.records)})
        ids = [record["dynamodb"]["SequenceNumber"] for record in piece.records]
        lost = failed(invocation, ids, self._reports)
        if not lost:
            self._go_on([])
            return
        following = self._patience.after_failure(piece, ids.index(lost[0]))
        if not following:
            self._give_up(Piece(piece.records[ids.index(lost[0]) :], piece.retries), EXHAUSTED, invocation.request_id)
        self._poller.rest(BACK_OFF_SECONDS[min(piece.retries, len(BACK_OFF_SECONDS) - 1)])
        self._go_on(following)

    def _drop_old(self, piece: Piece, now: datetime) -> list[Piece]:
        old = tuple(record for record in piece.records if self._patience.too_old(record, now))
        self._give_up(Piece(old, piece.retries), TOO_OLD, "")
        fresh = piece.records[len(old) :]  # arrival follows the order of the stream
        return [Piece(fresh, piece.retries)] if fresh else []

    def _give_up(self, piece: Piece, condition: str, request_id: str) -> None:
        words = obituary(
            piece,
            stream=self._shard.stream,
            shard=self._shard.id,
            function_arn=self._function.spec.arn,
            condition=condition,
            request_id=request_id,
        )
        self._tell(json.dumps(words))

    def _go_on(self, following: Sequence[Piece]) -> None:
        self._pieces = (*following, *self._pieces[1:])
