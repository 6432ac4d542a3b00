"""The gate: a rulebook that crashes, hangs, misleads or overeats durable_rules is refused, and nothing else dies."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.model import Context, Kind, Post
from chalicelib.reading import read
from chalicelib.rulebook import bundle
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.gate import Limits, Sample, examine
from chalicelib.rulebook.probes import probes
from chalicelib.rulebook.rule import Book, Repeats, Topic
from chalicelib.trial import Crossing
from tests.unit.doctored_trial import TRAPS
from tests.unit.rulebooks import IGNORE, line, rule, words

THREE = Repeats("posts", (), 3, "30 minutes", "2 hours")
REFUNDS = Book(
    (Topic("router", (line("any", words("router", "modem")),)),),
    (
        rule("refund", line("any", words("refund", "money back")), line("none", words("tax refund"))),
        rule("danger", line("all", words("router", field="topic", test="is any of")), line("all", words("smok*"))),
        rule("spike", line("all", words("outage")), repeats=THREE),
        rule("noise", line("all", words("#win")), line("none", words("refund")), then=IGNORE),
    ),
)
BUNDLE = bundle.dumps(REFUNDS)
SMALL = Limits(seconds=30, megabytes=192, posts=60)
# What each trap of the C code of durable_rules 2.0.28 comes to.
SEEN = {
    "a regex with a range of Chinese": "durable_rules crashed (SIGSEGV), while the rules were loaded",
    "300 rules on one condition": "durable_rules failed (Could not create ruleset, error code: 108)",
    "a division by zero": "durable_rules crashed (SIGFPE), at a post",
    "a regex that never compiles": "durable_rules did not come to an end within 2 s, while the rules were loaded",
    "512 conditions on one level": "durable_rules did not come to an end within 2 s, while the rules were loaded",
    "20 pairs of alternatives": "durable_rules failed (Could not create ruleset, error code: 113)",
    "65 conditions true at once": "durable_rules failed (Could not assert fact, error code: 303)",
    "a window of time": "durable_rules failed (Could not create ruleset, error code: 105)",
    "rule sets that are never freed": "durable_rules needs more than 192 MB, while the rules were loaded",
    "two keys in one condition": "matches by durable_rules and does not by the plain evaluator, at a post",
    "rules of negations alone": "by durable_rules and does",
    "windows that never cross": "rule 'spike' does not match by durable_rules and does by the plain evaluator",
    "negations that are lost": "matches by durable_rules and does not by the plain evaluator, at a post",
}


def doctored(trap: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "tests.unit.doctored_trial", trap)


@pytest.mark.thorough
def test_sound_rules_pass() -> None:
    examined = examine(BUNDLE)

    assert examined.problems == ()
    assert examined.posts == len(list(probes(REFUNDS)))
    assert 0 < examined.seconds < 60


@pytest.mark.thorough
def test_a_crash_is_seen_and_this_process_lives() -> None:
    trap = "a regex with a range of Chinese"
    examined = examine(BUNDLE, limits=SMALL, program=doctored(trap))

    assert examined.problems == (SEEN[trap],)


@pytest.mark.local
@pytest.mark.parametrize("trap", SEEN)
def test_no_known_trap_of_the_engine_comes_through(trap: str) -> None:
    limits = replace(SMALL, seconds=2) if "come to an end" in SEEN[trap] else SMALL

    problems = examine(BUNDLE, limits=limits, program=doctored(trap)).problems

    assert problems
    assert SEEN[trap] in problems[0]


@pytest.mark.local
def test_without_a_trap_the_tampered_program_passes() -> None:
    assert TRAPS.keys() - SEEN.keys() == {"nothing"}
    assert examine(BUNDLE, limits=SMALL, program=doctored("nothing")).problems == ()


@pytest.mark.local
def test_a_disagreement_names_the_sample_it_was_seen_at() -> None:
    post = Post(id="x:1", platform="x", kind=Kind.MENTION, text="#win a tax refund")
    sample = Sample("the example rules/care.rules.yml:12", post, Context())

    examined = examine(BUNDLE, [sample], Limits(posts=0), doctored("two keys in one condition"))

    assert examined.posts == 1
    assert all(problem.endswith("at the example rules/care.rules.yml:12") for problem in examined.problems)
    assert {problem.partition("'")[2].partition("'")[0] for problem in examined.problems} >= {"refund", "noise"}


@pytest.mark.local
def test_what_is_no_bundle_is_refused_in_words() -> None:
    (problem,) = examine("{}").problems

    assert "this bundle cannot be used: expected the format" in problem


def program(folder: Path, code: str) -> tuple[str, ...]:
    """A program of the gate's that does something else."""
    (folder / "program.py").write_text(code)
    return (sys.executable, str(folder / "program.py"))


@pytest.mark.local
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "the gate's own process ended with 0 (it said nothing), while the rules were loaded"),
        ("import sys; sys.exit('no such thing')", "the gate's own process ended with 1 (no such thing)"),
        ("print('{\"at\": \"one\"}'); print('{\"do', end='')", "ended with 0 (it said nothing), at one"),
        ('print(\'{"done": "all"}\'); raise SystemExit(3)', "ended with 3"),
    ],
)
def test_a_program_that_ends_otherwise_than_it_should_lets_nothing_pass(tmp_path: Path, code: str, said: str) -> None:
    (problem,) = examine(BUNDLE, program=program(tmp_path, code)).problems

    assert said in problem


@pytest.mark.local
def test_a_program_that_hangs_is_dead_afterwards(tmp_path: Path) -> None:
    code = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"

    examined = examine(BUNDLE, limits=Limits(seconds=1), program=program(tmp_path, code))

    assert examined.problems == ("durable_rules did not come to an end within 1 s, while the rules were loaded",)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.local
def test_the_gates_process_holds_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    code = "import json, os; print(json.dumps({'wrong': ' '.join(sorted(os.environ))})); print('{\"done\": \"all\"}')"

    (seen,) = examine(BUNDLE, program=program(tmp_path, code)).problems

    assert "PYTHONPATH" in seen
    assert "AWS" not in seen


def test_probes_make_every_rule_match_and_every_rule_fail() -> None:
    plain = Rulebook(REFUNDS, "v1", "plain")
    found = [
        plain.decide(read(post, Context()), trace=False, windows=Crossing()).matched for _, post in probes(REFUNDS)
    ]

    assert {name for matched in found for name in matched} == {one.id for one in REFUNDS.rules}
    assert () in found


def test_probes_come_first_with_what_is_worst() -> None:
    names = [name for name, _ in probes(REFUNDS)]

    assert max(n for n, name in enumerate(names) if "all rules" in name) < min(
        n for n, name in enumerate(names) if "'refund'" in name or "'router'" in name
    )


@pytest.mark.local
def test_who_gives_many_posts_gets_more_time_for_them(tmp_path: Path) -> None:
    code = "import json, pickle, sys\nprint(json.dumps({'wrong': str(pickle.load(sys.stdin.buffer).limits.seconds)}))"
    samples = [Sample("a post", Post("x:1", "x"), Context())] * 1000

    assert examine(BUNDLE, samples, program=program(tmp_path, code)).problems[0] == "110.0"
