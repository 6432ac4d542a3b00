"""`earshot book`: who answers for which rule, what it reads of a person, and where teams meet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chalicelib.cli.book_chapters import Contents, contents
from chalicelib.cli.book_markdown import markdown, plain
from chalicelib.cli.book_words import left_out, met, reviews
from chalicelib.cli.main import main
from chalicelib.rulebook.loader import load
from tests.unit.test_cli_pages import Page, assert_readable_without_plots, assert_self_contained

SHIPPED = Path(__file__).parents[2] / "rules"
TODAY = date(2026, 11, 22)
BILLING = """format: triage/1
owner: {team: billing, contact: billing@acme.example}
lists:
  money words: ["refund", "money back", "cash", "charg*", "bill", "paid", "price", "cost", "fee"]
rules:
  - id: refund
    name: Money <b>back</b> | *now*
    status: live
    review by: "2026-11-30"
    why: Because.
    known mistakes: ["Journalists"]
    when:
      all: [{text has any: money words}, {kind is any of: [mention, review]}]
      none: [{author is employee: yes}]
    then: {escalate: {priority: high, crm: {subject: "For {author.name}"}}}
    examples:
      - {post: {text: "Refund, my router is broken", rating: 2, author: {followers: 9}}, expect: match}
      - {post: hello, expect: no match}
      - {post: the price of fame, expect: match, should be: no match}
  - id: thanks
    name: Thanks
    status: draft
    review by: "2026-11-01"
    why: Because.
    when: {all: [{text has any: ["refund"]}]}
    then: {recommend: {template: thanks, at most: 1 per author per 7 days}}
  - id: gone
    name: Gone
    status: retired
    review by: "2020-01-01"
    why: Because.
    when: {all: [{text has any: ["old"]}]}
    then: {escalate: {priority: low}}
"""
TECH = """format: triage/1
owner: {team: tech, contact: tech@acme.example}
calendars: {office hours: {days: [monday], hours: ["09:00 to 17:00"]}}
topics:
  known-author: {all: [{handle is any of: ["@bo"]}]}
rules:
  - id: fault
    name: Broken
    status: live
    review by: "2026-11-10"
    why: Because.
    when: {all: [{text has any: ["broken", "Refund"]}], none: [{topic is any of: [known-author]}]}
    then: {escalate: {priority: normal}}
    examples: [{post: broken, expect: match}, {post: fine, expect: no match}]
  - id: danger
    name: Smoke
    status: live
    review by: "2025-01-01"
    why: Because.
    when: {all: [{text has any: ["smoke"]}, {kind is any of: [mention]}]}
    then: {escalate: {priority: urgent}}
    examples: [{post: smoke, expect: match}, {post: fine, expect: no match}]
  - id: late
    name: Late
    status: live
    review by: "2026-01-01"
    why: Because.
    when: {all: [{text has any: ["late"]}, {kind is any of: [mention]}]}
    then: {escalate: {priority: low}}
    examples: [{post: late, expect: match}, {post: fine, expect: no match}]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "billing.rules.yml").write_text(BILLING)
    (folder / "tech.rules.yml").write_text(TECH)
    return folder


@pytest.fixture
def book(rules: Path) -> Contents:
    return contents(load(rules), TODAY)


def test_the_book_is_printed_and_says_who_to_ask(capsys: pytest.CaptureFixture[str], rules: Path) -> None:
    code = main(["book", str(rules), "--today", "2026-11-22"])
    out = capsys.readouterr().out

    assert code == 0
    assert out.startswith("# The rules\n\n5 rules of 2 teams: 4 live, 1 draft.\n")
    assert "## billing\n\nAsk billing@acme.example.\n" in out
    assert "Known mistakes: 1 told in words, 1 shown by examples that come out wrong." in out
    assert "`refund`, live, review by 2026-11-30 (**due soon**)" in out
    assert (
        'When a mention or review says one of the 9 money words, like "refund", "money back", "cash", unless '
        "the author works here, then escalate it to billing, high priority; it joins an open case"
    ) in out
    assert 'Known mistakes (2): Journalists; example "the price of fame"' in out
    assert "- matches: Refund, my router is broken (rating 2, author followers 9)" in out
    assert "- matches, which is wrong: the price of fame" in out
    assert "- money words: refund, money back, cash, charg…, bill, paid, price, cost, fee" in out
    assert "## Calendars\n\n- office hours: Monday, 09:00 to 17:00, UTC\n" in out
    assert "## Retired\n\n- Gone (gone)" in out


