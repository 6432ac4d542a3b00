"""How often something repeats: the state of one window, and the one function that counts a sighting in it.

The same function counts in memory (stories, `earshot decide`, replay) and on the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from chalicelib.model.decision import Answer

GRACE = timedelta(minutes=5)
MOST = 256  # counted one by one; a larger number needed is reached by counting a share
LOUD, STEPS = 10, 20
REMEMBERED_CROSSINGS = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_DAY = 253_402_214_400_000  # of the calendar: a platform's nonsense must not end in an error


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule asks of its windows; `times_usual` compares with the same hour of the weeks before."""

    at_least: int
    within: timedelta
    quiet: timedelta
    times_usual: float | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One post in one window: `group` is the rule, `window` the rule and what it counts apart, `who` what is counted.

    `who` is the author's key where different authors are counted, else the post's id.
    """

    group: str
    window: str
    post_id: str
    who: str
    at: datetime
    terms: Terms


@dataclass(frozen=True, slots=True)
class Run:
    """One who's times, from the first to the last of them, without a gap of more than `within`. Milliseconds.

    `times` is how often it grew.
    """

    who: str
    first: int
    last: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Window:
    """What is remembered of one window, in milliseconds since 1970; everybody in it by a hash, no name and no text.

    `crossings` are the last posts that crossed, so that each of them gets its answer again.
    """

    runs: tuple[Run, ...] = ()
    latest: int | None = None
    quiet_until: int | None = None
    crossings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a window answers to one sighting: `count` of the `needed`, or why nothing was counted."""

    answer: Answer
    count: int = 0
    needed: int = 0
    instead: str | None = None


def count(window: Window, sighting: Sighting, needed: int) -> tuple[Window, Counted]:
    """The window after this sighting, and its answer: yes for the one post with which the count is reached.

    Sightings are taken as they arrive, by their post's own time. Not counted is one that is *late* (more than `GRACE`
    before the latest counted) or *quiet* (not after the end of the quiet). All others are counted, and one *crosses*
    when some stretch of length `within` (its beginning excluded) that holds its time holds `needed` different whos
    counted since the last quiet. It is quiet then until `quiet` after the latest counted.

    Of somebody *loud*, whose posts follow each other without a gap of `within` and were counted `LOUD` times at one end
    or the other, a post less than a twentieth of `within` after their last is not counted, and a quiet lasts no less:
    the one who floods a window is not to flood the table.

    A post seen again gets the answer it got (of those that crossed, the last 64) and changes nothing. And where nothing
    changes, the answer is right whatever others have counted since this state was read. Above `MOST` a half, a
    quarter ... of all whos is counted.
    """
    at, within = millis(sighting.at), _ms(sighting.terms.within)
    uncounted = _uncounted(window, sighting, at, needed)
    if uncounted:
        return window, uncounted
    runs, found = _counted(window.runs, mark(sighting.who), at, within, share_of(needed))
    if runs == window.runs:
        return window, Counted(Answer.NO, min(found, needed - 1), needed)
    latest = max(at, window.latest or at)
    if found < needed:
        alive = tuple(run for run in runs if run.last > latest - _ms(GRACE) - within)
        return replace(window, runs=alive, latest=latest), Counted(Answer.NO, found, needed)
    crossings = (mark(sighting.post_id), *window.crossings)[:REMEMBERED_CROSSINGS]
    quiet_until = latest + max(_ms(sighting.terms.quiet), within // STEPS)
    return Window((), latest, quiet_until, crossings), Counted(Answer.YES, found, needed)


def _uncounted(window: Window, sighting: Sighting, at: int, needed: int) -> Counted | None:
    """The answer to one that crossed before, or that is not counted; None: count it."""
    if mark(sighting.post_id) in window.crossings:
        return Counted(Answer.YES, needed, needed)
    if window.quiet_until is not None and at <= window.quiet_until:
        return Counted(Answer.NO, needed=needed, instead=f"quiet until {shown(window.quiet_until)}")
    if window.latest is not None and at < window.latest - _ms(GRACE):
        return Counted(Answer.NO, needed=needed, instead="more than 5 minutes late")
    return None


def _counted(runs: tuple[Run, ...], who: str, at: int, within: int, share: int) -> tuple[tuple[Run, ...], int]:
    """The runs with one more sighting, if it is in the share, and how many are together around it."""
    if _is_in(who, share):
        runs = _with(runs, Run(who, at, at), within)
    return runs, share * most_together([run for run in runs if _is_in(run.who, share)], at, within)


def _is_in(who: str, share: int) -> bool:
    return int(who, 16) % share == 0


def not_after(sighting: Sighting, now: datetime | None) -> Sighting:
    """The sighting, its time at most now: one of the future, by a wrong clock, would make all that follow late."""
    return sighting if now is None or sighting.at <= now else replace(sighting, at=now)


def most_together(runs: Sequence[Run], at: int, within: int) -> int:
    """The most different whos in any stretch that holds this time: a stretch ends with a sighting, or here."""
    ends = {at, *(run.first for run in runs if at <= run.first < at + within)}
    return max(len({run.who for run in runs if run.first <= end < run.last + within}) for end in ends)


def share_of(needed: int) -> int:
    """One of how many whos is counted: 1 up to `MOST`, then 2, 4, 8 ..."""
    share = 1
    while needed > MOST * share:
        share *= 2
    return share


def mark(name: str) -> str:
    """A short hash of any text, lone surrogates included."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def millis(moment: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def shown(moment: int) -> str:
    """An instant for people, in UTC."""
    return (_EPOCH + min(moment, _LAST_DAY) * _MILLISECOND).strftime("%Y-%m-%d %H:%M UTC")


def _with(runs: tuple[Run, ...], new: Run, within: int) -> tuple[Run, ...]:
    """The runs with one more sighting; the same where it adds nothing."""
    mine, at = [run for run in runs if run.who == new.who], new.first
    for run in mine:
        if run.first <= at <= run.last or (run.times >= LOUD and run.last < at < run.last + within // STEPS):
            return runs
    touching = [run for run in mine if run.first - within <= at <= run.last + within]
    return (*(run for run in runs if run not in touching), _joined([*touching, new]))


def _joined(runs: Sequence[Run]) -> Run:
    first, last = min(run.first for run in runs), max(run.last for run in runs)
    return Run(runs[0].who, first, last, sum(run.times for run in runs))


def _ms(length: timedelta) -> int:
    return length // _MILLISECOND
