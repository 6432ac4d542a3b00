"""What a person took back is gone, in whatever order its versions and its deletion come, and whoever dies meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.errors import Unavailable
from chalicelib.model import Action, Author, Post
from chalicelib.pipeline import deliver, triage
from chalicelib.pipeline.circuit import Circuit
from chalicelib.ports.store import Store
from tests.unit.people import NOON, OLDEST, MemoryCrm, ThreeWords, Watch, post, read

NUMBERS = count(1)  # every example has a post of its own: a table is shared by all of a test's
ANY_ORDER = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
IGNORED, COMPLAINT = "nice weather", "refund, now"


class Killed(Exception):
    """The function died here."""


@dataclass
class Interrupted:
    """A store at each of whose calls another function may come first, or this one may die."""

    store: Store
    meanwhile: Callable[[], None]
    dies_at: int | None = None
    calls: int = field(default=0, init=False)

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.store, name)

        def call(*given: Any) -> Any:
            self.calls += 1
            if self.calls == self.dies_at:
                raise Killed
            self.meanwhile()
            return real(*given)

        return call


@dataclass
class Before:
    """A store of which something happens before one call, the first time."""

    store: Store
    name: str
    happens: Callable[[], None]
    is_done: bool = False

    def __getattr__(self, name: str) -> Any:
        if name == self.name and not self.is_done:
            self.is_done = True
            self.happens()
        return getattr(self.store, name)


def does_not_answer() -> None:
    raise Unavailable("the table does not answer")


def versions(number: int, first: str, author_is_told: bool) -> dict[str, Post]:
    """A post, two edits of it and its deletion."""
    created = replace(
        post(number, first, who=f"ana {number}"), media=("https://acme.example/a.jpg",), quoted_text="they said"
    )
    edits = {
        name: replace(created, action=Action.EDIT, text=f"{first} {name}", edited_at=NOON + timedelta(minutes=minute))
        for minute, name in enumerate(("edit", "edited again"), 1)
    }
    author = created.author if author_is_told else Author()
    deleted = Post(id=created.id, platform=created.platform, action=Action.DELETE, author=author, delivered_at=NOON)
    return {"create": created, **edits, "delete": deleted}


def desk(store: Any) -> triage.Desk:
    return triage.Desk(store, ThreeWords(), read, Watch(), OLDEST, {})


def work(store: Any, posts: list[Post]) -> None:
    """One function's batch."""
    batch = desk(store).batch(posts)
    for each in posts:
        batch.triage(each)
    batch.settle()


def words_left(store: Store, post_id: str) -> list[Any]:
    """What is kept of what the person said."""
    kept = store.recorded(post_id)
    traces = [line.found for one in kept for trace in one.decision.lines for line in trace.lines if line.found]
    return traces + [
        said
        for one in kept
        for said in (one.post.text, one.post.quoted_text, one.post.parent_text, *one.post.media)
        if said
    ]


@pytest.mark.parametrize("author_is_told", [True, False], ids=["with author", "without author"])
@pytest.mark.parametrize("first", [IGNORED, COMPLAINT], ids=["ignored", "with a case"])
def test_in_every_order_a_deletion_leaves_no_words(store: Store, first: str, author_is_told: bool) -> None:
    for order in permutations(("create", "edit", "edited again", "delete")):
        known = versions(next(NUMBERS), first, author_is_told)

        for name in order:
            work(store, [known[name]])

        assert words_left(store, known["create"].id) == [], order
        assert store.deleted([known["create"].id]) == {known["create"].id}
        # What came after the deletion is stopped by it, and says so; of a creation by somebody unknown that entails
        # nothing, only the words are dropped.
        after = order[order.index("delete") + 1 :]
        late = {known[name].version for name in after if (name, first) != ("create", IGNORED)}
        kept = store.recorded(known["create"].id)
        assert {one.decision.guard for one in kept if one.decision.post_version in late} <= {"deleted"}


