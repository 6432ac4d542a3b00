"""What `earshot crm check odoo` looks at: the user, the model and its fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from chalicelib.crm.odoo_records import OdooRecords
from chalicelib.crm.odoo_rpc import OdooRpc
from chalicelib.model import Finding


def our_user(records: OdooRecords, user: str) -> Iterator[Finding]:
    """Whether the key is accepted, and its user may write notes. Raises Unavailable."""
    is_there = has_address(records, user)
    yield Finding("the API key is accepted", True)
    yield Finding("our user has an e-mail address", is_there, "give the user one: Odoo takes no note from who has none")


def has_address(records: OdooRecords, user: str) -> bool:
    """Whether our user has an e-mail address in Odoo. Raises Unavailable."""
    return any(one["email"] for one in records.search("res.users", [["login", "=", user]], ["email"]))


def fields_there(rpc: OdooRpc, model: str, asked: Collection[str]) -> Iterator[Finding]:
    """Whether the model is there for our user, with these fields. Raises Refused, Unavailable."""
    fields = rpc.call(model, "fields_get", attributes=["type"])
    yield Finding(f"our user may use {model}", bool(fields), "install its app and give our user its role")
    for name in sorted(asked):
        yield Finding(
            f"{model} has the field {name}", name in fields, "add it (Settings, Technical), or correct the name"
        )
