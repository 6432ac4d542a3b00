"""Telling people: once a channel, at once, again until somebody takes it up, not in quiet hours, and never lost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

import pytest

from chalicelib.errors import Refused, SettingsError, Unavailable
from chalicelib.log import Log
from chalicelib.model import (
    CrmEvent,
    Decision,
    Happened,
    Notice,
    NoticeKind,
    Outcome,
    Priority,
    Silence,
    Standing,
    TellingState,
    notice_key,
)
from chalicelib.pipeline.casework import entail
from chalicelib.pipeline.people import People, Team
from chalicelib.pipeline.quiet import end_quiet
from chalicelib.pipeline.taking_up import acknowledge
from chalicelib.pipeline.telling import Desk, tell_patiently
from chalicelib.ports.alerting import Channel, Notices
from chalicelib.rulebook.calendars import Calendar, Hours
from tests.unit.people import Office, Watch, post
from tests.unit.rulebooks import Journal

NIGHT = Calendar("quiet hours", "UTC", tuple(range(7)), (Hours(18 * 60, 32 * 60),))
TEN = timedelta(minutes=10)


@dataclass
class Pipe:
    """A channel that keeps what it was told; `troubles` are raised first, one a call."""

    name: str = "pipe"
    told: list[str] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    calls: int = 0

    def tell(self, notice: Notice, times: int) -> None:
        self.calls += 1
        if self.troubles:
            raise self.troubles.pop(0)
        self.told.append(f"{notice.kind} {notice.title}" + (f" x{times}" if times > 1 else ""))


@dataclass
class Staff:
    """People with two channels, over an office; `hours` is how the safety team wants to be told."""

    hours: Team = field(default_factory=lambda: Team(("slack", "pager")))
    office: Office = field(default_factory=Office)
    pipes: dict[str, Pipe] = field(default_factory=lambda: {"slack": Pipe(), "pager": Pipe()})
    pager: str = "sns"

    def __post_init__(self) -> None:
        self.clock: Watch = self.office.clock
        self.notices = self.office.store.notices
        self.log = Journal()
        people = People({"slack": "slack", "pager": self.pager}, {"safety": self.hours, "duty": Team(("slack",))})
        self.desk = Desk(self.notices, people, self.channel, self.office.store, self.clock, cast("Log", self.log))

    def channel(self, name: str) -> Channel:
        if name not in self.pipes:
            raise SettingsError(f"channels.{name}: not set")
        return self.pipes[name]

    def owe(self, number: int = 1, **more: object) -> Notice:
        key = notice_key(str(number))
        base = Notice(
            key,
            NoticeKind.ALERT,
            "a1",
            "spike",
            "safety",
            ("duty",),
            Priority.HIGH,
            f"smoke {number}",
            (),
            self.clock(),
        )
        notice = replace(base, **more)  # type: ignore[arg-type]
        self.notices.owe(notice)
        return notice

    def stream(self) -> int:
        """What the stream hands out, until nothing is."""
        return tell_patiently(self.desk, self.notices.handed_out(), lambda: 60, lambda seconds: None)

    def minute(self) -> None:
        """The minute's round, and what the stream makes of it."""
        self.notices.wake(self.clock() - timedelta(seconds=50))
        end_quiet(self.desk)
        self.stream()

    def told(self) -> dict[str, list[str]]:
        return {name: pipe.told for name, pipe in self.pipes.items()}

    def states(self, notice: Notice) -> dict[str, TellingState]:
        return {each.channel: each.state for each in self.notices.tellings(notice.key)}


def test_a_notice_is_told_once_in_each_channel_of_its_teams_however_often_it_is_handed_out() -> None:
    staff = Staff()
    staff.owe()

    staff.stream()
    tell_patiently(staff.desk, [notice_key("1"), notice_key("1")], lambda: 60)
    staff.clock.time += timedelta(days=2)
    staff.minute()

    assert staff.told() == {"slack": ["alert smoke 1"], "pager": ["alert smoke 1"]}


