"""As much of Salesforce's query language as Earshot asks in, read strictly: what is not a query is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

TEXT = r"'(?:[^'\\]|\\.)*'"
TERM = rf"\w+ (?:= {TEXT}|IN \({TEXT}(?:, {TEXT})*\)|!= null|>= \d\S*)"
QUERY = re.compile(
    " ".join((r"SELECT ([\w, ]+)", r"FROM (\w+)", rf"WHERE ({TERM}(?: AND {TERM})*)(?: ORDER BY (\w+)( DESC)?)?"))
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
Row = dict[str, Any]


class Malformed(Exception):
    """It would answer MALFORMED_QUERY."""


def selected(soql: str, tables: Mapping[str, list[Row]]) -> tuple[str, list[str], list[Row]]:
    """The kind of record, all fields that are named, and the rows. Raises Malformed."""
    match = QUERY.fullmatch(soql)
    if match is None or match[2] not in tables:
        raise Malformed
    terms = re.findall(TERM, match[3])
    rows = [row for row in tables[match[2]] if all(_holds(row, term) for term in terms)]
    if match[4]:
        rows.sort(key=lambda row: str(row[match[4]]), reverse=bool(match[5]))
    names = [*match[1].split(", "), *(term.split(" ")[0] for term in terms)]
    return match[2], names, [{"attributes": {}, **row} for row in rows]


def _holds(row: Row, term: str) -> bool:
    name, operator, given = term.split(" ", 2)
    value = row.get(name)
    if operator == "!=":
        return value is not None
    if operator == ">=":
        return str(value)[:19] >= given[:19]
    return value is not None and str(value).lower() in _texts(given)  # SOQL compares without regard to case


def _texts(given: str) -> Iterator[str]:
    return (ESCAPED.sub(r"\1", text[1:-1]).lower() for text in re.findall(TEXT, given))
