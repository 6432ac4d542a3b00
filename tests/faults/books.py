"""The books of a run: what went in, what came of it, and what does not balance, by name.

Both sides come from elsewhere than the code that is tried: what went in from the senders, what came out from the table,
the queues and the CRM as they are in the end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.model import Case, CaseStatus, Delivery, DeliveryState, Outcome, Parked, Recorded, Verb
from tests.faults.sender import Sent
from tests.faults.traffic import Said

SHOWN = 10
SENT_BY_BOTO3 = 3  # times, where it gets no answer
NO_ORDER = "9999999999."  # the beginning of a sequence that follows from no author's record (pipeline/casework.py)


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the ledger: a total and its parts; `odd` names what should not be."""

    name: str
    total: int
    parts: Mapping[str, int]
    odd: tuple[str, ...] = ()

    @property
    def balances(self) -> bool:
        """Whether nothing is lost, double or odd."""
        return self.total == sum(self.parts.values()) and not self.odd

    def __str__(self) -> str:
        parts = " + ".join(f"{count:,} {name}" for name, count in self.parts.items()) or "0"
        told = f"{'ok' if self.balances else 'WRONG':<6} {self.total:>7,} {self.name:<34} = {parts}"
        more = [f"... and {len(self.odd) - SHOWN} more"] if len(self.odd) > SHOWN else []
        return "\n         ".join([told, *self.odd[:SHOWN], *more])


