"""Microsoft Teams, by a workflow "When a Teams webhook request is received", which posts an adaptive card.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using. It answers 202
before it has posted, and knows no key: what was sent before its answer was lost is sent again.
"""

from __future__ import annotations

from typing import Any

from chalicelib.channels.base import WebhookChannel, encoded
from chalicelib.channels.wording import address, headline, lines
from chalicelib.model import Notice

CARD = "application/vnd.microsoft.card.adaptive"
# A message holds 28 KB, as the JSON that is sent. Beside what stands below there are a title of 250 characters and a
# link of 1,000, each of four bytes at most.
TITLE, BELOW = 250, 20_000


class TeamsChannel(WebhookChannel):
    """One channel or chat, as its workflow says."""

    kind = "teams"
    mistakes = ("workflowtriggerisnotenabled", "workflownotfound", "workflowdisabled")  # it is off or deleted

    def body(self, notice: Notice, times: int) -> dict[str, Any]:
        """A message with one card."""
        attachment = {"contentType": CARD, "contentUrl": None, "content": _card(notice, times)}
        return {"type": "message", "attachments": [attachment]}


def _card(notice: Notice, times: int) -> dict[str, Any]:
    title = {"size": "Medium", "weight": "Bolder", "text": _bare(headline(notice, times, TITLE)), "wrap": True}
    below = "\n\n".join(map(_bare, lines(notice, BELOW, _bytes)))
    where = address(notice)
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", **each} for each in (title, {"text": below, "wrap": True}) if each["text"]],
        **({"actions": [{"type": "Action.OpenUrl", "title": "Look there", "url": where}]} if where else {}),
    }


def _bytes(line: str) -> int:
    """What a line takes of the message, with its quotes for the four bytes of the lines' ends."""
    return len(encoded(f"{_bare(line)}\n"))


def _bare(text: str) -> str:
    """A text block reads a part of Markdown: what strangers wrote must not become a link under other words."""
    return "".join(f"\\{sign}" if sign in "\\*_[]()" else sign for sign in text)
