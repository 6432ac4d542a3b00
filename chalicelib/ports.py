"""What the pipeline asks of the world. The real parts and the fakes beside them both keep these promises."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.model import (
        Acknowledgement,
        Alert,
        Asked,
        Case,
        CaseStatus,
        Changes,
        Context,
        Counted,
        CrmEvent,
        Customer,
        Decision,
        Declined,
        Delivery,
        Entry,
        Facts,
        Finding,
        Growth,
        Heard,
        Hearing,
        Link,
        Move,
        Notice,
        Parked,
        Pointer,
        Post,
        Profile,
        Published,
        Raised,
        Recommended,
        Recorded,
        Saved,
        Sighting,
        Silence,
        Standing,
        Telling,
    )
    from chalicelib.model.compliance import ComplianceJob
    from chalicelib.model.erasure import Erasure, Stretch
    from chalicelib.model.lease import Grant, Lease, Subscription


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """An HTTP request as it came: header names in lower case, the body's bytes untouched."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to a webhook."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Platform(Protocol):
    """One social platform's webhook contract. `taken` is what it wants a delivery answered that was queued."""

    name: str
    taken: Reply

    def verify(self, request: WebhookRequest) -> None:
        """Return, or raise BadSignature and nothing else, for any bytes and headers whatever."""

    def answer(self, request: WebhookRequest) -> Reply | None:
        """The answer to a verified POST that only asks whether we are here; None for a delivery. Raises nothing."""

    def hear(self, request: WebhookRequest) -> Heard:
        """Everything in a verified delivery: its posts, what was skipped, what could not be read. Raises nothing."""

    def parse(self, request: WebhookRequest) -> list[Post]:
        """The posts of a verified delivery; unknown kinds are skipped. Raises BadPayload and nothing else."""

    def handshake(self, request: WebhookRequest) -> Reply:
        """Answer the platform's verification GET. Raises BadHandshake and nothing else."""

    def grant(self, request: WebhookRequest) -> Grant | None:
        """What a handshake that was answered says of a subscription of ours."""

    def subscriptions(self) -> Iterator[Subscription]:
        """What must be asked of a hub again and again, so that it goes on sending."""

    def permit(self, request: WebhookRequest) -> Reply:
        """Answer an OPTIONS by which a sender asks leave to send. Raises BadHandshake and nothing else."""

    def deletion(self, request: WebhookRequest) -> Erasure:
        """The wish to be forgotten in a request to its deletion callback. Raises BadSignature, BadPayload, NotFound."""

    def forgets(self, request: WebhookRequest) -> Erasure | None:
        """The erasure that a verified delivery demands; None for nearly all of them. Raises nothing."""

    def sign(self, body: bytes, now: datetime) -> dict[str, str]:
        """The headers with which the platform would send these bytes (for `earshot send` and tests)."""


class PostQueue(Protocol):
    """Posts on their way to triage, and bodies nobody could read."""

    def put(self, posts: Sequence[Post], again: str = "") -> None:
        """All of them are queued when this returns; `again` sets this sending apart from those of the last five
        minutes, with which it would be sent once. Raises Unavailable when any is not."""

    def decided(self, receipt: str) -> None:
        """Take one post off the queue before its batch is answered for. Raises Unavailable."""

    def park(self, parked: Parked) -> None:
        """Keep a raw body for a person. Raises Unavailable."""

    def parked(self, limit: int) -> list[Parked]:
        """Look at parked bodies without removing them for long."""

    def unpark(self, parked: Parked) -> None:
        """Remove one that was dealt with."""

    def redrive(self, limit: int) -> int:
        """Move posts from the dead letters back to the queue; how many. Raises Unavailable."""


class Underway(Protocol):
    """Which messages were under way when the function ended, by their ids and receives. Every method may be repeated,
    and raises Unavailable."""

    def begin(self, message: str, receive: int) -> None:
        """It is about to be decided, at its so-manieth receive."""

    def answered(self, message: str, receive: int) -> None:
        """The function lived to answer for it, be it that it failed."""

    def ended(self, messages: Sequence[str]) -> dict[str, int]:
        """Those of these that were begun and never answered for: how often."""


