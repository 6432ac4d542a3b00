"""What one conditional PutItem costs the process that makes it: boto3 beside the thin client, in turn, in one run.

.venv/bin/python -m tests.benchmarks.wire [CALLS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.contracts.cloud import Cloud, running

ROUNDS = 7
Put = Callable[..., Any]


def cost(put: Put, table: str, calls: int) -> tuple[float, float]:
    """Microseconds of CPU and of waiting for one call."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(calls):
        item = {
            "pk": {"S": f"POST#{uuid4()}"},
            "sk": {"S": "V"},
            "post": {"S": "x" * 400},
            "decision": {"S": "y" * 500},
        }
        put(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    return (time.process_time() - cpu) / calls * 1e6, (time.perf_counter() - wall) / calls * 1e6


def compare(cloud: Cloud, calls: int) -> None:
    """Print the medians."""
    cloud.make_table("bench")
    puts: dict[str, Put] = {"boto3": cloud.client("dynamodb").put_item, "wire": cloud.wire().put_item}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in puts}
    for put in puts.values():
        cost(put, "bench", 20)
    for _ in range(ROUNDS):
        for name, put in puts.items():
            found[name].append(cost(put, "bench", calls))
    cpu = {name: statistics.median(item[0] for item in items) for name, items in found.items()}
    wall = {name: statistics.median(item[1] for item in items) for name, items in found.items()}
    for name in puts:
        print(f"{name:6} {cpu[name]:6.0f} us CPU {wall[name]:6.0f} us in all")
    print(f"ratio  {cpu['boto3'] / cpu['wire']:.1f}        {wall['boto3'] / wall['wire']:.1f}")


def main() -> None:
    """Measure against a ministack of its own."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as cloud:
        compare(cloud, calls)


if __name__ == "__main__":
    main()
