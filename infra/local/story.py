"""The story `make run` tells: deliveries in order, and what must have come of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from infra.local.samples import (
    ACME_ON_MASTODON,
    PAGE,
    Body,
    ago,
    envelope,
    facebook,
    facebook_comment,
    mastodon_status,
    plain_post,
    x_dm,
    x_like,
    x_post,
)

ANA, BO, CY, DI, EVE = ("501", "Ana Ruiz"), ("502", "Bo Lund"), ("503", "Cy Ng"), ("504", "Di Okoro"), ("505", "Eve")
KIM, LEE, MIA, NIK = ("9101", "kim_k"), ("9102", "lee_l"), ("9103", "mia_m"), ("9104", "nik_n")
OLA, PIA, QUIN = ("71", "ola@social.example"), ("72", "pia@social.example"), ("73", "quin@social.example")
RAY, SAM, TOM, UMA = ("r1", "ray"), ("s1", "sam"), ("t1", "tom"), ("u1", "uma")


@dataclass(frozen=True, slots=True)
class Step:
    """One delivery. `expect` holds, for each post that must be decided by it, its id and the decision in short.

    `waits`: what was decided before must have reached the CRM first, or there would be two right endings.
    """

    tells: str
    platform: str
    body: Body | bytes
    expect: dict[str, str] = field(default_factory=dict)
    status: int = 200
    forged: bool = False
    parks: bool = False
    waits: bool = False

    @property
    def raw(self) -> bytes:
        """The bytes on the wire, escaped as Meta escapes them."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True, slots=True)
class ExpectedCase:
    """A case that must be there in the end: who opened it, and how many entries follow its opening."""

    post_id: str
    rule: str
    entries: int


def steps(now: datetime | None = None) -> Iterator[Step]:
    """The story, its times close to `now`."""
    chapters = (
        _complaints,
        _follow_ups,
        _other_voices,
        _edits,
        _deletions,
        _disorder,
        _ourselves_and_noise,
        _what_must_not_work,
    )
    for chapter in chapters:
        yield from chapter(now)


def expected_cases() -> list[ExpectedCase]:
    """What the CRM has in the end."""
    return [
        ExpectedCase("facebook:1_1", "refund-public", entries=1),
        ExpectedCase("x:8001", "how-do-i", entries=0),
        ExpectedCase("mastodon:3001", "praise", entries=0),
        ExpectedCase("facebook:1_3", "danger-device", entries=0),
        ExpectedCase("x:8002", "outage-report", entries=1),
        ExpectedCase("x:8101", "still-waiting", entries=1),
        ExpectedCase("forum:1", "bad-review", entries=0),
        ExpectedCase("mastodon:3002", "fault-report", entries=1),
        ExpectedCase("facebook:1_4", "delivery-late", entries=1),
        ExpectedCase("facebook:1_21", "outage-report", entries=0),
        ExpectedCase("forum:3", "angry", entries=0),
    ]


def _complaints(now: datetime | None) -> Iterator[Step]:
    charged = facebook_comment(1, ANA, "CHARGED TWICE again @acme, réfund me!", ago(40, now))
    yield Step(
        "Ana was charged twice and says so under our post.",
        "facebook",
        charged,
        {"facebook:1_1": "escalate refund-public"},
    )
    yield Step("Facebook delivers it a second time.", "facebook", charged)
    yield Step(
        "Ana again, in the same thread: no case of its own, but a note on hers.",
        "facebook",
        facebook_comment(2, ANA, "Three days, and I am still waiting for the money back", ago(30, now)),
        {"facebook:1_2": "escalate refund-public"},
    )
    yield Step(
        "Bo's router smokes. That is urgent whoever Bo is.",
        "facebook",
        facebook_comment(3, BO, "Our router started to smoke 😱 and the plug melted", ago(3, now)),
        {"facebook:1_3": "escalate danger-device"},
    )


def _follow_ups(now: datetime | None) -> Iterator[Step]:
    yield Step(
        "Lee is offline.",
        "x",
        x_post("mention", 8002, LEE, "@acme no internet in Ballarat since 6 am", ago(28, now)),
        {"x:8002": "escalate outage-report"},
    )
    yield Step(
        "Lee answers in that thread: no rule matches, but it belongs to the case.",
        "x",
        x_post("reply", 8003, LEE, "@acme also the house next door", ago(27, now), answers=8002),
        {"x:8003": "ignore no rule"},
    )
    yield Step(
        "Mia writes a direct message ...",
        "x",
        x_dm(8101, MIA, "Two hours ON HOLD and nobody answers.", ago(26, now)),
        {"x:8101": "escalate still-waiting"},
    )
    yield Step("... and another one.", "x", x_dm(8102, MIA, "hello?", ago(25, now)), {"x:8102": "ignore no rule"})
    yield Step(
        "A review site sends one star.",
        "standard-webhooks",
        envelope("post.created", [plain_post(1, RAY, "Meh.", ago(24, now), kind="review", rating=1)], ago(24, now)),
        {"forum:1": "escalate bad-review"},
    )


