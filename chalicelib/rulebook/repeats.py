"""The block under `repeats`: what is counted, apart by what, how many within which time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.model.usual import HOUR
from chalicelib.model.window import MOST
from chalicelib.rulebook.clock import duration
from chalicelib.rulebook.notes import Notes, nearest
from chalicelib.rulebook.rule import AUTHORS, COUNTS, PERSONS, WORDING, Repeats
from chalicelib.rulebook.source import Node, Text
from chalicelib.rulebook.values import number, plain_length
from chalicelib.rulebook.vocabulary import CATALOGUE, Reads

KEYS = (
    "count", "per", "at least", "within", "then quiet for", "then match for", "or times usual", "or times lately"
)  # fmt: skip
NEEDED = ("at least", "within")
# Fields with few values; `author`, `conversation` and `wording` are the post's own.
_FEW = (word.field for word in CATALOGUE.values() if word.reads in (Reads.CHOICE, Reads.FLAG, Reads.ONE))
PER: tuple[str, ...] = tuple(dict.fromkeys(("topic", "author", "conversation", "rating", WORDING, *_FEW)))
# What no post says by itself, and what to do instead.
_AS_TOPICS = "Name them under 'topics', each with the words people have for it, and count 'per: topic'."
_OURS = "'per: channel' counts apart which of our accounts, pages or locations it was said at."
_INSTEAD = {
    **dict.fromkeys(("product", "products", "brand", "model", "device"), _AS_TOPICS),
    **dict.fromkeys(("place", "places", "city", "town", "region", "country"), _AS_TOPICS),
    **dict.fromkeys(("shop", "store", "branch", "location"), f"{_AS_TOPICS} {_OURS}"),
    **dict.fromkeys(("account", "page", "profile"), _OURS),
}
LONGEST = timedelta(days=30)
MOST_TIMES = 1000
COMPARED = {"usual": "the same hour of other weeks", "lately": "the hours before"}


def repeats(notes: Notes, node: Node | None) -> Repeats | None:
    """What the block says, or None with what is wrong with it noted."""
    if node is None:
        return None
    keys = notes.block(node, "'repeats'", KEYS, NEEDED)
    count = notes.choice(keys.get("count"), "'count'", COUNTS) or AUTHORS
    per = _per(notes, keys.get("per"), count)
    at_least = _at_least(notes, keys.get("at least"))
    within = _length(notes, keys.get("within"), "'within'")
    quiet = _afterwards(notes, keys) or within
    usual = _times(notes, keys.get("or times usual"), "usual", within)
    lately = _times(notes, keys.get("or times lately"), "lately", within)
    if at_least is None or within is None or quiet is None:
        return None
    return Repeats(count, per, at_least, within, quiet, usual, lately, "then match for" in keys)


def _afterwards(notes: Notes, keys: Mapping[str, Node]) -> str | None:
    """How long it is quiet, or goes on matching, once the count is reached."""
    quiet, goes_on = keys.get("then quiet for"), keys.get("then match for")
    if quiet is not None and goes_on is not None:
        notes.tell(goes_on.line, "a rule is quiet after it matched, or goes on matching: write one of the two.")
    return _length(notes, quiet, "'then quiet for'") or _length(notes, goes_on, "'then match for'")


def _per(notes: Notes, node: Node | None, count: str) -> tuple[str, ...]:
    if node is None:
        return ()
    listed = [node] if isinstance(node, Text) else notes.items(node, "'per'")
    found = [_field(notes, item) for item in listed]
    if count == AUTHORS and (who := next((name for name in found if name in PERSONS), None)):
        notes.tell(node.line, f"'per: {who}' has one author in each, so different authors are never two. Count posts.")
    return tuple(dict.fromkeys(name for name in found if name is not None))


def _field(notes: Notes, node: Node) -> str | None:
    name = notes.text(node, "each field of 'per'")
    if name is None or name in PER:
        return name
    instead = _INSTEAD.get(name.casefold())
    hint = (
        f" {instead}"
        if instead
        else nearest(name, PER, listed=False) or f" It can be {', '.join(PER[:-1])} or {PER[-1]}."
    )
    notes.tell(node.line, f"'per' cannot count apart by '{name}'.{hint}")
    return None


def _at_least(notes: Notes, node: Node | None) -> int | None:
    amount = number(notes, node, "'at least'")
    if node is None or amount is None:
        return None
    if amount != int(amount) or not 2 <= amount <= MOST:
        more = " For more, let 'or times usual' decide." if amount > MOST else ""
        notes.tell(node.line, f"'at least' is a whole number from 2 to {MOST}; '{amount:g}' is not.{more}")
        return None
    return int(amount)


def _length(notes: Notes, node: Node | None, what: str) -> str | None:
    length = plain_length(notes, node, what)
    if node is None or length is None:
        return None
    if length > LONGEST:
        notes.tell(node.line, f"{what} is at most {LONGEST.days} days.")
        return None
    return " ".join(node.value.split()) if isinstance(node, Text) else None


def _times(notes: Notes, node: Node | None, which: str, within: str | None) -> float | None:
    what = f"'or times {which}'"
    times = number(notes, node, what)
    if node is None or times is None:
        return None
    if not 1 < times <= MOST_TIMES:
        notes.tell(node.line, f"{what} is a number above 1, like 3, and at most {MOST_TIMES}; '{times:g}' is not.")
    if within is not None and duration(within).length > HOUR:
        notes.tell(node.line, f"{what} compares with {COMPARED[which]}, so 'within' is at most 1 hour.")
    return times
