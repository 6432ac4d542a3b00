"""`earshot silence`: nobody is told of a rule, or a team of nothing, until a given time; without either, a list."""

from __future__ import annotations

import argparse
import getpass
import json
import secrets
from datetime import UTC, datetime

from chalicelib.cli.cases import one_line
from chalicelib.cli.live_names import check_rule, check_team, named
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.errors import SettingsError
from chalicelib.model import Silence
from chalicelib.model.notice import LONGEST_SILENCE
from chalicelib.ports.alerting import Notices
from chalicelib.rulebook.clock import duration
from chalicelib.wiring import now

EXPECTED = "--until is a duration in words, like '2 hours', or a time, like 2026-11-20T18:00+11:00"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot silence` takes."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--rule", metavar="RULE", help="nobody is told of what this rule finds")
    what.add_argument("--team", metavar="TEAM", help="this team is told of nothing")
    what.add_argument("--end", metavar="ID", help="end one before its time")
    parser.add_argument("--until", metavar="WHEN",
                        help="a duration, like '2 hours', or a time with its zone; 30 days at most")  # fmt: skip
    parser.add_argument("--why", metavar="WHY", help="what others should know who wonder about the silence")
    parser.add_argument("--who", default=getpass.getuser(), help="who silences it (whoever is logged in here)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Keep one, end one, or list those there are; 1 where there is none to end.

    Raises SettingsError, Unavailable, NotFound.
    """
    is_new = args.rule is not None or args.team is not None
    if is_new and not (args.until and (args.why or "").strip()):
        raise SettingsError("a silence has an end and a reason: give --until and --why")
    if (args.until or args.why) and not is_new:
        raise SettingsError("what is to be silent? Give --rule or --team")
    parts = wiring()
    if args.end is not None:
        return _end(parts.notices, args.end, named(args.who, "ends it"))
    if not is_new:
        return _list(parts.notices, args.json)
    at = now()
    silence = _silence(args, at)
    if silence.rule is not None:
        check_rule(parts, silence.rule)
    if silence.team is not None:
        check_team(parts, silence.team)
    parts.notices.silence(silence)
    print(json.dumps(to_json(silence)) if args.json else line(silence, at))
    return FINE


def _silence(args: argparse.Namespace, at: datetime) -> Silence:
    """The one that is asked for. Raises SettingsError."""
    until, who = _until(args.until, at), named(args.who, "silences it")
    return Silence(secrets.token_hex(4), until, who, args.why.strip(), at, args.rule, args.team)


def line(silence: Silence, at: datetime) -> str:
    """One silence as a person reads it."""
    what = f"rule {silence.rule}" if silence.rule else f"team {silence.team}"
    state = f"ended by {silence.ended_by}" if silence.ended_by else "over" if at >= silence.until else "silent"
    until = f"until {silence.until:%Y-%m-%d %H:%M} UTC"
    said = f"{one_line(silence.who)}: {one_line(silence.why)}"
    return f"{silence.id}  {one_line(what):<24}  {one_line(state):<8}  {until}  {said}"


def _end(notices: Notices, name: str, who: str) -> int:
    ended = notices.end_silence(name, who)
    print(f"{name} is ended" if ended else f"there is no silence {name!r} that lasts: `earshot silence` lists them")
    return FINE if ended else FOUND


def _list(notices: Notices, as_json: bool) -> int:
    found = notices.silences()
    for silence in found:
        print(json.dumps(to_json(silence)) if as_json else line(silence, now()))
    if not found and not as_json:
        print("nothing is silenced")
    return FINE


def _until(words: str, at: datetime) -> datetime:
    """Raises SettingsError."""
    until = _end_of(words, at)
    if until > at + LONGEST_SILENCE:
        most = f"{LONGEST_SILENCE.days} days ahead, so that nobody forgets it"
        raise SettingsError(f"--until is at most {most}: {words!r} is later")
    return until


def _end_of(words: str, at: datetime) -> datetime:
    try:
        length = duration(words)
        if length.business:
            raise SettingsError(f"{EXPECTED}; business hours are of a calendar, and here is none")
        return at + length.length
    except ValueError:
        pass  # it may be a time
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise SettingsError(f"{EXPECTED}; {words!r} is neither") from None
    if moment.tzinfo is None:
        raise SettingsError(f"{EXPECTED}; {words!r} has no zone: add Z for UTC, or an offset like +11:00")
    if moment <= at:
        raise SettingsError(f"--until is past: {words!r}")
    return moment.astimezone(UTC)