class Reader(Protocol):
    """Text to facts."""

    def __call__(self, post: Post, context: Context) -> Facts:
        """Everything the rules may ask about this post."""


class Windows(Protocol):
    """How often what rules count repeats: their windows, each exact over all functions that count in it."""

    def sight(self, sightings: Sequence[Sighting]) -> list[Counted]:
        """Count one post in each of these windows; what each answers, in their order (`model.window.count`).

        A post seen again gets the answer it got. Raises Conflict when other functions keep changing a window,
        Unavailable when the table does not answer; what was counted by then is counted, and found by the next try.
        """

    def posted(self, author_key: str, post_id: str, at: datetime, days: Collection[int]) -> Mapping[int, int]:
        """Count one post of its author; how many of them there were in so many days up to then (`model.posted`).

        A post seen again counts once. Raises Conflict and Unavailable, as `sight` does.
        """

    def settle(self) -> None:
        """Write down what only this process knows of what is usual; called after each batch. Raises Unavailable."""


class Rulebook(Protocol):
    """One version of all rules."""

    version: str

    def decide(
        self,
        facts: Facts,
        trace: bool = True,
        windows: Windows | None = None,
        recommended: Sequence[Recommended] = (),
    ) -> Decision:
        """The decision with its reasons; `trace` adds each line's answer.

        The same facts always give the same one, where the windows that rules ask and what the author was recommended
        before are the same. Without windows, what `repeats` says is unknown. Raises what `windows` raises.
        """


class Store(Protocol):
    """The table: decisions, authors, cases, and what is owed to the CRM."""

    def standings(self, posts: Sequence[Post]) -> list[Standing]:
        """What is known around each post, in their order. Raises Unavailable."""

    def glimpses(self, posts: Sequence[Post]) -> list[Standing]:
        """The same for less: of a created post whose author has no record, earlier versions are not looked up.

        Enough for a decision that entails nothing (`Saved.is_bare`); `deleted` tells afterwards what was overlooked.
        """

    def save(self, saved: Saved) -> bool:
        """Write a decision with all it entails, or nothing.

        False when this version of the post already has a decision: the first one stands. Raises Conflict when the
        author's record changed since `saved.standing`, Unavailable when the table does not answer.
        """

    def recorded(self, post_id: str) -> list[Recorded]:
        """Every version's decision, oldest first; empty when the post is not known."""

    def record(self, post_id: str, version: str) -> Recorded | None:
        """One version's decision."""

    def decided_since(self, when: datetime) -> Iterator[Recorded]:
        """Every version decided at `when` or later, in no order, one at a time; those whose text is erased too.

        For people, not for functions: the table reads itself whole for it. Raises Unavailable.
        """

    def with_words(self, platform: str) -> Iterator[str]:
        """The ids of the platform's posts of which words are kept, each once, one at a time.

        For people, not for functions: the table reads itself whole for it. Raises Unavailable.
        """

    def deleted(self, post_ids: Collection[str]) -> set[str]:
        """Those of these posts that are deleted now. Raises Unavailable."""

    def erase_text(self, post_id: str) -> None:
        """Drop text and media of every version; the decisions stay."""

    def case(self, case_id: str) -> Case | None:
        """One case."""

    def cases(self, status: CaseStatus | None = None) -> Iterator[Case]:
        """Cases, newest first."""

    def owed(self, case_id: str) -> list[Delivery]:
        """What this case still owes, in order."""

    def owing(self) -> Iterator[str]:
        """The sequences of all deliveries that are owed, of whatever case, in no order."""

    def deliveries(self, case_id: str) -> list[Delivery]:
        """Everything this case owes or has owed, in order."""

    def owe_again(self, case_id: str) -> int:
        """Everything of this case that was refused or kept is owed once more, and the stream hands it out; how many.

        The case is not `refused` any more once one is owed. What is owed, done or withdrawn stays as it is,
        so a call that was cut short is simply repeated. Raises Conflict when somebody else writes the same meanwhile.
        """

    def mark_started(self, case_id: str) -> None:
        """The CRM is about to be asked to open this case. Idempotent; writes only the first time."""

    def mark_delivered(self, delivery: Delivery, crm: str, receipt: str, renewed: Case | None = None) -> None:
        """The CRM has it; `receipt` is the CRM's own id. Of an opening, the case is open and knows it. Idempotent.

        `renewed` is a case that was withdrawn, with the clock that runs from now on. Raises Conflict where somebody has
        answered it meanwhile.
        """

    def mark_kept(self, delivery: Delivery) -> None:
        """There is no CRM to tell."""

    def mark_refused(self, delivery: Delivery, words: str) -> None:
        """The CRM will never take it; `words` are its own."""

    def mark_withdrawn(self, delivery: Delivery) -> None:
        """Its post is gone before anything was told."""

    def nudge(self, owed_since: datetime) -> int:
        """Touch one delivery of each case that owes something and of which the stream was handed nothing since then, so
        that it hands the case out again; how many cases."""


