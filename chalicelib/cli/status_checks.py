"""What is looked at to say whether a person is needed: each check says what is so, and which page says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.errors import EarshotError, SettingsError, Unavailable
from chalicelib.model import Case, CaseStatus
from chalicelib.pipeline.alert_words import shown
from chalicelib.pipeline.hearing import is_silent
from chalicelib.pipeline.overview import Lookout
from chalicelib.stores.depths import Depths
from chalicelib.wiring import Wiring

PAGE = "docs/operating.md#"
LATE = timedelta(minutes=5)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
# As of the alarms TheCrmIsDown (told every five minutes as long as it lasts) and TheCrmIsNotHeard.
CRM_WINDOW, UNHEARD_WINDOW, UNHEARD_OFTEN = timedelta(minutes=8), timedelta(minutes=5), 4
FORGED_SHARE, UNMATCHED_SHARE, UNDECIDED_SHARE, FEW = 0.2, 0.98, 0.2, 20
FORGETS_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Check:
    """One line: `is_fine` is None where nobody could say."""

    name: str
    told: str
    is_fine: bool | None
    runbook: str

    @property
    def page(self) -> str:
        """Where it says what to do."""
        return PAGE + self.runbook


Look = Callable[[Wiring, Depths, datetime], Check]


def checks(parts: Wiring, depths: Depths, at: datetime) -> Iterator[Check]:
    """All of them. What cannot be asked is told so, and keeps no other from being looked at."""
    for name, (look, runbook) in LOOKS.items():
        try:
            told, is_fine = look(parts, depths, at)
        except (Unavailable, SettingsError) as trouble:
            told, is_fine = f"not known: {trouble}", None if name in BY_CLOUDWATCH else False
        yield Check(name, told, is_fine, runbook)


Told = tuple[str, bool | None]


def _waiting(parts: Wiring, depths: Depths, at: datetime) -> Told:
    return f"{depths.posts()} wait for their decision", True


def _undecided(parts: Wiring, depths: Depths, at: datetime) -> Told:
    failed, of = depths.counted("PostsUndecided", QUARTER)
    told = f"{failed} of {of} tries to decide a post failed in the last quarter of an hour"
    return told, of < FEW or failed / of <= UNDECIDED_SHARE


def _oldest(parts: Wiring, depths: Depths, at: datetime) -> Told:
    age = depths.oldest()
    if age is None:
        return "CloudWatch has no age of the oldest", None
    return f"the oldest has waited {_long(age)}", age <= LATE


def _dead(parts: Wiring, depths: Depths, at: datetime) -> Told:
    dead = depths.dead()
    return f"{dead} posts failed at every try", dead == 0


def _parked(parts: Wiring, depths: Depths, at: datetime) -> Told:
    parked = depths.parked()
    return f"{parked} bodies that nobody could read", parked == 0


def _failed(parts: Wiring, depths: Depths, at: datetime) -> Told:
    failed = depths.failed()
    if failed is None:
        return "there is no queue of them", None
    return f"the stream gave up {failed} times", failed == 0


def _owed(parts: Wiring, depths: Depths, at: datetime) -> Told:
    """By when it was decided: `owed_since` moves on each time it is handed out again."""
    since = [_decided_at(sequence) for sequence in parts.store.owing()]
    late = 2 * parts.environment.owed_patience
    if not since:
        return "nothing is owed to the CRM", True
    oldest, overdue = at - min(since), sum(at - each > late for each in since)
    return f"{len(since)} entries owed to the CRM, {overdue} overdue, the oldest for {_long(oldest)}", overdue == 0


def _crm(parts: Wiring, depths: Depths, at: datetime) -> Told:
    name = parts.environment.crm
    if name == "none":
        return "no CRM is set: cases are kept", True
    owed, _ = depths.counted("CrmsDown", CRM_WINDOW)
    unheard, _ = depths.counted("CrmsUnheard", UNHEARD_WINDOW)
    told = "does not answer, or cases wait for it" if owed else "takes what it is told"
    told += f"; did not tell what people do there, {unheard} times in five minutes" if unheard else ""
    return f"{name}: {told}", owed == 0 and unheard < UNHEARD_OFTEN


def _alerts(parts: Wiring, depths: Depths, at: datetime) -> Told:
    on = Lookout(parts.alerts, parts.notices, parts.store).look(parts.alerts.on(), at)
    waiting = [each for each in on if not each.is_looked_after]
    rules = ", ".join(f"{each.alert.rule} since {shown(each.alert.since)}" for each in waiting)
    told = f"{len(on)} alerts are on, {len(waiting)} of them taken up by nobody"
    return told + (f": {rules}" if waiting else ""), not waiting


def _replies(parts: Wiring, depths: Depths, at: datetime) -> Told:
    waiting = [case for case in parts.store.cases(CaseStatus.OPEN) if case.first_reply_due and not _is_answered(case)]
    late = [case.first_reply_due for case in waiting if case.first_reply_due and case.first_reply_due < at]
    told = f"{len(waiting)} cases wait for a first reply, {len(late)} overdue"
    return told + (f", the longest for {_long(at - min(late))}" if late else ""), not late


def _is_answered(case: Case) -> bool:
    return case.answered_at is not None or case.clock_stopped_at is not None


def _refused(parts: Wiring, depths: Depths, at: datetime) -> Told:
    refused = sum(case.refused is not None for case in parts.store.cases())
    return f"{refused} cases refused by the CRM", refused == 0


def _ringing(parts: Wiring, depths: Depths, at: datetime) -> Told:
    ringing = depths.ringing()
    return f"{len(ringing)} alarms ring" + (f": {', '.join(ringing)}" if ringing else ""), not ringing


def _receiving(parts: Wiring, depths: Depths, at: datetime) -> Told:
    failed, _ = depths.counted("DeliveriesUnavailable", QUARTER)
    return f"{failed} deliveries of the last quarter of an hour were answered 503 or 500", failed == 0


def _forged(parts: Wiring, depths: Depths, at: datetime) -> Told:
    bad, of = depths.counted("BadSignatures", HOUR)
    return f"{bad} of {of} deliveries of the last hour were not signed by us", of < FEW or bad / of <= FORGED_SHARE


def _unmatched(parts: Wiring, depths: Depths, at: datetime) -> Told:
    unmatched, of = depths.counted("PostsUnmatched", HOUR)
    return f"no rule matched {unmatched} of {of} posts of the last hour", of < FEW or unmatched / of <= UNMATCHED_SHARE


def _silent(parts: Wiring, depths: Depths, at: datetime) -> Told:
    on = [name for name, settings in parts.company.platforms.items() if settings.answers]
    heard = {name: parts.hearings.last(name) for name in on}
    silent = [name for name, last in heard.items() if last and is_silent(last, at)]
    never = [name for name, last in heard.items() if last is None]
    told = f"{len(on)} platforms on"
    told += f"; silent for two days: {', '.join(sorted(silent))}" if silent else ""
    told += f"; never heard: {', '.join(sorted(never))}" if never else ""
    return told, not silent


def _settings(parts: Wiring, depths: Depths, at: datetime) -> Told:
    wrong = list(parts.company.wrong.values())
    return "; ".join(wrong) or "settings are as they should be", not wrong


def _leases(parts: Wiring, depths: Depths, at: datetime) -> Told:
    wanted = parts.subscriptions
    leases = parts.leases.leases([subscription.name for subscription in wanted])
    ending = [lease.name for lease in leases if lease.is_ending(at)]
    return f"{len(wanted)} subscriptions" + (f"; about to end: {', '.join(ending)}" if ending else ""), not ending


def _rules(parts: Wiring, depths: Depths, at: datetime) -> Told:
    pointer = parts.rulebooks.pointer()
    declined = [each for each in parts.rulebooks.declined() if each.revision == pointer.revision]
    told = f"live: {pointer.live or 'what the functions ship with'}"
    told += f", shadow: {pointer.shadow}" if pointer.shadow else ""
    told += f"; declined by a function: {declined[0].version}" if declined else ""
    return told, not declined


def _wishes(parts: Wiring, depths: Depths, at: datetime) -> Told:
    wishes = parts.erasures.under_way()
    late = [wish for wish in wishes if at - wish.asked_at > FORGETS_WITHIN]
    return f"{len(wishes)} wishes to be forgotten under way, {len(late)} for longer than a day", not late


def _decided_at(sequence: str) -> datetime:
    """The second part of a delivery's sequence (pipeline/casework.py)."""
    try:
        return datetime.strptime(sequence.split(".")[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except (IndexError, ValueError) as error:
        raise EarshotError(f"a delivery has the sequence {sequence[:60]!r}, which tells no time") from error


def _long(age: timedelta) -> str:
    seconds = max(int(age.total_seconds()), 0)
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


LOOKS: dict[str, tuple[Callable[[Wiring, Depths, datetime], Told], str]] = {
    "alarms": (_ringing, "is-a-person-needed"),
    "receiving": (_receiving, "receiving-fails-alarm-receivingfails"),
    "posts waiting": (_waiting, "posts-wait-too-long-alarm-postsarelate"),
    "oldest post": (_oldest, "posts-wait-too-long-alarm-postsarelate"),
    "undecided": (_undecided, "posts-stay-undecided-alarm-postsareundecided"),
    "dead letters": (_dead, "a-post-that-kills-its-function-alarm-on-postsdeadletters"),
    "parked": (_parked, "a-body-nobody-could-read-alarm-on-parkedqueue"),
    "failed deliveries": (_failed, "the-crm-is-down"),
    "owed": (_owed, "the-crm-is-down"),
    "CRM": (_crm, "the-crm-is-down"),
    "refused": (_refused, "the-crm-refuses-a-case"),
    "alerts": (_alerts, "which-alerts-are-on"),
    "replies": (_replies, "replies-that-are-overdue"),
    "signatures": (_forged, "many-deliveries-are-not-signed-by-us-alarm-signaturesarebad"),
    "unmatched": (_unmatched, "no-rule-matches-any-more-alarm-rulesmatchnothing"),
    "platforms": (_silent, "a-platform-is-silent-or-down-alarm-platformsaresilent"),
    "settings": (_settings, "deploy"),
    "subscriptions": (_leases, "a-platform-is-silent-or-down-alarm-platformsaresilent"),
    "rules": (_rules, "publish-rules"),
    "forgetting": (_wishes, "somebody-wants-to-be-forgotten"),
}
BY_CLOUDWATCH = ("alarms", "receiving", "oldest post", "undecided", "CRM", "signatures", "unmatched")
