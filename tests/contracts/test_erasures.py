"""What every store of erasures promises, in memory and on DynamoDB alike, and what comes of an erasure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import Unavailable
from chalicelib.model import Action, Author, Post, Recorded, Saved, Standing
from chalicelib.model.erasure import ARRIVES, Erasure, Held
from chalicelib.pipeline.erasure import erase
from chalicelib.pipeline.triage import Desk
from chalicelib.ports.store import Erasures, Store
from chalicelib.stores import items
from chalicelib.stores.attributes import json_text
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.erasures import DynamoErasures
from chalicelib.stores.memory import MemoryQueue, MemoryStore
from chalicelib.stores.memory_erasures import MemoryErasures
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.contracts.counting import CountingWire
from tests.contracts.story import case_id, ignored, open_case, post
from tests.unit.people import OLDEST, ThreeWords, read

ANA = "mastodon:7"


@dataclass
class Office:
    """A store, its erasures and a queue, under one clock."""

    store: Store
    erasures: Erasures
    queue: MemoryQueue
    clock: Clock

    def hear(self, *posts: Post) -> None:
        for of in posts:
            self.store.save(Saved(of, ignored(of), Standing()))

    def ask(self, *author_keys: str, code: str = "c0de") -> Erasure:
        asked = Erasure(code, "mastodon", self.clock(), author_keys)
        assert self.erasures.ask(asked)
        self.clock.now += ARRIVES
        return asked

    def erase(self, stretches: int | None = None) -> list[Erasure]:
        """As many stretches as there is time for; all of them by default."""
        left = iter([False] * stretches if stretches is not None else iter(lambda: False, True))
        return erase(self.erasures, self.queue, self.clock, lambda: next(left, True))

    def triage(self) -> None:
        desk = Desk(self.store, ThreeWords(), read, self.clock, OLDEST, {})
        waiting = self.queue.take()
        batch = desk.batch(waiting)
        for of in waiting:
            batch.triage(of)


@pytest.fixture(params=["memory", pytest.param("dynamo", marks=pytest.mark.local)])
def office(request: pytest.FixtureRequest, clock: Clock) -> Office:
    if request.param == "memory":
        store = MemoryStore(clock)
        return Office(store, MemoryErasures(store), MemoryQueue(clock), clock)
    cloud: Cloud = request.getfixturevalue("cloud")
    table: str = request.getfixturevalue("table")
    return Office(
        DynamoStore(cloud.wire(), table, clock), DynamoErasures(cloud.wire(), table, clock), MemoryQueue(clock), clock
    )


def by(who: str | None, number: int, **more: object) -> Post:
    """A post with everything in it that leads to a person."""
    author = Author(id=who, handle="ana", name="Ana", followers=3) if who else Author()
    led = {"permalink": "https://social.example/@ana/1", "conversation_id": "dm-ana", "in_reply_to": "9"}
    return replace(post(number, author=author), **(led | more))  # type: ignore[arg-type]


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def kept(office: Office, of: Post) -> list[Recorded]:
    return office.store.recorded(of.id)


def test_what_an_author_wrote_is_erased_and_who_wrote_it_and_nobody_elses(office: Office) -> None:
    hers, more, quoting = by("7", 1), by("7", 2), by("8", 3, text='they said "7"')
    office.hear(hers, more, quoting)
    before = kept(office, hers)[0]
    office.ask(ANA)

    done = office.erase()

    (after,) = kept(office, hers)
    assert (after.post.text, after.post.author, after.post.author_key, after.erased) == (None, Author(), None, True)
    assert (after.post.permalink, after.post.conversation_id, after.post.in_reply_to) == (None, None, None)
    assert [line.found for trace in after.decision.lines for line in trace.lines] == []
    assert (after.decision.outcome, after.decision.reason) == (before.decision.outcome, before.decision.reason)
    assert (after.post.id, after.decided_at) == (hers.id, before.decided_at)
    assert kept(office, quoting)[0].post == quoting
    assert [(erasure.posts, erasure.author_keys) for erasure in done] == [(2, ())]
    found = office.erasures.find("c0de")
    assert found is not None
    assert (found.done_at is not None, found.author_keys, found.posts, found.cursor) == (True, (), 2, None)
    assert office.erasures.under_way() == []


def test_posts_are_taken_back_from_the_crm_and_do_not_come_back(office: Office) -> None:
    saved = open_case(office.store, by("7", 1))
    office.ask(ANA)
    office.erase()
    office.triage()

    headings = [delivery.heading for delivery in office.store.deliveries(case_id(saved))]
    standing = office.store.standings([by("7", 1)])[0]
    case = office.store.case(case_id(saved))
    assert headings[1:] == ["The author deleted this post"]
    assert standing.deleted
    assert standing.open_cases == ()
    assert case is not None
    assert (case.author_key, case.conversation_id) == (None, None)
    assert (case.subject, case.reason) == ("a dead router", "a dead router")
    assert all(record.post.author_key is None and record.post.text is None for record in kept(office, by("7", 1)))


def test_an_erasure_that_is_cut_short_anywhere_goes_on_and_a_second_run_changes_nothing(office: Office) -> None:
    posts = [by("7" if number % 2 else "8", number) for number in range(1, 10)]
    office.hear(*posts)
    office.ask(ANA)
    while not office.erase(stretches=1):
        assert office.erasures.under_way()
    first = [kept(office, of) for of in posts]
    queued = {of.id for of in office.queue.take()}

    office.ask(ANA, code="again")
    (again,) = office.erase()

    assert [kept(office, of) for of in posts] == first
    assert queued == {of.id for of in posts[::2]}
    assert again.posts == 0


def test_a_stretch_that_was_done_and_not_noted_is_gone_through_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hear(by("7", 1))
    office.ask(ANA)
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr("chalicelib.pipeline.erasure._end", _die)
        office.erase()

    (done,) = office.erase()

    assert (done.posts, done.author_keys) == (1, ())
    assert kept(office, by("7", 1))[0].post.author_key is None
    assert len(office.queue.take()) == 1


def test_of_two_who_forget_at_once_one_goes_on_and_the_other_leaves_it_to_him(office: Office) -> None:
    office.hear(by("7", 1))
    asked = office.ask(ANA)
    further = replace(asked, posts=3, cursor=None)

    assert office.erasures.advance(asked, further)
    assert not office.erasures.advance(asked, replace(asked, posts=1))
    assert office.erasures.find(asked.code) == further
    done = replace(further, author_keys=(), done_at=office.clock())
    assert office.erasures.advance(further, done)
    assert not office.erasures.advance(further, further)
    assert office.erasures.find(asked.code) == done
    assert office.erase() == []


def test_a_queue_that_is_down_leaves_the_erasure_as_it_was(office: Office) -> None:
    class Down(MemoryQueue):
        def put(self, posts: object, again: str = "") -> None:
            raise Unavailable("the queue does not answer")

    office.hear(by("7", 1))
    asked = office.ask(ANA)

    with pytest.raises(Unavailable):
        erase(office.erasures, Down(office.clock), office.clock, lambda: False)
    assert [(wish.code, wish.author_keys, wish.cursor) for wish in office.erasures.under_way()] == [
        (asked.code, asked.author_keys, None)
    ]
    assert kept(office, by("7", 1))[0].post.author_key == ANA


def test_nothing_is_searched_while_posts_may_still_be_on_their_way(office: Office) -> None:
    office.hear(by("7", 1))
    office.erasures.ask(Erasure("c0de", "mastodon", office.clock(), (ANA,)))
    office.clock.now += ARRIVES - timedelta(seconds=1)

    assert office.erase() == []
    assert kept(office, by("7", 1))[0].post.author_key == ANA


def test_the_same_wish_twice_is_one_and_what_is_not_there_is_not_found(office: Office) -> None:
    asked = Erasure("c0de", "mastodon", office.clock(), (ANA,))

    assert office.erasures.ask(asked)
    assert not office.erasures.ask(replace(asked, author_keys=("mastodon:8",)))
    assert office.erasures.find("c0de") == asked
    assert office.erasures.find("c0") is None
    assert office.erasures.find("x" * 3000) is None


def test_an_author_who_wrote_nothing_is_done_at_once_and_kept_for_a_person_to_look_for(office: Office) -> None:
    asked = office.ask("mastodon:nobody", "facebook:nobody")

    (done,) = office.erase()

    assert (done.posts, done.author_keys) == (0, asked.author_keys)
    assert office.erasures.find("c0de") == done
    assert office.erasures.under_way() == []
    assert list(office.erasures.everything()) == [done]


def test_all_wishes_are_listed_the_latest_first(office: Office) -> None:
    office.hear(by("7", 1))
    office.ask(ANA)
    office.erase()
    later = office.ask("mastodon:8", code="later")

    assert [wish.code for wish in office.erasures.everything()] == ["later", "c0de"]
    assert office.erasures.under_way() == [later]


@pytest.mark.parametrize("who", ['quo"te', "back\\slash", "\udc00", "é", "7" * 300])
def test_an_author_of_any_id_is_found(office: Office, who: str) -> None:
    office.hear(by(who, 1))
    office.ask(f"mastodon:{who}")
    office.erase()

    assert kept(office, by(who, 1))[0].post.author_key is None


def test_a_deletion_names_nobody(office: Office) -> None:
    office.hear(by("7", 1))
    office.ask(ANA)
    office.erase()

    (deletion,) = office.queue.take()
    assert (deletion.action, deletion.author, deletion.text) == (Action.DELETE, Author(), None)


@pytest.mark.local
def test_a_deletion_that_read_a_post_before_its_author_was_forgotten_does_not_bring_them_back(
    dynamo: DynamoStore, dynamodb: Any, table: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = by("7", 1)
    dynamo.save(Saved(hers, ignored(hers), Standing()))
    erasures, without_words = DynamoErasures(dynamodb, table, clock), items.erased_texts

    def overtaken(item: Any) -> Any:
        erasures.forget(hers.id)
        return without_words(item)

    monkeypatch.setattr(items, "erased_texts", overtaken)
    dynamo.erase_text(hers.id)

    assert [record.post.author_key for record in dynamo.recorded(hers.id)] == [None]


def test_what_an_author_wrote_is_found_by_the_search_that_an_erasure_makes_and_nothing_else(office: Office) -> None:
    office.hear(by("7", 1), by("7", 2), by("8", 3, text=f"an answer to {ANA}"), by(None, 4))

    saved = open_case(office.store, by("7", 5))

    assert [case.id for case in office.erasures.held([ANA]).cases] == [case_id(saved)]
    assert {record.post.id for record in office.erasures.held([ANA]).posts} == {by("7", n).id for n in (1, 2, 5)}
    office.ask(ANA)
    office.erase()
    assert office.erasures.held([ANA]) == Held()


@pytest.mark.local
def test_posts_that_were_written_before_their_author_stood_beside_them_are_found(
    cloud: Cloud, table: str, clock: Clock, dynamodb: Any
) -> None:
    store, erasures = DynamoStore(cloud.wire(), table, clock), DynamoErasures(cloud.wire(), table, clock)
    of = by("7", 1)
    store.save(Saved(of, ignored(of), Standing()))
    (item,) = dynamodb.scan(TableName=table)["Items"]
    old = {**{name: value for name, value in item.items() if name != "author_key"}, "post": {"S": json_text(of)}}
    dynamodb.put_item(TableName=table, Item=old)

    assert [record.post.id for record in erasures.held([ANA]).posts] == [of.id]


def test_cases_are_counted_once_however_often_the_search_is_cut_short(office: Office) -> None:
    open_case(office.store, by("7", 1))
    open_case(office.store, by("7", 2, conversation_id="other"))
    open_case(office.store, by("8", 3))
    office.ask(ANA)
    while not (done := office.erase(stretches=1)):
        assert office.erasures.under_way()

    assert [(erasure.posts, erasure.cases) for erasure in done] == [(2, 2)]
    assert [case.author_key for case in office.store.cases()].count("mastodon:8") == 1


def test_a_case_that_was_opened_behind_the_search_is_found_by_the_authors_record(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = open_case(office.store, by("7", 1))
    office.ask(ANA)
    search = office.erasures.search
    monkeypatch.setattr(office.erasures, "search", lambda erasure: replace(search(erasure), cases=()))

    office.erase()

    case = office.store.case(case_id(saved))
    assert case is not None
    assert case.author_key is None


def test_what_is_decided_after_the_search_is_not_kept_and_what_was_said_after_the_wish_is(office: Office) -> None:
    late = by("7", 1, created_at=office.clock.now - timedelta(hours=1))
    office.ask(ANA)
    office.erase()
    later = by("7", 2, created_at=office.clock.now)
    office.clock.now += timedelta(days=13)

    for of in (late, later):
        office.queue.put([of])
    office.triage()

    (record,) = kept(office, late)
    assert (record.decision.guard, record.post, record.erased) == ("forgotten", late.without_person(), True)
    assert [one.post for one in kept(office, later)] == [later]


def test_a_second_wish_counts_from_its_own_time(office: Office) -> None:
    office.ask(ANA)
    office.erase()
    said = by("7", 1, created_at=office.clock.now)
    office.clock.now += timedelta(hours=2)
    office.ask(ANA, code="again")
    office.erase()
    office.erasures.mark(Erasure("c0de", "mastodon", office.clock.now - timedelta(days=3), (ANA,)))

    office.queue.put([said])
    office.triage()

    assert [one.decision.guard for one in kept(office, said)] == ["forgotten"]


@pytest.mark.local
def test_whether_authors_are_forgotten_is_asked_with_what_is_asked_anyway_and_of_no_post_of_now(
    cloud: Cloud, table: str, clock: Clock
) -> None:
    wire = cloud.wired(CountingWire)
    store = DynamoStore(wire, table, clock)
    DynamoErasures(wire, table, clock).mark(Erasure("c0de", "mastodon", clock.now, (ANA,)))
    new, late = by("7", 1, created_at=clock.now), by("7", 2, created_at=clock.now - timedelta(hours=1))
    wire.calls.clear()

    found = store.glimpses([new, late])

    assert [standing.forgotten_at is not None for standing in found] == [True, True]
    assert wire.calls == {"BatchGetItem": 1}
    assert store.glimpses([new])[0].forgotten_at is None
