"""Slack, by an incoming webhook. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks

A webhook has no key that would make a message once: what was sent before its answer was lost is sent again.
"""

from __future__ import annotations

from typing import Any

from chalicelib.channels.base import WebhookChannel
from chalicelib.channels.wording import headline, lines
from chalicelib.model import Notice
from chalicelib.plain import cut

# https://docs.slack.dev/reference/block-kit/blocks/header-block, .../section-block
HEADER, SECTION = 150, 3000


class SlackChannel(WebhookChannel):
    """One channel of a workspace."""

    kind = "slack"

    def body(self, notice: Notice, times: int) -> dict[str, Any]:
        """A header and a section; `text` is what notifications and screen readers show."""
        title = headline(notice, times, HEADER)
        blocks: list[dict[str, Any]] = [{"type": "header", "text": {"type": "plain_text", "text": title}}]
        if below := "\n".join(lines(notice)):
            blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": cut(escaped(below), SECTION)}})
        return {"text": escaped(title), "blocks": blocks}


def escaped(text: str) -> str:
    """So that nothing of it is a mention or a link under other words.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
