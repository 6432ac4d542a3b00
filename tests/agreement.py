"""durable_rules, our plain evaluator and an independent one (agreement_oracle) over random rulebooks and nasty posts.

python -m tests.agreement --pairs 200000      so many pairs of a rulebook and a post, rulebooks made and closed
python -m tests.agreement --posts 1000000     so many posts through one process: right, and memory flat
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from chalicelib.model import Author, Context, Facts, Kind, Outcome, Post, Priority
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.rule import BLOCKS, Book, Line, Rule, Status, Test, Then, Topic
from tests.agreement_oracle import Expected, decides

SEARCHED = (
    *(
        "late",
        "late*",
        "slow down",
        "slow* down",
        "#fail",
        "fail",
        "@acme",
        "着火",
        "😡",
        "nil",
        "live",
        "boot",
        "sid",
        "id",
    ),
    *("réfund", "money back", "غير آمن", "çöktü", "p0", "won't", "$", "100"),
    *(f"word{n}" for n in range(40)),
)
NASTY = (
    *("LATE", "slower  down", "slow—down", '"', "'", "\\", "\x00", "\u202eliah\u202c", "\ud800", "é" * 300, "$forward"),
    *(
        "1e-05",
        "re\u0301fund",
        "ＭＯＮＥＹ back",
        "İ",
        "ß",
        "\u200b",
        "https://late.example/fail",
        "@late",
        '{"id":"x"}',
    ),
    *("%w", "\n", "٣", "ŞOK", "won\u2019t"),
)
KINDS = (None, *Kind)
THENS = tuple(
    Then(outcome, priority=priority, team="care", first_reply=reply, template="help")
    for outcome in Outcome
    for priority in (Priority.HIGH, Priority.LOW, None)
    for reply in (None, "2 business hours", "5 hours")
)
A_RULEBOOK = 100  # posts for each
LARGE, EVERY = 300, 40  # one rulebook in so many is large


def test(rnd: random.Random) -> Test:
    """Any question of the catalogue's forms."""
    words = tuple(rnd.sample(SEARCHED, rnd.randint(1, 6)))
    field = rnd.choice(("text", "text", "text", "quoted text", "parent text"))
    return rnd.choice((
        Test(field, "has any", words),
        Test(field, "has any", words),
        Test(field, "has all", words[:2]),
        Test(field, "has at least", words, float(rnd.randint(1, len(words)))),
        Test("text", "matches pattern", (rnd.choice(("l.te", "[0-9]+", "^$", "é{3}")),)),
        Test("kind", "is any of", tuple(rnd.sample([kind.value for kind in Kind], 3))),
        Test("language", "is any of", tuple(rnd.sample(("en", "en-au", "de", "pt-br"), 2))),
        Test("handle", "is any of", (rnd.choice(("@Ana", "bo", "ŞOK")),)),
        Test("rating", rnd.choice(("at least", "at most")), (), rnd.choice((1.0, 2.0, 4.5))),
        Test("author followers", rnd.choice(("at least", "at most")), (), rnd.choice((0.0, 10.0, 1e12))),
        Test("word count", rnd.choice(("at least", "at most")), (), rnd.choice((0.0, 3.0, 12.0))),
        Test(rnd.choice(("author is employee", "asks a question", "has link")), "is", (rnd.choice(("yes", "no")),)),
        Test(rnd.choice(("rating", "text", "language")), "is known"),
    ))  # fmt: skip


