"""What each function asked of AWS, and what its policy says to that, as IAM would for what our policies use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

from infra.local import template
from infra.package import ROOT
from tests.faults.weather import Weather
from tests.local.aws_proxy import Asked, asked_by

POLICIES = ROOT / ".chalice" / "policies"
SOURCE = template.read(ROOT / "infra" / "resources.yaml")
# IAM knows no other names: a batch, and each action of a transaction, needs the right of its single ones.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
SINGLE = {"SendMessageBatch": "SendMessage", "DeleteMessageBatch": "DeleteMessage"}
TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
# What Lambda does in a function's name before and after it runs.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html and with-ddb.html
POLLS_QUEUE = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
POLLS_STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")


@dataclass(frozen=True, slots=True)
class Done:
    """One action on a resource of the template (`PostsTable`, `PostsTable/index/owing`); of DynamoDB with the key of
    the partition, None where a request names none."""

    action: str
    resource: str
    key: str | None = None


class Witness(Weather):
    """Weather that remembers what was asked, by function."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.done: dict[str, set[Done]] = {}
        self._noting = Lock()

    def ask(self, handler: BaseHTTPRequestHandler, raw: bytes) -> Any:
        """Note it, and hand it on."""
        asked = asked_by(handler, raw)
        with self._noting:
            self.done.setdefault(asked.function, set()).update(actions(asked, raw))
        return super().ask(handler, raw)


def actions(asked: Asked, raw: bytes) -> Iterator[Done]:
    """What one request needs the right for."""
    if asked.service == "dynamodb":
        yield from on_the_table(asked.operation, asked.body)
    elif asked.service == "sqs":
        queue = asked.body["QueueUrl"].rsplit("/", 1)[-1].partition("-")[2]
        yield Done(f"sqs:{SINGLE.get(asked.operation, asked.operation)}", _queue(queue))
    elif asked.service == "secretsmanager":
        yield Done(f"secretsmanager:{asked.operation}", "CompanySettings")
    elif asked.service == "monitoring":  # as CloudWatch is called on the wire; it knows no resources
        yield Done(f"cloudwatch:{asked.operation}", "*")
    else:
        yield Done(f"{asked.service}:{parse_qs(raw.decode()).get('Action', ['?'])[0]}", "?")


def refused(function: str, done: Done) -> bool:
    """Whether the function's policy has no statement that allows it."""
    return not any(_allows(statement, done) for statement in statements(function))


def statements(function: str) -> list[dict[str, Any]]:
    """Of the function's policy."""
    found: list[dict[str, Any]] = json.loads((POLICIES / f"{function}.json").read_text())["Statement"]
    return found


def granted(function: str) -> set[tuple[str, str]]:
    """Every action and resource of its policy."""
    return {
        (action, _name(on)) for item in statements(function) for action in item["Action"] for on in item["Resource"]
    }


def unbound(function: str) -> list[str]:
    """Actions on items of the table that are bound by no keys. No condition binds a Scan, which names none."""
    return [
        f"{item['Sid']}: {action}"
        for item in statements(function)
        for action in item["Action"]
        if "PostsTable" in map(_name, item["Resource"])
        and action != "dynamodb:Scan"
        and not any("dynamodb:LeadingKeys" in condition for condition in item.get("Condition", {}).values())
    ]


def done_by_lambda(function: str, logical: str) -> set[tuple[str, str]]:
    """What Lambda itself needs the function's policy for, by its event sources in the template."""
    found = {(action, f"{logical}Logs") for action in LOGS}
    for event in SOURCE["Resources"][logical]["Properties"].get("Events", {}).values():
        told = event["Properties"]
        if "Queue" in told:
            found |= {(action, _name(told["Queue"])) for action in POLLS_QUEUE}
        if "Stream" in told:
            found |= {(action, "PostsTable/stream") for action in POLLS_STREAM} | {("dynamodb:ListStreams", "*")}
            found.add(("sqs:SendMessage", _name(told["DestinationConfig"]["OnFailure"]["Destination"])))
    return found


def on_the_table(operation: str, body: Any) -> Iterator[Done]:
    """What one request to the table needs the right for."""
    if operation == "TransactWriteItems":
        for action in body["TransactItems"]:
            ((verb, of),) = action.items()
            yield Done(f"dynamodb:{TRANSACTED[verb]}", "PostsTable", _partition(of))
    elif operation == "BatchGetItem":
        for wanted in body["RequestItems"].values():
            yield from (Done("dynamodb:BatchGetItem", "PostsTable", key["pk"]["S"]) for key in wanted["Keys"])
    else:
        index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
        yield Done(f"dynamodb:{operation}", f"PostsTable{index}", None if index else _partition(body))


def _partition(body: Mapping[str, Any]) -> str | None:
    """The partition's key: of an item, of a key, or as a query's condition names it first."""
    held = body.get("Key") or body.get("Item")
    if held:
        return str(held["pk"]["S"])
    if "KeyConditionExpression" not in body:
        return None  # a scan
    name = body["KeyConditionExpression"].replace("=", " ").split()[1]
    return str(body["ExpressionAttributeValues"][name]["S"])


def _allows(statement: Mapping[str, Any], done: Done) -> bool:
    if done.action not in statement["Action"] or done.resource not in map(_name, statement["Resource"]):
        return False
    for how, condition in statement.get("Condition", {}).items():
        ((what, patterns),) = condition.items()
        if not how.startswith("ForAllValues:String") or what != "dynamodb:LeadingKeys":
            raise AssertionError(f"{how} {what}: this page does not know what IAM says to that")
        like = fnmatchcase if how.endswith("Like") else str.__eq__
        if done.key is not None and not any(like(done.key, pattern) for pattern in patterns):
            return False  # ForAllValues is true of a request that names no key
    return True


def _name(resource: Any) -> str:
    """A policy's or the template's resource in our words."""
    if isinstance(resource, str):
        return resource
    ((kind, of),) = resource.items()
    if kind == "Ref":
        return str(of)
    if kind == "Fn::GetAtt":
        return f"{of[0]}/stream" if of[1] == "StreamArn" else str(of[0])
    text = of if isinstance(of, str) else of[0]
    return str(text).replace("${", "").replace(".Arn}", "").replace("}", "")


def _queue(name: str) -> str:
    """By its name in the template: `local-posts.fifo` is PostsQueue."""
    for logical, item in SOURCE["Resources"].items():
        if item.get("Type") == "AWS::SQS::Queue":
            told = item["Properties"]["QueueName"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
            if name.endswith(f"local-{told}"):
                return str(logical)
    return f"?{name}"


def policies() -> list[str]:
    """Functions that have one."""
    return sorted(path.stem for path in Path(POLICIES).glob("*.json"))
