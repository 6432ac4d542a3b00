"""A company's desk in memory for pipeline tests: a rulebook that knows three words, and a CRM that can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.errors import Refused, Unavailable
from chalicelib.model import (
    Author,
    Case,
    Changes,
    Context,
    CrmEvent,
    Customer,
    Decision,
    Entry,
    Facts,
    Finding,
    Kind,
    Outcome,
    Post,
    Priority,
    Profile,
    Recommended,
)
from chalicelib.pipeline import deliver, triage
from chalicelib.pipeline.circuit import Circuit
from chalicelib.pipeline.identity import Registry
from chalicelib.ports.deciding import Windows
from chalicelib.ports.platform import WebhookRequest
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_back_channel import MemoryBackChannel

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OLDEST = timedelta(days=14)


@dataclass
class Watch:
    """A clock that tests turn."""

    time: datetime = NOON

    def __call__(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time


class ThreeWords:
    """`refund` escalates about money, `smoke` about danger, `how` recommends, `win` is ignored by name."""

    version = "three-words"

    def decide(
        self,
        facts: Facts,
        trace: bool = True,
        windows: Windows | None = None,
        recommended: Sequence[Recommended] = (),
    ) -> Decision:
        post, text = facts.post, facts.post.text or ""
        for word, found in self._rules().items():
            if word in text:
                return replace(found, post_id=post.id, post_version=post.version, rulebook=self.version)
        return Decision(post.id, post.version, Outcome.IGNORE, "no rule", rulebook=self.version)

    def _rules(self) -> dict[str, Decision]:
        escalated: dict[str, Any] = {"priority": Priority.HIGH, "team": "care", "join_within": timedelta(days=14)}
        return {
            "smoke": Decision("", "", Outcome.ESCALATE, "danger", rule="danger", topics=("danger",), **escalated),
            "refund": Decision("", "", Outcome.ESCALATE, "money", rule="refund", topics=("money",), **escalated),
            "how": Decision("", "", Outcome.RECOMMEND, "a question", rule="question", team="community"),
            "win": Decision("", "", Outcome.IGNORE, "spam", rule="spam"),
        }


@dataclass
class MemoryCrm:
    """A CRM that keeps its promises; `troubles` are raised first, one a call."""

    name: str = "memory"
    records: dict[str, list[str]] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    known: list[Customer] = field(default_factory=list)
    events: list[CrmEvent] = field(default_factory=list)
    refs: list[str | None] = field(default_factory=list)
    looked_up: list[Profile] = field(default_factory=list)

    @property
    def is_polled(self) -> bool:
        return True

    def customers(self, profile: Profile) -> list[Customer]:
        self.looked_up.append(profile)
        return list(self.known)

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        return list(self.events)

    def poll(self, since: datetime) -> Iterator[Changes]:
        for event in self.events:
            if event.at > since:
                yield Changes((event,), event.at)

    def check(self) -> list[Finding]:
        return [Finding("it is in memory", is_right=True)]

    def open_case(self, case: Case, entry: Entry) -> str:
        self._trouble()
        self._note(self.records.setdefault(case.id, []), entry)
        return f"no-{case.id}"

    def add_to_case(self, case: Case, entry: Entry) -> str:
        self._trouble()
        self.refs.append(case.crm_ref)
        self._note(self.records[case.id], entry)
        return entry.key

    def _note(self, record: list[str], entry: Entry) -> None:
        if entry.key not in record:
            record.append(entry.key)
            self.entries[entry.key] = entry

    def _trouble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


@dataclass
class Office:
    """Triage and delivery over one memory store."""

    clock: Watch = field(default_factory=Watch)
    crm: MemoryCrm | None = field(default_factory=MemoryCrm)
    store: MemoryStore = field(init=False)
    circuit: Circuit = field(init=False)
    channel: MemoryBackChannel = field(init=False)
    registry: Registry | None = None

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.clock)
        self.channel = MemoryBackChannel(self.store, self.clock)
        self.circuit = Circuit(self.clock, timedelta(seconds=30))

    @property
    def desk(self) -> triage.Desk:
        return triage.Desk(self.store, ThreeWords(), read, self.clock, OLDEST, {})

    def hear(self, *posts: Post) -> list[triage.Triaged]:
        batch = self.desk.batch(posts)
        return [batch.triage(post) for post in posts]

    def deliver(self, case_id: str) -> int:
        return deliver.Desk(self.store, self.crm, self.circuit, self.registry, self.channel).deliver(case_id)

    def tell(self) -> None:
        """What the stream does: every case that was handed out, until nothing is."""
        for case_id in self.store.handed_out():
            self.deliver(case_id)

    def entries(self, case_id: str | None) -> list[Entry]:
        assert self.crm is not None
        assert case_id is not None
        return [self.crm.entries[key] for key in self.crm.records.get(case_id, [])]


def read(post: Post, context: Context) -> Facts:
    """All these rules ask for is in the post."""
    return Facts(post, {})


def post(number: int = 1, text: str | None = "refund please", who: str | None = "ana", **more: Any) -> Post:
    """A post of an hour ago."""
    author = Author(id=who, handle=who) if who else Author()
    some: dict[str, Any] = {"kind": Kind.MENTION, "created_at": NOON - timedelta(hours=1), "author": author, **more}
    return Post(id=f"forum:{number}", platform="forum", text=text, **some)


def down(times: int = 1) -> list[Exception]:
    """So many calls without an answer."""
    return [Unavailable("the CRM does not answer") for _ in range(times)]


def refusing() -> list[Exception]:
    """A CRM that will never take it."""
    return [Refused("Subject is a required field")]


Maker = Callable[..., Post]
