"""The posts of a story: each as an example's post, with when it came, from whom, and which rules it must match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.model import Action, Author, Context, Post
from chalicelib.rulebook.example import POST_KEYS, written_post
from chalicelib.rulebook.notes import Notes
from chalicelib.rulebook.source import Block, Node
from chalicelib.rulebook.story_keys import expected, moment
from chalicelib.rulebook.vocabulary import posted_days

OWN = ("at", "from", "id", "expect")


@dataclass(frozen=True, slots=True)
class Step:
    """One post of a story as it comes, what is known beside it, and the ids of exactly the rules that must match."""

    post: Post
    context: Context
    expected: tuple[str, ...]
    line: int
    shown: str


def step(notes: Notes, node: Node, story: str, timezone: str, before: Sequence[Step]) -> Step | None:
    """One post; `before` are those that came, of which it may be a change. None, and noted, where it cannot be read."""
    counts = [key.value for key, _ in node.entries if posted_days(key.value)] if isinstance(node, Block) else []
    keys = notes.block(node, "a story's post", (*OWN, *POST_KEYS, *counts), ("at", "expect"))
    at = moment(notes, keys.get("at"), "'at'", timezone)
    rules = expected(notes, keys.get("expect"))
    who = notes.text(keys.get("from"), "'from'")
    name = notes.text(keys.get("id"), "'id'") or f"{len(before)}"
    if not isinstance(node, Block) or at is None or rules is None:
        return None
    said = Block(node.line, [(key, value) for key, value in node.entries if key.value in keys.keys() - set(OWN)])
    post, context = written_post(notes, said, "", timezone)
    post = replace(post, id=f"{post.platform}:{story}.{name}", author=_author(post.author, who))
    sent = _sent(post, at, _earlier(post, "id" in keys, before))
    if sent is None:
        what = f"'action: {post.action.value}'"
        notes.tell(node.line, f"{what} is of an earlier post, and there is none of this 'from' or 'id'.")
        return None
    shown = post.text if post.text is not None else f"{post.action.value}, without text"
    return Step(sent, context, rules, node.line, shown)


def _sent(post: Post, at: datetime, earlier: Sequence[Post]) -> Post | None:
    """As it arrives: a change is one of the last of the earlier posts; None where there is none."""
    if post.action is Action.CREATE:
        return replace(post, created_at=at)
    return replace(earlier[-1], action=post.action, text=post.text, edited_at=at) if earlier else None


def _earlier(post: Post, is_named: bool, before: Sequence[Step]) -> list[Post]:
    """The posts that this may be a change of: those with its `id`, or all that its author wrote."""
    posts = [step.post for step in before]
    if is_named:
        return [each for each in posts if each.native_id == post.native_id]
    return [each for each in posts if each.author_key is not None and each.author_key == post.author_key]


def _author(author: Author, who: str | None) -> Author:
    return author if who is None else replace(author, id=author.id or who, handle=author.handle or who)
