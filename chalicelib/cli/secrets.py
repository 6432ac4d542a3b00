"""`earshot secrets`: the company's settings in Secrets Manager, written without ever being shown."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib import crm
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import wiring
from chalicelib.config import company
from chalicelib.crm.mapping import shipped
from chalicelib.errors import EarshotError, SettingsError
from chalicelib.platforms import PLATFORMS

GROUPS = ("platforms", "crms", "channels")
Settings = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot secrets` takes."""
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    verbs.add_parser("show", help="the names of what is set, and no value")
    setting = verbs.add_parser("set", help="write all settings, or one: JSON from a file or from standard input")
    setting.add_argument(
        "place", nargs="?", default="", help="platforms.facebook, crms.zendesk ...; without it, everything"
    )
    setting.add_argument("--from", dest="source", default="-", metavar="FILE", help="standard input (-)")
    rotate = verbs.add_parser("rotate", help="put a platform's new secret before the old: a line of standard input")
    rotate.add_argument("platform")
    rotate.add_argument("--from", dest="source", default="-", metavar="FILE", help="standard input (-)")
    retire = verbs.add_parser("retire", help="forget all secrets of a platform but the newest")
    retire.add_argument("platform")
    verbs.add_parser("back", help="what held before the last change holds again")


def run(args: argparse.Namespace) -> int:
    """Change what was asked and tell what is set; 1 when what was given is wrong, and nothing was written.

    Raises SettingsError, Unavailable.
    """
    vault = wiring().vault
    if args.action == "show":
        return _show(vault.read())
    if args.action == "back":
        vault.swap()
        return _show(vault.read())
    before = vault.read()
    after = _changed(before, args)
    if wrong := problems(after):
        print("nothing was written:", *wrong, sep="\n  ", file=sys.stderr)
        return FOUND
    vault.write(after)
    return _show(after, before)


def problems(settings: Settings) -> list[str]:
    """One line for everything that is wrong, by its place; none quotes a value."""
    try:
        found = company(settings, PLATFORMS)
    except SettingsError as trouble:
        return [str(trouble)]
    return [*found.wrong.values(), *_wrong_crms(found.crms)]


def _wrong_crms(crms: Mapping[str, Mapping[str, str]]) -> list[str]:
    wrong = []
    for name, settings in crms.items():
        if name not in crm.CRMS:
            wrong.append(f"crms.{name}: there is no such CRM; there are {', '.join(sorted(crm.CRMS))}")
            continue
        try:
            crm.crm(name, settings, shipped())
        except EarshotError as trouble:
            wrong.append(f"crms.{name}: {trouble}")
    return wrong


def _changed(before: Settings, args: argparse.Namespace) -> Settings:
    after: Settings = json.loads(json.dumps(before))  # nothing of it is shared with what was read
    if args.action == "set":
        return _set(after, args.place, _json(args.source))
    platform = after.get("platforms", {}).get(args.platform)
    if not isinstance(platform, dict) or not platform.get("secrets"):
        raise SettingsError(f"platforms.{args.platform}: it has no secret yet; `earshot secrets set` gives it one")
    if args.action == "retire":
        platform["secrets"] = platform["secrets"][:1]
        return after
    new = _text(args.source).strip()
    if not new:
        raise SettingsError("expected the new secret on standard input; nothing came")
    platform["secrets"] = [new, *(old for old in platform["secrets"] if old != new)]
    return after


def _set(settings: Settings, place: str, value: Any) -> Settings:
    """Everything, or what is at one place; null takes it away."""
    if not place:
        if not isinstance(value, dict):
            raise SettingsError(f"expected an object with {', '.join(GROUPS)}")
        return value
    group, _, name = place.partition(".")
    if group not in GROUPS or not name or "." in name:
        raise SettingsError(
            f"a place is written GROUP.NAME, such as platforms.facebook; groups are {', '.join(GROUPS)}"
        )
    held = settings.setdefault(group, {})
    if value is None:
        held.pop(name, None)
    else:
        held[name] = value
    return settings


def _json(source: str) -> Any:
    try:
        return json.loads(_text(source))
    except ValueError as trouble:
        where = f"line {trouble.lineno}" if isinstance(trouble, json.JSONDecodeError) else "it"
        raise SettingsError(f"{where} is not JSON; nothing was written") from None


def _text(source: str) -> str:
    if source != "-":
        return Path(source).read_text(encoding="utf-8")
    if not sys.stdin.isatty():
        return sys.stdin.read()
    from getpass import getpass  # typed, not pasted from a file: it must not stay on the screen

    return getpass("not shown as you type: ")


def _show(settings: Settings, before: Settings | None = None) -> int:
    """A line for each platform, CRM and channel: what is set, how many, and whether that has changed."""
    for group in GROUPS:
        for name, held in sorted(settings.get(group, {}).items()):
            changed = before is not None and before.get(group, {}).get(name) != held
            told = ", ".join(_count(key, value) for key, value in sorted(held.items()))
            print(f"{group}.{name}  {told}{'  (changed)' if changed else ''}")
    for group in GROUPS:
        for name in sorted((before or {}).get(group, {}).keys() - settings.get(group, {}).keys()):
            print(f"{group}.{name}  (taken away)")
    return FINE


def _count(key: str, value: Any) -> str:
    return f"{key} ({len(value)})" if isinstance(value, list) else key
