"""The words, names and patterns that lines compare with: written out, or by the name of a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.rulebook.calendars import Calendar
from chalicelib.rulebook.notes import Notes, nearest
from chalicelib.rulebook.source import Node, Text
from chalicelib.rulebook.vocabulary import Word
from chalicelib.words import phrase

LONGEST_PATTERN = 300
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Names:
    """What lines may refer to: word lists, topics and calendars, of all files."""

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)


def words(notes: Notes, node: Node, what: str, names: Names) -> tuple[str, ...]:
    """Words to look for: a list's name, or words, among which an unquoted one may be a list's name."""
    if isinstance(node, Text):
        return _listed(notes, node, what, names)
    found: list[str] = []
    for item in notes.items(node, what):
        if isinstance(item, Text) and item.plain and item.value in names.lists:
            found += names.lists[item.value]
        else:
            found += searchable(notes, item, what)
    return _once(found)


def _listed(notes: Notes, node: Text, what: str, names: Names) -> tuple[str, ...]:
    if node.value in names.lists:
        return names.lists[node.value]
    if not node.value.strip():
        notes.tell(node.line, f"{what} has no words. Give it a list's name or words in brackets.")
        return ()
    close = nearest(node.value, names.lists, listed=False)
    hint = f' A word of its own goes in brackets: ["{node.value}"].'
    notes.tell(node.line, f"I don't know the list '{node.value}'.{close or hint}")
    return ()


def searchable(notes: Notes, node: Node, what: str) -> tuple[str, ...]:
    """One word or phrase, if a text could hold it."""
    word = notes.text(node, f"each word of {what}")
    if word is None:
        return ()
    problem = _unsearchable(word)
    if problem:
        notes.tell(node.line, f"'{word}' {problem}")
        return ()
    return (" ".join(word.split()),)


def _unsearchable(word: str) -> str:
    if any("*" in part.rstrip("*") or part.endswith("**") for part in word.split()):
        return "has a * that is not at the end of a word. 'charg*' finds charge, charged, charging."
    if any(part.endswith("*") and len(part.lstrip("#@")) < 3 for part in word.split()):
        return "would find almost every text. Put at least two letters before the *."
    if not phrase(word):
        return "can never be found: it has no letter, digit or emoji, or it is a link (ask 'has link', or a pattern)."
    return ""


def choices(notes: Notes, word: Word, node: Node, names: Names) -> tuple[str, ...]:
    """Names to compare with: of the field's own choices where it has some, of the topics, or any."""
    what = f"'{word.key}'"
    if isinstance(node, Text) and node.value not in names.lists:
        notes.tell(node.line, f"{what} takes a list in brackets, like [{node.value or 'one'}].")
        return ()
    known = tuple(sorted(names.topics)) if word.field == "topic" else word.choices
    found: list[str] = []
    for item in [node] if isinstance(node, Text) else notes.items(node, what):
        if isinstance(item, Text) and item.plain and item.value in names.lists and item.value not in known:
            written = names.lists[item.value]
        else:
            written = tuple(filter(None, [notes.text(item, f"each item of {what}")]))
        found += [name for name in written if _is_name(notes, item.line, word, name, known)]
    return _once(found)


def calendar(notes: Notes, node: Node, what: str, names: Names) -> str | None:
    """The name of a calendar of any file."""
    name = notes.text(node, what)
    if name is None or name in names.calendars:
        return name
    hint = nearest(name, names.calendars) or " There are none yet; write one under 'calendars'."
    notes.tell(node.line, f"I don't know the calendar '{name}'.{hint}")
    return None


def _is_name(notes: Notes, line: int, word: Word, name: str, known: tuple[str, ...]) -> bool:
    """Whether the field can have this value; told where it cannot."""
    if word.field == "topic" and not known:
        notes.tell(line, f"I don't know the topic '{name}': there are no topics yet.")
    elif known and name not in known:
        notes.tell(line, f"'{word.key}' does not know '{name}'.{nearest(name, known)}")
    elif word.field == "language" and not _LANGUAGE.fullmatch(name):
        notes.tell(line, f"'{word.key}' takes languages as platforms name them, like en, de or pt-br; '{name}' is not.")
    else:
        return True
    return False


def pattern(notes: Notes, node: Node, what: str) -> str | None:
    """A regular expression of RE2, which takes time in proportion to the text (github.com/google/re2/wiki/Syntax)."""
    import re2  # few rules have patterns

    written = notes.text(node, what)
    if written is not None and len(written) > LONGEST_PATTERN:
        notes.tell(node.line, f"{what} is {len(written)} signs long; at most {LONGEST_PATTERN}.")
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(written or "", options)
    except re2.error as error:
        notes.tell(node.line, f"{what} is not a pattern that RE2 knows: {_said(error)}.")
        return None
    return written


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _once(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
