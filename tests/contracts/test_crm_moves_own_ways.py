"""Moves that are particular to one CRM: Dataverse's queues, several teams, Salesforce's ids, RT's polite refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.crm.dataverse import DataverseCrm
from chalicelib.crm.espocrm import EspoCrm
from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.request_tracker import RequestTrackerCrm
from chalicelib.crm.salesforce import SalesforceCrm
from chalicelib.crm.zendesk import ZendeskCrm
from chalicelib.errors import Refused, Unavailable
from chalicelib.model import Shift
from tests.contracts.crm_moves import CARE, CASE, FIRST, LEADS, SHOWN, STEP, after, step
from tests.contracts.crm_samples import an_entry, opened
from tests.contracts.fakes.dataverse import OTHER_QUEUE, OTHER_TEAM, QUEUE, TEAM
from tests.contracts.fakes.dataverse import Fake as FakeDataverse
from tests.contracts.fakes.espocrm import Fake as FakeEspo
from tests.contracts.fakes.request_tracker import Fake as FakeTracker
from tests.contracts.fakes.salesforce import Fake as FakeSalesforce
from tests.contracts.fakes.zendesk import Fake as FakeZendesk

NOW = after(CASE, STEP)
ELSEWHERE = "9eee0000-0000-4000-8000-000000000009"


def teams(name: str) -> FieldMapping:
    return FieldMapping(teams=SHOWN[name].mapping)


def queues(care: str = f"queue {QUEUE}", leads: str = f"queue {OTHER_QUEUE}") -> FieldMapping:
    return FieldMapping(teams={CARE: care, LEADS: leads})


@pytest.mark.parametrize(("now", "after_it"), [(QUEUE, OTHER_QUEUE), (ELSEWHERE, ELSEWHERE)])
def test_an_incident_goes_from_our_queue_to_the_other_and_from_that_of_others_nowhere(now: str, after_it: str) -> None:
    with FakeDataverse() as org:
        crm = DataverseCrm(org.settings, mapping=queues())
        ref = crm.open_case(CASE, an_entry(FIRST))
        org.queued[ref] = now
        crm.add_to_case(opened(NOW, ref), step())

        assert org.queued == {ref: after_it}


def test_from_a_queue_to_an_owner_it_is_owned_and_stays_in_the_queue() -> None:
    with FakeDataverse() as org:
        crm = DataverseCrm(org.settings, mapping=queues(leads=f"team {OTHER_TEAM}"))
        ref = crm.open_case(CASE, an_entry(FIRST))
        crm.add_to_case(opened(NOW, ref), step())

        assert org.queued == {ref: QUEUE}
        assert org.tables["incidents"][ref]["ownerid@odata.bind"] == f"/teams({OTHER_TEAM})"


def test_an_incident_that_was_merged_into_another_moves_neither() -> None:
    with FakeDataverse() as org:
        crm = DataverseCrm(org.settings, mapping=teams("dataverse"))
        ref = crm.open_case(CASE, an_entry(FIRST))
        other = org.add("incidents", ELSEWHERE, {"ownerid@odata.bind": f"/teams({TEAM})", "prioritycode": 2})
        org.tables["incidents"][ref]["_masterid_value"] = ELSEWHERE
        crm.add_to_case(opened(NOW, ref), step())

        assert (other["ownerid@odata.bind"], other["prioritycode"]) == (f"/teams({TEAM})", 2)


def test_of_several_teams_ours_makes_room_and_the_others_stay() -> None:
    with FakeEspo() as espo:
        crm = EspoCrm(espo.settings, mapping=teams("espocrm"))
        ref = crm.open_case(CASE, an_entry(FIRST))
        espo.cases[0]["teamsIds"] = ["t9", "t1", "t8"]
        crm.add_to_case(opened(NOW, ref), step())

        assert espo.cases[0]["teamsIds"] == ["t2", "t9", "t8"]


def test_an_id_of_15_characters_is_that_of_18() -> None:
    with FakeSalesforce() as org:
        short = {name: number[:15] for name, number in SHOWN["salesforce"].mapping.items()}
        crm = SalesforceCrm(org.settings, mapping=FieldMapping(teams=short))
        ref = crm.open_case(CASE, an_entry(FIRST))
        org.rows["Case"][0]["OwnerId"] = SHOWN["salesforce"].teams[0]  # as it is always shown
        crm.add_to_case(opened(NOW, ref), step())

        assert org.rows["Case"][0]["OwnerId"] == short[LEADS]


def test_a_move_that_rt_refuses_with_200_leaves_the_entry_owed_until_it_is_granted() -> None:
    with FakeTracker() as tracker:
        crm = RequestTrackerCrm(tracker.settings, mapping=teams("request-tracker"))
        ref = crm.open_case(CASE, an_entry(FIRST))
        tracker.may_open = False
        with pytest.raises(Unavailable, match="grant ModifyTicket, and CreateTicket") as caught:
            crm.add_to_case(opened(NOW, ref), step())
        assert "Permission Denied" in caught.value.words
        tracker.may_open = True
        crm.add_to_case(opened(NOW, ref), step())

        assert SHOWN["request-tracker"].now(tracker) == ("Leads", "100")
        assert [len(entries) for entries in tracker.kept().values()] == [2]


def test_into_a_queue_of_rt_without_the_field_for_our_key_nothing_goes() -> None:
    with FakeTracker() as tracker:
        tracker.lacking.add("Leads")
        crm = RequestTrackerCrm(tracker.settings, mapping=teams("request-tracker"))
        ref = crm.open_case(CASE, an_entry(FIRST))
        with pytest.raises(Unavailable, match="no custom field ExternalPostId"):
            crm.add_to_case(opened(NOW, ref), step())

        assert SHOWN["request-tracker"].now(tracker) == ("Care", "50")


def test_a_step_to_a_group_that_is_gone_is_refused_and_the_next_one_goes_on_from_before_it() -> None:
    with FakeZendesk() as desk:
        crm = ZendeskCrm(desk.settings, mapping=FieldMapping(teams={CARE: "360", "gone": "399", LEADS: "361"}))
        ref = crm.open_case(CASE, an_entry(FIRST))
        first, second = Shift(CARE, "gone"), Shift("gone", LEADS)
        with pytest.raises(Refused, match="Group: is invalid"):
            crm.add_to_case(opened(after(CASE, first), ref), step(first))
        crm.add_to_case(opened(after(CASE, first, second), ref), replace(step(first, second), key="k2"))

        assert SHOWN["zendesk"].now(desk)[0] == "361"
