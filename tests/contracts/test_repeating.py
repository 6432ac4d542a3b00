"""What repeats and what is capped, from the post to the table: the desk over either store, with its windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.errors import Unavailable
from chalicelib.model import Author, Outcome, Post, Recommended, Saved
from chalicelib.pipeline.triage import Desk, Triaged
from chalicelib.ports.store import Store
from chalicelib.reading import read
from chalicelib.rulebook.rule import Repeats
from chalicelib.stores.dynamo import DynamoStore
from chalicelib.stores.effects import REMEMBERED_RECOMMENDATIONS
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_windows import MemoryWindows
from chalicelib.stores.windows import DynamoWindows
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.contracts.counting import CountingWire
from tests.unit.rulebooks import ESCALATE, RECOMMEND, line, rule, rulebook, words

HELP = rule(
    "help",
    line("all", words("how")),
    then=replace(RECOMMEND, at_most="1 per author per 7 days"),
    review_by="2099-01-01",
)
SPIKE = rule(
    "spike", line("all", words("smoke")), then=ESCALATE,
    repeats=Repeats("different authors", (), 3, "30 minutes", "2 hours"),
)  # fmt: skip
NINE = Clock().now
DAY = timedelta(days=1)


def post(number: int, text: str, at: datetime = NINE, who: str = "ana") -> Post:
    return Post(f"x:{number}", "x", text=text, created_at=at, author=Author(who, who))


def hear(store: Store, clock: Clock, *posts: Post, windows: MemoryWindows | None = None) -> list[Triaged]:
    desk = Desk(store, rulebook(HELP, SPIKE), read, clock, 9999 * DAY, {}, windows)
    batch = desk.batch(posts)
    return [batch.triage(each) for each in posts]


def test_an_author_is_recommended_no_more_than_the_rule_says(store: Store, clock: Clock) -> None:
    clock.now += 30 * DAY
    times = (NINE, NINE + 6 * DAY, NINE + 7 * DAY, NINE + 8 * DAY)
    posts = [post(number, "how?", at) for number, at in enumerate(times)]

    made = [triaged.decision for each in posts for triaged in hear(store, clock, each)]

    assert [each.outcome.value for each in made] == ["recommend", "ignore", "recommend", "ignore"]
    assert made[1].reason == "Help: at most 1 per author per 7 days"


def test_two_posts_of_one_batch_know_of_each_other(store: Store, clock: Clock) -> None:
    first, second, other = hear(store, clock, post(1, "how?"), post(2, "how??"), post(3, "how?", who="bo"))

    assert [each.decision.rule for each in (first, second, other)] == ["help", None, "help"]


def test_a_post_that_comes_again_is_not_capped_by_itself(store: Store, clock: Clock) -> None:
    hear(store, clock, post(1, "how?"))

    (again,) = hear(store, clock, post(1, "how?"))

    assert (again.first, again.decision.rule) == (False, "help")


def test_what_an_author_was_recommended_is_in_their_standing(store: Store, clock: Clock) -> None:
    hear(store, clock, post(1, "how?"), post(2, "smoke"))

    (standing,) = store.standings([post(3, "fine")])

    assert standing.recommended == (Recommended("help", "x:1", NINE),)


def test_an_authors_record_remembers_the_latest_hundred(store: Store, clock: Clock) -> None:
    clock.now += 2000 * DAY
    for number in range(REMEMBERED_RECOMMENDATIONS + 5):
        hear(store, clock, post(number, "how?", NINE + 8 * number * DAY))

    (standing,) = store.standings([post(0, "")])

    assert [each.post_id for each in standing.recommended] == [f"x:{n}" for n in range(5, 105)]


class DyingStore(MemoryStore):
    """It dies before it writes, once for each post."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.died: set[str] = set()

    def save(self, saved: Saved) -> bool:
        if saved.post.id not in self.died:
            self.died.add(saved.post.id)
            raise Unavailable("killed between counting and saving")
        return super().save(saved)


def test_who_dies_between_counting_and_saving_decides_as_it_would_have(clock: Clock) -> None:
    store, windows = DyingStore(clock), MemoryWindows(clock)
    posts = [post(number, "smoke", who=who) for number, who in enumerate("abcd")]
    for each in posts:
        with pytest.raises(Unavailable):
            hear(store, clock, each, windows=windows)

    made = [triaged for each in posts for triaged in hear(store, clock, each, windows=windows)]

    assert [(each.first, each.decision.rule) for each in made] == [
        (True, None),
        (True, None),
        (True, "spike"),
        (True, None),
    ]


@pytest.mark.local
def test_a_post_that_is_not_recommended_costs_no_further_request(cloud: Cloud, table: str, clock: Clock) -> None:
    wire = cloud.wired(CountingWire)
    windows = DynamoWindows(wire, table, clock)
    desk = Desk(DynamoStore(wire, table, clock), rulebook(HELP, SPIKE), read, clock, 9999 * DAY, {}, windows)
    _triage(desk, [post(1, "how?")])
    wire.calls.clear()

    (made,) = _triage(desk, [post(2, "how?")])

    assert made.decision.outcome is Outcome.IGNORE
    # The author's record, and since there is one, the post's own.
    assert wire.calls == {"BatchGetItem": 2, "PutItem": 1}


def _triage(desk: Desk, posts: Sequence[Post]) -> list[Triaged]:
    batch = desk.batch(posts)
    return [batch.triage(each) for each in posts]