def _other_voices(now: datetime | None) -> Iterator[Step]:
    yield Step(
        "Kim has a question: a person gets a recommendation what to answer.",
        "x",
        x_post("mention", 8001, KIM, "@acme How do I activate my new SIM?", ago(23, now)),
        {"x:8001": "recommend how-do-i"},
    )
    yield Step(
        "Ola is happy.",
        "mastodon",
        mastodon_status(3001, OLA, "<p>Ana in the Geelong shop was brilliant,<br />thank you! 👏</p>", ago(22, now)),
        {"mastodon:3001": "recommend praise"},
    )
    talk = [("Nice weather at the Acme tower", ago(21, now)), ("家里断网了", ago(21, now)), ("lunch?", ago(21, now))]
    values = [
        facebook_comment(20 + place, who, text, at)["entry"][0]["changes"][0]["value"]
        for place, (who, (text, at)) in enumerate(zip((CY, DI, EVE), talk, strict=True))
    ]
    yield Step(
        "Three comments in one delivery; Di, in Chinese, is offline.",
        "facebook",
        facebook(values, ago(21, now)),
        {
            "facebook:1_20": "ignore no rule",
            "facebook:1_21": "escalate outage-report",
            "facebook:1_22": "ignore no rule",
        },
    )
    yield Step("Somebody likes us. There is nothing to decide.", "x", x_like(8901, NIK))


def _edits(now: datetime | None) -> Iterator[Step]:
    calm = "<p>New phone from <b>Acme</b>. Let us see.</p>"
    angry = "<p>New phone from Acme. Broken on day one: useless!</p>"
    angrier = "<p>New phone from Acme. Broken on day one: useless, and a disgrace!</p>"
    yield Step(
        "Pia posts calmly ...",
        "mastodon",
        mastodon_status(3002, PIA, calm, ago(20, now)),
        {"mastodon:3002": "ignore no rule"},
    )
    yield Step(
        "... edits it into a complaint: a new version is decided again ...",
        "mastodon",
        mastodon_status(3002, PIA, angry, ago(20, now), edited=ago(19, now)),
        {"mastodon:3002": "escalate fault-report"},
    )
    yield Step(
        "... and once more: told to the case it has by now.",
        "mastodon",
        mastodon_status(3002, PIA, angrier, ago(20, now), edited=ago(18, now)),
        {"mastodon:3002": "escalate fault-report"},
    )


def _deletions(now: datetime | None) -> Iterator[Step]:
    late = facebook_comment(4, CY, "The technician never came, second time", ago(17, now))
    yield Step("Cy complains ...", "facebook", late, {"facebook:1_4": "escalate delivery-late"})
    yield Step(
        "... and takes it back: the case is told, our copy of the text is gone.",
        "facebook",
        facebook_comment(4, CY, None, ago(16, now), verb="remove"),
        {"facebook:1_4": "ignore deleted"},
        waits=True,
    )
    gone = plain_post(2, SAM, None, ago(15, now))
    yield Step(
        "A deletion arrives before its post ...",
        "standard-webhooks",
        envelope("post.deleted", [gone], ago(15, now)),
        {"forum:2": "ignore deleted"},
    )
    yield Step(
        "... so the post, when it comes, is not decided.",
        "standard-webhooks",
        envelope("post.created", [plain_post(2, SAM, "Acme is a scam", ago(16, now))], ago(15, now)),
        {"forum:2": "ignore deleted"},
    )


def _disorder(now: datetime | None) -> Iterator[Step]:
    edited = ago(13, now).isoformat()
    after = plain_post(3, TOM, "Acme, this is a disgrace. Edited.", ago(14, now), edited_at=edited)
    yield Step(
        "An edit arrives before its post: the edit counts ...",
        "standard-webhooks",
        envelope("post.updated", [after], ago(13, now)),
        {"forum:3": "escalate angry"},
    )
    yield Step(
        "... and the older version changes nothing.",
        "standard-webhooks",
        envelope("post.created", [plain_post(3, TOM, "Acme, this is a disgrace", ago(14, now))], ago(14, now)),
        {"forum:3": "ignore superseded"},
    )


def _ourselves_and_noise(now: datetime | None) -> Iterator[Step]:
    yield Step(
        "Our own answer comes back to us.",
        "facebook",
        facebook_comment(5, (PAGE, "Acme"), "Sorry to hear that, we are on it. Refund is under way.", ago(12, now)),
        {"facebook:1_5": "ignore own account"},
    )
    yield Step(
        "Our own account on Mastodon.",
        "mastodon",
        mastodon_status(3003, (ACME_ON_MASTODON, "acme"), "<p>No internet? We can help.</p>", ago(11, now)),
        {"mastodon:3003": "ignore own account"},
    )
    yield Step(
        "Quin passes somebody's words on without a word of their own.",
        "mastodon",
        mastodon_status(3004, QUIN, "", ago(10, now), reblog={"id": "1", "content": "<p>Worst provider ever</p>"}),
        {"mastodon:3004": "ignore repost"},
    )
    bait = "GIVEAWAY!! follow me and win $500 now https://win.example/x"
    yield Step(
        "Spam.",
        "standard-webhooks",
        envelope("post.created", [plain_post(4, UMA, bait, ago(9, now))], ago(9, now)),
        {"forum:4": "ignore spam"},
    )
    old = plain_post(5, UMA, "Acme is useless", ago(60 * 24 * 30, now))
    yield Step(
        "A post of last month is sent today.",
        "standard-webhooks",
        envelope("post.created", [old], ago(8, now)),
        {"forum:5": "ignore too old"},
    )


def _what_must_not_work(now: datetime | None) -> Iterator[Step]:
    forged = facebook_comment(6, NIK, "Acme charged me twice, refund", ago(7, now))
    yield Step("Somebody forges a delivery.", "facebook", forged, status=401, forged=True)
    yield Step("Somebody tries a platform that is not there.", "myspace", {}, status=404, forged=True)
    yield Step(
        "A signed body that nobody can read: parked for a person, and acknowledged.",
        "facebook",
        b'{"object": "page", "entry": [{"id": "100200300400", "changes": [{"fie',
        parks=True,
    )
