"""The company's settings, kept as one JSON secret: platforms, CRMs and channels to people, each by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chalicelib.config.platforms import PlatformSettings, platform_settings
from chalicelib.config.reading import known, members
from chalicelib.errors import SettingsError

T = TypeVar("T")
KEYS = ("platforms", "crms", "channels")


@dataclass(frozen=True, slots=True)
class Company:
    """What the company has set: platforms, CRMs and the channels by which its people are told, each by name.

    `wrong` says by its place (`platforms.x`) what is the matter with one whose settings could not be taken; it is in
    neither of the others, and those beside it work.
    """

    platforms: Mapping[str, PlatformSettings] = field(default_factory=dict)
    crms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def platform(self, name: str) -> PlatformSettings | None:
        """What is set for a platform, None for nothing. Raises SettingsError where that is wrong."""
        self._hold_to("platforms", name)
        return self.platforms.get(name)

    def crm(self, name: str) -> Mapping[str, str] | None:
        """What is set for a CRM, None for nothing. Raises SettingsError where that is wrong."""
        self._hold_to("crms", name)
        return self.crms.get(name)

    def channel(self, name: str) -> Mapping[str, str]:
        """What is set for a channel. Raises SettingsError where nothing is, or that is wrong."""
        self._hold_to("channels", name)
        if name not in self.channels:
            raise SettingsError(f"channels.{name}: not set, but rules/people.yml names it")
        return self.channels[name]

    def _hold_to(self, group: str, name: str) -> None:
        if why := self.wrong.get(f"{group}.{name}"):
            raise SettingsError(why)


def company(data: Any, there_are: Collection[str] | None = None) -> Company:
    """The company's settings from their JSON; `there_are` are the platforms' names, None: any name goes.

    What is wrong with one platform or CRM is told in `wrong`, says where it is and what would be right, and quotes no
    value. Raises SettingsError, in the same way, where the whole is wrong.
    """
    if not isinstance(data, Mapping):
        raise SettingsError("settings: expected an object with 'platforms', 'crms' and 'channels'")
    known("settings", data, KEYS)
    platforms, crms, channels = (data.get(key, {}) for key in KEYS)
    if not all(isinstance(group, Mapping) for group in (platforms, crms, channels)):
        raise SettingsError("settings: 'platforms', 'crms' and 'channels' must be objects")

    def platform(where: str, name: str, item: Any) -> PlatformSettings:
        if there_are is not None:
            known("platforms", (name,), there_are)
        return platform_settings(where, item)

    taken, refused = _each("platforms", platforms, platform)
    told, untold = _each("crms", crms, lambda where, _, item: _texts(where, item))
    told_people, wrong_channels = _each("channels", channels, lambda where, _, item: _texts(where, item))
    return Company(taken, told, refused | untold | wrong_channels, told_people)


def _each(
    group: str, items: Mapping[str, Any], read: Callable[[str, str, Any], T]
) -> tuple[dict[str, T], dict[str, str]]:
    """Those that could be read, and by its place what is wrong with each of the others."""
    taken: dict[str, T] = {}
    wrong: dict[str, str] = {}
    for name, item in items.items():
        try:
            taken[name] = read(f"{group}.{name}", name, item)
        except SettingsError as trouble:
            wrong[f"{group}.{name}"] = str(trouble)
    return taken, wrong


def _texts(where: str, item: Any) -> Mapping[str, str]:
    texts = members(where, item, "an object of texts")
    if not all(isinstance(value, str) for value in texts.values()):
        raise SettingsError(f"{where}: expected an object of texts")
    return texts
