"""Slack, a Teams workflow and PagerDuty for tests: each takes what its vendor's pages say and refuses the rest."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.contracts.fakes.base import Call, FakeCrm, Reply


class FakeChannel(FakeCrm):
    """What all three have: a JSON body, or it is refused."""

    path = "/"
    kind = ""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Any] = []

    @property
    def settings(self) -> dict[str, str]:
        return {"url": f"{self.url.rstrip('/')}{self.path}"}

    def respond(self, call: Call) -> Reply:
        if (call.method, call.path) != ("POST", self.path):
            return 404, {}, b"no_service"
        if call.headers.get("content-type", "").split(";")[0] != "application/json":
            return self.refuse("not JSON")
        wrong = self.wrong(json.loads(call.body), call)
        return self.refuse(wrong) if wrong else self.take(json.loads(call.body))

    def wrong(self, body: Any, call: Call) -> str | None:
        """Why it is not taken."""
        raise NotImplementedError

    def take(self, body: Any) -> Reply:
        """Keep it."""
        self.messages.append(body)
        return 200, {}, b"ok"

    def refuse(self, why: str) -> Reply:
        """As the vendor says it."""
        return 400, {}, why.encode()

    @property
    def texts(self) -> list[str]:
        """Everything that people read, message by message."""
        return [json.dumps(message, ensure_ascii=False) for message in self.messages]


class FakeSlack(FakeChannel):
    """https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""

    path = "/services/T000/B000/made-up"
    kind = "slack"

    def wrong(self, body: Any, call: Call) -> str | None:
        if not isinstance(body.get("text"), str) or not body["text"] or len(body["text"]) > 40_000:
            return "missing_text_or_fallback_or_attachments"
        blocks = body.get("blocks", [])
        if body.keys() - {"text", "blocks"} or len(blocks) > 50 or not all(map(_is_block, blocks)):
            return "invalid_blocks"
        if sum(len(block["text"]["text"]) for block in blocks) > 12_000:
            return "msg_blocks_too_long"
        return None


def _is_block(block: Any) -> bool:
    text = block.get("text", {})
    kinds = {"header": ("plain_text", 150), "section": ("mrkdwn", 3000)}
    if block.keys() != {"type", "text"} or block["type"] not in kinds:
        return False
    of_kind, most = kinds[block["type"]]
    if text.keys() != {"type", "text"} | ({"verbatim"} if of_kind == "mrkdwn" else set()):
        return False
    if of_kind == "mrkdwn" and text["verbatim"] is not True:  # @here and #general would be mentions
        return False
    # `<!channel>`, `<@U1>` and `<https://a|b>` must not come out of what a stranger wrote; an address of ours may.
    bare = re.sub(r"^<https?://[^<>|\s]+>$", "", text["text"], flags=re.MULTILINE)
    halved = re.search(r"&(?!amp;|lt;|gt;)", bare)
    marked = of_kind == "mrkdwn" and ("<" in bare or ">" in bare or halved is not None)
    return text["type"] == of_kind and 0 < len(text["text"]) <= most and not marked


class FakeTeams(FakeChannel):
    """A workflow of Power Automate that posts the cards it is handed: it answers 202 before it has."""

    path = "/workflows/made-up/triggers/manual/paths/invoke"
    kind = "teams"

    @property
    def settings(self) -> dict[str, str]:
        return {"url": f"{self.url.rstrip('/')}{self.path}?api-version=1&sig=made-up"}

    def wrong(self, body: Any, call: Call) -> str | None:
        if call.query.get("sig") != "made-up":
            return "DirectApiAuthorizationRequired"
        if len(call.body) > 28 * 1024 or body.keys() != {"type", "attachments"} or body["type"] != "message":
            return "TriggerInputSchemaMismatch"
        return None if all(map(_is_card, body["attachments"])) else "TriggerInputSchemaMismatch"

    def take(self, body: Any) -> Reply:
        super().take(body)
        return 202, {}, b""


def _is_card(attachment: Any) -> bool:
    card = attachment["content"]
    # A text block reads a part of Markdown: `[words](address)` would be a stranger's link under other words.
    linked = [block for block in card["body"] if "](" in block["text"].replace("\\\\", "").replace("\\]", "")]
    blocks = not linked and all(block["type"] == "TextBlock" and block["text"] for block in card["body"])
    opens = all(action["type"] == "Action.OpenUrl" and action["url"] for action in card.get("actions", []))
    is_one = attachment["contentType"] == "application/vnd.microsoft.card.adaptive" and attachment["contentUrl"] is None
    is_made = card["type"] == "AdaptiveCard" and card["version"] <= "1.5" and bool(card["body"])
    return is_one and is_made and blocks and opens


@dataclass
class Alert:
    """One alert as PagerDuty keeps it."""

    status: str
    summary: str
    log: list[str] = field(default_factory=list)


class FakePagerDuty(FakeChannel):
    """https://developer.pagerduty.com/docs/send-alert-event: one alert a key, until it is resolved."""

    path = "/v2/enqueue"
    kind = "pagerduty"
    key = "0123456789abcdef0123456789abcdef"
    top = frozenset({"routing_key", "event_action", "dedup_key", "payload", "links", "client"})
    details = frozenset({"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"})

    def __init__(self) -> None:
        super().__init__()
        self.alerts: dict[str, list[Alert]] = {}

    @property
    def settings(self) -> dict[str, str]:
        return {**super().settings, "routing_key": self.key}

    def wrong(self, body: Any, call: Call) -> str | None:
        if body.keys() - self.top or len(body["routing_key"]) != 32:
            return "Length of 'routing_key' is incorrect (should be 32 characters)"
        if not 0 < len(body["dedup_key"]) <= 255 or body["event_action"] not in ("trigger", "acknowledge", "resolve"):
            return "dedup_key"
        return self._wrong_payload(body["payload"]) if body["event_action"] == "trigger" else None

    def _wrong_payload(self, payload: Any) -> str | None:
        datetime.fromisoformat(payload["timestamp"])
        if payload.keys() - self.details or not 0 < len(payload["summary"]) <= 1024 or not payload["source"]:
            return "payload"
        return None if payload["severity"] in ("critical", "error", "warning", "info") else "severity"

    def take(self, body: Any) -> Reply:
        self.messages.append(body)
        known = self.alerts.setdefault(body["dedup_key"], [])
        is_open = bool(known) and known[-1].status != "resolved"
        if body["event_action"] == "trigger" and not is_open:
            known.append(Alert("triggered", body["payload"]["summary"]))
        elif is_open:
            self._go_on(known[-1], body)
        said = {"status": "success", "message": "Event processed", "dedup_key": body["dedup_key"]}
        return 202, {}, json.dumps(said).encode()

    def _go_on(self, alert: Alert, body: Any) -> None:
        if body["event_action"] == "trigger":
            alert.log.append(body["payload"]["summary"])
        else:
            alert.status = f"{body['event_action']}d"

    def refuse(self, why: str) -> Reply:
        said = {"status": "invalid event", "message": "Event object is invalid", "errors": [why]}
        return 400, {}, json.dumps(said).encode()


CHANNELS = (FakeSlack, FakeTeams, FakePagerDuty)
