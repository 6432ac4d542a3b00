"""`earshot read`: a webhook body to posts, one JSON object a line. The signature is not asked for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.cli.main import FINE, FOUND
from chalicelib.codec import to_json
from chalicelib.config import PlatformSettings
from chalicelib.errors import BadPayload
from chalicelib.model import Post
from chalicelib.platforms import platform
from chalicelib.ports.platform import WebhookRequest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot read` takes."""
    parser.add_argument("platform", metavar="PLATFORM", help="a name that `earshot platforms` lists")
    parser.add_argument("file", metavar="FILE", help="the body as it was delivered; - is standard input")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--verbose", action="store_true", help="say on standard error what was skipped as no post")
    shown.add_argument("--json", action="store_true", help="the delivery as one object: posts, skipped, problem")
    parser.add_argument("--account", action="append", default=[], metavar="ID", help="an account of ours; repeatable")


def run(args: argparse.Namespace) -> int:
    """Print the posts; those that can be read even where others cannot. Raises NotFound, BadPayload, OSError.

    As one object nothing is raised for what cannot be read: it stands there, and the exit code is 1.
    """
    reader = platform(args.platform, PlatformSettings(accounts=frozenset(args.account)))
    request = WebhookRequest("POST", {}, {}, body_of(args.file), datetime.now(UTC))
    heard = reader.hear(request)
    if args.json:
        posts = [to_json(post) for post in heard.posts]
        whole = {"posts": posts, "skipped": heard.skipped, "problem": heard.problem}
        print(json.dumps(whole, ensure_ascii=False))
        return FOUND if heard.problem else FINE
    _print(heard.posts)
    if args.verbose:
        print(f"skipped: {_counted(heard.skipped)}", file=sys.stderr)
    if heard.problem:
        raise BadPayload(heard.problem)
    return FINE


def body_of(file: str) -> bytes:
    """The bytes of a file, or of standard input for `-`. Raises OSError."""
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _counted(skipped: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(skipped.items())) or "nothing"


def _print(posts: Iterable[Post]) -> None:
    for post in posts:
        print(json.dumps(to_json(post), ensure_ascii=False))
