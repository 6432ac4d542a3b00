"""Microsoft Teams, by a workflow "When a Teams webhook request is received", which posts an adaptive card.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using. It answers 202
before it has posted, and knows no key: what was sent before its answer was lost is sent again.
"""

from __future__ import annotations

from typing import Any

from chalicelib.channels.base import WebhookChannel
from chalicelib.channels.wording import address, headline, lines
from chalicelib.model import Notice
from chalicelib.plain import cut_bytes

CARD = "application/vnd.microsoft.card.adaptive"
TITLE, BELOW = 250, 16_000  # a message holds 28 KB, as JSON


class TeamsChannel(WebhookChannel):
    """One channel or chat, as its workflow says."""

    kind = "teams"

    def body(self, notice: Notice, times: int) -> dict[str, Any]:
        """A message with one card."""
        attachment = {"contentType": CARD, "contentUrl": None, "content": _card(notice, times)}
        return {"type": "message", "attachments": [attachment]}


def _card(notice: Notice, times: int) -> dict[str, Any]:
    title = {"size": "Medium", "weight": "Bolder", "text": _bare(headline(notice, times, TITLE)), "wrap": True}
    below = cut_bytes("\n\n".join(map(_bare, lines(notice))), BELOW)
    where = address(notice)
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", **each} for each in (title, {"text": below, "wrap": True}) if each["text"]],
        **({"actions": [{"type": "Action.OpenUrl", "title": "Look there", "url": where}]} if where else {}),
    }


def _bare(text: str) -> str:
    """A text block reads a part of Markdown: what strangers wrote must not become a link under other words."""
    return "".join(f"\\{sign}" if sign in "\\*_[]()" else sign for sign in text)