@dataclass(frozen=True, slots=True)
class Books:
    """Everything there is in the end. `issues` are the CRM's records as `LocalRoundup.issues` tells them, `dead` the
    ids of the posts among the dead letters, `put_aside` of those before they were sent again, `pills` those that no
    function survives."""

    sent: Sequence[Sent]
    recorded: Sequence[Recorded]
    cases: Sequence[Case]
    deliveries: Mapping[str, Sequence[Delivery]]
    parked: Sequence[Parked]
    put_aside: Sequence[str]
    dead: Sequence[str]
    pills: frozenset[str]
    issues: Sequence[Mapping[str, Any]]
    messages: int
    given_up: int
    versions: dict[str, list[Recorded]] = field(init=False, repr=False, default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for record in self.recorded:
            self.versions[record.post.id].append(record)

    def accounts(self) -> list[Account]:
        """The whole ledger."""
        return [
            self._door(),
            self._posts(),
            self._decided(),
            self._parked(),
            self._dead("put aside at first", self.put_aside),
            self._dead("dead letters in the end", self.dead),
            self._cases(),
            self._owed(),
            self._records(),
            self._entries(),
            self._given_up(),
        ]

    def _door(self) -> Account:
        parts = Counter(TOLD.get(sent.status, f"answered {sent.status}") for sent in self.sent)
        odd = (
            f"{sent.sending.platform}: answered {sent.status} instead of {sent.sending.status} after {sent.tries} tries"
            for sent in self.sent
            if sent.status != sent.sending.status
        )
        return Account("deliveries", len(self.sent), parts, tuple(odd))

    def _posts(self) -> Account:
        """Versions of posts in all deliveries that were taken."""
        carried = self._carried()
        wanted = self._wanted()
        parts = {
            "decided": sum(not record.decision.guard for record in self.recorded),
            "guarded": sum(bool(record.decision.guard) for record in self.recorded),
            "among the dead letters": len(self._undecided()),
            "sent again": len(carried) - len(set(carried)),
        }
        return Account("versions of posts in", len(carried), parts, tuple(self._lost_or_double(wanted)))

    def _carried(self) -> list[Said]:
        return [said for sent in self.sent if sent.is_taken for said in sent.sending.carries]

    def _wanted(self) -> Counter[str]:
        """How many versions there are of each post."""
        return Counter(said.post_id for said in set(self._carried()))

    def _undecided(self) -> set[str]:
        """The posts among the dead letters that stand there for a decision that there is not."""
        wanted = self._wanted()
        return {post_id for post_id in self.dead if len(self.versions.get(post_id, ())) < wanted[post_id]}

    def _lost_or_double(self, wanted: Mapping[str, int]) -> Iterator[str]:
        dead = Counter(self._undecided())
        for post_id in sorted(wanted.keys() | self.versions.keys()):
            found = len(self.versions.get(post_id, ())) + dead[post_id]
            if found != wanted.get(post_id, 0):
                yield f"{post_id}: {found} decisions for {wanted.get(post_id, 0)} versions"

    def _decided(self) -> Account:
        made = [record for record in self.recorded if not record.decision.guard]
        parts = Counter(
            f"{record.decision.outcome}d" if record.decision.outcome != "recommend" else "recommended"
            for record in made
        )
        odd = (
            f"{record.post.id}: {record.decision.outcome}, and {count} entries are owed for it instead of 1"
            for record in made
            if record.decision.outcome is not Outcome.IGNORE
            and (count := self._told_of()[record.post.id, record.decision.post_version]) != 1
        )
        return Account("decided by rules", len(made), parts, tuple(odd))

    def _parked(self) -> Account:
        """A body may lie there more than once: the answer to its sending was lost, so it was sent again."""
        wanted = {sent.sending.raw: sent.tries for sent in self.sent if sent.is_taken and sent.sending.parks}
        found = Counter(parked.body for parked in self.parked)
        odd = [f"a body of {len(raw)} bytes is not parked" for raw in wanted.keys() - found.keys()]
        odd += [f"a body of {len(raw)} bytes is parked that nobody sent" for raw in found.keys() - wanted.keys()]
        odd += [f"a body is parked {n} times" for raw, n in found.items() if n > wanted.get(raw, n) * SENT_BY_BOTO3]
        parts = {"bodies nobody can read": len(found.keys() & wanted.keys())}
        parts |= {"of them once more, for an answer that was lost": found.total() - len(found)}
        return Account("parked", len(self.parked), parts, tuple(odd))

    def _dead(self, name: str, dead: Sequence[str]) -> Account:
        """A post that kills lies there as often as its delivery came: after five minutes the queue takes it again."""
        came, found = Counter(said.post_id for said in self._carried()), Counter(dead)
        killers = found.keys() & self.pills
        odd = [f"{post_id} is among them, and kills nobody" for post_id in sorted(found.keys() - killers)]
        odd += [
            f"{post_id} is there {n} times, and came {came[post_id]}"
            for post_id, n in found.items()
            if n > came[post_id]
        ]
        parts = {
            "posts that kill who decides them": len(killers),
            "of them once more, for a delivery that came again": len(dead) - len(found),
        }
        return Account(name, len(dead), parts, tuple(odd))

    def _cases(self) -> Account:
        parts = Counter(_state(case) for case in self.cases)
        joined: dict[str, set[str]] = defaultdict(set)
        for record in self.recorded:
            if record.case_id:
                joined[record.case_id].add(record.post.id)
        odd = [
            f"case {case.id} counts {case.posts} posts, and has {len(joined[case.id])}"
            for case in self.cases
            if case.posts != len(joined[case.id])
        ]
        odd += [f"case {case_id} is not in the table" for case_id in joined.keys() - {case.id for case in self.cases}]
        return Account("cases", len(self.cases), parts, tuple(odd))

    def _owed(self) -> Account:
        everything = [each for case in self.cases for each in self.deliveries[case.id]]
        parts = Counter(NAMES[each.state] for each in everything)
        odd = [
            f"case {each.case_id} still owes {each.verb} of {each.post_id}"
            for each in everything
            if each.state is DeliveryState.OWED
        ]
        odd += [
            f"{key[0]}: {count} entries are owed for one version" for key, count in self._told_of().items() if count > 1
        ]
        keys = Counter(each.key for each in everything)
        odd += [f"{count} entries are owed by one key, {key}" for key, count in keys.items() if count > 1]
        return Account("owed to the CRM", len(everything), parts, tuple(odd))

    def _records(self) -> Account:
        told = {case.id for case in self.cases if _state(case) == "told"}
        found = Counter(str(issue["key"]) for issue in self.issues)
        odd = [
            f"case {case_id} has {found[case_id]} records in the CRM" for case_id in sorted(told) if found[case_id] != 1
        ]
        odd += [f"the CRM has a record of {key}, which is no case that was told" for key in sorted(found.keys() - told)]
        return Account("records in the CRM", len(self.issues), {"cases told": len(told)}, tuple(odd))

    def _entries(self) -> Account:
        done = {
            case.id: [each for each in self.deliveries[case.id] if each.state is DeliveryState.DONE]
            for case in self.cases
        }
        odd = [
            f"case {issue['key']}: its entries in the CRM are not those that were told, each once and in order"
            for issue in self.issues
            if not _as_told([_mark(text) for text in issue["messages"]], done.get(str(issue["key"]), []))
        ]
        return Account("entries in the CRM", self.messages, {"told": sum(map(len, done.values()))}, tuple(odd))

    def _given_up(self) -> Account:
        """A record of the stream that used up its tries: what it owed must have been told all the same."""
        owing = [
            case.id for case in self.cases for each in self.deliveries[case.id] if each.state is DeliveryState.OWED
        ]
        parts = {"since handed out again by the clock, and told": 0 if owing else self.given_up}
        return Account("times the stream gave up", self.given_up, parts)

    def _told_of(self) -> Counter[tuple[str, str]]:
        """How many entries each version of a post has; what clocks and alerts owe is of none."""
        owed = (each for case in self.cases for each in self.deliveries[case.id])
        return Counter((each.post_id, each.post_version) for each in owed if each.post_version)


def _state(case: Case) -> str:
    if case.crm_ref:
        return "told"
    if case.refused is not None:
        return "refused"
    return "withdrawn" if case.status is CaseStatus.WITHDRAWN else "kept"


def _as_told(marks: Sequence[str], done: Sequence[Delivery]) -> bool:
    """Each once; those with a place in their author's order in that order, the opening first."""
    if sorted(marks) != sorted(each.key for each in done):
        return False
    placed = [each.key for each in done if not each.sequence.startswith(NO_ORDER)]
    opening = [each.key for each in done if each.verb is Verb.OPEN_CASE]
    return [mark for mark in marks if mark in placed] == placed and marks[: len(opening)] == opening


def _mark(text: str) -> str:
    return text.rpartition("[ref:")[2].partition("]")[0]


TOLD = {200: "taken", 401: "not signed by us", 404: "for a platform that is not here"}
NAMES = {
    DeliveryState.OWED: "still owed",
    DeliveryState.DONE: "told",
    DeliveryState.KEPT: "kept",
    DeliveryState.REFUSED: "refused",
    DeliveryState.WITHDRAWN: "withdrawn",
}
