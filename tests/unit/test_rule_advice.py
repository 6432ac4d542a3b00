"""What `earshot check` warns of: rules-format 22, and what FAIR-1 leaves to judgement."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chalicelib.rulebook.advice import advice
from chalicelib.rulebook.loader import load

FILE = """format: triage/1
owner: {team: care, contact: "care@acme.example"}
calendars: {office hours: {days: monday to friday, closed: ["2026-12-24"]}}
rules:
  - id: late
    name: Something is late
    status: live
    review by: "2026-11-20"
    why: People wait.
    when: {all: [{text has any: ["late"]}]}
    then: {escalate: {priority: high}}
    examples: [{post: "late", expect: match}, {post: "a", expect: no match}]
"""


def warnings(folder: Path, today: str, **changed: str) -> list[str]:
    text = FILE
    for old, new in changed.items():
        text = text.replace(old, new)
    (folder / "a.rules.yml").write_text(text, encoding="utf-8")
    return [f"{problem.line}: {problem.message}" for problem in advice(load(folder), date.fromisoformat(today))]


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2026-11-20", []),
        ("2026-11-21", ["It acts until 2026-12-04, then it only records."]),
        ("2026-12-04", ["It acts until 2026-12-04, then it only records."]),
        ("2026-12-05", ["Since 2026-12-04 it only records."]),
    ],
)
def test_a_review_that_is_past_is_warned_of_for_a_fortnight_and_then_the_rule_only_records(
    today: str, said: list[str], tmp_path: Path
) -> None:
    found = warnings(tmp_path, today)

    assert found == [f"5: rule 'late' was to be reviewed by 2026-11-20. {each}" for each in said]


def test_an_urgent_rule_past_its_review_stays_live_and_nags(tmp_path: Path) -> None:
    (found,) = warnings(tmp_path, "2028-01-01", high="urgent")

    assert found.endswith("It is urgent, so it stays live.")


@pytest.mark.parametrize("status", ["draft", "shadow", "retired"])
def test_only_live_rules_are_warned_of(status: str, tmp_path: Path) -> None:
    assert warnings(tmp_path, "2028-01-01", live=status) == []


def test_high_priority_for_named_people_asks_for_its_reason(tmp_path: Path) -> None:
    (found,) = warnings(tmp_path, "2026-11-20", **{'text has any: ["late"]': 'handle is any of: ["@star"]'})

    assert "gives high priority to people it names" in found
    assert (
        warnings(tmp_path, "2026-11-20", **{'text has any: ["late"]': 'handle is any of: ["@star"]', "high": "low"})
        == []
    )


def test_holidays_that_end_are_told_of_in_their_last_year(tmp_path: Path) -> None:
    assert warnings(tmp_path, "2035-12-31", **{"2026-11-20": "2037-01-01"}) == []
    assert "known up to 2036" in warnings(tmp_path, "2036-01-01", **{"2026-11-20": "2037-01-01"})[0]


@pytest.mark.parametrize(
    ("after", "promised", "warned"),
    [
        ("1 hour", "3 hours", True),
        ("170 minutes", "3 hours", True),
        ("3 hours", "3 hours", False),
        ("4 hours", "3 hours", False),
        ("1 business hour", "2 business hours", True),
        ("1 hour", "2 business hours", False),
    ],
)
def test_a_step_before_the_promised_reply_is_due_is_warned_of_where_the_two_can_be_compared(
    after: str, promised: str, warned: bool, tmp_path: Path
) -> None:
    then = f"{{priority: low, first reply within: {promised}, if no reply: {{after: {after}, team: leads}}}}"
    found = warnings(tmp_path, "2026-11-20", **{"{priority: high}": then})

    said = (
        f"5: rule 'late' does not wait for its own promise: 'if no reply' after {after} comes before the first reply "
        f"is due ({promised}), and people are told that it is overdue."
    )
    assert found == ([said] if warned else [])
