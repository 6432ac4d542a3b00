"""A case of which every post was deleted: its clock stops, and starts again only for a later post."""

from __future__ import annotations

from chalicelib.model import Case, Delivery, Outcome, Recorded, Verb
from chalicelib.ports.store import Store


def stop_clock(store: Store, case_id: str | None) -> bool:
    """Stop the clock of the case whose post was deleted just now, if that was its last; whether it does.

    Nobody waits for a reply any more: what has come about stays, what has not is not begun. Called after the deletion
    is written, so of two that take back a case's posts at once the second finds both gone; and called again when a
    deletion comes again, since the last try may have died in between. Raises Unavailable.
    """
    case = store.case(case_id) if case_id else None
    if case is None or (case.next_late is None and case.taken_back_at is None):
        return False
    posts = _posts(store.deliveries(case.id))
    return bool(posts) and store.deleted(posts) == posts and store.take_back(case)


def renewed(case: Case, delivery: Delivery, recorded: Recorded) -> Case | None:
    """The case with the clock of a post that joined it after all others were deleted; None where there is no such."""
    is_wanted = recorded.decision.outcome is not Outcome.IGNORE and not recorded.erased
    if case.taken_back_at is None or case.answered_at or delivery.verb is not Verb.ADD_TO_CASE or not is_wanted:
        return None
    return case.renewed(recorded.decision)


def _posts(deliveries: list[Delivery]) -> set[str]:
    """The posts that are on it; none where an alert opened it, which is nobody's post."""
    said = [delivery for delivery in deliveries if delivery.told is None]
    is_a_posts = any(delivery.verb is Verb.OPEN_CASE for delivery in said)
    return {delivery.post_id for delivery in said} if is_a_posts else set()
