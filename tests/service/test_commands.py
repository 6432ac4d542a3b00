"""What operators type, as they type it: `earshot ...` as a process of its own, beside the running service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from chalicelib.platforms import PLATFORMS
from infra.local.engine import free_port
from infra.local.samples import ago, facebook_comment
from tests.local.conftest import eventually
from tests.service.conftest import Service, raw

pytestmark = pytest.mark.local
EARSHOT = Path(sys.executable).with_name("earshot")
POISON = b'{"object": "page", "entry": "somebody\'s words"}'


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: list[str]
    err: list[str]


def earshot(folder: Path, *words: str, body: bytes = b"", env: Mapping[str, str] = MappingProxyType({})) -> Said:
    """Run it there, with an environment that knows of no cloud but by `env`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "EARSHOT_"))}
    clean |= {"HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true"} | dict(env)
    done = subprocess.run([EARSHOT, *words], cwd=folder, env=clean, input=body, capture_output=True, timeout=60)
    return Said(done.returncode, done.stdout.decode().splitlines(), done.stderr.decode().splitlines())


@pytest.fixture
def nothing_parked(service: Service) -> Iterator[None]:
    url = service.cloud.environment["EARSHOT_PARKED_QUEUE"]
    service.cloud.client("sqs").purge_queue(QueueUrl=url)
    yield
    service.cloud.client("sqs").purge_queue(QueueUrl=url)


def comment(number: int, text: str) -> bytes:
    return raw(facebook_comment(number, (f"c{number}", "Jo Kerr"), text, ago(1)))


def test_send_tells_the_answer_and_whether_it_was_taken(service: Service) -> None:
    file = service.folder / "comment.json"
    file.write_bytes(comment(7301, "Hello Acme"))
    taken = earshot(service.folder, "send", "facebook", str(file))
    forged = earshot(service.folder, "send", "facebook", "-", "--secret", "not ours", body=file.read_bytes())
    service.cloud.drain()

    assert taken == Said(0, ["200"], [])
    assert forged == Said(1, ["401"], [])
    assert len(service.parts.store.recorded("facebook:1_7301")) == 1


def test_platforms_tells_when_each_was_heard_and_what_to_paste_into_its_console(service: Service) -> None:
    body = {"data": {"event_type": "like.create", "filter": {"user_id": "1"}, "payload": {"id": "7304"}}}
    service.deliver("x", json.dumps(body).encode())
    before = datetime.now(UTC)

    people, programs = earshot(service.folder, "platforms"), earshot(service.folder, "platforms", "--json")
    rows = {row["platform"]: row for row in map(json.loads, programs.out)}

    assert (people.code, programs.code, people.err, programs.err) == (0, 0, [], [])
    x = rows["x"]
    assert (x["on"], x["missing"], x["url"]) == (True, [], f"{service.cloud.url}/webhooks/x")
    assert abs(datetime.fromisoformat(x["last_heard"]) - before) < timedelta(minutes=2)  # written once a minute
    assert x["today"]["deliveries"] >= 1
    assert [line for line in people.out if line.startswith("x ") and "last heard" in line]


def test_cases_are_listed_for_people_and_for_programs(service: Service) -> None:
    service.deliver("facebook", comment(7302, "CHARGED TWICE, I want a refund"))
    service.cloud.drain()
    case_id = service.parts.store.recorded("facebook:1_7302")[0].case_id
    assert case_id is not None
    people, programs = earshot(service.folder, "cases"), earshot(service.folder, "cases", "--json")
    cases = {case["id"]: case for case in map(json.loads, programs.out)}

    assert (people.code, programs.code, people.err, programs.err) == (0, 0, [], [])
    assert [
        line for line in people.out if line.startswith(case_id[:8]) and "open" in line and "there was no CRM" in line
    ]
    assert cases[case_id]["post_id"] == "facebook:1_7302"
    assert cases[case_id]["rule"] == "refund-public"


@pytest.mark.usefixtures("nothing_parked")
def test_parked_tells_what_and_why_and_keeps_peoples_words_to_itself_unless_asked(service: Service) -> None:
    before = earshot(service.folder, "parked")
    service.deliver("facebook", POISON)
    after = earshot(service.folder, "parked")
    again = earshot(service.folder, "parked")
    programs = earshot(service.folder, "parked", "--json", "--body")
    told = json.loads(programs.out[0])

    assert before == Said(0, ["nothing is parked"], [])
    assert (after.code, len(after.out), after.err) == (1, 1, [])
    assert after.out[0].startswith("facebook  ")
    assert "body.entry: expected a list" in after.out[0]
    assert "somebody" not in after.out[0]
    assert (programs.code, told["platform"], told["bytes"]) == (1, "facebook", len(POISON))
    assert "somebody's words" in told["body"]
    assert again == after  # looking takes nothing away
    assert datetime.fromisoformat(told["received_at"]).tzinfo


@pytest.mark.usefixtures("nothing_parked")
def test_redrive_parked_queues_what_can_be_read_by_now_and_leaves_the_rest(service: Service) -> None:
    park_readable(service, comment(7303, "Hello again"))
    service.deliver("facebook", POISON)
    service.cloud.client("sqs").send_message(
        QueueUrl=service.cloud.environment["EARSHOT_PARKED_QUEUE"], MessageBody="from elsewhere"
    )
    said = earshot(service.folder, "redrive", "parked")
    service.cloud.drain()

    assert (said.code, said.err, len(said.out)) == (1, [], 3)
    assert said.out[-1] == "1 posts queued, 2 bodies stay parked"
    assert all("still cannot be read" in line for line in said.out[:-1])
    assert len(service.parts.store.recorded("facebook:1_7303")) == 1
    assert service.cloud.depths()["ParkedQueue"] == 2


