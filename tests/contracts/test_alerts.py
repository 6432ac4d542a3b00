"""The life of an alert, from the post that raises it to the all-clear: over either store, by the functions that run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from chalicelib.model import Action, Author, Delivery, DeliveryState, Notice, NoticeKind, Outcome, Post, Priority
from chalicelib.pipeline import deliver
from chalicelib.pipeline.alerting import Step, watch
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.showing import shown
from chalicelib.pipeline.triage import Desk, Triaged
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.deciding import Windows
from chalicelib.ports.store import Store
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.rule import Repeats, Rule, Status, Then, Topic
from chalicelib.stores.alerts import DynamoAlerts
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_alerts import MemoryAlerts
from chalicelib.stores.memory_windows import MemoryWindows
from chalicelib.stores.windows import DynamoWindows
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.contracts.counting import CountingWire
from tests.unit.people import MemoryCrm
from tests.unit.rulebooks import line, rule, rulebook, words

NINE = Clock().now
MINUTE = timedelta(minutes=1)
ROUTER = Topic("router", (line("any", words("router")),))
THREE = Repeats("different authors", ("topic",), 3, "30 minutes", "2 hours")
URGENT = Then(Outcome.ESCALATE, Priority.URGENT, "safety", ("duty",), "15 minutes", subject="Danger ({topic})")
SPIKE = rule("spike", line("all", words("smoke")), then=URGENT, repeats=THREE)


@dataclass
class World:
    """One company: its table, its clock, its CRM, and as many functions as a test wants."""

    store: Store
    windows: Windows
    alerts: Alerts
    clock: Clock
    book: Rulebook = field(default_factory=lambda: rulebook(SPIKE, topics=[ROUTER]))
    crm: MemoryCrm = field(default_factory=MemoryCrm)

    def hear(self, *posts: Post) -> list[Triaged]:
        """One batch of posts, decided."""
        far = timedelta(days=9999)
        desk = Desk(self.store, self.book, read, self.clock, far, {}, self.windows, alerts=self.alerts)
        batch = desk.batch(posts)
        made = [batch.triage(each) for each in posts]
        batch.settle()
        return made

    def at(self, minute: float) -> list[Step]:
        """The round of that minute."""
        self.clock.now = max(self.clock.now, NINE + minute * MINUTE)
        return watch(self.alerts, self.clock)

    def tell(self) -> None:
        """Tell the CRM all that is owed."""
        circuit = Circuit(self.clock, timedelta(seconds=30))
        for case in list(self.store.cases()):
            deliver.Desk(self.store, self.crm, circuit).deliver(case.id)

    def raised(self) -> list[str]:
        return [alert.id for alert in self.alerts.on()]


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def world(request: pytest.FixtureRequest, clock: Clock) -> World:
    if request.param == "memory":
        store = MemoryStore(clock)
        alerts = MemoryAlerts(store)
        return World(store, MemoryWindows(clock, alerts=alerts), alerts, clock)
    return on_table(request.getfixturevalue("cloud"), request.getfixturevalue("table"), clock)


def on_table(cloud: Cloud, table: str, clock: Clock) -> World:
    wires = [cloud.wire() for _ in range(3)]
    windows = DynamoWindows(wires[1], table, clock)
    return World(DynamoStore(wires[0], table, clock), windows, DynamoAlerts(wires[2], table, clock), clock)


def said(minute: float, who: str, text: str = "smoke from the router", **parts: object) -> Post:
    made = {"created_at": NINE + minute * MINUTE, "permalink": f"https://x.example/{who}-{minute}", **parts}
    return Post(f"x:{who}-{minute}", "x", text=text, author=Author(who, who), **made)  # type: ignore[arg-type]


def heard(world: World, minute: float, *who: str) -> list[Triaged]:
    world.clock.now = max(world.clock.now, NINE + minute * MINUTE)
    return [made for each in who for made in world.hear(said(minute, each))]


def notices(world: World) -> list[Notice]:
    """All that were owed to people; only memory can be asked for all."""
    assert isinstance(world.store, MemoryStore)
    return world.store.notices.everything()


def test_the_post_with_which_a_window_crosses_raises_one_alert_with_one_case(world: World) -> None:
    made = [*heard(world, 0, "ana"), *heard(world, 5, "ana", "bo"), *heard(world, 20, "cy"), *heard(world, 25, "di")]

    (alert,) = world.alerts.on()
    (case,) = world.store.cases()
    assert [each.case_id for each in made] == [None, None, None, alert.id, None]
    assert (case.id, case.subject, case.team, case.priority) == (alert.id, "Danger (router)", "safety", Priority.URGENT)
    assert (case.tell, case.author_key, case.topics) == (("duty",), None, ("router",))
    assert case.first_reply_due == NINE + 35 * MINUTE
    assert (alert.count, alert.needed, alert.counts, alert.about) == (3, 3, "different authors", {"topic": "router"})
    assert alert.posts == ("x:cy-20", "x:bo-5", "x:ana-5", "x:ana-0")


def test_its_case_tells_numbers_words_and_some_posts_and_then_the_post_itself(world: World) -> None:
    heard(world, 0, "ana")
    heard(world, 5, "bo")
    heard(world, 20, "cy")

    world.tell()

    (record,) = world.crm.records.values()
    opening, post = (world.crm.entries[key] for key in record)
    assert opening.heading == "Danger (router)"
    assert opening.told == (
        "3 different authors within 30 minutes; 3 are an alert.",
        "About: topic router",
        "The latest of these posts: 2026-03-02 09:20 UTC",
        "Words that several of them use: router, smoke",
        "Rule: Spike (spike)",
    )
    assert [each.id for each in opening.samples] == ["x:cy-20", "x:bo-5", "x:ana-0"]
    assert post.post is not None
    assert (post.heading, post.post.id) == ("With this post the alert was raised", "x:cy-20")


def test_words_that_one_author_alone_used_are_not_told(world: World) -> None:
    posts = [
        said(0, "ana", "smoke, ask Zaphod"),
        said(5, "ana", "smoke, ask Zaphod"),
        said(5, "bo"),
        said(20, "cy", "smoke!"),
    ]
    world.clock.now = NINE + 20 * MINUTE
    world.book = rulebook(replace(SPIKE, repeats=replace(THREE, per=())), topics=[ROUTER])
    world.hear(*posts)

    world.tell()

    (record,) = world.crm.records.values()
    (words,) = [line for line in world.crm.entries[record[0]].told if line.startswith("Words")]
    assert words == "Words that several of them use: smoke"


def test_people_are_told_with_the_first_and_with_each_update_where_three_of_its_posts_are(world: World) -> None:
    if not isinstance(world.store, MemoryStore):
        pytest.skip("only memory can be asked for all notices")
    for minute, who in ((0, "ana"), (5, "bo"), (20, "cy")):
        heard(world, minute, who)
    heard(world, 25, *(f"more-{number}" for number in range(6)))
    world.at(35)

    told = [shown(notice, world.store) for notice in notices(world)]

    assert [notice.kind for notice in told] == [NoticeKind.ALERT, NoticeKind.UPDATE]
    assert [notice.link for notice in told] == ["https://x.example/cy-20", "https://x.example/more-5-25"]
    first, update = ([line for line in notice.lines if "https://" in line] for notice in told)
    assert first == [f"One of these posts: https://x.example/{name}" for name in ("cy-20", "bo-5", "ana-0")]
    assert update == [f"One of these posts: https://x.example/more-{number}-25" for number in (5, 4, 3)]


def test_a_sample_that_was_taken_back_is_not_shown(world: World) -> None:
    for minute, who in ((0, "ana"), (5, "bo"), (20, "cy")):
        heard(world, minute, who)
    taken_back = said(5, "bo", action=Action.DELETE)
    world.hear(replace(taken_back, text=None, delivered_at=world.clock()))

    world.tell()

    (record,) = world.crm.records.values()
    assert [each.id for each in world.crm.entries[record[0]].samples] == ["x:cy-20", "x:ana-0"]


def test_the_case_outlives_the_post_that_raised_it(world: World) -> None:
    for minute, who in ((0, "ana"), (5, "bo"), (20, "cy")):
        heard(world, minute, who)
    world.hear(replace(said(20, "cy", action=Action.DELETE), text=None, delivered_at=world.clock()))

    world.tell()

    (case,) = world.store.cases()
    assert case.crm_ref is not None
    assert case.status.value == "open"


def test_a_post_seen_again_and_its_edits_raise_nothing_more(world: World) -> None:
    posts = [said(0, "ana"), said(5, "bo"), said(20, "cy")]
    world.clock.now = NINE + 20 * MINUTE
    world.hear(*posts)

    world.hear(*posts)
    world.hear(said(20, "cy", "SMOKE from the router", action=Action.EDIT, edited_at=NINE + 21 * MINUTE))

    assert len(world.raised()) == 1
    assert len(list(world.store.cases())) == 1


def test_where_another_rule_decides_the_post_has_its_own_case_beside_that_of_the_alert(world: World) -> None:
    loud = replace(SPIKE, id="danger", repeats=None, then=replace(URGENT, first_reply="1 minute", subject="One"))
    world.book = rulebook(SPIKE, loud, topics=[ROUTER])

    made = [each for minute, who in ((0, "ana"), (5, "bo"), (20, "cy")) for each in heard(world, minute, who)]

    (alert,) = world.alerts.on()
    assert {case.subject for case in world.store.cases()} == {"Danger (router)", "One"}
    assert len(list(world.store.cases())) == 4
    assert made[2].case_id == said(20, "cy").external_key != alert.id


@pytest.mark.parametrize(
    "other",
    [
        replace(SPIKE, status=Status.SHADOW),
        replace(SPIKE, repeats=replace(THREE, count="posts", per=("author",), at_least=2)),
        replace(SPIKE, then=Then(Outcome.RECOMMEND, Priority.NORMAL, "care", template="help")),
    ],
)
def test_shadow_rules_what_one_person_repeats_and_recommendations_raise_no_alert(world: World, other: Rule) -> None:
    world.book = rulebook(other, topics=[ROUTER])

    heard(world, 0, "ana", "bo", "cy")
    heard(world, 1, "ana", "bo", "cy")

    assert world.raised() == []


def test_while_it_grows_it_is_told_when_it_has_doubled_and_ten_minutes_have_passed(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    heard(world, 1, "di", "ed")
    assert world.at(2) == []
    heard(world, 3, "flo")

    assert world.at(9) == []
    (step,) = world.at(10.1)
    assert world.at(25) == []

    assert (step.kind, step.alert.counted, step.alert.state) == (NoticeKind.UPDATE, 6, "growing")
    assert step.delivery.heading == "This grows: 6 different authors by now"
    assert step.notice.lines == (
        "6 different authors, 4 posts since it was raised; 3 when it was last told, 2026-03-02 09:00 UTC.",
        "Words that grow fastest: router, smoke",
    )


def test_one_loud_person_is_no_growth(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    for minute in range(1, 15):
        heard(world, minute, "ana", "bo")

    assert world.at(15) == []


def test_words_are_told_that_more_than_one_author_said_by_how_fast_they_grow(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    for number, text in enumerate(["smoke router plug melted"] * 3 + ["smoke router plug", "smoke by Ottilie"]):
        world.hear(said(1 + number / 10, f"{number}", text))

    (step,) = world.at(12)

    assert step.notice.lines[1] == "Words that grow fastest: router, smoke, plug, melted"


def test_an_empty_window_is_all_clear_once_to_the_same_teams_and_on_its_case(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    heard(world, 20, "di")
    alert = world.raised()[0]

    assert [world.at(minute) for minute in (35, 54)] == [[], []]
    (step,) = world.at(55.1)
    assert world.at(56) == world.at(600) == []

    assert (step.kind, step.alert.id, step.alert.state) == (NoticeKind.ALL_CLEAR, alert, "over")
    assert (step.notice.team, step.notice.tell, step.notice.about) == ("safety", ("duty",), alert)
    assert step.delivery.heading == "All clear: nothing more of this for 30 minutes"
    assert step.notice.lines[0] == ("4 different authors, 2 posts since it was raised. The last: 2026-03-02 09:20 UTC.")
    world.tell()
    (record,) = world.crm.records.values()
    assert [world.crm.entries[key].heading for key in record][-1] == step.delivery.heading


def test_a_late_post_keeps_it_on_and_one_after_the_window_was_empty_does_not(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    world.at(34)
    world.hear(said(29, "di"))
    assert world.at(36) == []
    world.clock.now = NINE + 62 * MINUTE
    world.hear(said(60, "ed"))  # more than half an hour after di, though the round has not seen that yet

    (step,) = world.at(64.1)

    assert (step.kind, step.alert.counted) == (NoticeKind.ALL_CLEAR, 4)


def test_raised_again_later_it_is_a_new_alert_that_names_the_earlier_one(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    (first,) = world.alerts.on()
    world.at(40)
    heard(world, 150, "ana", "bo", "cy")

    (second,) = world.alerts.on()

    assert (second.follows, second.follows_at) == (first.id, first.raised_at)
    assert len(list(world.store.cases())) == 2
    assert "This follows an alert raised 2026-03-02 09:00 UTC" in "".join(_opening(world, second.id))


def test_one_that_is_over_is_found_by_when_it_ended(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    world.at(40)
    heard(world, 150, "ana", "bo", "cy")
    (first,) = world.alerts.over(NINE)
    assert [alert.follows for alert in world.alerts.on()] == [first.id]
    world.at(190)

    second, same = world.alerts.over(NINE + 40 * MINUTE)

    assert (second.follows, same) == (first.id, first)
    assert world.alerts.over(NINE + 41 * MINUTE) == [second]
    assert world.alerts.on() == []


def _opening(world: World, case_id: str) -> tuple[str, ...]:
    (told,) = [each.told for each in world.store.deliveries(case_id) if each.told]
    return told.lines


def test_raised_again_while_it_is_on_both_end_together_and_the_later_one_alone_is_told_of_growth(world: World) -> None:
    for minute in range(0, 121, 20):
        heard(world, minute, "ana", "bo", "cy")
    heard(world, 135, "ana", "bo", "cy")
    later, earlier = world.alerts.on()
    assert (earlier.continued_by, later.follows) == (later.id, earlier.id)
    heard(world, 140, "di", "ed", "flo")

    steps = [step for minute in range(136, 190) for step in world.at(minute)]

    assert [(step.kind, step.alert.id) for step in steps] == [
        (NoticeKind.UPDATE, later.id),
        (NoticeKind.ALL_CLEAR, later.id),
        (NoticeKind.ALL_CLEAR, earlier.id),
    ]


def test_what_a_post_raises_in_several_windows_is_an_alert_each(world: World) -> None:
    places = replace(SPIKE, id="places", repeats=replace(THREE, per=("platform",)))
    world.book = rulebook(SPIKE, places, topics=[ROUTER])

    heard(world, 0, "ana", "bo", "cy")

    assert {alert.rule for alert in world.alerts.on()} == {"spike", "places"}
    assert len(list(world.store.cases())) == 2
    world.tell()
    assert all(each.state is DeliveryState.DONE for case in world.store.cases() for each in _owed(world, case.id))


def _owed(world: World, case_id: str) -> list[Delivery]:
    return world.store.deliveries(case_id)


def test_people_are_told_once_of_each_state(clock: Clock) -> None:
    store = MemoryStore(clock)
    alerts = MemoryAlerts(store)
    world = World(store, MemoryWindows(clock, alerts=alerts), alerts, clock)
    heard(world, 0, "ana", "bo", "cy")
    heard(world, 1, "di", "ed", "flo")
    for minute in range(60):
        world.at(minute)

    told = notices(world)

    assert [each.kind.value for each in told] == ["alert", "update", "all-clear"]
    assert {(each.about, each.case_id, each.teams) for each in told} == {
        (told[0].about, told[0].about, ("safety", "duty"))
    }


@pytest.mark.local
def test_growth_costs_a_request_a_batch_and_none_where_nothing_is_new(cloud: Cloud, table: str, clock: Clock) -> None:
    wire = cloud.wired(CountingWire)
    world = replace(on_table(cloud, table, clock), windows=DynamoWindows(wire, table, clock))
    heard(world, 0, "ana", "bo", "cy")
    wire.calls.clear()
    posts = [said(1 + number / 100, f"{number}") for number in range(100)]
    clock.now = NINE + 3 * MINUTE

    world.hear(*posts)
    world.hear(*posts)

    assert wire.calls == {"UpdateItem": 1}


@pytest.mark.local
def test_functions_beside_one_another_count_everybody_once(cloud: Cloud, table: str, clock: Clock) -> None:
    functions = [on_table(cloud, table, clock) for _ in range(4)]
    heard(functions[0], 0, "ana", "bo", "cy")
    for number in range(120):
        functions[number % 4].hear(said(1 + number / 100, f"{number % 60}"))

    (step,) = functions[1].at(12)

    assert step.alert.counted == 63
    assert [function.at(13) for function in functions] == [[]] * 4


def test_a_share_is_counted_where_there_are_many(world: World) -> None:
    heard(world, 0, "ana", "bo", "cy")
    world.hear(*(said(1 + number / 1000, f"{number}") for number in range(1000)))

    (step,) = world.at(12)

    assert 750 <= step.alert.counted <= 1250
    assert "about" in step.delivery.heading


def test_who_reads_time_backwards_is_not_misled(world: World) -> None:
    """Posts that arrive in the wrong order raise what they would have raised in the right one."""
    world.clock.now = NINE + 20 * MINUTE
    for minute, who in ((20, "cy"), (18, "bo"), (16, "ana")):
        world.hear(said(minute, who))

    (alert,) = world.alerts.on()

    assert alert.at == NINE + 20 * MINUTE
    assert isinstance(alert.raised_at, datetime)
