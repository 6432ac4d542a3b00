"""In whose name the holder of a generic endpoint's secret may speak."""

from __future__ import annotations

import json

import pytest

from chalicelib.config import PlatformSettings
from chalicelib.errors import BadPayload
from chalicelib.platforms import CLASSES
from chalicelib.platforms.cloudevents import CloudEvents
from chalicelib.platforms.generic import Generic
from chalicelib.platforms.standard_webhooks import StandardWebhooks
from tests.contracts.platform_contract import request

POSTS = [{"id": "1", "platform": "forum"}, {"id": "facebook:2", "platform": "facebook"}, {"id": "3"}]
ENVELOPE = {"specversion": "1.0", "source": "/bridge", "id": "1", "type": "post.created", "data": POSTS}


def read(kind: type[Generic], *speaks_for: str) -> list[str]:
    platform = kind(PlatformSettings(speaks_for=frozenset(speaks_for)))
    return [post.id for post in platform.parse(request(json.dumps(ENVELOPE).encode()))]


@pytest.mark.parametrize("kind", [StandardWebhooks, CloudEvents])
def test_for_a_platform_with_an_endpoint_of_its_own_nobody_else_speaks(kind: type[Generic]) -> None:
    with pytest.raises(BadPayload) as told:
        read(kind)

    assert str(told.value).endswith(
        f"data[1].platform: facebook has an endpoint of its own; list it under platforms.{kind.name}.speaks_for"
        " in the settings to let this sender speak for it"
    )
    assert [post.id for post in told.value.posts] == ["forum:1", f"{kind.name}:3"]


@pytest.mark.parametrize("kind", [StandardWebhooks, CloudEvents])
def test_who_is_listed_is_spoken_for(kind: type[Generic]) -> None:
    assert read(kind, "facebook") == ["forum:1", "facebook:2", f"{kind.name}:3"]
    with pytest.raises(BadPayload):
        read(kind, "x", "Facebook")


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_platform_that_we_hear_is_guarded(name: str) -> None:
    body = json.dumps(ENVELOPE | {"data": {"id": "1", "platform": name}}).encode()
    other = StandardWebhooks if name == "cloudevents" else CloudEvents

    with pytest.raises(BadPayload):
        other(PlatformSettings()).parse(request(body))
