"""The least change to a post that makes a rule match: found, verified, and no larger than it must be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model import Answer, Author, Context, Facts, Kind, Post, PostsInDays, Value
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.calendars import working_week
from chalicelib.rulebook.edit import Sample
from chalicelib.rulebook.leastchange import Change, LeastChange
from chalicelib.rulebook.loader import load
from chalicelib.rulebook.rule import BLOCKS, Book, Line, Rule, Test, Topic
from chalicelib.rulebook.vocabulary import CATALOGUE, Word
from tests.unit.rulebooks import AT, ESCALATE, IGNORE, line, post, rule, words

NOW = AT + timedelta(days=1)
REFUND, EMPLOYEE = words("refund", "money back"), Test("author is employee", "is", ("yes",))


def facts(sample: Sample) -> Facts:
    return read(sample.post, sample.context)


def sample(text: str | None = None, **parts: object) -> Sample:
    return Sample(post(text, **parts), Context(now=NOW))


def change(asked: Rule, given: Sample, *topics: Topic, texts: tuple[str, ...] = ()) -> Change | None:
    book = Book(topics, (asked,), (replace(working_week("UTC"), name="office hours"),))
    found = LeastChange(book, asked, facts, texts).find(given)
    if found is not None:
        verified = Rulebook(book, "v", tried=True)
        trace = verified.explain(facts(found.sample), asked.id, Answer.YES)
        verified.close()
        assert trace is not None
        assert trace.matched
    return found


def said(asked: Rule, given: Sample, *topics: Topic, texts: tuple[str, ...] = ()) -> list[str]:
    found = change(asked, given, *topics, texts=texts)
    assert found is not None
    return [edit.says for edit in found.edits]


def test_a_rule_that_matches_needs_no_change() -> None:
    assert said(rule("it", line("all", REFUND)), sample("refund")) == []


def test_a_word_is_added_and_another_dropped() -> None:
    asked = rule("it", line("all", REFUND), line("none", words("please")))

    assert said(asked, sample("Please, help!")) == ['drop "Please"', 'add the word "refund"']


def test_of_a_phrase_one_word_is_dropped_where_that_does_it() -> None:
    found = change(rule("it", line("all", REFUND), line("none", words("tax refund"))), sample("my Tax\nrefund!!"))

    assert found is not None
    assert [edit.says for edit in found.edits] == ['drop "Tax"']
    assert found.sample.post.text == "my \nrefund!!"


def test_a_word_that_would_hurt_is_not_the_one_that_is_added() -> None:
    asked = rule("it", line("all", words("refund", "late")), line("none", words("refund")))

    assert said(asked, sample("hi")) == ['add the word "late"']


def test_one_word_that_serves_two_lines_is_added_once() -> None:
    asked = rule("it", line("all", words("a1", "b1", "c1")), line("all", words("x1", "c1")))

    assert said(asked, sample("hi")) == ['add the word "c1"']


def test_every_line_that_stops_it_is_dealt_with() -> None:
    asked = rule(
        "it",
        line("all", REFUND),
        line("any", Test("rating", "at most", number=2.0)),
        line("any", Test("kind", "is any of", ("review",))),
        line("none", EMPLOYEE),
    )
    given = Sample(post("hi", rating=4.0), Context(now=NOW, is_employee=True))

    assert set(said(asked, given)) == {"set 'author is employee' to no", "set 'rating' to 2", 'add the word "refund"'}


def test_what_is_unknown_must_become_known_before_it_is_ignored() -> None:
    lines = (line("all", words("hi")), line("none", EMPLOYEE))

    assert said(rule("it", *lines), sample("hi")) == []
    assert said(rule("it", *lines, then=IGNORE), sample("hi")) == ["set 'author is employee' to no"]


def test_a_topic_is_reached_and_left_through_its_own_lines() -> None:
    router = Topic("router", (line("all", words("router", "modem")), line("none", words("wood"))))
    about = Test("topic", "is any of", ("router",))

    assert said(rule("it", line("all", about)), sample("wood"), router) == ['drop "wood"', 'add the word "router"']
    assert said(rule("it", line("none", about)), sample("my modem"), router) == ['drop "modem"']


def test_a_pattern_is_met_by_words_of_the_rules_own_examples() -> None:
    asked = rule("it", line("all", words(r"order [0-9]{6}", test="matches pattern")))

    assert said(asked, sample("hi"), texts=("where is Order 123456?",)) == ['add the words "Order 123456?"']
    assert change(asked, sample("hi")) is None


def test_a_rule_that_contradicts_itself_is_past_help() -> None:
    assert change(rule("it", line("all", REFUND), line("none", REFUND)), sample("hi")) is None


def test_words_without_spaces_are_dropped_out_of_their_sentence() -> None:
    found = change(rule("it", line("none", words("着火"))), sample("路由器着火了"))

    assert found is not None
    assert found.sample.post.text == "路由器了"


def test_a_post_without_any_text_is_given_one() -> None:
    assert said(rule("it", line("all", REFUND)), sample()) == ['add the word "refund"']


def written(word: Word, block: str, folder: Path) -> Rule:
    key = word.key.replace("N", "7") if "N days" in word.key else word.key
    text = f"""format: triage/1
