"""`earshot cases`: the cases there are, newest first or most pressing first; or one, with what it owes the CRM."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.cli.main import FINE
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.errors import NotFound, SettingsError
from chalicelib.model import Case, CaseStatus, Delivery, DeliveryState
from chalicelib.ports.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot cases` takes."""
    parser.add_argument("case", nargs="?", metavar="CASE_ID", help="one case; the beginning of its id will do")
    parser.add_argument("--status", choices=[status.value for status in CaseStatus], help="only these")
    parser.add_argument("--by", choices=("newest", "relevance"), default="newest",
                        help="relevance: what nobody has answered, most pressing first, with the reasons")  # fmt: skip
    parser.add_argument("--refused", action="store_true", help="only those of which the CRM refused something")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """List them, or show one. Raises NotFound."""
    store = wiring().store
    if args.case is not None:
        _show_one(store, find(store, args.case), args.json)
        return FINE
    if args.by == "relevance":
        return _by_relevance(store, args)
    status = CaseStatus(args.status) if args.status else None
    shown = 0
    for case, refused in _listed(store, status, args.refused):
        shown += 1
        if args.json:
            print(json.dumps(_with(case, refused) if args.refused else to_json(case)))
            continue
        print(line(case, waits_for_the_crm(store, case)))
        _print_deliveries(refused)
    if not shown and not args.json:
        print("no cases")
    return FINE


def _by_relevance(store: Store, args: argparse.Namespace) -> int:
    """Those that nobody has answered; neither --status nor --refused says more of them. Raises SettingsError."""
    from chalicelib.cli import ranked  # reads texts: lists and a model of languages

    if args.status or args.refused:
        raise SettingsError("--by relevance lists what nobody has answered: leave out --status and --refused")
    found = ranked.in_order(store)
    for each in found:
        shown = line(each.case, waits_for_the_crm(store, each.case))
        print(ranked.as_json(each) if args.json else "\n".join(ranked.lines(each, shown)))
    if not found and not args.json:
        print("nobody waits for an answer")
    return FINE


def find(store: Store, beginning: str) -> Case:
    """The case of this id, or the only one whose id begins so. Raises NotFound."""
    case = store.case(beginning)
    if case is not None:
        return case
    found = [case for case in store.cases() if beginning and case.id.startswith(beginning)]
    if len(found) != 1:
        many = f"{len(found)} cases begin with {beginning!r}: give more of the id"
        raise NotFound(many if found else f"there is no case {beginning!r}: `earshot cases` lists them")
    return found[0]


def having(store: Store, state: DeliveryState, cases: Iterable[Case]) -> Iterator[tuple[Case, list[Delivery]]]:
    """Those cases with deliveries in this state, and these; one query a case."""
    for case in cases:
        found = [delivery for delivery in store.deliveries(case.id) if delivery.state is state]
        if found:
            yield case, found


def line(case: Case, waits: bool = False) -> str:
    """One case as a person reads it; `waits`: something of it is owed to the CRM."""
    posts = "1 post" if case.posts == 1 else f"{case.posts} posts"
    priority = case.priority.value if case.priority else "-"
    where = f"{case.status:<9}  {priority:<6}  {case.team or '-':<16}"
    return f"{case.id[:8]}  {where}  {posts:<8}  {told(case, waits):<22}  {one_line(case.subject)}"


def one_line(text: str) -> str:
    """A stranger's words without line breaks and without anything that a terminal would obey."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _listed(store: Store, status: CaseStatus | None, is_refused: bool) -> Iterator[tuple[Case, list[Delivery]]]:
    cases = store.cases(status)
    return having(store, DeliveryState.REFUSED, cases) if is_refused else ((case, []) for case in cases)


def _show_one(store: Store, case: Case, as_json: bool) -> None:
    deliveries = store.deliveries(case.id)
    if as_json:
        print(json.dumps(_with(case, deliveries)))
        return
    for name, value in _about(case, deliveries).items():
        print(f"{name:<9}  {value}")
    _print_deliveries(deliveries)


def _about(case: Case, deliveries: Iterable[Delivery]) -> dict[str, str]:
    due = f", first reply due {case.first_reply_due:%Y-%m-%d %H:%M} UTC" if case.first_reply_due else ""
    waits = any(delivery.state is DeliveryState.OWED for delivery in deliveries)
    return {
        "case": case.id,
        "subject": one_line(case.subject),
        "status": f"{case.status}, opened {case.opened_at:%Y-%m-%d %H:%M} UTC{due}",
        "for": f"{case.team or '-'}, priority {case.priority or '-'}",
        "because": f"{one_line(case.reason)} (rule {case.rule or '-'})",
        "posts": f"{case.posts}, first {one_line(case.post_id)}, last at {case.last_post_at:%Y-%m-%d %H:%M} UTC",
        "CRM": told(case, waits) + ("; waits to be told more" if waits and case.crm_ref else ""),
        **_heard(case),
        **_clock(case),
    }


def _clock(case: Case) -> dict[str, str]:
    """Why it runs no more, where people in the CRM are not the reason."""
    if case.taken_back_at is None:
        return {}
    left = len(case.late) - case.lapsed
    steps = "1 step was" if left == 1 else f"{left or 'no'} steps were"
    why = f"every post of it was deleted; {steps} not begun"
    return {"clock": f"stopped {case.taken_back_at:%Y-%m-%d %H:%M} UTC: {why}"}


def _heard(case: Case) -> dict[str, str]:
    """What people did with it there."""
    times = {"answered": case.answered_at, "closed": case.closed_at}
    done = [f"{what} {at:%Y-%m-%d %H:%M} UTC" for what, at in times.items() if at]
    done += [f"now with {one_line(case.assigned_to)}"] if case.assigned_to else []
    done += [f"merged into {one_line(case.merged_into)}"] if case.merged_into else []
    return {"there": ", ".join(done)} if done else {}


def waits_for_the_crm(store: Store, case: Case) -> bool:
    """Whether a case that is not in a CRM will be: one query, which those that are do not need."""
    return case.crm_ref is None and bool(store.owed(case.id))


def told(case: Case, waits: bool) -> str:
    """Where the CRM has it, or why it has not."""
    if case.crm_ref:
        return f"{case.crm} {one_line(case.crm_ref)}"
    if case.refused:
        return f"refused: {one_line(case.refused)}"
    if case.status is CaseStatus.WITHDRAWN:
        return "never told"
    return "waits for the CRM" if waits else "kept: there was no CRM"


def _print_deliveries(deliveries: Iterable[Delivery]) -> None:
    for delivery in deliveries:
        said = delivery.words or delivery.receipt or ""
        print(f"  {delivery.state:<9}  {delivery.verb:<11}  {one_line(delivery.heading)}  {one_line(said)}".rstrip())


def _with(case: Case, deliveries: list[Delivery]) -> dict[str, Any]:
    return {**to_json(case), "deliveries": [to_json(delivery) for delivery in deliveries]}
