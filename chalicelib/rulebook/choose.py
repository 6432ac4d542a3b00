"""Of all rules that matched, the one that decides; what the others leave behind; and why, in a sentence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.model import Decision, Facts, Late, Outcome, Post, Priority, Recommendation
from chalicelib.rulebook.calendars import Calendar
from chalicelib.rulebook.clock import due, duration
from chalicelib.rulebook.rule import NoReply, Rule, Then

Why = Callable[[Rule], str]
LONGEST_SUBJECT = 200
SUBJECT = "{rule} - {author.handle}"
_OUTCOMES = list(Outcome)
_NEVER = timedelta.max


def winner(matched: Sequence[Rule]) -> Rule | None:
    """Escalate over recommend over ignore; then priority; then the shortest first reply; then id."""
    return min(standing(matched), key=_rank, default=None)


def standing(matched: Sequence[Rule]) -> list[Rule]:
    """Those that no other of them overrides."""
    beaten = {name for rule in matched for name in rule.overrides}
    return [rule for rule in matched if rule.id not in beaten]


def _rank(rule: Rule) -> tuple[int, int, timedelta, str]:
    then = rule.then
    pressing = duration(then.first_reply).pressing if then.first_reply else _NEVER
    return _OUTCOMES.index(then.outcome), (then.priority or Priority.LOW).rank, pressing, rule.id


def unmatched(post: Post, rulebook: str, sample: float) -> Decision:
    """Nothing matched: ignored, and a few, always the same, are put before a person."""
    chance = int.from_bytes(hashlib.sha256(post.id.encode("utf-8", "replace")).digest()[:6]) / 2**48
    return Decision(post.id, post.version, Outcome.IGNORE, "no rule", rulebook=rulebook, sampled=chance < sample)


def decided(
    facts: Facts, chosen: Rule, matched: Sequence[Rule], *, topics: tuple[str, ...], why: Why, hours: Calendar
) -> Decision:
    """What the chosen rule says, with what the others that matched add to it; `hours` are its business hours."""
    post, then = facts.post, chosen.then
    base = Decision(
        post_id=post.id,
        post_version=post.version,
        outcome=then.outcome,
        reason=then.reason if then.outcome is Outcome.IGNORE and then.reason else why(chosen),
        rule=chosen.id,
        tell=_told(chosen, standing(matched)),
        keep_for=then.keep_for,
        topics=topics,
        owner=chosen.owner,
    )
    if then.outcome is Outcome.IGNORE:
        return base
    base = replace(
        base,
        priority=then.priority,
        team=then.team,
        subject=rendered(then.subject or SUBJECT, post, chosen, topics),
        recommendation=_recommendation(standing(matched)),
    )
    return _escalated(base, facts, chosen, hours) if then.outcome is Outcome.ESCALATE else base


def _escalated(decision: Decision, facts: Facts, rule: Rule, hours: Calendar) -> Decision:
    then, at = rule.then, facts.post.at
    return replace(
        decision,
        record=then.record,
        join_within=then.join_within,
        first_reply_due=due(at, then.first_reply, hours) if then.first_reply and at else None,
        late=lateness(then, at, hours),
        stays=then.stays_after_thanks,
    )


def lateness(then: Then, at: datetime | None, hours: Calendar) -> tuple[Late, ...]:
    """When the first reply is due, and the steps of `if no reply`, counted from when it was said, in order of time:
    business hours and hours may overtake each other."""
    if at is None:
        return ()
    promised = [NoReply(then.first_reply)] if then.first_reply else []
    steps = [
        Late(due(at, step.after, hours), step.after, step.team, step.priority) for step in (*promised, *then.no_reply)
    ]
    return tuple(sorted(steps, key=lambda step: step.due))


def _told(chosen: Rule, rules: Sequence[Rule]) -> tuple[str, ...]:
    others = sorted((rule for rule in rules if rule.id != chosen.id), key=_rank)
    return tuple(dict.fromkeys(team for rule in (chosen, *others) for team in rule.then.tell))


def _recommendation(rules: Sequence[Rule]) -> Recommendation | None:
    """The best recommendation that matched: it decides, or rides along on the case."""
    offers = [rule for rule in rules if rule.then.outcome is Outcome.RECOMMEND]
    rule = min(offers, key=_rank, default=None)
    if rule is None or rule.then.template is None:
        return None
    return Recommendation(rule.id, rule.then.template, rule.then.offer, rule.then.send, rule.then.at_most)


def rendered(template: str, post: Post, rule: Rule, topics: tuple[str, ...]) -> str:
    """A subject with what is known of the post in its places, on one line."""
    shown = {
        "author.handle": post.author.handle or post.author.name,  # some platforms send no handles
        "author.name": post.author.name,
        "platform": post.platform,
        "kind": post.kind.value if post.kind else None,
        "rating": None if post.rating is None else f"{post.rating:g}",
        "topic": ", ".join(topics),
        "rule": rule.name,
    }
    text = re.sub(r"\{([^{}]*)\}", lambda match: shown.get(match[1]) or "unknown", template)
    # Half a surrogate pair, as some platforms send in names, has no UTF-8.
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())[:LONGEST_SUBJECT]
