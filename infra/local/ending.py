"""How the story must end: the cases, what the CRM has of them, what is parked, and nothing left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.cli.cases import line, waits_for_the_crm
from chalicelib.model import Case, DeliveryState
from chalicelib.ports.deciding import PostQueue
from chalicelib.ports.store import Store
from infra.local.story import ExpectedCase


def tell_cases(store: Store) -> list[Case]:
    """Print the cases, oldest first."""
    cases = sorted(store.cases(), key=lambda case: case.opened_at)
    print(f"\nThe cases ({len(cases)}):")
    for case in cases:
        print(f"  {line(case, waits_for_the_crm(store, case))}")
    return cases


def tell_issues(issues: Sequence[dict[str, Any]]) -> None:
    """Print what Roundup holds."""
    print(f"\nIn Roundup ({len(issues)} issues):")
    for issue in issues:
        print(
            f"  issue{issue['id']:<4} {issue['priority'] or '-':<8} {len(issue['messages'])} messages  {issue['title']}"
        )


def wrong_cases(
    cases: Sequence[Case], expected: Sequence[ExpectedCase], store: Store, state: DeliveryState
) -> list[str]:
    """Cases that are missing, too many, of another rule, or with other entries than expected; empty when right."""
    found = {case.post_id: case for case in cases}
    wanted = {case.post_id: case for case in expected}
    return [*_unexpected(found, wanted), *_missing(found, wanted), *_different(found, wanted, store, state)]


def wrong_issues(issues: Sequence[dict[str, Any]], cases: Sequence[Case], store: Store) -> Iterator[str]:
    """Cases that Roundup has not exactly once, or with other messages than were delivered, in another order."""
    for case in cases:
        held = [issue for issue in issues if issue["key"] == case.id]
        if len(held) != 1:
            yield f"case {case.id} ({case.subject}): {len(held)} issues in Roundup instead of 1"
            continue
        keys = [text.rpartition("[ref:")[2].partition("]")[0] for text in held[0]["messages"]]
        if keys != [delivery.key for delivery in store.deliveries(case.id)]:
            yield f"case {case.id} ({case.subject}): its messages in Roundup are not what was delivered, in that order"
    if len(issues) > len(cases):
        yield f"{len(issues)} issues in Roundup for {len(cases)} cases"


def wrong_left_overs(queue: PostQueue, parked: int, depths: dict[str, int]) -> Iterator[str]:
    """Bodies parked that should not be, or the other way round; messages left in a queue."""
    found = len(queue.parked(50))
    if found != parked:
        yield f"{found} bodies are parked instead of {parked}"
    for name in ("PostsQueue", "PostsDeadLetters", "DeliveriesFailed"):
        if depths[name]:
            yield f"{depths[name]} messages are left in {name}"


def _unexpected(found: dict[str, Case], wanted: dict[str, ExpectedCase]) -> Iterator[str]:
    for post_id in sorted(found.keys() - wanted.keys()):
        yield f"there should be no case of {post_id} ({found[post_id].rule})"


def _missing(found: dict[str, Case], wanted: dict[str, ExpectedCase]) -> Iterator[str]:
    for post_id in sorted(wanted.keys() - found.keys()):
        yield f"there is no case of {post_id} ({wanted[post_id].rule})"


def _different(
    found: dict[str, Case], wanted: dict[str, ExpectedCase], store: Store, state: DeliveryState
) -> Iterator[str]:
    for post_id in sorted(found.keys() & wanted.keys()):
        case, expected = found[post_id], wanted[post_id]
        deliveries = store.deliveries(case.id)
        if case.rule != expected.rule:
            yield f"the case of {post_id} is of {case.rule} instead of {expected.rule}"
        if len(deliveries) != 1 + expected.entries:
            yield f"the case of {post_id} has {len(deliveries) - 1} later entries instead of {expected.entries}"
        for delivery in deliveries:
            if delivery.state is not state:
                yield f"the case of {post_id}: '{delivery.heading}' is {delivery.state} instead of {state}"
