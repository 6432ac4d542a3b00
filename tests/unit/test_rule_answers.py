"""What lines answer and how blocks join them: rules-format 6 to 11."""

from __future__ import annotations

import pytest

from chalicelib.model import Answer, Author, Context, Outcome
from chalicelib.rulebook.rule import Line, Status, Test, Then, Topic
from chalicelib.rulebook.trace import failing
from tests.unit.rulebooks import ESCALATE, IGNORE, RECOMMEND, decide, line, rule, rulebook, words

LATE, SLOW = words("late"), words("slow")
EMPLOYEE = Test("author is employee", "is", ("yes",))


def matches(
    *lines: Line, text: str | None = None, context: Context | None = None, then: Then = ESCALATE, **parts: object
) -> bool:
    made = decide(rulebook(rule("it", *lines, then=then)), text, context, **parts)
    return made.rule == "it"


def test_all_wants_every_line() -> None:
    lines = (line("all", LATE), line("all", SLOW))

    assert matches(*lines, text="slow and late")
    assert not matches(*lines, text="late")


def test_any_wants_one_line() -> None:
    lines = (line("any", LATE), line("any", SLOW))

    assert matches(*lines, text="slow")
    assert not matches(*lines, text="fast")


def test_none_wants_no_line() -> None:
    assert matches(line("none", LATE), text="fast")
    assert not matches(line("none", LATE), text="late")


def test_the_blocks_join_by_and() -> None:
    lines = (line("all", LATE), line("any", SLOW), line("none", words("ok")))

    assert matches(*lines, text="late, slow")
    assert not matches(*lines, text="late")
    assert not matches(*lines, text="late, slow, ok")


@pytest.mark.parametrize("block", ["all", "any"])
def test_unknown_satisfies_neither_all_nor_any(block: str) -> None:
    assert not matches(line(block, EMPLOYEE), text="x")
    assert not matches(line(block, LATE))


@pytest.mark.parametrize("then", [ESCALATE, RECOMMEND])
def test_unknown_in_none_does_not_stop_an_escalation_or_recommendation(then: Then) -> None:
    assert matches(line("all", LATE), line("none", EMPLOYEE), text="late", then=then)


def test_what_we_do_not_know_we_do_not_ignore() -> None:
    lines = (line("all", LATE), line("none", EMPLOYEE))

    assert not matches(*lines, text="late", then=IGNORE)
    assert matches(*lines, text="late", then=IGNORE, context=Context(is_employee=False))


@pytest.mark.parametrize(
    ("asks", "text", "answer"),
    [
        (words("a1", "b1", test="has all"), "b1 a1", True),
        (words("a1", "b1", test="has all"), "b1", False),
        (words("a1", "b1", "c1", test="has at least", number=2), "c1 a1", True),
        (words("a1", "b1", "c1", test="has at least", number=2), "a1 a1 a1", False),
        (words(r"la+te\b", test="matches pattern"), "so LAAATE", True),
        (words(r"(?-i)late", test="matches pattern"), "LATE", False),
        (words(r"^late$", test="matches pattern"), "too late", False),
    ],
)
def test_a_text_is_asked(asks: Test, text: str, answer: bool) -> None:
    assert matches(line("all", asks), text=text) is answer


def test_a_pattern_bears_half_a_surrogate_pair() -> None:
    assert matches(line("all", words("late", test="matches pattern")), text="late \ud83d")


def test_the_own_words_the_quoted_and_the_parents_are_three_fields() -> None:
    quoted = line("all", words("late", field="quoted text"))

    assert matches(quoted, text="see", quoted_text="late again")
    assert not matches(quoted, text="late again", quoted_text="see")
    assert not matches(line("all", words("late", field="parent text")), text="late")


@pytest.mark.parametrize(
    ("asks", "answer"),
    [
        (Test("kind", "is any of", ("review", "mention")), True),
        (Test("kind", "is any of", ("review",)), False),
        (Test("language", "is any of", ("EN",)), True),
        (Test("language", "is any of", ("en-US",)), False),
        (Test("handle", "is any of", ("@ANA",)), True),
        (Test("rating", "at most", number=2.0), True),
        (Test("rating", "at least", number=2.5), False),
        (Test("author followers", "at least", number=9.0), True),
        (Test("author is verified", "is", ("no",)), True),
        (Test("rating", "is known"), True),
        (Test("author is customer", "is known"), False),
    ],
)
def test_a_field_is_asked(asks: Test, answer: bool) -> None:
    author = Author(handle="ana", followers=9, verified=False)

    assert matches(line("all", asks), text="x", rating=2.0, language="en-AU", author=author) is answer


def test_a_topic_is_a_conclusion_of_lines() -> None:
    router = Topic("router", (line("any", words("router", "modem")),))
    book = rulebook(rule("it", line("all", Test("topic", "is any of", ("router",)))), topics=[router])

    assert decide(book, "my modem").rule == "it"
    assert decide(book, "my modem").topics == ("router",)
    assert decide(book, "my phone").rule is None


def test_a_topic_that_might_hold_is_unknown() -> None:
    danger = Topic("danger", (line("any", words("smoke", field="quoted text")),))
    asks = line("none", Test("topic", "is any of", ("danger",)))
    book = rulebook(rule("it", line("all", LATE), asks, then=IGNORE), topics=[danger])

    assert decide(book, "late").rule is None
    assert decide(book, "late", quoted_text="fine").rule == "it"
    assert decide(book, "late", quoted_text="smoke").rule is None


def test_the_trace_holds_each_lines_answer_and_what_was_found() -> None:
    lines = (line("all", words("charg*", "fee")), line("none", EMPLOYEE), line("none", words("ok")))
    (trace,) = decide(rulebook(rule("it", *lines)), "CHARGED a fee").lines

    assert trace.matched
    assert [each.answer for each in trace.lines] == [Answer.YES, Answer.UNKNOWN, Answer.NO]
    assert trace.lines[0].found == ("charged", "fee")


def test_the_trace_says_where_a_word_was_only_part_of_a_text() -> None:
    (trace,) = decide(rulebook(rule("it", line("all", words("着火")))), "路由器着火了").lines

    assert trace.lines[0].found == ("着火 (as part of a word)",)


def test_a_rule_that_came_near_is_traced_and_one_that_did_not_is_not() -> None:
    near = rule("near", line("all", LATE), line("none", words("ok")))
    far = rule("far", line("all", SLOW))
    two_away = rule("two", line("all", LATE), line("any", SLOW), line("none", words("ok")))
    made = decide(rulebook(near, far, two_away), "late, ok")

    assert [(trace.rule, trace.matched) for trace in made.lines] == [("near", False)]


def test_an_ignore_that_something_unknown_stops_came_near_and_the_unknown_is_what_stops_it() -> None:
    lines = (line("all", LATE), line("any", SLOW), line("none", EMPLOYEE))
    near = rule("near", *lines[::2], then=IGNORE)
    two_away = rule("two", *lines, then=IGNORE)
    (trace,) = decide(rulebook(near, two_away), "late").lines

    assert trace.rule == "near"
    assert [each.line for each in failing(trace.lines, is_ignore=True)] == [lines[2].text]
    assert failing(trace.lines) == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_a_draft_and_a_retired_rule_decide_nothing(status: Status) -> None:
    made = decide(rulebook(rule("it", line("all", LATE), status=status)), "late")

    assert (made.outcome, made.matched, made.shadow, made.lines) == (Outcome.IGNORE, (), (), ())
