"""What is asked of channels to people, and of the table about alerts and notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from chalicelib.model import Acknowledgement, Alert, Delivery, Growth, Matter, Notice, Raised, Silence, Telling


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

    def is_owed(self, key: str) -> bool:
        """Whether a channel may not have it yet, since it did not answer, or nobody has tried."""

    def introduce(self, notice: Notice) -> None:
        """Note that this is asked of people about its `about`."""

    def end(self, about: str, at: datetime) -> None:
        """Note that nothing that was asked about it until then is asked any more."""

    def matter(self, about: str) -> Matter:
        """What people were asked about it; empty where that was nothing, or is forgotten."""

    def tellings(self, key: str) -> list[Telling]:
        """What each channel has of it, by the channels' names."""

    def mark(self, telling: Telling) -> None:
        """What a channel has of it from now on; one that is to be told again is handed out at `again_at`."""

    def settle(self, key: str) -> None:
        """Every channel has it, or waits for its own time: it is owed no more."""

    def held(self, channel: str) -> list[Notice]:
        """Those that wait there for the end of quiet hours, the oldest first, 99 at most."""

    def holding(self) -> set[str]:
        """The channels in which something waits, or did within the last 30 days."""

    def hand_out(self, key: str, channel: str | None = None) -> None:
        """Hand out what is held in that channel; without one, the notice for all that have nothing of it."""

    def gather(self, digest: Notice, channel: str, held: Sequence[Notice]) -> bool:
        """Owe one notice instead of those that were held there, all or nothing; False where one is held no more."""

    def wake(self, owed_since: datetime) -> int:
        """Hand out again what is due once more, and what has been owed since before then; how many."""

    def acknowledge(self, given: Acknowledgement, asked_at: datetime) -> bool:
        """Note that somebody has taken up what was asked then; False where somebody had: that one stands."""

    def acknowledged(self, about: str) -> Acknowledgement | None:
        """Who was the last to take it up, and until when that covers what was asked."""

    def silence(self, silence: Silence) -> None:
        """Keep a silence."""

    def silences(self) -> list[Silence]:
        """All that are kept, those that are over too, the one that ends last first."""

    def end_silence(self, name: str, who: str) -> bool:
        """End one before its time; False where there is none of that id, or it was ended."""
