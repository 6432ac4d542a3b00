"""Rules in plain language: every word of the catalogue is spoken, and a rule reads aloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.model import Outcome, Priority
from chalicelib.rulebook.aftermath import happens, length
from chalicelib.rulebook.calendars import Calendar, Hours, working_week
from chalicelib.rulebook.loader import load
from chalicelib.rulebook.openhours import spoken_calendar
from chalicelib.rulebook.rule import NoReply, Repeats, Rule, Test, Then
from chalicelib.rulebook.spoken import clause, hears
from chalicelib.rulebook.vocabulary import CATALOGUE, Reads, Word
from tests.unit.rulebooks import ESCALATE, line, rule, words

LISTS = {"bait words": tuple(f"bait{n}" for n in range(9)), "few words": ("one", "two")}
KIND_DM = words("dm", field="kind", test="is any of")
FILE = """format: triage/1
owner: {{team: care, contact: care@acme.example}}
calendars: {{office hours: {{days: [monday], hours: ["09:00 to 17:00"]}}}}
topics: {{router: {{any: [{{text has any: ["router"]}}]}}}}
rules:
  - id: asked
    name: Asked
    status: draft
    review by: "2099-01-01"
    why: Because.
    when: {{all: [{{{key}: {value}}}]}}
    then: {{escalate: {{priority: low}}}}
    examples: [{{post: one, expect: match}}, {{post: other, expect: no match}}]
