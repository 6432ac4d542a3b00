"""Thanks after a complaint: the case steps down one level, once, told why, and never where another reason holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import Conflict
from chalicelib.model import Action, Case, CaseStatus, Context, Decision, Facts, Outcome, Post, Priority, Recommended
from chalicelib.pipeline.heart import relents
from chalicelib.pipeline.triage import Batch, Desk
from chalicelib.ports.deciding import Windows
from chalicelib.ports.store import Store
from chalicelib.reading import read
from tests.contracts.conftest import Clock
from tests.unit.people import OLDEST, post

THANKS = "Thank you so much, it works again!"


@dataclass
class Words:
    """`refund` escalates as it is told to, `smoke` urgently; all else no rule knows."""

    priority: Priority = Priority.HIGH
    more: dict[str, Any] = field(default_factory=dict)
    version = "words"

    def decide(
        self,
        facts: Facts,
        trace: bool = True,
        windows: Windows | None = None,
        recommended: Sequence[Recommended] = (),
    ) -> Decision:
        said = facts.post
        nothing = Decision(said.id, said.version, Outcome.IGNORE, "no rule")
        for word, priority in (("refund", self.priority), ("smoke", Priority.URGENT)):
            if word in (said.text or ""):
                escalated = replace(nothing, outcome=Outcome.ESCALATE, reason=word, rule=word, team="care")
                return replace(escalated, priority=priority, join_within=timedelta(days=14), **self.more)
        return nothing


@dataclass
class Thread:
    """One author's posts in one conversation, over one store."""

    store: Store
    clock: Clock
    rules: Words = field(default_factory=Words)
    number: int = 0

    def say(self, text: str, who: str = "ana", **more: Any) -> str:
        """The id of the case that it opened or joined."""
        self.number += 1
        some = {"created_at": self.clock.now, "conversation_id": "t1", **more}
        return self.decide(post(self.number, text, who, **some))

    def decide(self, said: Post) -> str:
        batch: Batch = Desk(self.store, self.rules, read, self.clock, OLDEST, {}).batch([said])
        return batch.triage(said).case_id or ""

    def case(self, case_id: str) -> Case:
        found = self.store.case(case_id)
        assert found
        return found


@pytest.fixture
def thread(store: Store, clock: Clock) -> Thread:
    return Thread(store, clock)


def test_thanks_let_a_case_step_down_one_level_once_and_the_reason_is_told_on_it(thread: Thread) -> None:
    case_id = thread.say("refund!")

    assert thread.say(THANKS) == case_id
    assert thread.say("Thanks again, wonderful") == case_id

    after = thread.case(case_id)
    assert (after.priority, after.status, after.posts) == (Priority.NORMAL, CaseStatus.OPEN, 3)
    assert after.softened_at is not None
    assert [each.heading for each in thread.store.deliveries(case_id)][1:] == [
        "The author says thanks: this goes from high to normal priority",
        "The author wrote again in this conversation",
    ]


@pytest.mark.parametrize(
    "text",
    ["Thanks for nothing, this is a disgrace", "Thank you, but when will it work again?", "Still waiting", "hello"],
)
def test_what_are_no_thanks_that_are_meant_moves_nothing(thread: Thread, text: str) -> None:
    case_id = thread.say("refund!")

    assert thread.say(text) == case_id

    assert thread.case(case_id).priority is Priority.HIGH


@pytest.mark.parametrize(
    ("priority", "more", "after"),
    [
        (Priority.HIGH, {"stays": True}, Priority.HIGH),
        (Priority.URGENT, {}, Priority.HIGH),
        (Priority.LOW, {}, Priority.LOW),
    ],
)
def test_it_stays_where_the_rule_says_so_and_there_is_nothing_below_low(
    thread: Thread, priority: Priority, more: dict[str, Any], after: Priority
) -> None:
    thread.rules = Words(priority, more)
    case_id = thread.say("refund!")
    thread.say(THANKS)

    assert thread.case(case_id).priority is after


def test_another_reason_that_is_open_holds_the_case_where_it_is(thread: Thread) -> None:
    case_id = thread.say("refund!")
    assert thread.say("and it makes smoke") == case_id
    thread.say(THANKS)

    assert thread.case(case_id).priority is Priority.HIGH
    assert thread.case(case_id).reasons == {"urgent=smoke"}


def test_more_of_the_same_reason_does_not_hold_it(thread: Thread) -> None:
    case_id = thread.say("refund!")
    thread.say("refund!!")
    thread.say(THANKS)

    assert thread.case(case_id).priority is Priority.NORMAL


def test_somebody_elses_thanks_are_their_own(thread: Thread) -> None:
    case_id = thread.say("refund!")

    assert thread.say(THANKS, who="bo") == ""

    assert thread.case(case_id).priority is Priority.HIGH


