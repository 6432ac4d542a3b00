"""Once an author is forgotten, or a post is taken back, no item of the table holds what is promised to be gone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.log import Log
from chalicelib.model import Action, Author, DeliveryState, Outcome, Post, Priority
from chalicelib.model.erasure import ARRIVES, Erasure
from chalicelib.pipeline import deliver, quiet, telling
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.clocks import keep_clocks
from chalicelib.pipeline.erasure import erase
from chalicelib.pipeline.people import People, Team
from chalicelib.pipeline.taking_up import acknowledge
from chalicelib.pipeline.triage import Desk
from chalicelib.reading import read
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.calendars import Calendar, Hours
from chalicelib.rulebook.rule import Repeats, Then, Topic
from chalicelib.stores.alerts import DynamoAlerts
from chalicelib.stores.attributes import plain, typed
from chalicelib.stores.clocks import DynamoClocks
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.erasures import DynamoErasures
from chalicelib.stores.memory import MemoryQueue
from chalicelib.stores.notices import DynamoNotices
from chalicelib.stores.packing import unpack
from chalicelib.stores.windows import DynamoWindows
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.unit.people import MemoryCrm
from tests.unit.rulebooks import line, rule, rulebook, words

pytestmark = pytest.mark.local
FAR = timedelta(days=999)
ANA = Author("5010501", "anaruizwrites", "Ana Ruiz")
BO = Author("6020602", "boholmwrites", "Bo Holm")
MELTED = "Quokkas melted zigzag beside smoke nearby"
MORE = "Yesterday smouldering gadget again, smoke"
QUIET = "Xylophones never answered"
DANGER = Then(Outcome.ESCALATE, Priority.URGENT, "safety", ("night",), "15 minutes", join_within=timedelta(days=3))
NAMED = Then(Outcome.ESCALATE, Priority.HIGH, "care", subject="{author.name} ({author.handle}) waits")
ASKED = {"melted", "xylophones"}
OURS = {"smoke", "never", "answered", "again"}
BOOK = rulebook(
    rule("burnt-or-smoking", line("any", words("smoke", "melted")), then=DANGER),
    rule("never-answered", line("any", words("xylophones", "oboes")), then=NAMED),
    rule(
        "spike",
        line("all", words("smoke")),
        then=replace(DANGER, subject="Danger"),
        repeats=Repeats("different authors", (), 2, "30 minutes", "2 hours"),
    ),
    topics=[Topic("smoke", (line("any", words("smoke")),))],
)


@dataclass
class Room:
    """A channel that takes everything."""

    name: str

    def tell(self, notice: object, times: int) -> None:
        """Nobody reads it."""


@dataclass
class World:
    """One company on one table, and the functions that run there."""

    dynamodb: Any
    table: str
    clock: Clock
    book: Rulebook = BOOK
    crm: MemoryCrm = field(default_factory=MemoryCrm)

    def __post_init__(self) -> None:
        self.store = DynamoStore(self.dynamodb, self.table, self.clock)
        self.erasures = DynamoErasures(self.dynamodb, self.table, self.clock)
        self.notices = DynamoNotices(self.dynamodb, self.table, self.clock)
        self.queue = MemoryQueue(self.clock)

    def hear(self, *posts: Post) -> None:
        windows = DynamoWindows(self.dynamodb, self.table, self.clock)
        alerts = DynamoAlerts(self.dynamodb, self.table, self.clock)
        batch = Desk(self.store, self.book, read, self.clock, FAR, {}, windows, alerts=alerts).batch(posts)
        for each in posts:
            batch.triage(each)
        batch.settle()

    def deliver(self) -> None:
        for case in list(self.store.cases()):
            deliver.Desk(self.store, self.crm, Circuit(self.clock, timedelta(seconds=1))).deliver(case.id)

    def people(self) -> telling.Desk:
        night = Calendar("quiet hours", "UTC", tuple(range(7)), (Hours(8 * 60, 10 * 60),))
        teams = {"safety": Team(("room",)), "night": Team(("bedroom",), night, urgent_waits=True)}
        people = People({"room": "file", "bedroom": "file"}, teams)
        return telling.Desk(self.notices, people, Room, self.store, self.clock, Log("tests"))

    def tell(self) -> None:
        """Whatever people are owed, wherever it waits."""
        for item in self.items():
            if item["sk"] == "NOTICE":
                self.people().tell(item["pk"].removeprefix("NOTICE#"))

    def forget(self, *author_keys: str) -> Erasure:
        self.erasures.ask(Erasure("c0de", "forum", self.clock(), author_keys))
        self.clock.now += ARRIVES
        (done,) = erase(self.erasures, self.queue, self.clock, lambda: False)
        for post in self.queue.take():
            self.hear(post)
        self.deliver()
        self.tell()
        return done

    def items(self) -> list[dict[str, Any]]:
        """All that the table holds, unpacked; what has expired is DynamoDB's to drop."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table)
        found = [plain(item) for page in pages for item in page["Items"]]
        now = self.clock().timestamp()
        kept = [item for item in found if item.get("expires", now + 1) > now]
        return [{name: unpack(v) if isinstance(v, str) else v for name, v in item.items()} for item in kept]

    def holding(self, *looked_for: str) -> dict[str, list[str]]:
        """Where any of these stands: of each, in which items."""
        texts = {f"{item['pk']} {item['sk']}": " ".join(map(str, item.values())).lower() for item in self.items()}
        found = {each: [where for where, text in texts.items() if each.lower() in text] for each in looked_for}
        return {each: where for each, where in found.items() if where}


