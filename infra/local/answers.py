"""What a function's answer to a batch means, as AWS documents it.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html: an empty or null answer, and an
empty or null list, are a complete success; an identifier that is empty, null, under another key, or not of the batch is
a complete failure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from infra.local.worker import Invocation


def failed(invocation: Invocation, ids: Sequence[str], reports: bool) -> list[str]:
    """Which of `ids` failed, in their order; `reports` is whether ReportBatchItemFailures is on."""
    if invocation.error is not None:
        return list(ids)
    return _reported(invocation.payload, ids) if reports else []


def _reported(answer: Any, ids: Sequence[str]) -> list[str]:
    if answer is None:
        return []
    if not isinstance(answer, dict):
        return list(ids)
    items = answer.get("batchItemFailures")
    if items is None:
        return []
    if not isinstance(items, list):
        return list(ids)
    named = [item.get("itemIdentifier") if isinstance(item, dict) else None for item in items]
    if any(name not in ids for name in named):
        return list(ids)
    return [identifier for identifier in ids if identifier in named]
