"""The whole service, running, and what it was sent: one cloud for all tests here."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from chalicelib import platforms
from chalicelib.config import PlatformSettings, company
from chalicelib.model import Parked
from chalicelib.ports.platform import Platform
from chalicelib.wiring import Wiring
from infra.local.cloud import LocalCloud
from infra.local.gateway import Gateway, routes_of
from infra.local.process import environment
from infra.local.runtime import Function
from infra.local.samples import SETTINGS
from tests.service.wire import Answer, ask

ROOT = Path(__file__).parents[2]
LOST = ("PostsQueue", "PostsDeadLetters", "DeliveriesFailed")
# Cases are opened nowhere here; a CRM that knew some before may still tell what people do with them.
EVENT_SECRET = "whsec_" + base64.b64encode(b"demo-event-secret-of-a-crm").decode()
CRM_SETTINGS = {
    "webhook": {
        "url": "https://crm.acme.invalid/hooks",
        "secrets": "whsec_" + base64.b64encode(b"demo-secret-that-is-never-used").decode(),
        "event_secrets": EVENT_SECRET,
    }
}
PLAIN_SECRETS: dict[str, PlatformSettings] = dict(company(SETTINGS).platforms)


@dataclass
class Service:
    """The service over HTTP, and what is behind it."""

    cloud: LocalCloud
    folder: Path
    signatures: list[str] = field(default_factory=list)

    @cached_property
    def parts(self) -> Wiring:
        """The real store and queue."""
        return Wiring(self.cloud.environment)

    def ask(self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Any request."""
        return ask(self.cloud.url, method, target, body, list((headers or {}).items()))

    def deliver(self, name: str, body: bytes, url: str | None = None, **changed: str) -> Answer:
        """A delivery as the platform would send it; `changed` replaces headers, `_` in their names for `-`."""
        signed = platform(name).sign(body, datetime.now(UTC))
        self.signatures.append(signed[platforms.PLATFORMS[name].scheme.header])
        headers = signed | {name.replace("_", "-"): value for name, value in changed.items()}
        return ask(url or self.cloud.url, "POST", f"/webhooks/{name}", body, list(headers.items()))

    def take_parked(self) -> list[Parked]:
        """Everything that is parked, taken away as an operator would."""
        taken: list[Parked] = []
        while self.cloud.depths()["ParkedQueue"]:
            found = self.parts.queue.parked(1000)
            for parked in found:
                self.parts.queue.unpark(parked)
            taken += found
        return taken

    def left_over(self) -> dict[str, int]:
        """What lies in queues where nothing should be left once all is done."""
        depths = self.cloud.depths()
        return {name: depths[name] for name in LOST if depths[name]}

    def half(self, **changed: str) -> HalfService:
        """The receiving function alone, in this cloud but with another environment."""
        return HalfService(self.cloud, self.folder / "half", changed)


class HalfService:
    """A receiver that is told wrong: `url` is where it listens."""

    def __init__(self, cloud: LocalCloud, folder: Path, changed: Mapping[str, str]) -> None:
        folder.mkdir(exist_ok=True)
        env = {**environment(ROOT, folder), **cloud.environment, **changed}
        self._function = Function("api_handler", "app.app", env=env, root=ROOT, logs=folder)
        self._function.wait_until_ready()
        self._gateway = Gateway(self._function, routes_of("app.app"), None)
        self.url = self._gateway.url

    def __enter__(self) -> HalfService:
        return self

    def __exit__(self, *_: object) -> None:
        self._gateway.stop()
        self._function.stop()


def platform(name: str) -> Platform:
    """A platform with the secrets that the running service has."""
    return platforms.platform(name, PLAIN_SECRETS[name])


def raw(body: Any) -> bytes:
    """A body's bytes on the wire."""
    return json.dumps(body).encode()


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Everything for real; a failed post waits two seconds. `earshot` finds it from `service.folder`."""
    folder = tmp_path_factory.mktemp("service")
    patience = {"PostsVisibilitySeconds": "2"}
    cloud = LocalCloud(ROOT, {**SETTINGS, "crms": CRM_SETTINGS}, data=folder / ".local", parameters=patience)
    with cloud, pytest.MonkeyPatch.context() as patch:
        for name, value in cloud.environment.items():
            patch.setenv(name, value)
        yield Service(cloud, folder)
