"""durable_rules against its oracle, and every known trap of its C code that a rulebook could reach."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model import Answer, Author, Context, Kind, LineAnswer, Post
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.condition import MAX_LEAVES, Condition, leaves
from chalicelib.rulebook.engine import RULES, DurableMatcher
from chalicelib.rulebook.plain import PlainMatcher
from chalicelib.rulebook.rule import BLOCKS, Book, Line, Rule, Status, Test, Then, Topic
from tests.unit.rulebooks import ESCALATE, IGNORE, RECOMMEND, rule, words

NASTY = (
    "late", "LATE*", "slow down", "#fail", "@acme", "着火", "😡", '"', "\\", "\x00", "nil", "1e-05", "\ud800",
    "é" * 300, "$forward", "%w", "live", "boot", "sid", "id", "p0",
)  # fmt: skip
SEARCHED = ("late", "late*", "slow down", "#fail", "@acme", "着火", "😡", "nil", "live", "boot", "sid", "id")
TEXTS = st.lists(st.sampled_from(NASTY) | st.text(max_size=5), max_size=12).map(" ".join)
FOUND = st.lists(st.sampled_from(SEARCHED), min_size=2, max_size=4, unique=True)
PLAIN = st.one_of(
    FOUND.map(lambda found: words(*found)),
    FOUND.map(lambda found: words(*found, test="has all")),
    FOUND.map(lambda found: words(*found, test="has at least", number=2)),
    st.just(words("late", field="quoted text")),
    st.just(words("l.te", test="matches pattern")),
    st.just(Test("kind", "is any of", ("mention", "review"))),
    st.just(Test("rating", "at most", number=2)),
    st.just(Test("author is employee", "is", ("yes",))),
    st.just(Test("author followers", "at least", number=10)),
    st.just(Test("rating", "is known")),
)
TOPICAL = st.just(Test("topic", "is any of", ("t0", "t1")))


def lines(tests: st.SearchStrategy[Test]) -> st.SearchStrategy[tuple[Line, ...]]:
    line = st.builds(Line, st.sampled_from(BLOCKS), st.just("line"), tests)
    return st.lists(line, min_size=1, max_size=6).map(tuple)


POSTS = st.builds(
    Post,
    st.just("x:1"),
    st.just("x"),
    st.sampled_from([None, *Kind]),
    text=st.none() | TEXTS,
    quoted_text=st.none() | TEXTS,
    rating=st.sampled_from([None, 1.0, 5.0, float("inf"), 1e-05]),
    author=st.builds(Author, followers=st.sampled_from([None, 2**70, 0])),
)
CONTEXTS = st.builds(Context, is_employee=st.sampled_from([None, True, False]))
THENS = st.sampled_from([ESCALATE, RECOMMEND, IGNORE])


@st.composite
def books(draw: st.DrawFn) -> Book:
    topics = tuple(Topic(f"t{number}", draw(lines(PLAIN))) for number in range(2))
    drawn = draw(st.lists(st.tuples(lines(PLAIN | TOPICAL), THENS, st.sampled_from(Status)), max_size=10))
    rules = tuple(rule(f"rule-{n}", *asked, then=then, status=status) for n, (asked, then, status) in enumerate(drawn))
    return Book(topics, rules)


@pytest.mark.thorough
@settings(max_examples=50, deadline=None)
@given(books(), POSTS, CONTEXTS)
def test_both_engines_decide_alike_and_as_the_lines_answer(book: Book, post: Post, context: Context) -> None:
    _agree(book, post, context)


@pytest.mark.local
@settings(max_examples=1000, deadline=None)
@given(books(), POSTS, CONTEXTS)
def test_both_engines_decide_alike_over_many_rulebooks(book: Book, post: Post, context: Context) -> None:
    _agree(book, post, context)


def _agree(book: Book, post: Post, context: Context) -> None:
    durable, plain = Rulebook(book, "v", "durable"), Rulebook(book, "v", "plain")
    facts = read(post, context)
    made = durable.decide(facts)
    try:
        assert made == plain.decide(facts)
        for each in durable.rules.values():
            trace = durable.explain(facts, each.id)

            assert trace is not None
            assert trace.matched is _should_match(each.then, trace.lines) is (each.id in (*made.matched, *made.shadow))
    finally:
        durable.close()


def _should_match(then: Then, answered: tuple[LineAnswer, ...]) -> bool:
    by = {block: [line.answer for line in answered if line.block == block] for block in BLOCKS}
    stops = {Answer.YES, Answer.UNKNOWN} if then is IGNORE else {Answer.YES}
    some = not by["any"] or Answer.YES in by["any"]
    return set(by["all"]) <= {Answer.YES} and some and not stops & set(by["none"])


@pytest.fixture
def durable() -> Iterator[list[DurableMatcher]]:
    made: list[DurableMatcher] = []
    yield made
    for matcher in made:
        matcher.close()


def agrees(conditions: dict[str, Condition], true: set[str], durable: list[DurableMatcher]) -> set[str]:
    durable.append(DurableMatcher(conditions))
    matched = durable[-1].match(conditions, true)
    assert matched == PlainMatcher(conditions).match(conditions, true)
    return matched


def test_a_thousand_conditions_true_at_once_overflow_no_stack(durable: list[DurableMatcher]) -> None:
    conditions = {f"r{n}": Condition(all=(f"p{n}",)) for n in range(1000)}

    assert len(agrees(conditions, {f"p{n}" for n in range(1000)}, durable)) == 1000


def test_three_hundred_rules_on_one_condition_fire_no_other(durable: list[DurableMatcher]) -> None:
    conditions = {f"r{n}": Condition(all=("p1",)) for n in range(300)} | {"z": Condition(all=("p2",))}

    assert "z" not in agrees(conditions, {"p1"}, durable)


def test_six_hundred_different_conditions_hang_nothing(durable: list[DurableMatcher]) -> None:
    conditions = {f"r{n}": Condition(all=(f"p{n}",), none=(f"q{n}",)) for n in range(600)}

    assert agrees(conditions, {"p7"}, durable) == {"r7"}


def test_a_rule_of_negations_alone_ends(durable: list[DurableMatcher]) -> None:
    assert agrees({"r": Condition(none=("p1", "p2"))}, set(), durable) == {"r"}
    assert agrees({"r": Condition(none=("p1",))}, {"p1"}, durable) == set()


def test_a_rule_without_any_condition_matches_and_ends(durable: list[DurableMatcher]) -> None:
    assert agrees({"r": Condition()}, set(), durable) == {"r"}


def test_a_rule_whose_every_line_is_true_fires_once(durable: list[DurableMatcher]) -> None:
    names = tuple(f"p{n}" for n in range(50))

    assert agrees({"r": Condition(any=names)}, set(names), durable) == {"r"}


def test_one_line_true_and_unwanted_at_once_is_no_match(durable: list[DurableMatcher]) -> None:
    assert agrees({"r": Condition(all=("p1",), any=("p1", "p2"), none=("p1",))}, {"p1"}, durable) == set()


def test_after_no_match_the_next_post_matches(durable: list[DurableMatcher]) -> None:
    durable.append(matcher := DurableMatcher({"r": Condition(all=("p1",))}))
    answers = [matcher.match({"r"}, true) for true in ({"p2"}, {"p1"}, set(), {"p1"}, {"p1"})]

    assert answers == [set(), {"r"}, set(), {"r"}, {"r"}]


def test_a_matcher_that_never_matched_can_be_closed() -> None:
    for _ in range(50):
        matcher = DurableMatcher({"r": Condition(all=("p1",))})
        matcher.match({"r"}, set())
        matcher.close()


@pytest.mark.parametrize(
    "name", ["id", "sid", "boot", "$s", "$forward", "", "a b", '"', "é", "9", "r0", "p0", "a" * 99]
)
def test_a_name_the_c_code_would_misread_never_reaches_it(name: str, durable: list[DurableMatcher]) -> None:
    conditions = {name: Condition(all=("p1",)), "z": Condition(any=(name, "p2"), none=("p1",))}

    assert agrees(conditions, {"p1"}, durable) == {name}
    assert agrees(conditions, {name}, durable) == {"z"}


def test_no_two_names_that_reach_the_c_code_are_one_to_it() -> None:
    names = [f"r{n}" for n in range(RULES)] + [f"p{n}" for n in range(RULES * MAX_LEAVES)]
    names += ["id", "sid", "boot", "$s", "$forward"]

    assert len(set(map(fnv_1a, names))) == len(names)


def fnv_1a(name: str) -> int:
    """As the C code tells names apart (json.c, fnv1Hash32)."""
    found = 2166136261
    for byte in name.encode():
        found = ((found ^ byte) * 16777619) % 2**32
    return found


def test_a_rule_that_nobody_asks_about_never_matches(durable: list[DurableMatcher]) -> None:
    durable.append(matcher := DurableMatcher({f"r{n}": Condition(all=("p1",)) for n in range(100)}))

    assert matcher.match(["r3", "r99"], {"p1"}) == {"r3", "r99"}


@pytest.mark.thorough
@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False))
def test_any_rules_asked_of_any_predicates_match_as_the_plain_evaluator_says(rnd: random.Random) -> None:
    names = [f"{rnd.choice('puw')}{n}" for n in range(rnd.choice((5, 40, 300)))]
    conditions = {f"r{n}": _condition(rnd, names) for n in range(rnd.choice((1, 30, RULES, RULES + 1, 200)))}
    durable, plain = DurableMatcher(conditions), PlainMatcher(conditions)
    try:
        for _ in range(20):
            true = set(rnd.sample(names, rnd.randint(0, len(names))))
            asked = rnd.sample(list(conditions), rnd.randint(0, len(conditions)))
            assert durable.match(asked, true) == plain.match(asked, true)
    finally:
        durable.close()


def _condition(rnd: random.Random, names: list[str]) -> Condition:
    """A few lines in each block; at times as many as a rule may have."""
    most = rnd.choice((1, 2, 3, 3, 3, 18))
    blocks = [tuple(rnd.sample(names, min(len(names), rnd.randint(0, most)))) for _ in BLOCKS]
    some = rnd.choice(
        (*[blocks] * 20, [(), tuple(names[:56]), ()], [tuple(names[:57]), (), ()], [(), (), tuple(names[:57])])
    )
    return Condition(*some)


def test_a_rule_above_the_limits_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 58"):
        DurableMatcher({"r": Condition(all=tuple(f"p{n}" for n in range(MAX_LEAVES)))})


@pytest.mark.parametrize("then", [ESCALATE, IGNORE])
@pytest.mark.parametrize("block", BLOCKS)
def test_the_largest_rule_the_loader_takes_is_one_the_engine_takes(block: str, then: Then) -> None:
    largest = [Line(block, "x", words(f"w{n}")) for n in range(80)]
    while leaves(largest, then.outcome) > MAX_LEAVES:
        largest.pop()
    book = Book((), (Rule("it", "It", Status.LIVE, "2027-02-01", "", tuple(largest), then),))

    Rulebook(book, "v", "durable").close()


def test_threads_share_a_rulebook_and_lose_nothing() -> None:
    book = Book((), tuple(rule(f"r-{n}", Line("all", "x", words(f"w{n}"))) for n in range(200)))
    rulebook = Rulebook(book, "v", "durable")
    wrong: list[int] = []

    def work(start: int) -> None:
        for n in range(start, 200, 4):
            facts = read(Post(id="x:1", platform="x", text=f"w{n} w{199 - n}"), Context())
            if set(rulebook.decide(facts, trace=False).matched) != {f"r-{n}", f"r-{199 - n}"}:
                wrong.append(n)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rulebook.close()

    assert wrong == []
