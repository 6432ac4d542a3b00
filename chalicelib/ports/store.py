"""What is asked of the table about posts, cases and what is owed, and for wishes to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from chalicelib.model import Case, CaseStatus, Delivery, Post, Recorded, Saved, Standing
    from chalicelib.model.erasure import Erasure, Held, Stretch


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

    def drop_words(self, case_id: str, post_id: str) -> None:
        """Drop what the case that a post has opened, and what people were told of it, quote of the post.

        Of any other post nothing is changed. May be repeated. Raises Unavailable.
        """

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

    def take_back(self, case: Case) -> bool:
        """Every post of this case is deleted: its clock stops. False where a post has joined since it was read, or
        somebody replied: then nothing is written. Called again, it notes the later time."""

    def mark_delivered(self, delivery: Delivery, crm: str, receipt: str, renewed: Case | None = None) -> None:
        """The CRM has it; `receipt` is the CRM's own id. Of an opening, the case is open and knows it. Idempotent.

        `renewed` is a case that was withdrawn, or of which every post was deleted, with the clock that runs now.
        Raises Conflict where somebody has answered one that was withdrawn meanwhile; the other then has no clock.
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

    def mark(self, erasure: Erasure) -> None:
        """Note when its authors asked, so that what they said before and is decided later is not kept, for as long as
        a message may wait anywhere (`Standing.forgotten_at`)."""

    def search(self, erasure: Erasure) -> Stretch:
        """The next stretch of what is kept, from the erasure's cursor on."""

    def held(self, author_keys: Collection[str]) -> Held:
        """Everything that is kept of what these authors wrote, and their cases, by the same search.

        For people, not for functions: the table reads itself whole for it.
        """

    def forget(self, post_id: str) -> None:
        """Drop words and person from every version of a post; the decisions' skeletons stay."""

    def forget_in_case(self, case_id: str, author_keys: Collection[str]) -> None:
        """Drop from a case whose it is, where it is one of theirs."""

    def remembered(self, author_key: str) -> list[str]:
        """The ids of the cases that an author's record remembers."""

    def forget_author(self, author_key: str) -> None:
        """Drop what an author's record remembers."""

    def advance(self, was: Erasure, now: Erasure) -> bool:
        """Note how far it has come; False when somebody else has moved it on since `was` was read."""
