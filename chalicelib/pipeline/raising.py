"""From a decision whose windows crossed to the alerts it raises, each with its case and what that owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from uuid import uuid5

from chalicelib.model import (
    EXTERNAL_KEYS,
    Alert,
    Case,
    Crossing,
    Decision,
    Delivery,
    Notice,
    NoticeKind,
    OpenCase,
    Outcome,
    Post,
    Raised,
    Said,
    Saved,
    Stretch,
    Told,
    Verb,
)
from chalicelib.model.alert import alert_id
from chalicelib.model.notice import notice_key
from chalicelib.model.window import mark
from chalicelib.pipeline import alert_words
from chalicelib.pipeline.showing import MOST as MOST_SHOWN
from chalicelib.pipeline.showing import kept
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.store import Store

MOST = 9  # of one post: each writes up to ten items, and a transaction has room for 100
CROSSED = "With this post the alert was raised"
_UPDATES = 5_000_000_000  # of an alert's case, what the alert tells comes after its posts, and in its own order


def with_alerts(saved: Saved, alerts: Alerts | None, now: datetime, store: Store | None = None) -> Saved:
    """What is written for a decision, with the alerts that its post raises. Raises Unavailable.

    One that is there already was raised by an earlier version of the post, and is left as it is. `store` has the posts
    that are its evidence, for the words that several people use; None: without these.
    """
    crossed = saved.decision.crossed[:MOST]
    if alerts is None or not crossed:
        return saved
    ids = [alert_id(each.window, mark) for each in crossed for mark in (each.mark, each.before) if mark]
    known = alerts.find(ids)
    new = [each for each in crossed if alert_id(each.window, each.mark) not in known]
    gone = alerts.taken_back({post_id for each in new for post_id in each.posts}) if new else set()
    for crossing in new:
        posts = tuple(post_id for post_id in crossing.posts if post_id not in gone)
        words = _words(saved.post, posts, store) if store else ()
        saved = _raise(saved, replace(crossing, posts=posts), known, now, words)
    return saved


def _words(post: Post, post_ids: Sequence[str], store: Store) -> tuple[str, ...]:
    """The words that more than one author of these says, the commonest first; read once for each crossing."""
    from chalicelib.rulebook.telling import telling_words  # here: who delivers reads no words

    others = kept(store, [post_id for post_id in post_ids if post_id != post.id])
    said = (
        Stretch(0, 0, words={word: Said(1, frozenset({mark(each.author_key)})) for word in telling_words(each)})
        for each in (post, *others)
        if each.author_key is not None
    )
    return reduce(Stretch.and_also, said, Stretch(0, 0)).telling({})


def _raise(saved: Saved, crossing: Crossing, known: Mapping[str, Alert], now: datetime, words: Sequence[str]) -> Saved:
    earlier = known.get(alert_id(crossing.window, crossing.before)) if crossing.before else None
    alert = _alert(crossing, earlier, saved.decision.rulebook, now)
    is_own = saved.opens is not None and saved.opens.rule == alert.rule and saved.opens.id == saved.post.external_key
    case = _case(saved, crossing, alert, posts=1 if is_own else 0)
    ends = earlier.continued(alert.id) if earlier and earlier.is_on else None
    lines = alert_words.raised(alert, words)
    raised = Raised(alert, case, opening(alert, lines), ends)
    notices = (*saved.notices, notice(alert, NoticeKind.ALERT, alert.subject, lines, now, posts=alert.posts))
    saved = replace(saved, raised=(*saved.raised, raised), notices=notices)
    return _in_its_case(saved, case) if is_own else saved


def _alert(crossing: Crossing, earlier: Alert | None, rulebook: str, now: datetime) -> Alert:
    return Alert(
        id=alert_id(crossing.window, crossing.mark),
        window=crossing.window,
        rule=crossing.rule,
        name=crossing.name,
        about=crossing.about,
        counts=crossing.counts,
        count=crossing.count,
        needed=crossing.needed,
        within=crossing.within,
        since=min(crossing.at, now),
        at=min(max(crossing.at, crossing.latest or crossing.at), now),
        raised_at=now,
        told_at=now,
        counted=crossing.count,
        subject=crossing.subject,
        priority=crossing.priority,
        team=crossing.team,
        tell=crossing.tell,
        posts=crossing.posts,
        rulebook=rulebook,
        follows=earlier.id if earlier else None,
        follows_at=earlier.raised_at if earlier else None,
    )


def _case(saved: Saved, crossing: Crossing, alert: Alert, posts: int) -> Case:
    return Case(
        id=alert.id,
        post_id=saved.post.id,
        record=crossing.record,
        subject=alert.subject,
        team=alert.team,
        priority=alert.priority,
        tell=alert.tell,
        platform=saved.post.platform,
        author_key=None,  # it is nobody's own: forgetting an author leaves it
        conversation_id=None,
        topics=tuple(value for name, value in alert.about.items() if name == "topic"),
        rule=alert.rule,
        reason=alert_words.raised(alert)[0],
        opened_at=alert.raised_at,
        last_post_at=alert.at,
        first_reply_due=crossing.first_reply_due,
        late=crossing.late,
        posts=posts,
    )


def _in_its_case(saved: Saved, case: Case) -> Saved:
    """The post belongs to the alert's case, where its rule would have opened one for it alone."""
    was = saved.opens.id if saved.opens else None
    remembers = tuple(_renamed(known, was, case.id) for known in saved.remembers or ())
    attached = [
        replace(each, case_id=case.id, verb=Verb.ADD_TO_CASE, heading=CROSSED, key=_key(case.id, each.key))
        for each in saved.deliveries
    ]
    # After the opening, which has the lowest number.
    owed = tuple(replace(each, sequence=f"{1:010d}{each.sequence[10:]}") for each in attached)
    notices = tuple(each for each in saved.notices if each.case_id != was)  # the alert's own says it
    return replace(saved, opens=case, remembers=remembers, deliveries=owed, notices=notices)