def test_a_channel_that_does_not_answer_keeps_no_other_waiting_and_is_told_when_it_is_back() -> None:
    staff = Staff()
    staff.pipes["slack"].troubles = [Unavailable("down")] * 3
    staff.owe()

    assert staff.stream() == 1
    assert staff.told() == {"slack": [], "pager": ["alert smoke 1"]}
    staff.clock.time += timedelta(minutes=1)
    staff.minute()

    assert staff.told() == {"slack": ["alert smoke 1"], "pager": ["alert smoke 1"]}


def test_a_blip_is_over_before_the_minutes_round() -> None:
    staff = Staff()
    staff.pipes["slack"].troubles = [Unavailable("blip")]
    staff.owe()

    assert staff.stream() == 0

    assert staff.told()["slack"] == ["alert smoke 1"]


def test_a_channel_that_is_down_is_left_alone_so_that_others_hear_in_time() -> None:
    staff = Staff()
    staff.pipes["slack"].troubles = [Unavailable("down")] * 99
    for number in range(20):
        staff.owe(number)

    staff.stream()

    assert staff.pipes["slack"].calls == 3
    assert len(staff.told()["pager"]) == 20


def test_when_the_functions_time_is_over_the_rest_is_left_to_the_minutes_round() -> None:
    staff = Staff()
    staff.owe(1)
    staff.owe(2)
    left = iter((60.0, -1.0, -1.0))

    assert tell_patiently(staff.desk, staff.notices.handed_out(), left.__next__, lambda seconds: None) == 1
    assert staff.told()["pager"] == ["alert smoke 1"]
    staff.clock.time += timedelta(minutes=2)
    staff.minute()

    assert staff.told()["pager"] == ["alert smoke 1", "alert smoke 2"]


def test_what_a_channel_refuses_is_kept_with_its_words_told_to_an_operator_and_not_repeated() -> None:
    staff = Staff()
    staff.pipes["slack"].troubles = [Refused("channel_is_archived")]
    notice = staff.owe()

    staff.stream()
    staff.clock.time += timedelta(days=1)
    staff.minute()

    assert staff.states(notice) == {"pager": TellingState.TOLD, "slack": TellingState.REFUSED}
    assert staff.notices.tellings(notice.key)[1].words == "channel_is_archived"
    assert staff.log.events("error") == ["notice.untold"]
    assert "archived" not in str(staff.log.told)


def test_a_channel_without_settings_is_told_once_they_are_there() -> None:
    staff = Staff()
    slack = staff.pipes.pop("slack")
    staff.owe()

    staff.stream()
    assert "notice.untold" in staff.log.events("error")
    staff.pipes["slack"] = slack
    staff.clock.time += timedelta(hours=1)
    staff.minute()

    assert slack.told == ["alert smoke 1"]


def test_teams_without_a_channel_are_not_told_and_that_is_logged() -> None:
    staff = Staff()
    notice = staff.owe(team="nobody", tell=())

    staff.stream()

    assert staff.states(notice) == {}
    assert staff.log.events("warning") == ["notice.unheard"]


def test_it_is_told_again_until_somebody_takes_it_up_and_then_whoever_was_told_hears_who() -> None:
    staff = Staff(Team(("pager",), repeat=TEN))
    notice = staff.owe(tell=())
    staff.stream()
    for _ in range(2):
        staff.minute()  # too soon
        staff.clock.time += TEN
        staff.minute()

    assert staff.told()["pager"] == ["alert smoke 1", "alert smoke 1 x2", "alert smoke 1 x3"]
    assert staff.notices.matter("a1").asked == (notice,)
    assert acknowledge(staff.notices, notice, "ana", staff.clock())
    assert not acknowledge(staff.notices, notice, "bo", staff.clock())
    staff.stream()
    staff.clock.time += timedelta(hours=1)
    staff.minute()

    assert staff.told()["pager"][3:] == ["acknowledged smoke 1 (by ana)"]


def test_what_nobody_takes_up_is_repeated_for_a_day_and_no_longer() -> None:
    staff = Staff(Team(("pager",), repeat=timedelta(hours=1)))
    staff.owe(tell=())
    staff.stream()
    for _ in range(40):
        staff.clock.time += timedelta(hours=1)
        staff.minute()

    assert len(staff.told()["pager"]) == 24


