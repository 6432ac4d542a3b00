"""Checks before the rules, which rule authors cannot write: what the post is by itself, and what the table knows."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.model import Action, Decision, Post, Standing
from chalicelib.model.decision import FORGOTTEN
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
    if is_forgotten(post, standing):
        return FORGOTTEN
    if post.action in (Action.HIDE, Action.UNHIDE):
        return "moderated by us"
    return "superseded" if _is_older(post, standing) else None


def is_forgotten(post: Post, standing: Standing) -> bool:
    """Whether it was said before its author asked to be forgotten, or is about what was: nothing of it is kept.

    What they say afterwards is heard. Where nobody knows when it was said, it was before.
    """
    if standing.forgotten_at is None:
        return False
    is_new = post.action in (Action.CREATE, Action.EDIT) and not standing.deleted
    said_at = post.created_at or (post.at if is_new else None)
    return said_at is None or said_at < standing.forgotten_at


def _is_older(post: Post, standing: Standing) -> bool:
    if post.action is Action.CREATE:
        return standing.edited  # its edit overtook it
    return bool(post.edited_at and standing.latest_at and post.edited_at < standing.latest_at)
