"""A post that an alert's case quotes is edited or taken back: the case is told, and the alert names it no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import uuid5

from chalicelib.model import EXTERNAL_KEYS, Action, Alert, Delivery, Post, Saved, Told, Unquoted, Verb
from chalicelib.pipeline.alert_words import shown
from chalicelib.pipeline.casework import LAST, changes_a_case
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.store import Store

EDITED = "The author edited a post that is quoted here"
HEADINGS = {
    Action.CREATE: EDITED,
    Action.EDIT: EDITED,
    Action.DELETE: "The author deleted a post that is quoted here",
}


def with_quotes(saved: Saved, alerts: Alerts | None, store: Store, now: datetime) -> Saved:
    """What is written for a decision, with what cases of alerts are told that quote the post. Raises Unavailable."""
    quoting = saved.standing.quoted_in - {saved.joins}  # that case is told of it as of any post of its own
    is_news = saved.decision.post_version not in saved.standing.seen and changes_a_case(saved.post, saved.decision)
    if alerts is None or not quoting or not is_news or saved.post.action not in HEADINGS:
        return saved
    which = _which(store, saved.post)
    return replace(saved, unquoted=tuple(_unquoted(saved, alert, which, now) for alert in _found(alerts, quoting)))


def _found(alerts: Alerts, names: frozenset[str]) -> Iterator[Alert]:
    known = alerts.find(sorted(names))
    return (known[name] for name in sorted(known))


def _unquoted(saved: Saved, alert: Alert, which: tuple[str, ...], now: datetime) -> Unquoted:
    post, is_gone = saved.post, saved.post.action is Action.DELETE
    told = Told(which, () if is_gone else (post.id,), saved.decision.rulebook)
    sequence = f"{LAST:010d}.{now:%Y%m%dT%H%M%S%f}.{post.version}"  # after all that quotes it
    key = str(uuid5(EXTERNAL_KEYS, "\x1f".join((alert.id, Verb.ADD_TO_CASE, post.id, post.version))))
    heading = HEADINGS[post.action]
    owed = Delivery(alert.id, sequence, key, Verb.ADD_TO_CASE, post.id, post.version, heading, told=told)
    return Unquoted(owed, alert.without(post.id) if is_gone and post.id in alert.posts else None)


def _which(store: Store, post: Post) -> tuple[str, ...]:
    """By what people find it among those that were quoted: a deletion does not say when the post was written."""
    times = [kept.post.created_at for kept in store.recorded(post.id) if kept.post.created_at]
    when = f"of {shown(min(times))} " if times else ""
    return (f"Which: the post {when}on {post.platform}.",)
