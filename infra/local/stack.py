"""The stack made from infra/resources.yaml: its real names and addresses."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local import template
from infra.local.process import CloudError

NAME = "earshot-local"
QUEUE = "AWS::SQS::Queue"
CHANGING = ("CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS")


@dataclass(frozen=True, slots=True)
class Stack:
    """What CloudFormation made: physical ids by logical name, and the value of every expression in the file."""

    source: Mapping[str, Any]
    ids: Mapping[str, str]
    values: Mapping[str, str]

    def properties(self, function: str) -> dict[str, Any]:
        """What the file says of a function, evaluated."""
        resolved: dict[str, Any] = self._resolve(template.function_properties(self.source, function))
        return resolved

    def of_type(self, kind: str) -> dict[str, str]:
        """Physical ids of one type, such as AWS::SQS::Queue, by logical name."""
        resources = self.source["Resources"]
        return {name: self.ids[name] for name in self.ids if resources[name].get("Type") == kind}

    def _resolve(self, node: Any) -> Any:
        if template.is_expression(node):
            return self.values.get(json.dumps(node, sort_keys=True), node)
        if isinstance(node, Mapping):
            return {key: self._resolve(value) for key, value in node.items()}
        return [self._resolve(item) for item in node] if isinstance(node, list) else node


def create(client: Any, path: Path, parameters: Mapping[str, str]) -> Stack:
    """Make the stack. Raises CloudError with CloudFormation's reasons when it cannot be made."""
    source = template.read(path)
    unknown = parameters.keys() - source.get("Parameters", {}).keys()
    if unknown:
        raise CloudError(f"{path.name} has no parameter {', '.join(sorted(unknown))}")
    body = template.standalone(source)
    client.create_stack(
        StackName=NAME,
        TemplateBody=json.dumps(body),
        Parameters=[{"ParameterKey": key, "ParameterValue": str(value)} for key, value in parameters.items()],
    )
    outputs = {item["OutputKey"]: item["OutputValue"] for item in _wait(client).get("Outputs", [])}
    values = {json.dumps(item["Value"], sort_keys=True): outputs[key] for key, item in body["Outputs"].items()}
    made = client.describe_stack_resources(StackName=NAME)["StackResources"]
    return Stack(source, {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in made}, values)


def _wait(client: Any, seconds: float = 15) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    stack: dict[str, Any] = client.describe_stacks(StackName=NAME)["Stacks"][0]
    while stack["StackStatus"] in CHANGING and time.monotonic() < deadline:
        time.sleep(0.02)
        stack = client.describe_stacks(StackName=NAME)["Stacks"][0]
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise CloudError(f"the stack was not made: {stack['StackStatus']}\n{_reasons(client)}")
    return stack


def _reasons(client: Any) -> str:
    events = client.describe_stack_events(StackName=NAME)["StackEvents"]
    return "\n".join(
        f"{item['LogicalResourceId']}: {item['ResourceStatusReason']}"
        for item in events
        if item.get("ResourceStatusReason")
    )