"""


def asked(folder: Path, key: str, value: str) -> Test:
    """The question that this line asks, read from a file as its author would write it."""
    (folder / "asked.rules.yml").write_text(FILE.format(key=key, value=value), encoding="utf-8")
    return load(folder).book.rules[0].lines[0].asks


@pytest.mark.parametrize("known", CATALOGUE.values(), ids=CATALOGUE)
def test_every_word_of_the_catalogue_is_spoken(tmp_path: Path, known: Word) -> None:
    asks = asked(tmp_path, known.key.replace(" N ", " 7 "), known.example)
    said = clause(asks, "it", {})

    assert said
    assert said != clause(replace(asks, values=("other",), number=77.0), "it", {}) or known.test == "is known"
    assert known.reads is Reads.PATTERN or not {"{", "}"} & set(said)


def spoken(*lines: object, **more: object) -> str:
    return hears(rule("r", *lines, **more), LISTS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (spoken(line("all", words("refund"))), 'a post says "refund"'),
        (spoken(line("all", words("double charg*", "late"))), 'a post says "double charg…" or "late"'),
        (
            spoken(line("all", words("a", "b", test="has all")), line("none", words("c"))),
            'a post says "a" and "b", unless it says "c"',
        ),
        (
            spoken(line("all", words("review", "comment", field="kind", test="is any of")), line("all", words("bad"))),
            'a review or comment says "bad"',
        ),
        (
            spoken(line("all", KIND_DM), line("all", Test("rating", "at most", (), 2.0))),
            "a direct message comes in, and the rating is at most 2",
        ),
        (spoken(line("any", words("refund"))), 'a post says "refund"'),
        (
            spoken(line("any", words("refund")), line("any", Test("has link", "is", ("yes",)))),
            'a post comes in, and at least one of these is so: it says "refund", or a link is in the text',
        ),
        (
            spoken(line("all", words(*LISTS["bait words"]))),
            'a post says one of the 9 bait words, like "bait0", "bait1", "bait2"',
        ),
        (
            spoken(line("all", words(*LISTS["bait words"], test="has at least", number=2.0))),
            'a post says at least 2 of the 9 bait words, like "bait0", "bait1", "bait2"',
        ),
        (
            spoken(line("all", words("one", "two", test="has at least", number=2.0))),
            'a post says at least 2 of "one" and "two"',
        ),
        (
            spoken(line("all", words("late", field="quoted text")), line("all", words("we", field="parent text"))),
            'a post comes in, and what it quotes says "late", and what it answers says "we"',
        ),
        (
            spoken(line("all", words("x")), line("none", Test("author is employee", "is", ("no",)))),
            'a post says "x", unless it is not so that the author works here',
        ),
        (
            spoken(line("all", Test("age", "at most", (), 5400.0))),
            "a post comes in, and the age of the post is at most 1 hour and 30 minutes",
        ),
        (spoken(), "a post comes in"),
    ],
)  # fmt: skip
def test_a_rules_lines_read_aloud(made: str, said: str) -> None:
    assert made == said


def test_what_repeats_is_said_with_its_window_and_its_quiet() -> None:
    many = Repeats("different authors", ("topic",), 3, "30 minutes", "2 hours", 3.0)

    assert spoken(line("all", words("smoke")), repeats=many) == (
        'a post says "smoke"; and only when this comes from at least 3 different authors within 30 minutes and 3 times '
        "as many as usual, counted for each topic"
    )
    assert list(happens(rule("r", repeats=many)))[-2:] == [
        "after that it is quiet for 2 hours",
        "meanwhile it is told again as it grows, and all clear when it is over",
    ]
    sudden = Repeats("different authors", (), 4, "5 minutes", "2 hours", times_lately=2)
    assert spoken(line("all", words("smoke")), repeats=sudden).endswith(
        "from at least 4 different authors within 5 minutes and more than chance makes of 2 times as many as lately"
    )


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (ESCALATE, ["escalate it to care, normal priority"]),
        (
            Then(
                Outcome.ESCALATE, priority=Priority.HIGH, team="billing", tell=("press", "brand", "duty"),
                first_reply="2 business hours", no_reply=(NoReply("3 hours", "leads", Priority.URGENT),),
                join_within=timedelta(days=14), keep_for=timedelta(hours=36),
            ),
            [
                "escalate it to billing, high priority",
                "the first reply is due within 2 business hours",
                "without a reply after 3 hours it goes to leads and becomes urgent",
                "press, brand and duty are told",
                "it joins an open case of the same author that is up to 14 days old",
                "it is forgotten after 1 day and 12 hours",
            ],
        ),
        (
            Then(
                Outcome.RECOMMEND, priority=Priority.NORMAL, template="help", team="care", offer="call",
                send="after approval", at_most="1 per author per 7 days", tell=("press",),
            ),
            [
                'recommend the answer "help" to care, with the offer "call"',
                "press is told",
                "it is sent after approval",
                "at most 1 per author per 7 days",
            ],
        ),
        (Then(Outcome.IGNORE, reason="spam"), ['ignore it as "spam"']),
    ],
)  # fmt: skip
def test_what_follows_is_said_decision_first(then: Then, said: list[str]) -> None:
    assert list(happens(rule("r", then=then))) == said


def test_what_it_beats_is_said_last() -> None:
    assert list(happens(rule("r", then=ESCALATE, overrides=("angry", "late"))))[-1] == "it wins over angry and late"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(days=1), "1 day"),
        (timedelta(days=400), "400 days"),
        (timedelta(minutes=90), "1 hour and 30 minutes"),
        (timedelta(seconds=61), "1 minute and 1 second"),
        (timedelta(0), "0 seconds"),
    ],
)
def test_a_length_is_told_in_words(span: timedelta, said: str) -> None:
    assert length(span) == said


def test_the_shipped_rules_read_aloud() -> None:
    rules: dict[str, Rule] = {each.id: each for each in load(Path(__file__).parents[2] / "rules").book.rules}

    assert hears(rules["bad-review"], {}) == "a review comes in, and the rating is at most 2"


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        (working_week("Australia/Sydney"), "Monday to Friday, 09:00 to 17:00, Australia/Sydney"),
        (
            Calendar("shop", "UTC", (0, 5, 6), (Hours(540, 720), Hours(780, 1440)), ("2026-12-25", "2026-12-26")),
            "Monday, Saturday and Sunday, 09:00 to 12:00 and 13:00 to 24:00, UTC; closed on 2026-12-25 and 2026-12-26",
        ),
        (
            Calendar("night", "UTC", (5,), (Hours(1320, 1740),), tuple(f"2026-01-{n:02d}" for n in range(1, 21))),
            "Saturday, 22:00 to 05:00 the next day, UTC; closed on 20 days from 2026-01-01 to 2026-01-20",
        ),
    ],
)
def test_a_calendar_reads_aloud(calendar: Calendar, said: str) -> None:
    assert spoken_calendar(calendar) == said


def test_business_hours_name_the_calendar_that_counts_them() -> None:
    then = replace(ESCALATE, first_reply="2 business hours")

    assert "the first reply is due within 2 business hours (shop)" in happens(rule("r", then=then, calendar="shop"))
    assert "the first reply is due within 2 business hours" in happens(rule("r", then=then))
