"""What becomes of posts: guards, cases opened and joined, edits, deletions, duplicates, disorder."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import Conflict
from chalicelib.model import Action, CaseStatus, Outcome, Saved
from chalicelib.pipeline import triage
from tests.unit.people import NOON, Office, down, post

LATER = NOON - timedelta(minutes=30)


def test_a_complaint_opens_a_case_with_the_posts_external_key() -> None:
    office = Office()
    complaint = post()

    (triaged,) = office.hear(complaint)

    case = office.store.case(complaint.external_key)
    assert triaged.case_id == complaint.external_key
    assert case is not None
    assert (case.rule, case.team, case.posts, case.status) == ("refund", "care", 1, CaseStatus.OPEN)


def test_the_first_decision_stands() -> None:
    office = Office()
    office.hear(post())

    (again,) = office.hear(post())

    assert again.first is False
    assert len(office.store.recorded("forum:1")) == 1
    assert len(list(office.store.cases())) == 1


def test_the_same_author_on_the_same_topic_joins_the_open_case() -> None:
    office = Office()

    first, second = office.hear(post(1), post(2, "still no refund"))

    case = office.store.case(first.case_id or "")
    assert second.case_id == first.case_id
    assert case is not None
    assert case.posts == 2


def test_another_author_on_the_same_topic_opens_a_case_of_their_own() -> None:
    first, second = Office().hear(post(1), post(2, who="bo"))

    assert first.case_id != second.case_id


def test_the_same_author_on_another_topic_opens_another_case() -> None:
    first, second = Office().hear(post(1), post(2, "smoke from the router"))

    assert first.case_id != second.case_id


def test_a_case_is_not_joined_after_its_time() -> None:
    office = Office()
    old = post(1, created_at=NOON - timedelta(days=13))
    new = post(2, created_at=NOON + timedelta(days=2))

    first, second = office.hear(old, new)

    assert first.case_id != second.case_id


def test_a_word_that_matches_no_rule_in_the_thread_of_an_open_case_is_told_to_it() -> None:
    office = Office()

    first, second = office.hear(post(1, conversation_id="t"), post(2, "any news?", conversation_id="t"))

    assert second.decision.outcome is Outcome.IGNORE
    assert second.case_id == first.case_id


def test_spam_in_the_thread_of_an_open_case_stays_noise() -> None:
    office = Office()

    _, second = office.hear(post(1, conversation_id="t"), post(2, "win a phone", conversation_id="t"))

    assert second.case_id is None


def test_small_talk_of_somebody_with_a_case_elsewhere_is_not_told_to_it() -> None:
    office = Office()

    _, second = office.hear(post(1, conversation_id="t"), post(2, "nice weather", conversation_id="u"))

    assert second.case_id is None


def test_a_recommendation_opens_a_record_of_its_own_kind() -> None:
    office = Office()

    (triaged,) = office.hear(post(1, "how does it work"))

    case = office.store.case(triaged.case_id or "")
    assert case is not None
    assert case.record == "recommendation"


def test_an_edit_is_decided_again_and_told_to_the_case_it_has() -> None:
    office = Office()
    office.hear(post())

    (edit,) = office.hear(post(text="refund NOW", action=Action.EDIT, edited_at=LATER))
    office.tell()

    assert [entry.heading for entry in office.entries(edit.case_id)] == ["money", "The author edited this post"]
    assert len(office.store.recorded("forum:1")) == 2


def test_an_edit_that_turns_into_a_complaint_opens_a_case() -> None:
    office = Office()
    office.hear(post(text="lovely"))

    (edit,) = office.hear(post(text="refund", action=Action.EDIT, edited_at=LATER))

    assert edit.case_id == post().external_key


def test_a_creation_that_arrives_after_its_edit_is_superseded() -> None:
    office = Office()

    edit, creation = office.hear(post(text="refund", action=Action.EDIT, edited_at=LATER), post(text="refund it"))

    assert edit.case_id is not None
    assert (creation.decision.guard, creation.case_id) == ("superseded", None)


def test_an_older_edit_that_arrives_late_is_superseded() -> None:
    office = Office()
    newer = post(text="refund b", action=Action.EDIT, edited_at=LATER)
    older = post(text="refund a", action=Action.EDIT, edited_at=LATER - timedelta(minutes=1))

    _, late = office.hear(newer, older)

    assert late.decision.guard == "superseded"


def test_a_deletion_before_anything_was_told_withdraws_the_case() -> None:
    office = Office()
    office.hear(post(), post(text=None, action=Action.DELETE))

    office.tell()

    case = office.store.case(post().external_key)
    assert case is not None
    assert case.status is CaseStatus.WITHDRAWN
    assert office.crm is not None
    assert office.crm.records == {}


def test_a_deletion_after_the_case_was_told_is_noted_and_its_text_is_dropped() -> None:
    office = Office()
    office.hear(post())
    office.tell()

    office.hear(post(text=None, action=Action.DELETE))
    office.tell()

    headings = [entry.heading for entry in office.entries(post().external_key)]
    assert headings == ["money", "The author deleted this post"]
    assert [record.post.text for record in office.store.recorded("forum:1")] == [None, None]


def test_a_deletion_while_the_crm_may_already_have_the_case_opens_it_without_the_text() -> None:
    office = Office()
    office.hear(post())
    assert office.crm is not None
    office.crm.troubles = down()
    with pytest.raises(Exception, match="does not answer"):
        office.tell()

    office.hear(post(text=None, action=Action.DELETE))
    office.store.nudge(office.clock())
    office.tell()

    assert next(entry.post for entry in office.entries(post().external_key)) is None


def test_a_creation_that_arrives_after_its_deletion_is_not_decided() -> None:
    office = Office()

    _, creation = office.hear(post(text=None, action=Action.DELETE), post())

    assert (creation.decision.guard, creation.case_id) == ("deleted", None)


def test_a_deletion_is_carried_out_again_when_its_function_died_half_way() -> None:
    office = Office()
    office.hear(post(), post(text=None, action=Action.DELETE))

    (again,) = office.hear(post(text=None, action=Action.DELETE))

    assert again.first is False
    assert all(record.erased for record in office.store.recorded("forum:1") if record.post.action is Action.CREATE)


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"is_self": True}, "own account"),
        ({"created_at": NOON - timedelta(days=15)}, "too old"),
        ({"action": Action.HIDE}, "moderated by us"),
    ],
)
def test_a_guard_stops_a_post_before_the_rules(change: dict[str, object], guard: str) -> None:
    (triaged,) = Office().hear(replace(post(), **change))  # type: ignore[arg-type]

    assert (triaged.decision.guard, triaged.case_id) == (guard, None)


@pytest.mark.parametrize(
    ("change", "is_forgotten"),
    [
        ({"action": Action.CREATE}, True),
        ({"created_at": None}, True),
        ({"created_at": None, "delivered_at": NOON - timedelta(minutes=40)}, True),
        ({"created_at": NOON - timedelta(minutes=31)}, False),
        ({"action": Action.EDIT, "edited_at": NOON}, True),
        ({"action": Action.EDIT, "created_at": NOON - timedelta(minutes=5), "edited_at": NOON}, False),
        ({"action": Action.DELETE, "created_at": None, "delivered_at": NOON}, True),
        ({"action": Action.HIDE, "created_at": None, "delivered_at": NOON}, True),
    ],
)
def test_of_what_was_said_before_its_author_asked_to_be_forgotten_nothing_is_kept(
    change: dict[str, Any], is_forgotten: bool
) -> None:
    office = Office()
    office.store.mark_forgotten("forum:ana", NOON - timedelta(minutes=35))
    said = replace(post(permalink="https://forum.example/@ana/1", conversation_id="dm-ana"), **change)

    (triaged,) = office.hear(said)

    (record,) = office.store.recorded("forum:1")
    if not is_forgotten:
        assert (record.post, triaged.decision.guard) == (said, None)
        return
    assert triaged.decision.guard == ("deleted" if said.action is Action.DELETE else "forgotten")
    assert (record.post, record.erased) == (said.without_person(), True)
    assert list(office.store.cases()) == []


def test_what_was_said_a_moment_ago_is_not_looked_up_since_the_search_finds_it() -> None:
    office = Office()
    office.store.mark_forgotten("forum:ana", NOON)

    (triaged,) = office.hear(post(created_at=NOON - timedelta(minutes=20)))

    assert triaged.decision.guard is None


def test_a_post_without_an_author_opens_a_case_and_joins_none() -> None:
    first, second = Office().hear(post(1, who=None), post(2, who=None))

    assert None is not first.case_id != second.case_id


def test_a_save_that_lost_a_race_reads_again_and_joins_what_the_other_opened() -> None:
    office = Office()
    batch = office.desk.batch([post(2)])
    office.hear(post(1))

    triaged = batch.triage(post(2))

    assert triaged.case_id == post(1).external_key


def test_a_save_that_loses_every_race_gives_up_as_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()

    def lose(saved: Saved) -> bool:
        raise Conflict("again")

    monkeypatch.setattr(office.store, "save", lose)

    with pytest.raises(Conflict, match="forum:1"):
        office.hear(post())


def test_how_long_a_decision_is_kept_follows_the_platform_and_the_outcome_unless_its_rule_says_so() -> None:
    office = Office()
    keeps = {"ignore": timedelta(days=30), "escalate": timedelta(days=90)}
    desk = replace(office.desk, us={"forum": triage.Us(keeps=keeps)})
    heard = [post(1, "nice weather"), post(2), replace(post(3, "nice weather"), id="square:3", platform="square")]

    batch = desk.batch(heard)
    kept = {of.id: batch.triage(of).decision.keep_for for of in heard}

    assert kept == {"forum:1": timedelta(days=30), "forum:2": timedelta(days=90), "square:3": None}
