"""What a process makes of its settings, and makes anew when they change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.config import Company, PlatformSettings
from chalicelib.errors import NotFound, SettingsError
from chalicelib.model import Move, Moved, Published
from chalicelib.pipeline.people import CurrentPeople, People
from chalicelib.pipeline.triage import Us
from chalicelib.rulebook import bundle
from chalicelib.rulebook.rule import Book
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_rulebooks import MemoryRulebooks
from chalicelib.wiring import Wiring, now

ENVIRONMENT = {
    "EARSHOT_TABLE": "table",
    "EARSHOT_POSTS_QUEUE": "http://127.0.0.1:9/posts.fifo",
    "EARSHOT_PARKED_QUEUE": "http://127.0.0.1:9/parked",
    "EARSHOT_SECRET": "company",
    "EARSHOT_CRM": "webhook",
}
WEBHOOK = {"url": "https://crm.acme.invalid/cases", "secrets": "whsec_" + "b2xk" * 8}
ROTATED = {**WEBHOOK, "secrets": "whsec_" + "bmV3" * 8}


@dataclass
class Settings:
    """The company's settings, as an operator changes them."""

    now: Company

    def company(self) -> Company:
        return self.now


def wired(settings: Settings, **env: str) -> Wiring:
    """The parts of a process, over memory and settings that change."""
    wiring = Wiring({**ENVIRONMENT, **env})
    vars(wiring).update(_settings=settings, store=MemoryStore(now), rulebooks=MemoryRulebooks())
    return wiring


def test_a_crm_whose_password_was_rotated_is_called_with_the_new_one() -> None:
    settings = Settings(Company(crms={"webhook": WEBHOOK}))
    wiring = wired(settings)
    before = wiring.delivery_desk.crm

    settings.now = Company(crms={"webhook": ROTATED})

    after = wiring.delivery_desk.crm
    assert before is not after
    assert vars(after)["settings"]["secrets"] == ROTATED["secrets"]


def test_the_circuit_before_a_crm_is_kept_while_its_settings_are_the_same() -> None:
    settings = Settings(Company(crms={"webhook": WEBHOOK}))
    wiring = wired(settings)
    before = wiring.delivery_desk

    settings.now = Company(crms={"webhook": dict(WEBHOOK)})

    assert wiring.delivery_desk is before
    assert before.circuit.rest == timedelta(seconds=30)


def test_people_are_told_by_what_is_published_and_a_channel_that_is_down_is_remembered() -> None:
    wiring = wired(Settings(Company()))
    before = wiring.telling_desk
    text = bundle.dumps(Book(), {"channels": {"room": "slack"}, "teams": {}})
    rulebooks = MemoryRulebooks()
    rulebooks.add(Published("v1", 0, len(text), "ana", "why", now()), text)
    rulebooks.move(Move(1, Moved.PUBLISHED, "v1", None, None, "ana", "why", now()))
    vars(wiring)["_current_people"] = CurrentPeople(rulebooks, now)

    after = wiring.telling_desk

    assert (before.people, after.people) == (People(), People({"room": "slack"}))
    assert before.circuits is after.circuits


def test_without_a_crm_no_secret_is_read() -> None:
    wiring = Wiring({**ENVIRONMENT, "EARSHOT_CRM": "none"})
    vars(wiring)["store"] = MemoryStore(now)

    assert wiring.delivery_desk.crm is None
    assert "_settings" not in vars(wiring)


def test_an_account_that_became_ours_is_known_to_the_next_batch() -> None:
    settings = Settings(Company())
    wiring = wired(settings)
    before = wiring.triage_desk.us

    settings.now = Company(platforms={"x": PlatformSettings(handles=frozenset({"acme_help"}))})

    assert before == {}
    assert wiring.triage_desk.us == {"x": Us(frozenset({"acme_help"}), frozenset())}


@pytest.mark.parametrize("name", ["friendster", "x", "line", "slack"])
def test_a_platform_that_is_off_is_as_unknown_as_one_there_is_not(name: str) -> None:
    off = {"x": PlatformSettings(), "line": PlatformSettings(("secret",), on=False)}

    with pytest.raises(NotFound, match=r"^no such platform$"):
        wired(Settings(Company(platforms=off))).platform(name)


def test_a_platform_is_made_once_and_anew_when_the_settings_have_changed() -> None:
    settings = Settings(Company(platforms={"line": PlatformSettings(("old",)), "x": PlatformSettings(("s",))}))
    wiring = wired(settings)
    before = wiring.platform("line")

    assert wiring.platform("x").name == "x"
    assert wiring.platform("line") is before

    settings.now = Company(platforms={"line": PlatformSettings(("new",))})

    assert vars(wiring.platform("line"))["settings"].secrets == ("new",)
    with pytest.raises(NotFound):
        wiring.platform("x")


def test_what_is_set_wrong_for_one_platform_or_crm_stops_none_of_the_others() -> None:
    wrong = {"platforms.x": "platforms.x.on: expected true or false", "crms.roundup": "crms.roundup: expected texts"}
    fine = {"line": PlatformSettings(("secret",))}
    wiring = wired(Settings(Company(fine, {"webhook": WEBHOOK}, wrong)))

    assert wiring.platform("line").name == "line"
    assert wiring.delivery_desk.crm
    assert wiring.subscriptions == []
    for asked in (wiring.platform, wiring.reader, wiring.compliance):
        with pytest.raises(SettingsError, match=r"^platforms\.x\.on: expected true or false$"):
            asked("x")
    with pytest.raises(SettingsError, match=r"^crms\.roundup"):
        wiring.crm("roundup")


def test_nobody_is_looked_up_for_a_platform_whose_settings_are_wrong() -> None:
    settings = Settings(Company(crms={"webhook": WEBHOOK}))
    permits = wired(settings)._registry.permits

    assert permits("facebook")
    settings.now = Company(crms={"webhook": WEBHOOK}, wrong={"platforms.facebook": "platforms.facebook: expected"})
    assert not permits("facebook")


def test_a_body_that_was_verified_is_read_also_once_its_platform_is_off() -> None:
    wiring = wired(Settings(Company(platforms={"line": PlatformSettings(("secret",), on=False)})))

    assert wiring.reader("line").name == "line"
    with pytest.raises(NotFound, match="there are"):
        wiring.reader("friendster")


def test_batches_are_decided_by_the_shipped_rules_until_others_are_published() -> None:
    wiring = wired(Settings(Company()), EARSHOT_RULEBOOK_AGE_SECONDS="0", EARSHOT_ENGINE="plain")
    assert wiring.triage_desk.rulebook.version == bundle.read(engine="plain").version

    text = bundle.dumps(Book())
    version = bundle.loads(text, "plain").version
    wiring.rulebooks.add(Published(version, 0, len(text), "ana", "none at all", now()), text)
    wiring.rulebooks.move(Move(1, Moved.PUBLISHED, version, None, None, "ana", "none at all", now()))

    assert wiring.triage_desk.rulebook.version == version