@pytest.mark.parametrize("call", ["glimpses", "save", "deleted"])
def test_a_deletion_in_another_group_of_the_queue_may_come_at_any_moment(store: Store, call: str) -> None:
    known = versions(next(NUMBERS), IGNORED, author_is_told=False)
    overtaken = Before(store, call, lambda: work(store, [known["delete"]]))

    work(overtaken, [known["create"]])

    assert overtaken.is_done
    assert words_left(store, known["create"].id) == []


def test_a_post_that_could_not_be_settled_comes_again_and_is(store: Store) -> None:
    known = versions(next(NUMBERS), IGNORED, author_is_told=False)
    batch = desk(store).batch([known["create"]])
    assert batch.triage(known["create"]).first
    work(store, [known["delete"]])  # overtook it here: the erasure saw its words, or did not
    again = desk(store).batch([known["create"]])

    assert not again.triage(known["create"]).first
    again.settle()

    assert words_left(store, known["create"].id) == []


@dataclass
class Plan:
    """Who does what, when the other comes in between, and where the first dies."""

    first: str
    author_is_told: bool
    mine: list[str]
    theirs: list[str]
    turns: list[bool]
    dies_at: int | None


PLANS = st.builds(
    Plan,
    first=st.sampled_from([IGNORED, COMPLAINT]),
    author_is_told=st.booleans(),
    mine=st.lists(st.sampled_from(["create", "create", "edit", "edited again", "delete"]), min_size=1, max_size=3),
    theirs=st.lists(st.sampled_from(["delete", "delete", "delete", "create", "edit"]), max_size=2),
    turns=st.lists(st.booleans(), min_size=12, max_size=12),
    dies_at=st.none() | st.integers(1, 12),
)


def carry_out(store: Store, plan: Plan) -> tuple[dict[str, Post], MemoryCrm]:
    """Both functions work; what was left over by a death comes again; then the CRM is told."""
    known = versions(next(NUMBERS), plan.first, plan.author_is_told)
    theirs, turns, crm = list(plan.theirs), list(plan.turns), MemoryCrm()

    def meanwhile() -> None:
        if turns and turns.pop() and theirs:
            work(store, [known[theirs.pop(0)]])
            tell(store, crm, known)

    mine = [known[name] for name in plan.mine]
    try:
        work(Interrupted(store, meanwhile, plan.dies_at), mine)
    except Killed:
        work(store, mine)
    for name in theirs:
        work(store, [known[name]])
    tell(store, crm, known)
    return known, crm


def tell(store: Store, crm: MemoryCrm, known: dict[str, Post]) -> None:
    case_id = known["create"].external_key
    circuit = Circuit(Watch(), timedelta(seconds=30))
    if store.case(case_id):
        deliver.Desk(store, crm, circuit).deliver(case_id)


def test_whatever_two_functions_do_and_wherever_one_dies_what_was_taken_back_is_gone(store: Store) -> None:
    @ANY_ORDER
    @given(PLANS)
    def holds(plan: Plan) -> None:
        known, crm = carry_out(store, plan)
        post_id, heard = known["create"].id, {*plan.mine, *plan.theirs}

        if "delete" in heard:
            assert words_left(store, post_id) == []
        else:
            assert {one.post.text for one in store.recorded(post_id)} == {known[name].text for name in heard}
        assert len(store.recorded(post_id)) == len(heard)
        told = [entry.heading for entry in crm.entries.values()]
        assert len(told) == len(set(crm.entries))
        if "delete" in heard and told:
            assert "The author deleted this post" in told or all(entry.post is None for entry in crm.entries.values())

    holds()


def test_a_table_that_does_not_answer_leaves_the_batch_unsettled(store: Store) -> None:
    known = versions(next(NUMBERS), IGNORED, author_is_told=False)
    batch = desk(Before(store, "deleted", does_not_answer)).batch([known["create"]])
    batch.triage(known["create"])
    with pytest.raises(Unavailable):
        batch.settle()
    work(store, [known["delete"]])
    batch.settle()

    assert words_left(store, known["create"].id) == []
