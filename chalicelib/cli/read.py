"""`earshot read`: a webhook body to posts, one JSON object a line. The signature is not asked for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.codec import to_json
from chalicelib.config import PlatformSettings
from chalicelib.errors import BadPayload
from chalicelib.model import Post
from chalicelib.platforms import platform
from chalicelib.ports import WebhookRequest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot read` takes."""
    parser.add_argument("platform", metavar="PLATFORM", help="a name that `earshot platforms` lists")
    parser.add_argument("file", metavar="FILE", help="the body as it was delivered; - is standard input")
    parser.add_argument("--account", action="append", default=[], metavar="ID", help="an account of ours; repeatable")


def run(args: argparse.Namespace) -> int:
    """Print the posts; those that can be read even where others cannot. Raises NotFound, BadPayload, OSError."""
    reader = platform(args.platform, PlatformSettings(accounts=frozenset(args.account)))
    request = WebhookRequest("POST", {}, {}, body_of(args.file), datetime.now(UTC))
    try:
        posts = reader.parse(request)
    except BadPayload as error:
        _print(error.posts)
        raise
    _print(posts)
    return 0


def body_of(file: str) -> bytes:
    """The bytes of a file, or of standard input for `-`. Raises OSError."""
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _print(posts: Iterable[Post]) -> None:
    for post in posts:
        print(json.dumps(to_json(post), ensure_ascii=False))
