"""CloudFormation, step by step: changes that people can read first, then what happens while they are carried out."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")  # roles; Chalice's template is a SAM one
POLL_SECONDS = 2.0
# What cannot be made again from the template. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
KEEPS = frozenset(
    {"AWS::DynamoDB::Table", "AWS::SecretsManager::Secret", "AWS::SQS::Queue", "AWS::KMS::Key", "AWS::S3::Bucket"}
)
UNCHANGED = ("didn't contain changes", "No updates are to be performed")

Say = Callable[[str], object]


class DeployError(Exception):
    """Nothing more is done; the message says what is there now, and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """What CloudFormation would do to one resource."""

    action: str
    name: str
    kind: str
    replaced: bool = False

    @property
    def loses(self) -> bool:
        """Whether what it holds would be gone, or left behind under another name."""
        return self.kind in KEEPS and (self.action == "Remove" or self.replaced)

    def __str__(self) -> str:
        how = "replace" if self.replaced else self.action.lower()
        return f"{how:<8} {self.kind:<36} {self.name}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stack as it should be: its template (TemplateURL or TemplateBody), and the parameters that are not to stay as
    they are."""

    name: str
    template: Mapping[str, str]
    takes: frozenset[str] = frozenset()  # the template's parameters
    parameters: Mapping[str, str] = field(default_factory=dict)


class Stacks:
    """The stacks of one account and region. Every method raises DeployError."""

    def __init__(self, client: Any, say: Say, poll_seconds: float = POLL_SECONDS) -> None:
        self.client = client
        self.say = say
        self.poll_seconds = poll_seconds

    def find(self, name: str) -> dict[str, Any] | None:
        """A stack as it is; None when there is none."""
        try:
            found: dict[str, Any] = self.client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise _told(error) from error
        return None if found["StackStatus"] == "DELETE_COMPLETE" else found

    def draw(self, wanted: Wanted) -> ChangeSet | None:
        """What would change; None when nothing would."""
        there = self._usable(wanted.name)
        new = there is None or there["StackStatus"] == "REVIEW_IN_PROGRESS"
        name = f"earshot-{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
        known = set() if new else {item["ParameterKey"] for item in (there or {}).get("Parameters", [])}
        try:
            self.client.create_change_set(
                StackName=wanted.name,
                ChangeSetName=name,
                ChangeSetType="CREATE" if new else "UPDATE",
                **wanted.template,
                Capabilities=list(CAPABILITIES),
                Parameters=_parameters(wanted.parameters, known & wanted.takes),
            )
        except ClientError as error:
            raise _told(error) from error
        drawn = ChangeSet(self, wanted.name, name, new)
        return drawn if drawn.is_ready() else None

    def events(self, name: str, seen: set[str]) -> list[dict[str, Any]]:
        """What happened to a stack and is not among those seen, oldest first."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=name)
        new: list[dict[str, Any]] = []
        for page in pages:
            fresh = [event for event in page["StackEvents"] if event["EventId"] not in seen]
            new += fresh
            if len(fresh) < len(page["StackEvents"]):
                break
        seen |= {event["EventId"] for event in new}
        return new[::-1]

    def _usable(self, name: str) -> dict[str, Any] | None:
        there = self.find(name)
        status = there["StackStatus"] if there else ""
        if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"):
            raise DeployError(
                f"{name} is {status}: its first deployment failed, and CloudFormation can only delete it. Delete the "
                "stack (what it was to keep stays), and deploy again"
            )
        if status == "UPDATE_ROLLBACK_FAILED":
            raise DeployError(f"{name} is {status}: continue its roll-back in CloudFormation first")
        if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
            raise DeployError(f"{name} is {status}: another deployment is under way; wait until it has ended")
        return there


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What CloudFormation would do, and does when it is told to."""

    stacks: Stacks
    stack: str
    name: str
    new: bool

    def is_ready(self) -> bool:
        """Wait until it is drawn; False when it holds no change. Raises DeployError with CloudFormation's words."""
        while (told := self._describe())["Status"] in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            time.sleep(self.stacks.poll_seconds)
        if told["Status"] != "FAILED":
            return True
        why = told.get("StatusReason", "")
        self.discard()
        if any(words in why for words in UNCHANGED):
            return False
        raise DeployError(f"CloudFormation does not take the template for {self.stack}: {why}")

    def changes(self) -> list[Change]:
        """One for each resource."""
        asked = {"StackName": self.stack, "ChangeSetName": self.name}
        pages = self._client.get_paginator("describe_change_set").paginate(**asked)
        return [_change(change["ResourceChange"]) for page in pages for change in page["Changes"]]

    def parameters(self) -> dict[str, str]:
        """The template's parameters as they would be: those given, those kept, and the defaults of the others."""
        return {item["ParameterKey"]: item.get("ParameterValue", "") for item in self._describe().get("Parameters", [])}

    def discard(self) -> None:
        """Leave everything as it is; a stack that was begun for it goes too."""
        if self.new:
            self._client.delete_stack(StackName=self.stack)
        else:
            self._client.delete_change_set(StackName=self.stack, ChangeSetName=self.name)

    def carry_out(self) -> dict[str, str]:
        """Do it, and tell each step; the stack's outputs. Raises DeployError with what failed first."""
        seen: set[str] = set()
        self.stacks.events(self.stack, seen)
        self._client.execute_change_set(StackName=self.stack, ChangeSetName=self.name)
        failed: list[str] = []
        while (status := self._step(seen, failed)).endswith("IN_PROGRESS"):
            time.sleep(self.stacks.poll_seconds)
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise DeployError("\n  ".join([f"{self.stack} is {status}; what failed, first things first:", *failed]))
        there = self.stacks.find(self.stack) or {}
        return {item["OutputKey"]: item["OutputValue"] for item in there.get("Outputs", [])}

    def _step(self, seen: set[str], failed: list[str]) -> str:
        """Tell what has happened since, and gather what failed; the status before that look."""
        there = self.stacks.find(self.stack)
        for event in self.stacks.events(self.stack, seen):
            self.stacks.say(_line(event))
            if event["ResourceStatus"].endswith("_FAILED"):
                failed.append(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}")
        return str(there["StackStatus"]) if there else "DELETED"

    @property
    def _client(self) -> Any:
        return self.stacks.client

    def _describe(self) -> dict[str, Any]:
        try:
            told: dict[str, Any] = self._client.describe_change_set(StackName=self.stack, ChangeSetName=self.name)
        except ClientError as error:
            raise _told(error) from error
        return told


def _parameters(given: Mapping[str, str], known: Collection[str]) -> list[dict[str, Any]]:
    """Those given, and for the others what the stack has now."""
    kept = [{"ParameterKey": key, "UsePreviousValue": True} for key in sorted(known) if key not in given]
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(given.items())] + kept


def _change(item: Mapping[str, Any]) -> Change:
    replaced = item.get("Replacement") in ("True", "Conditional")
    return Change(item["Action"], item["LogicalResourceId"], item["ResourceType"], replaced)


def _line(event: Mapping[str, Any]) -> str:
    at = event["Timestamp"].strftime("%H:%M:%S")
    why = f"  {event['ResourceStatusReason']}" if event.get("ResourceStatusReason") else ""
    return f"{at}  {event['ResourceStatus']:<28} {event['ResourceType']:<36} {event['LogicalResourceId']}{why}"


def _told(error: ClientError) -> DeployError:
    code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    return DeployError(f"CloudFormation: {code}: {message}")
