"""Where the template names the table: the stack's own, or a restored one."""

from __future__ import annotations

from typing import Any

import pytest

from infra.restored import ARN, NAME, STREAM, restorable

TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {"Note": {"Ref": "PostsTable"}}}


def either(node: Any) -> Any:
    told = restorable({"Resources": {"PostsTable": TABLE, "Other": {"Properties": {"Of": node}}}})
    assert told["Resources"]["PostsTable"] == TABLE
    return told["Resources"]["Other"]["Properties"]["Of"]


@pytest.mark.parametrize(
    ("own", "restored"),
    [
        ({"Ref": "PostsTable"}, NAME),
        ({"Fn::GetAtt": ["PostsTable", "Arn"]}, ARN),
        ({"Fn::GetAtt": ["PostsTable", "StreamArn"]}, STREAM),
    ],
)
def test_a_mention_of_the_table_is_of_the_restored_one_where_there_is_one(own: Any, restored: Any) -> None:
    assert either(own) == {"Fn::If": ["TableIsRestored", restored, own]}
    assert either([{"deep": own}]) == [{"deep": {"Fn::If": ["TableIsRestored", restored, own]}}]


def test_within_a_text_it_is_a_variable_of_the_text() -> None:
    own = {"Fn::GetAtt": ["PostsTable", "Arn"]}

    assert either({"Fn::Sub": "${PostsTable.Arn}/index/owing of ${AWS::StackName}"}) == {
        "Fn::Sub": ["${TheArn}/index/owing of ${AWS::StackName}", {"TheArn": {"Fn::If": ["TableIsRestored", ARN, own]}}]
    }


@pytest.mark.parametrize(
    "other",
    ["PostsTable", {"Ref": "PostsQueue"}, {"Fn::GetAtt": ["PostsQueue", "Arn"]}, {"Fn::Sub": "${PostsQueue}"}, 3],
)
def test_what_is_not_the_table_stays(other: Any) -> None:
    assert either(other) == other
