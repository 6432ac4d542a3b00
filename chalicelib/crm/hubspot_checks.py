"""What `earshot crm check hubspot` looks at: the token, the properties and the stages that Earshot goes by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from chalicelib.crm.findings import Look
from chalicelib.crm.hubspot_rest import HubSpotRest, Thing
from chalicelib.crm.mapping import FieldMapping
from chalicelib.model import Finding

UNIQUE = "make a text property that requires unique values, by the properties API (hasUniqueValue: true)"


def looks(rest: HubSpotRest, settings: Mapping[str, str], mapping: FieldMapping) -> Iterator[tuple[str, Look]]:
    """Each look with its name."""
    own = sorted({*mapping.fields, *mapping.always})
    yield "the token sees tickets' properties", partial(_properties, rest, "tickets", settings["key_property"], own)
    yield "the token sees notes' properties", partial(_properties, rest, "notes", settings["entry_key_property"])
    if mapping.recommendation == "task":
        yield "the token sees tasks' properties", partial(_properties, rest, "tasks", settings["key_property"])
    yield "the token sees the pipelines of tickets", lambda: _stages(rest, settings)
    if handle := settings["handle_property"]:
        yield "the token sees contacts' properties", partial(_properties, rest, "contacts", handle)


def _properties(rest: HubSpotRest, kind: str, unique: str, own: Collection[str] = ()) -> Iterator[Finding]:
    found = {one["name"]: one for one in rest.listed(f"/crm/v3/properties/{kind}")}
    is_unique = bool(found.get(unique, {}).get("hasUniqueValue"))
    yield Finding(f"{kind} have the unique property {unique}", is_unique, UNIQUE)
    for name in own:
        yield Finding(f"{kind} have the property {name}", name in found, "add it or correct crm.yml")


def _stages(rest: HubSpotRest, settings: Mapping[str, str]) -> Iterator[Finding]:
    pipeline = settings["pipeline"]
    pipelines = {str(one["id"]): one for one in rest.listed("/crm/v3/pipelines/tickets")}
    yield Finding(f"there is a pipeline {pipeline}", pipeline in pipelines, f"set it to one of {_named(pipelines)}")
    stages = {str(stage["id"]): stage for stage in pipelines.get(pipeline, {}).get("stages", ())}
    for name in ("stage", "closed_stage", "reopened_stage"):
        stage = settings[name]
        yield Finding(f"{name} {stage} is a stage of it", stage in stages, f"set it to one of {_named(stages)}")


def _named(things: Mapping[str, Thing]) -> str:
    return ", ".join(f"{number} ({thing.get('label', '')})" for number, thing in things.items()) or "none"
