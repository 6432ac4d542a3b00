"""What operators see of cases and send again: `earshot cases` and `earshot redrive`, over a desk in memory."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest

from chalicelib.cli.main import main
from chalicelib.config import Company
from chalicelib.errors import Refused
from chalicelib.model import Action, DeliveryState, Parked, Post
from chalicelib.stores.memory import MemoryQueue
from chalicelib.wiring import Wiring
from tests.unit.people import NOON, MemoryCrm, Office, post, refusing
from tests.unit.test_overdue import opened

ENVIRONMENT = {
    "EARSHOT_TABLE": "posts",
    "EARSHOT_POSTS_QUEUE": "posts.fifo",
    "EARSHOT_PARKED_QUEUE": "parked",
    "EARSHOT_SECRET": "company",
    "EARSHOT_CRM": "webhook",
}


class Place(Wiring):
    """Where the verbs work: an office's store and a queue of its own; its functions are told through `env`."""

    company = Company()

    def __init__(self, office: Office, env: dict[str, str]) -> None:
        super().__init__(env)
        self.store = office.store
        self.queue = self.posts = MemoryQueue(office.clock)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def place(office: Office, monkeypatch: pytest.MonkeyPatch) -> Place:
    place = Place(office, dict(ENVIRONMENT))
    for verb in ("cases", "redrive"):
        monkeypatch.setattr(f"chalicelib.cli.{verb}.wiring", lambda: place)
    return place


def refused_case(office: Office, *posts: Post) -> str:
    """A case of which the CRM refused all."""
    assert office.crm is not None
    office.crm.troubles = refusing()
    (first, *_) = office.hear(*posts)
    office.tell()
    return first.case_id or ""


def kept_case(office: Office, *posts: Post) -> str:
    """A case that was kept because there was no CRM; then there is one."""
    office.crm = None
    (first, *_) = office.hear(*posts)
    office.tell()
    office.crm = MemoryCrm()
    return first.case_id or ""


def told_posts(office: Office, case: str) -> list[str]:
    return [entry.post.id for entry in office.entries(case) if entry.post]


