"""Checks of the post by itself, before any rule; rule authors cannot write these."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.model import Action, Decision, Kind, Outcome, Post


def guard(post: Post, oldest: timedelta | None = None, now: datetime | None = None) -> Decision | None:
    """The decision of the first guard that stops this post, or None: let the rules decide.

    Age is looked at only where `oldest` and `now` are given: posts of the past are decided again when rules are tried.
    """
    reason = _reason(post, oldest, now)
    return guarded(post, reason) if reason else None


def guarded(post: Post, reason: str) -> Decision:
    """The decision of a guard: ignored, and by which."""
    return Decision(post.id, post.version, Outcome.IGNORE, reason, guard=reason)


def _reason(post: Post, oldest: timedelta | None, now: datetime | None) -> str | None:
    if post.action is Action.DELETE:
        return "deleted"
    if post.is_self:
        return "own account"
    if post.kind is Kind.REPOST and not (post.text or "").strip():
        return "repost"
    if post.kind is Kind.POSTBACK:
        return "postback"
    if oldest and now and post.at and now - post.at > oldest:
        return "too old"
    return None