def test_a_complaint_that_is_edited_into_thanks_steps_down_too_and_a_deletion_does_not(thread: Thread) -> None:
    case_id = thread.say("refund!")
    first = post(1, "refund!", created_at=thread.clock.now, conversation_id="t1")
    thread.clock.now += timedelta(minutes=1)
    thread.decide(replace(first, text=None, action=Action.DELETE, edited_at=thread.clock.now))
    assert thread.case(case_id).priority is Priority.HIGH
    other = thread.say("refund, please")
    edit = post(2, THANKS, created_at=thread.clock.now, conversation_id="t1", edited_at=thread.clock.now)

    assert thread.decide(replace(edit, action=Action.EDIT)) == other
    assert thread.case(other).priority is Priority.NORMAL


def test_a_case_that_changed_since_it_was_read_is_read_again(thread: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = thread.say("refund!")
    old = thread.case(case_id)
    thread.say(THANKS)
    monkeypatch.setattr(thread.store, "case", lambda _: old)

    with pytest.raises(Conflict):
        thread.say(THANKS)

    monkeypatch.undo()
    assert thread.case(case_id).priority is Priority.NORMAL


def test_what_is_read_of_thanks_decides_and_nothing_is_known_without_words() -> None:
    said = post(1)

    assert relents(Facts(said, {"thanks": True, "sentiment": 0.4, "complaint": 0.0}))
    assert not relents(Facts(said, {"thanks": True, "sentiment": -0.4}))
    assert not relents(Facts(said, {"thanks": True, "complaint": 0.5}))
    assert not relents(Facts(said, {}))


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, my lawyer will be in touch",
        "Danke, mein Anwalt meldet sich",
        "Thanks to you my router caught fire",
        "Thank you, can I get a human being please",
        "Thank you, I want to die",
        "Thank you, my elderly mother is still cut off",
        "Thanks, I'll be cancelling then",
        "Thanks, I\u2019ll be canceling then.",
        "Thanks to you we had to switch to another provider",
        "Thank you. I will go elsewhere",
        "Danke, dann kündige ich",
        "Vielen Dank, ich werde den Anbieter wechseln",
        "Gracias, me doy de baja",
        "Muchas gracias, me voy a la competencia",
        "Merci, je résilie mon abonnement",
        "Merci, je vais voir ailleurs",
        "Obrigado, vou cancelar",
        "Obrigada, vou para a concorrência",
    ],
)
def test_thanks_of_whoever_is_not_served_or_goes_are_none(text: str) -> None:
    assert not relents(read(post(1, text), Context()))


@pytest.mark.parametrize(
    "text",
    [
        THANKS,
        "Thanks, I was going to cancel but you fixed it",
        "Thanks, I'll leave you a good review",
        "Thanks, all sorted, leaving soon for the airport",
        "Danke, ich wollte schon kündigen, aber jetzt läuft alles",
        "Gracias, iba a cancelar pero ya funciona",
        "Merci, je ne vais pas résilier",
        "Obrigado, já funciona",
    ],
)
def test_who_meant_to_go_and_stays_thanks(text: str) -> None:
    assert relents(read(post(1, text), Context()))


def sentiment(thread: Thread, text: str, **more: Any) -> float:
    """What a rule could ask of how the author sounds in the conversation with this post."""
    thread.number += 1
    said = post(thread.number, text, created_at=thread.clock.now, **{"conversation_id": "t1", **more})
    desk = Desk(thread.store, thread.rules, read, thread.clock, OLDEST, {})
    facts = read(said, desk.context(said, thread.store.standings([said])[0]))
    return float(str(facts.values["conversation sentiment"]))


def test_how_the_author_sounds_is_read_over_the_conversation_and_forgotten_after_a_month(thread: Thread) -> None:
    alone = sentiment(thread, "All fine now")
    thread.say("refund! Worst company ever, a disgrace, terrible")
    thread.say("Horrible, still terrible")

    among = sentiment(thread, "All fine now")
    elsewhere = sentiment(thread, "All fine now", conversation_id="t2")
    thread.clock.now += timedelta(days=31)
    later = sentiment(thread, "All fine now")

    assert among < 0 <= alone
    assert alone == elsewhere == later


def test_the_record_of_an_author_keeps_ten_moods_of_a_case_and_no_words(thread: Thread) -> None:
    thread.say("refund! terrible")
    for _ in range(12):
        thread.say("still terrible")

    (kept,) = thread.store.standings([post(99, conversation_id="t1")])[0].open_cases
    assert len(kept.moods) == 10
    assert all(-1 <= mood.sentiment < 0 for mood in kept.moods)
