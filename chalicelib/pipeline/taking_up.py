"""Who takes up what people were asked: by `earshot ack`, or in the CRM."""

from __future__ import annotations

from datetime import datetime

from chalicelib.model import Acknowledgement, Case, CaseStatus, Notice, NoticeKind
from chalicelib.model.notice import CRM, answer
from chalicelib.ports.alerting import Notices
from chalicelib.ports.store import Store

AUTHOR = "its author, who deleted it"


def is_taken_up(case: Case, since: datetime) -> bool:
    """Whether somebody has answered, closed or taken the case in the CRM since then."""
    answered = case.answered_at is not None and case.answered_at >= since
    return answered or case.status is not CaseStatus.OPEN or case.assigned_to is not None


def taken_up_by(notices: Notices, store: Store, notice: Notice) -> str | None:
    """Who has taken up what this asks, or that it is over; None while somebody must. Raises Unavailable.

    Nobody must, either, once its author has deleted every post of the case since: `AUTHOR`, of which nobody is told.
    """
    given = notices.acknowledged(notice.about)
    if given and given.covers(notice):
        return given.who
    case = store.case(notice.case_id) if notice.case_id else None
    if case is None:
        return None
    is_taken_back = case.taken_back_at is not None and case.taken_back_at >= notice.at
    return CRM if is_taken_up(case, notice.at) else AUTHOR if is_taken_back else None


def acknowledge(notices: Notices, asked: Notice, who: str, now: datetime) -> bool:
    """Note that somebody has taken up what was asked last, and tell whoever was; False: somebody had.

    What is asked later, as a next step that goes to others, needs its own taking up.
    """
    given = notices.acknowledged(asked.about)
    if given and given.covers(asked):
        return False
    told = answer(asked, NoticeKind.ACKNOWLEDGED, who, now)
    notices.owe(told)
    return notices.acknowledge(Acknowledgement(asked.about, who, told.at), asked.at)
