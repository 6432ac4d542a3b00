"""`earshot identity AUTHOR`: which customer of the CRM an author is, and by what evidence; made or revoked by hand."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

from chalicelib.cli.cases import one_line
from chalicelib.cli.main import FINE
from chalicelib.cli.place import wiring
from chalicelib.codec import to_json
from chalicelib.errors import Conflict, SettingsError
from chalicelib.model import Link
from chalicelib.ports.crm import Identities
from chalicelib.wiring import now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot identity` takes."""
    parser.add_argument("author", metavar="AUTHOR", help="platform:id, as `author_key` in the cases")
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--link", metavar="RECORD", help="the CRM's id of the customer they are; needs --because")
    change.add_argument("--revoke", action="store_true", help="they are not: never look them up again")
    parser.add_argument("--because", metavar="WHY", help="the evidence, such as when they consented")
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(args: argparse.Namespace) -> int:
    """Show or change it. Raises SettingsError, Conflict, Unavailable."""
    if not all(args.author.partition(":")):
        raise SettingsError("an author is written platform:id, for example facebook:10158000000000000")
    if bool(args.link) != bool(args.because):
        raise SettingsError("--link and --because go together: who is linked by hand is linked for a reason")
    parts = wiring()
    identities, crm = parts.identities, parts.environment.crm
    if (args.link or args.revoke) and crm == "none":
        raise SettingsError("EARSHOT_CRM is not set here: whose customer would it be?")
    if args.link:
        _note(identities, args.author, Link(crm, now(), args.link, args.because))
    elif args.revoke:
        was = identities.link(args.author) or Link(crm, now())
        _note(identities, args.author, replace(was, at=now(), until=None, is_revoked=True))
    link = identities.link(args.author)
    print(json.dumps(to_json(link) if link else None) if args.json else told(link))
    return FINE


def told(link: Link | None) -> str:
    """What is known, as a person reads it."""
    if link is None:
        return "not linked, and not looked up"
    until = f", until {link.until:%Y-%m-%d %H:%M} UTC" if link.until else ""
    if link.is_revoked:
        return f"not linked: revoked {link.at:%Y-%m-%d}"
    if link.ref is None:
        return f"not linked: {link.crm} knew none or several on {link.at:%Y-%m-%d}{until}"
    return f"{link.crm} {one_line(link.ref)}, by {one_line(link.evidence)}, since {link.at:%Y-%m-%d}{until}"


def _note(identities: Identities, author: str, link: Link) -> None:
    if not identities.note_link(author, identities.link(author), link):
        raise Conflict("this author has no case, or somebody else changed it just now")