def test_updates_and_ends_are_not_repeated_and_an_all_clear_ends_the_repeats() -> None:
    staff = Staff(Team(("pager",), repeat=TEN))
    staff.owe(1, tell=())
    staff.owe(2, tell=(), kind=NoticeKind.UPDATE)
    staff.owe(3, tell=(), kind=NoticeKind.ALL_CLEAR)
    staff.stream()

    staff.clock.time += timedelta(hours=1)
    staff.minute()

    assert staff.told()["pager"] == ["alert smoke 1", "update smoke 2", "all-clear smoke 3"]


@pytest.mark.parametrize(
    ("happened", "kind"),
    [(Happened.ANSWERED, "settled"), (Happened.CLOSED, "settled"), (Happened.REASSIGNED, "acknowledged")],
)
def test_what_people_do_with_the_case_in_the_crm_takes_it_up_at_once(happened: Happened, kind: str) -> None:
    staff = Staff(Team(("pager",), repeat=TEN))
    (first,) = staff.office.hear(post(1))
    staff.office.tell()
    case_id = first.case_id or ""
    staff.owe(1, tell=(), about=case_id, case_id=case_id)
    staff.stream()

    staff.office.channel.heed("memory", CrmEvent("1", happened, staff.clock(), case_id, team="other"))
    staff.stream()

    assert staff.told()["pager"] == ["alert smoke 1", f"{kind} smoke 1 (by somebody in the CRM)"]
    for _ in range(2):
        staff.clock.time += TEN
        staff.minute()
    assert len(staff.told()["pager"]) == 2


def test_an_overdue_reply_after_the_all_clear_opens_the_incident_anew_and_the_answer_closes_it() -> None:
    staff = Staff(Team(("pager",)), pager="pagerduty")
    (first,) = staff.office.hear(post(1))
    staff.office.tell()
    of: dict[str, object] = {"tell": (), "about": first.case_id, "case_id": first.case_id}
    kinds = (NoticeKind.ALERT, NoticeKind.ALL_CLEAR, NoticeKind.OVERDUE)
    for number, kind in enumerate(kinds, 1):
        staff.owe(number, kind=kind, **of)
        staff.stream()

    for number, happened in enumerate((Happened.ANSWERED, Happened.CLOSED)):
        staff.office.channel.heed("memory", CrmEvent(f"{number}", happened, staff.clock(), first.case_id))
        staff.stream()
    staff.owe(4, kind=NoticeKind.UPDATE, **of)
    staff.stream()

    assert staff.told()["pager"][2:] == ["overdue smoke 3", "settled smoke 3 (by somebody in the CRM)"]


def test_a_silence_keeps_a_rule_from_everybody_and_a_team_from_its_own_channels() -> None:
    staff = Staff()
    until = staff.clock() + timedelta(hours=1)
    staff.notices.silence(Silence("s1", until, "ana", "we know", staff.clock(), team="safety"))
    one = staff.owe(1)
    staff.stream()
    staff.notices.silence(Silence("s2", until, "ana", "we know", staff.clock(), rule="spike"))
    staff.owe(2)
    staff.stream()
    staff.clock.time = until
    staff.owe(3)
    staff.stream()

    assert staff.told() == {"slack": ["alert smoke 1", "alert smoke 3"], "pager": ["alert smoke 3"]}
    assert staff.states(one)["pager"] is TellingState.SILENCED


def test_in_quiet_hours_what_is_not_urgent_waits_and_what_has_ended_is_told_as_one_digest_in_order() -> None:
    staff = Staff(Team(("pager",), quiet=NIGHT))
    staff.clock.time = staff.clock.time.replace(hour=23)
    held = [staff.owe(number, tell=(), about=f"a{number}", case_id=None) for number in (1, 2, 3)]
    staff.owe(4, tell=(), about="a4", priority=Priority.URGENT)
    staff.stream()
    staff.minute()

    assert staff.told()["pager"] == ["alert smoke 4"]
    assert {staff.states(notice)["pager"] for notice in held} == {TellingState.HELD}
    for notice in held:
        acknowledge(staff.notices, notice, "ana", staff.clock())
    staff.stream()
    staff.clock.time += timedelta(hours=9)
    staff.minute()
    staff.minute()

    assert staff.told()["pager"] == ["alert smoke 4", "digest 6 notices"]
    (digest,) = [each for each in staff.notices.everything() if each.kind is NoticeKind.DIGEST]
    assert [line.split(": ")[1] for line in digest.lines][:3] == ["smoke 1", "smoke 2", "smoke 3"]
    assert digest.lines[5].startswith("Fri 23:00 UTC  acknowledged: smoke 3 (by ana)")


