"""How often something repeats: the state of one window, and the one function that counts a sighting in it.

The same function counts in memory (stories, `earshot decide`, replay) and on the table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from chalicelib.model.decision import Answer
from chalicelib.model.growth import Tally
from chalicelib.model.runs import STEPS, Run, began, counted
from chalicelib.model.sample import Sample, evidence, with_post

GRACE = timedelta(minutes=5)
MOST = 256  # counted one by one; a larger number needed is reached by counting a share
MOST_COMPARED = 128  # of a number that comes of comparing: it is an estimate, and half of it stands out by chance never
WAITS = 10  # a sighting that may wait to be written down does so for less than a tenth of `within`
REMEMBERED_CROSSINGS = 64
REMEMBERED_QUIETS = 8  # before the last: a post that comes after so many crossings is late
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_DAY = 253_402_214_400_000  # of the calendar: a platform's nonsense must not end in an error


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule asks of its windows.

    `times_usual` compares with the same hour of the weeks before, `times_lately` with the day and the hours before.
    `goes_on`: what is seen while it is quiet crosses too, though nobody counts it.
    """

    at_least: int
    within: timedelta
    quiet: timedelta
    times_usual: float | None = None
    times_lately: float | None = None
    goes_on: bool = False

    @property
    def compares(self) -> bool:
        """Whether how many it needs depends on how many there were before."""
        return self.times_usual is not None or self.times_lately is not None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One post in one window: `group` is the rule, `window` the rule and what it counts apart, `who` what is counted.

    `who` is the author's key where different authors are counted, else the post's id. `raises`: a crossing is an alert,
    whose growth is counted too; `words` are those that may tell what it is about.
    """

    group: str
    window: str
    post_id: str
    who: str
    at: datetime
    terms: Terms
    raises: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """What is remembered of one window, in milliseconds since 1970; everybody in it by a hash, no name and no text.

    `crossings` are the last posts that crossed, so that each of them gets its answer again. `on` is the last of them as
    long as its alert may be on, `whos` are those who made it cross, until counting begins anew. `posts` are the latest
    that were counted, as far as they can be in a stretch that crosses; after a crossing, those of its stretch. `quiets`
    are the ends of the quiets of the crossings before, the latest first. `begins` are when the first post of each
    crossing's stretch was said, of the last one and those before it, where a rule goes on matching (`Terms.goes_on`).
    """

    runs: tuple[Run, ...] = ()
    latest: int | None = None
    quiet_until: int | None = None
    crossings: tuple[str, ...] = ()
    on: str | None = None
    whos: Tally = field(default_factory=Tally)
    posts: tuple[Sample, ...] = ()
    quiets: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Crossed:
    """What is known of one crossing: the post's mark, that of the crossing before, latest time and the posts of
    its stretch, the latest first."""

    mark: str
    before: str | None
    latest: datetime | None = None
    posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a window answers to one sighting: `count` of the `needed`, or why nothing was counted.

    `crossed` is there where it crossed by this sighting.
    """

    answer: Answer
    count: int = 0
    needed: int = 0
    instead: str | None = None
    crossed: Crossed | None = None


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
    changes, the answer is right whatever others have counted since this state was read. Above `MOST` (of an
    estimate `MOST_COMPARED`) a half, a quarter ... of all whos is counted.
    """
    at, within, share = millis(sighting.at), _ms(sighting.terms.within), _share(sighting, needed)
    uncounted = _uncounted(window, sighting, at, needed)
    if uncounted:
        return window, uncounted
    runs, found = counted(window.runs, mark(sighting.who), at, within, share)
    if runs == window.runs:
        return window, Counted(Answer.NO, min(found.count, needed - 1), needed)
    if found.count < needed:
        return _counting(window, runs, sighting, at), Counted(Answer.NO, found.count, needed)
    latest = max(at, window.latest or at)
    crossings = (mark(sighting.post_id), *window.crossings)[:REMEMBERED_CROSSINGS]
    quiet_until = latest + _quiet(sighting)
    whos = Tally().with_marks((run.who for run in runs if run.last > at - within), share)
    posts = evidence(_posts(window), sighting.post_id, at, found.end - within) if sighting.raises else ()
    quiets = _quiet_ends(window)[:REMEMBERED_QUIETS]
    first = began(runs, found.end, within)
    begins = (first, *window.begins)[: REMEMBERED_QUIETS + 1] if sighting.terms.goes_on else ()
    crossed = Window((), latest, quiet_until, crossings, crossings[0], whos, posts, quiets, begins)
    return crossed, Counted(Answer.YES, found.count, needed, crossed=_crossing(crossed, sighting))


def caught_up(window: Window, waiting: Sequence[Sighting], needed: int) -> Window:
    """The window with sightings that were counted before it was read anew, and not written down: none of them crosses,
    which is left to the next."""
    for each in waiting:
        at = millis(each.at)
        if _uncounted(window, each, at, needed) is None:
            share = _share(each, needed)
            runs, _ = counted(window.runs, mark(each.who), at, _ms(each.terms.within), share)
            window = window if runs == window.runs else _counting(window, runs, each, at)
    return window


def may_wait(waiting: Sequence[Sighting], sighting: Sighting, needed: int) -> bool:
    """Whether a sighting that crosses nothing may be written down with a later one.

    Only where the number needed comes of comparing: it is an estimate, and what waits is less than a twentieth of it
    and younger than a tenth of `within`. All other windows know every sighting before its post is decided.
    """
    if not sighting.terms.compares or (len(waiting) + 1) * STEPS * _share(sighting, needed) > needed:
        return False
    waits = abs(sighting.at - waiting[0].at) if waiting else timedelta(0)
    return waits < sighting.terms.within / WAITS


def _counting(window: Window, runs: tuple[Run, ...], sighting: Sighting, at: int) -> Window:
    """The window with these runs, which cross nothing yet."""
    latest, within = max(at, window.latest or at), _ms(sighting.terms.within)
    oldest = latest - _ms(GRACE) - within  # no stretch that can still cross holds it
    alive = tuple(run for run in runs if run.last > oldest)
    # An empty window ends its alert, once nothing that is late can fill it any more.
    on = window.on if at <= _quiet_or_counted(window) + within + _ms(GRACE) else None
    posts = with_post(_posts(window), sighting.post_id, at, oldest) if sighting.raises else ()
    return replace(window, runs=alive, latest=latest, on=on, whos=Tally(), posts=posts)


def _uncounted(window: Window, sighting: Sighting, at: int, needed: int) -> Counted | None:
    """The answer to one that crossed before, or that is not counted; None: count it."""
    if crossed := _crossing(window, sighting):
        return Counted(Answer.YES, needed, needed, crossed=crossed)
    if window.quiet_until is not None and at <= window.quiet_until:
        if sighting.terms.goes_on:
            return _going_on(window, sighting, at, needed)
        return Counted(Answer.NO, needed=needed, instead=f"quiet until {shown(window.quiet_until)}")
    if window.latest is not None and at < window.latest - _ms(GRACE):
        return Counted(Answer.NO, needed=needed, instead="more than 5 minutes late")
    return None


def _going_on(window: Window, sighting: Sighting, at: int, needed: int) -> Counted:
    """The answer to one that was not said after the last quiet: yes from the first post of a crossing's stretch on.

    As far back as quiets are remembered, so that a function that has not heard of the last crossings says the same.
    """
    which, until = [*enumerate(_quiet_ends_after(window, at))][-1]
    earliest = until - _quiet(sighting) - _ms(GRACE + sighting.terms.within)  # what the version before remembers of it
    first = window.begins[which] if which < len(window.begins) else earliest
    if at < first:
        return Counted(Answer.NO, needed=needed, instead=f"from before {shown(first)}, when it began")
    return Counted(Answer.YES, needed=needed, instead=f"goes on until {shown(until)}")


def _crossing(window: Window, sighting: Sighting) -> Crossed | None:
    """What is still known of the crossing by this post; None where it did not cross."""
    name = mark(sighting.post_id)
    if name not in window.crossings:
        return None
    at = window.crossings.index(name)
    before = next(iter(window.crossings[at + 1 :]), None)
    if at or window.runs or window.latest is None:
        return Crossed(name, before)
    return Crossed(name, before, moment(window.latest), tuple(post.id for post in window.posts))


def growing(window: Window, sighting: Sighting) -> str | None:
    """Which crossing's alert this post belongs to, by the window after it; None where none is on, or it is late.

    One of a quiet belongs to the crossing that made it quiet, whatever has crossed since: a function that has not heard
    of that says the same.
    """
    if not sighting.raises or window.latest is None:
        return None
    at, grace = millis(sighting.at), _ms(GRACE)
    if quiets := _quiet_ends_after(window, at):
        latest = quiets[-1] - _quiet(sighting)
        return window.crossings[len(quiets) - 1] if at >= latest - grace else None
    return window.on if at >= window.latest - grace else None


def _quiet_ends(window: Window) -> tuple[int, ...]:
    """When the quiets of its crossings end, the latest first, as far back as they are remembered."""
    return () if window.quiet_until is None else (window.quiet_until, *window.quiets)


def _quiet_ends_after(window: Window, at: int) -> list[int]:
    """Those of the quiets that were not over then, the latest first."""
    return list(takewhile(lambda end: at <= end, _quiet_ends(window)))


def _quiet(sighting: Sighting) -> int:
    """How long it is quiet after what crosses."""
    return max(_ms(sighting.terms.quiet), _ms(sighting.terms.within) // STEPS)


def _quiet_or_counted(window: Window) -> int:
    """The latest time at which something may have been seen; posts of a quiet are not written down one by one."""
    return max(window.latest or 0, window.quiet_until or 0)


def _posts(window: Window) -> tuple[Sample, ...]:
    """The posts that were counted towards the next crossing; what stands with one that was is not among them."""
    return window.posts if window.runs else ()


def not_after(sighting: Sighting, now: datetime | None) -> Sighting:
    """The sighting, its time at most now: one of the future, by a wrong clock, would make all that follow late."""
    return sighting if now is None or sighting.at <= now else replace(sighting, at=now)


def share_of(needed: int, most: int = MOST) -> int:
    """One of how many whos is counted: 1 up to `most`, then 2, 4, 8 ..."""
    share = 1
    while needed > most * share:
        share *= 2
    return share


def _share(sighting: Sighting, needed: int) -> int:
    """A rule's own `at least` is counted exactly, a number that comes of comparing by a share sooner."""
    return share_of(needed, MOST if needed <= sighting.terms.at_least else MOST_COMPARED)


def mark(name: str) -> str:
    """A short hash of any text, lone surrogates included."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def millis(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (at - _EPOCH) // _MILLISECOND


def moment(milliseconds: int) -> datetime:
    """The instant so many milliseconds after 1970; the calendar's last day for all that are later."""
    return _EPOCH + min(milliseconds, _LAST_DAY) * _MILLISECOND


def shown(milliseconds: int) -> str:
    """An instant for people, in UTC."""
    return moment(milliseconds).strftime("%Y-%m-%d %H:%M UTC")


def _ms(length: timedelta) -> int:
    return length // _MILLISECOND
