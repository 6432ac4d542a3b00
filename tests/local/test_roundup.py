"""The Roundup adapter against a real Roundup."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
import urllib3

from chalicelib.crm.mapping import FieldMapping
from chalicelib.crm.roundup import RoundupCrm
from chalicelib.crm.roundup_rest import RoundupRest
from chalicelib.errors import Refused, Unavailable
from chalicelib.model import Case, Happened, Priority, Shift
from chalicelib.transport import Transport
from infra.local.roundup import LocalRoundup
from infra.local.roundup_tracker import configure
from tests.contracts.crm_samples import a_case, a_post, an_entry, heard, opened
from tests.local.cutting_proxy import CuttingProxy

pytestmark = pytest.mark.local
REPO = Path(__file__).parents[2]
TEMPLATE = REPO / ".local" / "roundup-template"
T = TypeVar("T")
numbers = count(1)


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRoundup]:
    with LocalRoundup(tmp_path_factory.mktemp("crm"), TEMPLATE) as tracker:
        yield tracker


@pytest.fixture
def crm(tracker: LocalRoundup) -> RoundupCrm:
    return RoundupCrm(tracker.settings)


def issues_of(tracker: LocalRoundup, case: Case) -> list[dict[str, Any]]:
    return [issue for issue in tracker.issues() if issue["key"] == case.id]


def patiently(call: Callable[[], T], most: int = 60) -> T:
    for _ in range(most):
        try:
            return call()
        except Unavailable as error:
            time.sleep(error.retry_after or 0.01)
    raise AssertionError("never done")


def story(crm: RoundupCrm, texts: list[str]) -> tuple[Case, list[str]]:
    """Open a case with the first text, add the others; the entries' keys in order."""
    posts = [a_post(next(numbers), text) for text in texts]
    case = a_case(posts[0])
    ref = patiently(lambda: crm.open_case(case, an_entry(posts[0])))
    for post in posts[1:]:
        entry = an_entry(post)
        patiently(lambda entry=entry: crm.add_to_case(opened(case, ref), entry))  # type: ignore[misc]
    return case, [post.external_key for post in posts]


def keys(issue: dict[str, Any]) -> list[str]:
    return [text.rsplit("[ref:", 1)[1].rstrip("]\n") for text in issue["messages"]]


def test_a_case_becomes_one_issue_with_its_follow_ups_in_order(tracker: LocalRoundup, crm: RoundupCrm) -> None:
    case, entries = story(crm, ["My router smokes", "It still smokes", "Hello?"])

    [issue] = issues_of(tracker, case)
    assert (issue["title"], issue["network"], issue["priority"]) == ("Smoke - ana_r", "x", "critical")
    assert keys(issue) == entries
    assert "> My router smokes" in issue["messages"][0]


@pytest.mark.parametrize(
    ("priority", "name"), [(Priority.URGENT, "critical"), (Priority.HIGH, "urgent"), (Priority.LOW, "wish")]
)
def test_priorities_take_the_trackers_names(
    tracker: LocalRoundup, crm: RoundupCrm, priority: Priority, name: str
) -> None:
    post = a_post(next(numbers))
    case = replace(a_case(post), priority=priority)
    crm.open_case(case, an_entry(post))

    assert issues_of(tracker, case)[0]["priority"] == name


def test_a_repeated_call_finds_what_is_there(tracker: LocalRoundup, crm: RoundupCrm) -> None:
    post, more = a_post(next(numbers)), a_post(next(numbers))
    case = a_case(post)
    refs = {crm.open_case(case, an_entry(post)) for _ in range(3)}
    added = {crm.add_to_case(opened(case, min(refs)), an_entry(more)) for _ in range(3)}

    [issue] = issues_of(tracker, case)
    assert refs == {str(issue["id"])}
    assert len(added) == 1
    assert keys(issue) == [post.external_key, more.external_key]


def test_the_look_up_is_exact(tracker: LocalRoundup, crm: RoundupCrm) -> None:
    case, _ = story(crm, ["My router smokes"])
    rest = RoundupRest(crm.settings, Transport("roundup"))

    assert rest.find("issue", "external_post_id", case.id) == str(issues_of(tracker, case)[0]["id"])
    assert rest.find("issue", "external_post_id", case.id[:-1]) is None
    assert rest.find("issue", "external_post_id", case.id.upper()) is None


