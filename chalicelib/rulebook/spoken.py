"""A rule as one says it to a colleague: what it hears, unless what, and what then happens.

Made from the catalogue: a new word of the language is spoken by its row (its field, its test, its help).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from chalicelib.rulebook.aftermath import length, together
from chalicelib.rulebook.notes import either
from chalicelib.rulebook.rule import Line, Repeats, Rule, Test, Unheard
from chalicelib.rulebook.vocabulary import CATALOGUE, TEXT_FIELDS, Reads, general, posted_days

MOST_SPELLED = 8
Lists = Mapping[str, tuple[str, ...]]
_READS = {(word.field, word.test): word.reads for word in CATALOGUE.values()}
_HELP = {word.field: word.help for word in CATALOGUE.values() if word.reads is Reads.FLAG}
_WHOSE = {"text": "{it}", "quoted text": "what {it} quotes", "parent text": "what {it} answers"}
_KINDS = {"dm": "direct message", "postback": "pressed button"}
_CHOSEN = {
    "kind": "{it} is a {names}",
    "platform": "{it} was posted on {names}",
    "channel": "our account {names} heard it",
    "language": "{it} is written in {names}",
    "topic": "{it} is about {names}",
    "handle": "{names} wrote {it}",
    "sentiment": "{it} sounds {names}",
    "time": "{it} was posted during {names}",
}
_MEASURED = {
    "rating": "the rating",
    "word count": "the number of words",
    "age": "the age of the post",
    "thread depth": "the depth in its thread",
    "author followers": "the number of followers",
    "complaint": "how much it sounds like a complaint (0 to 1)",
    "sentiment": "the sentiment (-1 bad, 1 good)",
    "conversation sentiment": "the sentiment over the conversation (-1 bad, 1 good)",
}


def hears(rule: Rule, lists: Lists) -> str:
    """`a comment or review says "refund", unless it says "tax refund"`."""
    if rule.unheard:
        return _unheard(rule.unheard)
    return spoken_lines(rule.lines, lists) + (_repeated(rule.repeats) if rule.repeats else "")


def _unheard(unheard: Unheard) -> str:
    while_open = f", counted during {unheard.calendar}" if unheard.calendar else ""
    return f"no post comes from {either(unheard.of)} for {unheard.length}{while_open}"


def spoken_lines(lines: Sequence[Line], lists: Lists) -> str:
    """The three blocks of a rule or a topic as one clause."""
    blocks = {name: [line.asks for line in lines if line.block == name] for name in ("all", "any", "none")}
    some = blocks["any"]
    said = _opening([*blocks["all"], *some] if len(some) == 1 else blocks["all"], lists)
    if len(some) > 1:
        said += ", and at least one of these is so: " + ", or ".join(clause(asks, "it", lists) for asks in some)
    if blocks["none"]:
        said += ", unless " + ", or ".join(clause(asks, "it", lists) for asks in blocks["none"])
    return said


def clause(asks: Test, it: str, lists: Lists) -> str:
    """One line's question, answered with yes."""
    reads = _READS.get((general(asks.field), asks.test)) or (Reads.FLAG if asks.test == "is" else None)
    speak = _SPEAKERS.get(reads) if reads else None
    return speak(asks, it, lists) if speak else f"the {asks.field} is known"


def _opening(asked: Sequence[Test], lists: Lists) -> str:
    """Kinds are the subject, and what is said comes first."""
    kinds = next((test.values for test in asked if test.field == "kind" and test.test == "is any of"), ())
    names = [_KINDS.get(kind, kind) for kind in kinds] or ["post"]
    subject = f"{_article(names[0])} {either(names)}"
    rest = [test for test in asked if not (test.field == "kind" and test.values == kinds)]
    rest.sort(key=lambda test: test.field not in TEXT_FIELDS)
    leads = bool(rest) and rest[0].field == "text"
    clauses = [clause(test, subject if leads and not n else "it", lists) for n, test in enumerate(rest)]
    return ", and ".join(clauses if leads else [f"{subject} comes in", *clauses])


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def _said(asks: Test, it: str, lists: Lists) -> str:
    return f"{_whose(asks, it)} says {listed(asks.values, lists, 'all' if asks.test == 'has all' else 'one')}"


def _counted(asks: Test, it: str, lists: Lists) -> str:
    return f"{_whose(asks, it)} says {listed(asks.values, lists, f'at least {asks.number or 1:g}')}"


def _patterned(asks: Test, it: str, lists: Lists) -> str:
    return f"{_whose(asks, it)} matches the pattern {asks.values[0]}"


def _whose(asks: Test, it: str) -> str:
    return _WHOSE.get(asks.field, f"the {asks.field}").format(it=it)


def _chosen(asks: Test, it: str, lists: Lists) -> str:
    names = either([_KINDS.get(name, name) for name in asks.values])
    return _CHOSEN.get(asks.field, f"the {asks.field} is {{names}}").format(it=it, names=names)


def _measured(asks: Test, it: str, lists: Lists) -> str:
    days = posted_days(asks.field)
    posted = f"the number of posts of its author in {days} days"
    what = posted if days else _MEASURED.get(asks.field, f"the {asks.field}")
    return f"{what} is {asks.test} {asks.number or 0:g}"


def _timed(asks: Test, it: str, lists: Lists) -> str:
    what = _MEASURED.get(asks.field, f"the {asks.field}")
    return f"{what} is {asks.test} {length(timedelta(seconds=asks.number or 0))}"


def _flagged(asks: Test, it: str, lists: Lists) -> str:
    told = _HELP.get(asks.field, f"'{asks.field}' is so")
    return told if asks.values == ("yes",) else f"it is not so that {told}"


_SPEAKERS: dict[Reads, Callable[[Test, str, Lists], str]] = {
    Reads.WORDS: _said,
    Reads.COUNTED_WORDS: _counted,
    Reads.PATTERN: _patterned,
    Reads.CHOICE: _chosen,
    Reads.ONE: _chosen,
    Reads.CALENDAR: _chosen,
    Reads.NUMBER: _measured,
    Reads.DURATION: _timed,
    Reads.FLAG: _flagged,
}


def listed(words: Sequence[str], lists: Lists, how_many: str) -> str:
    """Words in quotes; a long list by its name, since the book spells it out once. `how_many`: one, all, at least 2."""
    name = next((name for name, of in lists.items() if of == tuple(words)), None)
    quoted = [f'"{spelled(word)}"' for word in words]
    if name and len(words) > MOST_SPELLED:
        return f"{how_many} of the {len(words)} {name}, like {', '.join(quoted[:3])}"
    if how_many == "one":
        return either(quoted)
    return together(quoted) if how_many == "all" else f"{how_many} of {together(quoted)}"


def spelled(word: str) -> str:
    """A word as people read it: `charg…` for any word that starts so."""
    return word.replace("*", "…")


def _repeated(repeats: Repeats) -> str:
    per = f", counted for each {together(repeats.per)}" if repeats.per else ""
    usual = f" and {repeats.times_usual:g} times as many as usual" if repeats.times_usual else ""
    if repeats.times_lately:
        usual += f" and more than chance makes of {repeats.times_lately:g} times as many as lately"
    many = f"at least {repeats.at_least} {repeats.count}"
    return f"; and only when this comes from {many} within {repeats.within}{usual}{per}"
