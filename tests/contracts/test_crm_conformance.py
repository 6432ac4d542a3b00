"""What we ask CRMs for, held against their vendors' own descriptions where these stand beside the repository."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from jsonschema import Draft202012Validator

from chalicelib.crm import adapter
from chalicelib.crm.mapping import FieldMapping
from chalicelib.transport import Transport
from tests.contracts.crm_samples import a_case, a_post, an_entry, opened
from tests.contracts.fakes import FAKES
from tests.contracts.fakes.base import Call

SPECS = Path(__file__).parents[2] / ".." / "shared" / "crm-specs"
FIRST, SECOND = a_post(1), a_post(2, "It still smokes 😀")
CASE = a_case(FIRST)
MAPPING = FieldMapping(teams={"product-safety": "360"}, fields={"77": "author handle"})

pytestmark = pytest.mark.skipif(not SPECS.exists(), reason="no vendors' descriptions on this machine")


class PlainYaml(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which a bare `=` is a text, as it is to every reader but PyYAML's."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:value"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@cache
def described(file: str) -> dict[str, Any]:
    """One vendor's description."""
    text = (SPECS / file).read_text("utf-8")
    whole: dict[str, Any] = json.loads(text) if file.endswith(".json") else yaml.load(text, PlainYaml)  # noqa: S506
    return whole


def story(name: str, mapping: FieldMapping) -> list[Call]:
    """Every request of a case that is opened, added to, closed there and opened again."""
    with FAKES[name]() as fake:
        crm = adapter(name)(fake.settings, Transport(name), mapping)
        ref = crm.open_case(CASE, an_entry(FIRST))
        crm.add_to_case(opened(CASE, ref), an_entry(SECOND))
        for kind, status in (("tickets", "solved"), ("cases", "Closed")):
            records = getattr(fake, kind, {})
            for record in records.values() if isinstance(records, dict) else records:
                record["status"] = status
        post = a_post(3, "Anybody?")
        crm.add_to_case(opened(CASE, ref), replace(an_entry(post), reopens=True))
        return list(fake.calls)


def operation(spec: Mapping[str, Any], path: str, method: str) -> Mapping[str, Any] | None:
    """What a description says of a request; None where it has no such path."""
    for template, operations in spec["paths"].items():
        if re.fullmatch(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template)), path):
            found: Mapping[str, Any] = {**operations, **operations.get(method.lower(), {})}
            assert method.lower() in operations, f"{method} {path}"
            return found
    return None


def faults(spec: Mapping[str, Any], asked: Mapping[str, Any], call: Call) -> Iterator[str]:
    """What a description has against a request's body."""
    schema = asked["requestBody"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator({**schema, "components": spec["components"]})
    yield from (f"{call.method} {call.path}: {error.message}" for error in validator.iter_errors(json.loads(call.body)))


@pytest.mark.parametrize(("name", "bodies"), [("zendesk", 4), ("zendesk-channel", 0)])  # pushes: in words, see below
def test_every_request_to_zendesk_is_one_that_it_describes(name: str, bodies: int) -> None:
    spec = described("zendesk/zendesk-min.yaml")
    held = 0
    for call in story(name, MAPPING if name == "zendesk" else FieldMapping()):
        asked = operation(spec, call.path, call.method)
        assert asked is not None, f"{call.method} {call.path}"
        if call.body and "requestBody" in asked:
            assert list(faults(spec, asked, call)) == []
            held += 1

    assert held == bodies


def test_only_what_zendesk_lets_us_write_is_written() -> None:
    ticket = described("zendesk/zendesk-min.yaml")["components"]["schemas"]["TicketObject"]["properties"]
    bodies = [
        json.loads(call.body)["ticket"] for call in story("zendesk", MAPPING) if "/tickets" in call.path and call.body
    ]

    assert len(bodies) == 3
    for name in {name for body in bodies for name in body}:
        assert name in ticket, name
        assert not ticket[name].get("readOnly"), name


def test_a_push_holds_what_zendesks_page_asks_for() -> None:
    page = described("zendesk/zendesk-min.yaml")["paths"]["/api/v2/any_channel/push"]["post"]["description"]
    row = re.compile(r"^\| (\w+) +\| [\w ]+\| +(\d*) *\| (yes|no) ", re.MULTILINE)
    rows = {name: (int(most or 0), must) for name, most, must in row.findall(page.split("#### author object")[0])}
    assert "external_id" in rows

    for call in story("zendesk-channel", FieldMapping()):
        [resource] = json.loads(call.body)["external_resources"]
        assert resource.keys() <= rows.keys()
        assert {name for name, (_, must) in rows.items() if must == "yes"} <= resource.keys()
        assert all(not most or len(resource.get(name, "")) <= most for name, (most, _) in rows.items())


def test_every_body_for_espocrm_is_one_that_it_describes() -> None:
    spec = described("espocrm/spec-docs.json")
    mapping = FieldMapping(teams={"product-safety": "5f1e0c"})
    held = 0
    for call in story("espocrm", mapping):
        path = call.path.removeprefix("/api/v1")
        asked = operation(spec, path, call.method)
        if asked is None:
            assert path == "/Note" or path.endswith("/stream"), path
        elif call.body:
            assert list(faults(spec, asked, call)) == []
            held += 1

    assert held == 2, "a creation and a reopening"


def test_only_what_espocrm_lets_us_write_is_written() -> None:
    case = described("espocrm/spec-docs.json")["components"]["schemas"]["Case"]["properties"]
    calls = story("espocrm", FieldMapping(teams={"product-safety": "5f1e0c"}))
    names = {name for call in calls if call.body and "/Case" in call.path for name in json.loads(call.body)}

    assert names - case.keys() == {"cExternalPostId"}, "but for the field that an administrator adds"
    assert not any(case[name].get("readOnly") for name in names & case.keys())
