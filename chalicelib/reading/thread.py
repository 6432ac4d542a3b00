"""How deep in its thread a post stands: 0 opens it, 1 answers that one, and so on."""

from __future__ import annotations

from chalicelib.model import Kind, Post

OPENING = (Kind.POST, Kind.REVIEW, Kind.QUOTE, Kind.MENTION)
# Where `conversation_id` names the first post of the thread; elsewhere it may be the parent, or a chat.
ROOTED = ("facebook", "instagram", "linkedin", "threads", "tiktok")
# Comments and replies to comments, and nothing deeper.
TWO_LEVELS = ("facebook", "instagram", "tiktok")


def depth(post: Post) -> int | None:
    """How many posts it is below its thread's first; None where the post does not tell."""
    if post.in_reply_to is None:
        # Instagram's mentions may be comments; only ids are sent of them.
        told = post.kind in OPENING and not (post.platform == "instagram" and post.kind is Kind.MENTION)
        return 0 if told else None
    if post.platform not in ROOTED or post.conversation_id is None:
        return None
    if post.in_reply_to == post.conversation_id:
        return 1
    return 2 if post.platform in TWO_LEVELS else None