class Erasures(Protocol):
    """Wishes to be forgotten, and what is done for them. Every method may be repeated, and raises Unavailable."""

    def ask(self, erasure: Erasure) -> bool:
        """Note a wish; False where one of its code is noted already: the first one stands."""

    def find(self, code: str) -> Erasure | None:
        """How far one has come."""

    def under_way(self) -> list[Erasure]:
        """Those that are not done, the oldest first."""

    def everything(self) -> list[Erasure]:
        """Those that are done too, the latest first."""

    def search(self, erasure: Erasure) -> Stretch:
        """The next stretch of what is kept, from the erasure's cursor on."""

    def written_by(self, author_keys: Collection[str]) -> Iterator[Recorded]:
        """Everything that is kept of what these authors wrote, by the same search.

        For people, not for functions: the table reads itself whole for it.
        """

    def forget(self, post_id: str) -> None:
        """Drop words and person from every version of a post; the decisions' skeletons stay."""

    def forget_in_case(self, case_id: str, author_keys: Collection[str]) -> None:
        """Drop from a case whose it is, where it is one of theirs."""

    def forget_author(self, author_key: str) -> None:
        """Drop what an author's record remembers; who opted out stays so."""

    def advance(self, was: Erasure, now: Erasure) -> bool:
        """Note how far it has come; False when somebody else has moved it on since `was` was read."""


class Leases(Protocol):
    """How far our subscriptions at hubs reach, by their names."""

    def leases(self, names: Sequence[str]) -> list[Lease]:
        """What is known of each, in their order. Raises Unavailable."""

    def claim(self, lease: Lease, mark: str) -> bool:
        """Note, before a hub is asked, that it is; False when somebody else has since `lease` was read.

        Where `mark` differs from the lease's, something else is asked for than was granted: the old grant is forgotten.
        """

    def granted(self, grant: Grant) -> None:
        """A hub has granted what we asked for, or denied it; nothing where we never asked. Raises Unavailable."""


class Hearings(Protocol):
    """When each platform was last heard, and what it told that day."""

    def add(self, hearing: Hearing) -> None:
        """Count it to its platform's day. Raises Unavailable."""

    def last(self, platform: str) -> Hearing | None:
        """The last day on which the platform told anything; None where it never did. Raises Unavailable."""

    def last_post(self, platform: str) -> datetime | None:
        """When the last post of a platform came, to the minute; None where none ever did. Raises Unavailable."""


class Hub(Protocol):
    """Where subscriptions are asked for."""

    def subscribe(self, subscription: Subscription) -> None:
        """Ask for it; granted it is by the hub's own call. Raises Refused, Unavailable."""


