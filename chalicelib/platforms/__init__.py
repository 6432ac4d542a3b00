"""The platforms we hear, each imported when it is asked for: a delivery pays for its own. docs/adding-a-platform.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from chalicelib.errors import NotFound

if TYPE_CHECKING:
    from chalicelib.config import PlatformSettings
    from chalicelib.platforms.base import BasePlatform
    from chalicelib.ports.platform import Platform

# A platform's class, in the module of the platform's name with `_` for `-`.
CLASSES = {
    "bluesky": "Bluesky",
    "chatwoot": "Chatwoot",
    "cloudevents": "CloudEvents",
    "discord": "Discord",
    "facebook": "Facebook",
    "google-business": "GoogleBusiness",
    "instagram": "Instagram",
    "line": "Line",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "messenger": "Messenger",
    "slack": "Slack",
    "standard-webhooks": "StandardWebhooks",
    "telegram": "Telegram",
    "threads": "Threads",
    "tiktok": "TikTok",
    "trustpilot": "Trustpilot",
    "viber": "Viber",
    "whatsapp": "WhatsApp",
    "x": "X",
    "youscan": "YouScan",
    "youtube": "YouTube",
}


class Registry(Mapping[str, "type[BasePlatform]"]):
    """The classes by their platforms' names; to ask for one imports its module."""

    def __getitem__(self, name: str) -> type[BasePlatform]:
        kind = CLASSES[name]
        found: type[BasePlatform] = getattr(import_module(f"{__name__}.{name.replace('-', '_')}"), kind)
        return found

    def __contains__(self, name: object) -> bool:
        return name in CLASSES

    def __iter__(self) -> Iterator[str]:
        return iter(CLASSES)

    def __len__(self) -> int:
        return len(CLASSES)


PLATFORMS = Registry()


def platform(name: str, settings: PlatformSettings, others: Mapping[str, PlatformSettings] | None = None) -> Platform:
    """The platform of that name, with what an operator set for it; `others` are the settings of all platforms.

    Raises NotFound, which lists the names there are.
    """
    if name not in PLATFORMS:
        raise NotFound(f"no such platform; there are {', '.join(sorted(PLATFORMS))}")
    return PLATFORMS[name].made(settings, others or {})