def test_every_answer_lost_once_leaves_each_entry_once(tracker: LocalRoundup) -> None:
    path = urlsplit(tracker.settings["url"]).path
    with CuttingProxy(tracker.url.removesuffix("/support/")) as proxy:
        crm = RoundupCrm({**tracker.settings, "url": proxy.url(path)})
        story(crm, ["My router smokes", "It still smokes"])
        steps = proxy.count
        for step in range(1, steps + 1):
            before = tracker.message_count()
            proxy.count, proxy.cut = 0, step.__eq__
            case, entries = story(crm, ["My router smokes", "It still smokes"])

            assert [keys(issue) for issue in issues_of(tracker, case)] == [entries], f"answer {step} of {steps} lost"
            assert tracker.message_count() == before + len(entries)


def test_eight_cases_at_once_keep_their_own_entries(tracker: LocalRoundup, crm: RoundupCrm) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: story(crm, ["smoke", "more smoke", "fire"]), range(8)))

    assert [[keys(issue) for issue in issues_of(tracker, case)] for case, _ in told] == [[all_] for _, all_ in told]


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧 réfund ﷽ עברית 再起動",
        "half \ud83d an emoji",
        "nul \x00 \x1b[31m \u202egnorw",
        '"<b>&amp;\\n%s {0}',
        "> [ref:x]",
    ],
)
def test_any_text_of_a_person_arrives(tracker: LocalRoundup, crm: RoundupCrm, text: str) -> None:
    post = a_post(next(numbers), text)
    case = replace(a_case(post), subject=text)
    crm.open_case(case, an_entry(post))

    [issue] = issues_of(tracker, case)
    assert issue["messages"] == [crm.body(case, an_entry(post))]
    assert issue["title"] == crm.subject(case)


def test_a_case_whose_issue_is_gone_is_refused_in_the_trackers_words(crm: RoundupCrm) -> None:
    post = a_post(next(numbers))

    with pytest.raises(Refused, match="no such issue 999999"):
        crm.add_to_case(opened(a_case(post), "999999"), an_entry(post))


def test_a_wrong_password_leaves_the_case_owed(tracker: LocalRoundup) -> None:
    post = a_post(next(numbers))
    crm = RoundupCrm({**tracker.settings, "password": "made-up"})

    with pytest.raises(Unavailable, match=r"credentials \(401\)"):
        crm.open_case(a_case(post), an_entry(post))


def test_a_property_the_tracker_lacks_leaves_the_case_owed_and_is_named(tracker: LocalRoundup) -> None:
    post = a_post(next(numbers))
    crm = RoundupCrm({**tracker.settings, "key_property": "social_key"})

    with pytest.raises(Unavailable, match="Field social_key is not valid for issue class"):
        crm.open_case(a_case(post), an_entry(post))


def test_a_request_that_outlives_its_caller_creates_nothing(tracker: LocalRoundup) -> None:
    post = a_post(next(numbers))
    case = a_case(post)
    with CuttingProxy(tracker.url.removesuffix("/support/")) as proxy:
        settings = {**tracker.settings, "url": proxy.url(urlsplit(tracker.settings["url"]).path)}
        # issue?, msg?, msg/@poe, msg/@poe/.., priority, issue/@poe, and now the issue itself
        proxy.before = lambda number: tracker.pause() if number == 7 else None
        with pytest.raises(Unavailable, match="did not answer"):
            RoundupCrm(settings, Transport("roundup", read_seconds=2)).open_case(case, an_entry(post))
    crm = RoundupCrm(tracker.settings, Transport("roundup", read_seconds=2))
    with ThreadPoolExecutor(1) as pool:
        again = pool.submit(patiently, lambda: crm.open_case(case, an_entry(post)))
        time.sleep(0.3)  # its look-up now waits beside the late request; with a plain POST both would create
        tracker.resume()
        again.result()
    time.sleep(0.3)  # for the late request, should it still do something

    [issue] = issues_of(tracker, case)
    assert keys(issue) == [post.external_key]