class Rulebooks(Protocol):
    """Published rulebooks: versions that never change, and the pointer to those that decide."""

    def pointer(self) -> Pointer:
        """The versions that decide now. Raises Unavailable."""

    def text(self, version: str) -> str:
        """The bundle of a version. Raises NotFound, Unavailable."""

    def published(self) -> list[Published]:
        """All versions, the one published last first."""

    def moves(self) -> list[Move]:
        """Every move of the pointer, the last first."""

    def declined(self) -> list[Declined]:
        """What running functions could not take lately, the last first."""

    def add(self, published: Published, text: str) -> bool:
        """Keep a version; cut short and called again, it is whole. False when it was there already, as it was."""

    def move(self, move: Move) -> None:
        """Move the pointer and keep the move, both or neither.

        `move.revision` is the one that was read, and one more. Raises Conflict when somebody moved it meanwhile.
        """

    def take(self, revision: int, version: str) -> None:
        """A running function has loaded what the pointer points to at this revision."""

    def decline(self, declined: Declined) -> None:
        """A running function could not; the first to tell it after a move is kept."""


class Crm(Protocol):
    """Where cases are worked on. The first two calls have exactly one effect, however often they are made."""

    name: str

    @property
    def is_polled(self) -> bool:
        """Whether it must be asked what people did there."""

    def open_case(self, case: Case, entry: Entry) -> str:
        """The CRM's id of the case. Raises Refused or Unavailable."""

    def add_to_case(self, case: Case, entry: Entry) -> str:
        """The CRM's id of the entry on `case.crm_ref`. Raises Refused or Unavailable."""

    def customers(self, profile: Profile) -> list[Customer]:
        """The customers who have this profile on their record, found read-only. Raises Unavailable."""

    def hear(self, request: WebhookRequest) -> list[CrmEvent]:
        """What people did there, from its signed webhook; our own doings left out.

        Raises BadSignature for whatever is not signed, BadPayload, NotFound where the CRM has no webhooks.
        """

    def poll(self, since: datetime) -> Iterator[Changes]:
        """What people did there since then, where the CRM has no webhooks: page by page, oldest first, to the end.

        Raises Unavailable between pages; those given so far are whole.
        """

    def check(self) -> list[Finding]:
        """Whether credentials, rights and fields are as the adapter needs them, found read-only. Raises nothing."""


class BackChannel(Protocol):
    """What people did with cases in the CRM. Every method may be repeated, and raises Unavailable."""

    def heed(self, crm: str, event: CrmEvent) -> bool:
        """Move the case and what its author's record remembers of it; whether anything moved.

        False also for an event that was heeded before, is outdated, or is about no case that this CRM was told of.
        Raises Conflict when somebody else changed the case or the record meanwhile.
        """

    def asked(self, crm: str) -> Asked | None:
        """How far a CRM was asked what happened there; None where it never was."""

    def ask(self, crm: str, was: Asked | None, now: Asked) -> bool:
        """Note how far it was asked; False when somebody else has since `was` was read."""


class Channel(Protocol):
    """One way by which people of the company are told at once."""

    name: str

    def tell(self, notice: Notice, times: int) -> None:
        """Tell it there, for the so-manieth time.

        Raises Refused where it will never be taken as it is, Unavailable, SettingsError.
        """


class Alerts(Protocol):
    """Alerts, and how they grow. What raises one is written with its decision (`Saved.raised`). Every method raises
    Unavailable."""

    def find(self, names: Sequence[str]) -> dict[str, Alert]:
        """Those of these ids that there are, as they are now."""

    def on(self) -> list[Alert]:
        """Those that are not over, the latest first; one that was raised a moment ago may be missing."""

    def over(self, since: datetime) -> list[Alert]:
        """Those that ended since then, the latest first; one that ended a moment ago may be missing."""

    def taken_back(self, post_ids: Collection[str]) -> set[str]:
        """Those of these posts that are deleted: no alert shows them."""

    def grow(self, alert_id: str, part: str, growth: Growth) -> None:
        """All that one process saw of an alert, instead of what it wrote before; `part` is in hex digits."""

    def growth(self, alert_id: str) -> Growth:
        """What all processes saw."""

    def begin(self, raised: Raised, notices: Sequence[Notice]) -> bool:
        """Raise one that no post raises, with all it owes, at once or not at all; False where it is there."""

    def step(self, after: Alert, delivery: Delivery, notices: Sequence[Notice]) -> bool:
        """An alert's next state with what that owes, at once or not at all; False where somebody else wrote one."""


