"""`earshot send`: sign a body as the platform would and post it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from chalicelib.cli.place import local_cloud
from chalicelib.cli.read import body_of
from chalicelib.config import PlatformSettings
from chalicelib.errors import SettingsError, Unavailable
from chalicelib.platforms import platform

TIMEOUT = 30  # seconds
HERE = ("127.0.0.1", "localhost", "::1")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `earshot send` takes."""
    parser.add_argument("platform", metavar="PLATFORM", help="a name that `earshot platforms` lists")
    parser.add_argument("file", metavar="FILE", help="the body; - is standard input")
    parser.add_argument("--url", help="the whole address of the webhook; else that of the running local cloud")
    parser.add_argument("--secret", help="what to sign with; else what the local cloud was given")


def run(args: argparse.Namespace) -> int:
    """Print the status. 0 for a 2xx, 1 for another. Raises NotFound, SettingsError, Unavailable, OSError."""
    platform(args.platform, PlatformSettings())  # a name that is none is told before a secret that is missing
    secret = args.secret or _secret(args.platform)
    sender = platform(args.platform, PlatformSettings(secrets=(secret,)))
    url = args.url or f"{local_cloud().get('url', '')}/webhooks/{sender.name}"
    if urlsplit(url).scheme not in ("http", "https"):
        raise SettingsError("the address must begin with http:// or https://")
    body = body_of(args.file)
    status = deliver(url, body, sender.sign(body, datetime.now(UTC)))
    print(status)
    return 0 if 200 <= status < 300 else 1


def deliver(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of one POST. Raises Unavailable when nobody answers."""
    request = Request(url, body, headers, method="POST")  # noqa: S310 - the scheme was checked
    try:
        with _opener(url).open(request, timeout=TIMEOUT) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise Unavailable(f"nobody answers at {url}: {reason}") from error


class _NoRedirect(HTTPRedirectHandler):
    """A redirected POST would become a GET, and its 200 a lie."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _opener(url: str) -> OpenerDirector:
    here = urlsplit(url).hostname in HERE
    return build_opener(_NoRedirect, *([ProxyHandler({})] if here else []))


def _secret(name: str) -> str:
    secrets = local_cloud().get("platforms", {}).get(name, {}).get("secrets", [])
    if not secrets:
        raise SettingsError(f"the local cloud has no secret for {name}: give one with --secret")
    return str(secrets[0])
