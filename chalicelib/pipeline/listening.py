"""The minute's look at platforms that should speak: a silence is an alert, and over when a post comes again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.model import Alert, Case, NoticeKind, Raised, Told
from chalicelib.model.alert import alert_id
from chalicelib.model.window import mark
from chalicelib.pipeline.alert_words import shown
from chalicelib.pipeline.alerting import Step, step
from chalicelib.pipeline.raising import notice, opening
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.clock import Clock
from chalicelib.ports.platform import Hearings
from chalicelib.rulebook.listening import Listening

ENDED = "Nobody listens for this any more"


def listen(
    alerts: Alerts,
    hearings: Hearings,
    listenings: Sequence[Listening],
    clock: Clock,
    is_late: Callable[[], bool] = lambda: False,
) -> list[Step]:
    """Tell of each silence once, and all clear when it ends; what was told. Raises Unavailable.

    A platform that was never heard is not known to be silent. Each step is one transaction, so whoever dies here has
    made it with all it owes, or has not.
    """
    told: list[Step] = []
    for alert in alerts.on():
        if not is_late() and alert.silent and (ended := _ended(alerts, hearings, listenings, alert, clock())):
            told.append(ended)
    for one in listenings:
        if not is_late() and (begun := _begun(alerts, hearings, one, clock())):
            told.append(begun)
    return told


def next_due(alerts: Alerts, hearings: Hearings, listenings: Sequence[Listening]) -> datetime | None:
    """When the next of these is to be told, if nothing comes until then; None where nothing waits."""
    silent = [alert for alert in alerts.on() if alert.silent]
    heard = [at for alert in silent if (at := hearings.last_post(alert.silent or "")) and at > alert.at]
    waits = (_waits(alerts, hearings, one) for one in listenings)
    return min([*heard, *(at for at in waits if at)], default=None)


def _waits(alerts: Alerts, hearings: Hearings, one: Listening) -> datetime | None:
    heard = hearings.last_post(one.platform)
    due = one.due(heard) if heard and not alerts.find([_id(one, heard)]) else None
    return due if due and one.acts(due) else None


def _id(one: Listening, heard: datetime) -> str:
    return alert_id(one.window, mark(heard.isoformat()))


def _begun(alerts: Alerts, hearings: Hearings, one: Listening, now: datetime) -> Step | None:
    heard = hearings.last_post(one.platform)
    if heard is None or now < one.due(heard) or not one.acts(now) or alerts.find([_id(one, heard)]):
        return None
    alert = _alert(one, heard, now)
    raised = Raised(alert, _case(one, alert), opening(alert, _lines(one, heard)))
    told = notice(alert, NoticeKind.SILENCE, alert.subject, _lines(one, heard), now)
    return Step(alert, told.kind, raised.delivery, told) if alerts.begin(raised, (told,)) else None


def _ended(
    alerts: Alerts, hearings: Hearings, listenings: Sequence[Listening], alert: Alert, now: datetime
) -> Step | None:
    heard = hearings.last_post(alert.silent or "")
    if heard is not None and heard > alert.at:
        heading = f"All clear: {alert.silent} speaks again"
        lines = (f"The first post since {shown(alert.at)} came by {shown(heard)}.",)
    elif any(one.window == alert.window for one in listenings):
        return None
    else:
        heading, lines = ENDED, (f"The rule '{alert.name}' ({alert.rule}) is not live for {alert.silent} any more.",)
    made = step(alert.over(now), NoticeKind.ALL_CLEAR, heading, Told(lines, (), alert.rulebook), now)
    return made if alerts.step(made.alert, made.delivery, (made.notice,)) else None


def _lines(one: Listening, heard: datetime) -> tuple[str, ...]:
    during = f", counted during {one.open.name}" if one.open else ""
    return (
        f"No post has come from {one.platform} for {one.length}{during}.",
        f"The last: {shown(heard)}",
        f"Rule: {one.rule.name} ({one.rule.id})",
    )


def _alert(one: Listening, heard: datetime, now: datetime) -> Alert:
    then = one.rule.then
    return Alert(
        id=_id(one, heard),
        window=one.window,
        rule=one.rule.id,
        name=one.rule.name,
        about={"platform": one.platform},
        counts="posts",
        count=0,
        needed=0,
        within=one.span,
        since=heard,
        at=heard,
        raised_at=now,
        told_at=now,
        counted=0,
        subject=one.subject,
        priority=then.priority,
        team=then.team,
        tell=then.tell,
        silent=one.platform,
    )


def _case(one: Listening, alert: Alert) -> Case:
    return Case(
        id=alert.id,
        post_id="",
        record=one.rule.then.record,
        subject=alert.subject,
        team=alert.team,
        priority=alert.priority,
        tell=alert.tell,
        platform=one.platform,
        author_key=None,
        conversation_id=None,
        topics=(),
        rule=alert.rule,
        reason=_lines(one, alert.at)[0],
        opened_at=alert.raised_at,
        last_post_at=alert.at,
        first_reply_due=one.reply_due(alert.raised_at),
        late=one.late(alert.raised_at),
        posts=0,
    )
