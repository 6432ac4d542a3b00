"""What a delivery holds beside posts: counted by the platform's own name for it, never by what stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.platforms.foreign import Foreign

UNNAMED = "unnamed"
# Where platforms write what an item is; most telling first.
NAMED_BY: tuple[str, ...] = ("event_type", "eventName", "event", "subtype", "type", "action", "field", "item", "data")
NAMED_BY += ("object", "commit", "collection", "kind")
# As platforms name types: a single word, which no sentence of a person is.
NAME = re.compile(r"[A-Za-z][\w.:-]{0,47}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that is no post; `kind` is the platform's name for it, or `unnamed`."""

    kind: str = UNNAMED

    @classmethod
    def named(cls, *parts: str | None) -> Skipped:
        """One by the names that the platform gives it, such as `feed.reaction.add`."""
        name = ".".join(part for part in parts if part)
        return cls(name if NAME.fullmatch(name) else UNNAMED)

    @classmethod
    def of(cls, item: Foreign) -> Skipped:
        """One by the first member that tells what it is."""
        return cls(_name(item) or UNNAMED)


def _name(item: Foreign, deep: bool = True) -> str | None:
    members = item.value if isinstance(item.value, dict) else {}
    for member in NAMED_BY:
        value = members.get(member)
        if isinstance(value, str) and NAME.fullmatch(value):
            return value
        if deep and isinstance(value, dict) and (name := _name(Foreign(value), deep=False)):
            return name
    return None
