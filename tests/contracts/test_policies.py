"""What each function may do to the table is what it does to the table, call by call."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import Refused, Unavailable
from chalicelib.log import Log
from chalicelib.model import (
    Action,
    CrmEvent,
    Crossing,
    Customer,
    Decision,
    Happened,
    Hearing,
    Late,
    Move,
    Moved,
    Notice,
    NoticeKind,
    Outcome,
    Post,
    Published,
    Saved,
    Sighting,
    Standing,
    Terms,
    notice_key,
)
from chalicelib.model.erasure import Erasure
from chalicelib.model.lease import Grant
from chalicelib.pipeline import deliver, quiet, telling, timekeeping, triage
from chalicelib.pipeline.alerting import watch
from chalicelib.pipeline.casework import entail
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.clocks import keep_clocks
from chalicelib.pipeline.erasure import erase
from chalicelib.pipeline.hear import poll
from chalicelib.pipeline.identity import Registry
from chalicelib.pipeline.people import CurrentPeople, People, Team
from chalicelib.pipeline.raising import with_alerts
from chalicelib.pipeline.showing import Showing
from chalicelib.platforms import PLATFORMS
from chalicelib.rulebook import bundle
from chalicelib.rulebook.calendars import Calendar, Hours
from chalicelib.rulebook.current import CurrentRulebook
from chalicelib.rulebook.rule import Book
from chalicelib.rulebook.taking import Making, Taker
from chalicelib.stores import keys
from chalicelib.stores.alerts import DynamoAlerts
from chalicelib.stores.back_channel import DynamoBackChannel
from chalicelib.stores.clocks import DynamoClocks
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.erasures import DynamoErasures
from chalicelib.stores.hearings import DynamoHearings
from chalicelib.stores.identities import DynamoIdentities
from chalicelib.stores.leases import DynamoLeases
from chalicelib.stores.memory import MemoryQueue
from chalicelib.stores.notices import DynamoNotices
from chalicelib.stores.rulebooks import DynamoRulebooks
from chalicelib.stores.underway import DynamoUnderway
from chalicelib.stores.windows import DynamoWindows
from tests.faults.rights import Done, on_the_table, refused
from tests.unit.people import OLDEST, MemoryCrm, ThreeWords, Watch, post, read
from tests.unit.rulebooks import Journal

pytestmark = pytest.mark.local
POLICIES = Path(__file__).parents[2] / ".chalice" / "policies"


class Needed(set[str]):
    """Permissions that were needed, and each with the partitions' keys it was needed for."""

    def __init__(self, actions: Iterable[str] = (), keyed: Iterable[Done] = ()) -> None:
        super().__init__(actions)
        self.keyed = set(keyed)

    def clear(self) -> None:
        """Forget what others did before."""
        super().clear()
        self.keyed.clear()

    def and_then(self, other: Needed) -> Needed:
        """Both."""
        return Needed({*self, *other}, self.keyed | other.keyed)


@pytest.fixture
def done(dynamodb: Any) -> Iterator[Needed]:
    """The permissions that were needed: those of a transaction are those of its actions."""
    needed = Needed()

    def note(params: Any, model: Any, **_: Any) -> None:
        asked = set(on_the_table(model.name, params))
        needed.update(each.action for each in asked)
        needed.keyed |= asked

    dynamodb.meta.events.register("before-parameter-build.dynamodb", note, unique_id="needed")
    yield needed
    dynamodb.meta.events.unregister("before-parameter-build.dynamodb", unique_id="needed")


def test_each_function_may_do_what_it_does_and_no_more(
    dynamo: DynamoStore, dynamodb: Any, table: str, done: Needed
) -> None:
    assert _judged("triage_posts", _hear(dynamo, done), _take_rules(dynamodb, table, done)) == allowed("triage_posts")
    assert _judged("deliver_cases", _tell(dynamo, dynamodb, table, done)) == allowed("deliver_cases")
    assert _judged("tell_people", _tell_people(dynamodb, table, done)) == allowed("tell_people")
    kept = [_keep_time(dynamo, done), _ask_a_hub(dynamodb, table, done), _ask_the_crm(dynamodb, table, done)]
    kept += [_hand_out_notices(dynamodb, table, done), _keep_clocks(dynamodb, table, done)]
    assert _judged("keep_time", *kept, _forget(dynamo, dynamodb, table, done)) == allowed("keep_time")


