"""Slack, by an incoming webhook. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks

A webhook has no key that would make a message once: what was sent before its answer was lost is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.channels.base import WebhookChannel
from chalicelib.channels.wording import address, headline, lines
from chalicelib.model import Notice

# https://docs.slack.dev/reference/block-kit/blocks/header-block, .../section-block
HEADER, SECTION = 150, 3000
# 50 blocks at most, and, which no page says, some 12,000 characters in all of them: the rest is refused
# (https://github.com/slackapi/bolt-js/issues/2509).
BELOW = 10_000


class SlackChannel(WebhookChannel):
    """One channel of a workspace."""

    kind = "slack"
    # https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
    mistakes = (
        "no_service",
        "no_active_hooks",
        "no_team",
        "team_disabled",
        "invalid_token",
        "channel_not_found",
        "channel_is_archived",
        "action_prohibited",
        "posting_to_general_channel_denied",
        "user_not_found",
    )

    def body(self, notice: Notice, times: int) -> dict[str, Any]:
        """A header and sections; `text` is what notifications and screen readers show."""
        title, link = headline(notice, times, HEADER), address(notice)
        below = [_line(line, link) for line in lines(notice, BELOW, lambda line: len(_line(line, link)) + 1)]
        blocks = [{"type": "header", "text": {"type": "plain_text", "text": title}}, *map(_section, _packed(below))]
        return {"text": escaped(title), "blocks": blocks}


def _line(line: str, link: str | None) -> str:
    """Escaped whole: a line that was cut is cut before, so that no `&amp;` is. Our own link, and no other, is one."""
    return f"<{escaped(line)}>" if line == link else escaped(line)


def _packed(below: Iterable[str]) -> Iterator[str]:
    """As many lines in each section as it has room for."""
    section = ""
    for line in below:
        if section and len(section) + 1 + len(line) > SECTION:
            yield section
            section = ""
        section = f"{section}\n{line}" if section else line
    if section:
        yield section


def _section(text: str) -> dict[str, Any]:
    """`verbatim`: nothing a stranger wrote (@here, #general, an address) becomes a mention or a link.

    https://docs.slack.dev/reference/block-kit/composition-objects/text-object
    """
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def escaped(text: str) -> str:
    """So that nothing of it is a mention or a link under other words.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
