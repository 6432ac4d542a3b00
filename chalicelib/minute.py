"""The minute's round: what is owed is handed out again, and whoever must be asked again is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from chalicelib.errors import NotFound, Refused, SettingsError, Unavailable
from chalicelib.log import Log
from chalicelib.pipeline import timekeeping
from chalicelib.wiring import Wiring, now

SILENCE_MINUTE = 17  # of the hour
Late = Callable[[], bool]


def keep(parts: Wiring, log: Log, is_late: Late) -> int:
    """All of it; how many cases were handed out again. Raises what the table raises for these."""
    kept = timekeeping.keep_time(parts.store, now, parts.environment.owed_patience)
    if kept.nudged:
        log.warning("deliveries.nudged", count=kept.nudged)
    go_on_with_alerts(parts, log, is_late)
    keep_clocks(parts, log, is_late)
    hand_out_notices(parts, log)
    ask_the_crm(parts, log, is_late)
    renew_subscriptions(parts, log, is_late)
    tell_of_silence(parts, log)
    # Last: in a large table it takes all the time there is, for as long as it lasts.
    forget_authors(parts, log, is_late)
    return kept.nudged


def keep_clocks(parts: Wiring, log: Log, is_late: Late) -> None:
    """What follows where nobody has replied in time; no trouble with it keeps the rest from being done."""
    from chalicelib.pipeline.clocks import keep_clocks

    try:
        for late in keep_clocks(parts.clocks, now, is_late):
            log.info("reply.overdue", case_id=late.case_id, rule=late.rule, step=late.step)
    except (Unavailable, SettingsError) as trouble:
        log.error("clocks.unavailable", why=str(trouble))


def hand_out_notices(parts: Wiring, log: Log) -> None:
    """What people are owed once more, or since the end of their quiet hours; no trouble with it stops the round."""
    from chalicelib.pipeline.quiet import end_quiet
    from chalicelib.pipeline.telling import PATIENCE

    try:
        woken = parts.notices.wake(now() - PATIENCE)
        gathered = end_quiet(parts.telling_desk)
    except (Unavailable, NotFound, SettingsError) as trouble:
        log.error("notices.unavailable", why=str(trouble))
        return
    if woken or gathered:
        log.info("notices.handed_out", again=woken, after_quiet_hours=gathered)


def go_on_with_alerts(parts: Wiring, log: Log, is_late: Late) -> None:
    """What has grown, and what is over; no trouble with it keeps the rest of the round from being done."""
    from chalicelib.pipeline.alerting import watch
    from chalicelib.pipeline.listening import listen

    try:
        made = watch(parts.alerts, now, is_late, lambda: decided_until(parts, log))
        made += listen(parts.alerts, parts.hearings, parts.listenings(), now, is_late)
    except (Unavailable, NotFound) as trouble:
        log.error("alerts.unwatched", why=str(trouble))
        return
    for step in made:
        log.info("alert.told", alert=step.alert.id, rule=step.alert.rule, kind=step.kind, counted=step.alert.counted)


def decided_until(parts: Wiring, log: Log) -> datetime:
    """Until when posts were queued that are decided by now; where nobody can say, none is."""
    try:
        return parts.depths.decided_until()
    except (Unavailable, SettingsError) as trouble:
        log.warning("alerts.wait", why=str(trouble))
        return datetime.min.replace(tzinfo=UTC)


def ask_the_crm(parts: Wiring, log: Log, is_late: Late) -> None:
    """What people did there; no trouble with it keeps the rest of the round from being done."""
    from chalicelib.pipeline.hear import poll

    try:
        desk = parts.delivery_desk
        if desk.crm is None or not desk.crm.is_polled:
            return
        heeded = poll(desk.crm, parts.back_channel, now, desk.circuit, is_late)
    except (Unavailable, SettingsError, Refused) as trouble:
        log.warning("crm.unheard", why=type(trouble).__name__ if isinstance(trouble, Refused) else str(trouble))
        return
    if heeded and heeded.events:
        log.info("crm.heard", crm=desk.crm.name, events=heeded.events, moved=heeded.moved)


def tell_of_silence(parts: Wiring, log: Log) -> None:
    """Once an hour, which platforms were heard and are not any more: few tell that a subscription is lost."""
    from chalicelib.pipeline.hearing import is_silent

    if now().minute != SILENCE_MINUTE:
        return
    try:
        on = [name for name, settings in parts.company.platforms.items() if settings.answers]
        heard = {name: parts.hearings.last(name) for name in on}
    except (Unavailable, SettingsError) as trouble:
        log.warning("hearings.unread", why=str(trouble))
        return
    for name, last in heard.items():
        if last and is_silent(last, now()):
            log.error("platform.silent", platform=name, last_heard=str(last.at))


def renew_subscriptions(parts: Wiring, log: Log, is_late: Late) -> None:
    """What hubs must be asked again; no trouble with them keeps the rest of the round from being done."""
    from chalicelib.pipeline.subscribing import renew

    try:
        wanted = parts.subscriptions
        asked = renew(wanted, parts.leases, parts.hub, now, is_late) if wanted else []
    except (Unavailable, SettingsError) as trouble:
        log.error("subscriptions.unavailable", why=str(trouble))
        return
    for one in asked:
        if one.is_ending:
            log.error("subscription.ends", subscription=one.name, ends_at=str(one.ends_at), why=one.why)
        elif one.why:
            log.warning("subscription.waits", subscription=one.name, why=one.why)
        else:
            log.info("subscription.asked", subscription=one.name)


def forget_authors(parts: Wiring, log: Log, is_late: Late) -> None:
    """What was asked to be forgotten; no trouble with it keeps the rest of the round from being done."""
    from chalicelib.pipeline.erasure import erase

    try:
        done = erase(parts.erasures, parts.queue, now, is_late)
    except (Unavailable, SettingsError) as trouble:
        log.error("deletions.unavailable", why=str(trouble))
        return
    for erasure in done:
        log.info(
            "deletion.done", platform=erasure.platform, code=erasure.code, posts=erasure.posts, cases=erasure.cases
        )
