"""The company's settings, kept as one JSON secret: platforms by name, CRMs by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.config.platforms import PlatformSettings, platform_settings
from chalicelib.config.reading import known, members
from chalicelib.errors import SettingsError

KEYS = ("platforms", "crms")


@dataclass(frozen=True, slots=True)
class Company:
    """What the company has set: platforms by name, CRMs by name."""

    platforms: Mapping[str, PlatformSettings] = field(default_factory=dict)
    crms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def company(data: Any, there_are: Collection[str] | None = None) -> Company:
    """The company's settings from their JSON; `there_are` are the platforms' names, None: any name goes.

    Raises SettingsError that says where and what would be right, and quotes no value.
    """
    if not isinstance(data, Mapping):
        raise SettingsError("settings: expected an object with 'platforms' and 'crms'")
    known("settings", data, KEYS)
    platforms, crms = data.get("platforms", {}), data.get("crms", {})
    if not isinstance(platforms, Mapping) or not isinstance(crms, Mapping):
        raise SettingsError("settings: 'platforms' and 'crms' must be objects")
    if there_are is not None:
        known("platforms", platforms, there_are)
    return Company(
        platforms={name: platform_settings(f"platforms.{name}", item) for name, item in platforms.items()},
        crms={name: _texts(f"crms.{name}", item) for name, item in crms.items()},
    )


def _texts(where: str, item: Any) -> Mapping[str, str]:
    texts = members(where, item, "an object of texts")
    if not all(isinstance(value, str) for value in texts.values()):
        raise SettingsError(f"{where}: expected an object of texts")
    return texts