@pytest.mark.usefixtures("nothing_parked")
def test_redrive_parked_is_content_when_everything_could_be_read(service: Service) -> None:
    park_readable(service, comment(7304, "Hello once more"))
    said = earshot(service.folder, "redrive", "parked")

    assert said == Said(0, ["1 posts queued, 0 bodies stay parked"], [])
    assert service.cloud.depths()["ParkedQueue"] == 0


def park_readable(service: Service, body: bytes) -> None:
    """Park what was not readable by an earlier release, say."""
    service.deliver("facebook", POISON)
    found = next(parked for parked in service.parts.queue.parked(10) if parked.body == POISON)
    service.parts.queue.unpark(found)
    service.parts.queue.park(type(found)("facebook", body, found.headers, found.why, found.received_at))


def test_redrive_posts_brings_dead_letters_back_to_be_decided(service: Service) -> None:
    service.cloud.pause("triage_posts")
    service.deliver("facebook", comment(7305, "Hello from the dead"))
    kill(service)
    service.cloud.resume("triage_posts")
    said = earshot(service.folder, "redrive", "posts")
    service.cloud.drain()

    assert said == Said(0, ["1 posts moved from the dead letters to the queue"], [])
    assert len(service.parts.store.recorded("facebook:1_7305")) == 1
    assert service.left_over() == {}


def kill(service: Service) -> None:
    """Receive the post until the queue gives it up, as failing functions would."""
    sqs, url = service.cloud.client("sqs"), service.cloud.environment["EARSHOT_POSTS_QUEUE"]

    def dead() -> bool:
        sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, WaitTimeSeconds=0)
        return bool(service.cloud.depths()["PostsDeadLetters"])

    eventually(dead)


def test_redrive_deliveries_hands_out_what_is_owed(service: Service) -> None:
    service.cloud.pause("deliver_cases")
    service.deliver("facebook", comment(7306, "CHARGED TWICE, refund me"))
    eventually(lambda: service.parts.store.recorded("facebook:1_7306"))
    case_id = service.parts.store.recorded("facebook:1_7306")[0].case_id
    assert case_id is not None
    said = earshot(service.folder, "redrive", "deliveries")
    service.cloud.resume("deliver_cases")
    service.cloud.drain()

    assert said == Said(0, ["1 cases that owe something handed out again"], [])
    assert service.parts.store.owed(case_id) == []
    assert earshot(service.folder, "redrive", "deliveries").out == ["0 cases that owe something handed out again"]


def half_a_cloud(folder: Path) -> dict[str, str]:
    """What is left behind by a cloud that was killed: its file, with addresses where nobody listens."""
    nobody = f"http://127.0.0.1:{free_port()}"
    names = {
        name: "gone" for name in ("EARSHOT_TABLE", "EARSHOT_POSTS_QUEUE", "EARSHOT_PARKED_QUEUE", "EARSHOT_SECRET")
    }
    credentials = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    environment = {**names, **credentials, "AWS_ENDPOINT_URL": nobody}
    state = {"url": nobody, "platforms": {"x": {"secrets": ["a"]}}, "environment": environment}
    (folder / ".local").mkdir()
    (folder / ".local" / "cloud.json").write_text(json.dumps(state))
    return environment


@pytest.mark.parametrize("words", [("cases",), ("redrive", "parked"), ("send", "x", "-")], ids=" ".join)
def test_without_a_cloud_a_command_says_so_and_how_to_start_one(tmp_path: Path, words: tuple[str, ...]) -> None:
    said = earshot(tmp_path, *words)

    assert (said.code, said.out, len(said.err)) == (2, [], 1)
    assert said.err[0].startswith(f"earshot {words[0]}: no cloud to talk to")
    assert "`make run`" in said.err[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("cases",), "table: EndpointConnectionError"),
        (("send", "x", "-"), "nobody answers at http://127.0.0.1:"),
    ],
    ids=["cases", "send"],
)
def test_a_cloud_that_died_is_told_in_one_line(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    half_a_cloud(tmp_path)
    said = earshot(tmp_path, *words)

    assert (said.code, said.out, len(said.err)) == (2, [], 1)
    assert said.err[0].startswith(f"earshot {words[0]}: {told}")


def test_whatever_is_wrong_with_its_surroundings_a_command_says_it_in_one_line(tmp_path: Path) -> None:
    environment = half_a_cloud(tmp_path)
    regionless = {name: value for name, value in environment.items() if name != "AWS_DEFAULT_REGION"}
    found = {
        "half named": earshot(tmp_path, "cases", env={"EARSHOT_TABLE": "t", "AWS_DEFAULT_REGION": "eu-west-1"}),
        "no region": earshot(tmp_path, "cases", env=regionless),
        "no such platform": earshot(tmp_path, "send", "myspace", "-"),
        "no such file": earshot(tmp_path, "send", "x", "nowhere.json"),
        "no secret": earshot(tmp_path, "send", "facebook", "-"),
        "no address": earshot(tmp_path, "send", "x", "-", "--url", "localhost:80"),
    }
    (tmp_path / ".local" / "cloud.json").write_text('{"url": "http://127')
    found["half a file"] = earshot(tmp_path, "cases")

    assert {name: (said.code, said.out, len(said.err)) for name, said in found.items()} == {
        name: (2, [], 1) for name in found
    }, found
    assert "EARSHOT_POSTS_QUEUE" in found["half named"].err[0]
    assert ", ".join(sorted(PLATFORMS)) in found["no such platform"].err[0]
    assert "nowhere.json" in found["no such file"].err[0]
    assert "--secret" in found["no secret"].err[0]
