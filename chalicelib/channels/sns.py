"""A topic of Amazon SNS. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html

A FIFO topic takes a notice once within five minutes; any other knows no key.
"""

from __future__ import annotations

from typing import Any

from chalicelib.channels.base import BaseChannel
from chalicelib.channels.wording import headline, text, utf8
from chalicelib.model import Notice
from chalicelib.plain import clean

SUBJECT, BELOW = 99, 200_000  # bytes, of 262,144 with the headline and the attributes


class SnsChannel(BaseChannel):
    """Whoever subscribed to the topic: text messages, mail, queues, functions."""

    kind = "sns"
    required = ("topic",)

    def tell(self, notice: Notice, times: int) -> None:
        """One message, with what a subscription may filter by. Raises Refused, Unavailable, SettingsError."""
        topic = self.settings["topic"]
        arguments: dict[str, Any] = {
            "TopicArn": topic,
            # ASCII alone, without line ends, fewer than 100 characters
            "Subject": headline(notice, times, SUBJECT).encode("ascii", "replace").decode()[:SUBJECT],
            "Message": clean(text(notice, times, BELOW, utf8)),
            "MessageAttributes": _attributes(notice),
        }
        if topic.endswith(".fifo"):
            once = {"MessageDeduplicationId": f"{notice.key}.{times}", "MessageGroupId": "earshot"}
            arguments |= once
        self.call("sns", "publish", arguments)


def _attributes(notice: Notice) -> dict[str, dict[str, str]]:
    priority = notice.priority.value if notice.priority else None
    known = {"kind": notice.kind.value, "priority": priority, "team": notice.team, "rule": notice.rule}
    return {name: {"DataType": "String", "StringValue": value} for name, value in known.items() if value}