@pytest.mark.usefixtures("place")
def test_a_refused_case_is_told_whole_and_in_order_once_it_is_sent_again(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    case = refused_case(office, post(1), post(2), post(3))

    assert main(["redrive", "refused"]) == 0
    office.tell()

    assert capsys.readouterr().out == "3 deliveries of 1 cases owed again\n"
    assert told_posts(office, case) == ["forum:1", "forum:2", "forum:3"]


@pytest.mark.usefixtures("place")
def test_a_case_that_was_kept_opens_properly_with_its_follow_ups_after_it(office: Office) -> None:
    case = kept_case(office, post(1), post(2))
    office.hear(post(3))
    office.tell()
    assert told_posts(office, case) == []

    assert main(["redrive", "kept"]) == 0
    office.tell()
    office.hear(post(4))
    office.tell()

    found = office.store.case(case)
    assert found is not None
    assert found.crm_ref == f"no-{case}"
    assert told_posts(office, case) == ["forum:1", "forum:2", "forum:3", "forum:4"]


@pytest.mark.usefixtures("place")
def test_sending_again_twice_tells_nothing_twice(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    case = refused_case(office, post(1), post(2))
    for _ in range(2):
        assert main(["redrive", "refused"]) == 0
    office.tell()
    assert main(["redrive", "refused"]) == 0
    office.tell()

    assert capsys.readouterr().out.splitlines()[1:] == ["0 deliveries of 0 cases owed again"] * 2
    assert told_posts(office, case) == ["forum:1", "forum:2"]


@pytest.mark.usefixtures("place")
def test_a_case_that_is_refused_again_says_what_the_crm_says_now(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    refused_case(office, post(1), post(2))
    assert office.crm is not None
    main(["redrive", "refused"])
    office.crm.troubles = [Refused("no such team: care")]
    office.tell()
    capsys.readouterr()

    assert main(["cases", "--refused"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "refused: no such team: care" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["refused", "refused"]
    assert all(line.endswith("no such team: care") for line in lines[1:])


@pytest.mark.usefixtures("place")
def test_a_kept_case_whose_author_took_it_all_back_is_never_told(office: Office) -> None:
    case = kept_case(office, post(1))
    office.store.erase_text("forum:1")

    main(["redrive", "kept"])
    office.tell()

    assert office.entries(case) == []
    assert [delivery.state for delivery in office.store.deliveries(case)] == [DeliveryState.WITHDRAWN]


@pytest.mark.usefixtures("place")
def test_only_the_named_case_is_sent_again(office: Office) -> None:
    first = refused_case(office, post(1))
    second = refused_case(office, post(2, who="ben"))

    assert main(["redrive", "refused", "--case", second[:13]]) == 0

    assert office.store.owed(first) == []
    assert len(office.store.owed(second)) == 1


@pytest.mark.usefixtures("place")
def test_what_was_kept_is_not_sent_again_with_what_was_refused(office: Office) -> None:
    kept = kept_case(office, post(1))
    refused = refused_case(office, post(2, who="ben"))

    assert main(["redrive", "refused"]) == 0

    assert office.store.owed(kept) == []
    assert len(office.store.owed(refused)) == 1


@pytest.mark.usefixtures("place")
def test_a_limit_leaves_the_rest_and_says_so(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    for number, who in enumerate(("ana", "ben", "cleo")):
        refused_case(office, post(number, who=who))

    assert main(["redrive", "refused", "--limit", "2"]) == 0

    assert capsys.readouterr().out == "2 deliveries of 2 cases owed again; there may be more, call it again\n"


def test_without_a_crm_a_redrive_warns_that_they_will_be_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place(office, {**ENVIRONMENT, "EARSHOT_CRM": "none"})
    monkeypatch.setattr("chalicelib.cli.redrive.wiring", lambda: place)
    kept_case(office, post(1))

    assert main(["redrive", "kept"]) == 0

    assert "EARSHOT_CRM is not set here" in capsys.readouterr().err


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("verb", [["cases"], ["redrive", "refused", "--case"]], ids=" ".join)
@pytest.mark.parametrize("given", ["404", "", "\udcff"], ids=ascii)
def test_a_case_that_is_not_there_is_told_in_a_sentence(
    office: Office, verb: list[str], given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused_case(office, post(1))

    assert main([*verb, given]) == 2

    told = capsys.readouterr()
    assert told.err == f"earshot {verb[0]}: there is no case {given!r}: `earshot cases` lists them\n"
    assert told.out == ""


@pytest.mark.usefixtures("place")
def test_a_beginning_that_several_cases_share_is_told_not_guessed(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = sorted(refused_case(office, post(number, who=f"author-{number}")) for number in range(17))
    shared = next(a[0] for a, b in pairwise(ids) if a[0] == b[0])

    assert main(["cases", shared]) == 2

    assert "give more of the id" in capsys.readouterr().err


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("what", ["posts", "parked", "deliveries"])
def test_a_case_cannot_be_named_for_what_has_none(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["redrive", what, "--case", "5f0c"]) == 2

    assert f"--case goes with refused and kept, not with {what}" in capsys.readouterr().err


@pytest.mark.usefixtures("place")
def test_one_case_is_shown_with_all_it_owes_or_has_owed(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    (first,) = office.hear(post(1))
    office.tell()
    assert office.crm is not None
    office.crm.troubles = [Refused("The text is too long\n\x1b[31mby far")]
    office.hear(post(2))
    office.tell()
    case = first.case_id or ""

    assert main(["cases", case[:8]]) == 0

    out = capsys.readouterr().out
    assert f"case       {case}\n" in out
    assert f"CRM        memory no-{case}\n" in out
    assert out.splitlines()[-2:] == [
        f"  done       open_case    money  no-{case}",
        "  refused    add_to_case  The author wrote again about this  The text is too long [31mby far",
    ]


@pytest.mark.usefixtures("place")
def test_one_case_says_that_its_clock_stopped_since_every_post_was_deleted(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    case = opened(office)
    office.tell()

    office.hear(post(1, None, action=Action.DELETE))
    office.tell()
    main(["cases", case.id])

    out = capsys.readouterr().out
    assert "status     open, " in out
    assert "UTC: every post of it was deleted; 2 steps were not begun\n" in out
    assert "The author deleted this post" in out


@pytest.mark.usefixtures("place")
def test_one_case_as_json_holds_its_deliveries(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    case = refused_case(office, post(1), post(2))

    main(["cases", case, "--json"])
    shown = json.loads(capsys.readouterr().out)
    main(["cases", "--refused", "--json"])
    listed = json.loads(capsys.readouterr().out)

    assert shown == listed
    assert (shown["id"], shown["refused"]) == (case, "Subject is a required field")
    assert [(d["state"], d["words"]) for d in shown["deliveries"]] == [("refused", "Subject is a required field")] * 2


@pytest.mark.usefixtures("place")
def test_a_case_of_which_only_a_follow_up_was_refused_is_listed_with_the_crms_words(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.hear(post(1), post(5, who="ben"))
    office.tell()
    assert office.crm is not None
    office.crm.troubles = [Refused("too long")]
    office.hear(post(2))
    office.tell()

    main(["cases", "--refused"])
    refused = capsys.readouterr().out.splitlines()
    main(["cases"])
    everything = capsys.readouterr().out.splitlines()

    assert len(refused) == 2
    assert refused[1] == "  refused    add_to_case  The author wrote again about this  too long"
    assert len(everything) == 2


@pytest.mark.usefixtures("place")
def test_where_nothing_was_refused_there_are_no_cases_to_list(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.hear(post(1))
    office.tell()

    assert main(["cases", "--refused"]) == 0

    assert capsys.readouterr().out == "no cases\n"


@pytest.mark.usefixtures("place")
def test_what_is_owed_is_handed_out_again_without_waiting(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.clock.time = NOON - timedelta(days=300)  # the verb asks the wall's clock what was owed before now
    (first,) = office.hear(post(1, created_at=office.clock.time))
    office.store.handed_out()

    assert main(["redrive", "deliveries"]) == 0
    office.tell()

    assert capsys.readouterr().out == "1 cases that owe something handed out again\n"
    assert len(office.entries(first.case_id)) == 1


def test_dead_letters_go_back_to_the_queue(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.posts.dead = [post(1), post(2)]

    assert main(["redrive", "posts"]) == 0

    assert capsys.readouterr().out == "2 posts moved from the dead letters to the queue\n"
    assert place.posts.take() == [post(1), post(2)]


def test_of_parked_bodies_those_that_can_be_read_now_are_queued_and_the_rest_stays(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    data = {"id": "reviews:7", "platform": "reviews", "text": "refund please"}
    bodies = (json.dumps({"type": "post.created", "timestamp": "2026-11-20T11:00:00Z", "data": data}).encode(), b"{")
    for body in bodies:
        place.queue.park(Parked("standard-webhooks", body, {"content-type": "application/json"}, "no mapping", NOON))

    assert main(["redrive", "parked"]) == 1

    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("standard-webhooks  2026-11-20 12:00  still cannot be read: ")
    assert told[1] == "1 posts queued, 1 bodies stay parked"
    assert [found.text for found in place.posts.take()] == ["refund please"]
    assert [parked.body for parked in place.queue.parked(10)] == [b"{"]


@pytest.mark.usefixtures("place")
def test_what_waits_for_people_is_listed_most_pressing_first_with_the_reasons(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.hear(post(1, "my refund please", "ana"), post(2, "no refund can help, I want to die", "bo"))
    office.tell()

    assert main(["cases", "--by", "relevance"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "100 self-harm" in told[1]
    assert "waiting" in told[3] and "self-harm" not in told[3]
    assert main(["cases", "--by", "relevance", "--json"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["relevance"]["score"] == pytest.approx(sum(part["points"] for part in first["relevance"]["parts"]))
    assert first["relevance"]["score"] > second["relevance"]["score"]


@pytest.mark.usefixtures("place")
def test_relevance_is_of_what_nobody_answered_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases", "--by", "relevance"]) == 0
    assert capsys.readouterr().out == "nobody waits for an answer\n"

    assert main(["cases", "--by", "relevance", "--refused"]) == 2
    assert "leave out --status and --refused" in capsys.readouterr().err


@pytest.mark.parametrize("limit", ["-1", "0", "many", "1.5"])
@pytest.mark.parametrize("verb", [["parked"], ["redrive", "parked"], ["redrive", "refused"]])
def test_a_limit_that_would_hide_what_is_there_is_refused(
    place: Place, capsys: pytest.CaptureFixture[str], verb: list[str], limit: str
) -> None:
    place.queue.park(Parked("standard-webhooks", b"{", {}, "no mapping", NOON))

    with pytest.raises(SystemExit) as ended:
        main([*verb, f"--limit={limit}"])

    assert ended.value.code == 2
    assert "expected a whole number above 0" in capsys.readouterr().err
