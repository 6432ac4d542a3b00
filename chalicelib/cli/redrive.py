"""`earshot redrive`: what stopped on its way is sent again: parked bodies, dead letters, deliveries to the CRM, and
what a restored table has lost."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from itertools import islice
from operator import attrgetter

from chalicelib.cli import limits
from chalicelib.cli.cases import find, having
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.cli.replay_posts import since
from chalicelib.errors import BadPayload, NotFound, SettingsError
from chalicelib.model import Action, DeliveryState, Parked, Post
from chalicelib.pipeline.hear import PARKED_AS
from chalicelib.ports.platform import WebhookRequest
from chalicelib.wiring import Wiring, now

KINDS = {
    "parked": "signed bodies that could not be read are read again",
    "posts": "the posts' dead letters go back to the queue",
    "deliveries": "what is owed to the CRM is handed out again, now",
    "refused": "cases of which the CRM refused something: all that it refused or that was kept is owed again",
    "kept": "the same for cases of which something was kept, because there was no CRM",
    "lost": "after a restore: what another table decided since a moment goes back to the queue, and is decided again",
}
LOST = "lost"
AGAIN = (DeliveryState.REFUSED.value, DeliveryState.KEPT.value)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot redrive` takes."""
    told = "; ".join(f"{kind}: {meaning}" for kind, meaning in KINDS.items())
    parser.add_argument("what", choices=list(KINDS), help=f"what to send again. {told}")
    parser.add_argument(
        "--limit", type=limits.limit, default=1000, help="at most so many (1000); of refused and kept: cases"
    )
    parser.add_argument("--of", metavar="TABLE", help="lost: the table that still holds it")
    parser.add_argument("--since", metavar="MOMENT", help="lost: the moment that was restored, 2026-11-15T09:00+01:00")
    parser.add_argument("--case", metavar="CASE_ID", help="refused and kept: only this case; its beginning will do")


def run(args: argparse.Namespace) -> int:
    """Send them again; 1 when some could still not be read. Raises NotFound, SettingsError, Unavailable."""
    if args.case is not None and args.what not in AGAIN:
        raise SettingsError(f"--case goes with {' and '.join(AGAIN)}, not with {args.what}")
    if (args.what == LOST) != bool(args.of and args.since) or bool(args.of) != bool(args.since):
        raise SettingsError(f"{LOST} needs --of TABLE and --since MOMENT, and nothing else takes them")
    parts = wiring()
    if args.what == LOST:
        return _lost(parts, args.of, since(args.since))
    if args.what in AGAIN:
        return _owed_again(parts, DeliveryState(args.what), args.case, args.limit)
    if args.what == "deliveries":
        print(f"{parts.store.nudge(now())} cases that owe something handed out again")
        return FINE
    if args.what == "posts":
        print(f"{parts.queue.redrive(args.limit)} posts moved from the dead letters to the queue")
        return FINE
    return _parked(parts, args.limit)


def _owed_again(parts: Wiring, state: DeliveryState, only: str | None, limit: int) -> int:
    """All of a case is owed at once, whatever stopped it: what is told must be told in its order."""
    store = parts.store
    cases = store.cases() if only is None else iter([find(store, only)])
    found = list(islice(having(store, state, cases), limit))
    if found and parts.environment.crm == "none":
        print("EARSHOT_CRM is not set here: functions without a CRM will keep these again", file=sys.stderr)
    owed = sum(store.owe_again(case.id) for case, _ in found)
    more = "; there may be more, call it again" if len(found) == limit else ""
    print(f"{owed} deliveries of {len(found)} cases owed again{more}")
    return FINE


def _lost(parts: Wiring, table: str, moment: datetime) -> int:
    """In the order they were decided in: an author's edits and deletions come after what they speak of. All posts of
    those hours are held in memory, a kilobyte each."""
    old = Wiring({**os.environ, "EARSHOT_TABLE": table})  # else the same stage: `wiring` found it, or made it ours
    try:
        found = sorted(old.store.decided_since(moment), key=attrgetter("decided_at"))
    except SettingsError as trouble:
        raise SettingsError(f"{trouble}: is there a table '{table}' here, and may you read it?") from trouble
    # Of an erased post nothing is left to decide; its deletion still is.
    again = [kept for kept in found if not kept.erased or kept.post.action is Action.DELETE]
    parts.queue.put([kept.post for kept in again], again=f"{now():%Y-%m-%d %H:%M:%S}")
    print(f"{len(again)} posts queued, {len(found) - len(again)} left out because their words were erased")
    begun = {kept.case_id for kept in found if kept.erased and kept.case_id}
    for case_id in sorted(begun & {kept.case_id for kept in again if not kept.erased}):
        print(
            f"case {case_id}: a post of it is erased; if it began with that, its later posts open another. Look at both"
        )
    return FINE


def _parked(parts: Wiring, limit: int) -> int:
    """The body was verified when it came, and its signature was not kept: it is read again without one."""
    queued = left = 0
    for parked in parts.queue.parked(limit):
        try:
            posts = _posts(parts, parked)
        except (BadPayload, NotFound) as error:  # NotFound: whoever wrote it, it is no body of ours
            left += 1
            print(f"{parked.platform}  {parked.received_at:%Y-%m-%d %H:%M}  still cannot be read: {error}")
            continue
        parts.queue.put(posts)
        parts.queue.unpark(parked)
        queued += len(posts)
    print(f"{queued} posts queued, {left} bodies stay parked")
    return FOUND if left else FINE


def _posts(parts: Wiring, parked: Parked) -> list[Post]:
    """The posts of a body, now that it may be readable. Raises BadPayload, NotFound."""
    if parked.platform.startswith(PARKED_AS):
        raise NotFound("what a CRM told counts only with its signature, which is not kept")
    request = WebhookRequest("POST", parked.headers, {}, parked.body, parked.received_at)
    return parts.reader(parked.platform).parse(request)