def test_reviews_that_are_past_or_near_are_told_with_what_follows(book: Contents) -> None:
    assert reviews(book) == [
        "Smoke (danger), by 2025-01-01: overdue; it is urgent, so it stays live",
        "Late (late), by 2026-01-01: overdue; only records since 2026-01-15",
        "Thanks (thanks), by 2026-11-01: overdue",
        "Broken (fault), by 2026-11-10: overdue; acts until 2026-11-24, then only records",
        "Money <b>back</b> | *now* (refund), by 2026-11-30: due soon",
    ]


def test_what_is_read_of_a_person_is_told_for_each_field_with_the_rules(book: Contents) -> None:
    told = {name: rules for name, _, rules in book.personal}

    assert told == {
        "author": ("thanks",),
        "author is employee": ("refund",),
        "author.handle": ("danger", "fault", "late", "thanks"),
        "author.name": ("refund",),
        "handle": ("fault",),  # through a topic
        "text": ("danger", "fault", "late", "refund", "thanks"),
    }


def test_rules_of_different_teams_that_meet_are_told_with_the_one_that_wins(book: Contents) -> None:
    told = {(each.one, each.other): met(each, book) for each in book.overlaps}

    assert told == {
        ("fault", "refund"): (
            'both look for "refund"; both match the example "Refund, my router is broken". refund wins.'
        ),
        ("fault", "thanks"): (
            'both look for "refund"; both match the example "Refund, my router is broken". '
            "fault wins, once thanks is live."
        ),
    }


def test_what_no_rule_sees_is_told(book: Contents) -> None:
    said = "\n".join(left_out(book))

    assert not book.unseen.kinds, "the rule about faults hears every kind"
    assert "No live rule hears a post without words" in said
    assert "rating (the stars of a review)" in said
    assert "quoted text (what the post quotes)" in said
    assert "handle (" not in said, "a topic of a live rule reads it"


def test_kinds_that_every_live_rule_leaves_out_are_told(rules: Path) -> None:
    (rules / "tech.rules.yml").unlink()
    book = contents(load(rules), TODAY)

    assert book.unseen.kinds == ("post", "comment", "reply", "dm", "repost", "quote", "report")


def test_a_rule_that_needs_no_words_hears_pictures(rules: Path) -> None:
    (rules / "tech.rules.yml").write_text(TECH.replace('{text has any: ["late"]}', "{has media: yes}"))

    assert not contents(load(rules), TODAY).unseen.needs_words


def test_the_same_rules_give_the_same_book(rules: Path) -> None:
    first, second = (markdown(contents(load(rules), TODAY)) for _ in range(2))

    assert first == second
    assert str(TODAY) not in first


def test_both_forms_are_written_and_the_page_needs_nothing_else(
    capsys: pytest.CaptureFixture[str], rules: Path, tmp_path: Path
) -> None:
    code = main(["book", str(rules), "--html", str(tmp_path / "b.html"), "--md", str(tmp_path / "b.md")])
    page = Page((tmp_path / "b.html").read_text(encoding="utf-8"))

    assert (code, capsys.readouterr().out) == (0, "")
    assert (tmp_path / "b.md").read_text(encoding="utf-8").startswith("# The rules\n")
    assert_self_contained(page)
    assert_readable_without_plots(page)
    assert "Money <b>back</b> | *now*" in page.text
    told = ("billing@acme.example", "09:00 to 17:00", "refund wins", "author.name", "What no rule sees", "is wrong")
    for part in told:
        assert part in page.text


def test_the_shipped_rules_make_a_book(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["book", str(SHIPPED), "--html", str(tmp_path / "b.html")]) == 0
    page = Page((tmp_path / "b.html").read_text(encoding="utf-8"))

    assert_self_contained(page)
    assert_readable_without_plots(page)
    for rule in load(SHIPPED).rules:
        assert rule.rule.why in page.text


def test_broken_rules_make_no_book(capsys: pytest.CaptureFixture[str], rules: Path, tmp_path: Path) -> None:
    (rules / "tech.rules.yml").write_text("format: triage/2\n")

    assert main(["book", str(rules), "--html", str(tmp_path / "b.html")]) == 2
    assert not (tmp_path / "b.html").exists()
    assert "tech.rules.yml:1:" in capsys.readouterr().err


def test_a_day_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["book", "--today", "tomorrow"])

    assert stopped.value.code == 2
    assert "expected a day like 2026-11-22, not 'tomorrow'" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["a*b*", "<b>", "[x](y)", "a|b", "# no heading", "two\nlines", r"\d", "`code`"])
def test_what_authors_write_is_text_in_markdown(text: str) -> None:
    shown = plain(text)

    assert "\n" not in shown
    assert shown.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == text.replace("\n", " ")
    assert all(shown[at - 1] == "\\" for at, sign in enumerate(shown) if sign in "*<>[]|#`")