def _judged(function: str, *parts: Needed) -> set[str]:
    """The actions that were needed; every one of them is allowed for the keys it was needed for."""
    assert sorted(str(each) for part in parts for each in part.keyed if refused(function, each)) == []
    return {action for part in parts for action in part}


@pytest.mark.parametrize("function", ["api_handler", "deliver_cases", "keep_time"])
def test_who_heeds_what_people_do_in_the_crm_may_read_and_move_cases_and_their_authors_and_nothing_else(
    dynamo: DynamoStore, dynamodb: Any, table: str, done: Needed, function: str
) -> None:
    _hear(dynamo, done)
    _tell(dynamo, dynamodb, table, done)
    channel, clock = DynamoBackChannel(dynamodb, table, Watch()), Watch()
    case_id = post(2).external_key
    done.clear()

    assert channel.heed("memory", CrmEvent("1", Happened.MERGED, clock(), None, f"no-{case_id}", into="2"))

    statements = json.loads((POLICIES / f"{function}.json").read_text())["Statement"]
    (heeds,) = [item for item in statements if item["Sid"] == "HeedWhatPeopleDoInTheCrm"]
    patterns = heeds["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    long = "x" * 3000
    touched = [keys.case(case_id), keys.author("forum:ana"), keys.reference("memory", "2")]
    touched += [keys.case(long), keys.author(long), keys.reference("memory", long)]
    assert done == set(heeds["Action"])
    assert all(any(fnmatchcase(pk, pattern) for pattern in patterns) for pk, _ in touched)
    assert not any(fnmatchcase(keys.head("x:1")[0], pattern) for pattern in patterns)


def test_who_heeds_the_crm_sees_whether_people_were_asked_and_owes_them_the_end(
    dynamo: DynamoStore, dynamodb: Any, table: str, done: Needed
) -> None:
    _hear(dynamo, done)
    _tell(dynamo, dynamodb, table, done)
    clock, case_id = Watch(), post(2).external_key
    notices = DynamoNotices(dynamodb, table, clock)
    asked = Notice("n1", NoticeKind.ALERT, case_id, None, "care", (), None, "smoke", (), clock(), case_id)
    notices.introduce(asked)
    done.clear()

    assert DynamoBackChannel(dynamodb, table, clock).heed("memory", CrmEvent("1", Happened.ANSWERED, clock(), case_id))

    assert notices.find(notice_key(NoticeKind.SETTLED, case_id, asked.key))
    statements = json.loads((POLICIES / "api_handler.json").read_text())["Statement"]
    by_name = {item["Sid"]: item for item in statements}
    sees, owes = by_name["SeeWhetherPeopleWereTold"], by_name["OwePeopleItsEnd"]
    assert (sees["Action"], owes["Action"]) == (["dynamodb:GetItem"], ["dynamodb:PutItem"])
    assert done <= {*by_name["HeedWhatPeopleDoInTheCrm"]["Action"], *sees["Action"], *owes["Action"]}
    seen = sees["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert all(any(fnmatchcase(keys.matter(name)[0], each) for each in seen) for name in (case_id, "x" * 3000))
    assert owes["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["NOTICE#*"]


def test_the_function_that_strangers_reach_may_note_what_hubs_grant_and_where_it_is_kept(
    dynamodb: Any, table: str, done: Needed
) -> None:
    leases = DynamoLeases(dynamodb, table, Watch())
    done.clear()

    leases.granted(Grant("youtube:feed", timedelta(days=5)))
    leases.granted(Grant("youtube:feed", None))

    statements = json.loads((POLICIES / "api_handler.json").read_text())["Statement"]
    (grants,) = [item for item in statements if item["Sid"] == "NoteWhatHubsGrant"]
    assert done == set(grants["Action"])
    written = [keys.lease(name)[0] for name in ("youtube:feed", "youtube:" + "x" * 3000)]
    allowed_keys = grants["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert [[fnmatchcase(key, pattern) for pattern in allowed_keys] for key in written] == [
        [True, False],
        [False, True],
    ]


def test_counting_what_repeats_needs_no_more_than_deciding(dynamodb: Any, table: str, done: Needed) -> None:
    clock = Watch()
    windows, usual = DynamoWindows(dynamodb, table, clock), Terms(2, timedelta(hours=1), timedelta(hours=1), 2)
    done.clear()

    for age in (20, 0):
        at = clock() - timedelta(days=age)
        windows.sight([Sighting("rule", f"rule/{terms}", f"x:{age}", "ana", at, terms) for terms in (usual, ONCE)])
        windows.settle()

    assert done == {"dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
    assert _judged("triage_posts", done) <= allowed("triage_posts")


def test_noting_what_is_under_way_needs_no_more_than_deciding(dynamodb: Any, table: str, done: Needed) -> None:
    underway = DynamoUnderway(dynamodb, table, Watch())
    done.clear()

    underway.ended(["a", "b"])
    underway.begin("a", 2)
    underway.answered("a", 2)

    assert done == {"dynamodb:BatchGetItem", "dynamodb:UpdateItem"}
    assert _judged("triage_posts", done) <= allowed("triage_posts")


ONCE = Terms(2, timedelta(hours=1), timedelta(hours=1))


def test_going_on_with_alerts_needs_no_more_than_the_minutes_round_may(
    dynamo: DynamoStore, dynamodb: Any, table: str, done: Needed
) -> None:
    """Raised by a decision; told of again; over."""
    clock, alerts = Watch(), DynamoAlerts(dynamodb, table, Watch())
    clock.time -= timedelta(hours=1)
    seen = [Sighting("rule", "rule/w", f"x:{n}", f"{n}", clock(), ONCE, raises=True) for n in range(5)]
    windows = DynamoWindows(dynamodb, table, clock)
    crossed = [counted.crossed for counted in windows.sight(seen)][1]
    assert crossed
    windows.settle()
    crossing = Crossing("rule/w", crossed.mark, "rule", "Rule", {}, "posts", 2, 2, ONCE.within, clock())
    said = post(1)
    decision = Decision(said.id, said.version, Outcome.IGNORE, "no rule", crossed=(crossing,))
    done.clear()
    assert dynamo.save(with_alerts(Saved(said, decision, Standing()), alerts, clock()))
    assert _judged("triage_posts", done) <= allowed("triage_posts")
    done.clear()
    written: list[str] = []
    dynamodb.meta.events.register("before-parameter-build.dynamodb", lambda params, **_: written.extend(_put(params)))

    clock.time += timedelta(minutes=20)
    assert [step.kind for step in watch(alerts, clock)] == ["update"]
    clock.time += timedelta(days=1)
    assert [step.kind for step in watch(alerts, clock)] == ["all-clear"]

    statements = json.loads((POLICIES / "keep_time.json").read_text())["Statement"]
    (puts,) = [item for item in statements if item["Sid"] == "GoOnWithAlerts"]
    patterns = puts["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert _judged("keep_time", done) <= allowed("keep_time")
    assert len(written) == 4
    assert all(any(fnmatchcase(pk, pattern) for pattern in patterns) for pk in written)


def _put(params: Any) -> list[str]:
    puts = (action["Put"]["Item"]["pk"] for action in params.get("TransactItems", []) if "Put" in action)
    return [pk if isinstance(pk, str) else pk["S"] for pk in puts]


def test_the_function_that_decides_reads_single_items_of_published_rules_and_cases_only() -> None:
    statements = json.loads((POLICIES / "triage_posts.json").read_text())["Statement"]
    cases, rules = [item for item in statements if "dynamodb:GetItem" in item["Action"]]

    assert cases["Action"] == rules["Action"] == ["dynamodb:GetItem"]
    assert cases["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["CASE#*", "CASE~*"]
    assert rules["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"] == [keys.POINTER[0]]


def test_the_function_that_decides_reaches_no_wish_no_silence_and_no_identity() -> None:
    """What it does reach, and that this is enough, tests/faults/test_least_rights.py witnesses."""
    statements = json.loads((POLICIES / "triage_posts.json").read_text())["Statement"]
    (decides,) = [item for item in statements if item["Sid"] == "DecideOnPosts"]
    patterns = decides["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    foreign = [
        keys.erasure("c0de"),
        keys.silence("night"),
        keys.acknowledged("case"),
        keys.asked("odoo"),
        keys.reference("odoo", "7"),
        keys.lease("youtube:feed"),
        keys.hearing("x", date.min),
    ]

    assert not [pk for pk, _ in foreign if any(fnmatchcase(pk, pattern) for pattern in patterns)]


def test_the_function_that_strangers_reach_may_note_and_show_wishes_to_be_forgotten_and_no_post(
    dynamodb: Any, table: str, done: Needed
) -> None:
    erasures = DynamoErasures(dynamodb, table, Watch())
    done.clear()

    erasures.ask(Erasure("c0de", "forum", Watch()(), ("forum:ana",)))
    assert erasures.find("c0de")

    statements = json.loads((POLICIES / "api_handler.json").read_text())["Statement"]
    (wishes,) = [item for item in statements if item["Sid"] == "NoteAndShowWishesToBeForgotten"]
    assert done == set(wishes["Action"])
    assert wishes["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"] == [keys.erasure("c0de")[0]]


def test_the_function_that_strangers_reach_may_note_that_platforms_were_heard_and_nothing_else_there(
    dynamodb: Any, table: str, done: Needed
) -> None:
    done.clear()

    DynamoHearings(dynamodb, table).add(Hearing("x", Watch()(), 1, 1, 1, frozenset({"like.create"})))

    statements = json.loads((POLICIES / "api_handler.json").read_text())["Statement"]
    (heard,) = [item for item in statements if item["Sid"] == "NoteWhenPlatformsWereHeard"]
    assert done == set(heard["Action"])
    (leading,) = heard["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert all(keys.hearing(name, date.min)[0].startswith(leading.removesuffix("*")) for name in PLATFORMS)


def allowed(function: str) -> set[str]:
    statements = json.loads((POLICIES / f"{function}.json").read_text())["Statement"]
    tables = [item for item in statements if {"Fn::GetAtt": ["PostsTable", "Arn"]} in item["Resource"]]
    return {action for statement in tables for action in statement["Action"]}


def _hear(store: DynamoStore, done: Needed) -> Needed:
    """Posts that are ignored, open, join, are edited and are taken back."""
    heard: list[Post] = [
        post(1, "nice weather"),
        post(2),
        post(3),
        post(2, "refund now", action=Action.EDIT),
        post(4, who="bo"),
        post(5, who="cy"),
        post(5, None, who="cy", action=Action.DELETE),
    ]
    done.clear()
    clock = Watch()
    batch = triage.Desk(store, ThreeWords(), read, clock, OLDEST, {}).batch(heard)
    for each in heard:
        batch.triage(each)
    batch.settle()
    return Needed(done, done.keyed)


def _take_rules(dynamodb: Any, table: str, done: Needed) -> Needed:
    """A version that is taken, and one that is not there and is declined."""
    rulebooks, clock = DynamoRulebooks(dynamodb, table), Watch()
    text = bundle.dumps(Book())
    version = bundle.loads(text, "plain").version
    rulebooks.add(Published(version, 0, len(text), "ana", "why", clock()), text)
    rulebooks.move(Move(1, Moved.PUBLISHED, version, None, None, "ana", "why", clock()))
    done.clear()
    making = Making("plain", bundle.read, lambda given: bundle.loads(given, "plain"), lambda given: ())
    log = Journal()
    current = CurrentRulebook(rulebooks, Taker(rulebooks, making, clock, log), clock, timedelta(0), log)
    assert current().version == version
    needed = Needed(done, done.keyed)
    rulebooks.move(Move(2, Moved.PUBLISHED, "404", version, None, "ana", "why", clock()))
    done.clear()
    assert current().version == version
    assert log.events("error") == ["rulebook.declined"]
    return needed.and_then(done)


def _tell(store: DynamoStore, dynamodb: Any, table: str, done: Needed) -> Needed:
    """A case with follow-ups whose author is a customer, and which people close before the last of them is told; one
    that is refused, one that is withdrawn, and one whose deletion was overtaken."""
    clock, crm, case_id = Watch(), MemoryCrm(known=[Customer("7", "Contact.handle")]), post(2).external_key
    registry = Registry(DynamoIdentities(dynamodb, table), clock, lambda platform: True, Log("tests"))
    channel = DynamoBackChannel(dynamodb, table, clock)
    desk = deliver.Desk(store, crm, Circuit(clock, timedelta(seconds=30)), registry, channel)
    done.clear()
    with suppress(Unavailable):
        desk.deliver(case_id, iter((False, True)).__next__)
    needed = Needed(done, done.keyed)
    channel.heed("memory", CrmEvent("0", Happened.CLOSED, clock(), case_id))
    done.clear()
    desk.deliver(case_id)
    done.update(needed)
    done.keyed |= needed.keyed
    crm.troubles = [Refused("no such team")]
    desk.deliver(post(4).external_key)
    desk.deliver(post(5).external_key)
    store.erase_text(post(2).id)  # as where a deletion that named no author was overtaken by its post
    return Needed(done, done.keyed)


def _telling(dynamodb: Any, table: str, clock: Watch) -> telling.Desk:
    """A desk whose one channel takes everything; its team is quiet at night."""
    night = Calendar("quiet hours", "UTC", tuple(range(7)), (Hours(0, 24 * 60 - 1),))
    people = People(
        {"room": "file"}, {"care": Team(("room",), repeat=timedelta(minutes=5)), "duty": Team(("room",), night)}
    )
    notices, store = DynamoNotices(dynamodb, table, clock), DynamoStore(dynamodb, table, clock)
    return telling.Desk(notices, people, lambda name: Showing(name, Room(name), store), store, clock, Log("tests"))


@dataclass
class Room:
    """A channel that takes everything."""

    name: str

    def tell(self, notice: Notice, times: int) -> None:
        """Nobody reads it."""


def _tell_people(dynamodb: Any, table: str, done: Needed) -> Needed:
    """A notice that is told, told again since nobody took it up, and ended by what people did with its case; one that
    waits for the end of quiet hours."""
    clock, case_id = Watch(), post(2).external_key
    desk = _telling(dynamodb, table, clock)
    alert = Notice("n1", NoticeKind.ALERT, "a", None, "care", (), None, "smoke", (), clock(), case_id)
    alert = replace(alert, posts=(post(2).id,))
    for notice in (alert, replace(alert, key="n2", team="duty"), replace(alert, key="n3", kind=NoticeKind.ALL_CLEAR)):
        desk.notices.owe(notice)
    DynamoBackChannel(dynamodb, table, clock).heed("memory", CrmEvent("00", Happened.ANSWERED, clock(), case_id))
    rulebooks, text = DynamoRulebooks(dynamodb, table), bundle.dumps(Book(), {"channels": {}, "teams": {}})
    version = bundle.loads(text, "plain").version
    rulebooks.add(Published(version, 0, len(text), "ana", "why", clock()), text)
    rulebooks.move(Move(rulebooks.pointer().revision + 1, Moved.PUBLISHED, version, None, None, "ana", "why", clock()))
    done.clear()
    assert CurrentPeople(rulebooks, clock)() == People()
    assert done == _in_statement("tell_people", "SeeWhoIsTold")
    for key in ("n1", "n2", "n1"):
        assert desk.tell(key)
        clock.time += timedelta(minutes=6)
    assert desk.tell("n3")
    return Needed(done, done.keyed)


def _in_statement(function: str, sid: str) -> set[str]:
    statements = json.loads((POLICIES / f"{function}.json").read_text())["Statement"]
    return {action for item in statements if item["Sid"] == sid for action in item["Action"]}


def _hand_out_notices(dynamodb: Any, table: str, done: Needed) -> Needed:
    """What is due once more, and what waited for the end of quiet hours."""
    clock = Watch()
    clock.time = clock.time.replace(hour=23, minute=59, second=30) + timedelta(days=1)
    desk = _telling(dynamodb, table, clock)
    done.clear()
    assert desk.notices.wake(clock()) > 0
    assert quiet.end_quiet(desk) == 1
    return Needed(done, done.keyed)


def _keep_clocks(dynamodb: Any, table: str, done: Needed) -> Needed:
    """A case whose reply is overdue."""
    clock, said = Watch(), post(70, who="zoe")
    late = (Late(clock() - timedelta(minutes=1), "1 hour", "leads"),)
    decision = Decision(said.id, said.version, Outcome.ESCALATE, "money", team="care", late=late)
    DynamoStore(dynamodb, table, clock).save(entail(said, decision, Standing(), clock()))
    done.clear()
    assert len(list(keep_clocks(DynamoClocks(dynamodb, table, clock), clock))) == 1
    return Needed(done, done.keyed)


def test_who_tells_people_sees_no_post_and_no_author_and_the_minutes_round_writes_notices_alone() -> None:
    tell = json.loads((POLICIES / "tell_people.json").read_text())["Statement"]
    keep = json.loads((POLICIES / "keep_time.json").read_text())["Statement"]
    marks, sees = (
        [item for item in tell if item["Sid"] == sid] for sid in ("MarkNotices", "SeeWhetherPeopleTookTheCaseUp")
    )
    (hands_out,) = [item for item in keep if item["Sid"] == "HandOutNotices"]
    long = "x" * 3000
    about = [keys.notice("n"), keys.telling("n", "room"), keys.matter("a"), keys.matter(long)]
    about += [keys.acknowledged("a"), keys.silence("s"), keys.holding("room")]

    patterns = marks[0]["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert all(any(fnmatchcase(pk, pattern) for pattern in patterns) for pk, _ in about)
    assert sees[0]["Action"] == ["dynamodb:GetItem"]
    assert sees[0]["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["CASE#*", "CASE~*"]
    assert hands_out["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] == ["NOTICE#*", "NOTICE~*"]
    assert not any(fnmatchcase(keys.head("x:1")[0], pattern) for pattern in patterns)


def _ask_the_crm(dynamodb: Any, table: str, done: Needed) -> Needed:
    """What moves a case, and what is noted of how far it was asked."""
    clock = Watch()
    crm = MemoryCrm(events=[CrmEvent("9", Happened.MERGED, clock(), post(2).external_key, into="3")])
    done.clear()
    heeded = poll(crm, DynamoBackChannel(dynamodb, table, clock), clock, Circuit(clock, timedelta(seconds=30)))
    assert heeded is not None
    assert heeded.moved == 1
    return Needed(done, done.keyed)


def _forget(store: DynamoStore, dynamodb: Any, table: str, done: Needed) -> Needed:
    """An author with a case."""
    erasures, clock = DynamoErasures(dynamodb, table, Watch()), Watch()
    erasures.ask(Erasure("c0de", "forum", clock(), ("forum:ana",)))
    clock.time += timedelta(hours=1)
    done.clear()
    (erased,) = erase(erasures, MemoryQueue(clock), clock, lambda: False)
    assert erased.posts
    return Needed(done, done.keyed)


def _ask_a_hub(dynamodb: Any, table: str, done: Needed) -> Needed:
    leases = DynamoLeases(dynamodb, table, Watch())
    done.clear()
    (lease,) = leases.leases(["youtube:feed"])
    assert leases.claim(lease, "mark")
    return Needed(done, done.keyed)


def _keep_time(store: DynamoStore, done: Needed) -> Needed:
    clock = Watch()
    late = post(6, who="di")
    triage.Desk(store, ThreeWords(), read, clock, OLDEST, {}).batch([late]).triage(late)
    clock.time += timedelta(days=36500)
    done.clear()
    assert timekeeping.keep_time(store, clock, timedelta(0)).nudged == 1
    return Needed(done, done.keyed)
