"""What a reader of rule files notes down while it reads: every problem, with its line, in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from chalicelib.errors import Problem
from chalicelib.rulebook.source import Block, Items, Node, Text

MOST_LISTED = 15
ALL_WORDS = "'earshot schema' shows every word there is."


class Notes:
    """The problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def tell(self, line: int, message: str) -> None:
        """Note one problem."""
        self.problems.append(Problem(self.file, line, message))

    def entries(self, node: Node, what: str) -> list[tuple[Text, Node]]:
        """A block's keys, each once; empty, and noted, where there is no block."""
        if not isinstance(node, Block):
            self.tell(node.line, f"{what} is a block of 'key: value' lines, but here is {_form(node)}.")
            return []
        first: dict[str, int] = {}
        kept = []
        for key, value in node.entries:
            if key.value in first:
                seen = f"first on line {first[key.value]}"
                self.tell(key.line, f"'{key.value}' is written twice in the same block ({seen}). Keep one.")
            else:
                first[key.value] = key.line
                kept.append((key, value))
        return kept

    def block(self, node: Node, what: str, known: Sequence[str], needed: Sequence[str] = ()) -> dict[str, Node]:
        """A block with known keys; unknown and missing ones are noted."""
        entries = self.entries(node, what)
        for key, _ in entries:
            if key.value not in known:
                self.tell(key.line, f"I don't know '{key.value}' in {what}.{nearest(key.value, known)}")
        found = {key.value: value for key, value in entries if key.value in known}
        if isinstance(node, Block):
            missing = [f"'{name}'" for name in needed if name not in found]
            if missing:
                self.tell(node.line, f"{what} has no {either(missing)}.")
        return found

    def items(self, node: Node, what: str) -> list[Node]:
        """A list's items; noted where it is none or empty."""
        if not isinstance(node, Items):
            self.tell(node.line, f"{what} is a list, like [one, two], but here is {_form(node)}.")
            return []
        if not node.items:
            self.tell(node.line, f"{what} is empty. Fill it or leave it out.")
        return node.items

    def text(self, node: Node | None, what: str) -> str | None:
        """A text that is not empty."""
        if node is None:
            return None
        if not isinstance(node, Text):
            self.tell(node.line, f"{what} is a text, but here is {_form(node)}.")
            return None
        if not node.value.strip():
            self.tell(node.line, f"{what} has no value. Write one or leave it out.")
            return None
        return node.value.strip()

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A list of texts."""
        if node is None:
            return ()
        found = (self.text(item, f"each item of {what}") for item in self.items(node, what))
        return tuple(text for text in found if text is not None)

    def choice(self, node: Node | None, what: str, choices: Sequence[str]) -> str | None:
        """One of few words."""
        word = self.text(node, what)
        if node is None or word is None or word in choices:
            return word
        expected = either(choices) if len(choices) <= MOST_LISTED else "a field of the catalogue"
        self.tell(node.line, f"{what} must be {expected}; '{word}' is not.{nearest(word, choices, listed=False)}")
        return None


# What people write who come from other tools, and what it is called here.
_MEANT = {
    "and": ("all",),
    "or": ("any",),
    "not": ("none",),
    "unless": ("none",),
    "except": ("none",),
    "if": ("when",),
    "condition": ("when",),
    "conditions": ("when",),
    "description": ("why",),
    "because": ("why", "reason"),
    "severity": ("priority",),
    "assign": ("team",),
    "assignee": ("team",),
    "notify": ("tell",),
    "watchers": ("tell",),
    "sla": ("first reply within",),
    "tests": ("examples",),
    "action": ("then",),
    "actions": ("then",),
}


def nearest(word: str, known: Collection[str], listed: bool = True) -> str:
    """` Did you mean ...?`, or the words there are."""
    import difflib  # only wrong words need it, and every run of `earshot check` would pay for it

    if (meant := next((name for name in _MEANT.get(word.casefold(), ()) if name in known), None)) is not None:
        return f" Did you mean '{meant}'?"
    lower = {item.casefold(): item for item in sorted(known)}
    close = difflib.get_close_matches(word.casefold(), list(lower), n=1, cutoff=0.6) or _sharing(word.casefold(), lower)
    if close:
        return f" Did you mean '{lower[close[0]]}'?"
    if not listed or not known:
        return ""
    return f" Known here: {', '.join(sorted(known))}." if len(known) <= MOST_LISTED else f" {ALL_WORDS}"


def _sharing(word: str, known: Collection[str]) -> list[str]:
    """Known words that lie whole within a wrong one: `why` in `reason why`."""
    return [item for item in known if set(item.split()) <= set(word.split())][:1]


def either(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _form(node: Node) -> str:
    if isinstance(node, Text):
        return f"the text '{_short(node.value)}'" if node.value else "nothing"
    return "a list" if isinstance(node, Items) else "a block"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
