"""How fast a minute's round does what is due: `python -m tests.benchmarks.clocks`, on a ministack of its own."""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from chalicelib.stores.back_channel import DynamoBackChannel
from chalicelib.stores.clocks import DynamoClocks
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.notices import DynamoNotices
from tests.contracts.cloud import TABLE, running
from tests.contracts.conftest import Clock
from tests.contracts.test_clocks import Desk

CASES = 500


def main() -> None:
    """Cases that all become due at once, each with three steps; printed: steps a second."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as cloud:
        cloud.make_table(TABLE)
        clock, wire = Clock(), cloud.wire()
        store, clocks = DynamoStore(wire, TABLE, clock), DynamoClocks(wire, TABLE, clock)
        channel, notices = DynamoBackChannel(wire, TABLE, clock), DynamoNotices(wire, TABLE, clock)
        desk = Desk(store, clocks, channel, notices, clock)
        for number in range(CASES):
            desk.open(number, f"author{number}")
        clock.now += timedelta(hours=9)
        began = time.perf_counter()
        steps = len(desk.round())
        took = time.perf_counter() - began
        print(f"{steps} steps of {CASES} cases in {took:.1f} s: {steps / took:.0f} a second")
        began = time.perf_counter()
        desk.round()
        print(f"a round with nothing due: {1000 * (time.perf_counter() - began):.0f} ms")


if __name__ == "__main__":
    main()
