"""Filter patterns of event sources."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.local.patterns import matcher
from infra.local.process import CloudError

OWING = {"dynamodb": {"NewImage": {"owes": {"S": [{"exists": True}]}}}}


def matches(pattern: Any, record: Any) -> bool:
    return matcher({"Filters": [{"Pattern": json.dumps(pattern)}]})(record)


def image(**attributes: Any) -> dict[str, Any]:
    return {"eventName": "INSERT", "dynamodb": {"NewImage": attributes}}


def test_exists_asks_for_the_leaf() -> None:
    assert matches(OWING, image(owes={"S": "crm"}))
    assert not matches(OWING, image(owes={"N": "1"}))
    assert not matches(OWING, image(text={"S": "hello"}))
    assert not matches(OWING, {"eventName": "REMOVE", "dynamodb": {"OldImage": {"owes": {"S": "crm"}}}})


def test_exists_is_false_of_what_is_not_there() -> None:
    pattern = {"dynamodb": {"NewImage": {"owes": {"S": [{"exists": False}]}}}}

    assert matches(pattern, image(text={"S": "hello"}))
    assert not matches(pattern, image(owes={"S": "crm"}))


def test_values_are_equal_only_within_their_type() -> None:
    assert matches({"n": [1]}, {"n": 1})
    assert not matches({"n": [1]}, {"n": True})
    assert not matches({"n": ["1"]}, {"n": 1})


def test_any_choice_of_a_list_and_every_key_of_an_object() -> None:
    pattern = {"eventName": ["INSERT", "MODIFY"], "kind": [{"prefix": "CA"}]}

    assert matches(pattern, {"eventName": "MODIFY", "kind": "CASE"})
    assert not matches(pattern, {"eventName": "REMOVE", "kind": "CASE"})
    assert not matches(pattern, {"eventName": "MODIFY", "kind": "POST"})


def test_anything_but_wants_another_value() -> None:
    pattern = {"eventName": [{"anything-but": ["REMOVE"]}]}

    assert matches(pattern, {"eventName": "INSERT"})
    assert not matches(pattern, {"eventName": "REMOVE"})
    assert not matches(pattern, {})


def test_one_of_several_filters_is_enough() -> None:
    test = matcher({"Filters": [{"Pattern": '{"a": [1]}'}, {"Pattern": '{"b": [2]}'}]})

    assert test({"b": 2})
    assert not test({"b": 1})


def test_without_filters_everything_matches() -> None:
    assert matcher(None)({"eventName": "REMOVE"})


@pytest.mark.parametrize(
    "pattern",
    [
        {"n": [{"numeric": [">", 1]}]},
        {"n": [{"suffix": "x"}]},
        {"$or": [{"a": [1]}]},
        {"n": [{"anything-but": {"prefix": "x"}}]},
        {"n": [{"exists": True, "prefix": "x"}]},
        {"n": "a bare value"},
        {},
    ],
)
def test_what_is_not_evaluated_is_refused_at_the_start(pattern: Any) -> None:
    with pytest.raises(CloudError, match="filter pattern: "):
        matcher({"Filters": [{"Pattern": json.dumps(pattern)}]})
