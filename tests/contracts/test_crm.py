"""What every CRM adapter keeps: one record a case, each entry once, whatever happens to its calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.config import CRMS as CONFIGURABLE
from chalicelib.crm import CRMS, adapter, crm
from chalicelib.crm.base import Idempotency
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.ports.crm import Crm
from chalicelib.transport import Transport
from tests.contracts.crm_samples import Clock, a_case, a_post, an_entry, opened, until_done
from tests.contracts.fakes import FAKES
from tests.contracts.fakes.base import Call, FakeCrm, Fault

FIRST, SECOND, THIRD = a_post(1), a_post(2, "It still smokes"), a_post(3, "Is anybody there?")
CASE = a_case(FIRST)
ALL_KEPT = {CASE.id: [post.external_key for post in (FIRST, SECOND, THIRD)]}


class Told:
    """An adapter, the fake it speaks to, and the clock both of them wait by."""

    def __init__(self, name: str, fake: FakeCrm) -> None:
        self.fake, self.clock = fake, Clock()
        self.crm: Crm = adapter(name)(fake.settings, Transport(name, monotonic=self.clock))

    def whole_story(self) -> None:
        """Open the case, add two posts; each call repeated until it returns."""
        ref = until_done(lambda: self.crm.open_case(CASE, an_entry(FIRST)), self.clock)
        for post in (SECOND, THIRD):
            entry = an_entry(post)
            until_done(lambda entry=entry: self.crm.add_to_case(opened(CASE, ref), entry), self.clock)  # type: ignore[misc]


@pytest.fixture(params=sorted(CRMS))
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    with FAKES[request.param]() as fake:
        yield Told(request.param, fake)


def test_every_crm_that_can_be_configured_is_registered_and_has_its_fake() -> None:
    assert ("none", *CRMS) == CONFIGURABLE
    assert FAKES.keys() == CRMS.keys()


@pytest.mark.parametrize("name", sorted(CRMS))
def test_a_crm_has_its_registered_name_and_declares_how_a_repeat_is_harmless(name: str) -> None:
    made = crm(name, FAKES[name]().settings)

    assert made.name == name
    assert isinstance(made.idempotency, Idempotency)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(CRMS))
def test_missing_and_misspelt_settings_are_named(name: str) -> None:
    with pytest.raises(SettingsError, match=rf"crms\.{name}: missing url, "):
        crm(name, {})
    with pytest.raises(SettingsError, match=rf"crms\.{name}: unknown adress; known are url, "):
        crm(name, {**FAKES[name]().settings, "adress": "made-up"})


@pytest.mark.parametrize("url", ["ftp://crm.example/", "crm.example", "https:///path", "http://a b/", "http://u:p@h/"])
@pytest.mark.parametrize("name", sorted(CRMS))
def test_an_address_that_cannot_be_called_is_told_at_the_start_and_not_quoted(name: str, url: str) -> None:
    with pytest.raises(SettingsError, match=rf"crms\.{name}\.url: ") as caught:
        crm(name, {**FAKES[name]().settings, "url": url})

    assert url not in str(caught.value)


def test_an_unknown_crm_is_told_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match="expected one of webhook, roundup, "):
        crm("salesfarce", {})


def test_a_case_and_its_entries_are_kept_in_order(told: Told) -> None:
    told.whole_story()

    assert told.fake.kept() == ALL_KEPT


def test_a_story_told_twice_changes_nothing(told: Told) -> None:
    told.whole_story()
    told.whole_story()

    assert told.fake.kept() == ALL_KEPT


def test_the_references_are_the_same_on_every_call(told: Told) -> None:
    first = told.crm.open_case(CASE, an_entry(FIRST))
    added = told.crm.add_to_case(opened(CASE, first), an_entry(SECOND))

    assert told.crm.open_case(CASE, an_entry(FIRST)) == first
    assert told.crm.add_to_case(opened(CASE, first), an_entry(SECOND)) == added


@pytest.mark.local  # a server for each step: seconds that the fast loop has not
@pytest.mark.parametrize("fault", Fault)
def test_every_single_fault_at_every_step_leaves_each_entry_once(told: Told, fault: Fault) -> None:
    told.whole_story()
    steps = len(told.fake.calls)
    name = told.crm.name

    for step in range(steps):
        with FAKES[name]() as fake:
            fake.fail_next([None] * step + [fault])
            Told(name, fake).whole_story()

            assert fake.kept() == ALL_KEPT, f"after {fault} at request {step + 1}"


@given(schedule=st.lists(st.one_of(st.none(), st.sampled_from(Fault)), max_size=14))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@pytest.mark.parametrize("name", sorted(CRMS))
def test_any_run_of_faults_leaves_each_entry_once(name: str, schedule: list[Fault | None]) -> None:
    with FAKES[name]() as fake:
        fake.fail_next(schedule)
        Told(name, fake).whole_story()

        assert fake.kept() == ALL_KEPT


def test_two_cases_are_two_records(told: Told) -> None:
    other = a_post(9)
    told.crm.open_case(CASE, an_entry(FIRST))
    told.crm.open_case(a_case(other), an_entry(other))

    assert told.fake.kept() == {CASE.id: [FIRST.external_key], other.external_key: [other.external_key]}


@pytest.mark.parametrize("fault", [Fault.BUSY_SECONDS, Fault.BUSY_DATE])
def test_a_busy_crm_is_left_alone_for_as_long_as_it_asks(told: Told, fault: Fault) -> None:
    told.fake.fail_next([fault])
    with pytest.raises(Unavailable) as first:
        told.crm.open_case(CASE, an_entry(FIRST))
    told.clock.seconds += 20
    with pytest.raises(Unavailable) as second:
        told.crm.open_case(CASE, an_entry(FIRST))

    assert first.value.retry_after == pytest.approx(30, abs=1.5)
    assert second.value.retry_after == pytest.approx(10, abs=1.5)
    assert len(told.fake.calls) == 1


def test_wrong_credentials_leave_the_case_owed_and_are_not_tried_in_a_loop(told: Told) -> None:
    told.fake.always = 401
    for _ in range(5):
        with pytest.raises(Unavailable):
            told.crm.open_case(CASE, an_entry(FIRST))
    knocks = len(told.fake.calls)
    told.fake.always = None
    told.clock.seconds += 61
    told.whole_story()

    assert knocks == 1
    assert told.fake.kept() == ALL_KEPT


@pytest.mark.parametrize("status", [301, 307, 403, 408, 425, 500, 502, 503, 504])
def test_what_may_come_right_is_unavailable(told: Told, status: int) -> None:
    told.fake.always = status

    with pytest.raises(Unavailable):
        told.crm.open_case(CASE, an_entry(FIRST))
    assert len(told.fake.calls) == 1, "neither repeated nor redirected"


def test_a_deleted_post_is_told_without_its_text(told: Told) -> None:
    told.crm.open_case(CASE, replace(an_entry(FIRST), post=None))

    assert told.fake.kept() == {CASE.id: [FIRST.external_key]}
    assert not any(b"started to smoke" in call.body for call in told.fake.calls)


@pytest.mark.parametrize(
    "text", ["\ud83d half an emoji", "nul \x00 and \x1b[31mred", "👩‍👩‍👧 ﷽ Ångström " * 900, "\n" * 50_000, ""]
)
def test_no_text_keeps_a_case_from_the_crm(told: Told, text: str) -> None:
    post = a_post(1, text)
    told.crm.open_case(CASE, an_entry(post))

    assert told.fake.kept() == {CASE.id: [post.external_key]}


def test_nobody_there_is_unavailable_and_tells_neither_address_nor_secret(told: Told) -> None:
    told.fake.server.server_close()
    with pytest.raises(Unavailable, match="did not answer") as caught:
        told.crm.open_case(CASE, an_entry(FIRST))

    assert "hooks" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_a_refusal_for_good_is_told_in_the_crms_own_words(told: Told) -> None:
    creating = next(step for step, call in enumerate(_calls_of_opening(told)) if told.fake.is_writing(call))
    with FAKES[told.crm.name]() as fake:
        again = Told(told.crm.name, fake)
        _refuse_from(fake, creating)

        with pytest.raises(Refused, match="Acme says: not like this"):
            again.crm.open_case(CASE, an_entry(FIRST))


def _calls_of_opening(told: Told) -> list[Call]:
    told.crm.open_case(CASE, an_entry(FIRST))
    return list(told.fake.calls)


def _refuse_from(fake: FakeCrm, step: int) -> None:
    respond = fake.respond
    fake.respond = lambda call: (  # type: ignore[method-assign]
        respond(call) if len(fake.calls) <= step else (400, {}, b"Acme says: not like this")
    )
