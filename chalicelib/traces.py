"""Traces for AWS X-Ray, where the stack's `Tracing` is Active: Powertools' Tracer, a subsegment for each post and case.

They hold ids, outcomes and times; no text, no handle, and no error's message (errors are told in the log). Powertools
and AWS's SDK take a quarter of a second to import, so that they are imported only where traces are wanted.
https://docs.aws.amazon.com/powertools/python/latest/core/tracer/
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Note = Callable[..., None]


@contextmanager
def traced(part: str) -> Iterator[Note]:
    """The block as a part of the invocation's trace; what it hands out takes what is to be searched by, by name."""
    if os.environ.get("EARSHOT_TRACING") != "Active":
        yield _nothing
        return
    from aws_lambda_powertools import Tracer

    # X-Ray's recorder, of which Powertools' types know a part; patched clients would tell the addresses they ask.
    provider: Any = Tracer(service="earshot", auto_patch=False).provider
    segment = provider.begin_subsegment(f"## {part}")

    def note(**found: str | None) -> None:
        for name, value in found.items():
            if value is not None:
                segment.put_annotation(name, value)

    try:
        yield note
    except BaseException:
        segment.add_fault_flag()  # not the error: its message could hold what somebody wrote
        raise
    finally:
        provider.end_subsegment()


def _nothing(**found: str | None) -> None:
    """Nobody traces."""
