"""Rule files to one checked set: rules-format 1 to 3, fairness, life. The broken files are in tests/rules/broken."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import RulebookError
from chalicelib.model import Kind
from chalicelib.rulebook.loader import load
from chalicelib.rulebook.rule import Test
from chalicelib.rulebook.source import tree
from chalicelib.rulebook.spelling import spelling, unclosed
from tests import fuzz_rules
from tests.fuzz_rules import broken, trouble

HERE = Path(__file__).parents[1] / "rules"
BROKEN = sorted((HERE / "broken").glob("*.rules.yml"))
HEAD = 'format: triage/1\nowner: {team: care, contact: "care@acme.example"}\n'
DRAFT = """    name: A draft
    status: draft
    review by: "2027-02-01"
    why: Because.
    then: {ignore: {reason: noise}}
"""


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.rules.yml").write_text(text, encoding="utf-8")
    return folder


def problems(path: Path) -> list[str]:
    with pytest.raises(RulebookError) as told:
        load(path)
    return [f"{problem.line}: {problem.message}" for problem in told.value.problems]


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.name.removesuffix(".rules.yml"))
def test_a_broken_file_is_refused_in_words_its_author_understands(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE.parents[1])
    expected = file.with_name(file.name.replace(".rules.yml", ".expected")).read_text(encoding="utf-8")

    assert "".join(f"{told}\n" for told in problems(file.relative_to(HERE.parents[1]))) == expected


def test_there_are_enough_broken_files() -> None:
    assert len(BROKEN) >= 180
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) >= 5 for file in HERE.glob("broken/*.expected")) >= 5


def test_every_broken_file_has_its_messages_and_every_message_its_file() -> None:
    names = {file.name.removesuffix(".rules.yml") for file in BROKEN}

    assert names == {file.name.removesuffix(".expected") for file in HERE.glob("broken/*.expected")}


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    written(tmp_path, a=HEAD + "rulez: []\n", b=HEAD + "timezone: Mars/Olympus\n", c="[")
    with pytest.raises(RulebookError) as told:
        load(tmp_path)

    assert [Path(problem.file).name[0] for problem in told.value.problems] == ["a", "b", "c"]


def test_a_list_serves_every_file_whatever_their_order(tmp_path: Path) -> None:
    rule = f"rules:\n  - id: slow\n{DRAFT}    when: {{all: [{{text has any: slow words}}]}}\n"
    written(tmp_path, a=HEAD + rule, z=HEAD + 'lists:\n  slow words: ["slow", "late"]\n')

    assert load(tmp_path).book.rules[0].lines[0].asks == Test("text", "has any", ("slow", "late"))


def test_an_unquoted_name_among_words_is_a_list_and_a_quoted_one_a_word(tmp_path: Path) -> None:
    when = '    when: {all: [{text has any: [slow, "fast"]}, {text has any: ["slow"]}]}\n'
    rule = f"rules:\n  - id: slow\n{DRAFT}{when}"
    written(tmp_path, a=HEAD + 'lists:\n  slow: ["late"]\n' + rule)
    lines = load(tmp_path).book.rules[0].lines

    assert [line.asks.values for line in lines] == [("late", "fast"), ("slow",)]


def test_a_scalar_is_the_text_its_author_wrote(tmp_path: Path) -> None:
    rule = f"rules:\n  - id: odd\n{DRAFT}    when: {{all: [{{text has any: [no, 1.0, 2027-02-01, null]}}]}}\n"
    written(tmp_path, a=HEAD + rule)

    assert load(tmp_path).book.rules[0].lines[0].asks.values == ("no", "1.0", "2027-02-01", "null")


def test_the_same_id_in_two_files_is_refused(tmp_path: Path) -> None:
    rule = f"rules:\n  - id: slow\n{DRAFT}    when: {{all: [{{has media: yes}}]}}\n"
    written(tmp_path, a=HEAD + rule, b=HEAD + rule)

    assert "is taken" in problems(tmp_path)[0]


def test_a_list_of_the_same_name_in_two_files_is_refused(tmp_path: Path) -> None:
    written(tmp_path, a=HEAD + 'lists: {slow: ["late"]}\n', b=HEAD + 'lists: {slow: ["tardy"]}\n')

    assert "the list 'slow' is already written in" in problems(tmp_path)[0]


def test_a_file_that_nobody_would_read_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "billing.yaml").write_text(HEAD)

    assert problems(tmp_path) == ["1: rule files are named like billing.rules.yml"]


def test_a_folder_without_rules_is_no_rulebook(tmp_path: Path) -> None:
    assert problems(tmp_path) == ["1: there is no rule file here; they are named like billing.rules.yml"]


def test_a_folder_that_is_not_there_is_not_a_problem_of_the_rules(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nowhere")


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.rules.yml").write_bytes(HEAD.encode() + b"timezone: \xff\n")

    assert problems(tmp_path) == ["3: there is a character here that cannot be read; save the file as UTF-8."]


def test_reach_may_add_people_to_tell(tmp_path: Path) -> None:
    then = "    then: {escalate: {priority: normal, tell: [press]}}\n"
    rule = DRAFT.replace("    then: {ignore: {reason: noise}}\n", then)
    when = "    when: {all: [{author followers at least: 1000}]}\n"
    written(tmp_path, a=HEAD + f"rules:\n  - id: loud\n{rule}{when}")

    assert load(tmp_path).book.rules[0].then.tell == ("press",)


def test_an_example_may_say_anything_of_a_post(tmp_path: Path) -> None:
    post = (
        '{text: "", quoted text: q, kind: review, rating: 1.5, media: [photo], '
        "author: {followers: 9, verified: no}, author is customer: yes}"
    )
    example = f"    when: {{all: [{{has media: yes}}]}}\n    examples: [{{post: {post}, expect: match}}]\n"
    written(tmp_path, a=HEAD + f"rules:\n  - id: rich\n{DRAFT}{example}")
    (found,) = load(tmp_path).rules[0].examples

    assert (found.post.text, found.post.quoted_text, found.post.kind) == ("", "q", Kind.REVIEW)
    assert (found.post.rating, found.post.media) == (1.5, ("photo",))
    assert (found.post.author.followers, found.post.author.verified) == (9, False)
    assert found.context.is_customer is True


@pytest.mark.parametrize(
    "line",
    [
        "a: [#b]",
        "a: [b, #c]",
        "- #b",
        "a: #b",
        "a: [b,  @c]",
        "  - @b",
        "a: {b: #c}",
        "a: ['x', #c]",
        "a: [“b”]",
        "- ‘b’",
        "a:\u00a0b",
        "\u00a0a: b",
    ],
)
def test_a_sign_that_yaml_would_lose_is_seen(line: str) -> None:
    assert len(spelling(line, "f")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "# note",
        "#note",
        "a: b # note",
        "a: b #note",
        'a: ["#b", "@c"]',
        "a: 'it''s #1'",
        'a: "x \\" #y"',
        "why: don't #x",
        "a: # x",
    ],
)
def test_a_comment_or_a_quoted_sign_is_let_be(line: str) -> None:
    assert spelling(line, "f") == []


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="abc:#@-[]{}\"' \n\t,&*!|>%?\x00é", max_size=60))
def test_no_text_whatever_breaks_the_reader_of_files(text: str) -> None:
    node, told = tree(text, "f")
    spelling(text, "f")
    unclosed(text)

    assert node is None or not told


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_is_done_to_a_good_file_it_is_taken_or_told_of_in_words(seed: int) -> None:
    with TemporaryDirectory() as folder:
        assert trouble(broken(Random(seed)), Path(folder)) is None  # noqa: S311


@pytest.mark.live
def test_twenty_thousand_broken_files_are_taken_or_told_of_in_words() -> None:
    assert fuzz_rules.main(["--files", "20000"]) == 0


@pytest.mark.parametrize("depth", [21, 5000])
def test_the_deepest_nesting_is_refused_not_fallen_into(depth: int) -> None:
    node, told = tree("[" * depth + "]" * depth, "f")

    assert (node, len(told)) == (None, 1)


def test_a_mark_that_editors_put_before_the_text_is_no_problem(tmp_path: Path) -> None:
    rule = f"rules:\n  - id: slow\n{DRAFT}    when: {{all: [{{has media: yes}}]}}\n"
    written(tmp_path, a="\ufeff" + HEAD + rule)

    assert load(tmp_path).book.rules[0].id == "slow"


@pytest.mark.parametrize("post", ['"late"', '{text: "late"}'])
def test_an_example_that_says_no_kind_is_a_mention(post: str, tmp_path: Path) -> None:
    example = f"    when: {{all: [{{has media: yes}}]}}\n    examples: [{{post: {post}, expect: match}}]\n"
    written(tmp_path, a=HEAD + f"rules:\n  - id: slow\n{DRAFT}{example}")

    assert load(tmp_path).rules[0].examples[0].post.kind is Kind.MENTION
