"""infra/resources.yaml read twice over: as a stack of its own, and as what it says of Chalice's functions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.local.process import CloudError

Resources = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!Ref x` is {"Ref": "x"}, `!Sub x` is {"Fn::Sub": "x"}."""


def _short_form(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short_form)


def load(text: str) -> dict[str, Any]:
    """A CloudFormation template with every function in its long form."""
    template: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    return template


def read(path: Path) -> dict[str, Any]:
    """A template file. Raises CloudError when there is none."""
    if not path.is_file():
        raise CloudError(f"{path} is missing: the local cloud is made from it")
    return load(path.read_text())


def fragments(template: Mapping[str, Any]) -> Resources:
    """What only extends resources that Chalice makes: these have no type of their own."""
    return {name: item for name, item in template["Resources"].items() if "Type" not in item}


def standalone(template: Mapping[str, Any]) -> dict[str, Any]:
    """A stack without Chalice: its own resources, less those that speak of Chalice's.

    CloudFormation itself evaluates what the fragments hold (names, addresses): every expression becomes an output.
    Its parameters have no least value: here seconds pass where AWS waits for minutes.
    """
    resources = {name: plain_alarm(item) for name, item in _without_chalice(template).items()}
    known = resources.keys() | template.get("Parameters", {}).keys()
    asked = {key: item for key, item in expressions(_functions(template)).items() if references(item) <= known}
    outputs = {f"Value{number}": {"Value": item} for number, item in enumerate(asked.values())}
    parts = {key: template[key] for key in ("Parameters", "Conditions") if key in template}
    if taken := parts.get("Parameters"):
        free = {name: {key: value for key, value in item.items() if key != "MinValue"} for name, item in taken.items()}
        parts["Parameters"] = free
    return {"AWSTemplateFormatVersion": "2010-09-09", **parts, "Resources": resources, "Outputs": outputs}


def plain_alarm(resource: Mapping[str, Any]) -> dict[str, Any]:
    """A resource as ministack takes it: for an alarm on metric math, which it refuses, one on the first figure, since
    nobody is called by alarms here. Anything else stays as it is."""
    properties = resource.get("Properties", {})
    if not (isinstance(properties, Mapping) and properties.get("Metrics")):
        return dict(resource)
    first = next(each["MetricStat"] for each in properties["Metrics"] if "MetricStat" in each)
    told = {"Period": first["Period"], "Statistic": first["Stat"], **first["Metric"]}
    return {**resource, "Properties": {**{key: item for key, item in properties.items() if key != "Metrics"}, **told}}


def expressions(node: Any) -> dict[str, Any]:
    """Every Ref, Fn::GetAtt and Fn::Sub below a node, by its JSON."""
    return {json.dumps(item, sort_keys=True): item for item in _expressions(node)}


def is_expression(node: Any) -> bool:
    """Something CloudFormation evaluates."""
    return isinstance(node, Mapping) and len(node) == 1 and next(iter(node)) in ("Ref", "Fn::GetAtt", "Fn::Sub")


def references(node: Any) -> set[str]:
    """The logical names a node speaks of, without AWS's own (AWS::Region...)."""
    names = {name for item in _expressions(node) for name in _names(item)}
    return {name for name in names if not name.startswith("AWS::")}


def function_properties(template: Mapping[str, Any], function: str) -> dict[str, Any]:
    """What the file says of one of Chalice's functions, with the globals, as {Timeout, Environment, Events...}."""
    shared = template.get("Globals", {}).get("Function", {})
    own = template["Resources"].get(function, {}).get("Properties", {})
    variables = [part.get("Environment", {}).get("Variables", {}) for part in (shared, own)]
    return {**shared, **own, "Environment": {"Variables": {**variables[0], **variables[1]}}}


def _functions(template: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [function_properties(template, name) for name in fragments(template)]


def _without_chalice(template: Mapping[str, Any]) -> Resources:
    """Its own resources, but for those that speak of what Chalice makes (a role, say), here or by way of another."""
    kept = {name: item for name, item in template["Resources"].items() if "Type" in item}
    parameters = template.get("Parameters", {}).keys()
    while more := {name for name, item in kept.items() if not references(item) <= kept.keys() | parameters}:
        kept = {name: item for name, item in kept.items() if name not in more}
    return kept


def _expressions(node: Any) -> Iterator[Mapping[str, Any]]:
    if is_expression(node):
        yield node
    below = node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
    for item in below:
        yield from _expressions(item)


def _names(expression: Mapping[str, Any]) -> list[str]:
    kind, value = next(iter(expression.items()))
    if kind == "Ref":
        return [str(value)]
    if kind == "Fn::GetAtt":
        return [str(value[0])]
    text = value if isinstance(value, str) else value[0]
    return [name.split(".")[0] for name in re.findall(r"\$\{([^!}][^}]*)\}", text)]