def test_of_two_teams_in_one_channel_the_one_that_is_awake_lets_it_through() -> None:
    staff = Staff(Team(("slack",), quiet=NIGHT))
    staff.clock.time = staff.clock.time.replace(hour=23)

    staff.owe(1)
    staff.stream()

    assert staff.told()["slack"] == ["alert smoke 1"]


def test_urgent_waits_where_the_team_says_so_and_repeats_are_quiet_too() -> None:
    staff = Staff(Team(("pager",), open=replace(NIGHT, hours=(Hours(9 * 60, 17 * 60),)), urgent_waits=True, repeat=TEN))
    staff.clock.time = staff.clock.time.replace(hour=16, minute=55)
    staff.owe(1, tell=(), priority=Priority.URGENT)
    staff.stream()
    staff.clock.time += TEN
    staff.minute()
    staff.owe(2, tell=(), about="a2", priority=Priority.URGENT)
    staff.stream()

    assert staff.told()["pager"] == ["alert smoke 1"]
    staff.clock.time += timedelta(hours=16)
    staff.minute()
    assert staff.told()["pager"] == ["alert smoke 1", "alert smoke 1 x2", "alert smoke 2"]


def test_an_urgent_case_owes_its_team_a_notice_in_its_own_write_and_no_other_case_does() -> None:
    staff = Staff()
    said = post(1, "smoke", permalink="https://x.example/1")
    urgent = Decision(
        said.id, said.version, Outcome.ESCALATE, "danger", rule="danger", team="safety", priority=Priority.URGENT
    )
    saved = entail(said, urgent, Standing(), staff.clock())
    calm = entail(said, replace(urgent, priority=Priority.HIGH), Standing(), staff.clock())

    assert staff.office.store.save(saved)
    staff.stream()

    assert saved.opens is not None
    (notice,) = saved.notices
    assert (notice.about, notice.case_id, notice.posts) == (saved.opens.id, saved.opens.id, (said.id,))
    assert calm.notices == ()
    assert staff.told() == {"slack": ["alert danger"], "pager": ["alert danger"]}


@pytest.mark.parametrize("cut", range(1, 8))
def test_killed_anywhere_nothing_is_lost_and_a_channel_hears_it_twice_at_most(cut: int) -> None:
    staff = Staff(Team(("slack", "pager"), repeat=TEN))
    staff.owe()
    keys = staff.notices.handed_out()
    calls = Killing(staff.notices, cut)

    with pytest.raises(Killed):
        tell_patiently(replace(staff.desk, notices=cast("Notices", calls)), keys, lambda: 60)
    staff.clock.time += timedelta(minutes=2)
    staff.minute()

    told = staff.told()
    assert all(set(heard) == {"alert smoke 1"} for heard in told.values())
    assert sum(map(len, told.values())) <= 3
    assert staff.notices.wake(staff.clock() + timedelta(minutes=1)) == 0


class Killed(BaseException):
    """The process is gone."""


class Killing:
    """The notices, until their so-manieth call."""

    def __init__(self, notices: object, cut: int) -> None:
        self._notices, self._left = notices, cut

    def __getattr__(self, name: str) -> object:
        self._left -= 1
        if self._left <= 0:
            raise Killed
        return getattr(self._notices, name)


CLOSERS = (NoticeKind.ALL_CLEAR, NoticeKind.ACKNOWLEDGED)


def silenced(staff: Staff, **of: str) -> Silence:
    silence = Silence("s", staff.clock() + timedelta(hours=2), "ana", "we know", staff.clock(), **of)
    staff.notices.silence(silence)
    return silence


