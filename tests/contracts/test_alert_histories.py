"""Random histories with duplicates, disorder and deaths: each crossing has one alert, one case and one all-clear."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.errors import Conflict, Unavailable
from chalicelib.model import Alert, Author, Delivery, NoticeKind, Post, Sighting
from chalicelib.model.alert import EVERY, TIMES
from chalicelib.model.window import GRACE
from chalicelib.pipeline.alerting import watch
from chalicelib.pipeline.triage import Desk
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.deciding import Windows
from chalicelib.ports.store import Store
from chalicelib.reading import read
from chalicelib.rulebook.rule import Repeats
from chalicelib.stores.alerts import DynamoAlerts
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_alerts import MemoryAlerts
from chalicelib.stores.memory_windows import MemoryWindows
from chalicelib.stores.windows import DynamoWindows
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.unit.brute_alert import BruteAlerts
from tests.unit.histories import MINUTE, START, arrivals
from tests.unit.rulebooks import ESCALATE, line, rule, rulebook, words

FAR = timedelta(days=9999)
FOREVER = datetime.max.replace(tzinfo=UTC)
DEATHS = 0.08  # before a call, and as often after it


class Mortal:
    """A part whose process dies, sometimes, before a call of it or after."""

    def __init__(self, part: Any, dice: random.Random) -> None:
        self._part, self._dice = part, dice

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._part, name)

        def mortal(*given: Any, **more: Any) -> Any:
            if self._dice.random() < DEATHS:
                raise Unavailable("killed before")
            answer = call(*given, **more)
            if self._dice.random() < DEATHS:
                raise Unavailable("killed after")
            return answer

        return mortal if callable(call) else call


@dataclass
class Function:
    """One process: what it knows of windows and growth is gone when it dies."""

    store: Store
    windows: Windows
    alerts: Alerts


Born = Callable[[Clock], Function]


@dataclass
class Company:
    """Three functions over one table, each of which may die at any step, and a clock that the history turns."""

    born: Born
    dice: random.Random
    clock: Clock
    repeats: Repeats
    waiting: list[datetime] = field(default_factory=list)  # since when, each post of the queue

    def __post_init__(self) -> None:
        self.functions = [self.born(self.clock) for _ in range(3)]
        self.book = rulebook(rule("spike", line("all", words("smoke")), then=ESCALATE, repeats=self.repeats))

    def hear(self, seen: Sighting) -> None:
        """One post, as the queue hands it out until it is done."""
        author = Author(seen.who if seen.who != seen.post_id else "anybody")
        post = Post(seen.post_id, "x", text="smoke", created_at=seen.at, author=author)
        self._until_done(lambda function: self._triage(function, post))

    def minute(self) -> None:
        """One round; whoever dies in it leaves the rest to the next."""
        with_deaths = self._mortal(self.dice.randrange(3))
        try:
            watch(with_deaths.alerts, self.clock, decided_until=self.decided_until)
        except (Unavailable, Conflict):
            return

    def decided_until(self) -> datetime:
        """As the queue and CloudWatch tell it."""
        return min(self.waiting, default=self.clock())

    def _triage(self, function: Function, post: Post) -> None:
        desk = Desk(function.store, self.book, read, self.clock, FAR, {}, function.windows, alerts=function.alerts)
        batch = desk.batch([post])
        batch.triage(post)
        batch.settle()

    def _until_done(self, work: Callable[[Function], None]) -> None:
        while True:
            number = self.dice.randrange(3)
            try:
                work(self._mortal(number))
                return
            except (Unavailable, Conflict):
                self.functions[number] = self.born(self.clock)

    def _mortal(self, number: int) -> Function:
        one = self.functions[number]
        return Function(*(Mortal(part, self.dice) for part in (one.store, one.windows, one.alerts)))


def in_memory() -> Born:
    """Functions over one memory: of windows they share what would lie in the table, and nothing else."""
    made: list[tuple[MemoryStore, MemoryAlerts, MemoryWindows]] = []

    def born(clock: Clock) -> Function:
        if not made:
            store = MemoryStore(clock)
            made.append((store, MemoryAlerts(store), MemoryWindows(clock)))
        store, alerts, first = made[0]
        windows = MemoryWindows(clock, alerts=alerts)
        windows._windows = first._windows
        return Function(store, windows, alerts)

    return born


def on_table(cloud: Cloud) -> Born:
    name = f"alerts-{uuid4()}"
    cloud.make_table(name)

    def born(clock: Clock) -> Function:
        wire = cloud.wire()
        return Function(
            DynamoStore(wire, name, clock), DynamoWindows(wire, name, clock), DynamoAlerts(wire, name, clock)
        )

    return born


@pytest.mark.parametrize("block", range(4))
def test_over_random_histories_each_crossing_has_one_alert_one_case_and_one_all_clear(block: int) -> None:
    for seed in range(block * 10, block * 10 + 10):
        _play(in_memory(), seed)


@pytest.mark.live
def test_over_a_thousand_random_histories() -> None:
    raised = sum(_play(in_memory(), seed) for seed in range(1000))

    assert raised > 500, "the histories must cross"


@pytest.mark.local
def test_over_random_histories_of_functions_on_one_table(cloud: Cloud) -> None:
    assert sum(_play(on_table(cloud), seed) for seed in range(8))


@pytest.mark.live
def test_over_a_hundred_random_histories_of_functions_on_one_table(cloud: Cloud) -> None:
    assert sum(_play(on_table(cloud), seed) for seed in range(100)) > 30


def _play(born: Born, seed: int) -> int:
    """A history played to its end, and a day after; how many alerts it raised."""
    dice, clock, brute = random.Random(seed), Clock(), BruteAlerts()  # noqa: S311
    history = arrivals(dice)
    company = Company(born, dice, clock, _repeats(history))
    clock.now = START
    for when, given in history:
        seen = _as_the_rule_says(given)
        _rounds_until(company, when)
        company.hear(seen)
        brute.arrive(clock.now, seen)
    _rounds_until(company, clock.now + 4 * timedelta(hours=1))
    _assert_right(company, brute, (seed, company.repeats))
    return len(brute.alerts)


@pytest.mark.parametrize("block", range(4))
def test_however_far_behind_the_queue_is_each_alert_ends_with_all_that_was_queued_in_time(block: int) -> None:
    assert sum(_play_behind(in_memory(), seed) for seed in range(block * 10, block * 10 + 10))


@pytest.mark.local
def test_on_one_table_too(cloud: Cloud) -> None:
    assert sum(_play_behind(on_table(cloud), seed) for seed in (3, 4))


def _play_behind(born: Born, seed: int) -> int:
    """As `_play`, but the queue stands still for hours, once or twice; how many alerts would have ended too soon."""
    dice, clock, brute = random.Random(seed), Clock(), BruteAlerts()  # noqa: S311
    history = arrivals(dice)
    company = Company(born, dice, clock, _repeats(history))
    clock.now = START
    company.waiting = [queued for queued, _ in history]
    handled = START
    for queued, given in history:
        stands_still = dice.choice((1, 30, 180)) * MINUTE if dice.random() < 2 / len(history) else timedelta(0)
        handled = max(handled, queued) + stands_still
        _rounds_until(company, handled)
        seen = _as_the_rule_says(given)
        company.hear(seen)
        company.waiting.remove(queued)
        brute.arrive(queued, seen)
    _rounds_until(company, clock.now + 4 * timedelta(hours=1))
    return _assert_ended_in_time(company, brute, (seed, company.repeats))


def _assert_ended_in_time(company: Company, brute: BruteAlerts, told: object) -> int:
    function = company.born(company.clock)
    cases = {case.post_id: case.id for case in function.store.cases()}
    assert sorted(cases) == sorted(alert.post_id for alert in brute.alerts), told
    assert function.alerts.on() == [], told
    found, late = function.alerts.find(list(cases.values())), 0
    for expected in brute.alerts:
        alert = found[cases[expected.post_id]]
        assert alert.over_at is not None, told
        last, _ = expected.by(FOREVER)
        clear = last + alert.within + GRACE
        _, whos = expected.by(clear)
        assert alert.counted >= len(whos), told
        late += alert.over_at > clear + 2 * MINUTE
    return late


def _rounds_until(company: Company, when: datetime) -> None:
    while company.clock.now + MINUTE < when:
        company.clock.now += MINUTE
        company.minute()
    company.clock.now = max(company.clock.now, when)


def _repeats(history: list[tuple[datetime, Sighting]]) -> Repeats:
    seen = _as_the_rule_says(history[0][1])
    count = "posts" if seen.who == seen.post_id else "different authors"
    within, quiet = (f"{span // MINUTE} minutes" for span in (seen.terms.within, seen.terms.quiet))
    return Repeats(count, (), seen.terms.at_least, within, quiet)


def _as_the_rule_says(seen: Sighting) -> Sighting:
    """A rule has no quiet of no time; and authors have the platform before their name."""
    return replace(seen, terms=replace(seen.terms, quiet=max(seen.terms.quiet, MINUTE)))


def _assert_right(company: Company, brute: BruteAlerts, told: object) -> None:
    function = company.born(company.clock)
    cases = {case.post_id: case.id for case in function.store.cases()}
    assert sorted(cases) == sorted(alert.post_id for alert in brute.alerts), told
    assert len(list(function.store.cases())) == len(brute.alerts), told
    found = function.alerts.find([cases[each.post_id] for each in brute.alerts])
    assert function.alerts.on() == [], told
    for expected in brute.alerts:
        alert = found[cases[expected.post_id]]
        assert alert.over_at is not None, told
        last, whos = expected.by(alert.over_at)
        assert (alert.at, alert.counted) == (expected.at, max(len(whos), alert.count)), told
        assert alert.posts == expected.posts, told
        shown = {name for each in function.store.deliveries(alert.id) if each.told for name in each.told.posts}
        assert shown <= expected.posts_by(alert.over_at), told
        assert alert.over_at >= last + alert.within + GRACE, told
        _assert_told(alert, function.store.deliveries(alert.id), told)


def _assert_told(alert: Alert, deliveries: list[Delivery], told: object) -> None:
    about = [each for each in deliveries if each.told]
    kinds = Counter(each.heading.partition(":")[0] for each in about[1:])
    assert about[0].heading == alert.subject, told
    assert kinds["All clear"] == 1, told
    assert about[-1].heading.startswith("All clear"), told
    assert kinds["This grows"] == alert.updates == len(about) - 2, told
    assert alert.needed * TIMES**alert.updates <= max(alert.counted, alert.needed), told
    assert alert.over_at is not None
    assert alert.updates * EVERY <= alert.over_at - alert.raised_at, told


def test_what_people_are_told_is_as_much_as_what_the_case_is_told() -> None:
    for seed in range(40):
        born = in_memory()
        raised = _play(born, seed)
        store = born(Clock()).store
        assert isinstance(store, MemoryStore)
        kinds = Counter(notice.kind for notice in store.notices.everything())
        assert kinds[NoticeKind.ALERT] == kinds[NoticeKind.ALL_CLEAR] == raised
        assert kinds[NoticeKind.UPDATE] == sum(alert.updates for alert in store.alerts.values())
