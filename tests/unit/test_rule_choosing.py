"""Which of the rules that matched decides, and what the others leave: rules-format 12 to 16, 20, 22."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from chalicelib.model import Action, Author, Kind, Outcome, Priority, Recommendation
from chalicelib.rulebook.guards import guard
from chalicelib.rulebook.rule import Rule, Status, Then
from tests.unit.rulebooks import AT, ESCALATE, IGNORE, RECOMMEND, decide, line, post, rule, rulebook, words

LATE = line("all", words("late"))


def late(name: str, then: Then = ESCALATE, **more: object) -> Rule:
    return rule(name, LATE, then=then, **more)  # type: ignore[arg-type]


def test_escalate_wins_over_recommend_over_ignore() -> None:
    rules = late("a", IGNORE), late("b", RECOMMEND), late("c")

    assert decide(rulebook(*rules), "late").rule == "c"
    assert decide(rulebook(*rules[:2]), "late").rule == "b"


def test_then_priority_wins_then_the_shortest_first_reply_then_the_id() -> None:
    urgent = late("z", replace(ESCALATE, priority=Priority.URGENT))
    soon = late("y", replace(ESCALATE, first_reply="1 hour"))
    business = late("x", replace(ESCALATE, first_reply="1 business hour"))
    rules = [urgent, soon, business, late("w"), late("v")]
    order = [decide(rulebook(*rules[at:]), "late").rule for at in range(len(rules) - 1)]

    assert order == ["z", "y", "x", "v"]


def test_the_order_of_rules_changes_nothing() -> None:
    rules = [
        late("a", replace(ESCALATE, tell=("one",))),
        late("b", RECOMMEND),
        late("c", replace(ESCALATE, tell=("two",))),
    ]
    made = {repr(replace(decide(rulebook(*order), "late"))) for order in permutations(rules)}

    assert len(made) == 1


def test_all_matches_stay_and_their_teams_are_told() -> None:
    rules = [late("a", replace(ESCALATE, tell=("one", "two"))), late("b", replace(ESCALATE, tell=("two", "three")))]
    made = decide(rulebook(*rules), "late")

    assert (made.rule, made.matched, made.tell) == ("a", ("a", "b"), ("one", "two", "three"))


def test_a_recommendation_that_lost_rides_along() -> None:
    made = decide(rulebook(late("a"), late("b", RECOMMEND)), "late")

    assert (made.outcome, made.recommendation) == (Outcome.ESCALATE, Recommendation("b", "help"))


def test_an_ignore_may_override_an_escalation_it_names_and_no_other() -> None:
    noise = late("noise", IGNORE, overrides=("a",))

    assert decide(rulebook(late("a"), noise), "late").rule == "noise"
    assert decide(rulebook(late("a"), late("b"), noise), "late").rule == "b"
    assert decide(rulebook(late("a"), noise), "late").matched == ("a", "noise")


def test_an_overridden_rule_tells_nobody() -> None:
    noise = late("noise", IGNORE, overrides=("a",))

    assert decide(rulebook(late("a", replace(ESCALATE, tell=("one",))), noise), "late").tell == ()


def test_a_shadow_rule_is_recorded_and_does_nothing() -> None:
    made = decide(rulebook(late("a", status=Status.SHADOW)), "late")

    assert (made.outcome, made.rule, made.matched, made.shadow) == (Outcome.IGNORE, None, (), ("a",))
    assert made.lines[0].status == "shadow"


def test_a_shadow_ignore_overrides_nothing() -> None:
    noise = late("noise", IGNORE, overrides=("a",), status=Status.SHADOW)

    assert decide(rulebook(late("a"), noise), "late").rule == "a"


def test_past_its_review_a_rule_acts_for_a_fortnight_and_then_only_records() -> None:
    book = rulebook(late("a", review_by="2026-11-01"))

    assert decide(book, "late", created_at=datetime(2026, 11, 15, tzinfo=UTC)).rule == "a"
    assert decide(book, "late", created_at=datetime(2026, 11, 16, tzinfo=UTC)).shadow == ("a",)


def test_an_urgent_rule_acts_on_past_its_review() -> None:
    urgent = late("a", replace(ESCALATE, priority=Priority.URGENT), review_by="2025-01-01")

    assert decide(rulebook(urgent), "late").rule == "a"


def test_nothing_matched_is_ignored_with_no_rule_as_its_reason() -> None:
    made = decide(rulebook(late("a")), "fine")

    assert (made.outcome, made.reason, made.rule, made.rulebook) == (Outcome.IGNORE, "no rule", None, "v1")


@pytest.mark.thorough
def test_of_posts_without_a_rule_always_the_same_few_are_sampled() -> None:
    book = rulebook(sample=0.02)
    sampled = [decide(book, "x", id=f"x:{number}").sampled for number in range(2000)]

    assert 20 < sum(sampled) < 60
    assert sampled == [decide(book, "x", id=f"x:{number}").sampled for number in range(2000)]


def test_the_first_reply_is_due_in_the_business_hours_of_the_rules_time_zone() -> None:
    made = decide(rulebook(late("a", replace(ESCALATE, first_reply="2 business hours"))), "late")

    assert made.first_reply_due == datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # Monday 10:30 in Sydney


def test_a_post_without_a_time_has_no_due_time() -> None:
    book = rulebook(late("a", replace(ESCALATE, first_reply="2 hours")))

    assert decide(book, "late", created_at=None).first_reply_due is None


def test_a_subject_shows_what_is_known_and_says_what_is_not() -> None:
    book = rulebook(late("a", replace(ESCALATE, subject="{platform}/{kind} {rating}: {author.handle}, {author.name}")))
    made = decide(book, "late", rating=1.0, author=Author(handle="ana\n\ud800"))

    assert made.subject == "x/mention 1: ana ?, unknown"


def test_a_subject_template_is_not_read_twice() -> None:
    book = rulebook(late("a", replace(ESCALATE, subject="{author.handle}")))

    assert decide(book, "late", author=Author(handle="{rule}")).subject == "{rule}"


def test_an_escalation_carries_what_its_rule_says() -> None:
    then = replace(ESCALATE, join_within=timedelta(days=3), keep_for=timedelta(days=30), priority=Priority.HIGH)
    made = decide(rulebook(late("a", then)), "late")

    assert (made.priority, made.team, made.record) == (Priority.HIGH, "care", "case")
    assert (made.join_within, made.keep_for) == (timedelta(days=3), timedelta(days=30))


def test_the_reason_is_a_sentence_for_people() -> None:
    assert decide(rulebook(late("a")), "LATE").reason == 'A: found "late"'
    assert decide(rulebook(late("a", IGNORE)), "late").reason == "noise"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"is_self": True}, "own account"),
        ({"kind": Kind.REPOST, "text": " "}, "repost"),
        ({"kind": Kind.POSTBACK, "text": "late"}, "postback"),
        ({"action": Action.DELETE}, "deleted"),
        ({"created_at": AT - timedelta(days=15)}, "too old"),
        ({"kind": Kind.REPOST, "text": "so true"}, None),
        ({"is_self": None}, None),
    ],
)
def test_guards_come_before_rules(parts: dict[str, object], reason: str | None) -> None:
    made = guard(post(**parts), timedelta(days=14), AT)  # type: ignore[arg-type]

    assert (made and (made.outcome, made.reason, made.guard)) == (reason and (Outcome.IGNORE, reason, reason))


def test_age_is_no_matter_where_nobody_asks() -> None:
    assert guard(post("late", created_at=AT - timedelta(days=900))) is None
