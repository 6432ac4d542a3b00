"""What keep_time and a hub's call leave in the log, and that trouble with a hub keeps nothing else from being done."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib.config import PlatformSettings
from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.minute import renew_subscriptions
from chalicelib.model.lease import MANY_TRIES, Subscription
from chalicelib.platforms.youtube import TOPIC, YouTube
from chalicelib.stores.memory_leases import MemoryLeases
from chalicelib.wiring import now

SETTINGS = PlatformSettings(
    ("hub-secret",), verify_token="the-token", callback="https://a.example/webhooks/youtube", follows=frozenset({"UC1"})
)
NAME = f"youtube:{TOPIC}UC1"


@dataclass
class Parts:
    """What app.py asks of its wiring for subscriptions; the hub meets its `troubles` one after another."""

    troubles: list[Exception | None] = field(default_factory=list)
    leases: MemoryLeases = field(default_factory=lambda: MemoryLeases(now))
    asked: list[str] = field(default_factory=list)

    @property
    def hub(self) -> Parts:
        return self

    @property
    def subscriptions(self) -> list[Subscription]:
        return list(YouTube(SETTINGS).subscriptions())

    def subscribe(self, subscription: Subscription) -> None:
        self.asked.append(subscription.name)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble:
            raise trouble


@dataclass
class Lambda:
    """Lambda's context, with so much time left."""

    left: int = 55_000

    def get_remaining_time_in_millis(self) -> int:
        return self.left


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Parts:
    found = Parts()
    monkeypatch.setattr(app, "wiring", found)
    return found


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[str, str]]]:
    """The lines written since it was asked last, as (level, message), wherever the log goes."""

    def lines() -> list[tuple[str, str]]:
        written = [line for part in capfd.readouterr() for line in part.splitlines() if line.startswith("{")]
        found = [(line["level"], line["message"]) for line in map(json.loads, written)]
        found += [(record.levelname, record.getMessage()) for record in caplog.records if not written]
        caplog.clear()
        return [line for line in found if line[1].startswith("subscription")]

    return lines


Said = Callable[[], list[tuple[str, str]]]


def minute(left: int = 55_000) -> None:
    renew_subscriptions(app.wiring, app.log, lambda: app._is_late(Lambda(left)))


def again(parts: Parts, tries: int = 1) -> None:
    """As if the last try were long ago."""
    (lease,) = parts.leases.leases([NAME])
    changed: Any = {"asked_at": now() - timedelta(days=1), "tries": tries}
    parts.leases._leases[NAME] = type(lease)(**{name: getattr(lease, name) for name in lease.__slots__} | changed)


def test_what_is_asked_is_said(parts: Parts, said: Said) -> None:
    minute()

    assert (parts.asked, said()) == ([NAME], [("INFO", "subscription.asked")])


def test_a_hub_that_does_not_answer_is_a_warning_and_when_it_gets_late_an_error(parts: Parts, said: Said) -> None:
    parts.troubles = [
        Unavailable("youtube's hub did not answer (ReadTimeoutError)"),
        Refused("a.example?token=the-token"),
    ]
    minute()
    first = said()
    again(parts, MANY_TRIES)
    minute()

    assert first == [("WARNING", "subscription.waits")]
    assert said() == [("ERROR", "subscription.ends")]


def test_neither_token_nor_secret_is_logged(
    parts: Parts, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    parts.troubles = [Refused("https://a.example?token=the-token&hub.secret=hub-secret")]
    minute()

    told = "".join(capfd.readouterr()) + caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "subscription.waits" in told
    assert "the-token" not in told
    assert "hub-secret" not in told


def test_what_there_is_no_time_for_is_left_to_the_next_minute(parts: Parts) -> None:
    minute(left=app.ONE_CALL_MS - 1)
    assert parts.asked == []

    minute()

    assert parts.asked == [NAME]


@pytest.mark.parametrize("trouble", [SettingsError("platforms.youtube.hub: expected an address"), Unavailable("table")])
def test_trouble_with_settings_or_table_is_told_and_ends_nothing(parts: Parts, said: Said, trouble: Exception) -> None:
    parts.troubles = [trouble]
    if isinstance(trouble, Unavailable):
        parts.leases = Broken(trouble)

    minute()

    assert said() == [("ERROR", "subscriptions.unavailable")]


class Broken(MemoryLeases):
    """A table that does not answer."""

    def __init__(self, trouble: Exception) -> None:
        super().__init__(now)
        self._trouble = trouble

    def leases(self, names: Any) -> Any:
        raise self._trouble
