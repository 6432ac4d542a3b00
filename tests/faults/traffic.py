"""A day of deliveries by a seed: four platforms, everything that comes twice, late, broken, forged or too much.

Each delivery knows what it carries, so that the books can be kept without asking the service what it heard.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from infra.local.samples import (
    ACME_ON_MASTODON,
    PAGE,
    Body,
    envelope,
    facebook,
    facebook_comment,
    mastodon_status,
    plain_post,
    x_like,
    x_post,
)

PILL = "SEGMENTATION-PILL"  # a post with this word ends the process that decides it
REFUSED = "REFUSE-THIS-CASE"  # an entry with this word is one that the CRM will never take
GENERIC = "standard-webhooks"
NEARBY = 40  # how far a delivery may be from its place: what is edited may overtake what it edits
COMPLAINTS = (
    "You charged me twice, I want my money back",
    "No internet since six this morning",
    "The technician never came, second time",
    "Two hours on hold and nobody answers",
)
TALK = ("nice window at the acme shop", "lunch near the acme tower", "walked past the acme shop today")
QUESTION, PRAISE = "How do I activate my new SIM?", "The people in the shop were brilliant, thank you!"
SPAM = "GIVEAWAY!! follow me and win $500 now https://win.example/x"
Who = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """One version of a post that a delivery carries: `what` tells the versions of one post apart."""

    post_id: str
    what: str = "created"


@dataclass(frozen=True, slots=True)
class Sending:
    """One delivery: what it carries, and how it must be answered. `parks`: its body cannot be read, or not wholly."""

    platform: str
    raw: bytes
    carries: tuple[Said, ...] = ()
    status: int = 200
    forged: bool = False
    parks: bool = False
    again: bool = False


class Traffic:
    """Makes deliveries; `pills` are the posts that no function survives."""

    def __init__(self, seed: str) -> None:
        self.luck = random.Random(seed)  # noqa: S311
        self.pills: set[str] = set()
        self._number = 0
        self._began = datetime.now(UTC) - timedelta(hours=6)

    def deliveries(self, count: int) -> list[Sending]:
        """So many, each near its place in the order in which things happened; one in ten comes a second time."""
        kinds, weights = zip(*KINDS, strict=True)
        first = [*self.poisoned(max(3, count // 2500))]
        while len(first) < count - count // 11:
            (kind,) = self.luck.choices(kinds, weights)
            first += kind(self)
        first = first[: count - count // 11]
        again = self.luck.choices([one for one in first if not one.parks], k=count - len(first))
        placed = [(place + self.luck.uniform(0, NEARBY), one) for place, one in enumerate(first)]
        placed += [(self.luck.uniform(0, len(first)), replace(one, again=True)) for one in again]
        return [one for _, one in sorted(placed, key=lambda item: item[0])]

    def poisoned(self, count: int) -> list[Sending]:
        """Posts that end whoever decides them."""
        made = [self.plain(f"{PILL} {self.luck.choice(TALK)}") for _ in range(count)]
        self.pills |= {said.post_id for one in made for said in one.carries}
        return made

    def next(self) -> tuple[int, datetime]:
        """Another number, and the time of its post."""
        self._number += 1
        return self._number, (self._began + timedelta(seconds=self._number / 2)).replace(microsecond=0)

    def somebody(self) -> Who:
        """One of some hundreds: most are heard more than once."""
        number = self.luck.randrange(100, 700)
        return str(number), f"person{number}"

    def one(self, text: str, who: Who | None = None) -> Sending:
        """A new post on any platform."""
        (number, at), who, platform = self.next(), who or self.somebody(), self.luck.randrange(4)
        text = f"{text} #{number}"
        if platform == 0:
            return _of("facebook", facebook_comment(number, who, text, at), f"1_{number}")
        if platform == 1:
            return _of("x", x_post("mention", number, who, text, at), str(number))
        if platform == 2:
            return _of("mastodon", mastodon_status(number, who, f"<p>{text}</p>", at), str(number))
        return self.plain(text, who)

    def plain(self, text: str, who: Who | None = None) -> Sending:
        """A new post by the generic endpoint."""
        number, at = self.next()
        return _generic("post.created", [plain_post(number, who or self.somebody(), text, at)], at, number)


def _of(platform: str, body: Body, *natives: str, what: str = "created") -> Sending:
    carries = tuple(Said(f"{platform}:{native}", what) for native in natives)
    return Sending(platform, json.dumps(body).encode(), carries)


def _generic(kind: str, posts: list[Body], at: datetime, *numbers: int, what: str = "created") -> Sending:
    carries = tuple(Said(f"forum:{number}", what) for number in numbers)
    return Sending(GENERIC, json.dumps(envelope(kind, posts, at)).encode(), carries)


def _talk(traffic: Traffic) -> list[Sending]:
    return [traffic.one(traffic.luck.choice(TALK))]


def _complaint(traffic: Traffic) -> list[Sending]:
    return [traffic.one(traffic.luck.choice(COMPLAINTS))]


def _goes_on(traffic: Traffic) -> list[Sending]:
    """A complaint, and the same person again about it."""
    who = traffic.somebody()
    return [traffic.one(COMPLAINTS[0], who), traffic.one("Three days and still no refund of my money", who)]


def _asks(traffic: Traffic) -> list[Sending]:
    return [traffic.one(traffic.luck.choice((QUESTION, PRAISE)))]


def _edited(traffic: Traffic) -> list[Sending]:
    """Small talk that becomes a complaint."""
    (number, at), who = traffic.next(), traffic.somebody()
    later, calm, angry = at + timedelta(minutes=1), traffic.luck.choice(TALK), traffic.luck.choice(COMPLAINTS)
    if number % 2:
        after = facebook_comment(number, who, f"{angry} #{number}", at, verb="edited")
        return [
            _of("facebook", facebook_comment(number, who, f"{calm} #{number}", at), f"1_{number}"),
            _of("facebook", after, f"1_{number}", what="edited"),
        ]
    return [
        _of("mastodon", mastodon_status(number, who, f"<p>{calm} #{number}</p>", at), str(number)),
        _of("mastodon", mastodon_status(number, who, f"<p>{angry}</p>", at, edited=later), str(number), what="edited"),
    ]


def _deleted(traffic: Traffic) -> list[Sending]:
    """A complaint that is taken back: on some platforms the deletion names no author."""
    (number, at), who = traffic.next(), traffic.somebody()
    text = f"{traffic.luck.choice(COMPLAINTS)} #{number}"
    later = at + timedelta(minutes=1)
    if number % 2:
        gone = facebook_comment(number, who, None, later, verb="remove")
        return [
            _of("facebook", facebook_comment(number, who, text, at), f"1_{number}"),
            _of("facebook", gone, f"1_{number}", what="deleted"),
        ]
    post = plain_post(number, who, text, at)
    taken_back = plain_post(number, who, None, later)
    del taken_back["author"]
    return [
        _generic("post.created", [post], at, number),
        _generic("post.deleted", [taken_back], later, number, what="deleted"),
    ]


def _several(traffic: Traffic) -> list[Sending]:
    """Three comments in one delivery."""
    values, natives = [], []
    for text in (traffic.luck.choice(TALK), traffic.luck.choice(COMPLAINTS), traffic.luck.choice(TALK)):
        number, at = traffic.next()
        values += [change["value"] for change in _changes(number, traffic.somebody(), text, at)]
        natives.append(f"1_{number}")
    return [_of("facebook", facebook(values, traffic.next()[1]), *natives)]


def _changes(number: int, who: Who, text: str, at: datetime) -> list[Body]:
    changes: list[Body] = facebook_comment(number, who, f"{text} #{number}", at)["entry"][0]["changes"]
    return changes


def _guarded(traffic: Traffic) -> list[Sending]:
    """Ours, passed on without a word, too old, spam."""
    (number, at), which = traffic.next(), traffic.luck.randrange(4)
    if which == 0:
        return [_of("facebook", facebook_comment(number, (PAGE, "Acme"), f"On it #{number}", at), f"1_{number}")]
    if which == 1:
        passed_on = mastodon_status(number, traffic.somebody(), "", at, reblog={"id": "1", "content": "<p>Worst</p>"})
        return [_of("mastodon", passed_on, str(number))]
    if which == 2:
        long_ago = at - timedelta(days=30)
        return [_generic("post.created", [plain_post(number, traffic.somebody(), "useless", long_ago)], at, number)]
    who = (ACME_ON_MASTODON, "acme") if number % 2 else traffic.somebody()
    return [_of("mastodon", mastodon_status(number, who, f"<p>{SPAM} #{number}</p>", at), str(number))]


def _liked(traffic: Traffic) -> list[Sending]:
    """Nothing to decide."""
    return [_of("x", x_like(traffic.next()[0], traffic.somebody()))]


def _broken(traffic: Traffic) -> list[Sending]:
    """Signed, and not to be read: not at all, or but for one of its two posts."""
    number, at = traffic.next()
    if number % 2:
        cut = _of("facebook", facebook_comment(number, traffic.somebody(), "cut", at)).raw[:-9]
        return [Sending("facebook", cut, parks=True)]
    good = _changes(number, traffic.somebody(), traffic.luck.choice(TALK), at)[0]["value"]
    body = facebook([good, {**good, "comment_id": {"no": "text"}}], at)
    return [replace(_of("facebook", body, f"1_{number}"), parks=True)]


def _strange(traffic: Traffic) -> list[Sending]:
    """Forged, or to a platform that there is not."""
    number, at = traffic.next()
    body = facebook_comment(number, traffic.somebody(), COMPLAINTS[0], at)
    said = replace(_of("facebook", body), forged=True)
    return [replace(said, status=401) if traffic.luck.random() < 0.7 else replace(said, platform="myspace", status=404)]


def _never_taken(traffic: Traffic) -> list[Sending]:
    """A case that the CRM refuses."""
    return [traffic.one(f"{COMPLAINTS[0]} {REFUSED}")]


KINDS: tuple[tuple[Callable[[Traffic], list[Sending]], float], ...] = (
    (_talk, 66),
    (_complaint, 5),
    (_goes_on, 2),
    (_asks, 3),
    (_edited, 3),
    (_deleted, 3),
    (_several, 2),
    (_guarded, 6),
    (_liked, 2),
    (_broken, 2),
    (_strange, 2),
    (_never_taken, 0.4),
)
