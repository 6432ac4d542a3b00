"""A rule's own examples: a text, or a mapping with what else is known of the post."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.model import Author, Context, Kind, Post
from chalicelib.rulebook.notes import Notes
from chalicelib.rulebook.source import Node, Text
from chalicelib.rulebook.values import flag, number

EXPECTATIONS = ("match", "no match")
PLATFORM = "example"
TEXTS = ("text", "quoted_text", "parent_text", "platform", "language", "account_id", "in_reply_to")


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


def _whole(notes: Notes, node: Node, what: str) -> Any:
    amount = number(notes, node, what)
    return None if amount is None else int(amount)


_POST: dict[str, Reader] = {
    **dict.fromkeys(TEXTS, _text),
    "kind": _kind,
    "rating": number,
    "media": lambda notes, node, what: notes.texts(node, what),
}
_AUTHOR: dict[str, Reader] = {
    "id": _text,
    "handle": _text,
    "name": _text,
    "followers": _whole,
    "verified": flag,
}
CONTEXT = {
    "author is customer": "is_customer",
    "author is employee": "is_employee",
    "author is new": "is_new",
    "case is open": "case_is_open",
}


def examples(notes: Notes, node: Node | None, rule: str) -> tuple[Example, ...]:
    """The examples under a rule."""
    if node is None:
        return ()
    found = (
        _example(notes, item, f"example:{rule}:{index}") for index, item in enumerate(notes.items(node, "'examples'"))
    )
    return tuple(example for example in found if example is not None)


def _example(notes: Notes, node: Node, post_id: str) -> Example | None:
    keys = notes.block(node, "an example", ("post", "expect", "should be"), ("post", "expect"))
    expect = notes.choice(keys.get("expect"), "'expect'", EXPECTATIONS)
    should = notes.choice(keys.get("should be"), "'should be'", EXPECTATIONS)
    if "post" not in keys or expect is None:
        return None
    post, context = _post(notes, keys["post"], post_id)
    shown = post.text if post.text is not None else "a post without text"
    return Example(post, context, expect == "match", None if should is None else should == "match", node.line, shown)


def _post(notes: Notes, node: Node, post_id: str) -> tuple[Post, Context]:
    """An example that does not say its kind is a mention: that is what most of them are."""
    if isinstance(node, Text):
        return Post(id=post_id, platform=PLATFORM, kind=Kind.MENTION, text=node.value), Context()
    keys = notes.block(node, "a post", _names((*_POST, "author", *CONTEXT)))
    author = notes.block(keys["author"], "'author'", tuple(_AUTHOR)) if "author" in keys else {}
    values = {"platform": PLATFORM, "kind": Kind.MENTION} | _read(notes, keys, _POST)
    known: dict[str, Any] = {CONTEXT[name]: flag(notes, keys[name], f"'{name}'") for name in CONTEXT if name in keys}
    return Post(id=post_id, author=Author(**_read(notes, author, _AUTHOR)), **values), Context(**known)


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *(name.replace("_", " ") for name in names))))


def _read(notes: Notes, keys: dict[str, Node], readers: dict[str, Reader]) -> dict[str, Any]:
    """What is written; a key may be written with a space or an underscore."""
    named = {name.replace(" ", "_"): node for name, node in keys.items()}
    values = {name: read(notes, named[name], f"'{name}'") for name, read in readers.items() if name in named}
    return {name: value for name, value in values.items() if value is not None}
