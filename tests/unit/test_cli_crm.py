"""`earshot crm check`, `earshot identity`, and what `earshot cases` tells of a case's way to the CRM and back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from chalicelib.cli.main import main
from chalicelib.config import Company
from chalicelib.errors import Unavailable
from chalicelib.model import CrmEvent, Finding, Happened, Parked
from chalicelib.pipeline.identity import Registry
from chalicelib.ports.crm import Crm
from chalicelib.stores.memory import MemoryQueue
from chalicelib.wiring import Wiring
from tests.unit.people import NOON, MemoryCrm, Office, down, post, refusing
from tests.unit.rulebooks import Journal
from tests.unit.test_cli_operating import ENVIRONMENT

CASE = post(1).external_key
WEBHOOK = {"url": "https://crm.acme.invalid/cases", "secrets": "whsec_" + "b2xk" * 12}


class Looked(MemoryCrm):
    """Answers with these findings, or not at all."""

    findings: tuple[Finding, ...] = ()

    def check(self) -> list[Finding]:
        self._trouble()
        return list(self.findings)


class Place(Wiring):
    """Where the verbs work: an office's store, and settings with one CRM."""

    def __init__(self, office: Office, crm: str) -> None:
        super().__init__({**ENVIRONMENT, "EARSHOT_CRM": crm})
        self.store = office.store
        self.identities = office.store
        self.queue = MemoryQueue(office.clock)
        self.asked: MemoryCrm | None = None

    @property
    def company(self) -> Company:
        return Company(crms={"webhook": WEBHOOK, "zendesk": {}})

    def crm(self, name: str) -> Crm:
        return self.asked or super().crm(name)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def place(office: Office, monkeypatch: pytest.MonkeyPatch) -> Place:
    return put(office, monkeypatch, "webhook")


def put(office: Office, monkeypatch: pytest.MonkeyPatch, crm: str) -> Place:
    place = Place(office, crm)
    for verb in ("cases", "crm", "identity", "redrive"):
        monkeypatch.setattr(f"chalicelib.cli.{verb}.wiring", lambda: place)
    return place


def looking(place: Place, *findings: Finding) -> Looked:
    crm = Looked()
    crm.findings = findings
    place.asked = crm
    return crm


RIGHT = Finding("the token is accepted", True)
WRONG = Finding("Case has the field cKey", False, "add it in the Entity Manager")