def said(number: int, text: str, author: Author, clock: Clock, **more: Any) -> Post:
    given = {"created_at": clock.now, "permalink": f"https://forum.example/{author.handle}/{number}", **more}
    return Post(f"forum:{number}", "forum", text=text, author=author, conversation_id=f"{author.handle}-1", **given)


def words_of(*texts: str) -> list[str]:
    """Every word of them; where rules or headings say it too, as it stands where it was found."""
    found = sorted({w.lower() for text in texts for w in re.findall(r"\w{5,}", text)} - OURS)
    return [f'"{word}' if word in ASKED else word for word in found]


@pytest.fixture
def world(cloud: Cloud, dynamodb: Any, table: str, clock: Clock) -> World:
    return World(dynamodb, table, clock)


def test_of_an_author_who_is_forgotten_nothing_stands_anywhere_in_the_table(world: World) -> None:
    live(world)
    told = [ANA.id, ANA.handle, ANA.name, *words_of(MELTED, MORE, QUIET)]
    before = world.holding(*filter(None, told))
    where = " ".join(place for places in before.values() for place in places)
    assert all(kind in where for kind in ("CASE#", "DELIVERY#", "NOTICE#", "AUTHOR#", "POST#")), "it was there"

    done = world.forget(f"forum:{ANA.id}")

    assert world.holding(*filter(None, told)) == {}
    assert (done.posts, done.cases, done.author_keys) == (3, 2, ())
    ours = [place for place in world.holding(BO.name or "")[BO.name or ""] if not place.startswith("AUTHOR#")]
    assert {place.partition("#")[0] for place in ours} >= {"POST", "CASE"}, "nobody else is forgotten"


def test_what_stays_of_an_author_is_that_something_was_decided_by_which_rule_and_when(world: World) -> None:
    live(world)
    world.forget(f"forum:{ANA.id}")

    record = world.store.recorded("forum:1")[0]
    cases = {case.rule: case for case in world.store.cases() if case.author_key is None}
    assert record.decision.reason == "Burnt-Or-Smoking: found words that are erased"
    assert record.decision.subject == "Burnt-Or-Smoking"
    assert cases["never-answered"].subject == "Never-Answered"
    assert cases["never-answered"].refused == "erased"
    owed = world.store.deliveries(cases["never-answered"].id)[0]
    assert (owed.heading, owed.words, owed.state) == ("Never-Answered", "erased", DeliveryState.REFUSED)


