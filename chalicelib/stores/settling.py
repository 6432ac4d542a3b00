"""What people were told of a case is settled by what other people do with it in the CRM: both stores owe the same."""

from __future__ import annotations

from datetime import datetime

from chalicelib.model import Case, CrmEvent, Happened, Matter, Notice, NoticeKind
from chalicelib.model.notice import CRM, answer

SEEN_TO = frozenset({Happened.ANSWERED, Happened.CLOSED, Happened.MERGED})
SETTLES = SEEN_TO | {Happened.REASSIGNED}


def settling(after: Case, event: CrmEvent, matter: Matter, now: datetime) -> Notice | None:
    """What whoever was asked is told then: that it is seen to, or that somebody has it; None where nothing is asked."""
    asked = matter.latest
    if asked is None or matter.is_ended:
        return None
    if event.happened in SEEN_TO:
        return answer(asked, NoticeKind.SETTLED, CRM, now)
    is_taken = event.happened is Happened.REASSIGNED and after.assigned_to is not None
    return answer(asked, NoticeKind.ACKNOWLEDGED, CRM, now) if is_taken else None
