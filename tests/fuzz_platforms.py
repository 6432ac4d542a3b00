"""Real bodies, bent in every way, against every platform: nothing forged is taken, nothing raises what it should not.

    .venv/bin/python -m tests.fuzz_platforms [--cases 100000] [--seed N] [--platform NAME]

Every case is a body of tests/payloads (and of the folder with deliveries from the field, where it stands beside the
repository), changed in its bytes or in one of its members, then held to four promises: `verify` raises BadSignature and
nothing else, and does so for whatever is forged; `parse` raises BadPayload and nothing else; what it reads can be
written down; and the service answers 2xx or 4xx, over the whole way through app.py.
"""

from __future__ import annotations

import argparse
import base64
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import app
from chalicelib.codec import to_json
from chalicelib.errors import BadPayload, BadSignature
from chalicelib.model import Post
from chalicelib.pipeline.hearing import Ear
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import BasePlatform
from chalicelib.stores.hearings import MemoryHearings
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_erasures import MemoryErasures
from chalicelib.stores.memory_leases import MemoryLeases
from chalicelib.wiring import now
from tests.contracts.platform_contract import (
    PAYLOADS,
    SCALARS,
    SECRET,
    STRANGERS,
    made,
    places_in,
    request,
    with_junk,
)

FIELD = Path(__file__).parents[1] / ".." / "shared" / "payloads"
BOMBS = (b"[" * 5000, b'{"a":' * 5000, b"9" * 9999, b"\xff\xfe\x00", b"\\ud83d", b"\x00", b"1e999", b"<!DOCTYPE x>")
JUNK = [*SCALARS, [], {}, [None], {"id": None}, [[{}]], "é🔥" * 99, -(10**30), "x" * 3000]


@dataclass(frozen=True)
class Case:
    """One delivery: as it was signed, and as it may have been changed on its way."""

    platform: BasePlatform
    body: bytes
    headers: dict[str, str]


class Nowhere:
    """A queue that takes everything, as SQS would: what it is given has to be text."""

    def put(self, posts: Sequence[Post]) -> None:
        """Taken."""
        for post in posts:
            json.dumps(to_json(post), ensure_ascii=False).encode()

    def park(self, parked: Any) -> None:
        """Taken."""
        assert isinstance(parked.body, bytes)


@dataclass
class Wired:
    """The wiring of the receiving function, over nothing."""

    queue: Nowhere = field(default_factory=Nowhere)
    ear: Ear = field(default_factory=lambda: Ear(MemoryHearings()))
    erasures: MemoryErasures = field(default_factory=lambda: MemoryErasures(MemoryStore(now)))
    leases: MemoryLeases = field(default_factory=lambda: MemoryLeases(now))

    def platform(self, name: str) -> BasePlatform:
        """As the company has set it."""
        return made(PLATFORMS[name], SECRET)


@dataclass
class Context:
    """Lambda's."""

    aws_request_id: str = "made-up"


def corpus(name: str) -> list[bytes]:
    """Every real body of a platform."""
    own = [file for file in (PAYLOADS / name).glob("*.*") if not file.name.endswith(".posts.json")]
    theirs = list((FIELD / name).glob("*.*")) if (FIELD / name).is_dir() else []
    return [file.read_bytes() for file in sorted(own) + sorted(theirs)]