def _renamed(known: OpenCase, was: str | None, case_id: str) -> OpenCase:
    return replace(known, case_id=case_id) if known.case_id == was else known


def opening(alert: Alert, lines: tuple[str, ...]) -> Delivery:
    """What opens the alert's case."""
    told = Told(lines, alert.posts, alert.rulebook)
    return _delivery(alert, Verb.OPEN_CASE, f"{0:010d}", alert.subject, told)


def addition(alert: Alert, heading: str, told: Told) -> Delivery:
    """What is told next on the alert's case; its number is that of the alert's state."""
    return _delivery(alert, Verb.ADD_TO_CASE, f"{_UPDATES + alert.revision:010d}", heading, told)


def notice(
    alert: Alert, kind: NoticeKind, title: str, lines: tuple[str, ...], now: datetime, *, posts: Sequence[str] = ()
) -> Notice:
    """What people are told at once, with some of these posts; once for each state of the alert."""
    key = notice_key(kind, alert.id, str(alert.revision))
    return Notice(
        key, kind, alert.id, alert.rule, alert.team, alert.tell, alert.priority, title, lines, now, alert.id,
        posts=tuple(posts[:MOST_SHOWN]),
    )  # fmt: skip


def decision(case: Case, told: Told) -> Decision:
    """Why the case is told, as a decision about no post."""
    why = Decision(case.post_id, "", Outcome.ESCALATE, case.reason, case.rule, rulebook=told.rulebook)
    return replace(why, priority=case.priority, team=case.team, tell=case.tell)


def _delivery(alert: Alert, verb: Verb, rank: str, heading: str, told: Told) -> Delivery:
    sequence = f"{rank}.{alert.told_at:%Y%m%dT%H%M%S%f}.alert"
    key = _key(alert.id, f"{verb}\x1f{alert.revision}")
    return Delivery(alert.id, sequence, key, verb, "", "", heading, told=told)


def _key(*parts: str) -> str:
    return str(uuid5(EXTERNAL_KEYS, "\x1f".join(parts)))
