"""What people are told at once of a case: that an urgent one is there, that its reply is overdue."""

from __future__ import annotations

from datetime import datetime

from chalicelib.model import Case, Notice, NoticeKind, Priority, notice_key


def of_opening(case: Case, link: str | None, now: datetime) -> tuple[Notice, ...]:
    """An alert for an urgent case; the CRM alone is told of others."""
    if case.priority is not Priority.URGENT:
        return ()
    due = f"First reply due: {case.first_reply_due:%Y-%m-%d %H:%M} UTC" if case.first_reply_due else ""
    told = (f"Because: {case.reason}", f"On: {case.platform}", due)
    key = notice_key(NoticeKind.ALERT, case.id)
    return (
        Notice(
            key, NoticeKind.ALERT, case.id, case.rule, case.team, case.tell, case.priority, case.subject,
            tuple(line for line in told if line), now, case.id, link,
        ),
    )  # fmt: skip
