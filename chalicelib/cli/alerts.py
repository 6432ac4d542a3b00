"""`earshot alerts`: what is on, and what ended lately: how much there is of it, who has it, and where its case is."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.cli.cases import one_line, told, waits_for_the_crm
from chalicelib.cli.main import FINE
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.errors import SettingsError
from chalicelib.pipeline import alert_words
from chalicelib.pipeline.overview import Lookout, Overview
from chalicelib.rulebook.clock import duration
from chalicelib.wiring import Wiring, now

LATELY = "24 hours"
TOLD = (
    "id", "rule", "name", "about", "counts", "state", "priority", "team", "tell", "since", "raised_at", "told_at",
    "updates", "over_at", "silent",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot alerts` takes."""
    parser.add_argument("--ended", metavar="WITHIN", default=LATELY,
                        help=f"for how long one that ended is listed, like '2 hours' ({LATELY})")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """List them: those that are on, then those that ended. Raises SettingsError, Unavailable."""
    parts, at = wiring(), now()
    shown = listed(parts, _since(args.ended, at), at)
    for each in shown:
        waits = each.case is not None and waits_for_the_crm(parts.store, each.case)
        print(json.dumps(_object(each, waits)) if args.json else "\n".join(lines(each, waits)))
    if not shown and not args.json:
        print(f"no alert is on, and none ended within {args.ended}")
    return FINE


def listed(parts: Wiring, since: datetime, at: datetime) -> list[Overview]:
    """What is on, the latest first, and what ended since."""
    found = [*parts.alerts.on(), *parts.alerts.over(since)]
    unique = {alert.id: alert for alert in found}  # one may end between the two looks
    return Lookout(parts.alerts, parts.notices, parts.store).look(list(unique.values()), at)


def lines(each: Overview, waits: bool) -> Iterator[str]:
    """One alert as a person reads it."""
    alert = each.alert
    about = f" ({', '.join(f'{name} {value}' for name, value in alert.about.items())})" if alert.about else ""
    yield f"{'on' if alert.is_on else 'over':<5} {alert.id}  {one_line(alert.rule)}: {one_line(alert.name + about)}"
    yield from (f"      {one_line(line)}" for line in _said(each) if line)
    case = told(each.case, waits) if each.case else "forgotten"
    yield f"      case: {case}; priority {alert.priority or '-'}, {one_line(alert.team or '-')}"
    if each.posts:
        yield f"      posts: {', '.join(map(one_line, each.posts))}"


def _said(each: Overview) -> Iterator[str]:
    alert, seen = each.alert, each.seen
    since = f"since {alert_words.shown(alert.since)}, raised {alert_words.shown(alert.raised_at)}"
    yield since + (f", all clear {alert_words.shown(alert.over_at)}" if alert.over_at else "")
    if alert.silent:
        yield f"no post from {alert.silent}"
    else:
        yield f"{alert_words.so_far(alert, seen)}; told {_often(alert.updates + 1)}"
    if words := seen.telling({}):
        yield f"words: {', '.join(words)}"
    if each.taken_up:
        again = each.asked_again_at
        later = f"; asked again {alert_words.shown(again)}, which nobody has taken up" if again else ""
        yield f"taken up by {each.taken_up.who}, {alert_words.shown(each.taken_up.at)}{later}"
    for one in each.silences:
        whom = f"team {one.team}" if one.team else "everybody"
        yield f"silenced for {whom} until {alert_words.shown(one.until)} by {one.who}: {one.why}"


def _often(times: int) -> str:
    return "once" if times == 1 else f"{times} times"


def _object(each: Overview, waits: bool) -> dict[str, Any]:
    alert, seen = to_json(each.alert), each.seen
    return {
        **{name: alert.get(name) for name in TOLD},
        "counted": each.alert.grown(seen),
        "posts_since": seen.posts.count,
        "words": list(seen.telling({})),
        "posts": list(each.posts),
        "taken_up": to_json(each.taken_up) if each.taken_up and not each.asked_again_at else None,
        "silences": [to_json(one) for one in each.silences],
        "case": _case(each, waits),
    }


def _case(each: Overview, waits: bool) -> dict[str, Any] | None:
    case = each.case
    if case is None:
        return None
    return {"id": case.id, "status": case.status.value, "crm": case.crm, "crm_ref": case.crm_ref, "waits": waits}


def _since(words: str, at: datetime) -> datetime:
    try:
        length = duration(words)
    except ValueError as trouble:
        raise SettingsError(f"--ended is a duration in words, like '2 hours': {trouble}") from None
    if length.business:
        raise SettingsError("--ended is a duration like '2 hours'; business hours are of a calendar, and here is none")
    return at - length.length
