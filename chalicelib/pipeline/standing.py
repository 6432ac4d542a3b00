"""Checks before the rules, which rule authors cannot write: what the post is by itself, and what the table knows."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.model import Action, Decision, Post, Standing
from chalicelib.rulebook.guards import guard, guarded


def stand(post: Post, standing: Standing, now: datetime, oldest: timedelta) -> Decision | None:
    """The decision of the first guard that stops this post, or None: let the rules decide."""
    reason = _known(post, standing)
    return guarded(post, reason) if reason else guard(post, oldest, now)


def _known(post: Post, standing: Standing) -> str | None:
    if post.action is Action.DELETE:
        return None
    if standing.deleted:
        return "deleted"  # the deletion overtook it
    if standing.opted_out:
        return "opted out"
    if post.action in (Action.HIDE, Action.UNHIDE):
        return "moderated by us"
    return "superseded" if _is_older(post, standing) else None


def _is_older(post: Post, standing: Standing) -> bool:
    if post.action is Action.CREATE:
        return standing.edited  # its edit overtook it
    return bool(post.edited_at and standing.latest_at and post.edited_at < standing.latest_at)
