"""What Bluesky's frames hold beside posts, and whom a post speaks to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.platforms.bluesky import Bluesky
from tests.contracts.platform_contract import PAYLOADS, SECRET, made, request

FOLDER = PAYLOADS / "bluesky"


def heard(body: Any) -> dict[str, int]:
    return dict(made(Bluesky, SECRET).hear(request(json.dumps(body).encode())).skipped)


@pytest.mark.parametrize(
    ("event", "kind"),
    [("like", "app.bsky.feed.like"), ("account-taken-down", "account"), ("handle-changed", "identity")],
)
def test_what_is_no_post_is_counted_by_its_kind(event: str, kind: str) -> None:
    assert heard(json.loads((FOLDER / f"{event}.json").read_bytes())) == {kind: 1}


def test_a_post_counts_as_nothing_skipped() -> None:
    assert heard(json.loads((FOLDER / "reply.json").read_bytes())) == {}


@pytest.mark.parametrize(
    ("name", "nothing"),
    [("facets", []), ("facets", None), ("langs", []), ("langs", None), ("embed", {}), ("reply", None)],
)
def test_a_record_may_hold_nothing_under_a_name(name: str, nothing: Any) -> None:
    frame = json.loads((FOLDER / "post.json").read_bytes())
    frame["commit"]["record"][name] = nothing

    (post,) = made(Bluesky).parse(request(json.dumps(frame).encode()))

    assert (post.kind, post.text) == ("post", "Der Acme-Router glüht schon wieder 🔥")
