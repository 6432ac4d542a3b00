"""What is particular to Zendesk's channels: one status a resource in a 200, threads, fields that count only once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.zendesk_channel import ZendeskChannelCrm
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.model import Profile
from tests.contracts.crm_samples import ANA, a_case, a_post, an_entry, opened
from tests.contracts.fakes.zendesk_channel import Fake

FIRST, SECOND = a_post(1), a_post(2, "It still smokes")
CASE = a_case(FIRST)


@pytest.fixture
def channel() -> Iterator[Fake]:
    with Fake() as fake:
        yield fake


def pushed(channel: Fake) -> list[dict[str, Any]]:
    """The resources that were pushed."""
    bodies = [json.loads(call.body) for call in channel.calls if call.path == "/api/v2/any_channel/push"]
    return [resource for body in bodies for resource in body["external_resources"]]


def test_what_was_imported_before_is_a_success(channel: Fake) -> None:
    crm = ZendeskChannelCrm(channel.settings)
    ref = crm.open_case(CASE, an_entry(FIRST))

    assert crm.open_case(CASE, an_entry(replace(FIRST, text="edited"))) == ref == CASE.id
    assert len(channel.resources) == 1


def test_an_entry_whose_parent_is_gone_is_refused_in_zendesks_words(channel: Fake) -> None:
    with pytest.raises(Refused, match="no such parent"):
        ZendeskChannelCrm(channel.settings).add_to_case(opened(CASE, CASE.id), an_entry(SECOND))


@pytest.mark.parametrize("code", ["processing_error", "halted"])
def test_what_zendesk_could_not_process_stays_owed_with_its_words(channel: Fake, code: str) -> None:
    channel.respond = lambda call: channel._status(code, "timed out")  # type: ignore[method-assign]

    with pytest.raises(Unavailable, match=code) as caught:
        ZendeskChannelCrm(channel.settings).open_case(CASE, an_entry(FIRST))
    assert caught.value.words == "timed out"


def test_a_status_that_nobody_documented_is_refused_by_its_name(channel: Fake) -> None:
    channel.respond = lambda call: channel._status("moon", "")  # type: ignore[method-assign]

    with pytest.raises(Refused, match="zendesk-channel says moon"):
        ZendeskChannelCrm(channel.settings).open_case(CASE, an_entry(FIRST))


def test_an_answer_without_a_result_is_no_success(channel: Fake) -> None:
    channel.respond = lambda call: (200, {}, b'{"results": []}')  # type: ignore[method-assign]

    with pytest.raises(Refused):
        ZendeskChannelCrm(channel.settings).open_case(CASE, an_entry(FIRST))


def test_a_thread_is_begun_with_fields_and_gone_on_with_by_its_parent(channel: Fake) -> None:
    mapping = FieldMapping(teams={"product-safety": "360"}, fields={"handle": "author handle"})
    crm = ZendeskChannelCrm(channel.settings, None, mapping)
    crm.open_case(CASE, an_entry(FIRST))
    crm.add_to_case(opened(CASE, CASE.id), an_entry(SECOND))
    begun, more = pushed(channel)

    assert (begun["thread_id"], more["parent_id"]) == (CASE.id, CASE.id)
    assert not begun.keys() & {"parent_id"}
    assert not more.keys() & {"thread_id", "fields"}
    assert {field["id"]: field["value"] for field in begun["fields"]} == {
        "subject": "Smoke - ana_r",
        "priority": "urgent",
        "group_id": "360",
        "handle": "ana_r",
    }


def test_our_reasons_are_for_agents_and_nobody_answers_through_us(channel: Fake) -> None:
    ZendeskChannelCrm(channel.settings).open_case(CASE, an_entry(FIRST))
    [resource] = pushed(channel)

    assert (resource["internal_note"], resource["allow_channelback"]) == (True, False)


def test_an_author_is_known_by_our_key_and_named_as_on_the_platform(channel: Fake) -> None:
    crm = ZendeskChannelCrm(channel.settings)
    crm.open_case(CASE, an_entry(replace(FIRST, author=replace(ANA, name="Rell, Ana"))))
    crm.add_to_case(opened(CASE, CASE.id), replace(an_entry(SECOND), post=None))

    assert [resource["author"] for resource in pushed(channel)] == [
        {"external_id": Profile("x", ANA).key, "name": "Rell, Ana (@ana_r)"},
        {"external_id": CASE.id, "name": "Unknown author"},
    ]


def test_a_time_is_told_in_utc_as_the_reference_shows_it(channel: Fake) -> None:
    ZendeskChannelCrm(channel.settings).open_case(CASE, an_entry(FIRST))

    assert [resource["created_at"] for resource in pushed(channel)] == ["2026-03-04T12:01:00Z"]


def test_a_push_id_that_is_not_this_accounts_leaves_the_case_owed(channel: Fake) -> None:
    with pytest.raises(Unavailable, match="forbids"):
        ZendeskChannelCrm({**channel.settings, "instance_push_id": "another"}).open_case(CASE, an_entry(FIRST))


def test_a_group_that_is_no_number_is_told_at_the_start(channel: Fake) -> None:
    with pytest.raises(SettingsError, match="groups go by their number, which Care is not"):
        ZendeskChannelCrm(channel.settings, None, FieldMapping(teams={"care": "Care"}))


def test_the_check_tells_whether_the_user_may_push(channel: Fake) -> None:
    assert all(finding.is_right for finding in ZendeskChannelCrm(channel.settings).check())
    channel._me = lambda call: (200, {}, b'{"user":{"id":1,"role":"agent"}}')  # type: ignore[method-assign]

    wrong = [finding.what for finding in ZendeskChannelCrm(channel.settings).check() if not finding.is_right]
    assert wrong == ["the token's user is an administrator"]
