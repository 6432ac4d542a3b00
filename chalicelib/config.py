"""The one reader of the environment, and the shape of the company's settings. All read at cold start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.errors import SettingsError

CRMS = ("none", "webhook", "roundup")
ENGINES = ("durable", "plain")


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """What an operator pasted from a platform's console. Several secrets while one is being rotated."""

    secrets: tuple[str, ...] = ()
    verify_token: str | None = None
    accounts: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Company:
    """The company's settings, kept as one JSON secret: platforms by name, CRMs by name."""

    platforms: Mapping[str, PlatformSettings] = field(default_factory=dict)
    crms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Environment:
    """What the functions are told by their environment."""

    stage: str
    table: str
    posts_queue: str
    parked_queue: str
    secret: str
    region: str
    endpoint: str | None
    crm: str
    engine: str
    oldest_post: timedelta
    owed_patience: timedelta
    sample: float


def environment(env: Mapping[str, str]) -> Environment:
    """The environment of a function. Raises SettingsError naming every variable that is missing or wrong."""
    needed = ("EARSHOT_TABLE", "EARSHOT_POSTS_QUEUE", "EARSHOT_PARKED_QUEUE", "EARSHOT_SECRET")
    missing = [name for name in needed if not env.get(name)]
    if missing:
        raise SettingsError(f"not set: {', '.join(missing)}")
    return Environment(
        stage=env.get("EARSHOT_STAGE", "dev"),
        table=env["EARSHOT_TABLE"],
        posts_queue=env["EARSHOT_POSTS_QUEUE"],
        parked_queue=env["EARSHOT_PARKED_QUEUE"],
        secret=env["EARSHOT_SECRET"],
        region=env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or "us-east-1",
        endpoint=env.get("AWS_ENDPOINT_URL_DYNAMODB") or env.get("AWS_ENDPOINT_URL") or None,
        crm=_one_of(env, "EARSHOT_CRM", CRMS),
        engine=_one_of(env, "EARSHOT_ENGINE", ENGINES),
        oldest_post=timedelta(days=_number(env, "EARSHOT_OLDEST_POST_DAYS", 14)),
        owed_patience=timedelta(seconds=_number(env, "EARSHOT_OWED_PATIENCE_SECONDS", 300)),
        sample=_number(env, "EARSHOT_SAMPLE_PERCENT", 1) / 100,
    )


def company(data: Any) -> Company:
    """The company's settings from their JSON. Raises SettingsError that says where, and quotes no value."""
    if not isinstance(data, Mapping):
        raise SettingsError("settings: expected an object with 'platforms' and 'crms'")
    platforms, crms = data.get("platforms", {}), data.get("crms", {})
    if not isinstance(platforms, Mapping) or not isinstance(crms, Mapping):
        raise SettingsError("settings: 'platforms' and 'crms' must be objects")
    return Company(
        platforms={name: _platform(name, item) for name, item in platforms.items()},
        crms={name: _texts(f"crms.{name}", item) for name, item in crms.items()},
    )


def _platform(name: str, item: Any) -> PlatformSettings:
    where = f"platforms.{name}"
    if not isinstance(item, Mapping):
        raise SettingsError(f"{where}: expected an object")
    token = item.get("verify_token")
    if token is not None and not isinstance(token, str):
        raise SettingsError(f"{where}.verify_token: expected a text")
    return PlatformSettings(
        secrets=tuple(_list(f"{where}.secrets", item.get("secrets", []))),
        verify_token=token or None,
        accounts=frozenset(_list(f"{where}.accounts", item.get("accounts", []))),
        handles=frozenset(_list(f"{where}.handles", item.get("handles", []))),
    )


def _list(where: str, items: Any) -> list[str]:
    if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
        raise SettingsError(f"{where}: expected a list of texts, none of them empty")
    return items


def _texts(where: str, item: Any) -> Mapping[str, str]:
    if not isinstance(item, Mapping) or not all(isinstance(value, str) for value in item.values()):
        raise SettingsError(f"{where}: expected an object of texts")
    return item


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = env.get(name) or choices[0]
    if value not in choices:
        raise SettingsError(f"{name}: expected one of {', '.join(choices)}")
    return value


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(env.get(name) or default)
    except ValueError:
        raise SettingsError(f"{name}: expected a number") from None
    if not 0 <= value < 36500:  # also refuses NaN
        raise SettingsError(f"{name}: expected a number from 0 to 36500")
    return value
