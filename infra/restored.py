"""The table by either name: the stack's own, or one that was restored from a backup, as a parameter says.

CloudFormation takes a table into a stack only by an import, and no line of the template may name it before; thirty do.
So resources.yaml and the policies say `PostsTable`, and what is deployed says at each of these places: if a restored
one is given, that. The stack's own stays in the stack and is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OWN, CONDITION, PARAMETER = "PostsTable", "TableIsRestored", "RestoredStreamArn"
STREAM = {"Ref": PARAMETER}
# A stream's ARN is arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/TIME. Neither fails where the parameter is empty.
ARN = {"Fn::Select": [0, {"Fn::Split": ["/stream/", STREAM]}]}
NAME = {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Sub": f"${{{PARAMETER}}}/"}]}]}
RESTORED = {"Ref": NAME, "Arn": ARN, "StreamArn": STREAM}


def restorable(template: Mapping[str, Any]) -> dict[str, Any]:
    """The template with every mention of the table in both forms, but for the table itself."""
    own = template["Resources"][OWN]
    told: dict[str, Any] = {key: _either(part) for key, part in template.items()}
    told["Resources"][OWN] = own
    return told


def _either(node: Any) -> Any:
    if isinstance(node, list):
        return [_either(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    if node == {"Ref": OWN}:
        return _chosen("Ref")
    if set(node) == {"Fn::GetAtt"} and (attribute := _attribute(node["Fn::GetAtt"])):
        return _chosen(attribute)
    if set(node) == {"Fn::Sub"} and isinstance(text := node["Fn::Sub"], str):
        return _substituted(text)
    return {key: _either(item) for key, item in node.items()}


def _attribute(of: Any) -> str | None:
    """Which of the table's, None for another resource's."""
    name, _, attribute = (of if isinstance(of, str) else ".".join(of)).partition(".")
    return attribute if name == OWN else None


def _substituted(text: str) -> Any:
    variables = {}
    for kind, written in (("Ref", OWN), ("Arn", f"{OWN}.Arn"), ("StreamArn", f"{OWN}.StreamArn")):
        if f"${{{written}}}" in text:
            text = text.replace(f"${{{written}}}", f"${{The{kind}}}")
            variables[f"The{kind}"] = _chosen(kind)
    return {"Fn::Sub": [text, variables] if variables else text}


def _chosen(kind: str) -> dict[str, Any]:
    own = {"Ref": OWN} if kind == "Ref" else {"Fn::GetAtt": [OWN, kind]}
    return {"Fn::If": [CONDITION, RESTORED[kind], own]}
