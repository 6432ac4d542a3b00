"""Posts to facts: what is known is read, what is not stays out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import Author, Context, Kind, Post, PostsInDays, Value
from chalicelib.reading import read
from chalicelib.rulebook.vocabulary import CONCLUDED, FIELDS, general

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FULL = Context(
    NOW, frozenset({"acme"}), frozenset({"77"}), True, True, False, False, sentiment=-0.5,
    posts_in_days=(PostsInDays(7, 2),),
)  # fmt: skip


def facts(text: str | None = None, context: Context | None = None, **parts: object) -> dict[str, Value]:
    post = Post(id="x:1", platform="x", text=text, **parts)  # type: ignore[arg-type]
    return dict(read(post, context or Context()).values)


def test_every_fact_is_a_field_of_the_catalogue_and_every_field_not_concluded_can_be_read() -> None:
    author = Author(id="1", handle="@Ana", followers=3, verified=False)
    post = facts(
        "hi", FULL, author=author, kind=Kind.POST, rating=4.0, language="en-AU", account_id="77", created_at=NOW,
        quoted_text="q", parent_text="p",
    )  # fmt: skip

    assert set(map(general, post)) == set(FIELDS) - set(CONCLUDED)


def test_what_is_not_known_is_left_out() -> None:
    assert facts().keys() == {"platform", "has media"}


def test_a_text_without_words_is_known() -> None:
    assert facts("")["text"] == "  "
    assert facts("")["word count"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "Is it down?", "is it down ?!", "Why???", "How do I activate", "any news", "can you help me",
        "Wie kann ich das", "@acme any update", "Where is my parcel? Thanks", "为什么？",
        "what’s up? 😡", 'she said "why?"',
    ],
)  # fmt: skip
def test_a_question_is_heard(text: str) -> None:
    assert facts(text)["asks a question"] is True


@pytest.mark.parametrize(
    "text", ["It is down.", "What a day", "When I called", "see https://x.example/?a=b", "", "How nice"]
)
def test_what_asks_nothing_is_no_question(text: str) -> None:
    assert facts(text)["asks a question"] is False


@pytest.mark.parametrize(
    ("text", "shouts"),
    [
        ("STILL NO INTERNET", True),
        ("OK", False),
        ("NASA and ACME work together here", False),
        ("没有网络没有网络", False),
    ],
)
def test_shouting_is_a_share_of_capitals(text: str, shouts: bool) -> None:
    assert facts(text)["shouts"] is shouts


def test_a_mention_of_ours_is_a_handle_of_ours() -> None:
    assert facts("hey @ACME!", FULL)["mentions us"] is True
    assert facts("hey @acmeX", FULL)["mentions us"] is False
    assert facts("acme", FULL, kind=Kind.MENTION)["mentions us"] is True
    assert "mentions us" not in facts("hey @acme")


def test_who_begins_with_the_handle_of_another_speaks_to_another() -> None:
    assert facts("@ana are you there", FULL)["speaks to another"] is True
    assert facts("@ana have you seen what @acme says", FULL)["speaks to another"] is False
    assert facts("@acme are you there", FULL)["speaks to another"] is False
    assert facts("have you seen @ana", FULL)["speaks to another"] is False
    assert facts("@ana hello", FULL, kind=Kind.MENTION)["speaks to another"] is False


@pytest.mark.parametrize("handle", ["@AcmeSupport", "@ask_acme", "@AskAcme", "@acmecares", "@acme_custserv"])
def test_handles_that_are_called_like_a_help_desk_are_known(handle: str) -> None:
    assert facts(f"hey {handle} hello")["names a help desk"] is True


@pytest.mark.parametrize("text", ["help@acme.example is no handle", "@alaska", "@ask", "@ana please help", "no handle"])
def test_other_handles_and_words_are_no_help_desk(text: str) -> None:
    assert facts(text)["names a help desk"] is False


def test_a_reply_to_us_is_seen_where_the_parents_id_tells() -> None:
    assert facts(in_reply_to="77_1", context=FULL)["in reply to us"] is True
    assert facts(kind=Kind.DM)["in reply to us"] is True
    assert facts(kind=Kind.POST)["in reply to us"] is False
    assert "in reply to us" not in facts(in_reply_to="1", context=FULL, kind=Kind.REPLY)


def test_a_dialect_is_also_its_language() -> None:
    assert facts(language="en-AU")["language"] == ("en-au", "en")


def test_age_is_known_where_both_instants_are() -> None:
    assert facts(context=FULL, created_at=NOW - timedelta(hours=2))["age"] == 7200
    assert "age" not in facts(context=FULL)


def test_a_rating_that_is_no_number_is_unknown() -> None:
    assert "rating" not in facts(rating=float("nan"))


@given(st.text(max_size=200), st.text(max_size=20))
def test_no_text_or_handle_breaks_the_reader(text: str, handle: str) -> None:
    values = facts(text, FULL, author=Author(handle=handle), quoted_text=text)

    assert values["text"] == values["quoted text"]