def test_of_a_post_that_is_taken_back_no_word_stands_anywhere_and_its_author_stays(world: World) -> None:
    first = said(1, MELTED, ANA, world.clock)
    world.hear(first)
    world.tell()
    world.deliver()
    assert {place.partition("#")[0] for place in world.holding("melted")["melted"]} == {"POST", "CASE", "NOTICE"}

    world.hear(replace(first, action=Action.DELETE, text=None, edited_at=None))
    world.tell()
    world.deliver()

    assert world.holding(*words_of(MELTED)) == {}
    (case,) = world.store.cases()
    assert case.reason == "Burnt-Or-Smoking: found words that are erased"
    assert (case.subject, case.author_key) == ("Burnt-Or-Smoking - anaruizwrites", "forum:5010501")


def test_the_deletion_of_another_post_of_a_case_leaves_what_opened_it(world: World) -> None:
    first, second = said(1, MELTED, ANA, world.clock), said(2, MORE, ANA, world.clock)
    world.hear(first, second)

    world.hear(replace(second, action=Action.DELETE, text=None))

    (case,) = world.store.cases()
    assert '"melted"' in case.reason
    assert world.holding("smouldering") == {}


def test_cases_are_forgotten_whose_posts_have_expired(world: World) -> None:
    live(world)
    for item in world.items():
        if item["pk"].startswith("POST#"):  # as TTL does, after 14 days with `keep`
            world.dynamodb.delete_item(TableName=world.table, Key=typed({"pk": item["pk"], "sk": item["sk"]}))
    assert world.holding(ANA.handle or "")

    done = world.forget(f"forum:{ANA.id}")

    assert world.holding(*filter(None, (ANA.id, ANA.handle, ANA.name)), *words_of(MELTED, MORE, QUIET)) == {}
    assert (done.posts, done.cases, done.author_keys) == (0, 2, ())


def test_what_comes_out_of_the_dead_letters_after_the_search_is_not_kept(world: World) -> None:
    late = [said(8, MELTED, ANA, world.clock), said(9, QUIET, ANA, world.clock)]
    world.hear(said(1, MORE, ANA, world.clock))
    world.forget(f"forum:{ANA.id}")
    world.clock.now += timedelta(days=20)

    world.hear(*late, replace(late[0], action=Action.DELETE, text=None))

    assert world.holding(*filter(None, (ANA.id, ANA.handle, ANA.name)), *words_of(MELTED, MORE, QUIET)) == {}
    assert [world.store.recorded(of.id)[0].decision.guard for of in late] == ["forgotten", "forgotten"]


def live(world: World) -> None:
    """Ana and Bo write: urgent cases that people are told of at once or after the night, one that is overdue and taken
    up, one that the CRM refuses in words that name her, and an alert of both."""
    clock = world.clock
    world.hear(said(1, MELTED, ANA, clock))
    world.deliver()
    world.hear(said(2, MORE, ANA, clock), said(3, "Our toaster makes smoke", BO, clock))
    world.crm.troubles = [Refused(f"no team for {ANA.name}: {QUIET}")]
    world.hear(said(4, QUIET, ANA, clock))
    world.deliver()
    world.hear(said(5, "Oboes fell silent", BO, clock))
    world.tell()
    clock.now += timedelta(minutes=30)
    assert list(keep_clocks(DynamoClocks(world.dynamodb, world.table, clock), clock))
    world.tell()
    for case in world.store.cases():
        if asked := world.notices.matter(case.id).latest:
            acknowledge(world.notices, asked, "zoe", clock())
    clock.now += timedelta(hours=2)
    assert quiet.end_quiet(world.people())
    world.tell()
