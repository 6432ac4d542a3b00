"""PagerDuty, by its Events API v2. https://developer.pagerduty.com/docs/send-alert-event

`dedup_key` makes it exactly once: an event that comes again is a line in the log of the same alert.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from chalicelib.channels.base import WebhookChannel
from chalicelib.channels.wording import address, headline, lines
from chalicelib.model import Notice, NoticeKind, Priority

SUMMARY, LONGEST_KEY = 1024, 255
ACTIONS = {
    NoticeKind.ALL_CLEAR: "resolve",
    NoticeKind.SETTLED: "resolve",
    NoticeKind.ACKNOWLEDGED: "acknowledge",
}
SEVERITIES = {
    Priority.URGENT: "critical",
    Priority.HIGH: "error",
    Priority.NORMAL: "warning",
    Priority.LOW: "info",
}


class PagerDutyChannel(WebhookChannel):
    """One service, by its integration key. In Europe the address is https://events.eu.pagerduty.com/v2/enqueue."""

    kind = "pagerduty"
    mistakes = ("routing_key", "routing key", "invalid key")
    keeps_open = True
    required = ("routing_key",)
    optional: ClassVar[Mapping[str, str]] = {"url": "https://events.pagerduty.com/v2/enqueue"}

    def body(self, notice: Notice, times: int) -> dict[str, Any]:
        """The event: what is about the same acknowledges and resolves the same."""
        action = ACTIONS.get(notice.kind, "trigger")
        event = {
            "routing_key": self.settings["routing_key"],
            "event_action": action,
            "dedup_key": dedup_key(notice.key if notice.kind is NoticeKind.DIGEST else notice.about),
        }
        return {**event, **_payload(notice, times)} if action == "trigger" else event


def dedup_key(about: str) -> str:
    """The id as it is, or its hash where it is too long for one."""
    return about if len(about) <= LONGEST_KEY else hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()


def _payload(notice: Notice, times: int) -> dict[str, Any]:
    where = address(notice)
    payload = {
        "summary": headline(notice, times, SUMMARY),
        "source": "earshot",
        "severity": SEVERITIES[notice.priority or Priority.NORMAL],
        "timestamp": notice.at.isoformat(),
        "class": notice.kind.value,
        "custom_details": {"lines": lines(notice)},
    }
    payload |= {"component": notice.rule} if notice.rule else {}
    payload |= {"group": notice.team} if notice.team else {}
    return {"payload": payload, "client": "Earshot", **({"links": [{"href": where}]} if where else {})}
