"""The page of every word that a rule's line can have, made from the catalogue: docs/vocabulary.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.rulebook import example
from chalicelib.rulebook.opening import KEYS
from chalicelib.rulebook.vocabulary import CATALOGUE, CONCLUDED, MOST_DAYS, POSTED, Reads, Word

_HEAD = f"""# The words of rules

Made from the catalogue by `earshot schema --page`; a test holds it to that. How rules are put together is told in
[rules/README.md](../rules/README.md), how a word is added in [adding-a-condition.md](adding-a-condition.md).

A line is a word and a value. It answers *yes*, *no*, or *unknown* where the value is not known. N is a number of days,
1 to {MOST_DAYS}.

¹ tells how loud an author is: it may add people to `tell`, and may not lift anybody's priority (FAIR-1).
² says something of a person.
"""
_SECTIONS: tuple[tuple[str, Sequence[Reads]], ...] = (
    ("Texts", (Reads.WORDS, Reads.COUNTED_WORDS, Reads.PATTERN)),
    ("Names", (Reads.CHOICE, Reads.ONE, Reads.CALENDAR)),
    ("Numbers and lengths of time", (Reads.NUMBER, Reads.DURATION)),
    ("Yes or no", (Reads.FLAG,)),
    ("Whether it is known", (Reads.FIELD,)),
)
_VALUES = """## Values

| value | reads like |
|---|---|
| words | `["refund", "charg*", "money back"]`, the name of a list, or both: `[refund words, "late"]` |
| a number | `3`, `2.5`, `-0.5` |
| a duration | `15 minutes`, `2 hours`, `14 days`; where a reply is due also `2 business hours` |
| yes or no | `yes`, `no`; no other word |
| a date, a time | `"2027-02-01"`, `"2026-11-20 16:30"` (of the file's time zone), `"2026-11-20T05:30:00Z"` |
"""


def page() -> str:
    """The whole page, in Markdown."""
    sections = (_section(title, reads) for title, reads in _SECTIONS)
    return "\n".join([_HEAD, *sections, _VALUES, _examples(), _calendars()])


def _section(title: str, reads: Sequence[Reads]) -> str:
    words = [word for word in CATALOGUE.values() if word.reads in reads]
    return "\n".join([f"## {title}\n", "| line | says yes when |", "|---|---|", *map(_row, words), ""])


def _row(word: Word) -> str:
    marks = ("¹" if word.reach else "") + ("²" if word.personal else "")
    choices = f": {', '.join(word.choices)}" if word.choices else ""
    shown = f"{word.key}: {word.example}".replace("|", "\\|")
    return f"| `{shown}`{' ' * bool(marks)}{marks} | {_said(word)}{choices} |"


def _said(word: Word) -> str:
    if word.test in ("at least", "at most") and word.field != "sentiment":
        return f"{word.help}: this or {'more' if word.test == 'at least' else 'less'}"
    return word.help


def _examples() -> str:
    texts = (name for name in example.TEXTS if name != "text")
    keys = ("text", "kind", "rating", "media", "author", *texts, *example.TIMES)
    own = ("action", "is self", "age", *example.CONTEXT, POSTED)
    return f"""## What an example can say of its post

`post:` is a text, or a block of

- what it is: {_listed(name.replace("_", " ") for name in keys)};
- what is known beside it: {_listed(own)}.

`author` is a block of `id`, `handle`, `name`, `followers` and `verified`. What is not said is not known, but that it is
a mention. {" and ".join(f"`{name}`" for name in CONCLUDED)} are never said: the rule files conclude them.
"""


def _calendars() -> str:
    return f"""## What a calendar can say

A block of {_listed(KEYS)}: at least `days` or `hours`.
"""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
