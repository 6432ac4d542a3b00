"""One small change to a post, or to what is known beside it, that a person could name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.model import Context, Post


@dataclass(frozen=True, slots=True)
class Sample:
    """A post and what is known beside it."""

    post: Post
    context: Context


@dataclass(frozen=True, slots=True)
class Edit:
    """`says` is an order to whoever writes the post; `cost` is how many words or fields it changes.

    `is_last`: it changes the text as a whole, so it reads best after words were added and dropped.
    """

    says: str
    cost: int
    apply: Callable[[Sample], Sample]
    is_last: bool = False
