"""Posts from the queue, decided in their authors' order; a batch that comes again is let go post by post.

A post that ends its function (the engine crashes, or never comes to an end) takes the answer for its batch with it. So
of a batch that comes again each post is noted before it is decided and taken off the queue as soon as it is: what was
under way when the function ended is known the next time, and is tried after all others (docs/adr/0005).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib.errors import EarshotError, SettingsError, Unavailable
from chalicelib.log import Log
from chalicelib.traces import Note, traced
from chalicelib.wiring import Wiring

if TYPE_CHECKING:
    from chalicelib.pipeline.suspects import Suspects
    from chalicelib.pipeline.triage import Batch

IN_ORDER = 3  # tries: so often an author's later posts wait for one that fails, and then no longer
Record = Mapping[str, Any]


def decide(parts: Wiring, log: Log, records: Sequence[Record]) -> list[str]:
    """The ids of the messages that failed, and of those of their authors that wait for them. Raises Unavailable."""
    from chalicelib.stores.sqs import readable

    batch = parts.triage_desk.batch(readable(record["body"] for record in records))
    suspects = _suspects(parts, log, records)
    failed: list[str] = []
    waiting: set[str] = set()
    for record in in_turn(records, suspects.ends) if suspects else records:
        author = record["attributes"]["MessageGroupId"]
        if author not in waiting and _attempt(parts, batch, log, record, suspects):
            continue
        failed.append(record["messageId"])
        if _tries(record) < IN_ORDER:
            waiting.add(author)
    return failed if _settled(batch, log) else [record["messageId"] for record in records]


def in_turn(records: Sequence[Record], ends: Mapping[str, int]) -> list[Record]:
    """First those that have been tried most often, each author's in order; last, whatever their order, those that were
    under way when the function ended, the more often the later."""
    return sorted(records, key=lambda record: (ends.get(record["messageId"], 0), -_tries(record)))


def _suspects(parts: Wiring, log: Log, records: Sequence[Record]) -> Suspects | None:
    """Of a batch in which anything comes again; else nothing is noted, since that would cost each post a write."""
    if all(_tries(record) == 1 for record in records):
        return None
    from chalicelib.pipeline.suspects import Suspects

    return Suspects(parts.underway, log, [record["messageId"] for record in records])


def _attempt(parts: Wiring, batch: Batch, log: Log, record: Record, suspects: Suspects | None) -> bool:
    """Decide one, and let it go where its batch comes again; whether it is decided."""
    if suspects is None:
        return triage(batch, log, record)
    suspects.begin(record["messageId"], _tries(record))
    if triage(batch, log, record):
        _let_go(parts, batch, log, record)
        return True
    suspects.answered(record["messageId"], _tries(record))
    return False


def triage(batch: Batch, log: Log, record: Record) -> bool:
    """Decide one; whether that went well. What went wrong is told in the log, without any of its words."""
    with traced("post") as note:
        return _triage(batch, log, record, note)


def _triage(batch: Batch, log: Log, record: Record, note: Note) -> bool:
    from chalicelib.stores.sqs import decode

    post_id = None
    try:
        post = decode(record["body"])  # one that cannot be read fails alone, here
        post_id = post.id
        note(post_id=post_id)
        triaged = batch.triage(post)
    except Exception as trouble:  # whatever it is, the queue tries again and keeps what fails: the others go on
        why = str(trouble) if isinstance(trouble, EarshotError) else type(trouble).__name__
        log.error("post.failed", post_id=post_id, message_id=record["messageId"], why=why)
        return False
    decision = triaged.decision
    note(decision=decision.outcome, rule=decision.rule, case_id=triaged.case_id)
    log.info(
        "post.triaged" if triaged.first else "post.already_decided",
        post_id=decision.post_id,
        decision=decision.outcome,
        rule=decision.rule,
        guard=decision.guard,
        case_id=triaged.case_id,
        rulebook=decision.rulebook,
    )
    for alert in triaged.alerts:
        log.info("alert.raised", alert=alert, post_id=decision.post_id)
    return True


def _let_go(parts: Wiring, batch: Batch, log: Log, record: Record) -> None:
    """Off the queue with it, once nobody's words stay that were taken back; else the batch's answer does it."""
    if not _settled(batch, log):
        return
    try:
        parts.queue.decided(record["receiptHandle"])
    except (Unavailable, SettingsError) as trouble:
        log.warning("post.not_let_go", message_id=record["messageId"], why=str(trouble))


def _settled(batch: Batch, log: Log) -> bool:
    """Whether nobody's words stay that were taken back meanwhile; if not, the whole batch must come again."""
    try:
        batch.settle()
    except Unavailable as trouble:
        log.warning("batch.unsettled", why=str(trouble))
        return False
    return True


def _tries(record: Record) -> int:
    return int(record["attributes"]["ApproximateReceiveCount"])
