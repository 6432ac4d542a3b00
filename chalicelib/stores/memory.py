"""The store in one process's memory: the fake beside the real one, with the same promises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from threading import RLock

from chalicelib.errors import Conflict
from chalicelib.model import (
    Action,
    Alert,
    Case,
    CaseStatus,
    Delivery,
    DeliveryState,
    Link,
    Notice,
    OpenCase,
    Post,
    Raised,
    Recommended,
    Recorded,
    Saved,
    Shift,
    Standing,
    Unquoted,
    Verb,
)
from chalicelib.model.notice import keys_of_case
from chalicelib.ports.clock import Clock
from chalicelib.stores import effects, items, skeleton
from chalicelib.stores.effects import Head
from chalicelib.stores.memory_notices import MemoryNotices
from chalicelib.stores.memory_queue import MemoryQueue
from chalicelib.stores.outbox import Outbox

__all__ = ["MemoryQueue", "MemoryStore"]


class MemoryStore:
    """ports.store.Store. `handed_out` is its stream: the cases that a write or a nudge has woken since it was last
    asked.

    `notices` are what its decisions owe to people, `alerts` those that they raised.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self._versions: dict[str, dict[str, Recorded]] = {}
        self._heads: dict[str, Head] = {}
        self._authors: dict[str, tuple[int, tuple[OpenCase, ...]]] = {}
        self._cases: dict[str, Case] = {}
        self._outbox = Outbox()
        self._recommended: dict[str, tuple[Recommended, ...]] = {}
        self._forgotten: dict[str, datetime] = {}
        self._links: dict[str, Link] = {}
        self.notices = MemoryNotices(clock)
        self.alerts: dict[str, Alert] = {}

    def mark_forgotten(self, author_key: str, at: datetime) -> None:
        """When this author asked to be forgotten, the last time."""
        with self._lock:
            self._forgotten[author_key] = max(at, self._forgotten.get(author_key, at))

    def expire(self, post_id: str) -> None:
        """What TTL does: no version is kept any more."""
        with self._lock:
            self._versions.pop(post_id, None)

    def handed_out(self) -> list[str]:
        """The ids of the cases that owe something new, in order, each once."""
        with self._lock:
            return self._outbox.handed_out()

    def standings(self, posts: Sequence[Post]) -> list[Standing]:
        with self._lock:
            return [self._standing(post) for post in posts]

    def glimpses(self, posts: Sequence[Post]) -> list[Standing]:
        with self._lock:
            return [self._glimpse(post) for post in posts]

    def save(self, saved: Saved) -> bool:
        with self._lock:
            if self.record(saved.post.id, saved.decision.post_version):
                return False
            self._check(saved)
            self._write(saved, self._clock())
            return True

    def recorded(self, post_id: str) -> list[Recorded]:
        with self._lock:
            return sorted(self._versions.get(post_id, {}).values(), key=lambda record: record.decided_at)

    def record(self, post_id: str, version: str) -> Recorded | None:
        return self._versions.get(post_id, {}).get(version)

    def decided_since(self, when: datetime) -> Iterator[Recorded]:
        with self._lock:
            kept = [record for versions in self._versions.values() for record in versions.values()]
        return (record for record in kept if record.decided_at >= when)

    def with_words(self, platform: str) -> Iterator[str]:
        with self._lock:
            kept = [name for name, found in self._versions.items() if not all(one.erased for one in found.values())]
        return (post_id for post_id in kept if post_id.startswith(f"{platform}:"))

    def deleted(self, post_ids: Collection[str]) -> set[str]:
        with self._lock:
            return {post_id for post_id in post_ids if self._heads.get(post_id, Head()).deleted}

    def erase_text(self, post_id: str) -> None:
        with self._lock:
            for version, record in self._versions.get(post_id, {}).items():
                post, decision = record.post.without_text(), skeleton.without_words(record.decision)
                self._versions[post_id][version] = replace(record, post=post, decision=decision, erased=True)

    def drop_words(self, case_id: str, post_id: str) -> None:
        with self._lock:
            if case := self._cases.get(case_id):
                self._reword(case, skeleton.wordless_case(case, post_id))

    def forget(self, post_id: str) -> None:
        """Drop words and person from every version of a post."""
        with self._lock:
            for version, record in self._versions.get(post_id, {}).items():
                self._versions[post_id][version] = skeleton.forgotten(record)

    def forget_in_case(self, case_id: str, author_keys: Collection[str]) -> None:
        """Drop from a case whose it is, where it is one of theirs."""
        with self._lock:
            case = self._cases.get(case_id)
            if case is None or case.author_key not in author_keys:
                return
            after = skeleton.forgotten_case(case)
            self._reword(case, after)
            self.notices.reword(lambda notice: skeleton.regathered(notice, case, after))
            self._outbox.reword(case_id, lambda delivery: skeleton.forgotten_delivery(delivery, case))

    def remembered(self, author_key: str) -> list[str]:
        """The cases in an author's record."""
        return [case.case_id for case in self._authors.get(author_key, (0, ()))[1]]

    def forget_author(self, author_key: str) -> None:
        """Drop what an author's record remembers."""
        with self._lock:
            revision, _ = self._authors.get(author_key, (0, ()))
            if revision:
                self._authors[author_key] = (revision + 1, ())
                self._recommended.pop(author_key, None)
                self._links.pop(author_key, None)

    def case(self, case_id: str) -> Case | None:
        return self._cases.get(case_id)

    def cases(self, status: CaseStatus | None = None) -> Iterator[Case]:
        with self._lock:
            newest_first = sorted(self._cases.values(), key=lambda case: case.opened_at, reverse=True)
        return (case for case in newest_first if status in (None, case.status))

    def owed(self, case_id: str) -> list[Delivery]:
        with self._lock:
            return self._outbox.owed(case_id)

    def owing(self) -> Iterator[str]:
        with self._lock:
            return iter(self._outbox.owing())

    def deliveries(self, case_id: str) -> list[Delivery]:
        with self._lock:
            return self._outbox.deliveries(case_id)

    def owe_again(self, case_id: str) -> int:
        with self._lock:
            again = [found for found in self.deliveries(case_id) if found.state in effects.OWED_AGAIN]
            for delivery in again:
                self._outbox.add(replace(delivery, state=DeliveryState.OWED, words=None), self._clock())
            if again:
                self._cases[case_id] = replace(self._cases[case_id], refused=None)
            return len(again)

    def late_cases(self, until: datetime) -> list[Case]:
        """Those whose clocks run and have something due by then, the longest due first."""
        with self._lock:
            due = [
                (late.due, case.id) for case in self._cases.values() if (late := case.next_late) and late.due <= until
            ]
            return [self._cases[case_id] for _, case_id in sorted(due)]

    def lapse(self, after: Case, delivery: Delivery) -> bool:
        """Write what comes about when nobody replied, unless somebody else has, or somebody replied meanwhile."""
        with self._lock:
            now = self._cases.get(after.id)
            if now is None or now.next_late is None or now.lapsed + 1 != after.lapsed:
                return False
            shift = delivery.shift or Shift()
            if shift.priority and now.priority != shift.was_priority:
                return False
            team, priority = shift.team or now.team, shift.priority or now.priority
            self._cases[after.id] = replace(now, lapsed=after.lapsed, team=team, priority=priority)
            self._outbox.add(delivery, self._clock())
            return True

    def move(self, case: Case) -> None:
        """What people did with a case in the CRM, as its author's record learns of it too."""
        with self._lock:
            self._cases[case.id] = case
            revision, remembered = self._authors.get(case.author_key or "", (0, ()))
            after = effects.remembered(remembered, case)
            if after != remembered:
                self._authors[case.author_key or ""] = (revision + 1, after)

    def link(self, author_key: str) -> Link | None:
        """Which customer an author is: the store is its own ports.crm.Identities."""
        return self._links.get(author_key)

    def note_link(self, author_key: str, was: Link | None, link: Link) -> bool:
        """Note it, unless the author has no record or somebody else wrote since."""
        with self._lock:
            _, remembered = self._authors.get(author_key, (0, ()))
            if not remembered or self._links.get(author_key) != was:
                return False
            self._links[author_key] = link
            return True

    def begin(self, raised: Raised, notices: Sequence[Notice]) -> bool:
        """Raise an alert that no post raises; False where it is there."""
        with self._lock:
            if raised.alert.id in self.alerts or raised.case.id in self._cases:
                return False
            self._cases[raised.case.id] = raised.case
            self._raise(raised, self._clock())
            self._owe(notices)
            return True

    def step(self, after: Alert, delivery: Delivery, notices: Sequence[Notice]) -> bool:
        """An alert's next state, with what that owes; False where somebody else wrote one."""
        with self._lock:
            shown = delivery.told.posts if delivery.told else ()
            is_same = self.alerts[after.id].revision == after.revision - 1
            if not is_same or delivery in self._outbox or self.deleted(shown):
                return False
            for post_id in shown:
                self._quote(post_id, frozenset((after.id,)))
            self.alerts[after.id] = after
            self._outbox.add(delivery, self._clock())
            self._owe(notices)
            return True

    def mark_started(self, case_id: str) -> None:
        with self._lock:
            if case_id in self._cases:
                self._cases[case_id] = replace(self._cases[case_id], started=True)

    def take_back(self, case: Case) -> bool:
        with self._lock:
            now = self._cases.get(case.id)
            if now is None or now.posts != case.posts or (now.clock_stopped_at and not now.taken_back_at):
                return False
            at = self._clock()
            self._cases[case.id] = replace(now, taken_back_at=at, clock_stopped_at=at, heeded=now.heeded + 1)
            return True

    def mark_delivered(self, delivery: Delivery, crm: str, receipt: str, renewed: Case | None = None) -> None:
        marked = replace(delivery, state=DeliveryState.DONE, receipt=receipt)

        def opened(case: Case) -> Case:
            if renewed:
                if case.answered_at:
                    raise Conflict("memory: somebody has answered the case meanwhile")
                case = _with_clock(case, renewed)
            return replace(case, crm=crm, crm_ref=receipt, refused=None, status=CaseStatus.OPEN, closed_at=None)

        if renewed and delivery.verb is Verb.ADD_TO_CASE:
            self._renew(renewed)
        self._mark(marked, opened)

    def _renew(self, renewed: Case) -> None:
        """The clock of a later post, unless something was taken back since it was read, or somebody has answered."""
        with self._lock:
            case = self._cases[renewed.id]
            if case.taken_back_at and case.taken_back_at == renewed.taken_back_at and not case.answered_at:
                self._cases[case.id] = replace(_with_clock(case, renewed), heeded=case.heeded + 1)

    def mark_kept(self, delivery: Delivery) -> None:
        self._mark(replace(delivery, state=DeliveryState.KEPT), None)

    def mark_refused(self, delivery: Delivery, words: str) -> None:
        marked = replace(delivery, state=DeliveryState.REFUSED, words=items.short(words))
        self._mark(marked, lambda case: replace(case, refused=items.short(words)))

    def mark_withdrawn(self, delivery: Delivery) -> None:
        marked = replace(delivery, state=DeliveryState.WITHDRAWN)
        now = self._clock()
        self._mark(marked, lambda case: replace(case, status=CaseStatus.WITHDRAWN, clock_stopped_at=now))

    def nudge(self, owed_since: datetime) -> int:
        with self._lock:
            return self._outbox.nudge(owed_since, self._clock())

    def _reword(self, before: Case, after: Case) -> None:
        """The case, and what people were told of it."""
        told = keys_of_case(before.id, len(before.late))
        if after != before:
            self.notices.reword(lambda notice: skeleton.retold(notice, after) if notice.key in told else notice)
        self._cases[before.id] = after

    def _glimpse(self, post: Post) -> Standing:
        author = post.author_key
        is_known = author in self._authors or author in self._links
        if post.action is not Action.CREATE or author is None or is_known:
            return self._standing(post)
        return Standing(is_glimpse=True, forgotten_at=self._forgotten_at(post))

    def _standing(self, post: Post) -> Standing:
        head, author = self._heads.get(post.id, Head()), post.author_key or ""
        revision, remembered = self._authors.get(author, (0, ()))
        open_cases = effects.not_forgotten(remembered, self._clock()) if remembered else ()
        return Standing(
            revision, open_cases, head.deleted, head.edited, head.latest_at, head.seen, head.case_id,
            self._recommended.get(author, ()), self._links.get(author), head.quoted_in,
            forgotten_at=self._forgotten_at(post),
        )  # fmt: skip

    def _forgotten_at(self, post: Post) -> datetime | None:
        return self._forgotten.get(post.author_key or "") if effects.may_be_forgotten(post, self._clock()) else None

    def _check(self, saved: Saved) -> None:
        """Every condition of the write, before any of it."""
        revision, _ = self._authors.get(saved.post.author_key or "", (0, ()))
        head = self._heads.get(saved.post.id, Head())
        stands = (
            saved.remembers is None or saved.post.author_key is None or revision == saved.standing.revision,
            not effects.needs_head(saved) or effects.same_head(head, saved.standing),
            saved.opens is None or saved.opens.id not in self._cases,
            saved.joins is None or saved.joins in self._cases,
            effects.can_soften(self._cases.get(saved.joins or ""), saved),
            not any(delivery in self._outbox for delivery in saved.deliveries),
            all(self._can_raise(raised) for raised in saved.raised),
            not self.deleted(effects.quotes_of_others(saved)),
            all(self._can_unquote(each) for each in saved.unquoted),
        )
        if not all(stands):
            raise Conflict("memory: the author, the post or the case changed since it was read")

    def _write(self, saved: Saved, now: datetime) -> None:
        item = {name: value for name, value in items.decision_item(saved, now).items() if value is not None}
        self._versions.setdefault(saved.post.id, {})[saved.decision.post_version] = items.recorded(item)
        if effects.needs_head(saved):
            self._heads[saved.post.id] = effects.head_after(saved)
        if saved.remembers is not None and saved.post.author_key is not None:
            remembered = effects.most_recent(saved.remembers)
            self._authors[saved.post.author_key] = (saved.standing.revision + 1, remembered)
            self._recommended[saved.post.author_key] = effects.recommended_after(saved)
        if saved.opens:
            self._cases[saved.opens.id] = saved.opens
        if saved.joins:
            self._cases[saved.joins] = effects.joined(self._cases[saved.joins], saved, now)
        for delivery in saved.deliveries:
            self._outbox.add(delivery, now)
        self._write_alerts(saved, now)
        self._owe(saved.notices)

    def _write_alerts(self, saved: Saved, now: datetime) -> None:
        for case in saved.parents:
            self._cases[case.id] = case
        for raised in saved.raised:
            self._raise(raised, now)
        for post_id, names in effects.quotes_of_others(saved).items():
            self._quote(post_id, names)
        for each in saved.unquoted:
            self._outbox.add(each.delivery, now)
            if each.alert:
                self.alerts[each.alert.id] = each.alert

    def _quote(self, post_id: str, alerts: frozenset[str]) -> None:
        head = self._heads.get(post_id, Head())
        self._heads[post_id] = replace(head, quoted_in=head.quoted_in | alerts)

    def _can_unquote(self, each: Unquoted) -> bool:
        same = each.alert is None or self.alerts[each.alert.id].revision == each.alert.revision - 1
        return same and each.delivery not in self._outbox

    def _can_raise(self, raised: Raised) -> bool:
        earlier = raised.earlier
        same = earlier is None or self.alerts[earlier.id].revision == earlier.revision - 1
        return same and raised.alert.id not in self.alerts and raised.case.id not in self._cases

    def _raise(self, raised: Raised, now: datetime) -> None:
        self.alerts[raised.alert.id] = raised.alert
        self._outbox.add(raised.delivery, now)
        if raised.earlier:
            self.alerts[raised.earlier.id] = raised.earlier

    def _owe(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            self.notices.owe(notice)

    def _mark(self, marked: Delivery, on_case: Callable[[Case], Case] | None) -> None:
        with self._lock:
            if not self._outbox.can_become(marked):
                return
            if on_case and marked.verb is Verb.OPEN_CASE:
                if marked.case_id not in self._cases:
                    raise Conflict("memory: the delivery's case is not there")
                self._cases[marked.case_id] = on_case(self._cases[marked.case_id])
            self._outbox.mark(marked)


def _with_clock(case: Case, renewed: Case) -> Case:
    late, due = renewed.late, renewed.first_reply_due
    return replace(case, late=late, first_reply_due=due, clock_stopped_at=None, taken_back_at=None)
