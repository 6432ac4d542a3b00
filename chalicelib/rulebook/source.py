"""A rule file's text as a tree in which every scalar is text and everything knows its line. PyYAML's events, no more.

Building the tree here, not by PyYAML's constructors, keeps what a rule author must be told about: keys written twice,
where each word stands, and `no` as the word that was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from chalicelib.errors import Problem

DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar. `plain`: written without quotes."""

    line: int
    value: str
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Block:
    """Keys and what they hold, in the order written."""

    line: int
    entries: list[tuple[Text, Node]] = field(default_factory=list)


Node = Text | Items | Block


def tree(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """The file's tree, or None with the problems that keep it from being read."""
    try:
        return _Builder(file).build(yaml.parse(text, yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, [Problem(file, mark.line + 1 if mark else 1, _plain_words(error.problem or ""))]
    except yaml.YAMLError:
        return None, [Problem(file, 1, "there is a character in this file that cannot be read; save it as UTF-8 text.")]


def _plain_words(problem: str) -> str:
    """What PyYAML's commonest complaints mean to somebody who does not know YAML."""
    meant = (meaning for complaint, meaning in _MEANINGS.items() if complaint in problem)
    return next(meant, f"this line cannot be read as YAML ({problem}).")


_COLON = "there is a second colon on this line, or the line above is not finished. Put quotes around the text."
_SIGN = 'words that start with a sign such as @, % or ` need quotes, like "@acme".'
_BRACKET = "a bracket is not closed, or a comma or quote is missing, on this line or above it."
_QUOTE = "a quote or bracket is opened above and never closed."
_INDENT = "the indentation does not fit the lines above. Items of one list must start in the same column."
_MEANINGS = {
    "mapping values are not allowed": _COLON,
    "cannot start any token": _SIGN,
    "expected ',' or": _BRACKET,
    "end of stream": _QUOTE,
    "expected <block end>": _INDENT,
    "did not find expected key": _INDENT,
    "did not find expected '-'": _INDENT,
    "could not find expected ':'": "a colon is missing on this line or the one above.",
}


class _Refused(Exception):
    """A construct that rule files do not have; carries its Problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Builder:
    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[Items | Block] = []
        self._keys: list[Text | None] = []
        self._root: Node | None = None

    def build(self, events: Iterable[Any]) -> tuple[Node | None, list[Problem]]:
        try:
            for event in events:
                self._take(event)
        except _Refused as refused:
            return None, [refused.problem]
        return self._root, []

    def _take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse(line, "'&' and '*' references are not used in rule files; put the words into 'lists'.")
        if getattr(event, "tag", None):
            self._refuse(line, "words that start with ! need quotes.")
        if isinstance(event, yaml.ScalarEvent):
            self._place(Text(line, event.value, event.style is None or not event.style.strip("|>")))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._enter(Items(line))
        elif isinstance(event, yaml.MappingStartEvent):
            self._enter(Block(line))
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self._root is not None:
            self._refuse(line, "'---' starts a second document; keep one set of rules in a file.")

    def _enter(self, node: Items | Block) -> None:
        self._place(node)
        self._open.append(node)
        self._keys.append(None)
        if len(self._open) > DEEPEST:
            self._refuse(node.line, "blocks are nested too deeply here.")

    def _place(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        inside = self._open[-1]
        if isinstance(inside, Items):
            inside.items.append(node)
        elif (key := self._keys[-1]) is not None:
            inside.entries.append((key, node))
            self._keys[-1] = None
        elif isinstance(node, Text):
            self._keys[-1] = node
        else:
            self._refuse(node.line, "a word is expected before the colon here, not a list or block.")

    def _refuse(self, line: int, message: str) -> None:
        raise _Refused(Problem(self._file, line, message))