@pytest.mark.parametrize("kind", CLOSERS)
def test_an_incident_that_was_opened_is_closed_through_quiet_hours_and_silences(kind: NoticeKind) -> None:
    staff = Staff(Team(("pager", "slack"), quiet=NIGHT), pager="pagerduty")
    staff.owe(1, tell=())
    staff.stream()
    staff.clock.time = staff.clock.time.replace(hour=23)
    silenced(staff, rule="spike")

    staff.owe(2, tell=(), kind=kind)
    staff.stream()

    assert staff.told() == {"slack": ["alert smoke 1"], "pager": ["alert smoke 1", f"{kind} smoke 2"]}


@pytest.mark.parametrize("kind", CLOSERS)
@pytest.mark.parametrize("why", ["silence", "quiet", "refused"])
def test_an_incident_that_was_never_opened_is_not_closed(kind: NoticeKind, why: str) -> None:
    staff = Staff(Team(("pager",), quiet=NIGHT), pager="pagerduty")
    if why == "quiet":
        staff.clock.time = staff.clock.time.replace(hour=23)
    elif why == "refused":
        staff.pipes["pager"].troubles = [Refused("payload")]
    else:
        silenced(staff, rule="spike")
    staff.owe(1, tell=())
    staff.stream()

    staff.clock.time += timedelta(hours=12)
    end = staff.owe(2, tell=(), kind=kind)
    staff.stream()

    assert staff.told()["pager"] == []
    assert staff.states(end) == {"pager": TellingState.SILENCED}


def test_of_what_nobody_remembers_the_end_is_told_since_closing_what_is_not_open_does_no_harm() -> None:
    staff = Staff(Team(("pager", "slack")), pager="pagerduty")

    staff.owe(2, tell=(), kind=NoticeKind.ALL_CLEAR)
    staff.stream()

    assert staff.told() == {"slack": ["all-clear smoke 2"], "pager": ["all-clear smoke 2"]}


def test_where_people_read_no_end_is_told_of_what_was_silenced_there() -> None:
    staff = Staff(Team(("slack",)))
    silence = silenced(staff, rule="spike")
    staff.owe(1, tell=())
    staff.stream()
    staff.notices.end_silence(silence.id, "ana")

    staff.owe(2, tell=(), kind=NoticeKind.ALL_CLEAR)
    staff.stream()

    assert staff.told()["slack"] == []


def test_where_people_read_the_end_of_what_is_held_is_held_with_it() -> None:
    staff = Staff(Team(("slack",), quiet=NIGHT))
    staff.clock.time = staff.clock.time.replace(hour=23)
    staff.owe(1, tell=())
    staff.stream()
    staff.clock.time += timedelta(hours=9)  # the night is over, and the digest not yet made

    staff.owe(2, tell=(), kind=NoticeKind.ALL_CLEAR)
    staff.stream()
    assert staff.told()["slack"] == []
    staff.minute()

    assert staff.told()["slack"] == ["digest 2 notices"]


def test_an_end_reaches_the_other_team_that_a_later_step_asked() -> None:
    staff = Staff(Team(("pager",)), pager="pagerduty")
    staff.owe(1, team="duty", tell=())
    staff.owe(2, tell=(), kind=NoticeKind.OVERDUE, team="safety")
    staff.stream()

    staff.owe(3, team="duty", tell=(), kind=NoticeKind.ALL_CLEAR)
    staff.stream()

    assert staff.told()["pager"] == ["overdue smoke 2", "all-clear smoke 3"]


def test_an_update_that_opens_the_incident_lets_the_all_clear_close_it() -> None:
    staff = Staff(Team(("pager",)), pager="pagerduty")
    silence = silenced(staff, rule="spike")
    staff.owe(1, tell=())
    staff.stream()
    staff.notices.end_silence(silence.id, "ana")

    for number, kind in enumerate((NoticeKind.UPDATE, NoticeKind.ALL_CLEAR, NoticeKind.UPDATE), 2):
        staff.owe(number, tell=(), kind=kind)
        staff.stream()

    assert staff.told()["pager"] == ["update smoke 2", "all-clear smoke 3"]  # no update after the end opens another


