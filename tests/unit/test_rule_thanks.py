"""`after thanks` in a rule, and `conversation sentiment`: read, refused with what would be right, and decided by."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.cli.test import examples
from chalicelib.errors import RulebookError
from chalicelib.model import Context
from chalicelib.reading import read
from chalicelib.rulebook.aftermath import happens
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.loader import load
from tests.unit.people import post

RULES = """format: triage/1
owner: {{team: care, contact: "care@acme.example"}}
rules:
  - id: refund
    name: Money back
    status: live
    review by: "2037-02-01"
    why: Promised.
    when: {{all: [{{text has any: ["refund"]}}]}}
    then: {{escalate: {{priority: {priority}{more}}}}}
    examples: [{{post: "refund", expect: match}}, {{post: "fine", expect: no match}}]
  - id: sour
    name: The mood is bad, whatever the words are
    status: live
    review by: "2037-02-01"
    why: Somebody who was angry twice leaves.
    when: {{all: [{{conversation sentiment at most: -0.5}}]}}
    then: {{escalate: {{priority: normal}}}}
    examples:
      - {{post: {{text: "ok", conversation sentiment: -0.6}}, expect: match}}
      - {{post: {{text: "ok", conversation sentiment: -0.4}}, expect: no match}}
"""


def written(folder: Path, priority: str = "high", more: str = "") -> Path:
    file = folder / "a.rules.yml"
    file.write_text(RULES.format(priority=priority, more=more), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("priority", "more", "stays"),
    [
        ("high", "", False),
        ("urgent", "", True),
        ("high", ", after thanks: stay", True),
        ("urgent", ", after thanks: step down", False),
    ],
)
def test_a_case_stays_where_its_rule_says_so_or_it_is_urgent(
    tmp_path: Path, priority: str, more: str, stays: bool
) -> None:
    source = load(written(tmp_path, priority, more))

    decision = Rulebook(source.book, "v", "plain").decide(read(post(1), Context()))

    assert (decision.rule, decision.stays) == ("refund", stays)
    (told,) = [clause for clause in happens(source.book.rules[0]) if "thanks" in clause] or [""]
    assert told == (
        "" if not more else f"when its author says thanks it {'stays' if stays else 'steps down one level'}"
    )


def test_another_word_is_refused_with_the_two_there_are(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match=r"'after thanks' must be step down or stay; 'stey' is not\."):
        load(written(tmp_path, more=", after thanks: stey"))


def test_the_mood_of_a_conversation_can_be_said_in_examples_and_is_the_mean_of_what_is_known(tmp_path: Path) -> None:
    assert examples(load(written(tmp_path))).failures == ()

    facts = read(post(1, "ok"), Context(moods=(-1.0, -0.5), sentiment=0.0))
    assert facts.values["conversation sentiment"] == -0.5
    assert "conversation sentiment" not in read(post(1, None), Context()).values
