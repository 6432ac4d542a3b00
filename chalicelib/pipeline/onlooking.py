"""What comes about in a story that is played: seen in what people are owed, and in what becomes of its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from chalicelib.model import Case, CaseStatus, Notice, NoticeKind
from chalicelib.ports.clock import Clock
from chalicelib.ports.store import Store
from chalicelib.rulebook.story import Story
from chalicelib.rulebook.story_looks import OVERDUE, SAID, STEP_DOWN, WITHDRAWN, Happening, Look


@dataclass(frozen=True, slots=True)
class Seen:
    """What came about, when, and what it says: to its case, or to people."""

    at: datetime
    what: Happening
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Onlooker:
    """Sees each thing once. `owed` gives all notices that there are, in the order in which they were owed."""

    store: Store
    owed: Callable[[], Sequence[Notice]]
    clock: Clock
    seen: list[Seen] = field(default_factory=list)
    _notices: int = 0
    _changed: set[tuple[str, str]] = field(default_factory=set)

    def look(self, case_ids: Iterable[str]) -> None:
        """See what is new, of these cases and of all that people are owed."""
        for case_id in case_ids:
            if case := self.store.case(case_id):
                self._see_case(case)
        owed = self.owed()
        for notice in owed[self._notices :]:
            if notice.kind.value in SAID:
                self.note(_of(notice), (notice.title, *notice.lines))
        self._notices = len(owed)

    def note(self, what: Happening, words: tuple[str, ...] = ()) -> None:
        """Something has come about just now."""
        self.seen.append(Seen(self.clock(), what, words))

    def _see_case(self, case: Case) -> None:
        if case.softened_at is not None and self._is_new(case, STEP_DOWN):
            headings = [each.heading for each in self.store.deliveries(case.id) if each.shift and each.post_id]
            priority = case.priority.value if case.priority else None
            self.note(Happening(STEP_DOWN, case.rule, priority=priority), tuple(headings[-1:]))
        if case.status is CaseStatus.WITHDRAWN and self._is_new(case, WITHDRAWN):
            self.note(Happening(WITHDRAWN, case.rule), (case.subject,))

    def _is_new(self, case: Case, what: str) -> bool:
        is_new = (case.id, what) not in self._changed
        self._changed.add((case.id, what))
        return is_new


def _of(notice: Notice) -> Happening:
    if notice.kind is not NoticeKind.OVERDUE:
        return Happening(notice.kind.value, notice.rule)
    return Happening(OVERDUE, notice.rule, notice.team, notice.priority.value if notice.priority else None)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What came about that a look does not expect, or not so; `unsaid` are its words that nothing of it said."""

    found: tuple[str, ...]
    unsaid: tuple[str, ...]


def otherwise(story: Story, look: Look, seen: Sequence[Seen]) -> Otherwise | None:
    """How what was seen since the last look differs from what this one expects; None where it does not.

    Each thing must be expected, and each that is expected must have come about, however often.
    """
    new = [each for each in seen if story.is_about(each.what)]
    meant = [each for each in new if any(one.covers(each.what) or one.implies(each.what) for one in look.expected)]
    is_missed = any(not any(one.covers(each.what) for each in new) for one in look.expected)
    said = _folded(chain.from_iterable(each.words for each in meant))
    unsaid = tuple(words for words in look.says if _folded([words]) not in said)
    if not is_missed and len(meant) == len(new) and not unsaid:
        return None
    return Otherwise(tuple(dict.fromkeys(str(each.what) for each in new)), unsaid)


def _folded(words: Iterable[str]) -> str:
    return " ".join(" ".join(words).casefold().split())
