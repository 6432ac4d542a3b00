"""What a running function decides by: another version is taken within seconds, and never one that does not load."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.errors import NotFound, RulebookError, SettingsError, Unavailable
from chalicelib.model import Context, Counted, Declined, Move, Moved, Outcome, Pointer, Published, Sighting, Terms
from chalicelib.reading import read
from chalicelib.rulebook import bundle
from chalicelib.rulebook.beside import Apart, Beside
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.current import CurrentRulebook
from chalicelib.rulebook.rule import Book, Rule
from chalicelib.rulebook.taking import Making, Taker
from chalicelib.stores.memory_rulebooks import MemoryRulebooks
from tests.unit.rulebooks import ESCALATE, IGNORE, Journal, decide, line, post, rule, rulebook, words

AGE = timedelta(seconds=15)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Throttled(MemoryRulebooks):
    """Published rulebooks whose table can be away, for all calls or for some."""

    def __init__(self) -> None:
        super().__init__()
        self.away: dict[str, Exception] = {}
        self.asked: list[str] = []

    def pointer(self) -> Pointer:
        self._asked("pointer")
        return super().pointer()

    def text(self, version: str) -> str:
        self._asked("text")
        return super().text(version)

    def take(self, revision: int, version: str) -> None:
        self._asked("take")
        super().take(revision, version)

    def decline(self, declined: Declined) -> None:
        self._asked("decline")
        super().decline(declined)

    def _asked(self, call: str) -> None:
        self.asked.append(call)
        if call in self.away:
            raise self.away[call]


@dataclass
class Site:
    """A table of published rulebooks, and functions that decide by them. Rules that say `bad` do not load."""

    rulebooks: Throttled = field(default_factory=Throttled)
    journal: Journal = field(default_factory=Journal)
    time: datetime = NOON
    examined: list[str] = field(default_factory=list)
    refuses: tuple[str, ...] = ()

    def publish(self, *rules: Rule, shadow: bool = False) -> str:
        """Publish these rules; their version."""
        book = Book((), rules)
        text, version = bundle.dumps(book), bundle.compiled(book, "plain").version
        self.rulebooks.add(Published(version, len(rules), len(text), "ana", "why", self.time), text)
        before = MemoryRulebooks.pointer(self.rulebooks)
        self.point(before.live if shadow else version, version if shadow else before.shadow)
        return version

    def point(self, live: str | None, shadow: str | None = None) -> None:
        before = MemoryRulebooks.pointer(self.rulebooks)
        moved = Move(before.revision + 1, Moved.PUBLISHED, live, before.live, shadow, "ana", "why", self.time)
        self.rulebooks.move(moved)

    def function(self, engine: str = "plain") -> CurrentRulebook:
        """A process that has just started."""
        clock: Callable[[], datetime] = lambda: self.time  # noqa: E731
        making = Making(
            engine, lambda: rulebook(rule("shipped", line("all", words("refund")))), self._load, self._examine
        )
        return CurrentRulebook(
            self.rulebooks, Taker(self.rulebooks, making, clock, self.journal), clock, AGE, self.journal
        )

    def later(self, seconds: float = 15) -> None:
        self.time += timedelta(seconds=seconds)

    def _load(self, text: str) -> Rulebook:
        if '"bad"' in text:
            raise ValueError("r1 has 99 leaves; at most 58")
        return bundle.loads(text, "plain", 0.0)

    def _examine(self, text: str) -> tuple[str, ...]:
        self.examined.append(text)
        return self.refuses


def refunds(name: str) -> Rule:
    return rule(name, line("all", words("refund")))


def decides(function: CurrentRulebook, text: str = "refund!") -> str | None:
    return decide(function(), text).rule


@pytest.fixture
def site() -> Site:
    return Site()


def test_where_nothing_was_published_the_shipped_rules_decide(site: Site) -> None:
    assert decides(site.function()) == "shipped"
    assert site.examined == []


def test_a_published_version_decides_once_what_was_known_is_old(site: Site) -> None:
    function = site.function()
    assert decides(function) == "shipped"

    version = site.publish(refunds("first"))
    site.later(14.9)
    assert decides(function) == "shipped"
    site.later(0.1)

    assert decides(function) == "first"
    assert function().version == version
    assert ("info", "rulebook.taken", {"version": version, "rulebook": version}) in site.journal.told


def test_the_pointer_is_read_once_in_fifteen_seconds_however_many_batches_there_are(site: Site) -> None:
    site.publish(refunds("first"))
    function = site.function()
    for _ in range(600):  # a minute of ten batches a second
        function()
        site.later(0.1)

    assert site.rulebooks.asked.count("pointer") == 4
    assert site.rulebooks.asked.count("text") == 1


def test_the_version_before_is_freed_when_another_takes_over(site: Site) -> None:
    site.publish(refunds("first"))
    function = site.function("durable")
    before = function()
    closed: list[str] = []
    before.close = lambda: closed.append(before.version)  # type: ignore[attr-defined]

    site.publish(refunds("second"))
    site.later()
    function()

    assert closed == [before.version]


def test_a_version_that_does_not_load_leaves_the_old_one_and_says_why(site: Site) -> None:
    good = site.publish(refunds("first"))
    function = site.function()
    function()

    bad = site.publish(refunds("bad"))
    site.later()

    assert decides(function) == "first"
    assert function().version == good
    assert site.rulebooks.declined() == [Declined(bad, 2, "it does not load (ValueError)", site.time)]
    assert site.journal.told[-1] == (
        "error",
        "rulebook.declined",
        {"version": bad, "why": "it does not load (ValueError)"},
    )


def test_a_version_that_does_not_load_is_not_tried_again_before_the_pointer_moves(site: Site) -> None:
    function = site.function()
    site.publish(refunds("bad"))
    for _ in range(10):
        function()
        site.later()
    assert site.rulebooks.asked.count("text") == 1

    site.publish(refunds("good"))
    site.later()

    assert decides(function) == "good"


def test_a_version_that_the_gate_refuses_is_declined_in_its_words(site: Site) -> None:
    function = site.function()
    function()
    site.refuses = ("durable_rules crashed (SIGSEGV), at a post", "and more")
    version = site.publish(refunds("first"))
    site.later()

    assert decides(function) == "shipped"
    assert [(one.version, one.why) for one in site.rulebooks.declined()] == [(version, "; ".join(site.refuses))]


def test_what_one_function_declined_no_other_tries(site: Site) -> None:
    site.refuses = ("durable_rules did not come to an end within 10 s",)
    site.publish(refunds("first"))
    decides(site.function())
    site.refuses = ()

    assert decides(site.function()) == "shipped"
    assert len(site.examined) == 1
    assert len(site.rulebooks.declined()) == 1


def test_what_one_function_took_the_next_load_without_a_trial(site: Site) -> None:
    version = site.publish(refunds("first"))
    decides(site.function())
    decides(site.function())

    assert len(site.examined) == 1
    assert MemoryRulebooks.pointer(site.rulebooks).taken == {f"{version} plain"}


def test_a_version_proven_on_one_engine_is_tried_again_on_the_other(site: Site) -> None:
    site.publish(refunds("first"))
    decides(site.function("plain"))
    decides(site.function("durable"))

    assert len(site.examined) == 2


@pytest.mark.parametrize("trouble", [Unavailable("table: throttled"), SettingsError("table: AccessDenied")], ids=str)
def test_while_the_pointer_cannot_be_read_what_is_known_goes_on(site: Site, trouble: Exception) -> None:
    site.publish(refunds("first"))
    function = site.function()
    function()
    site.rulebooks.away = {"pointer": trouble}
    site.later()

    assert decides(function) == "first"
    assert decides(function) == "first"
    assert site.journal.events("warning") == ["rulebook.not_seen"]


def test_a_new_function_that_cannot_read_the_pointer_lets_posts_wait(site: Site) -> None:
    site.rulebooks.away = {"pointer": Unavailable("table: throttled")}
    function = site.function()
    with pytest.raises(Unavailable):
        function()

    site.rulebooks.away = {}

    assert decides(function) == "shipped"


def test_a_version_whose_text_cannot_be_read_now_is_taken_at_the_next_look(site: Site) -> None:
    function = site.function()
    function()
    site.publish(refunds("first"))
    site.rulebooks.away = {"text": Unavailable("table: throttled")}
    site.later()
    assert decides(function) == "shipped"

    site.rulebooks.away = {}
    site.later()

    assert decides(function) == "first"
    assert site.rulebooks.declined() == []


def test_a_version_that_is_not_in_the_table_is_declined(site: Site) -> None:
    function = site.function()
    function()
    site.point("404")
    site.later()

    assert decides(function) == "shipped"
    assert [one.why for one in site.rulebooks.declined()] == ["there is no version '404' in the table"]


def test_a_new_function_takes_what_was_live_before_where_the_live_version_does_not_load(site: Site) -> None:
    site.publish(refunds("first"))
    site.publish(refunds("bad"))

    assert decides(site.function()) == "first"


def test_a_new_function_takes_the_shipped_rules_where_nothing_published_loads(site: Site) -> None:
    site.publish(refunds("bad"))

    assert decides(site.function()) == "shipped"


def test_where_nothing_loads_at_all_it_says_so_and_decides_nothing(site: Site) -> None:
    def missing() -> Rulebook:
        raise NotFound("no rules were shipped")

    taker = Taker(site.rulebooks, Making("plain", missing, site._load, site._examine), lambda: NOON, site.journal)
    function = CurrentRulebook(site.rulebooks, taker, lambda: NOON, AGE, site.journal)

    with pytest.raises(RulebookError, match="neither what is published nor what was shipped loads"):
        function()


def test_rolled_back_to_the_shipped_rules_they_decide_again(site: Site) -> None:
    site.publish(refunds("first"))
    function = site.function()
    assert decides(function) == "first"

    site.point(None)
    site.later()

    assert decides(function) == "shipped"


@pytest.mark.parametrize("call", ["take", "decline"])
def test_a_note_that_cannot_be_written_stops_nothing(site: Site, call: str) -> None:
    site.rulebooks.away = {call: Unavailable("table: throttled")}
    site.publish(refunds("first" if call == "take" else "bad"))

    assert decides(site.function()) == ("first" if call == "take" else "shipped")
    assert "rulebook.not_noted" in site.journal.events("warning")


def test_a_shadow_version_decides_beside_and_acts_on_nothing(site: Site) -> None:
    live = site.publish(refunds("first"))
    shadow = site.publish(rule("noise", line("all", words("refund")), then=IGNORE), shadow=True)

    decision = decide(site.function()(), "refund!")

    assert (decision.outcome, decision.rule, decision.rulebook) == (Outcome.ESCALATE, "first", live)
    assert decision.otherwise is not None
    assert (decision.otherwise.outcome, decision.otherwise.rule) == (Outcome.IGNORE, "noise")
    assert decision.otherwise.rulebook == shadow
    assert MemoryRulebooks.pointer(site.rulebooks).taken == {f"{live} plain", f"{shadow} plain"}


def test_where_the_shadow_version_agrees_nothing_more_is_kept(site: Site) -> None:
    site.publish(refunds("first"))
    site.publish(refunds("first"), rule("other", line("all", words("outage"))), shadow=True)
    function = site.function()

    assert decide(function(), "refund!").otherwise is None
    assert decide(function(), "outage").otherwise is not None


def test_a_shadow_version_that_does_not_load_leaves_the_live_one_alone(site: Site) -> None:
    site.publish(refunds("first"))
    bad = site.publish(refunds("bad"), shadow=True)

    assert decides(site.function()) == "first"
    assert [one.version for one in site.rulebooks.declined()] == [bad]


def test_a_shadow_version_taken_away_decides_nothing_more(site: Site) -> None:
    live = site.publish(refunds("first"))
    site.publish(rule("noise", line("all", words("refund")), then=IGNORE), shadow=True)
    function = site.function()
    function()

    site.point(live)
    site.later()

    assert decide(function(), "refund!").otherwise is None


class Broken:
    """A rulebook that cannot decide."""

    version = "broken"

    def __init__(self, trouble: Exception) -> None:
        self.trouble = trouble
        self.asked = 0

    def decide(self, *_: object) -> Any:
        self.asked += 1
        raise self.trouble


@pytest.mark.parametrize(
    ("trouble", "asked"), [(RuntimeError("result 303"), 1), (Unavailable("throttled"), 2)], ids=str
)
def test_a_shadow_version_that_fails_never_reaches_the_live_decision(trouble: Exception, asked: int) -> None:
    shadow, told = Broken(trouble), list[Exception]()
    beside = Beside(rulebook(refunds("first")), shadow, told.append)

    decisions = [decide(beside, "refund!") for _ in range(2)]

    assert [(one.rule, one.otherwise) for one in decisions] == [("first", None)] * 2
    assert (shadow.asked, told) == (asked, [trouble] * asked)


def test_a_shadow_version_that_failed_is_freed_and_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.publish(refunds("first"))
    shadow = site.publish(refunds("second"), shadow=True)
    function = site.function()
    function()
    held = function._shadow
    assert held is not None
    monkeypatch.setattr(held.rulebook, "decide", Broken(RuntimeError("result 303")).decide)

    assert decides(function) == "first"
    assert isinstance(function(), Rulebook)
    assert ("error", "rulebook.shadow_failed", {"version": shadow, "why": "RuntimeError"}) in site.journal.told


@dataclass
class Counting:
    """Windows that note which they were."""

    seen: list[Sighting] = field(default_factory=list)

    def sight(self, sightings: Sequence[Sighting]) -> list[Counted]:
        self.seen += sightings
        return []

    def posted(self, author_key: str, post_id: str, at: datetime, days: Collection[int]) -> dict[int, int]:
        return dict.fromkeys(days, 7)

    def settle(self) -> None:
        raise AssertionError("the live version's batch settles them")


def test_the_windows_of_a_shadow_version_are_its_own() -> None:
    windows = Counting()
    apart = Apart(windows, "bbb222")
    sighting = Sighting("danger/1", "danger/1/x", "x:1", "x:ana", NOON, Terms(3, AGE, AGE))

    apart.sight([sighting])
    apart.settle()

    assert [(one.group, one.window) for one in windows.seen] == [("beside bbb222/danger/1", "beside bbb222/danger/1/x")]
    assert windows.seen[0].post_id == "x:1"


def test_facts_and_windows_reach_both_versions() -> None:
    given: list[tuple[object, ...]] = []

    class Noting(Rulebook):
        def decide(self, *args: Any, **more: Any) -> Any:
            given.append(args)
            return super().decide(*args, **more)

    live, shadow = (Noting(Book((), (refunds(name),)), name, "plain", 0.0) for name in ("one", "two"))
    windows = Counting()
    decision = Beside(live, shadow).decide(read(post("refund"), Context()), True, windows, ())

    assert [args[1:3] for args in given] == [(True, windows), (False, given[1][2])]
    assert isinstance(given[1][2], Apart)
    assert decision.lines != ()
    assert decision.rulebook == "one"


def test_what_differs_is_outcome_rule_priority_or_team() -> None:
    live = rulebook(refunds("first"))
    other = rulebook(replace(refunds("first"), then=replace(ESCALATE, team="sales")))

    decision = decide(Beside(live, other), "refund")

    assert decision.otherwise is not None
    assert (decision.team, decision.otherwise.team) == ("care", "sales")
