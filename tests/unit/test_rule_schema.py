"""What is made from the catalogue of words: the JSON Schema that editors use, and the page of all words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from chalicelib.cli.main import main
from chalicelib.model.window import MOST
from chalicelib.rulebook.guide import page
from chalicelib.rulebook.loader import load
from chalicelib.rulebook.schema import schema
from chalicelib.rulebook.vocabulary import CATALOGUE, Word
from tests.unit.good_rules import every_word

ROOT = Path(__file__).parents[2]
BROKEN = sorted((ROOT / "tests/rules/broken").glob("*.rules.yml"))
VALIDATOR = jsonschema.Draft202012Validator(schema())
# What needs another line, another file, the catalogue's folding, RE2 or the clock: for `earshot check` alone.
ONLY_CHECK_SEES = {
    "alias", "at-most-too-often", "backreference", "business-hours-of-no-calendar", "calendar-country",
    "calendar-hours-of-no-length", "calendar-hours-overlap", "calendar-hours-that-no-clock-shows",
    "calendar-subdivision", "calendar-timezone", "calendar-twice", "choice-of-a-list-of-words",
    "choice-without-brackets", "curly-quotes", "emoji-shortcode", "example-time-that-is-none", "fairness-followers",
    "fairness-how-often-somebody-posts", "fairness-no-reply", "fairness-override", "fairness-posts-in-days",
    "fairness-through-a-topic", "fairness-verified", "has-at-least-none", "hash-on-a-line-of-its-own", "id-twice",
    "line-break-of-a-word-processor", "list-twice", "overrides-by-escalation", "overrides-itself",
    "overrides-unknown", "overrides-urgent", "pattern-without-examples", "repeats-and-ignores",
    "repeats-authors-per-author", "repeats-quiet-and-matching", "repeats-times-usual-of-a-day",
    "repeats-times-usual-too-small",
    "repeats-times-lately-of-a-day", "repeats-times-lately-too-small",
    "story-look-at-no-priority", "story-look-at-no-team", "story-look-in-other-words", "story-says-of-nothing",
    "story-silence-of-no-rule", "story-silence-that-ended", "story-told-in-other-words", "story-told-of-no-team",
    "story-change-of-nothing", "story-of-a-retired-rule", "story-of-no-rule", "story-time", "test-twice-in-line",
    "time-within-no-calendar", "time-within-unknown-calendar", "too-long-a-time", "too-many-lines",
    "too-many-of-words", "topic-twice", "unknown-list", "unknown-topic", "unsearchable-word", "word-without-brackets",
    "wrong-date", "wrong-language", "wrong-pattern", "wrong-timezone",
}  # fmt: skip


class Editor(yaml.SafeLoader):
    """YAML as editors read it: dates stay texts."""


Editor.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in resolvers if not tag.endswith(":timestamp")]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parsed(text: str) -> Any:
    return yaml.load(text, Editor)  # noqa: S506 - a safe loader


@pytest.mark.parametrize("file", sorted((ROOT / "rules").glob("*.rules.yml")), ids=lambda file: file.name)
def test_the_schema_takes_the_shipped_rules(file: Path) -> None:
    VALIDATOR.validate(parsed(file.read_text(encoding="utf-8")))


def test_the_schema_takes_every_word_and_the_loader_does(tmp_path: Path) -> None:
    (tmp_path / "a.rules.yml").write_text(every_word(), encoding="utf-8")

    VALIDATOR.validate(parsed(every_word()))
    assert sum(len(rule.lines) for rule in load(tmp_path).book.rules) == len(CATALOGUE) + 2


@pytest.mark.parametrize("name", ["README.md", "rules/README.md"])
def test_the_schema_takes_the_rules_that_pages_show(name: str) -> None:
    for shown in re.findall(r"```yaml\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL):
        head = {"format": "triage/1", "owner": {"team": "care", "contact": "care@acme.example"}}
        if shown.startswith(" "):  # part of a rule
            shapes = schema()["$defs"]["rule"]["properties"]
            for key, value in parsed(shown).items():
                jsonschema.Draft202012Validator(shapes[key]).validate(value)
        else:
            VALIDATOR.validate(head | parsed(shown))


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.name.removesuffix(".rules.yml"))
def test_the_schema_refuses_what_a_schema_can(file: Path) -> None:
    try:
        found = parsed(file.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        return  # an editor underlines it without a schema
    name = file.name.removesuffix(".rules.yml")

    assert VALIDATOR.is_valid(found) is (name in ONLY_CHECK_SEES)


def test_the_schema_is_one() -> None:
    VALIDATOR.check_schema(schema())
    assert json.loads(json.dumps(schema())) == schema()


def test_editors_complete_every_word_with_what_it_means() -> None:
    offered = schema()["$defs"]["line"]["properties"]

    assert offered.keys() == {key.replace("N days", "7 days") for key in CATALOGUE}
    assert all(each["description"] for each in offered.values())


def test_the_page_of_words_is_as_the_catalogue_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["schema", "--page"])

    assert code == 0
    shown = (ROOT / "docs/vocabulary.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == page() == shown, "earshot schema --page > docs/vocabulary.md"


@pytest.mark.parametrize("word", CATALOGUE.values(), ids=CATALOGUE)
def test_the_page_shows_every_word(word: Word) -> None:
    assert f"| `{word.key}: {word.example}`" in page()


def test_a_count_of_repeats_above_the_most_is_refused_by_the_schema_too() -> None:
    repeats = schema()["$defs"]["rule"]["properties"]["repeats"]

    assert not jsonschema.Draft202012Validator(repeats).is_valid({"at least": MOST + 1, "within": "5 minutes"})
