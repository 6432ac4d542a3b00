"""A rule's example as the rule book tells it: the text, and in brackets what else is known of the post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.codec import to_json
from chalicelib.model import Kind
from chalicelib.rulebook.example import PLATFORM, Example

TAKEN_FOR_GRANTED = {("platform", PLATFORM), ("kind", Kind.MENTION.value), ("action", "create")}
NOT_TOLD = frozenset({"id", "text"})


@dataclass(frozen=True, slots=True)
class Said:
    """An example, and whether it is known to come out wrong."""

    text: str
    matches: bool
    is_mistake: bool


def said(example: Example) -> Said:
    """`Meh (kind review, rating 2)`."""
    told = ", ".join(dict.fromkeys(_known(example)))
    return Said(example.shown + (f" ({told})" if told else ""), example.expected, example.is_known_mistake)


def _known(example: Example) -> Iterator[str]:
    post = to_json(example.post)
    author = {f"author {name}": value for name, value in post.pop("author", {}).items()}
    for name, value in {**post, **author, **to_json(example.context)}.items():
        if name not in NOT_TOLD and not isinstance(value, dict | list) and (name, value) not in TAKEN_FOR_GRANTED:
            yield f"{name.replace('_', ' ')} {_shown(value)}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