def test_a_channel_that_comes_back_hears_the_alert_before_its_news_and_its_end() -> None:
    staff = Staff(Team(("slack", "pager")), pager="pagerduty")
    staff.pipes["pager"].troubles = [Unavailable("down")] * 3
    kinds = (NoticeKind.ALERT, NoticeKind.UPDATE, NoticeKind.ALL_CLEAR)
    for number, kind in enumerate(kinds, 1):
        staff.owe(number, tell=(), kind=kind)
        staff.stream()
    assert staff.told() == {"slack": ["alert smoke 1", "update smoke 2", "all-clear smoke 3"], "pager": []}

    for _ in range(3):
        staff.clock.time += timedelta(minutes=1)
        staff.minute()

    assert staff.told()["pager"] == ["alert smoke 1", "all-clear smoke 3"]  # the update would open it anew


def test_what_follows_a_notice_that_was_refused_for_good_does_not_wait_for_it() -> None:
    staff = Staff(Team(("slack",)))
    staff.pipes["slack"].troubles = [Refused("invalid_blocks")]
    staff.owe(1, tell=())
    staff.owe(2, tell=(), kind=NoticeKind.ALL_CLEAR)

    assert staff.stream() == 0

    assert staff.told()["slack"] == ["all-clear smoke 2"]


def test_news_waits_for_no_channel_that_was_named_after_the_alert_was_told() -> None:
    staff = Staff(Team(("slack",)))
    staff.owe(1, tell=())
    staff.stream()
    staff.desk = replace(staff.desk, people=replace(staff.desk.people, teams={"safety": Team(("slack", "pager"))}))

    staff.owe(2, tell=(), kind=NoticeKind.ALL_CLEAR)

    assert staff.stream() == 0
    assert staff.told()["slack"] == ["alert smoke 1", "all-clear smoke 2"]


def test_a_later_step_needs_its_own_taking_up_and_can_be_taken_up_by_itself() -> None:
    staff = Staff(Team(("pager",), repeat=TEN))
    first = staff.owe(1, tell=(), kind=NoticeKind.OVERDUE)
    staff.stream()
    assert acknowledge(staff.notices, first, "ana", staff.clock())
    staff.stream()

    staff.clock.time += timedelta(hours=1)
    second = staff.owe(2, tell=(), kind=NoticeKind.OVERDUE)
    staff.stream()
    staff.clock.time += TEN
    staff.minute()
    assert staff.told()["pager"][2:] == ["overdue smoke 2", "overdue smoke 2 x2"]
    assert acknowledge(staff.notices, second, "bo", staff.clock())
    assert not acknowledge(staff.notices, second, "cy", staff.clock())
    staff.stream()
    staff.clock.time += TEN
    staff.minute()

    assert staff.told()["pager"][4:] == ["acknowledged smoke 2 (by bo)"]


def test_who_is_asked_by_name_of_a_circuit_that_is_open() -> None:
    staff = Staff(Team(("slack",)))
    staff.pipes["slack"].troubles = [Unavailable("down")] * 9
    for number in range(4):
        staff.owe(number, tell=(), about=f"a{number}")

    staff.stream()

    whys = [more["why"] for _, event, more in staff.log.told if event == "notice.waits"]
    assert "the channel slack did not answer lately and is left in peace" in whys
    assert not [why for why in whys if "CRM" in why]


def night(staff: Staff) -> None:
    staff.clock.time = staff.clock.time.replace(hour=23)


def morning(staff: Staff) -> None:
    staff.clock.time += timedelta(hours=9)
    for _ in range(2):
        staff.minute()


SYDNEY = replace(NIGHT, timezone="Australia/Sydney")


def test_after_quiet_hours_what_still_asks_is_told_by_itself_and_repeated_and_the_rest_as_a_digest() -> None:
    staff = Staff(Team(("slack",), quiet=NIGHT, repeat=TEN))
    night(staff)
    staff.owe(1, tell=())
    staff.owe(2, tell=(), kind=NoticeKind.UPDATE)
    staff.owe(3, tell=(), about="a3")
    staff.owe(4, tell=(), about="a3", kind=NoticeKind.ALL_CLEAR)
    staff.stream()

    morning(staff)
    assert staff.told()["slack"] == ["alert smoke 1", "digest 3 notices"]
    staff.clock.time += TEN
    staff.minute()

    assert staff.told()["slack"][2:] == ["alert smoke 1 x2"]


