"""What a process makes of its settings, and makes anew when they change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.config import Company, PlatformSettings
from chalicelib.pipeline.triage import Us
from chalicelib.stores.memory import MemoryStore
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
    vars(wiring).update(_settings=settings, store=MemoryStore(now))
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
