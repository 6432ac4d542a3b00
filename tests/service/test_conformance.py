"""Deliveries from the field, where the folder with them stands beside the repository, through the running service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.model import Action, Kind, Post, Recorded
from chalicelib.platforms import PLATFORMS
from chalicelib.ports.platform import WebhookRequest
from tests.contracts.test_platform_conformance import FIELD, NO_POST, expected, field, said
from tests.service.conftest import Service, platform

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(not FIELD.exists(), reason="no deliveries from the field on this machine"),
]


@dataclass(frozen=True)
class Delivery:
    """A body, and what its list says of each post in it."""

    name: str
    body: bytes
    words: list[dict[str, Any]]

    @property
    def deletes(self) -> bool:
        return any(words["action"] == Action.DELETE for words in self.words)

    def posts(self) -> list[Post]:
        """What the platform reads: only ids and versions are taken from it."""
        return platform(self.name).parse(WebhookRequest("POST", {}, {}, self.body, datetime.now(UTC)))


def deliveries() -> list[Delivery]:
    records = [record for record in field("expected.json") if record["platform"] in PLATFORMS]
    return [
        Delivery(
            record["platform"],
            (FIELD / record["file"]).read_bytes(),
            [expected(post) for post in record["expect"] if post["action"] not in NO_POST],
        )
        for record in sorted(records, key=lambda record: str(record["file"]))
    ]


def tell(service: Service, told: list[Delivery]) -> dict[tuple[str, str], dict[str, Any]]:
    """Send them; what must be found by id and version: of the same version sent twice, the first stands."""
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    for delivery in told:
        assert service.deliver(delivery.name, delivery.body).status == platform(delivery.name).taken.status
        for post, words in zip(delivery.posts(), delivery.words, strict=True):
            assert post.id == f"{delivery.name}:{words['post_id']}"
            wanted.setdefault((post.id, post.version), words)
    service.cloud.drain()
    return wanted


def kept(service: Service, post_id: str, version: str) -> Recorded:
    """What the table keeps of one version, which must be there."""
    recorded = service.parts.store.record(post_id, version)
    assert recorded is not None, f"{post_id} is lost"
    return recorded


def test_every_delivery_from_the_field_is_kept_as_its_list_says_and_deletions_leave_no_text(service: Service) -> None:
    service.take_parked()
    told = deliveries()
    wanted = tell(service, [delivery for delivery in told if not delivery.deletes])

    for (post_id, version), words in wanted.items():
        recorded = kept(service, post_id, version)
        read = said(recorded.post)
        assert read | {"edited_at": words["edited_at"]} == words
        assert words["edited_at"] in (None, read["edited_at"])  # the list tells it of one platform only
        again = sum(other == post_id for other, _ in wanted) > 1  # the field's samples share some ids
        stopped = guard(words, recorded.post)
        assert recorded.decision.guard in {stopped, "superseded" if again else stopped}, post_id
    assert len(wanted) > 15
    deleted = tell(service, [delivery for delivery in told if delivery.deletes])

    deleted = {key: words for key, words in deleted.items() if words["action"] == Action.DELETE}
    for (post_id, version), words in deleted.items():
        recorded = kept(service, post_id, version)
        assert said(recorded.post) == words | {"text": None, "media": []}
        assert recorded.decision.guard == "deleted"
        assert all(earlier.post.text is None for earlier in service.parts.store.recorded(post_id))
    assert len(deleted) >= 3
    assert service.take_parked() == []
    assert service.left_over() == {}


def guard(words: dict[str, Any], post: Post) -> str | None:
    """What stops a post of the field before the rules; all of them are either ours, moderated, or of some years ago."""
    if words["action"] in (Action.HIDE, Action.UNHIDE):
        return "moderated by us"
    if words["is_self"]:
        return "own account"
    if words["kind"] == Kind.POSTBACK:
        return "postback"
    return "too old" if post.at and (datetime.now(UTC) - post.at).days >= 14 else None
