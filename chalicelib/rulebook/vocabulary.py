"""The one catalogue of what a rule's line can ask: field and test. Loader, schema, messages and docs are made from it.

A field's name is the key of its value in `Facts.values`. A new row is a new word of the language, once `reading` knows
its value (docs/adding-a-condition.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

from chalicelib.model import Kind


class Reads(StrEnum):
    """How the value after a line's colon is read."""

    WORDS = "words in brackets, or the name of a list"
    COUNTED_WORDS = "a number of words"
    PATTERN = "a regular expression (RE2)"
    CHOICE = "names in brackets"
    ONE = "one of its words"
    NUMBER = "a number in digits"
    DURATION = "a duration in words"
    FLAG = "yes or no"
    CALENDAR = "the name of a calendar"
    FIELD = "the name of a field"


@dataclass(frozen=True, slots=True)
class Word:
    """One key that may open a line. `reach`: it tells how loud an author is, which may not lift priority (FAIR-1).

    `personal`: its value says something of a person; `earshot book` lists the rules that read it. `bounds`: the least
    and the most that its number can be. `example`: a value as rule authors write it.
    """

    field: str
    test: str
    reads: Reads
    help: str
    example: str
    choices: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None
    reach: bool = False
    personal: bool = False

    @property
    def key(self) -> str:
        """The words before the colon; N stands for a number that rule authors write."""
        return self.test if self.test == "is known" else f"{self.field} {self.test}".strip()


POSTED = "author's posts in N days"
MOST_DAYS = 90
_TEXTS = {
    "text": "the author's own words",
    "quoted text": "what the post quotes",
    "parent text": "what the post answers",
}
_TEXT_TESTS = (
    ("has any", Reads.WORDS, "at least one of the words is in {}", '["refund", "charg*"]'),
    ("has all", Reads.WORDS, "every one of the words is in {}", '["refund", "again"]'),
    ("has at least", Reads.COUNTED_WORDS, "that many of the words are in {}", '{2 of: ["refund", "late", "again"]}'),
    ("matches pattern", Reads.PATTERN, "the pattern is in {}; capitals do not matter, after (?-i) they do",
     r"'order [0-9]{6}\b'"),
)  # fmt: skip
_CHOICES = (
    ("kind", "what sort of post it is", "[review, comment]", tuple(kind.value for kind in Kind)),
    ("platform", "where it was posted", "[facebook, x]", ()),
    ("channel", "the account of ours that heard it", '["acme-au"]', ()),
    ("language", "the language the platform names, or its dialect", "[en, pt-br]", ()),
    ("topic", "a topic of the rule files", "[router]", ()),
    ("handle", "who wrote it", '["@acme_news"]', ()),
)
_NUMBERS = (
    ("rating", Reads.NUMBER, "the stars of a review", "2", (0, 100)),
    ("word count", Reads.NUMBER, "how many words the author wrote", "5", (0, inf)),
    ("age", Reads.DURATION, "how long ago it was posted", "2 hours", None),
    ("thread depth", Reads.NUMBER, "how many posts it is below the first of its thread, which is 0", "1", (0, inf)),
    ("complaint", Reads.NUMBER, "how much it sounds like a complaint, 0 (not at all) to 1 (surely)", "0.5", (0, 1)),
    ("conversation sentiment", Reads.NUMBER,
     "how the author sounded in this conversation in 30 days, with this post, -1 (bad) to 1 (good)", "-0.3", (-1, 1)),
    ("author followers", Reads.NUMBER, "how many follow the author", "50000", (0, inf)),
    (POSTED, Reads.NUMBER, f"how many posts of the author we heard in N days (1 to {MOST_DAYS}), with this one", "5",
     (0, 200)),
)  # fmt: skip
_FLAGS = (
    ("asks a question", "the post asks something"),
    ("mentions us", "a handle of ours is in the text"),
    ("speaks to another", "the text begins with a handle that is none of ours"),
    ("names a help desk", "a handle in the text is called like a firm's help desk: support, help, care, service"),
    ("in reply to us", "it answers something of ours"),
    ("has media", "a picture or video comes with it"),
    ("has link", "a link is in the text"),
    ("shouts", "most letters are capitals"),
    ("complains", "the text is a complaint, and surely so"),
    ("thanks", "the author thanks somebody"),
    ("asks for a person", "the author wants to speak to somebody"),
    ("wants to buy", "the author wants to buy something"),
    ("looks like spam", "it looks like advertising or begging"),
    ("reports danger", "somebody or something is in danger: fire, shock, injury, poison"),
    ("mentions the law", "courts, lawyers, authorities or rights are spoken of"),
    ("is from the press", "a journalist asks for something"),
    ("vulnerable person", "somebody old, ill, disabled or in mourning is spoken of"),
    ("self-harm", "somebody may want to harm themselves"),
    ("personal number", "a payment card, a bank account or a telephone number is in the text"),
    ("author is customer", "the author is linked to a customer"),
    ("author is employee", "the author works here"),
    ("author is verified", "the platform marks the author as verified"),
    ("author is new", "the author is new to us"),
    ("case is open", "the author has an open case"),
)
_OTHERS = (
    Word("sentiment", "is", Reads.ONE, "how the text sounds", "negative", ("negative", "neutral", "positive")),
    Word("sentiment", "at most", Reads.NUMBER, "how the text sounds, -1 (bad) to 1 (good)", "-0.5", bounds=(-1, 1)),
    Word("time", "is within", Reads.CALENDAR, "it was posted while the calendar is open", "office hours"),
    Word("", "is known", Reads.FIELD, "the field has a value", "rating"),
)
REACH = frozenset(("author followers", "author is verified", POSTED))
# What `reading` makes of the words; where it is not sure, it is unknown.
HEARD = (
    "complaint", "complains", "thanks", "asks for a person", "wants to buy", "looks like spam", "reports danger",
    "mentions the law", "is from the press", "vulnerable person", "self-harm", "personal number",
)  # fmt: skip
# What a person wrote, who they are, and what we know of them.
_ABOUT = (
    *HEARD, "language", "handle", "sentiment", "conversation sentiment", "author followers", "author is customer",
    "author is employee",
    "author is verified", "author is new", "case is open", POSTED,
)  # fmt: skip
PERSONAL = frozenset((*_TEXTS, *_ABOUT))