def test_a_tracker_that_is_down_keeps_what_it_has_and_takes_the_rest_later(
    tracker: LocalRoundup, crm: RoundupCrm
) -> None:
    case, entries = story(crm, ["My router smokes"])
    more = a_post(next(numbers))
    ref = str(issues_of(tracker, case)[0]["id"])
    tracker.stop()
    with pytest.raises(Unavailable, match="did not answer"):
        crm.add_to_case(opened(case, ref), an_entry(more))
    tracker.start()
    patiently(lambda: crm.add_to_case(opened(case, ref), an_entry(more)))

    assert keys(issues_of(tracker, case)[0]) == [*entries, more.external_key]


def test_a_tracker_that_limits_calls_gets_everything_in_the_end(tmp_path: Path) -> None:
    with LocalRoundup(tmp_path, TEMPLATE, rate=10, interval=2) as tracker:
        crm = RoundupCrm(tracker.settings)
        with pytest.raises(Unavailable) as busy:
            for _ in range(20):
                crm._rest.priorities()
        case, entries = story(crm, ["My router smokes", "It still smokes"])

        [issue] = tracker.issues()
        assert busy.value.retry_after == pytest.approx(1, abs=1)
        assert (issue["key"], keys(issue)) == (case.id, entries)


def changed(tracker: LocalRoundup, issue: object, **values: str) -> None:
    """What an administrator does there, by the tracker's own command line."""
    command = [sys.executable, "-m", "roundup.scripts.roundup_admin", "-i", str(tracker.home), "set", f"issue{issue}"]
    subprocess.run([*command, *(f"{name}={value}" for name, value in values.items())], check=True, capture_output=True)


def test_what_people_do_there_is_heard_and_what_we_do_is_no_answer(tracker: LocalRoundup, crm: RoundupCrm) -> None:
    since = datetime.now(UTC) - timedelta(seconds=2)
    case, _ = story(crm, ["My router smokes", "It still smokes"])
    [issue] = issues_of(tracker, case)
    ours = [event for event in heard(crm.poll(since)) if event.case_id == case.id]
    changed(tracker, issue["id"], status="resolved", assignedto="admin")
    theirs = [event for event in heard(crm.poll(since)) if event.case_id == case.id]

    assert [event.happened for event in ours] == [Happened.REOPENED]
    assert {(event.happened, event.team) for event in theirs} == {
        (Happened.CLOSED, None),
        (Happened.REASSIGNED, "admin"),
    }
    assert all(abs(event.at - datetime.now(UTC)) < timedelta(minutes=1) for event in theirs)
    assert heard(crm.poll(datetime.now(UTC) + timedelta(hours=1))) == []


def who_has(tracker: LocalRoundup, issue: object) -> tuple[str, str]:
    """Its assignee and its priority, read beside Roundup from its database."""
    query = """select u._username, p._name from _issue i left join _user u on u.id = i._assignedto
               left join _priority p on p.id = i._priority where i.id = ?"""
    with sqlite3.connect(f"file:{tracker.home}/db/db?mode=ro", uri=True) as db:
        found: tuple[str, str] = db.execute(query, (issue,)).fetchone()
    db.close()
    return found


def test_a_step_of_our_own_moves_an_issue_once_and_comes_back_as_nobodys_doing(tracker: LocalRoundup) -> None:
    since = datetime.now(UTC) - timedelta(seconds=2)
    crm = RoundupCrm(tracker.settings, mapping=FieldMapping(teams={"care": tracker.settings["user"], "leads": "admin"}))
    first, second = a_post(next(numbers)), a_post(next(numbers))
    case = replace(a_case(first), team="care", priority=Priority.NORMAL)
    ref = crm.open_case(case, an_entry(first))
    assert who_has(tracker, ref) == (tracker.settings["user"], "bug")
    step = Shift("care", "leads", Priority.NORMAL, Priority.URGENT)
    now = replace(opened(case, ref), team="leads", priority=Priority.URGENT)
    told = crm.add_to_case(now, replace(an_entry(second), shifts=(step,)))

    assert who_has(tracker, ref) == ("admin", "critical")
    ours = [event for event in heard(crm.poll(since)) if event.case_id == case.id]
    assert [event.happened for event in ours] == [Happened.REOPENED]
    changed(tracker, ref, nosy="admin")
    told_of = [event for event in heard(crm.poll(since)) if event.case_id == case.id]
    [theirs] = [event for event in told_of if event.happened is Happened.REASSIGNED]
    assert (theirs.team, theirs.ours) == ("admin", ("leads",))
    changed(tracker, ref, assignedto="anonymous", priority="wish")
    assert crm.add_to_case(now, replace(an_entry(second), shifts=(step,))) == told
    assert who_has(tracker, ref) == ("anonymous", "wish")
    assert len(issues_of(tracker, case)[0]["messages"]) == 2


