"""Every value of the model survives JSON, and no JSON does more than be refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import model
from chalicelib.codec import from_json, instant, to_json
from chalicelib.errors import BadPayload

KINDS: list[type[Any]] = [
    model.Author,
    model.Post,
    model.LineAnswer,
    model.RuleTrace,
    model.Recommendation,
    model.Case,
    model.OpenCase,
    model.Standing,
    model.Delivery,
    model.Context,
]
WHOLES: list[type[Any]] = [
    model.Decision,
    model.Entry,
    model.Saved,
    model.Recorded,
]  # made of the others, and slow to make up
CENTURY = timedelta(days=36500)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(timedelta, st.timedeltas(-CENTURY, CENTURY))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False, max_value=1e299, min_value=-1e299))
st.register_type_strategy(str, st.text(st.characters(), max_size=8))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(sorted({n for k in [*KINDS, *WHOLES] for n in k.__dataclass_fields__})), inner, max_size=6
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_value_of_the_model_comes_back_from_its_json(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))

    assert from_json(kind, json.loads(json.dumps(to_json(value)))) == value


@pytest.mark.thorough
@pytest.mark.parametrize("kind", WHOLES, ids=lambda kind: kind.__name__)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_every_value_made_of_others_comes_back_from_its_json(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))

    assert from_json(kind, json.loads(json.dumps(to_json(value)))) == value


@pytest.mark.thorough
@settings(max_examples=100, deadline=None)
@given(kind=st.sampled_from([*KINDS, *WHOLES]), value=json_values)
def test_any_json_is_a_value_or_a_bad_payload(kind: type[Any], value: Any) -> None:
    try:
        found = from_json(kind, value)
    except BadPayload:
        return

    assert isinstance(found, kind)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (model.Post, {"rating": float("nan")}),
        (model.Post, {"rating": float("inf")}),
        (model.Post, {"rating": 10**400}),
        (model.Post, {"text": 10**5000}),
        (model.Post, {"created_at": "0001-01-01T00:00:00+23:00"}),
        (model.Post, {"created_at": 5}),
        (model.Post, {"kind": ["mention"]}),
        (model.Post, {"action": {}}),
        (model.Post, {"media": "https://acme.example/a.jpg"}),
        (model.Post, {"author": []}),
        (model.Decision, {"keep_for": 1e20}),
        (model.Decision, {"lines": [None]}),
    ],
)
def test_a_value_that_does_not_fit_is_told_by_its_place(kind: type[Any], fields: dict[str, Any]) -> None:
    needed = {"id": "x:1", "platform": "x", "post_id": "x:1", "post_version": "1", "outcome": "ignore", "reason": "r"}

    with pytest.raises(BadPayload, match=f"^here.{next(iter(fields))}.*: expected"):
        from_json(kind, {**needed, **fields}, "here")


def test_a_refusal_quotes_nothing_of_what_a_person_wrote() -> None:
    with pytest.raises(BadPayload) as raised:
        from_json(model.Post, {"id": "x:1", "platform": "x", "author": {"id": "1", "followers": "my secret"}})

    assert str(raised.value) == "author.followers: expected a whole number"


def test_what_is_missing_is_named() -> None:
    with pytest.raises(BadPayload, match=r"^post\.id: is missing$"):
        from_json(model.Post, {"platform": "x"}, "post")


def test_the_unknown_is_left_out() -> None:
    assert to_json(model.Post(id="x:1", platform="x")) == {
        "id": "x:1",
        "platform": "x",
        "action": "create",
        "author": {},
    }


def test_ids_may_come_as_numbers_and_unknown_keys_are_ignored() -> None:
    post = from_json(model.Post, {"id": 12, "platform": "x", "invented": [1]})

    assert post == model.Post(id="12", platform="x")


@pytest.mark.parametrize(
    "text", ["2026-03-02T08:30:00Z", "2026-03-02T19:30:00+11:00", "2026-03-02T08:30:00", "2026-03-02T08:30:00.000Z"]
)
def test_every_way_to_write_an_instant_is_the_same_instant(text: str) -> None:
    assert instant(text) == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert instant(text).tzinfo is UTC


def test_times_are_written_in_utc_and_durations_in_seconds() -> None:
    sydney = timezone(timedelta(hours=11))

    assert to_json(datetime(2026, 3, 2, 19, 30, tzinfo=sydney)) == "2026-03-02T08:30:00Z"
    assert to_json(timedelta(days=1, microseconds=500_000)) == 86400.5
    assert to_json(frozenset({"b", "a"})) == ["a", "b"]
    assert to_json({"priority": model.Priority.HIGH}) == {"priority": "high"}