def test_after_quiet_hours_an_incident_is_opened_for_what_still_asks_and_no_digest_opens_one() -> None:
    staff = Staff(Team(("pager",), quiet=NIGHT), pager="pagerduty")
    night(staff)
    one = staff.owe(1, tell=())
    update = staff.owe(2, tell=(), kind=NoticeKind.UPDATE)
    staff.owe(3, tell=(), about="a3")
    staff.owe(4, tell=(), about="a3", kind=NoticeKind.ALL_CLEAR)
    staff.stream()

    morning(staff)
    assert staff.told()["pager"] == ["alert smoke 1"]
    assert staff.states(update) == {"pager": TellingState.SILENCED}
    acknowledge(staff.notices, one, "ana", staff.clock())
    staff.stream()

    assert staff.told()["pager"] == ["alert smoke 1", "acknowledged smoke 1 (by ana)"]
    assert not [each for each in staff.notices.everything() if each.kind is NoticeKind.DIGEST]


def test_after_quiet_hours_a_silence_keeps_what_it_covers_until_it_is_over() -> None:
    staff = Staff(Team(("slack",), quiet=NIGHT))
    night(staff)
    one = staff.owe(1, tell=())
    update = staff.owe(2, tell=(), kind=NoticeKind.UPDATE)
    staff.stream()
    staff.clock.time += timedelta(hours=8)
    silence = silenced(staff, rule="spike")

    staff.clock.time += timedelta(hours=1)
    for _ in range(2):
        staff.minute()
    assert staff.told()["slack"] == []
    assert {staff.states(each)["slack"] for each in (one, update)} == {TellingState.SILENCED}
    staff.notices.end_silence(silence.id, "ana")
    staff.clock.time += timedelta(minutes=5)
    staff.minute()

    assert staff.told()["slack"] == ["alert smoke 1"]


def test_a_digest_tells_times_as_the_clocks_of_its_readers_showed_them() -> None:
    staff = Staff(Team(("slack",), quiet=SYDNEY))
    staff.clock.time = staff.clock.time.replace(hour=12)  # 23:00 in Sydney, in summer
    staff.owe(1, tell=(), kind=NoticeKind.UPDATE)
    staff.stream()

    morning(staff)
    staff.clock.time += timedelta(hours=1)
    staff.minute()

    (digest,) = [each for each in staff.notices.everything() if each.kind is NoticeKind.DIGEST]
    assert digest.lines == ("Fri 23:00 AEDT  update: smoke 1",)


@pytest.mark.parametrize("how", ["quiet no more", "channel gone", "team moved", "team gone", "both gone"])
def test_what_is_held_is_told_whatever_becomes_of_its_team_and_its_channel(how: str) -> None:
    staff = Staff(Team(("slack",), quiet=NIGHT))
    night(staff)
    held = [staff.owe(1, tell=()), staff.owe(2, tell=(), kind=NoticeKind.UPDATE)]
    staff.stream()
    now: dict[str, tuple[dict[str, str], Team | None]] = {
        "quiet no more": ({"slack": "slack"}, Team(("slack",))),
        "channel gone": ({"pager": "sns"}, Team(("pager",))),
        "team moved": ({"slack": "slack", "pager": "sns"}, Team(("pager",))),
        "team gone": ({"slack": "slack"}, None),
        "both gone": ({}, None),
    }
    channels, team = now[how]
    teams = {"duty": Team(tuple(channels)[:1])} | ({"safety": team} if team else {})
    staff.desk = replace(staff.desk, people=People(channels, teams))

    for _ in range(2):
        staff.minute()

    told = {
        "quiet no more": {"slack": ["alert smoke 1", "digest 1 notice"], "pager": []},
        "channel gone": {"slack": [], "pager": ["alert smoke 1", "update smoke 2"]},
        "team moved": {"slack": [], "pager": ["alert smoke 1", "update smoke 2"]},
        "team gone": {"slack": ["digest 2 notices"], "pager": []},
        "both gone": {"slack": [], "pager": []},
    }
    heard = {name: sorted(pipe) for name, pipe in staff.told().items()}
    assert heard == told[how]
    assert all(TellingState.HELD not in staff.states(each).values() for each in held)
    assert ("notice.unheard" in staff.log.events("warning")) == (how == "both gone")


