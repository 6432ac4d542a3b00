"""What every store promises, in memory and on DynamoDB alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.errors import Conflict
from chalicelib.model import (
    Action,
    Author,
    CaseStatus,
    DeliveryState,
    OpenCase,
    Saved,
    Standing,
    Verb,
)
from chalicelib.ports.store import Store
from tests.contracts.conftest import Clock
from tests.contracts.story import (
    MORNING,
    case_id,
    deletion_of,
    delivery,
    edit_of,
    escalated,
    ignored,
    joining,
    open_case,
    opening,
    post,
)

STRANGE_TEXTS = {
    "lone surrogate": "broken \ud83d half of an emoji",
    "surrogates apart": "\udead\ud83d",
    "nul": "before\x00after",
    "emoji": "🔥👩‍👩‍👧 router 📡",
    "right to left": "راوتر \u202eacme",
    "control": "\x1b[31m\x7f\x85\u2028\r\n\t",
    "empty": "",
}


def test_the_first_decision_stands(store: Store) -> None:
    first, second = ignored(post()), replace(ignored(post()), reason="another")

    assert store.save(Saved(post(), first, Standing()))
    assert not store.save(Saved(post(), second, Standing()))
    assert [record.decision.reason for record in store.recorded(post().id)] == ["no rule"]


def test_a_decision_comes_back_as_it_was_saved(store: Store, clock: Clock) -> None:
    of = post(rating=1.5, media=("https://acme.example/a.jpg",), quoted_text="they said", parent_text="we said")
    decision = escalated(of, keep_for=timedelta(days=30), topics=("router",), first_reply_due=MORNING)
    store.save(Saved(of, decision, Standing()))

    record = store.record(of.id, of.version)

    assert record is not None
    assert (record.post, record.decision, record.erased, record.cut) == (of, decision, False, ())
    assert record.decided_at == clock.now
    assert store.record(of.id, "another version") is None
    assert store.record("mastodon:404", of.version) is None


@pytest.mark.parametrize("text", STRANGE_TEXTS.values(), ids=STRANGE_TEXTS)
def test_any_text_comes_back_as_it_was_written(store: Store, text: str) -> None:
    of = post(text=text)
    store.save(Saved(of, ignored(of), Standing()))

    assert [record.post for record in store.recorded(of.id)] == [of]


@pytest.mark.parametrize("name", ["x" * 3000, "\ud800", "a#HEAD", "é" * 1100, ""], ids=str.__len__)
def test_any_id_finds_its_own_post_and_no_other(store: Store, name: str) -> None:
    of, other = post(name), post(f"{name}-other")
    saved = open_case(store, of)
    store.save(Saved(other, ignored(other), Standing()))

    assert [record.post.id for record in store.recorded(of.id)] == [of.id]
    assert store.record(of.id, of.version) is not None
    assert store.standings([of, other])[0].case_id == case_id(saved)
    assert store.standings([other])[0].case_id is None


def test_an_author_of_any_id_is_remembered(store: Store) -> None:
    first, second = (post(n, author=Author(id="\udc00" + "w" * n)) for n in (1, 4000))
    open_case(store, first)
    open_case(store, second)

    assert [len(standing.open_cases) for standing in store.standings([first, second])] == [1, 1]


def test_nothing_is_known_of_what_was_never_seen(store: Store) -> None:
    assert store.standings([post(), post(2, author=Author())]) == [Standing(), Standing()]
    assert store.standings([]) == []
    assert store.recorded("mastodon:404") == []
    assert store.case("404") is None
    assert list(store.cases()) == []
    assert store.owed("404") == []


def test_an_opened_case_is_known_to_its_author_and_its_post(store: Store) -> None:
    saved = open_case(store)

    standing = store.standings([post()])[0]

    assert store.case(case_id(saved)) == saved.opens
    assert standing.revision == 1
    assert standing.open_cases == saved.remembers
    assert standing.case_id == case_id(saved)
    assert standing.seen == {post().version}
    assert standing.latest_at == MORNING
    assert store.owed(case_id(saved)) == list(saved.deliveries)
    assert store.recorded(post().id)[0].case_id == case_id(saved)


def test_a_duplicate_of_an_escalated_post_writes_nothing(store: Store) -> None:
    saved = open_case(store)
    before = store.standings([post()])

    assert not store.save(saved)
    assert not store.save(opening(post(), before[0]))
    assert store.standings([post()]) == before
    assert store.case(case_id(saved)) == saved.opens
    assert len(store.owed(case_id(saved))) == 1


def test_a_save_on_an_outdated_author_conflicts_and_leaves_nothing(store: Store) -> None:
    open_case(store)
    late = opening(post(2), Standing())

    with pytest.raises(Conflict):
        store.save(late)

    assert store.recorded(post(2).id) == []
    assert store.case(case_id(late)) is None
    assert store.owed(case_id(late)) == []
    assert store.standings([post(2)])[0].case_id is None


def test_of_two_savers_racing_on_one_author_one_conflicts(store: Store) -> None:
    def save(number: int) -> bool | str:
        try:
            return store.save(opening(post(number), Standing()))
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(save, [1, 2]))

    assert sorted(map(str, results)) == ["True", "conflict"]
    assert store.standings([post()])[0].revision == 1
    assert len(list(store.cases())) == 1


def test_racing_savers_of_one_post_leave_one_decision(store: Store) -> None:
    def save(reason: str) -> bool:
        return store.save(Saved(post(), replace(ignored(post()), reason=reason), Standing()))

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(save, "abcd"))

    assert sorted(results) == [False, False, False, True]
    assert len(store.recorded(post().id)) == 1


def test_a_case_cannot_be_opened_twice(store: Store) -> None:
    saved = open_case(store)
    again = edit_of(post(), "still dead")

    with pytest.raises(Conflict):
        store.save(opening(again, store.standings([again])[0]))

    assert store.case(case_id(saved)) == saved.opens


def test_a_case_that_is_not_there_cannot_be_joined(store: Store) -> None:
    with pytest.raises(Conflict):
        store.save(joining(post(), Standing(), "404"))

    assert store.recorded(post().id) == []


def test_a_delivery_is_never_written_over(store: Store) -> None:
    saved = open_case(store)

    with pytest.raises(Conflict):
        store.save(joining(post(2), store.standings([post(2)])[0], case_id(saved), sequence="0001"))

    assert store.owed(case_id(saved)) == list(saved.deliveries)


def test_a_case_that_is_joined_counts_its_posts_and_knows_the_last(store: Store) -> None:
    saved = open_case(store)
    later = post(2, created_at=MORNING + timedelta(hours=3))
    earlier = post(3, created_at=MORNING - timedelta(hours=3))
    for of in (later, earlier):
        joined = joining(of, store.standings([of])[0], case_id(saved), sequence=f"000{of.native_id}")
        assert store.save(replace(joined, remembers=store.standings([of])[0].open_cases))

    case = store.case(case_id(saved))

    assert case is not None
    assert case.posts == 3
    assert case.last_post_at >= MORNING
    assert [owed.sequence for owed in store.owed(case.id)] == ["0001", "0002", "0003"]


def test_an_author_without_a_name_opens_a_case_that_nobody_remembers(store: Store) -> None:
    of = post(author=Author())
    saved = open_case(store, of)

    assert store.standings([of])[0] == Standing(case_id=case_id(saved), seen=frozenset({of.version}), latest_at=MORNING)


def test_an_author_is_remembered_with_the_25_latest_cases_in_their_order(store: Store) -> None:
    times = [MORNING + timedelta(minutes=minute) for minute in (30, *range(29), 31, 32)]
    cases = tuple(OpenCase(f"case-{n}", None, (), None, at) for n, at in enumerate(times))
    store.save(Saved(post(), ignored(post()), Standing(), remembers=cases))

    remembered = store.standings([post()])[0].open_cases

    assert len(remembered) == 25
    assert remembered[0] == cases[0]
    assert remembered[1:] == cases[-24:]


def test_an_edit_is_a_version_of_its_own_and_marks_the_post_edited(store: Store) -> None:
    edit = edit_of(post(), "My Acme router works again")
    store.save(Saved(post(), ignored(post()), Standing()))
    store.save(Saved(edit, ignored(edit), store.standings([edit])[0]))

    standing = store.standings([post()])[0]

    assert [record.post.text for record in store.recorded(post().id)] == [post().text, edit.text]
    assert (standing.edited, standing.deleted) == (True, False)
    assert standing.latest_at == edit.edited_at
    assert edit.version in standing.seen


def test_a_late_edit_does_not_turn_the_clock_of_a_post_back(store: Store) -> None:
    newer, older = edit_of(post(), "newer", minutes=9), edit_of(post(), "older", minutes=3)
    for edit in (newer, older):
        store.save(Saved(edit, ignored(edit), store.standings([edit])[0]))

    standing = store.standings([post()])[0]

    assert standing.latest_at == newer.edited_at
    assert standing.seen == {newer.version, older.version}


def test_a_deletion_holds_no_text_and_marks_the_post_deleted(store: Store) -> None:
    gone = replace(deletion_of(post()), quoted_text="theirs", parent_text="ours", media=("https://acme.example/a.jpg",))
    store.save(Saved(gone, ignored(gone), Standing()))

    record = store.record(gone.id, gone.version)

    assert record is not None
    assert (record.post.text, record.post.quoted_text, record.post.parent_text, record.post.media) == (None,) * 3 + (
        (),
    )
    assert record.post.action is Action.DELETE
    assert store.standings([post()])[0].deleted


def test_a_version_that_arrives_after_the_deletion_holds_no_text(store: Store) -> None:
    gone = deletion_of(post())
    store.save(Saved(gone, ignored(gone), Standing()))
    store.save(Saved(post(), escalated(post()), store.standings([post()])[0]))

    record = store.record(post().id, post().version)

    assert record is not None
    assert (record.post.text, record.erased) == (None, True)
    assert record.decision.lines[0].lines[0].found == ()


def test_a_case_is_not_opened_for_a_post_that_was_deleted_meanwhile(store: Store) -> None:
    gone = replace(deletion_of(post()), author=Author())  # so that nothing keeps the two in order
    store.save(Saved(gone, ignored(gone), Standing()))

    with pytest.raises(Conflict):
        store.save(opening(post(), Standing()))


def test_a_deletion_that_missed_the_case_conflicts(store: Store) -> None:
    open_case(store)
    gone = replace(deletion_of(post()), author=Author())

    with pytest.raises(Conflict):
        store.save(Saved(gone, ignored(gone), Standing()))


def test_erasing_drops_the_words_and_keeps_the_decisions(store: Store) -> None:
    edit = edit_of(post(), "still dead")
    for of in (post(quoted_text="theirs", parent_text="ours", media=("https://acme.example/a.jpg",)), edit):
        store.save(Saved(of, escalated(of), store.standings([of])[0]))

    store.erase_text(post().id)
    once = store.recorded(post().id)
    store.erase_text(post().id)

    assert store.recorded(post().id) == once
    assert all(record.erased for record in once)
    assert all((r.post.text, r.post.quoted_text, r.post.parent_text, r.post.media) == (None,) * 3 + ((),) for r in once)
    assert [record.decision.rule for record in once] == ["router-dead"] * 2
    assert once[0].decision.lines[0].lines[0].found == ()
    assert once[0].post.author == post().author


def test_erasing_what_is_not_there_does_nothing(store: Store) -> None:
    store.erase_text("mastodon:404")

    assert store.recorded("mastodon:404") == []


def test_what_was_decided_since_comes_back_whole_and_what_was_erased_says_so(store: Store, clock: Clock) -> None:
    store.save(Saved(post("old"), ignored(post("old")), Standing()))
    clock.now += timedelta(days=2)
    since = clock.now
    for of in (post(1), post(2, text="quiet day"), edit_of(post(2), "loud day")):
        store.save(Saved(of, ignored(of), store.standings([of])[0]))
    open_case(store, post(3, author=Author(id="bo")))
    store.erase_text(post(1).id)

    found = {(record.post.id, record.post.text): record for record in store.decided_since(since)}

    assert set(found) == {
        (post(1).id, None), (post(2).id, "quiet day"), (post(2).id, "loud day"), (post(3).id, post(3).text)
    }  # fmt: skip
    assert [record.post.id for record in found.values() if record.erased] == [post(1).id]
    assert found[post(3).id, post(3).text] == store.record(post(3).id, post(3).version)
    assert list(store.decided_since(clock.now + timedelta(seconds=1))) == []


def test_a_decision_made_at_that_very_instant_is_since_then(store: Store, clock: Clock) -> None:
    store.save(Saved(post(1), ignored(post(1)), Standing()))
    at = store.recorded(post(1).id)[0].decided_at

    assert [record.post.id for record in store.decided_since(at)] == [post(1).id]
    assert list(store.decided_since(at + timedelta(microseconds=1))) == []


def test_what_is_owed_comes_in_order_until_it_is_delivered(store: Store) -> None:
    saved = open_case(store)
    for number in (5, 3, 4):
        of = post(number)
        store.save(joining(of, store.standings([of])[0], case_id(saved), sequence=f"{number:04d}"))
    owed = store.owed(case_id(saved))
    store.mark_delivered(owed[1], "roundup", "msg7")

    assert [item.sequence for item in owed] == ["0001", "0003", "0004", "0005"]
    assert [item.sequence for item in store.owed(case_id(saved))] == ["0001", "0004", "0005"]
    case = store.case(case_id(saved))
    assert case is not None
    assert case.crm_ref is None


def test_an_opening_that_is_delivered_tells_the_case_where_it_is(store: Store) -> None:
    saved = open_case(store)
    store.mark_delivered(saved.deliveries[0], "roundup", "issue42")

    case = store.case(case_id(saved))

    assert case is not None
    assert (case.crm, case.crm_ref) == ("roundup", "issue42")
    assert store.owed(case.id) == []


def test_delivering_twice_keeps_the_first_receipt_and_nothing_undoes_it(store: Store) -> None:
    saved = open_case(store)
    owed = saved.deliveries[0]
    store.mark_delivered(owed, "roundup", "issue42")
    store.mark_delivered(owed, "roundup", "issue43")
    store.mark_refused(owed, "no such team")
    store.mark_withdrawn(owed)
    store.mark_kept(owed)

    case = store.case(case_id(saved))

    assert case is not None
    assert (case.crm_ref, case.refused, case.status) == ("issue42", None, CaseStatus.OPEN)
    assert store.owed(case.id) == []


def test_a_refused_opening_says_so_on_its_case_until_the_crm_takes_it(store: Store) -> None:
    saved = open_case(store)
    store.mark_refused(saved.deliveries[0], "no such team " + "x" * 500_000)
    refused = store.case(case_id(saved))
    store.mark_delivered(saved.deliveries[0], "roundup", "issue42")

    taken = store.case(case_id(saved))

    assert refused is not None
    assert taken is not None
    assert (refused.refused or "").startswith("no such team x")
    assert len(refused.refused or "") < 5000
    assert store.owed(refused.id) == []
    assert (taken.refused, taken.crm_ref) == (None, "issue42")


def test_a_refused_addition_leaves_the_case_as_it_was(store: Store) -> None:
    saved = open_case(store)
    joined = joining(post(2), store.standings([post(2)])[0], case_id(saved))
    store.save(joined)
    before = store.case(case_id(saved))
    store.mark_refused(joined.deliveries[0], "too long")

    assert store.case(case_id(saved)) == before
    assert [owed.verb for owed in store.owed(case_id(saved))] == [Verb.OPEN_CASE]


def test_a_withdrawn_opening_withdraws_its_case(store: Store) -> None:
    saved = open_case(store)
    store.mark_withdrawn(saved.deliveries[0])

    case = store.case(case_id(saved))

    assert case is not None
    assert case.status is CaseStatus.WITHDRAWN
    assert store.owed(case.id) == []
    assert [found.id for found in store.cases(CaseStatus.WITHDRAWN)] == [case.id]
    assert list(store.cases(CaseStatus.OPEN)) == []


def test_a_withdrawn_case_that_a_later_post_opens_is_open_and_known_to_the_crm(store: Store) -> None:
    saved = open_case(store)
    store.mark_withdrawn(saved.deliveries[0])
    later = joining(post(2), store.standings([post(2)])[0], case_id(saved), sequence="0002")
    store.save(later)

    store.mark_delivered(replace(later.deliveries[0], verb=Verb.OPEN_CASE), "roundup", "issue42")

    case = store.case(case_id(saved))
    assert case is not None
    assert (case.status, case.crm, case.crm_ref) == (CaseStatus.OPEN, "roundup", "issue42")
    assert [found.verb for found in store.deliveries(case.id)] == [Verb.OPEN_CASE, Verb.ADD_TO_CASE]
    assert [found.id for found in store.cases(CaseStatus.OPEN)] == [case.id]


def test_a_withdrawn_case_that_was_refused_to_a_later_post_is_refused_no_more_once_it_is_owed_again(
    store: Store,
) -> None:
    saved = open_case(store)
    store.mark_withdrawn(saved.deliveries[0])
    later = joining(post(2), store.standings([post(2)])[0], case_id(saved), sequence="0002")
    store.save(later)
    store.mark_refused(replace(later.deliveries[0], verb=Verb.OPEN_CASE), "no such team")
    refused = store.case(case_id(saved))

    again = store.owe_again(case_id(saved))

    case = store.case(case_id(saved))
    assert refused is not None
    assert case is not None
    assert (refused.refused, again, case.refused) == ("no such team", 1, None)


def test_a_kept_delivery_is_owed_no_more_and_the_case_stays_open(store: Store) -> None:
    saved = open_case(store)
    store.mark_kept(saved.deliveries[0])

    assert store.owed(case_id(saved)) == []
    assert store.case(case_id(saved)) == saved.opens


def test_what_was_refused_or_kept_is_owed_again_in_order_and_its_case_is_refused_no_more(store: Store) -> None:
    saved = case_of_four(store)
    opened, refused, kept, _ = store.deliveries(case_id(saved))
    store.mark_refused(opened, "no such team")
    store.mark_refused(refused, "no such team")
    store.mark_kept(kept)

    again = store.owe_again(case_id(saved))

    owed = store.owed(case_id(saved))
    case = store.case(case_id(saved))
    assert again == 3
    assert [item.sequence for item in owed] == ["0001", "0002", "0003", "0004"]
    assert [item.words for item in owed] == [None] * 4
    assert case is not None
    assert (case.refused, case.crm_ref, case.status) == (None, None, CaseStatus.OPEN)


def test_what_is_done_withdrawn_or_owed_is_not_owed_again(store: Store) -> None:
    saved = case_of_four(store)
    opened, done, withdrawn, _ = store.deliveries(case_id(saved))
    store.mark_delivered(opened, "roundup", "issue42")
    store.mark_delivered(done, "roundup", "msg7")
    store.mark_withdrawn(withdrawn)
    before = store.deliveries(case_id(saved)), store.case(case_id(saved))

    assert store.owe_again(case_id(saved)) == 0
    assert (store.deliveries(case_id(saved)), store.case(case_id(saved))) == before


def test_owing_again_twice_is_owing_again_once(store: Store) -> None:
    saved = open_case(store)
    store.mark_refused(saved.deliveries[0], "no such team")

    assert [store.owe_again(case_id(saved)) for _ in range(2)] == [1, 0]
    assert store.owed(case_id(saved)) == list(saved.deliveries)
    assert store.owe_again("404") == 0


def test_a_refused_addition_that_is_owed_again_leaves_its_case_as_it_was(store: Store) -> None:
    saved = case_of_four(store)
    store.mark_delivered(saved.deliveries[0], "roundup", "issue42")
    store.mark_refused(store.deliveries(case_id(saved))[2], "too long")
    before = store.case(case_id(saved))

    assert store.owe_again(case_id(saved)) == 1
    assert store.case(case_id(saved)) == before


def test_what_is_owed_again_can_be_refused_again_and_then_be_taken(store: Store) -> None:
    saved = open_case(store)
    for words in ("no such team", "still no such team"):
        store.mark_refused(saved.deliveries[0], words)
        refused = store.case(case_id(saved))
        store.owe_again(case_id(saved))
    store.mark_delivered(saved.deliveries[0], "roundup", "issue42")

    taken = store.deliveries(case_id(saved))[0]

    assert refused is not None
    assert refused.refused == "still no such team"
    assert (taken.state, taken.receipt, taken.words) == (DeliveryState.DONE, "issue42", None)


def test_what_is_owed_again_is_owed_since_now(store: Store, clock: Clock) -> None:
    saved = open_case(store)
    store.mark_kept(saved.deliveries[0])
    clock.now += timedelta(days=3)
    store.owe_again(case_id(saved))

    assert store.nudge(clock.now - timedelta(minutes=5)) == 0
    assert store.nudge(clock.now + timedelta(minutes=5)) == 1


def test_a_case_of_which_nothing_was_heard_for_400_days_is_remembered_no_more(store: Store, clock: Clock) -> None:
    saved = open_case(store)
    clock.now = MORNING + timedelta(days=399)
    remembered = store.standings([post(2)])[0].open_cases
    clock.now += timedelta(days=2)

    assert [case.case_id for case in remembered] == [case_id(saved)]
    assert store.standings([post(2)])[0].open_cases == ()


def test_a_mark_on_a_delivery_that_is_not_there_makes_none(store: Store) -> None:
    unknown = delivery("404", "0001", post())
    store.mark_delivered(replace(unknown, verb=Verb.ADD_TO_CASE), "roundup", "msg1")
    store.mark_kept(unknown)

    assert store.owed("404") == []
    assert store.case("404") is None


def test_a_case_knows_when_the_crm_was_first_asked(store: Store) -> None:
    saved = open_case(store)
    store.mark_started(case_id(saved))
    store.mark_started(case_id(saved))
    store.mark_started("404")

    case = store.case(case_id(saved))

    assert case is not None
    assert case.started
    assert store.case("404") is None


def test_cases_come_newest_first(store: Store) -> None:
    hours = {1: 0, 2: 5, 3: 2}
    for number, hour in hours.items():
        of = post(number, author=Author(id=f"author-{number}"))
        assert store.save(opening(of, Standing(), opened_at=MORNING + timedelta(hours=hour)))
    store.mark_withdrawn(store.owed(post(3).external_key)[0])

    assert [case.post_id for case in store.cases()] == [post(n).id for n in (2, 3, 1)]
    assert [case.post_id for case in store.cases(CaseStatus.OPEN)] == [post(n).id for n in (2, 1)]


def test_a_nudge_touches_what_has_been_owed_for_long_and_nothing_else(store: Store, clock: Clock) -> None:
    old, done = (open_case(store, post(n, author=Author(id=f"a{n}"))) for n in (1, 2))
    store.mark_delivered(done.deliveries[0], "roundup", "issue1")
    clock.now += timedelta(hours=1)
    young = open_case(store, post(3, author=Author(id="a3")))
    limit = clock.now - timedelta(minutes=30)

    assert store.nudge(limit) == 1
    assert store.nudge(limit) == 0
    assert store.owed(case_id(old)) == list(old.deliveries)
    assert store.owed(case_id(young)) == list(young.deliveries)
    assert store.owed(case_id(done)) == []
    assert store.nudge(clock.now + timedelta(seconds=1)) == 2


def test_a_nudge_hands_out_a_case_once_however_much_it_owes(store: Store, clock: Clock) -> None:
    saved = open_case(store)
    for number in (2, 3, 4):
        of = post(number)
        assert store.save(joining(of, store.standings([of])[0], case_id(saved), f"000{number}"))
    other = open_case(store, post(9, author=Author(id="other")))
    clock.now += timedelta(hours=1)
    limit = clock.now - timedelta(minutes=30)

    assert store.nudge(limit) == 2
    assert store.nudge(limit) == 0, "what the case owes beside is handed out with it"
    clock.now += timedelta(hours=1)
    store.mark_delivered(saved.deliveries[0], "roundup", "issue1")
    assert store.nudge(limit + timedelta(hours=1)) == 2, "as long as it owes anything"
    assert len(store.owed(case_id(saved))) == 3
    assert store.owed(case_id(other)) == list(other.deliveries)


def test_a_case_that_was_woken_by_another_post_needs_no_nudge(store: Store, clock: Clock) -> None:
    saved = open_case(store)
    clock.now += timedelta(hours=1)
    of = post(2)
    store.save(joining(of, store.standings([of])[0], case_id(saved)))

    assert store.nudge(clock.now - timedelta(minutes=30)) == 0
    assert store.nudge(clock.now + timedelta(minutes=30)) == 1


@pytest.mark.parametrize("letter", ["a", "🔥", "\x00", "\ud83d"])
def test_a_text_larger_than_an_item_is_cut_and_says_so(store: Store, letter: str) -> None:
    of = post(text=letter * 450_000)
    assert store.save(opening(of, Standing()))

    record = store.recorded(of.id)[0]

    assert record.post.text is not None
    assert record.post.text.startswith(letter * 5000)
    assert "[cut: 450000 characters, sha256 " in record.post.text
    assert "text" in record.cut
    assert record.decision.rule == "router-dead"


def test_traces_of_rules_that_did_not_match_go_before_any_text(store: Store) -> None:
    near = replace(escalated(post()).lines[0], rule="near " + "x" * 10_000, matched=False)
    decision = escalated(post(), lines=(*escalated(post()).lines, *(near,) * 60))
    store.save(Saved(post(), decision, Standing()))

    record = store.recorded(post().id)[0]

    assert record.cut == ("lines",)
    assert record.post == post()
    assert [trace.rule for trace in record.decision.lines] == ["router-dead"]


def test_a_case_about_an_endless_subject_is_kept(store: Store) -> None:
    of = post(conversation_id="c" * 500_000)
    saved = opening(of, Standing())
    assert saved.opens is not None
    assert store.save(replace(saved, opens=replace(saved.opens, subject="s" * 500_000)))
    assert [found.state for found in store.owed(of.external_key)] == [DeliveryState.OWED]


def case_of_four(store: Store) -> Saved:
    """A case that owes its opening and three additions."""
    saved = open_case(store)
    for number in (2, 3, 4):
        of = post(number)
        assert store.save(joining(of, store.standings([of])[0], case_id(saved), sequence=f"{number:04d}"))
    return saved
