"""What names a post, its version and its record in a CRM."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.codec import from_json, to_json
from chalicelib.model import Action, Author, Kind, Post, Priority

MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
POST = Post(
    id="facebook:10_20",
    platform="facebook",
    text="My Acme router is dead",
    created_at=MORNING,
    account_id="10",
    media=("https://acme.example/a.jpg",),
    author=Author(id="7", handle="ana"),
)


@pytest.mark.parametrize(
    "fields",
    [
        {"delivered_at": MORNING + timedelta(minutes=1)},
        {"author": Author()},
        {"permalink": "https://social.example/1"},
        {"kind": Kind.COMMENT},
        {"action": Action.EDIT},
        {"language": "en"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_the_same_content_delivered_again_is_the_same_version(fields: dict[str, Any]) -> None:
    assert replace(POST, **fields).version == POST.version


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "My Acme router works"},
        {"text": None},
        {"media": ()},
        {"rating": 1.0},
        {"edited_at": MORNING + timedelta(minutes=1)},
        {"action": Action.DELETE},
        {"action": Action.HIDE},
    ],
    ids=str,
)
def test_what_changes_the_content_or_takes_it_away_is_another_version(fields: dict[str, Any]) -> None:
    assert replace(POST, **fields).version != POST.version


def test_hiding_deleting_and_showing_again_are_three_versions() -> None:
    versions = {replace(POST, action=action).version for action in (Action.HIDE, Action.UNHIDE, Action.DELETE)}

    assert len(versions) == 3


@pytest.mark.parametrize("text", ["", "🔥", "\ud83d", "\x00", "語" * 100_000])
def test_any_text_has_a_version_and_json_keeps_it(text: str) -> None:
    post = replace(POST, text=text)

    assert len(post.version) == 16
    assert from_json(Post, to_json(post)).version == post.version


def test_the_version_of_a_text_is_fixed_for_ever() -> None:
    assert POST.version == "ad75a41a98d5c564"


def test_the_external_key_is_fixed_for_ever() -> None:
    assert POST.external_key == "47edb567-74d5-51bf-aea7-69bd5a63f911"


@pytest.mark.parametrize(
    "fields", [{"platform": "instagram"}, {"account_id": "11"}, {"account_id": None}, {"id": "facebook:10_21"}], ids=str
)
def test_the_external_key_tells_platforms_accounts_and_posts_apart(fields: dict[str, Any]) -> None:
    assert replace(POST, **fields).external_key != POST.external_key


def test_the_external_key_stays_when_the_post_is_edited() -> None:
    assert replace(POST, text="edited", edited_at=MORNING, action=Action.EDIT).external_key == POST.external_key


@pytest.mark.parametrize("name", ["\ud800", "x" * 100_000, "a:b:c", ""])
def test_any_id_has_an_external_key(name: str) -> None:
    assert len(replace(POST, id=f"facebook:{name}").external_key) == 36


@pytest.mark.parametrize(("id_", "native"), [("x:1", "1"), ("x:a:b", "a:b"), ("x", ""), ("x:", "")])
def test_the_native_id_is_what_follows_the_platform(id_: str, native: str) -> None:
    assert Post(id=id_, platform="x").native_id == native


def test_the_best_known_instant_is_the_edit_then_the_creation_then_the_delivery() -> None:
    edited, delivered = MORNING + timedelta(hours=1), MORNING + timedelta(hours=2)
    full = replace(POST, edited_at=edited, delivered_at=delivered)
    unedited = replace(full, edited_at=None)
    unknown = replace(unedited, created_at=None)

    assert [full.at, unedited.at, unknown.at] == [edited, MORNING, delivered]
    assert [full.is_delivery_time, unedited.is_delivery_time, unknown.is_delivery_time] == [False, False, True]
    assert replace(unknown, delivered_at=None).at is None


@pytest.mark.parametrize(
    ("author", "key"),
    [
        (Author(id="7", handle="ana"), "facebook:7"),
        (Author(handle="ana"), "facebook:ana"),
        (Author(name="Ana"), None),
        (Author(id="", handle=""), None),
    ],
)
def test_an_author_is_known_by_id_else_by_handle_else_not(author: Author, key: str | None) -> None:
    assert replace(POST, author=author).author_key == key


def test_urgent_ranks_first() -> None:
    assert sorted(Priority, key=lambda priority: priority.rank) == ["urgent", "high", "normal", "low"]