def test_a_crm_that_has_all_is_fine(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    looking(place, RIGHT)

    assert main(["crm", "check", "zendesk"]) == 0
    assert capsys.readouterr().out == "ok       the token is accepted\n"


def test_what_is_missing_is_told_with_what_to_do(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    looking(place, RIGHT, WRONG)

    assert main(["crm", "check", "zendesk"]) == 1
    assert capsys.readouterr().out.splitlines()[1] == ("missing  Case has the field cKey: add it in the Entity Manager")


def test_findings_are_json_for_scripts(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    looking(place, RIGHT, WRONG)

    assert main(["crm", "check", "zendesk", "--json"]) == 1
    right, wrong = map(json.loads, capsys.readouterr().out.splitlines())
    assert (right["is_right"], wrong["is_right"], wrong["remedy"]) == (True, False, "add it in the Entity Manager")


def test_a_crm_that_does_not_answer_could_not_be_looked_at(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    looking(place).troubles = [Unavailable("zendesk did not answer (NewConnectionError)")]

    assert main(["crm", "check", "zendesk"]) == 2
    assert capsys.readouterr().err == "earshot crm: zendesk did not answer (NewConnectionError)\n"


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("fax", "there is no CRM 'fax' here; there are webhook,"),
        ("roundup", "'roundup' is not in the settings"),
        ("zendesk", "crms.zendesk: missing url"),
    ],
)
def test_a_crm_that_is_not_set_up_is_told_so(name: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["crm", "check", name]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("place")
def test_a_webhook_has_nothing_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["crm", "check", "webhook"]) == 0
    assert "without sending something" in capsys.readouterr().out


@pytest.mark.usefixtures("place")
def test_cases_tell_what_waits_from_what_was_kept(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    crm, office.crm = office.crm, None
    office.hear(post(1))
    office.tell()
    office.crm = crm
    office.hear(post(2, "smoke"))

    assert main(["cases"]) == 0
    told = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}

    assert "kept: there was no CRM" in told[CASE[:8]]
    assert "waits for the CRM" in told[post(2, "smoke").external_key[:8]]


@pytest.mark.usefixtures("place")
def test_a_case_tells_what_waits_and_what_people_did_with_it(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.hear(post(1))
    office.tell()
    for number, happened in enumerate((Happened.ANSWERED, Happened.REASSIGNED, Happened.CLOSED)):
        event = CrmEvent(str(number), happened, NOON, CASE, team="Second level\x1b[31m")
        assert office.channel.heed("memory", event)
    office.hear(post(2))

    assert main(["cases", CASE]) == 0
    told = capsys.readouterr().out

    assert f"CRM        memory no-{CASE}; waits to be told more" in told
    assert "there      answered 2026-11-20 12:00 UTC, now with Second level [31m" in told


@pytest.mark.usefixtures("place")
def test_a_case_that_was_taken_back_or_refused_waits_for_nobody(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.crm is not None
    office.crm.troubles = [*refusing(), *down(0)]
    office.hear(post(1))
    office.tell()

    main(["cases"])

    assert "refused: Subject is a required field" in capsys.readouterr().out


def linked(office: Office) -> None:
    office.crm = MemoryCrm()
    office.registry = Registry(office.store, office.clock, lambda platform: False, Journal())  # type: ignore[arg-type]
    office.hear(post(1))
    office.tell()


@pytest.mark.usefixtures("place")
def test_an_author_is_linked_by_hand_for_a_reason_and_the_link_is_revoked(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    linked(office)

    assert main(["identity", "forum:ana"]) == 0
    assert main(["identity", "forum:ana", "--link", "0034", "--because", "she told us on the phone"]) == 0
    by_hand = office.store.link("forum:ana")
    assert main(["identity", "forum:ana", "--revoke"]) == 0
    revoked = office.store.link("forum:ana")

    before, made, gone = capsys.readouterr().out.splitlines()
    assert before == "not linked, and not looked up"
    assert made.startswith("webhook 0034, by she told us on the phone, since ")
    assert gone.startswith("not linked: revoked ")
    assert by_hand is not None
    assert (by_hand.customer, by_hand.until) == ("0034", None)
    assert revoked is not None
    assert (revoked.ref, revoked.customer) == ("0034", None)


@pytest.mark.usefixtures("place")
def test_who_was_never_linked_can_be_kept_from_being_looked_up(office: Office) -> None:
    linked(office)

    assert main(["identity", "forum:ana", "--revoke"]) == 0

    link = office.store.link("forum:ana")
    assert link is not None
    assert link.stands("webhook", office.clock() + timedelta(days=300))


@pytest.mark.usefixtures("place")
def test_a_link_is_json_for_scripts(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    linked(office)

    main(["identity", "forum:ana", "--json"])
    main(["identity", "forum:ana", "--link", "7", "--because", "consent", "--json"])

    nothing, link = map(json.loads, capsys.readouterr().out.splitlines())
    assert nothing is None
    assert (link["ref"], link["evidence"]) == ("7", "consent")


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ana"], "an author is written platform:id"),
        (["forum:ana", "--link", "7"], "--link and --because go together"),
        (["forum:nobody", "--link", "7", "--because", "x"], "this author has no case"),
    ],
)
def test_a_link_that_cannot_be_made_is_told_so(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identity", *words]) == 2
    assert told in capsys.readouterr().err


def test_without_a_crm_nobody_is_linked(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(office, monkeypatch, "none")

    assert main(["identity", "forum:ana", "--revoke"]) == 2
    assert "EARSHOT_CRM is not set" in capsys.readouterr().err


def test_what_a_crm_told_and_nobody_could_read_stays_for_a_person(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.queue.park(Parked("crm/zendesk", b"{}", {}, "not an event of a ticket", NOON))

    assert main(["redrive", "parked"]) == 1

    assert "counts only with its signature" in capsys.readouterr().out
    assert len(place.queue.parked(10)) == 1
