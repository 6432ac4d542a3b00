"""Two decisions about each post, compared: what counts as a change, and what is kept of a million of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.model import Context, Decision, Outcome, Post, Priority, Recommendation
from chalicelib.reading import read
from chalicelib.rulebook import tally as counting
from chalicelib.rulebook.compare import Change, Compared, Shift, difference
from chalicelib.rulebook.rule import Rule, Status
from chalicelib.rulebook.tally import SAMPLES_A_CHANGE, Tally
from chalicelib.rulebook.whynot import Reasoned, reasoned
from tests.unit.rulebooks import AT, IGNORE, line, post, rule, rulebook, words

NOTHING = Decision("x:1", "v", Outcome.IGNORE, "no rule")
SPAM = replace(NOTHING, rule="spam", reason="spam")
CASE = Decision(
    "x:1", "v", Outcome.ESCALATE, "money", rule="refund", team="billing", priority=Priority.HIGH, first_reply_due=AT
)
OFFER = Decision(
    "x:1", "v", Outcome.RECOMMEND, "help", rule="help", team="care", priority=Priority.NORMAL,
    recommendation=Recommendation("help", "page"),
)  # fmt: skip


def compared(before: Decision, after: Decision, of: Post | None = None) -> Compared:
    return Compared(of or post("hello"), Context(), before, after)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (NOTHING, CASE, Change(Shift.CAUGHT, "no rule", "refund")),
        (SPAM, OFFER, Change(Shift.CAUGHT, "spam", "help")),
        (CASE, SPAM, Change(Shift.MISSED, "refund", "spam")),
        (CASE, replace(CASE, team="care"), Change(Shift.HANDS, "refund", "refund", ("team",))),
        (CASE, replace(CASE, priority=Priority.LOW), Change(Shift.HANDS, "refund", "refund", ("priority",))),
        (CASE, replace(CASE, rule="money"), Change(Shift.HANDS, "refund", "money")),
        (CASE, replace(CASE, tell=("press",)), Change(Shift.HANDS, "refund", "refund", ("team told",))),
        (
            CASE,
            replace(CASE, first_reply_due=AT + timedelta(hours=1)),
            Change(Shift.HANDS, "refund", "refund", ("first reply",)),
        ),
        (
            OFFER,
            replace(OFFER, recommendation=Recommendation("help", "other")),
            Change(Shift.HANDS, "help", "help", ("offer",)),
        ),
        (CASE, CASE, None),
        (CASE, replace(CASE, reason="other words", matched=("refund", "angry")), None),
        (replace(CASE, tell=("a", "b")), replace(CASE, tell=("b", "a")), None),
        (NOTHING, SPAM, None),
    ],
)
def test_a_change_is_what_somebody_would_handle_differently(
    before: Decision, after: Decision, change: Change | None
) -> None:
    assert difference(before, after) == change


def test_a_post_that_another_rule_ignores_is_told_apart_and_is_no_change() -> None:
    tally = Tally()
    tally.add(compared(NOTHING, SPAM))
    tally.add(compared(SPAM, SPAM))

    assert (tally.decided, tally.renamed, tally.changed, tally.share) == (2, 1, 0, 0.0)
    assert (tally.before.rules["no rule"], tally.after.rules["spam"]) == (1, 2)


def test_the_share_is_of_what_the_rules_decided_not_of_what_guards_stopped() -> None:
    tally = Tally()
    tally.add(compared(NOTHING, CASE))
    tally.add(compared(NOTHING, NOTHING))
    tally.guarded["own account"] += 98

    assert (tally.posts, tally.share) == (100, 50.0)


def test_teams_and_priorities_are_counted_where_somebody_gets_work() -> None:
    tally = Tally()
    for after in (CASE, OFFER, SPAM):
        tally.add(compared(NOTHING, after))

    assert dict(tally.after.teams) == {"billing": 1, "care": 1}
    assert dict(tally.after.priorities) == {"high": 1, "normal": 1}
    assert not tally.before.teams


def test_the_same_posts_in_any_order_leave_the_same_samples() -> None:
    posts = [post("hello", id=f"x:{n}") for n in range(200)]
    kept = []
    for ordered in (posts, posts[::-1], sorted(posts, key=lambda of: of.version + of.id[::-1])):
        tally = Tally()
        for of in ordered:
            tally.add(compared(NOTHING, CASE, of))
        (found,) = tally.changes.values()
        kept.append([sample.post.id for sample in found.samples])

    assert kept[0] == kept[1] == kept[2]
    assert len(set(kept[0])) == SAMPLES_A_CHANGE
    assert found.posts == 200


def test_changes_of_kinds_beyond_the_most_are_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_CHANGES", 3)
    tally = Tally()
    for number in range(10):
        tally.add(compared(NOTHING, replace(CASE, rule=f"r{number % 5}")))

    assert (len(tally.changes), tally.changed, tally.unlisted) == (3, 10, 4)


def test_days_of_strange_posts_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_DAYS", 4)
    tally = Tally()
    for number in (*range(10), 0, 0):
        tally.add(compared(NOTHING, CASE, post(id=f"x:{number}", created_at=AT + timedelta(days=number))))
    tally.add(compared(NOTHING, CASE, post(created_at=None)))

    assert len(tally.days) == 4
    assert tally.days[AT.date()].posts == tally.days[AT.date()].changed == 3


def test_the_largest_move_comes_first_and_ties_go_by_name() -> None:
    tally = Tally()
    for name in ("b", "c", "c", "a"):
        tally.add(compared(NOTHING, replace(CASE, rule=name)))

    assert [change.after for change, _ in tally.largest(Shift.CAUGHT)] == ["c", "a", "b"]


REFUND = rule("refund", line("all", words("refund")), line("none", words("tax")))


def said(before: tuple[Rule, ...], after: tuple[Rule, ...], text: str) -> Reasoned:
    """Decide by both and explain."""
    books = rulebook(*before), rulebook(*after)
    facts = read(post(text), Context())
    found = Compared(facts.post, Context(), *(book.decide(facts, trace=False) for book in books))
    change = difference(found.before, found.after)
    assert change is not None
    return reasoned(found, change, facts, *books)


@pytest.mark.parametrize(
    ("before", "ending"),
    [
        ((), "before: there is no rule refund"),
        ((replace(REFUND, status=Status.SHADOW),), "before: refund is shadow"),
        ((replace(REFUND, review_by="2024-01-01"),), "before: refund is past its review"),
        (
            (replace(REFUND, lines=(line("all", words("money back")),)),),
            "before: in refund, 'text has any: money back' says no",
        ),
        (
            (replace(REFUND, lines=(*REFUND.lines, line("none", words("now")))),),
            "before: in refund, 'text has any: now' says yes (\"now\")",
        ),
        (
            (replace(REFUND, lines=(line("any", words("cash")), line("any", words("money")))),),
            "before: in refund, 'text has any: cash' or 'text has any: money' says no",
        ),
        (
            (REFUND, rule("noise", line("all", words("now")), then=IGNORE, overrides=("refund",))),
            "before: refund matched too, and noise wins",
        ),
    ],
)
def test_what_is_newly_caught_says_what_was_found_and_what_kept_it_before(
    before: tuple[Rule, ...], ending: str
) -> None:
    reason = said(before, (REFUND,), "Refund me now")

    assert reason.why == f'Refund: found "refund"; {ending}'
    assert reason.found == ("refund",)


def test_what_is_newly_missed_says_why_the_old_rule_does_not_match_any_more() -> None:
    stricter = replace(REFUND, lines=(*REFUND.lines, line("all", words("please"))))
    reason = said((REFUND,), (stricter,), "Refund me now")

    assert reason.why == "Refund: found \"refund\"; after: in refund, 'text has any: please' says no"
    assert reason.found == ("refund",)


def test_what_stays_with_its_rule_needs_no_reason_but_the_rules_own() -> None:
    handed_on = replace(REFUND, then=replace(REFUND.then, team="billing"))

    assert said((REFUND,), (handed_on,), "Refund me now").why == 'Refund: found "refund"'