owner: {{team: care, contact: "care@acme.example"}}
topics: {{router: {{any: [{{text has any: ["router"]}}]}}}}
calendars: {{office hours: {{days: monday to friday, hours: "9:00 to 17:00"}}}}
rules:
  - id: it
    name: It
    status: draft
    review by: "2035-02-01"
    why: Because.
    when: {{{block}: [{{{key}: {word.example}}}]}}
    then: {{escalate: {{priority: normal, team: care}}}}
    examples: [{{post: "order 123456", expect: match}}, {{post: "a", expect: no match}}]
"""
    (folder / "a.rules.yml").write_text(text.replace("priority: normal", "priority: low"), encoding="utf-8")
    return load(folder).book.rules[0]


FAR = Sample(
    post(
        "Refund, late again: charge for router, order 123456 @acme", kind=Kind.REVIEW, rating=5.0, language="en",
        quoted_text="refund late again order 123456", parent_text="refund late again order 123456",
        account_id="acme-au",
        author=Author(handle="acme_news", followers=90000, verified=True), platform="facebook",
        in_reply_to="1", conversation_id="0",
        created_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
    ),
    Context(datetime(2026, 11, 20, 13, tzinfo=UTC), frozenset({"acme"}), frozenset(), True, True, True, True, 1, -0.6,
            (PostsInDays(7, 6),)),
)  # fmt: skip
BARE = Sample(Post(id="x:1", platform="example", text="a"), Context(now=NOW))


@pytest.mark.parametrize("given", [FAR, BARE], ids=["much is known", "little is known"])
@pytest.mark.parametrize("block", ["all", "none"])
@pytest.mark.parametrize("word", CATALOGUE.values(), ids=CATALOGUE)
def test_every_word_there_is_can_be_made_to_say_yes_and_to_say_no(
    word: Word, block: str, given: Sample, tmp_path: Path
) -> None:
    router = Topic("router", (line("any", words("router")),))

    assert change(written(word, block, tmp_path), given, router, texts=("order 123456",)) is not None


SOUGHT = st.sampled_from(["late", "slow", "so slow", "refund", "tax refund", "#fail", "tax*"])
TESTS = st.one_of(
    st.lists(SOUGHT, min_size=1, max_size=3).map(lambda found: words(*found)),
    st.sampled_from([
        words("late", "slow", test="has all"),
        words("late", "refund", "tax", test="has at least", number=2),
        Test("rating", "at most", number=2.0), Test("rating", "is known"), Test("kind", "is any of", ("review", "dm")),
        EMPLOYEE, Test("asks a question", "is", ("yes",)), Test("word count", "at most", number=3.0),
        Test("has link", "is", ("yes",)), Test("topic", "is any of", ("t",)),
    ]),
)  # fmt: skip
RULES = st.builds(
    lambda lines, then: rule("it", *lines, then=then),
    st.lists(st.builds(Line, st.sampled_from(BLOCKS), st.just("line"), TESTS), min_size=1, max_size=4),
    st.sampled_from([ESCALATE, IGNORE]),
)
TEXTS = st.lists(st.sampled_from(["late", "Slow?", "so", "Tax", "refund", "#fail", "ok"]), max_size=5).map(" ".join)
VALUES: st.SearchStrategy[Value | None] = st.sampled_from([None, True, False])


@pytest.mark.thorough
@settings(max_examples=40, deadline=None)
@given(RULES, TEXTS, VALUES)
def test_a_change_that_is_told_works_and_no_part_of_it_does(asked: Rule, text: str, employee: bool | None) -> None:
    topic = Topic("t", (line("all", words("slow")), line("none", words("so"))))
    given = Sample(post(text), Context(now=NOW, is_employee=employee))
    found = change(asked, given, topic)
    if found is None:
        return
    book = Rulebook(Book((topic,), (asked,)), "v", "plain")
    for size in range(len(found.edits)):
        for part in combinations(found.edits, size):
            tried = given
            for edit in part:
                tried = edit.apply(tried)
            trace = book.explain(facts(tried), "it")

            assert trace is not None
            assert not trace.matched


def test_what_a_later_edit_would_undo_is_not_done_twice() -> None:
    asked = rule("it", line("all", Test("has link", "is", ("yes",))), line("all", Test("word count", "at most", (), 3)))

    assert said(asked, sample("late late late late")) == ["add a link", "cut it to 3 words"]


def test_a_text_that_is_too_long_makes_room_for_the_word_it_lacks() -> None:
    asked = rule("it", line("all", REFUND), line("all", Test("word count", "at most", (), 3)))

    assert said(asked, sample("one two three four")) == ['add the word "refund"', "cut it to its last 3 words"]


def test_a_time_is_told_as_the_calendars_own_clocks_show_it() -> None:
    within = Test("time", "is within", ("office hours",))
    asked = rule("it", line("all", within))
    book = Book((), (asked,), (replace(working_week("Australia/Sydney"), name="office hours"),))
    found = LeastChange(book, asked, facts).find(sample("hi", created_at=AT + timedelta(hours=2)))  # Friday, 18:30

    assert found is not None
    assert found.edits[0].says == "post it within 'office hours', like on Monday 2026-11-23 09:00 in Australia/Sydney"


@pytest.mark.parametrize("year", [1, 9999])
def test_a_nonsense_time_of_a_platform_is_no_crash(year: int) -> None:
    asked = rule("it", line("all", Test("time", "is within", ("office hours",))))

    assert change(asked, sample("hi", created_at=datetime(year, 12, 31, tzinfo=UTC))) is not None


def test_an_age_is_told_in_words() -> None:
    old = Test("age", "at least", number=7200.0)

    assert said(rule("it", line("all", old)), sample("hi", created_at=NOW)) == ["post it 2 hours ago"]
