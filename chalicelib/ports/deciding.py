"""What is asked of the queue, of reading and of rules: the way of a post to its decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from chalicelib.model import (
        Context,
        Counted,
        Decision,
        Declined,
        Facts,
        Move,
        Parked,
        Pointer,
        Post,
        Published,
        Recommended,
        Sighting,
    )


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
