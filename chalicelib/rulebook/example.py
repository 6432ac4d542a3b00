"""A rule's own examples: a text, or a mapping with what else is known of the post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.model import Action, Author, Context, Kind, Post, PostsInDays
from chalicelib.rulebook.notes import Notes, either
from chalicelib.rulebook.source import Block, Node, Text
from chalicelib.rulebook.values import flag, moment, number, plain_length, whole
from chalicelib.rulebook.vocabulary import posted_days

EXPECTATIONS = ("match", "no match")
PLATFORM = "example"
TEXTS = (
    "text", "quoted_text", "parent_text", "platform", "language", "account_id", "in_reply_to", "conversation_id",
    "permalink",
)  # fmt: skip
TIMES = ("created_at", "edited_at", "delivered_at")
SENTIMENTS = {"negative": -0.6, "neutral": 0.0, "positive": 0.6}
# What an example's age counts from, where it does not say when it was posted.
SOME_DAY = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Example:
    """A post a rule must match or not; `should_be` differs from `expected` where the mistake is known."""

    post: Post
    context: Context
    expected: bool
    should_be: bool | None
    line: int
    shown: str

    @property
    def is_known_mistake(self) -> bool:
        """Whether the rule is known to be wrong about this one."""
        return self.should_be is not None and self.should_be is not self.expected


Reader = Callable[[Notes, Node, str], Any]


def _text(notes: Notes, node: Node, what: str) -> Any:
    # An empty text is a text: a picture without words.
    return node.value if isinstance(node, Text) else notes.text(node, what)


def _kind(notes: Notes, node: Node, what: str) -> Any:
    word = notes.choice(node, what, tuple(kind.value for kind in Kind))
    return Kind(word) if word else None


def _action(notes: Notes, node: Node, what: str) -> Any:
    word = notes.choice(node, what, tuple(action.value for action in Action))
    return Action(word) if word else None


def _sentiment(notes: Notes, node: Node, what: str) -> Any:
    if isinstance(node, Text) and node.value in SENTIMENTS:
        return SENTIMENTS[node.value]
    return number(notes, node, f"{what}, if not {either(SENTIMENTS)},", (-1, 1))


def _media(notes: Notes, node: Node, what: str) -> Any:
    return notes.texts(node, what)


_POST: dict[str, Reader] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(TIMES, moment),
    "kind": _kind,
    "action": _action,
    "is_self": flag,
    "rating": number,
    "media": _media,
}
_AUTHOR: dict[str, Reader] = {
    "id": _text,
    "handle": _text,
    "name": _text,
    "followers": whole,
    "verified": flag,
}
# What is known beside a post, under the name that rules ask for it by.
CONTEXT: dict[str, tuple[str, Reader]] = {
    "author is customer": ("is_customer", flag),
    "author is employee": ("is_employee", flag),
    "author is new": ("is_new", flag),
    "case is open": ("case_is_open", flag),
    "thread depth": ("thread_depth", whole),
    "sentiment": ("sentiment", _sentiment),
    "conversation sentiment": ("conversation_sentiment", _sentiment),
}
# Every key that a written post may have, but for `author's posts in N days`; two words may be joined by `_`.
POST_KEYS: tuple[str, ...] = tuple(
    dict.fromkeys((*_POST, *(name.replace("_", " ") for name in _POST), "author", *CONTEXT, "age"))
)


def examples(notes: Notes, node: Node | None, rule: str, timezone: str = "UTC") -> tuple[Example, ...]:
    """The examples under a rule; `timezone` is the file's."""
    if node is None:
        return ()
    items = enumerate(notes.items(node, "'examples'"))
    found = (_example(notes, item, f"example:{rule}:{index}", timezone) for index, item in items)
    return tuple(example for example in found if example is not None)


def _example(notes: Notes, node: Node, post_id: str, timezone: str) -> Example | None:
    keys = notes.block(node, "an example", ("post", "expect", "should be"), ("post", "expect"))
    expect = notes.choice(keys.get("expect"), "'expect'", EXPECTATIONS)
    should = notes.choice(keys.get("should be"), "'should be'", EXPECTATIONS)
    if "post" not in keys or expect is None:
        return None
    post, context = written_post(notes, keys["post"], post_id, timezone)
    shown = post.text if post.text is not None else "a post without text"
    return Example(post, context, expect == "match", None if should is None else should == "match", node.line, shown)


def written_post(notes: Notes, node: Node, post_id: str, timezone: str = "UTC") -> tuple[Post, Context]:
    """A post as rule authors write it, and what they say is known beside it; of times without a zone, in this one.

    One that does not say its kind is a mention: that is what most of them are.
    """
    if isinstance(node, Text):
        return Post(id=post_id, platform=PLATFORM, kind=Kind.MENTION, text=node.value), Context()
    counts = [key.value for key, _ in node.entries if posted_days(key.value)] if isinstance(node, Block) else []
    keys = notes.block(node, "a post", (*POST_KEYS, *counts))
    author = notes.block(keys["author"], "'author'", tuple(_AUTHOR)) if "author" in keys else {}
    values = {"platform": PLATFORM, "kind": Kind.MENTION} | _read(notes, keys, _POST)
    values |= {name: _placed(values[name], timezone) for name in TIMES if name in values}
    post = Post(id=post_id, author=Author(**_read(notes, author, _AUTHOR)), **values)
    return _aged(notes, post, _context(notes, keys, counts), keys.get("age"))


def _context(notes: Notes, keys: dict[str, Node], counts: Sequence[str]) -> Context:
    read = {name: (reader(notes, keys[key], f"'{key}'")) for key, (name, reader) in CONTEXT.items() if key in keys}
    counted = ((posted_days(key) or 0, whole(notes, keys[key], f"'{key}'")) for key in counts)
    posted = tuple(PostsInDays(days, posts) for days, posts in counted if posts is not None)
    return Context(**{name: value for name, value in read.items() if value is not None}, posts_in_days=posted)


def _aged(notes: Notes, post: Post, context: Context, age: Node | None) -> tuple[Post, Context]:
    length = plain_length(notes, age, "'age'")
    if length is None:
        return post, context
    at = post.at or SOME_DAY
    return replace(post, created_at=post.created_at or at), replace(context, now=at + length)


def _placed(at: datetime, timezone: str) -> datetime:
    return (at.replace(tzinfo=ZoneInfo(timezone)) if at.tzinfo is None else at).astimezone(UTC)


def _read(notes: Notes, keys: dict[str, Node], readers: dict[str, Reader]) -> dict[str, Any]:
    """What is written; a key may be written with a space or an underscore."""
    named = {name.replace(" ", "_"): node for name, node in keys.items()}
    values = {
        name: read(notes, named[name], f"'{name.replace('_', ' ')}'") for name, read in readers.items() if name in named
    }
    return {name: value for name, value in values.items() if value is not None}