def test_an_issue_that_people_gave_to_others_stays_with_them_and_is_told(tracker: LocalRoundup) -> None:
    crm = RoundupCrm(tracker.settings, mapping=FieldMapping(teams={"care": tracker.settings["user"], "leads": "admin"}))
    first, second = a_post(next(numbers)), a_post(next(numbers))
    case = replace(a_case(first), team="care", priority=Priority.NORMAL)
    ref = crm.open_case(case, an_entry(first))
    changed(tracker, ref, assignedto="anonymous")
    now = replace(opened(case, ref), team="leads", priority=Priority.URGENT)
    step = Shift("care", "leads", Priority.NORMAL, Priority.URGENT)
    crm.add_to_case(now, replace(an_entry(second), shifts=(step,)))

    assert who_has(tracker, ref) == ("anonymous", "critical")
    assert len(issues_of(tracker, case)[0]["messages"]) == 2


@pytest.mark.parametrize("chats", [True, False])
def test_a_closed_issue_goes_on_with_a_post_that_people_should_see(tmp_path: Path, chats: bool) -> None:
    with LocalRoundup(tmp_path, TEMPLATE) as tracker:
        crm = RoundupCrm(tracker.settings)
        case, _ = story(crm, ["My router smokes"])
        if not chats:
            (tracker.home / "detectors" / "statusauditor.py").unlink()
            tracker.stop()
            tracker.start()
        changed(tracker, 1, status="resolved")
        more = a_post(next(numbers))
        crm.add_to_case(opened(case, "1"), replace(an_entry(more), reopens=True))

        assert crm._rest.issue("1", ("status",)).values["status"] == "chatting"


def test_a_tracker_in_another_time_zone_dates_posts_and_changes_right(tmp_path: Path) -> None:
    with LocalRoundup(tmp_path, TEMPLATE) as tracker:
        configure(tracker.home, {"timezone": "10"})
        tracker.stop()
        tracker.start()
        crm = RoundupCrm(tracker.settings)
        case, _ = story(crm, ["My router smokes"])
        changed(tracker, 1, status="resolved")

        posted = a_post(int(case.post_id.removeprefix("x:"))).created_at
        said = crm._rest._look("msg?@fields=date")["collection"][0]["date"]
        found = heard(crm.poll(datetime.now(UTC) - timedelta(minutes=1)))
        assert datetime.strptime(said, "%Y-%m-%d.%H:%M:%S").replace(tzinfo=UTC) == posted
        assert [event.happened for event in found] == [Happened.CLOSED]
        assert heard(crm.poll(datetime.now(UTC) + timedelta(minutes=1))) == []


def test_a_look_at_a_real_tracker_finds_nothing_missing_and_names_what_is(tracker: LocalRoundup) -> None:
    sound = RoundupCrm(tracker.settings).check()
    wanting = RoundupCrm({**tracker.settings, "network_property": "medium"}).check()

    assert all(finding.is_right for finding in sound)
    assert [finding.what for finding in wanting if not finding.is_right] == ["issue has the property medium"]


def test_a_reset_tracker_is_empty(tmp_path: Path) -> None:
    with LocalRoundup(tmp_path, TEMPLATE) as tracker:
        story(RoundupCrm(tracker.settings), ["My router smokes"])
        tracker.reset()

        assert (tracker.issues(), tracker.message_count()) == ([], 0)


def test_the_tracker_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from infra.local.roundup import LocalRoundup\n"
        "with LocalRoundup(Path(sys.argv[1]), Path(sys.argv[2])) as tracker:\n"
        "    print(tracker.url, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(tmp_path), str(TEMPLATE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPO) as parent:
        assert parent.stdout
        url = parent.stdout.readline().strip()
        assert _answers(url)
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while _answers(url) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not _answers(url)


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, timeout=2.0, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False
