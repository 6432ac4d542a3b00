"""The small parts under the stores: keys that fit, texts that fit, and the order of what is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model import Post
from chalicelib.stores import keys
from chalicelib.stores.attributes import Plain, json_text, plain, stamp, typed
from chalicelib.stores.fitting import MESSAGE_BYTES, cut, queueable

texts = st.text(st.characters(), max_size=40)
long_texts = st.builds(lambda text, times: text * times, texts, st.integers(1, 200))


@settings(max_examples=60, deadline=None)
@given(name=long_texts)
def test_every_key_fits_and_says_what_it_is(name: str) -> None:
    for partition, sort in (keys.version(name, name), keys.author(name), keys.delivery(name, name), keys.case(name)):
        assert len(partition.encode()) <= 2048
        assert len(sort.encode()) <= 1024
        assert partition.startswith(("POST", "AUTHOR", "CASE"))


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(names=st.lists(long_texts, min_size=2, max_size=2, unique=True))
def test_different_ids_have_different_keys(names: list[str]) -> None:
    first, second = names

    assert keys.head(first) != keys.head(second)
    assert keys.version("x:1", first) != keys.version("x:1", second)


def test_no_id_can_be_chosen_to_meet_the_hash_of_another() -> None:
    hashed, _ = keys.head("x" * 5000)
    _, _, digest = hashed.partition("~")

    assert keys.head(digest)[0] != hashed
    assert keys.head(f"~{digest}")[0] != hashed


def test_sequences_too_long_for_a_key_keep_their_order() -> None:
    sequences = [f"{number:010d}.{'x' * 2000}" for number in range(20)]

    assert [keys.delivery("c", s) for s in sequences] == sorted(keys.delivery("c", s) for s in sequences)


def test_cases_spread_over_all_partitions_of_what_is_owed() -> None:
    assert {keys.owes(f"case-{number}") for number in range(200)} == set(keys.owing())


@settings(max_examples=60, deadline=None)
@given(text=long_texts, limit=st.integers(100, 600))
def test_a_cut_text_fits_begins_alike_and_tells_its_length(text: str, limit: int) -> None:
    found = cut(text, limit)

    assert len(json.dumps(found)) <= limit
    if found != text:
        kept, _, mark = found.rpartition(" [cut: ")
        assert text.startswith(kept)
        assert mark.startswith(f"{len(text)} characters, sha256 ")


def test_two_long_ids_that_begin_alike_stay_two() -> None:
    assert cut("x" * 9000 + "a", 256) != cut("x" * 9000 + "b", 256)


def test_a_post_of_common_size_is_queued_as_it_is() -> None:
    post = Post(id="x:1", platform="x", text="My Acme router is dead " * 500)

    assert queueable(post) is post


def test_what_was_cut_once_is_not_cut_again() -> None:
    post = queueable(Post(id="x:1", platform="x", text="🔥" * 500_000, quoted_text="q" * 500_000))

    assert queueable(post) == post
    assert len(json.dumps(post.text)) <= 64 * 1024
    assert len(json.dumps([post.text, post.quoted_text])) < MESSAGE_BYTES


@settings(max_examples=60, deadline=None)
@given(text=texts)
def test_json_text_is_utf_8_and_reads_back_as_the_same_text(text: str) -> None:
    found = json_text([text])

    assert json.loads(found.encode().decode()) == json.loads(json.dumps([text]))


def test_an_attribute_without_utf_8_is_mended() -> None:
    assert typed({"words": "a\ud800b"}) == {"words": {"S": "a\ufffdb"}}


def test_values_come_back_from_their_attributes_and_nothing_is_left_out_but_nothing() -> None:
    values: dict[str, Plain | None] = {
        "text": "",
        "count": -3,
        "no": False,
        "yes": True,
        "names": frozenset({"a", "b"}),
    }

    assert plain(typed({**values, "none": None, "empty": frozenset()})) == values


def test_stamps_sort_as_the_instants_do() -> None:
    start = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    moments = [start + timedelta(microseconds=step) for step in (0, 1, 500_000, 999_999, 1_000_000)]

    assert [stamp(moment) for moment in moments] == sorted(stamp(moment) for moment in moments)


@pytest.mark.parametrize("limit", [256, 8192, 64 * 1024])
@pytest.mark.parametrize("letter", ["a", "é", "🔥", "\x00", "\ud800"])
def test_as_much_as_fits_is_kept(letter: str, limit: int) -> None:
    kept = cut(letter * 100_000, limit)

    assert limit - 12 < len(json.dumps(kept)) <= limit
