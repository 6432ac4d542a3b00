"""Cases in the table, with what they owe and what people were told of them, without words and without their author."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from chalicelib.model.notice import keys_of_case
from chalicelib.stores import items, keys, notice_items, skeleton
from chalicelib.stores.changes import THERE
from chalicelib.stores.fitting import fitting_text
from chalicelib.stores.table import Change

if TYPE_CHECKING:
    from chalicelib.model import Case, Notice
    from chalicelib.stores.attributes import Item, Plain
    from chalicelib.stores.table import Table


def drop_words(table: Table, case_id: str, post_id: str) -> None:
    """Of a post that was taken back: from its case, where it opened that, and from the notice of it.

    One request where there is nothing to drop. Raises Unavailable; called again, it goes on.
    """
    item = table.read(keys.case(case_id))
    before = items.case(item) if item else None
    if item is None or before is None or (after := skeleton.wordless_case(before, post_id)) == before:
        return
    (told, *_) = keys_of_case(case_id, 0)  # no other quotes a post
    for notice in map(notice_items.notice, table.read_all([keys.notice(told)]).values()):
        _tell(table, keys.notice(notice.key), notice, skeleton.retold(notice, after))
    _rename(table, item, before, after)


def forget(table: Table, case_id: str, author_keys: Collection[str]) -> None:
    """Drop from a case whose it is, where it is one of theirs: from what it owes and what people were told first.

    As long as the case names its author, another finds it and goes on. Raises Unavailable.
    """
    item = table.read(keys.case(case_id))
    before = items.case(item) if item else None
    if item is None or before is None or before.author_key not in author_keys:
        return
    after = skeleton.forgotten_case(before)
    for name in keys_of_case(case_id, len(before.late)):
        _forget_notice(table, name, before, after)
    _forget_matter(table, case_id, after)
    for owed in _partition(table, keys.case(case_id)[0], keys.DELIVERY):
        _forget_delivery(table, owed, before)
    _rename(table, item, before, after)


def _forget_notice(table: Table, name: str, before: Case, after: Case) -> None:
    """One notice of the case, and those that gathered it after quiet hours."""
    partition, _ = keys.notice(name)
    for item in _partition(table, partition, ""):
        if "notice" in item:
            notice = notice_items.notice(item)
            _tell(table, (item["pk"], item["sk"]), notice, skeleton.retold(notice, after))
        elif gathered := item.get("gathered_in"):
            digest = table.read(keys.notice(gathered))
            if digest:
                told = notice_items.notice(digest)
                _tell(table, keys.notice(gathered), told, skeleton.regathered(told, before, after))


def _forget_matter(table: Table, case_id: str, after: Case) -> None:
    """What people were asked about it; each notice is kept there once more."""
    item = table.read(keys.matter(case_id)) or {}
    for name in item:
        if name == "notice" or name.startswith(notice_items.ASKED):
            before = notice_items.notice({"notice": item[name]})
            _tell(table, keys.matter(case_id), before, skeleton.retold(before, after), name)


def _forget_delivery(table: Table, item: Item, case: Case) -> None:
    before = items.delivery(item)
    after = skeleton.forgotten_delivery(before, case)
    if after == before:
        return
    values: dict[str, Plain] = {":delivery": items.renamed_delivery(item, after)}
    values |= {":words": after.words} if after.words is not None else {}
    does = "SET delivery = :delivery" + (", words = :words" if after.words is not None else "")
    table.change(Change((item["pk"], item["sk"]), does, THERE, values))


def _tell(table: Table, key: keys.Key, before: Notice, after: Notice, name: str = "notice") -> None:
    if after != before:
        table.change(Change(key, f"SET {name} = :notice", THERE, {":notice": fitting_text(after)}))


def _rename(table: Table, item: Item, before: Case, after: Case) -> None:
    values: dict[str, Plain] = {":case": items.renamed_case(item, after)}
    does = "SET case_json = :case"
    if after.refused is not None and after.refused != before.refused:
        does, values[":refused"] = f"{does}, refused = :refused", after.refused
    table.change(Change(keys.case(before.id), does, THERE, values))


def _partition(table: Table, partition: str, sort: str) -> Iterator[Item]:
    if not sort:
        return table.query(KeyConditionExpression="pk = :pk", ConsistentRead=True, values={":pk": partition})
    return table.query(
        KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
        ConsistentRead=True,
        values={":pk": partition, ":sk": sort},
    )
