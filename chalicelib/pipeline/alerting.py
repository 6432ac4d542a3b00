"""The minute's look at alerts: what has grown is told again, what is empty is over. Every step is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.model import Alert, Delivery, Notice, NoticeKind, Stretch, Told
from chalicelib.model.window import millis
from chalicelib.pipeline import alert_words
from chalicelib.pipeline.raising import addition, notice
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.clock import Clock

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """An alert after its next step, and what that owes."""

    alert: Alert
    kind: NoticeKind
    delivery: Delivery
    notice: Notice


def watch(
    alerts: Alerts,
    clock: Clock,
    is_late: Callable[[], bool] = lambda: False,
    decided_until: Callable[[], datetime] | None = None,
) -> list[Step]:
    """Go on with every alert that is on; the steps that were made. Raises Unavailable.

    Whoever dies here has made a step with all it owes, or has not; the next minute goes on from there. Of two who do it
    at once, one makes the step.

    `decided_until` tells until when posts were queued that are decided by now; it is asked once, and only where an
    alert would be over: while a post waits that may belong to it, it is not. None: nothing waits.
    """
    made, waits = [], _Waits(decided_until)
    for alert in alerts.on():  # the latest first: what follows an alert ends before it
        if is_late():
            break
        if alert.silent is not None or (due := _next(alerts, alert, clock(), waits)) is None:
            continue
        if _make(alerts, due):
            made.append(due)
    return made


@dataclass(slots=True)
class _Waits:
    """Whether posts wait that were queued before a time; who knows is asked when the first wants to know."""

    decided_until: Callable[[], datetime] | None
    _known: datetime | None = None

    def before(self, at: datetime) -> bool:
        if self.decided_until is None:
            return False
        if self._known is None:
            self._known = self.decided_until()
        return self._known < at


def _make(alerts: Alerts, due: Step) -> bool:
    return alerts.step(due.alert, due.delivery, (due.notice,))


def next_due(alerts: Alerts) -> datetime | None:
    """When the next step of an alert is to be made, if nothing comes until then; None where none is on."""
    dues = (_due(alerts, alert, seen(alerts, alert))[0] for alert in alerts.on() if not alert.silent)
    return min((due for due in dues if due is not None), default=None)


def _next(alerts: Alerts, alert: Alert, now: datetime, waits: _Waits) -> Step | None:
    found = seen(alerts, alert)
    due, kind = _due(alerts, alert, found)
    if due is None or now < due:
        return None
    if kind is NoticeKind.UPDATE:
        return _update(alert, found, alerts.taken_back(found.samples), now)
    # Whatever belongs to it and is not later than the grace was queued by then.
    return None if waits.before(alert.clear_at(found)) else _over(alert, found, now)


def seen(alerts: Alerts, alert: Alert) -> Stretch:
    """All that was seen of an alert, without a gap."""
    first, last = millis(alert.since), millis(alert.at)
    return alerts.growth(alert.id).since(first, last, alert.within // _MILLISECOND)


def _due(alerts: Alerts, alert: Alert, seen: Stretch) -> tuple[datetime | None, NoticeKind]:
    """When its next step is due, and which: one that was raised again before it was over ends with what followed."""
    clear = alert.clear_at(seen)
    if alert.continued_by:
        later = alerts.find([alert.continued_by]).get(alert.continued_by)
        goes_on = later is not None and alert.goes_on_in(later, seen)
        return (later.over_at if later and goes_on else clear), NoticeKind.ALL_CLEAR
    news = alert.news_at(seen)
    return (news, NoticeKind.UPDATE) if news and news < clear else (clear, NoticeKind.ALL_CLEAR)


def _update(alert: Alert, seen: Stretch, gone: Collection[str], now: datetime) -> Step:
    after, heading = alert.updated(seen, now), alert_words.update_heading(alert, seen)
    samples = tuple(post_id for post_id in seen.samples if post_id not in gone)
    told = Told(alert_words.update(alert, seen), samples, alert.rulebook, reopens=True)
    return step(after, NoticeKind.UPDATE, heading, told, now)


def _over(alert: Alert, seen: Stretch, now: datetime) -> Step:
    after, heading = alert.over(now, seen), alert_words.clear_heading(alert)
    return step(after, NoticeKind.ALL_CLEAR, heading, Told(alert_words.clear(alert, seen), (), alert.rulebook), now)


def step(after: Alert, kind: NoticeKind, heading: str, told: Told, now: datetime) -> Step:
    """An alert's next state, with what it owes to its case and to people."""
    title = f"{heading} - {after.subject}"
    return Step(
        after, kind, addition(after, heading, told), notice(after, kind, title, told.lines, now, posts=told.posts)
    )