def book(rnd: random.Random, rules: int) -> Book:
    """Topics and rules that ask them; few tests, so that rules share them."""
    tests = [test(rnd) for _ in range(max(8, rules // 2))]
    topics = tuple(Topic(f"topic {n}", _lines(rnd, tests)) for n in range(rnd.randint(0, 4)))
    topical = [
        Test("topic", "is any of", tuple(rnd.sample([t.id for t in topics], rnd.randint(1, len(topics)))))
        for _ in topics
    ]
    made = []
    for number in range(rules):
        then, status = (
            rnd.choice(THENS),
            rnd.choice((Status.LIVE, Status.LIVE, Status.LIVE, Status.SHADOW, Status.DRAFT)),
        )
        beats = (
            (f"rule-{rnd.randrange(number)}",)
            if number and then.outcome is Outcome.IGNORE and rnd.random() < 0.3
            else ()
        )
        lines = _lines(rnd, [*tests, *topical, *topical])
        made.append(Rule(f"rule-{number}", "A rule", status, "2099-01-01", "", lines, then, overrides=beats))
    return Book(topics, tuple(made))


def _lines(rnd: random.Random, tests: Sequence[Test]) -> tuple[Line, ...]:
    return tuple(Line(rnd.choice(BLOCKS), "a line", rnd.choice(tests)) for _ in range(rnd.randint(1, 6)))


def text(rnd: random.Random) -> str | None:
    """What people, and people who want to break it, write: 100 kB at times, and every keyword at once."""
    kind = rnd.random()
    if kind < 0.05:
        return None
    if kind < 0.055:
        return rnd.choice(NASTY) * 20_000 + " late"
    if kind < 0.08:
        return " ".join(rnd.choices(SEARCHED, k=3000))
    return rnd.choice((" ", " ", "", ", ")).join(rnd.choices(SEARCHED + NASTY, k=rnd.randint(0, 12)))


def post(rnd: random.Random, number: int) -> Facts:
    """A post as triage would read it."""
    author = Author(handle=rnd.choice((None, "ANA", "bo", "şok")), followers=rnd.choice((None, 0, 10, 2**70)))
    made = Post(
        id=f"x:{number}",
        platform="x",
        kind=rnd.choice(KINDS),
        text=text(rnd),
        quoted_text=text(rnd),
        parent_text=None if rnd.random() < 0.5 else text(rnd),
        language=rnd.choice((None, "en-AU", "de")),
        rating=rnd.choice((None, 1.0, 4.5, 1e-05, float("inf"), float("nan"))),
        author=author,
    )
    return read(made, Context(is_employee=rnd.choice((None, True, False))))


def compare(rulebook: Rulebook, facts: Facts, expected: Expected) -> None:
    """Raise AssertionError where it decides otherwise than the page."""
    made = rulebook.decide(facts, trace=False)
    found = Expected(made.rule, made.outcome, made.matched, made.shadow)
    assert found == expected, f"{facts.post.id}: {found} is not {expected}"
    assert rulebook.match(facts) == frozenset((*expected.matched, *expected.shadow)), facts.post.id


def pairs(count: int, seed: int = 1) -> Iterator[int]:
    """Compare so many pairs of a rulebook and a post; yields how many are done, rulebook by rulebook."""
    rnd = random.Random(seed)  # noqa: S311
    posts = [post(rnd, number) for number in range(600)]
    done = 0
    while done < count:
        made = book(rnd, LARGE if (done // A_RULEBOOK) % EVERY == EVERY - 1 else rnd.randint(1, 14))
        durable, plain = Rulebook(made, "v", "durable"), Rulebook(made, "v", "plain")
        try:
            for facts in rnd.sample(posts, min(A_RULEBOOK, count - done)):
                expected = decides(made, facts)
                compare(durable, facts, expected)
                compare(plain, facts, expected)
                done += 1
        finally:
            durable.close()
        yield done


def through(count: int, seed: int = 2, step: int = 100_000) -> Iterator[int]:
    """So many posts through one rulebook on durable_rules, each compared; yields after every `step`."""
    rnd = random.Random(seed)  # noqa: S311
    made = book(rnd, 60)
    known = [(facts, decides(made, facts)) for facts in (post(rnd, number) for number in range(2000))]
    known = [pair for pair in known if len(str(pair[0].values.get("text"))) < 5000] + known[:20]
    rulebook = Rulebook(made, "v", "durable")
    for done in range(1, count + 1):
        facts, expected = rnd.choice(known)
        found = rulebook.decide(facts, trace=False)
        assert (found.rule, found.matched, found.shadow) == (expected.rule, expected.matched, expected.shadow)
        if done % step == 0 or done == count:
            yield done
    rulebook.close()


def memory() -> float:
    """What this process holds, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def main() -> None:
    """Compare, and tell how memory went."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pairs", type=int, default=0)
    asked.add_argument("--posts", type=int, default=0)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    began = time.process_time()
    for what, rounds, every in (
        ("pairs", pairs(given.pairs, given.seed), 20_000),
        ("posts", through(given.posts, given.seed), 1),
    ):
        for done in rounds:
            if done % every == 0:
                print(f"{done} {what} agree; {memory():.0f} MB; {time.process_time() - began:.0f} s of CPU", flush=True)


if __name__ == "__main__":
    main()
