"""A post from the queue to a decision in the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from chalicelib.errors import Conflict, SettingsError
from chalicelib.model import Action, Context, Crossing, Decision, Facts, Post, Saved, Standing
from chalicelib.pipeline.casework import REOPENS, entail
from chalicelib.pipeline.heart import may_soften, moods, relents, softened, with_mood
from chalicelib.pipeline.quoting import with_quotes
from chalicelib.pipeline.raising import with_alerts
from chalicelib.pipeline.standing import is_forgotten, stand
from chalicelib.pipeline.taking_back import stop_clock
from chalicelib.ports.alerting import Alerts
from chalicelib.ports.clock import Clock
from chalicelib.ports.deciding import Reader, Rulebook, Windows
from chalicelib.ports.store import Store

ATTEMPTS = 4  # against writers of the same author; the queue's own retries come after


@dataclass(frozen=True, slots=True)
class Us:
    """Who we are on one platform."""

    handles: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    keeps: Mapping[str, timedelta] = field(default_factory=dict)  # how long a decision is kept, by its outcome


@dataclass(frozen=True, slots=True)
class Triaged:
    """A decision, and whether it is new: `first` is False when an earlier one stands. `alerts` are the ids of what it
    raised."""

    decision: Decision
    first: bool
    case_id: str | None = None
    alerts: tuple[str, ...] = ()


@dataclass(slots=True)
class Desk:
    """Everything needed to decide posts; one per function, used for batch after batch.

    `wrong` says by its place (`platforms.x`) which settings could not be taken: who we are there is not known, and a
    decision stands for good, so the rules decide none of its posts until that is mended.
    """

    store: Store
    rulebook: Rulebook
    read: Reader
    clock: Clock
    oldest_post: timedelta
    us: dict[str, Us]
    windows: Windows | None = None
    reopen_within: timedelta = REOPENS
    wrong: Mapping[str, str] = field(default_factory=dict)
    alerts: Alerts | None = None

    def batch(self, posts: Sequence[Post]) -> Batch:
        """Read what the table knows around all these posts, at a glance."""
        return Batch(self, dict(zip(map(_key, posts), self.store.glimpses(posts), strict=True)))

    def context(self, post: Post, standing: Standing) -> Context:
        """What is known beside the post. Raises SettingsError where its platform's settings are wrong."""
        if why := self.wrong.get(f"platforms.{post.platform}"):
            raise SettingsError(why)
        us = self.us.get(post.platform, Us())
        is_open = any(case.closed_at is None for case in standing.open_cases)
        now = self.clock()
        is_customer = standing.link.tells_a_customer(now) if standing.link else None
        said = moods(post, standing, now)
        return Context(now, us.handles, us.accounts, case_is_open=is_open, is_customer=is_customer, moods=said)


@dataclass(slots=True)
class Batch:
    """Posts of one batch with their standings, each read once unless a save of the batch outdated it."""

    desk: Desk
    standings: dict[tuple[str, str | None], Standing]
    unsettled: set[str] = field(default_factory=set)

    def triage(self, post: Post) -> Triaged:
        """Decide one post and write the decision with all it entails. Raises Unavailable; then nothing is written."""
        for _ in range(ATTEMPTS):
            standing = self._standing(post)
            try:
                return self._decide(post, standing)
            except Conflict:
                self._forget(post)
        raise Conflict(f"{post.id}: other writers kept changing the author's record")

    def settle(self) -> None:
        """Drop the words of posts that were taken back while they were decided, and note what was counted.

        Raises Unavailable; call it again then.

        A deletion that names no author waits in another group of the queue than its post, and an ignored post is
        written without a look at its head (docs/adr/0002). A deletion writes the head and then reads the versions; here
        the version is written and then the head is read: whoever comes second sees the other.
        """
        for post_id in sorted(self.desk.store.deleted(self.unsettled)):
            self.desk.store.erase_text(post_id)
        self.unsettled.clear()
        if self.desk.windows:
            self.desk.windows.settle()

    def _standing(self, post: Post) -> Standing:
        if _key(post) not in self.standings:
            self.standings[_key(post)] = self.desk.store.standings([post])[0]
        return self.standings[_key(post)]

    def _decide(self, post: Post, standing: Standing) -> Triaged:
        desk = self.desk
        saved = self._entailed(post, standing)
        if standing.is_glimpse and not saved.is_bare:  # it may have been edited, deleted or told before
            self._forget(post)
            saved = self._still_raising(saved.decision.crossed, self._entailed(post, self._standing(post)))
        first = desk.store.save(saved)
        if post.action is not Action.DELETE:
            self.unsettled.add(post.id)  # also when it was decided before: the last try may have died in between
        else:
            # All also when the decision stood already: the last try may have died here.
            desk.store.erase_text(post.id)
            if standing.case_id:
                desk.store.drop_words(standing.case_id, post.id)
            stop_clock(desk.store, saved.case_id or standing.case_id)
        if saved.changes_standing:
            self._forget(post)
        raised = tuple(each.alert.id for each in saved.raised) if first else ()
        return Triaged(saved.decision, first, saved.case_id, raised)

    def _still_raising(self, crossed: tuple[Crossing, ...], saved: Saved) -> Saved:
        """With the alerts of windows that it crossed before it was seen to be gone: others find those quiet now."""
        if not saved.decision.guard or not crossed:
            return saved
        decision = replace(saved.decision, crossed=crossed)
        return with_alerts(replace(saved, decision=decision), self.desk.alerts, self.desk.clock(), self.desk.store)

    def _entailed(self, post: Post, standing: Standing) -> Saved:
        """The decision, and all that is to be written for it."""
        desk = self.desk
        decision = stand(post, standing, desk.clock(), desk.oldest_post)
        facts: Facts | None = None
        if decision is None:
            facts = desk.read(post, desk.context(post, standing))
            # Counted before it is saved: whoever dies in between finds it counted, and gets the same answer.
            decision = desk.rulebook.decide(facts, windows=desk.windows, recommended=standing.recommended)
        if decision.keep_for is None and (keeps := desk.us.get(post.platform)):
            decision = replace(decision, keep_for=keeps.keeps.get(decision.outcome))
        kept = post.without_person() if is_forgotten(post, standing) else post
        saved = entail(kept, decision, standing, desk.clock(), desk.reopen_within)
        saved = with_alerts(saved, desk.alerts, desk.clock(), desk.store)
        saved = with_quotes(saved, desk.alerts, desk.store, desk.clock())
        if facts:
            saved = with_mood(saved, facts, desk.clock())
        if facts and relents(facts) and may_soften(saved):  # only then is the case itself read
            saved = softened(saved, desk.store.case(saved.joins or ""), desk.clock())
        return saved

    def _forget(self, post: Post) -> None:
        """What is known of this post and of all others of its author may no longer hold."""
        author = post.author_key
        self.standings = {
            key: value
            for key, value in self.standings.items()
            if key[0] != post.id and (author is None or key[1] != author)
        }


def _key(post: Post) -> tuple[str, str | None]:
    return post.id, post.author_key