def _catalogue() -> tuple[Word, ...]:
    texts = (
        Word(name, test, reads, does.format(what), example)
        for name, what in _TEXTS.items()
        for test, reads, does, example in _TEXT_TESTS
    )
    choices = (Word(name, "is any of", Reads.CHOICE, what, shown, known) for name, what, shown, known in _CHOICES)
    numbers = (
        Word(name, test, reads, what, shown, bounds=bounds)
        for name, reads, what, shown, bounds in _NUMBERS
        for test in ("at least", "at most")
    )
    flags = (Word(name, "", Reads.FLAG, what, "yes") for name, what in _FLAGS)
    words = (*texts, *choices, *numbers, *flags, *_OTHERS)
    return tuple(replace(word, reach=word.field in REACH, personal=word.field in PERSONAL) for word in words)


CATALOGUE: dict[str, Word] = {word.key: word for word in _catalogue()}
FIELDS: tuple[str, ...] = tuple(dict.fromkeys(word.field for word in CATALOGUE.values() if word.field))
# What the rule files themselves conclude from other fields is not known or unknown by itself.
CONCLUDED = ("topic", "time")
KNOWABLE: tuple[str, ...] = tuple(field for field in FIELDS if field not in (*CONCLUDED, POSTED))
TEXT_FIELDS: tuple[str, ...] = tuple(_TEXTS)
MEANING: dict[str, str] = {word.field: word.help for word in CATALOGUE.values() if word.field} | _TEXTS
_DAYS = re.compile(r"(?<=^author's posts in )([1-9][0-9]{0,2}) days?(?= |$)")


def word_of(key: str) -> Word | None:
    """The row that a line's key names, its N filled in: `author's posts in 7 days at least`."""
    word = CATALOGUE.get(general(key))
    if word is None or word.field != POSTED:
        return word
    field = counted(key)
    return None if field is None else replace(word, field=field)


def general(name: str) -> str:
    """The key or field as the catalogue has it, numbers by N."""
    return _DAYS.sub("N days", name.replace("\u2019", "'"))


def posted_days(name: str) -> int | None:
    """How many days a key or field that counts an author's posts looks back; None for every other."""
    found = _DAYS.search(name.replace("\u2019", "'"))
    return int(found[1]) if found and int(found[1]) <= MOST_DAYS else None


def counted(name: str) -> str | None:
    """The field of that many days, as `Facts.values` has it; None where the name counts no posts."""
    days = posted_days(name)
    return None if days is None else POSTED.replace("N", str(days))


def tells_reach(field: str) -> bool:
    """Whether the field tells how loud an author is."""
    return general(field) in REACH


def is_personal(field: str) -> bool:
    """Whether the field's value says something of a person."""
    return general(field) in PERSONAL
