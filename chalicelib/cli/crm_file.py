"""`rules/crm.yml`: how the company's CRM names teams, priorities and fields; read, checked, and shipped as JSON."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from chalicelib.cli import company_file
from chalicelib.crm.mapping import RECOMMENDATIONS, SHIPPED, VALUES, FieldMapping
from chalicelib.model import Priority
from chalicelib.rulebook.notes import Notes, either, nearest
from chalicelib.rulebook.source import Node
from chalicelib.rulebook.values import plain_length

NAME = "crm.yml"
FORMAT = "crm/1"
KEYS = ("format", "teams", "priorities", "fields", "always", "recommendation", "reopen within")


def load(path: Path, teams: Collection[str] = ()) -> FieldMapping:
    """The mapping in that file, or an empty one where there is none. Raises RulebookError with all its problems.

    `teams` are those the rules name; one without a counterpart is no problem: its cases go where the CRM routes them.
    """
    return company_file.read(path, lambda notes, node: _mapping(notes, node, teams), FieldMapping())


def ship(mapping: FieldMapping, path: Path = SHIPPED) -> None:
    """Write what the functions read."""
    company_file.ship(mapping, path)


def _mapping(notes: Notes, node: Node, teams: Collection[str]) -> FieldMapping:
    keys = notes.block(node, "this file", KEYS, ("format",))
    notes.choice(keys.get("format"), "'format'", (FORMAT,))
    read = FieldMapping(
        teams=_named(notes, keys.get("teams"), "'teams'", teams),
        priorities=_priorities(_named(notes, keys.get("priorities"), "'priorities'", tuple(map(str, Priority)))),
        fields=_named(notes, keys.get("fields"), "'fields'", (), VALUES),
        always=_named(notes, keys.get("always"), "'always'"),
    )
    offered = notes.choice(keys.get("recommendation"), "'recommendation'", RECOMMENDATIONS)
    reopen = keys.get("reopen within")
    within = plain_length(notes, reopen, "'reopen within'")
    _told_twice(notes, read, keys.get("always"))
    return replace(
        read,
        recommendation=offered or read.recommendation,
        reopen_within=read.reopen_within if within is None else within,
    )


def _named(
    notes: Notes, node: Node | None, what: str, known: Collection[str] = (), values: tuple[str, ...] = ()
) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in notes.entries(node, what) if node is not None else []:
        if known and key.value not in known:
            notes.tell(key.line, f"{what}: I don't know '{key.value}'.{nearest(key.value, known)}")
        word = notes.text(value, f"'{key.value}'")
        if word is not None and values and word not in values:
            close = nearest(word, values, listed=False)
            notes.tell(value.line, f"'{key.value}' cannot hold '{word}'.{close} It can hold {either(values)}.")
        elif word is not None:
            found[key.value] = word
    return found


def _priorities(named: dict[str, str]) -> dict[Priority, str]:
    return {priority: named[priority.value] for priority in Priority if priority.value in named}


def _told_twice(notes: Notes, mapping: FieldMapping, node: Node | None) -> None:
    for key, _ in notes.entries(node, "'always'") if node is not None else []:
        if key.value in mapping.fields:
            notes.tell(key.line, f"'{key.value}' stands in 'fields' and in 'always'. Keep one.")
