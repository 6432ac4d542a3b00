"""Decisions are written small, and read back as they were, whichever way they were written."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import Author, Context, Kind, Post, Saved, Standing
from chalicelib.reading import read
from chalicelib.rulebook import bundle
from chalicelib.stores import items, packing
from chalicelib.stores.packing import pack, unpack

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
UNIT = 1024  # bytes; https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html


@given(st.text(st.characters(codec="utf-8")))
def test_whatever_is_packed_comes_back(text: str) -> None:
    assert unpack(pack(text)) == text or text.startswith(tuple(packing.DICTIONARIES))


@given(st.text(st.characters(codec="utf-8")))
def test_nothing_becomes_longer(text: str) -> None:
    assert len(pack(text)) <= len(text)


def test_what_was_written_before_there_was_packing_is_read() -> None:
    assert unpack('{"outcome":"ignore"}') == '{"outcome":"ignore"}'


def test_what_was_packed_by_the_first_dictionary_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"post_id":"x:1","outcome":"ignore","reason":"no rule"}'
    monkeypatch.setattr(packing, "SIGN", packing.FIRST_SIGN)
    packed = pack(text)
    monkeypatch.undo()

    assert packed.startswith("z1:")
    assert unpack(packed) == text


@pytest.mark.parametrize(
    ("sign", "known"),
    [
        ("z1:", "6762658cb3f71ad773798be35201af1d1f5909293763fe8856c0bf9c03322db1"),
        ("z2:", "202611554635b0bc4f4c394287c18fbf6574269f3312902998b87f129f0c6665"),
    ],
)
def test_a_dictionary_never_changes(sign: str, known: str) -> None:
    """Everything that was ever packed by it is unreadable without it."""
    assert hashlib.sha256(packing.DICTIONARIES[sign]).hexdigest() == known


def test_an_ignored_post_of_usual_length_costs_one_write_unit() -> None:
    text = "Walked past the Acme shop today on my way to the station, and they have quite a nice window this time"
    author = Author("1234567890123456", "kim_k", "Kim K", 120, False)
    post = Post(
        id="x:1234567890123456789",
        platform="x",
        kind=Kind.MENTION,
        text=text,
        language="en",
        created_at=NOW,
        delivered_at=NOW,
        permalink="https://x.com/kim_k/status/1234567890123456789",
        conversation_id="1234567890123456789",
        account_id="7000000000000000001",
        is_self=False,
        author=author,
    )
    decision = bundle.read(engine="plain", sample=0).decide(read(post, Context(now=NOW)))
    item = items.decision_item(Saved(post, decision, Standing()), NOW)
    kept = {name: value for name, value in item.items() if value not in (None, frozenset())}

    assert decision.lines, "rules that nearly matched are told"
    assert sum(len(name) + len(str(value).encode()) for name, value in kept.items()) <= UNIT
