"""Odoo's records by external ids, and the notes of their threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.crm.moves import Moved, moved
from chalicelib.crm.odoo_rpc import MissingId, OdooRpc
from chalicelib.errors import Refused, Unavailable
from chalicelib.plain import one_line

PAGE, MOST_PAGES = 100, 100
ALSO_ARCHIVED = {"active_test": False}  # a lead that is lost is archived, and hidden unless one asks so
HTML_SINCE = 17  # from then on it must be told that a message is HTML
# What `load` says to those who come too late: the database's words, whatever the user's language.
RACED = ("could not serialize", "concurrent update", "duplicate key", "deadlock")


class Where(NamedTuple):
    """A record by its model and number."""

    model: str
    number: int


class OdooRecords:
    """What the adapter asks of its models. Look-ups raise Unavailable; `load` and `note` Refused, too."""

    def __init__(self, rpc: OdooRpc) -> None:
        self._rpc = rpc

    def find(self, module: str, name: str) -> Where | None:
        """The record with this external id, archived or not."""
        try:
            found = self._rpc.call(
                "ir.model.data", "check_object_reference", module=module, xml_id=name, context=ALSO_ARCHIVED
            )
        except MissingId:
            return None
        except Refused as refusal:
            raise Unavailable("odoo cannot be searched", words=str(refusal)) from None
        if not found[1]:
            raise Unavailable(f"odoo hides a record of {found[0]} from our user: let it see them all")
        return Where(str(found[0]), int(found[1]))

    def load(self, model: str, values: Mapping[str, str]) -> int:
        """The id of the record that was made; of calls that race, all but one raise Unavailable."""
        done = self._rpc.call(model, "load", fields=list(values), data=[list(values.values())])
        if done["ids"]:
            return int(done["ids"][0])
        words = one_line(" ".join(str(message.get("message")) for message in done["messages"]), 500)
        if any(race in words for race in RACED):
            raise Unavailable("odoo: another call was quicker; it is looked up next time", retry_after=1)
        raise Refused(words or f"odoo made no record of {model}, and says not why")

    def move(self, record: Where, name: str, moving: Mapping[str, Moved]) -> None:
        """Write what moves by the columns that made the record, by its external id. Raises Refused, Unavailable."""
        asked = {column: column.partition("/")[0] for column in moving}
        [now] = self.search(record.model, [["id", "=", record.number]], sorted(set(asked.values())))
        if values := moved(moving, {column: _as_loaded(column, now[field]) for column, field in asked.items()}):
            self.load(record.model, {"id": name, **values})

    def noted(self, record: Where, key: str) -> int | None:
        """The note that holds this entry's mark."""
        domain = [["model", "=", record.model], ["res_id", "=", record.number], ["body", "ilike", key]]
        found = self.search("mail.message", domain, ["id"])
        return int(found[0]["id"]) if found else None

    def note(self, record: Where, body: str) -> int:
        """Write an internal note, which mails nobody."""
        more: dict[str, Any] = {"body": body, "subtype_xmlid": "mail.mt_note"}
        more |= {"body_is_html": True} if self._rpc.release() >= HTML_SINCE else {}
        said = self._rpc.call(record.model, "message_post", [record.number], **more)
        return int(said[0] if isinstance(said, list) else said)

    def search(
        self, model: str, domain: Sequence[Any], fields: Sequence[str], order: str = "id"
    ) -> list[Mapping[str, Any]]:
        """All records that match, archived or not."""
        found: list[Mapping[str, Any]] = []
        for page in range(MOST_PAGES):
            part = self.page(model, domain, fields, order, page * PAGE)
            found += part
            if len(part) < PAGE:
                break
        return found

    def page(
        self, model: str, domain: Sequence[Any], fields: Sequence[str], order: str, offset: int
    ) -> list[Mapping[str, Any]]:
        """One page of those, archived or not. Raises Unavailable."""
        asked: dict[str, Any] = {
            "domain": domain,
            "fields": fields,
            "offset": offset,
            "limit": PAGE,
            "order": order,
            "context": ALSO_ARCHIVED,
        }
        try:
            found: list[Mapping[str, Any]] = self._rpc.call(model, "search_read", **asked)
        except Refused as refusal:
            raise Unavailable("odoo cannot be searched", words=str(refusal)) from None
        return found


def _as_loaded(column: str, value: Any) -> Any:
    """A reference is read as its number and its name, and loaded by one of them."""
    if isinstance(value, list):
        return value[0] if column.endswith("/.id") else value[1]
    return value
