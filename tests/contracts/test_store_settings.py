"""The company's settings out of a real Secrets Manager (ministack's)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
import pytest

from chalicelib.errors import SettingsError, Unavailable
from chalicelib.stores.settings import CompanySettings
from chalicelib.stores.wire import Wire
from tests.contracts.cloud import Cloud

ACME = {
    "platforms": {"mastodon": {"secrets": ["made-up"], "handles": ["@acme@social.example"]}},
    "crms": {"webhook": {"url": "https://crm.acme.example/cases"}},
}


@pytest.fixture
def secrets(cloud: Cloud) -> Any:
    return cloud.client("secretsmanager")


@pytest.fixture
def secret_id(secrets: Any) -> str:
    name = f"company-{uuid4()}"
    secrets.create_secret(Name=name, SecretString=json.dumps(ACME))
    return name


@pytest.mark.local
def test_the_settings_are_read_once_and_remembered(secrets: Any, secret_id: str) -> None:
    calls: list[str] = []
    secrets.meta.events.register("before-call.secrets-manager", lambda model, **_: calls.append(model.name))
    settings = CompanySettings(secrets, secret_id)

    assert settings.company() == settings.company()
    assert settings.company().platforms["mastodon"].secrets == ("made-up",)
    assert settings.company().crms == ACME["crms"]
    assert calls == ["GetSecretValue"]


@pytest.mark.local
def test_a_rotated_secret_is_noticed_after_five_minutes(secrets: Any, secret_id: str) -> None:
    clock = Seconds()
    settings = CompanySettings(secrets, secret_id, monotonic=clock)
    settings.company()
    rotated = {"platforms": {"mastodon": {"secrets": ["new", "made-up"]}}}
    secrets.put_secret_value(SecretId=secret_id, SecretString=json.dumps(rotated))
    clock.now = 299
    before = settings.company().platforms["mastodon"].secrets
    clock.now = 301

    assert before == ("made-up",)
    assert settings.company().platforms["mastodon"].secrets == ("new", "made-up")


@pytest.mark.local
@pytest.mark.parametrize("text", ["no json: hush-hush", '["hush-hush"]', '{"crms": [12345678]}'])
def test_a_secret_of_another_shape_is_told_without_its_content(secrets: Any, secret_id: str, text: str) -> None:
    secrets.put_secret_value(SecretId=secret_id, SecretString=text)

    with pytest.raises(SettingsError) as raised:
        CompanySettings(secrets, secret_id).company()

    assert "hush" not in str(raised.value)
    assert "12345678" not in str(raised.value)


@pytest.mark.local
def test_a_secret_that_is_not_there_is_the_operators_to_mend(secrets: Any) -> None:
    with pytest.raises(SettingsError, match="ResourceNotFoundException"):
        CompanySettings(secrets, "no-such-secret").company()


def test_secrets_that_cannot_be_reached_are_unavailable() -> None:
    nowhere = Cloud("http://127.0.0.1:9").client("secretsmanager")

    with pytest.raises(Unavailable, match="EndpointConnectionError"):
        CompanySettings(nowhere, "company").company()


@pytest.mark.local
def test_secrets_that_cannot_be_reached_any_more_are_those_last_known(secrets: Any, secret_id: str) -> None:
    clock, calls = Seconds(), []
    client = Cuttable(secrets)
    settings = CompanySettings(client, secret_id, monotonic=clock)  # type: ignore[arg-type]
    known = settings.company()
    client.real = Cloud("http://127.0.0.1:9").client("secretsmanager")

    for clock.now in (301, 302, 330, 332):
        assert settings.company() == known
        calls.append(client.calls)

    assert calls == [2, 2, 2, 3], "asked again, but not by every delivery"


@pytest.mark.local
def test_a_secret_of_bytes_holds_no_settings(secrets: Any, secret_id: str) -> None:
    secrets.put_secret_value(SecretId=secret_id, SecretBinary=b"hush")

    with pytest.raises(SettingsError, match=r"^settings: the secret holds no text$"):
        CompanySettings(secrets, secret_id).company()


@dataclass
class Seconds:
    """A clock that a test sets."""

    now: float = 0

    def __call__(self) -> float:
        return self.now


@dataclass
class Cuttable:
    """A client that can be cut off, and counts its calls."""

    real: Any
    calls: int = 0

    def get_secret_value(self, **given: str) -> Any:
        self.calls += 1
        return self.real.get_secret_value(**given)


def test_what_is_wrong_with_one_platform_is_told_each_time_the_settings_are_read(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    clock = Seconds()
    given = {"platforms": {"line": {"secrets": ["hush"]}, "x": {"secret": ["hush"]}}}
    settings = CompanySettings(Written(json.dumps(given)), "company", ("line", "x"), clock)  # type: ignore[arg-type]

    for clock.now in (0, 1, 301):
        assert set(settings.company().platforms) == {"line"}

    told = "".join(capfd.readouterr()) + "".join(str(vars(record)) for record in caplog.records)
    assert told.count("platforms.x.secret: there is no such setting; did you mean 'secrets'?") >= 2
    assert "settings.wrong" in told
    assert "hush" not in told


@dataclass
class Written:
    """A secret as somebody wrote it."""

    text: str

    def get_secret_value(self, SecretId: str) -> dict[str, str]:
        return {"SecretString": self.text}


@pytest.mark.local
def test_the_functions_own_client_reads_what_boto3_reads_and_fails_as_it_fails(secrets: Any, secret_id: str) -> None:
    session = boto3.Session("test", "test", region_name="us-east-1")
    name = "secretsmanager"
    wire = Wire(
        secrets.meta.endpoint_url, "us-east-1", session.get_credentials(), service=name, target=name, version="1.1"
    )

    assert CompanySettings(wire, secret_id).company() == CompanySettings(secrets, secret_id).company()
    for client in (wire, secrets):
        with pytest.raises(SettingsError, match="settings: ResourceNotFoundException"):
            CompanySettings(client, f"{secret_id}-that-is-not-there").company()
    nobody = Wire("http://127.0.0.1:9", "us-east-1", session.get_credentials(), lambda seconds: None, service=name)
    with pytest.raises(Unavailable, match="settings: EndpointConnectionError"):
        CompanySettings(nobody, secret_id).company()
