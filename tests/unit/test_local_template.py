"""One template, read as a stack of its own and as what it says of Chalice's functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local import template
from infra.local.process import CloudError

TEXT = """
Parameters: {Patience: {Type: Number, Default: 5}}
Globals: {Function: {Environment: {Variables: {QUEUE: !Ref Queue, SHARED: "1"}}}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: !Ref Patience, QueueName: !Sub "${AWS::StackName}-q"}
  Worker:
    Properties:
      Timeout: 9
      Environment: {Variables: {SHARED: "2", HOST: !Sub "${RestAPI}.example"}}
      Events: {Source: {Properties: {Queue: {"Fn::Sub": "${Queue.Arn}"}, Table: !GetAtt Table.StreamArn}}}
  Table: {Type: "AWS::DynamoDB::Table"}
  Late: {Type: "AWS::CloudWatch::Alarm", Properties: {Dimensions: [{Value: !Ref Worker}]}}
  Later: {Type: "AWS::CloudWatch::Alarm", Properties: {Dimensions: [{Value: !Ref Late}]}}
  Full: {Type: "AWS::CloudWatch::Alarm", Properties: {Dimensions: [{Value: !GetAtt Queue.QueueName}]}}
"""


def test_short_forms_become_long_ones() -> None:
    loaded = template.load(
        "{a: !Ref X, b: !GetAtt X.Y.Z, c: !Sub '${X}', d: !If [C, !Ref X, 1], e: !Not [!Equals [a, b]]}"
    )

    assert loaded == {
        "a": {"Ref": "X"},
        "b": {"Fn::GetAtt": ["X", "Y.Z"]},
        "c": {"Fn::Sub": "${X}"},
        "d": {"Fn::If": ["C", {"Ref": "X"}, 1]},
        "e": {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]},
    }


def test_the_stack_holds_what_does_not_speak_of_chalices_resources() -> None:
    stack = template.standalone(template.load(TEXT))

    assert set(stack["Resources"]) == {"Queue", "Table", "Full"}


def test_every_expression_the_functions_hold_is_asked_of_cloudformation() -> None:
    stack = template.standalone(template.load(TEXT))
    asked = [output["Value"] for output in stack["Outputs"].values()]

    assert {"Ref": "Queue"} in asked
    assert {"Fn::Sub": "${Queue.Arn}"} in asked
    assert {"Fn::GetAtt": ["Table", "StreamArn"]} in asked
    assert {"Fn::Sub": "${RestAPI}.example"} not in asked


def test_a_functions_own_variables_win_over_the_globals() -> None:
    properties = template.function_properties(template.load(TEXT), "Worker")

    assert properties["Timeout"] == 9
    assert properties["Environment"]["Variables"] == {
        "QUEUE": {"Ref": "Queue"},
        "SHARED": "2",
        "HOST": {"Fn::Sub": "${RestAPI}.example"},
    }


def test_references_are_names_of_the_template_and_not_of_aws() -> None:
    node = {"a": {"Fn::Sub": "${AWS::Region}-${Queue.Arn}-${!Kept}"}, "b": [{"Fn::GetAtt": ["Table", "Arn"]}]}

    assert template.references(node) == {"Queue", "Table"}


def test_a_missing_template_is_named() -> None:
    with pytest.raises(CloudError, match=r"nowhere\.yaml is missing"):
        template.read(Path("nowhere.yaml"))


def test_a_laptop_may_wait_shorter_than_aws() -> None:
    seconds = {"Type": "Number", "Default": 180, "MinValue": 180}
    stack = template.standalone({"Parameters": {"Seconds": seconds}, "Resources": {}})

    assert stack["Parameters"] == {"Seconds": {"Type": "Number", "Default": 180}}
    assert seconds["MinValue"] == 180


def test_an_alarm_on_a_share_is_one_on_its_first_figure_for_who_knows_no_metric_math() -> None:
    metric = {"Namespace": "Earshot", "MetricName": "BadSignatures"}
    some = {"Id": "some", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": False}
    share = {"Id": "share", "Expression": "some / 2"}
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [share, some], "Threshold": 0.2}}

    stack = template.standalone({"Resources": {"Share": alarm, "Queue": {"Type": "AWS::SQS::Queue"}}})

    assert stack["Resources"]["Share"]["Properties"] == {"Threshold": 0.2, "Period": 60, "Statistic": "Sum", **metric}
    assert stack["Resources"]["Queue"] == {"Type": "AWS::SQS::Queue"}
