"""One file holds all rules, and decides as they do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.errors import RulebookError, SettingsError
from chalicelib.model import Context
from chalicelib.reading import read
from chalicelib.rulebook import bundle
from chalicelib.rulebook.loader import load
from tests.unit.rulebooks import post

RULES = Path(__file__).parents[2] / "rules"
PEOPLE: dict[str, object] = {"channels": {}, "teams": {}}  # nobody: the file beside the rules names none


def test_the_shipped_bundle_is_what_the_rules_compile_to() -> None:
    assert bundle.SHIPPED.read_text(encoding="utf-8") == bundle.dumps(load(RULES).book, PEOPLE), "run `earshot bundle`"


def test_a_rule_is_a_line() -> None:
    source = load(RULES)
    lines = bundle.dumps(source.book).splitlines()

    assert all(sum(f'"id": "{written.rule.id}"' in line for line in lines) == 1 for written in source.rules)


def test_the_same_rules_are_the_same_version_and_others_another() -> None:
    book = load(RULES).book
    fewer = type(book)(book.topics, book.rules[1:])

    assert bundle.compiled(book, "plain").version == bundle.compiled(load(RULES).book, "plain").version
    assert bundle.compiled(book, "plain").version != bundle.compiled(fewer, "plain").version


@pytest.mark.parametrize("engine", ["durable", "plain"])
def test_a_bundle_decides_as_the_rules_it_was_made_from(engine: str, tmp_path: Path) -> None:
    source = load(RULES)
    version = bundle.write(source.book, tmp_path / "b.json")
    shipped, fresh = bundle.read(tmp_path / "b.json", engine), bundle.compiled(source.book, engine)

    assert shipped.version == version
    for written in source.rules:
        for example in written.examples:
            facts = read(example.post, example.context)

            assert shipped.decide(facts) == fresh.decide(facts)
    shipped.close()
    fresh.close()


@pytest.mark.local
def test_a_bundle_is_read_without_yaml() -> None:
    code = "import sys; from chalicelib.rulebook import bundle; bundle.read(); print('yaml' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "False"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "earshot-rulebook/1"}', '{"format": "earshot-rulebook/2", "version": "x"}']
)
def test_what_is_no_bundle_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(text)

    with pytest.raises(RulebookError, match="this bundle cannot be used"):
        bundle.read(tmp_path / "b.json")


def test_a_bundle_changed_by_hand_is_refused(tmp_path: Path) -> None:
    text = bundle.SHIPPED.read_text(encoding="utf-8").replace('"priority": "high"', '"priority": "low"', 1)
    (tmp_path / "b.json").write_text(text, encoding="utf-8")

    with pytest.raises(RulebookError, match="changed by hand"):
        bundle.read(tmp_path / "b.json")


def test_a_missing_bundle_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="run `earshot bundle`"):
        bundle.read(tmp_path / "b.json")


def test_there_are_two_engines_and_no_third() -> None:
    with pytest.raises(SettingsError, match="durable and plain"):
        bundle.read(engine="drools")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("CHARGED TWICE again @acme, réfund me!", "refund-public"),
        ("No internet in Ballarat since 6 am", "outage-report"),
        ("my router is smoking", "danger-device"),
        ("How do I activate my SIM?", "how-do-i"),
        ("Thank you @acme, brilliant service", "praise"),
        ("any news? still nothing", "still-waiting"),
        ("nice weather today", None),
    ],
)
def test_the_shipped_rules_decide_the_commonest_posts(text: str, rule: str | None) -> None:
    assert bundle.read(engine="plain").decide(read(post(text), Context())).rule == rule
