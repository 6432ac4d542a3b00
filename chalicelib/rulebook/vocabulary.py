"""The one catalogue of what a rule's line can ask: field and test. Loader, schema, messages and docs are made from it.

A field's name is the key of its value in `Facts.values`. A new row is a new word of the language, once `reading` knows
its value (docs/adding-a-condition.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.model import Kind


class Reads(StrEnum):
    """How the value after a line's colon is read."""

    WORDS = "words"
    COUNTED_WORDS = "N of words"
    PATTERN = "pattern"
    CHOICE = "choice"
    NUMBER = "number"
    DURATION = "duration"
    FLAG = "yes or no"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Word:
    """One key that may open a line. `reach`: it tells how loud an author is, which may not lift priority (FAIR-1).

    `personal`: its value says something of a person; `earshot book` lists the rules that read it.
    """

    field: str
    test: str
    reads: Reads
    help: str
    choices: tuple[str, ...] = ()
    reach: bool = False
    personal: bool = False

    @property
    def key(self) -> str:
        """The words before the colon."""
        return self.test if self.test == "is known" else f"{self.field} {self.test}".strip()


_TEXTS = {
    "text": "the author's own words",
    "quoted text": "what the post quotes",
    "parent text": "what the post answers",
}
_TEXT_TESTS = (
    ("has any", Reads.WORDS, "holds at least one of the words"),
    ("has all", Reads.WORDS, "holds every one of the words"),
    ("has at least", Reads.COUNTED_WORDS, "holds that many of the words: '2 of refund words' or {2 of: [...]}"),
    ("matches pattern", Reads.PATTERN, "holds the regular expression (RE2), case-insensitive unless it says (?-i)"),
)
_CHOICES = (
    ("kind", "the sort of post", tuple(kind.value for kind in Kind)),
    ("platform", "where it was posted", ()),
    ("channel", "our account that heard it", ()),
    ("language", "the language the platform names, like en or de", ()),
    ("topic", "a topic of the rule files", ()),
    ("handle", "the author's handle", ()),
)
_NUMBERS = (
    ("rating", Reads.NUMBER, "the stars of a review", False),
    ("word count", Reads.NUMBER, "how many words the author wrote", False),
    ("age", Reads.DURATION, "how long ago it was posted", False),
    ("author followers", Reads.NUMBER, "how many follow the author", True),
)
_FLAGS = (
    ("asks a question", "the post asks something", False),
    ("mentions us", "a handle of ours is in the text", False),
    ("in reply to us", "it answers something of ours", False),
    ("has media", "a picture or video comes with it", False),
    ("has link", "a link is in the text", False),
    ("shouts", "most letters are capitals", False),
    ("author is customer", "the author is linked to a customer", False),
    ("author is employee", "the author works here", False),
    ("author is verified", "the platform marks the author as verified", True),
    ("author is new", "the author is new to us", False),
    ("case is open", "the author has an open case", False),
)
# What a person wrote, who they are, and what we know of them.
_ABOUT = (
    "language", "handle", "author followers", "author is customer", "author is employee", "author is verified",
    "author is new", "case is open",
)  # fmt: skip
_PERSONAL = frozenset((*_TEXTS, *_ABOUT))


def _catalogue() -> tuple[Word, ...]:
    texts = [
        Word(name, test, reads, f"{what} {does}") for name, what in _TEXTS.items() for test, reads, does in _TEXT_TESTS
    ]
    choices = [Word(name, "is any of", Reads.CHOICE, what, allowed) for name, what, allowed in _CHOICES]
    numbers = [
        Word(name, test, reads, what, reach=reach)
        for name, reads, what, reach in _NUMBERS
        for test in ("at least", "at most")
    ]
    flags = [Word(name, "", Reads.FLAG, what, reach=reach) for name, what, reach in _FLAGS]
    known = Word("", "is known", Reads.FIELD, "whether the field has a value")
    words = (*texts, *choices, *numbers, *flags, known)
    return tuple(replace(word, personal=word.field in _PERSONAL) for word in words)


CATALOGUE: dict[str, Word] = {word.key: word for word in _catalogue()}
FIELDS: tuple[str, ...] = tuple(dict.fromkeys(word.field for word in CATALOGUE.values() if word.field))
# A topic is concluded, not known or unknown by itself.
KNOWABLE: tuple[str, ...] = tuple(field for field in FIELDS if field != "topic")
REACH: frozenset[str] = frozenset(word.field for word in CATALOGUE.values() if word.reach)
PERSONAL: frozenset[str] = frozenset(word.field for word in CATALOGUE.values() if word.personal)
TEXT_FIELDS: tuple[str, ...] = tuple(_TEXTS)
