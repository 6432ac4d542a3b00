"""Which customers authors are: an attribute of their records, which triage reads anyway and never writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import Link
from chalicelib.stores import items, keys
from chalicelib.stores.attributes import Plain, json_text
from chalicelib.stores.fitting import fitting_text
from chalicelib.stores.table import Change, Table
from chalicelib.stores.wire import Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoIdentities:
    """ports.crm.Identities. Every method raises Unavailable, or SettingsError where the table is missing."""

    def __init__(self, client: DynamoDBClient | Wire, table: str) -> None:
        self._table = Table(client, table)

    def link(self, author_key: str) -> Link | None:
        """What an author's record says: one GetItem."""
        return items.link(self._table.read(keys.author(author_key)) or {})

    def note_link(self, author_key: str, was: Link | None, link: Link) -> bool:
        """Note it: one UpdateItem, which never makes a record, nor brings back what was forgotten of one."""
        same = "customer = :was" if was else "attribute_not_exists(customer)"
        values: dict[str, Plain] = {":link": fitting_text(link), **({":was": json_text(was)} if was else {})}
        alive = "attribute_exists(open_cases)"
        return self._table.change(
            Change(keys.author(author_key), "SET customer = :link", f"{alive} AND {same}", values)
        )
