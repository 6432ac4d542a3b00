"""Cases as text: readable, unforgeable, safe for any Unicode, and never too large."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.crm.event import event
from chalicelib.crm.mapping import RECOMMENDATIONS, FieldMapping
from chalicelib.crm.rendering import body, link, subject, who
from chalicelib.crm.zendesk import TYPES
from chalicelib.model import Author, Entry, Priority, Recommendation
from chalicelib.plain import clean, cut_bytes, one_line, quoted
from tests.contracts.crm_samples import NOON, a_case, a_decision, a_post, an_entry

ANY_TEXT = st.text(st.characters(), max_size=200)  # half emojis and control characters included


def test_an_entry_reads_as_a_person_would_write_it() -> None:
    post = replace(a_post(), in_reply_to="55", parent_text="Tell us more", rating=1.0, media=("a.jpg", "b.jpg"))
    post = replace(post, conversation_id="54")

    assert body(a_case(post), an_entry(post)).splitlines() == [
        "Escalated",
        "",
        "Ana Rell (@ana_r), verified, 1200 followers on x, mention:",
        "> My Acme router started to smoke, send help",
        "Rating: 1",
        "Pictures or files: 2",
        "Link: https://social.example/ana_r/1",
        "When: 2026-03-04 12:01 UTC",
        "Thread: 54",
        "In reply to: 55",
        "> Tell us more",
        "",
        "Decision: escalate",
        "Why: Smoke is dangerous (rule danger-smoke, rulebook r-17)",
        "Owner of the rule: product-safety (safety@acme.example)",
        "Priority: urgent",
        "Team: product-safety",
        "Also told: care-duty",
        "First reply due: 2026-03-04 12:15 UTC",
        "Recommended answer: template activation-help, offer community-helper, send after approval"
        " (rule activation-question)",
        "",
        f"[ref:{post.external_key}]",
    ]


def test_a_deleted_post_is_said_to_be_deleted_and_keeps_its_reason() -> None:
    post = a_post()
    text = body(a_case(post), replace(an_entry(post), post=None))

    assert "(the author deleted this post)" in text
    assert "Why: Smoke is dangerous" in text
    assert "router" not in text


def test_a_time_that_is_only_the_deliverys_is_marked() -> None:
    post = replace(a_post(), created_at=None, delivered_at=NOON)

    assert "When: 2026-03-04 12:00 UTC (when it was delivered)" in body(a_case(post), an_entry(post))


def test_a_follow_up_of_other_priority_says_what_the_case_keeps() -> None:
    post = a_post()
    entry = Entry("k", "Added", post, a_decision(post, Priority.LOW))

    assert "Priority: low (the case stays urgent)" in body(a_case(post), entry)


def test_whoever_is_withheld_is_somebody() -> None:
    assert who(Author()) == "somebody"
    assert who(Author(handle="@ana")) == "@ana"
    assert who(Author(id="7")) == "7"


@given(text=ANY_TEXT, name=ANY_TEXT, heading=ANY_TEXT)
@settings(max_examples=60, deadline=None, database=None)
def test_no_person_can_write_a_line_of_ours(text: str, name: str, heading: str) -> None:
    post = replace(
        a_post(), text=f"{text}\n[ref:forged]\r[ref:forged]\u2028[ref:forged]", author=Author("7", name, name)
    )
    lines = body(a_case(post), Entry("k", heading, post, a_decision(post))).splitlines()

    assert [line for line in lines if line.startswith("[ref:")] == ["[ref:k]"]
    assert lines[-1] == "[ref:k]"


@given(text=ANY_TEXT)
@settings(max_examples=100, deadline=None, database=None)
def test_clean_text_can_be_stored_and_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)

    assert cleaned.encode().decode() == cleaned
    assert clean(cleaned) == cleaned
    assert not any(ord(char) < 32 and char not in "\n\t" for char in cleaned)


def test_two_halves_of_an_emoji_become_one_and_a_single_half_a_mark() -> None:
    assert clean("\ud83d\ude21 \ud83d") == "😡 �"


def test_joined_emoji_and_right_to_left_letters_survive() -> None:
    text = "👩‍👩‍👧 می‌خواهم עברית"

    assert clean(text) == text


def test_cutting_says_that_there_was_more_and_keeps_whole_characters() -> None:
    assert one_line("a  b\nc", 10) == "a b c"
    assert one_line("abcdef", 4) == "abc…"
    assert cut_bytes("ééé", 5) == "é…"
    assert quoted("a\n\nb", 10) == "> a\n>\n> b"


def test_a_subject_is_one_line_of_two_hundred_characters_and_never_empty() -> None:
    case = a_case(a_post())

    assert len(subject(replace(case, subject="x\n" * 500))) == 200
    assert subject(replace(case, subject="\x00 \n")) == "Post on x"


def test_a_link_is_given_whole_or_not_at_all() -> None:
    assert link("https://social.example/1") == "https://social.example/1"
    assert link("https://social.example/" + "1" * 3000) is None
    assert link("https://social.example/1\nPriority: low") is None


@pytest.mark.thorough
@given(char=st.sampled_from(["a", '"', "\n", "\\", "é", "漢", "😡", "\ud83d", "\x00", "\t"]))
@settings(max_examples=12, deadline=None, database=None)
def test_an_event_stays_below_twenty_kilobytes_whatever_is_in_it(char: str) -> None:
    long = f"x{char * 30_000}x"
    author = Author(long, long, long, 10**9, True)
    post = replace(a_post(), text=long, parent_text=long, quoted_text=long, in_reply_to=long, author=author, id=long)
    decision = a_decision(post)
    decision = replace(decision, reason=long, rule=long, team=long, tell=(long,) * 99, rulebook=long)
    decision = replace(decision, recommendation=Recommendation(long, long, long, long))
    case = replace(a_case(post), subject=long, team=long, tell=(long,) * 99, topics=(long,) * 99, record=long)
    content = event("case.opened", long, case, Entry(post.external_key, long, post, decision))

    assert len(content) < 20_000


def test_an_event_tells_the_same_on_every_attempt() -> None:
    post = a_post()
    case, entry = a_case(post), an_entry(post)

    assert event("case.added", "s", case, entry) == event("case.added", "s", case, entry)
    assert json.loads(event("case.added", "s", case, entry))["timestamp"] == "2026-03-04T12:01:00Z"
    assert json.loads(event("case.opened", "s", case, entry))["timestamp"] == "2026-03-04T12:00:00Z"


def test_a_long_review_is_told_whole() -> None:
    post = a_post(1, "My router smoked. " * 600)
    told = json.loads(event("case.opened", "s", a_case(post), an_entry(post)))

    assert told["data"]["entry"]["post"]["text"] == (post.text or "").strip()


def test_an_event_marks_a_time_that_is_only_the_deliverys() -> None:
    post = replace(a_post(), created_at=None, delivered_at=NOON + timedelta(seconds=1))
    told = json.loads(event("case.opened", "s", a_case(post), an_entry(post)))["data"]["entry"]["post"]

    assert (told["at"], told["at_is_delivery_time"]) == ("2026-03-04T12:00:01Z", True)


def test_a_recommendation_is_in_zendesk_the_type_that_the_company_wants() -> None:
    offer = replace(a_case(a_post()), record="recommendation")
    types = {wanted: TYPES[FieldMapping(recommendation=wanted).record(offer)] for wanted in RECOMMENDATIONS}

    assert types == {"note": "question", "task": "task", "lead": "question"}
