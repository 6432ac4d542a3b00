"""The platforms we hear. Adding one: docs/adding-a-platform.md."""

from __future__ import annotations

from chalicelib.config import PlatformSettings
from chalicelib.errors import NotFound
from chalicelib.platforms.base import BasePlatform
from chalicelib.platforms.facebook import Facebook
from chalicelib.platforms.instagram import Instagram
from chalicelib.platforms.line import Line
from chalicelib.platforms.linkedin import LinkedIn
from chalicelib.platforms.mastodon import Mastodon
from chalicelib.platforms.messenger import Messenger
from chalicelib.platforms.slack import Slack
from chalicelib.platforms.standard_webhooks import StandardWebhooks
from chalicelib.platforms.telegram import Telegram
from chalicelib.platforms.threads import Threads
from chalicelib.platforms.tiktok import TikTok
from chalicelib.platforms.viber import Viber
from chalicelib.platforms.whatsapp import WhatsApp
from chalicelib.platforms.x import X
from chalicelib.ports import Platform

PLATFORMS: dict[str, type[BasePlatform]] = {
    kind.name: kind
    for kind in (
        Facebook,
        Instagram,
        Line,
        LinkedIn,
        Mastodon,
        Messenger,
        Slack,
        StandardWebhooks,
        Telegram,
        Threads,
        TikTok,
        Viber,
        WhatsApp,
        X,
    )
}


def platform(name: str, settings: PlatformSettings) -> Platform:
    """The platform of that name, with what an operator set for it. Raises NotFound, which lists the names there are."""
    if name not in PLATFORMS:
        raise NotFound(f"no such platform; there are {', '.join(sorted(PLATFORMS))}")
    return PLATFORMS[name](settings)