class Notices(Protocol):
    """What is owed to people at once, and what each channel has of it. Every method may be repeated, and raises
    Unavailable."""

    def owe(self, notice: Notice) -> bool:
        """Owe it, and let the stream hand it out; False where one of its key is there already."""

    def find(self, key: str) -> Notice | None:
        """One of them; None where it is not there, or forgotten."""

    def introduce(self, notice: Notice) -> None:
        """Note what its `about` is known by; the first notice about it is."""

    def introduced(self, about: str) -> Notice | None:
        """The first that was told about it; None where nobody was told."""

    def tellings(self, key: str) -> list[Telling]:
        """What each channel has of it, by the channels' names."""

    def mark(self, telling: Telling) -> None:
        """What a channel has of it from now on; one that is to be told again is handed out at `again_at`."""

    def settle(self, key: str) -> None:
        """Every channel has it, or waits for its own time: it is owed no more."""

    def held(self, channel: str) -> list[Notice]:
        """Those that wait there for the end of quiet hours, the oldest first, 99 at most."""

    def gather(self, digest: Notice, channel: str, held: Sequence[Notice]) -> bool:
        """Owe one notice instead of those that were held there, all or nothing; False where one is held no more."""

    def wake(self, owed_since: datetime) -> int:
        """Hand out again what is due once more, and what has been owed since before then; how many."""

    def acknowledge(self, about: str, who: str) -> bool:
        """Note that somebody has taken it up; False where somebody had: the first one stands."""

    def acknowledged(self, about: str) -> Acknowledgement | None:
        """Who has taken it up."""

    def silence(self, silence: Silence) -> None:
        """Keep a silence."""

    def silences(self) -> list[Silence]:
        """All that are kept, those that are over too, the one that ends last first."""

    def end_silence(self, name: str, who: str) -> bool:
        """End one before its time; False where there is none of that id, or it was ended."""


class Clocks(Protocol):
    """The clocks of cases that wait for a reply. Every method may be repeated, and raises Unavailable."""

    def due(self, until: datetime) -> Iterator[Case]:
        """The cases of which something is due by then, as they are now, one at a time."""

    def lapse(self, after: Case, delivery: Delivery, notice: Notice) -> bool:
        """Write what comes about since nobody replied, with what it owes to the CRM and to people, at once.

        False where it has come about already, or somebody replied meanwhile: then nothing is written.
        """


class Identities(Protocol):
    """Which customers authors are, in their records. Every method raises Unavailable."""

    def link(self, author_key: str) -> Link | None:
        """What is known of an author."""

    def note_link(self, author_key: str, was: Link | None, link: Link) -> bool:
        """Note it; False where the author has no record (no case, or forgotten), or somebody else wrote since `was`."""


class Compliance(Protocol):
    """A platform that never tells of others' deletions, and answers for lists of ids. All calls raise Unavailable when
    it does not answer now, Refused when it never will."""

    platform: str

    def jobs(self) -> list[ComplianceJob]:
        """The jobs there are, whoever began them."""

    def begin(self, name: str) -> ComplianceJob:
        """A new job, still without ids. Raises Conflict where one runs already."""

    def look(self, job: ComplianceJob) -> ComplianceJob:
        """The job as it stands now."""

    def ask(self, job: ComplianceJob, native_ids: Sequence[str]) -> None:
        """Hand over the ids; a second time they take the place of the first."""

    def gone(self, job: ComplianceJob) -> Iterator[str]:
        """The ids of the posts that must go, of a job that is complete."""


class Clock(Protocol):
    """The time, aware and in UTC."""

    def __call__(self) -> datetime:
        """Now."""
