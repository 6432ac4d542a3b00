"""Every known trap of durable_rules' C code, tried through our loader: refused where it stands, or made harmless.

Its limits as measured: 64 true conditions, 256 rules that end on one, 129 `$or` under one, 512 different ones, 4,096
rules, a rule of negations alone, empty blocks; regexes, floats, long strings and key names that it misreads.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from chalicelib.errors import RulebookError
from chalicelib.model import Author, Context, Post
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.condition import Condition
from chalicelib.rulebook.engine import DurableMatcher
from chalicelib.rulebook.loader import load
from tests.agreement import memory

HEAD = 'format: triage/1\nowner: {team: care, contact: "care@acme.example"}\nrules:\n'
RULE = """  - id: %s
    name: A rule
    status: shadow
    review by: "2099-01-01"
    why: Because.
    when: %s
    then: {escalate: {priority: low, team: care}}
    examples: [{post: "a", expect: no match}, {post: "b", expect: match}]
"""


def folder(at: Path, whens: Iterable[str], ids: Iterable[str] = ()) -> Path:
    named = [*ids]
    rules = (RULE % (named[n] if n < len(named) else f"rule-{n}", when) for n, when in enumerate(whens))
    (at / "traps.rules.yml").write_text(HEAD + "".join(rules), encoding="utf-8")
    return at


def matched(at: Path, *posts: Post) -> list[frozenset[str]]:
    """What durable_rules matches, held to the plain evaluator."""
    book = load(at).book
    durable, plain = Rulebook(book, "v", "durable"), Rulebook(book, "v", "plain")
    try:
        found = [durable.match(read(post, Context())) for post in posts]
        assert found == [plain.match(read(post, Context())) for post in posts]
    finally:
        durable.close()
    return found


def said(text: str | None, **parts: object) -> Post:
    return Post(id="x:1", platform="x", text=text, **parts)  # type: ignore[arg-type]


def has(*words: str) -> str:
    return "{text has any: [%s]}" % ", ".join(f'"{word}"' for word in words)  # noqa: UP031


def problems(at: Path) -> list[str]:
    with pytest.raises(RulebookError) as told:
        load(at)
    return [f"{problem.line}: {problem.message}" for problem in told.value.problems]


def lines(block: str, count: int) -> str:
    return f"{{{block}: [{', '.join(has(f'w{n}') for n in range(count))}]}}"


@pytest.mark.parametrize("block", ["all", "any", "none"])
def test_a_rule_that_could_have_64_conditions_true_is_refused_where_it_stands(tmp_path: Path, block: str) -> None:
    (told,) = problems(folder(tmp_path, [lines(block, 64)]))

    assert told.startswith("4: ")
    assert "has too many lines" in told


def test_a_rule_of_as_many_lines_as_it_may_have_matches_when_all_are_true(tmp_path: Path) -> None:
    text = said(" ".join(f"w{n}" for n in range(50)))

    assert matched(folder(tmp_path, [lines("all", 50), lines("any", 50)]), text) == [{"rule-0", "rule-1"}]


@pytest.mark.thorough
def test_a_post_that_makes_400_conditions_true_matches_400_rules(tmp_path: Path) -> None:
    at = folder(tmp_path, [f"{{all: [{has(f'w{n}')}]}}" for n in range(400)])

    assert len(matched(at, said(" ".join(f"w{n}" for n in range(400))))[0]) == 400


def test_three_hundred_rules_that_ask_the_same_wake_no_other(tmp_path: Path) -> None:
    at = folder(tmp_path, [f"{{all: [{has('late')}]}}"] * 300 + [f"{{all: [{has('early')}]}}"])

    found, none = matched(at, said("late"), said("never"))

    assert len(found) == 300
    assert "rule-300" not in found
    assert none == frozenset()


def test_a_hundred_and_fifty_any_under_one_condition_load_and_match(tmp_path: Path) -> None:
    at = folder(tmp_path, [f"{{all: [{has('late')}], any: [{has(f'a{n}')}, {has(f'b{n}')}]}}" for n in range(150)])

    assert matched(at, said("late a7 b7 b9")) == [{"rule-7", "rule-9"}]


def test_a_hundred_and_fifty_none_under_one_condition_load_and_match(tmp_path: Path) -> None:
    at = folder(tmp_path, [f"{{all: [{has('late')}], none: [{has(f'a{n}')}]}}" for n in range(150)])

    assert len(matched(at, said("late a7"))[0]) == 149


@pytest.mark.thorough
@pytest.mark.parametrize("count", [511, 512, 513])
def test_as_many_different_conditions_as_would_hang_it_load_and_match(tmp_path: Path, count: int) -> None:
    at = folder(tmp_path, [f"{{all: [{has(f'w{n}')}]}}" for n in range(count)])

    assert matched(at, said(f"w{count - 1}")) == [{f"rule-{count - 1}"}]


@pytest.mark.thorough
def test_more_rules_than_one_rule_set_takes_load_and_match() -> None:
    conditions = {f"r{n}": Condition(all=(f"p{n}", "p0")) for n in range(4097)}
    matcher = DurableMatcher(conditions)

    assert matcher.match(conditions, {"p0", "p4096"}) == {"r0", "r4096"}
    matcher.close()


def test_a_rule_of_negations_alone_matches_and_ends(tmp_path: Path) -> None:
    found = matched(folder(tmp_path, [f"{{none: [{has('late')}]}}"]), said("hello"), said("late"), said(None))

    assert found == [{"rule-0"}, frozenset(), {"rule-0"}]


@pytest.mark.parametrize("when", ["{}", "{all: []}", "{all: [], any: []}", '""'])
def test_empty_blocks_are_refused_where_they_stand(tmp_path: Path, when: str) -> None:
    assert problems(folder(tmp_path, [when]))[0].startswith("9: ")


@pytest.mark.parametrize("pattern", ["a(((a|c))*){2,}", "[一-龥]+", ".*(kötü|berbat|rezalet).*", "%w+|nil"])
def test_patterns_that_hang_crash_or_miss_there_are_answered_by_another_engine(tmp_path: Path, pattern: str) -> None:
    at = folder(tmp_path, [f"{{all: [{{text matches pattern: '{pattern}'}}]}}"])

    found = matched(at, said("aaaa 投诉 bu çok kötü bir ürün %www"), said("zzz"))

    assert found == [{"rule-0"}, frozenset()]


@pytest.mark.parametrize("pattern", ["a(b", "(?=a)", "[z-a]"])
def test_patterns_that_are_none_are_refused_where_they_stand(tmp_path: Path, pattern: str) -> None:
    assert problems(folder(tmp_path, [f"{{all: [{{text matches pattern: '{pattern}'}}]}}"]))[0].startswith("9: ")


@pytest.mark.parametrize("number", ["1e-05", "1e16", "Infinity", "nan", "9999999999999999999999", "0x10"])
def test_numbers_that_it_misreads_are_refused_where_they_stand(tmp_path: Path, number: str) -> None:
    assert problems(folder(tmp_path, [f"{{all: [{{rating at least: {number}}}]}}"]))[0].startswith("9: ")


@pytest.mark.parametrize("rating", [1e-05, 1e16, -1e-300, 1e300])
def test_numbers_of_posts_that_it_misreads_are_compared_before_it(tmp_path: Path, rating: float) -> None:
    at = folder(tmp_path, ["{all: [{rating at least: 0.000001}]}", "{all: [{author followers at least: 5}]}"])

    (found,) = matched(at, said("a", rating=rating, author=Author(followers=10**30)))

    assert found == ({"rule-0", "rule-1"} if rating > 0 else {"rule-1"})


def test_texts_that_differ_after_65536_signs_differ(tmp_path: Path) -> None:
    at = folder(tmp_path, [f"{{all: [{has('late')}]}}", f"{{all: [{has('x' * 70_000)}]}}"])

    found = matched(at, said("x" * 70_000 + " late"), said("x" * 70_000 + " lame"), said("xx"))

    assert found == [{"rule-0", "rule-1"}, {"rule-1"}, frozenset()]


def test_names_that_mean_something_to_it_are_words_like_others(tmp_path: Path) -> None:
    names = ("sid", "id", "live", "boot", "$forward", "$s", "s0", "x", "null", "p0", "r0")
    at = folder(tmp_path, [f"{{all: [{has(name)}]}}" for name in names], ids=("sid", "id", "live", "boot"))

    assert matched(at, said("sid boot"), said("nothing")) == [{"sid", "boot"}, frozenset()]


@pytest.mark.parametrize(
    "text", ['"},"live":0,"x":{"', "\\", "\x00late", "\ud800 late", "\u202elate\u202c", "é" * 40_000]
)
def test_no_text_reaches_it(tmp_path: Path, text: str) -> None:
    at = folder(tmp_path, [f"{{all: [{has('late')}]}}", f"{{none: [{has('late')}]}}"])

    assert matched(at, said(text)) == [{"rule-0"} if "late" in text else {"rule-1"}]


@pytest.mark.local
def test_two_hundred_reloads_keep_no_memory(tmp_path: Path) -> None:
    book = load(folder(tmp_path, [f"{{all: [{has(f'w{n}')}], none: [{has(f'v{n}')}]}}" for n in range(60)])).book
    held = []
    for _ in range(200):
        rulebook = Rulebook(book, "v", "durable")
        rulebook.match(read(said("w7"), Context()))
        rulebook.close()
        held.append(memory())

    assert held[-1] - held[20] < 3
