"""`earshot platforms`: which there are, which are on, when each was last heard, and what to paste into its console."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.place import local_cloud, wiring
from chalicelib.config import Company, PlatformSettings
from chalicelib.errors import SettingsError
from chalicelib.model import Hearing
from chalicelib.platforms import PLATFORMS
from chalicelib.wiring import Wiring, now

BASE = "EARSHOT_URL"


@dataclass(frozen=True, slots=True)
class Row:
    """A platform as an operator sees it; `missing` are settings it cannot do without, `wrong` says what is the matter
    with those it has."""

    name: str
    settings: PlatformSettings
    heard: Hearing | None
    base: str | None
    wrong: str | None = None

    @property
    def missing(self) -> list[str]:
        """What has to be set before it is on, by the names of the settings."""
        return [setting for setting in PLATFORMS[self.name].needs if not getattr(self.settings, setting)]

    @property
    def url(self) -> str:
        """The address for the platform's console; its path alone where nobody said where we are."""
        return f"{(self.base or '').rstrip('/')}/webhooks/{self.name}"

    @property
    def guide(self) -> str:
        """The page that walks through the platform's console."""
        return f"docs/platforms/{self.name}.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot platforms` takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    told = f"where the service is reached; else ${BASE} (the stack's output EndpointURL), or the running local cloud's"
    parser.add_argument("--url", metavar="BASE", help=told)


def run(args: argparse.Namespace) -> int:
    """List them by name; 1 where something is set wrong. Raises SettingsError where the settings as a whole are wrong,
    Unavailable when the table is silent."""
    try:
        parts: Wiring | None = wiring()
    except SettingsError:
        parts = None  # no cloud is an answer too: the list of what there is
    base = args.url or os.environ.get(BASE) or _local_url()
    for row in _rows(parts, base):
        print(json.dumps(_object(row, now())) if args.json else _lines(row, now()))
    if parts is None and not args.json:
        print("no cloud to ask what is on: set EARSHOT_TABLE and the like (docs/operating.md), or start `make run`")
    wrong = parts.company.wrong if parts else {}
    for why in wrong.values():
        print(why, file=sys.stderr)
    return FOUND if wrong else FINE


def _rows(parts: Wiring | None, base: str | None) -> Iterator[Row]:
    company = parts.company if parts else Company()
    for name in sorted(PLATFORMS):
        given = company.platforms.get(name, PlatformSettings())
        heard = parts.hearings.last(name) if parts else None
        yield Row(name, given, heard, base, company.wrong.get(f"platforms.{name}"))


def _local_url() -> str | None:
    try:
        url: str | None = local_cloud().get("url")
    except SettingsError:
        return None
    return url


def _object(row: Row, at: datetime) -> dict[str, Any]:
    heard, today = row.heard, _today(row.heard, at)
    return {
        "platform": row.name,
        "on": row.settings.answers,
        "url": row.url,
        "secrets": len(row.settings.secrets),
        "missing": row.missing,
        "wrong": row.wrong,
        "last_heard": heard.at.astimezone(UTC).isoformat() if heard else None,
        "today": {"deliveries": today.deliveries, "posts": today.posts, "skipped": today.skipped},
        "skipped_types": sorted(today.kinds),
        "guide": row.guide,
    }


def _lines(row: Row, at: datetime) -> str:
    if row.wrong:
        return f"{row.name:<18} 503  {row.wrong}; see {row.guide}"
    if not row.settings.answers:
        silent = "switched off" if not row.settings.on else f"has no {' and no '.join(row.missing)}"
        return f"{row.name:<18} off  {silent}; see {row.guide}"
    lacks = f"; has no {' and no '.join(row.missing)}: see {row.guide}" if row.missing else ""
    secrets = f"{len(row.settings.secrets)} secret{'s' if len(row.settings.secrets) > 1 else ''}"
    return f"{row.name:<18} on   {secrets}, {_heard(row.heard, at)}{lacks}\n{'':<23} {row.url}"


def _heard(heard: Hearing | None, at: datetime) -> str:
    if heard is None:
        return "never heard"
    today = _today(heard, at)
    kinds = f" ({', '.join(sorted(today.kinds))})" if today.kinds else ""
    return f"last heard {heard.at:%Y-%m-%d %H:%M}; today {today.posts} posts, {today.skipped} skipped{kinds}"


def _today(heard: Hearing | None, at: datetime) -> Hearing:
    return heard if heard and heard.day == at.astimezone(UTC).date() else Hearing("", at)
