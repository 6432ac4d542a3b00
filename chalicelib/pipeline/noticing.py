"""What people are told at once of a case: that an urgent one is there, that its reply is overdue."""

from __future__ import annotations

from datetime import datetime

from chalicelib.model import Case, Late, Notice, NoticeKind, Priority, notice_key
from chalicelib.model.notice import BECAUSE


def of_opening(case: Case, now: datetime) -> tuple[Notice, ...]:
    """An alert for an urgent case, with its post; the CRM alone is told of others."""
    if case.priority is not Priority.URGENT:
        return ()
    due = f"First reply due: {case.first_reply_due:%Y-%m-%d %H:%M} UTC" if case.first_reply_due else ""
    told = (f"{BECAUSE}{case.reason}", f"On: {case.platform}", due)
    key = notice_key(NoticeKind.ALERT, case.id)
    return (
        Notice(
            key, NoticeKind.ALERT, case.id, case.rule, case.team, case.tell, case.priority, case.subject,
            tuple(line for line in told if line), now, case.id, posts=(case.post_id,),
        ),
    )  # fmt: skip


def of_lapse(before: Case, late: Late, now: datetime) -> Notice:
    """That a reply is overdue, to whoever has the case now and to whoever had it; once a step."""
    after = before.lapse()
    others = (*((before.team,) if before.team and before.team != after.team else ()), *before.tell)
    told = (f"{heading(late)}.", f"Opened: {before.opened_at:%Y-%m-%d %H:%M} UTC", f"On: {before.platform}")
    key = notice_key(NoticeKind.OVERDUE, before.id, str(after.lapsed))
    return Notice(
        key, NoticeKind.OVERDUE, before.id, before.rule, after.team, others, after.priority, before.subject, told, now,
        before.id,
    )  # fmt: skip


def heading(late: Late) -> str:
    """`No reply within 3 hours: now for care-leads, urgent priority`."""
    now = [f"for {late.team}"] if late.team else []
    now += [f"{late.priority.value} priority"] if late.priority else []
    return f"No reply within {late.after}" + (f": now {', '.join(now)}" if now else "")
