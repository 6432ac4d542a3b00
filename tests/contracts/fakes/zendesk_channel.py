"""Zendesk's Channel framework as its reference tells: every external id is imported once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.contracts.fakes.base import Call, FakeCrm, Reply


class Fake(FakeCrm):
    """The resources of one channel, in the order in which they were imported."""

    routes: ClassVar[Mapping[str, str]] = {"POST /api/v2/any_channel/push": "_push", "GET /api/v2/users/me": "_me"}

    def __init__(self) -> None:
        super().__init__()
        self.resources: dict[str, dict[str, Any]] = {}

    @property
    def settings(self) -> dict[str, str]:
        ours = {"email": "intake@acme.example", "token": "made-up", "instance_push_id": "3cf50bb5"}
        return {"url": self.url, **ours}

    def kept(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, resource in self.resources.items():
            text = resource["message"].rsplit("[ref:", 1)[-1].rstrip("]")
            found.setdefault(resource.get("parent_id", key), []).append(text)
        return found

    def own_failure(self, call: Call) -> Reply:
        return self._status("halted", "an earlier resource could not be processed")

    def _push(self, call: Call) -> Reply:
        pushed = json.loads(call.body)
        if pushed["instance_push_id"] != "3cf50bb5":
            return 403, {}, b'{"error":"Forbidden"}'
        resource = pushed["external_resources"][0]
        assert len(resource["external_id"]) <= 255
        assert len(resource["message"]) <= 65535
        if resource["external_id"] in self.resources:
            return self._status("already_imported", "")
        if resource.get("parent_id", resource.get("thread_id")) not in (resource["external_id"], *self.resources):
            return self._status("could_not_locate_parent_external_resource", "no such parent")
        self.resources[resource["external_id"]] = resource
        return self._status("success", "")

    def _me(self, call: Call) -> Reply:
        return 200, {}, b'{"user":{"id":1,"role":"admin"}}'

    def _status(self, code: str, words: str) -> Reply:
        result = {"external_resource_id": "e", "status": {"code": code, "description": words}}
        return 200, {"content-type": "application/json"}, json.dumps({"results": [result]}).encode()
