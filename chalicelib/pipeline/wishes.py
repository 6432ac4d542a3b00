"""Wishes to be forgotten, from platforms: noted, answered, and shown to the person on a page without anybody's data."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime

from chalicelib.errors import NotFound
from chalicelib.model.erasure import BY_HAND, Erasure
from chalicelib.ports.platform import Platform, Reply, WebhookRequest
from chalicelib.ports.store import Erasures

CODE = re.compile(r"[0-9a-f]{8,64}")
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Your deletion request</title>
<style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 38rem; margin: 3rem auto; padding: 0 1rem }}</style>
<h1>{heading}</h1>
{told}
<p>Confirmation code: <code>{code}</code></p>
</html>
"""
HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def note(platform: Platform, erasures: Erasures, request: WebhookRequest, base: str) -> Reply:
    """Note a wish that a platform passes on, and answer where to read of it; `base` is our address, without a slash.

    Raises BadSignature, BadPayload, NotFound (the platform passes none on), Unavailable: then it is sent again.
    """
    erasure = platform.deletion(request)
    erasures.ask(erasure)
    answer = {"url": f"{base}/deletions/{erasure.code}", "confirmation_code": erasure.code}
    return Reply(200, json.dumps(answer), {"content-type": "application/json"})


def page(erasures: Erasures, code: str) -> Reply:
    """How far a wish has come, for a person to read. Raises NotFound, Unavailable."""
    erasure = erasures.find(code) if CODE.fullmatch(code) else None
    if erasure is None:
        raise NotFound("no such deletion request")
    heading, told = _done(erasure, erasure.done_at) if erasure.done_at else _under_way(erasure)
    paragraphs = "\n".join(f"<p>{html.escape(line)}</p>" for line in told)
    return Reply(200, PAGE.format(heading=heading, told=paragraphs, code=html.escape(erasure.code)), HEADERS)


def _under_way(erasure: Erasure) -> tuple[str, list[str]]:
    return "Your deletion has started", [
        f"You asked for it on {_day(erasure.asked_at)}. What we keep under {_names(erasure)} is being deleted.",
        "This takes minutes, a few hours at most. Come back to this page to see that it is done.",
    ]


def _done(erasure: Erasure, at: datetime) -> tuple[str, list[str]]:
    looked = (
        f"You asked for it on {_day(erasure.asked_at)}; we looked for everything that we keep under {_names(erasure)}."
    )
    if not erasure.found:
        return "We found nothing of yours", [
            f"{looked} On {_day(at)} that had found nothing.",
            "If you have written to us, we know you by another id: write to us again, and name the code below.",
        ]
    what = _counted(erasure.posts, "post or message", "posts or messages")
    if erasure.cases:
        what += f" and what named you in {_counted(erasure.cases, 'case', 'cases')}"
    return "Your deletion is done", [
        f"{looked} On {_day(at)} we had deleted {what}, and your name with them.",
        "What stays is that we once decided something about a post, without its words and without whose it was.",
    ]


def _counted(number: int, one: str, more: str) -> str:
    return f"one {one}" if number == 1 else f"{number} {more}"


def _names(erasure: Erasure) -> str:
    if erasure.platform == BY_HAND:
        return "the names that you gave us"
    return f"the id that {erasure.platform.capitalize()} gave us for you"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}, {moment:%H:%M} UTC"