class Fuzz:
    """Cases, one after the other, from one source of chance; a broken promise is an AssertionError that shows it."""

    def __init__(self, seed: int, names: Sequence[str]) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same seed makes the same cases
        self.corpora = {name: found for name in names if (found := corpus(name))}
        self.platforms = {name: made(PLATFORMS[name], SECRET) for name in self.corpora}
        self.strangers = {name: made(PLATFORMS[name], STRANGERS) for name in self.corpora}
        self.signs_bodies = {name: self._signs_its_body(name) for name in self.corpora}
        self.did: Counter[str] = Counter()

    def run(self, cases: int) -> Counter[str]:
        """So many cases; how often each thing was done."""
        with patch.object(app, "wiring", Wired()):
            for _ in range(cases):
                self.one()
        return self.did

    def one(self) -> None:
        """One case, held to every promise."""
        name = self.chance.choice(sorted(self.corpora))
        platform, body = self.platforms[name], self._bent(self.chance.choice(self.corpora[name]))
        signed = platform.sign(body, datetime.now(UTC))
        self._reads(platform, body)
        self._answers(name, body, signed, taken=True)
        forged = self._forged(name, body, signed)
        self._refuses(platform, *forged)
        self._answers(name, *forged, taken=False)
        self._answers_a_question(name)

    def _bent(self, body: bytes) -> bytes:
        bend: Callable[[bytes], bytes] = self.chance.choice(
            [self._as_it_is, self._in_bytes, self._in_bytes, self._in_a_member]
        )
        self.did[bend.__name__.strip("_")] += 1
        return bend(body)

    def _as_it_is(self, body: bytes) -> bytes:
        return body

    def _in_bytes(self, body: bytes) -> bytes:
        for _ in range(self.chance.randint(1, 4)):
            start, length = self.chance.randrange(len(body) + 1), self.chance.choice([0, 1, 1, 2, 8, 64])
            piece = self.chance.choice([b"", self.chance.randbytes(length), body[:length], self.chance.choice(BOMBS)])
            body = body[:start] + piece + body[start + length :]
        return body

    def _in_a_member(self, body: bytes) -> bytes:
        try:
            value = json.loads(body)
        except ValueError:  # Atom
            return self._in_bytes(body)
        changed = with_junk(value, self.chance.choice(places_in(value)), self.chance.choice(JUNK))
        return json.dumps(changed, ensure_ascii=self.chance.random() < 0.5).encode("utf-8", "surrogatepass")

    def _forged(self, name: str, body: bytes, signed: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        """A delivery that nobody with our secret has signed."""
        ways = [self._by_a_stranger, self._without_a_header]
        ways += [self._with_another_body, self._with_a_changed_signature] if self.signs_bodies[name] else []
        way = self.chance.choice(ways)
        self.did[f"forged {way.__name__.strip('_').replace('_', ' ')}"] += 1
        return way(name, body, signed)

    def _by_a_stranger(self, name: str, body: bytes, signed: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        return body, self.strangers[name].sign(body, datetime.now(UTC))

    def _without_a_header(self, name: str, body: bytes, signed: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        gone = self.chance.choice(sorted(signed.keys() - {"content-type"}))
        return body, {key: value for key, value in signed.items() if key != gone}

    def _with_another_body(self, name: str, body: bytes, signed: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        other = self._in_bytes(body)
        return (other if other != body else body + b" "), signed

    def _with_a_changed_signature(self, name: str, body: bytes, signed: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        header = PLATFORMS[name].scheme.header
        value = signed[header]
        at = self.chance.randrange(len(value) - 8, len(value) - 2)  # within the digest, whatever stands before it
        other = self.chance.choice([char for char in "0aZé\ud800,= " if char != value[at]])
        return body, signed | {header: value[:at] + other + value[at + 1 :]}

    def _signs_its_body(self, name: str) -> bool:
        platform = self.platforms[name]
        signed = platform.sign(b'{"a": 1}', datetime.now(UTC))
        try:
            platform.verify(_now(b'{"a": 2}', signed))
        except BadSignature:
            return True
        return False

    def _refuses(self, platform: BasePlatform, body: bytes, headers: dict[str, str]) -> None:
        try:
            platform.verify(_now(body, headers))
        except BadSignature:
            return
        raise AssertionError(f"{platform.name} took what was forged: {body!r} {headers}")

    def _reads(self, platform: BasePlatform, body: bytes) -> None:
        try:
            posts = platform.parse(request(body))
        except BadPayload as problem:
            self.did["unreadable"] += 1
            posts = list(problem.posts)
            assert len(str(problem)) < 600, problem
        self.did["posts"] += len(posts)

    def _answers(self, name: str, body: bytes, headers: dict[str, str], taken: bool) -> None:
        status = app.app(_event("POST", name, body, headers), Context())["statusCode"]
        allowed = range(400, 500) if not taken else (*range(200, 300), *range(400, 500))
        assert status in allowed, f"{name} answered {status} to {body!r} {headers}"
        self.did[f"answered {status}"] += 1

    def _answers_a_question(self, name: str) -> None:
        """A GET of a stranger: whatever it asks, it gets no signature of a body."""
        asked = self.chance.choice(["hub.challenge", "crc_token", "challengeCode", "hub.topic", "hub.mode", "x"])
        text = self.chance.choice(['{"a":1}', "hmacsha256={}", "x" * 5000, "\ud83d", "", "subscribe", "é"])
        event = _event("GET", name, b"", {}) | {"multiValueQueryStringParameters": {asked: [text]}}
        event |= {"queryStringParameters": {asked: text}}
        answer = app.app(event, Context())
        assert answer["statusCode"] < 500, f"{name} answered {answer['statusCode']} to {asked}={text!r}"
        assert answer["statusCode"] >= 400 or "{" not in text, f"{name} signed {text!r} for a stranger"


def _now(body: bytes, headers: dict[str, str]) -> Any:
    return replace(request(body, headers), received_at=datetime.now(UTC))


def _event(method: str, name: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """As API Gateway hands it over, with the body's bytes untouched."""
    context = {"resourcePath": "/webhooks/{platform}", "httpMethod": method, "identity": {}}
    return {
        "resource": "/webhooks/{platform}",
        "path": f"/webhooks/{name}",
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {key: [value] for key, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"platform": name},
        "stageVariables": None,
        "requestContext": context,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def main() -> int:
    """Run the cases and print what was done; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description="Bent bodies against every platform.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--platform", action="append", choices=sorted(PLATFORMS), help="only this one; repeatable")
    args = parser.parse_args()
    logging.getLogger("earshot").setLevel("CRITICAL")
    fuzz, began = Fuzz(args.seed, args.platform or sorted(PLATFORMS)), time.process_time()
    try:
        did = fuzz.run(args.cases)
    except AssertionError as broken:
        print(f"seed {args.seed}: {broken}", file=sys.stderr)
        return 1
    for what, often in sorted(did.items()):
        print(f"{often:>9}  {what}")
    spent = time.process_time() - began
    print(f"{args.cases} cases, {len(fuzz.corpora)} platforms, seed {args.seed}, {spent:.0f} s of CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())
