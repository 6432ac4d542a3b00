"""Who an author is among the CRM's customers: one exact candidate, known for a while, and only where terms allow it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.config import company
from chalicelib.errors import Refused, Unavailable
from chalicelib.model import Author, Customer, Link, Profile
from chalicelib.pipeline.identity import ASK_FIRST, FOUND_FOR, NOT_FOUND_FOR, Registry, may_look_up
from chalicelib.platforms import PLATFORMS
from tests.unit.people import MemoryCrm, Office, post
from tests.unit.rulebooks import Journal

ANA = Customer("7", "Contact.handle")
CASE = post(1).external_key


class Unsearchable(MemoryCrm):
    """Opens cases, and does not let our user look for customers."""

    why: Exception = Unavailable("forbidden")

    def customers(self, profile: Profile) -> list[Customer]:
        super().customers(profile)
        raise self.why


def knowing(*customers: Customer, allowed: bool = True, crm: MemoryCrm | None = None) -> Office:
    """An office whose CRM finds these for anybody."""
    office = Office(crm=crm or MemoryCrm(known=list(customers)))
    office.registry = Registry(office.store, office.clock, lambda platform: allowed, Journal())  # type: ignore[arg-type]
    return office


def customer(office: Office, number: int = 1) -> str | None:
    return office.entries(post(number).external_key)[0].customer


def looked_up(office: Office) -> int:
    assert office.crm is not None
    return len(office.crm.looked_up)


def link(office: Office) -> Link:
    found = office.store.link("forum:ana")
    assert found is not None
    return found


def test_the_only_candidate_is_the_customer_and_the_evidence_is_kept() -> None:
    office = knowing(ANA)
    office.hear(post(1))
    office.tell()

    assert customer(office) == "7"
    assert (link(office).crm, link(office).ref, link(office).evidence) == ("memory", "7", "Contact.handle")


def test_the_same_customer_found_by_two_fields_is_one_candidate() -> None:
    office = knowing(ANA, Customer("7", "Contact.platform_id"))
    office.hear(post(1))
    office.tell()

    assert customer(office) == "7"
    assert link(office).evidence == "Contact.handle; Contact.platform_id"


@pytest.mark.parametrize("found", [(), (ANA, Customer("8", "Contact.handle"))])
def test_nobody_and_two_candidates_are_no_customer(found: tuple[Customer, ...]) -> None:
    office = knowing(*found)
    office.hear(post(1))
    office.tell()

    assert customer(office) is None
    assert link(office).ref is None


def test_who_was_looked_up_lately_is_not_looked_up_again_and_follow_ups_know_the_customer() -> None:
    office = knowing(ANA)
    office.hear(post(1), post(2), post(3, "smoke"))
    office.tell()

    assert looked_up(office) == 1
    assert [entry.customer for entry in office.entries(CASE)] == ["7", "7"]
    assert customer(office, 3) == "7"


@pytest.mark.parametrize(("found", "lasts"), [((ANA,), FOUND_FOR), ((), NOT_FOUND_FOR)])
def test_what_was_found_is_looked_up_again_after_a_while(found: tuple[Customer, ...], lasts: timedelta) -> None:
    office = knowing(*found)
    office.hear(post(1))
    office.tell()
    office.clock.time += lasts + timedelta(minutes=1)

    office.hear(post(2, "smoke", created_at=office.clock.time))
    office.tell()

    assert looked_up(office) == 2


def test_a_rule_may_ask_whether_the_author_is_a_customer_once_that_is_known() -> None:
    office = knowing(ANA)
    asked = post(2)

    def is_customer() -> bool | None:
        return office.desk.context(asked, office.store.standings([asked])[0]).is_customer

    before = is_customer()
    office.hear(post(1))
    office.tell()

    assert (before, is_customer()) == (None, True)
    office.clock.time += FOUND_FOR
    assert is_customer() is None


def test_who_was_not_found_may_still_be_a_customer() -> None:
    office = knowing()
    office.hear(post(1))
    office.tell()

    assert office.desk.context(post(2), office.store.standings([post(2)])[0]).is_customer is None


def test_where_terms_do_not_allow_it_nobody_is_looked_up() -> None:
    office = knowing(ANA, allowed=False)
    office.hear(post(1))
    office.tell()

    assert (looked_up(office), customer(office)) == (0, None)


def test_a_link_that_somebody_made_by_hand_holds_where_nobody_may_be_looked_up() -> None:
    office = knowing(allowed=False)
    office.hear(post(1))
    office.tell()
    assert office.store.note_link("forum:ana", None, Link("memory", office.clock(), "9", "she said so in a call"))

    office.hear(post(2, "smoke"))
    office.tell()

    assert customer(office, 2) == "9"


def test_a_link_that_was_revoked_is_not_made_again() -> None:
    office = knowing(ANA)
    office.hear(post(1))
    office.tell()
    revoked = Link("memory", office.clock(), "7", is_revoked=True)
    assert office.store.note_link("forum:ana", link(office), revoked)

    office.hear(post(2, "smoke"))
    office.tell()

    assert (looked_up(office), customer(office, 2)) == (1, None)
    assert office.desk.context(post(2), office.store.standings([post(2)])[0]).is_customer is None


def test_a_link_into_another_crm_is_not_told_to_this_one() -> None:
    office = knowing()
    office.hear(post(1))
    office.tell()
    assert office.store.note_link("forum:ana", link(office), Link("zendesk", office.clock(), "1234", "by hand"))

    office.hear(post(2))
    office.tell()

    assert [entry.customer for entry in office.entries(CASE)] == [None, None]


@pytest.mark.parametrize("why", [Unavailable("forbidden"), Refused("no such field")])
def test_a_crm_that_cannot_be_searched_holds_up_no_case(why: Exception) -> None:
    crm = Unsearchable()
    crm.why = why
    office = knowing(crm=crm)

    office.hear(post(1))
    office.tell()

    assert customer(office) is None
    assert office.store.link("forum:ana") is None
    assert office.circuit.failures == 0


def test_an_author_who_was_forgotten_meanwhile_does_not_come_back_with_a_link() -> None:
    office = knowing(ANA)
    office.hear(post(1))
    office.store.forget_author("forum:ana")

    office.tell()

    assert customer(office) is None
    assert office.store.link("forum:ana") is None


def test_an_author_whom_the_platform_withholds_is_not_looked_up() -> None:
    office = knowing(ANA)
    office.hear(post(1, who=None))
    office.tell()

    assert looked_up(office) == 0


def test_people_on_x_are_asked_first_unless_the_company_says_that_it_did() -> None:
    assert not may_look_up("x", None)
    assert may_look_up("x", True)
    assert may_look_up("mastodon", None)
    assert not may_look_up("mastodon", False)


def test_platforms_whose_people_are_asked_first_are_platforms_of_ours() -> None:
    assert set(ASK_FIRST) <= set(PLATFORMS)


def test_the_company_says_so_in_its_settings() -> None:
    assert company({"platforms": {"x": {"customers": True}}}).platforms["x"].customers is True
    assert company({"platforms": {"x": {}}}).platforms["x"].customers is None
    wrong = company({"platforms": {"x": {"customers": "yes, all"}}}).wrong
    assert wrong["platforms.x"].startswith("platforms.x.customers")


def test_a_profile_is_known_by_id_or_handle() -> None:
    assert Profile("x", Author(handle="ana")).is_known
    assert not Profile("x", Author(name="Ana")).is_known