@pytest.mark.parametrize("how", ["ended", "over"])
def test_what_was_silenced_is_told_once_the_silence_is_over_if_nobody_took_it_up(how: str) -> None:
    staff = Staff(Team(("slack",), repeat=TEN))
    silence = silenced(staff, rule="spike")
    staff.owe(1, tell=())
    staff.stream()
    for _ in range(3):
        staff.clock.time += timedelta(minutes=6)
        staff.minute()
    assert staff.told()["slack"] == []

    if how == "ended":
        staff.notices.end_silence(silence.id, "ana")
        staff.clock.time += timedelta(minutes=5)
    else:
        staff.clock.time = silence.until
    staff.minute()
    assert staff.told()["slack"] == ["alert smoke 1"]
    staff.clock.time += TEN
    staff.minute()

    assert staff.told()["slack"] == ["alert smoke 1", "alert smoke 1 x2"]


@pytest.mark.parametrize("why", ["taken up", "all clear", "a day later", "an update"])
def test_what_was_silenced_and_asks_for_nobody_any_more_is_not_told(why: str) -> None:
    staff = Staff(Team(("slack",)))
    silence = silenced(staff, rule="spike")
    silence = replace(silence, id="long", until=silence.at + timedelta(hours=30))
    staff.notices.silence(silence)
    kind = NoticeKind.UPDATE if why == "an update" else NoticeKind.ALERT
    one = staff.owe(1, tell=(), kind=kind)
    staff.stream()
    if why == "taken up":
        acknowledge(staff.notices, one, "ana", staff.clock())
    if why == "all clear":
        staff.owe(2, tell=(), kind=NoticeKind.ALL_CLEAR)
    staff.stream()
    for _ in range(40):
        staff.clock.time += timedelta(hours=1)
        staff.minute()

    assert staff.told()["slack"] == []
    assert staff.notices.wake(staff.clock()) == 0


def test_what_is_due_again_in_a_channel_that_its_team_left_is_handed_out_no_more() -> None:
    staff = Staff(Team(("slack",), repeat=TEN))
    staff.owe(1, tell=())
    staff.stream()
    teams = {"safety": Team(("pager",), repeat=TEN)}
    staff.desk = replace(staff.desk, people=replace(staff.desk.people, teams=teams))

    for _ in range(2):
        staff.clock.time += TEN
        staff.minute()

    assert staff.told() == {"slack": ["alert smoke 1"], "pager": ["alert smoke 1", "alert smoke 1 x2"]}
    assert staff.notices.wake(staff.clock()) == 0


def test_where_people_read_an_update_that_comes_after_the_end_is_not_told_and_one_of_later_news_is() -> None:
    staff = Staff(Team(("slack",)))
    staff.owe(1, tell=())
    staff.stream()
    late = staff.clock()
    staff.owe(2, tell=(), kind=NoticeKind.ALL_CLEAR)
    staff.stream()

    staff.owe(3, tell=(), kind=NoticeKind.UPDATE, at=late)
    staff.owe(4, tell=(), kind=NoticeKind.UPDATE)
    staff.stream()

    assert staff.told()["slack"] == ["alert smoke 1", "all-clear smoke 2", "update smoke 4"]


def test_a_digest_whose_channel_is_gone_goes_to_those_that_its_teams_have_now() -> None:
    staff = Staff(Team(("slack",), quiet=NIGHT))
    night(staff)
    staff.owe(1, tell=(), kind=NoticeKind.UPDATE)
    staff.stream()
    staff.clock.time += timedelta(hours=9)
    assert end_quiet(staff.desk) == 1
    staff.desk = replace(staff.desk, people=People({"pager": "sns"}, {"safety": Team(("pager",))}))

    staff.stream()

    assert staff.told() == {"slack": [], "pager": ["digest 1 notice"]}
