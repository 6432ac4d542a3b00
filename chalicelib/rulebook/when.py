"""The lines under `when`: each one question of the catalogue, with its words looked up and its value read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.rulebook.naming import Names, calendar, choices, pattern, words
from chalicelib.rulebook.notes import Notes, nearest
from chalicelib.rulebook.rule import BLOCKS, Line, Test
from chalicelib.rulebook.source import Block, Items, Node, Text
from chalicelib.rulebook.values import flag, number, plain_length
from chalicelib.rulebook.vocabulary import (
    CATALOGUE,
    CONCLUDED,
    KNOWABLE,
    MOST_DAYS,
    Reads,
    Word,
    counted,
    general,
    word_of,
)

_NEGATIONS = frozenset(("not", "no", "none", "never", "without", "isn't", "doesn't"))
_COUNTED = re.compile(r"([0-9]+) of(?: (.+))?")


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and where it stands."""

    line: Line
    at: int


def conditions(notes: Notes, node: Node, what: str, names: Names) -> list[Placed]:
    """The lines of a `when` block."""
    blocks = notes.block(node, what, BLOCKS)
    if isinstance(node, Block) and not node.entries:
        notes.tell(node.line, f"{what} is empty: it needs 'all', 'any' or 'none' with at least one line.")
    return [placed for name in BLOCKS if name in blocks for placed in _block(notes, blocks[name], name, names)]


def _block(notes: Notes, node: Node, block: str, names: Names) -> list[Placed]:
    if isinstance(node, Block):
        notes.tell(node.line, f"'{block}' is a list: start each of its lines with '- '.")
        return []
    lines = (_line(notes, item, block, names) for item in notes.items(node, f"'{block}'"))
    return [line for line in lines if line is not None]


def _line(notes: Notes, node: Node, block: str, names: Names) -> Placed | None:
    entries = notes.entries(node, f"a line of '{block}'")
    if len(entries) != 1:
        if entries:
            notes.tell(node.line, f"one line of '{block}' asks one thing: start '{entries[1][0].value}' with '- ' too.")
        return None
    key, value = entries[0]
    word = word_of(key.value)
    if word is None:
        notes.tell(key.line, _unknown(key.value, block))
        return None
    asks = _READERS[word.reads](notes, word, value, names)
    return Placed(Line(block, f"{key.value}: {_shown(value)}", asks), key.line) if asks else None


def _unknown(key: str, block: str) -> str:
    if key in BLOCKS:
        return f"'{key}' cannot stand inside '{block}': there is one level. Make a topic of it."
    if general(key) in CATALOGUE:
        return f"'{key}' needs a number of days from 1 to {MOST_DAYS}, like 'author's posts in 7 days at least'."
    field = key.removesuffix(" is known")
    if field != key and field in KNOWABLE:
        return f"I don't know the test '{key}'. It reads 'is known: {field}'."
    if not _NEGATIONS.isdisjoint(key.split()):
        return f"I don't know the test '{key}'. There are no negative tests: put what must not be under 'none'."
    return f"I don't know the test '{key}'.{nearest(general(key), CATALOGUE)}"


def _worded(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    found = words(notes, node, f"'{word.key}'", names)
    return Test(word.field, word.test, found) if found else None


def _patterned(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    found = pattern(notes, node, f"'{word.key}'")
    return Test(word.field, word.test, (found,)) if found else None


def _chosen(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    found = choices(notes, word, node, names)
    return Test(word.field, word.test, found) if found else None


def _known(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    if isinstance(node, Text) and node.value in CONCLUDED:
        notes.tell(node.line, f"'{word.key}' cannot ask for '{node.value}': the rule files conclude it.")
        return None
    field = counted(node.value) if isinstance(node, Text) else None
    field = field or notes.choice(node, f"'{word.key}'", KNOWABLE)
    return Test(field, word.test) if field else None


def _single(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    chosen = notes.choice(node, f"'{word.key}'", word.choices)
    return Test(word.field, word.test, (chosen,)) if chosen else None


def _scheduled(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    name = calendar(notes, node, f"'{word.key}'", names)
    return Test(word.field, word.test, (name,)) if name else None


def _flagged(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    answer = flag(notes, node, f"'{word.key}'")
    return None if answer is None else Test(word.field, "is", ("yes" if answer else "no",))


def _timed(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    length = plain_length(notes, node, f"'{word.key}'")
    return None if length is None else Test(word.field, word.test, number=length.total_seconds())


def _measured(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    amount = number(notes, node, f"'{word.key}'", word.bounds)
    return None if amount is None else Test(word.field, word.test, number=amount)


def _counted(notes: Notes, word: Word, node: Node, names: Names) -> Test | None:
    """`2 of refund words`, or `{2 of: [...]}`."""
    listed: Node = node
    written = node.value if isinstance(node, Text) else ""
    if isinstance(node, Block) and len(node.entries) == 1:
        written, listed = node.entries[0][0].value, node.entries[0][1]
    match = _COUNTED.fullmatch(written.strip())
    if match is None or bool(match[2]) == isinstance(node, Block):
        notes.tell(node.line, f'\'{word.key}\' reads like \'2 of refund words\' or {{2 of: ["one", "two", "three"]}}.')
        return None
    found = words(notes, Text(node.line, match[2]) if match[2] else listed, f"'{word.key}'", names)
    needed = int(match[1][:6])
    if found and not 1 <= needed <= len(found):
        notes.tell(node.line, f"'{word.key}' asks for {match[1]} of {len(found)} words; it can be 1 to {len(found)}.")
        return None
    return Test(word.field, word.test, found, float(needed)) if found else None


def _shown(node: Node) -> str:
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Items):
        texts = [
            f'"{item.value}"' if isinstance(item, Text) and not item.plain else _shown(item) for item in node.items
        ]
        return f"[{', '.join(texts)}]"
    return "{" + ", ".join(f"{key.value}: {_shown(value)}" for key, value in node.entries) + "}"


_READERS: dict[Reads, Callable[[Notes, Word, Node, Names], Test | None]] = {
    Reads.WORDS: _worded,
    Reads.COUNTED_WORDS: _counted,
    Reads.PATTERN: _patterned,
    Reads.CHOICE: _chosen,
    Reads.ONE: _single,
    Reads.CALENDAR: _scheduled,
    Reads.FIELD: _known,
    Reads.FLAG: _flagged,
    Reads.DURATION: _timed,
    Reads.NUMBER: _measured,
}
