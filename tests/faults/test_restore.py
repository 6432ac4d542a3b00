"""docs/operating.md, "Restore the table": what was decided after the moment is decided again, and told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.cli.main import main
from chalicelib.wiring import Wiring
from infra.local.samples import ago, envelope, plain_post
from tests.faults.conftest import Site
from tests.faults.scenario import COMPLAINT, send

pytestmark = pytest.mark.local

OLD = "the-damaged-table"
WRITERS = ("triage_posts", "deliver_cases", "tell_people", "keep_time")
KEYS = [("pk", "HASH"), ("sk", "RANGE")]
AFTER = (9_000_001, 9_000_002, 9_000_003)


@pytest.fixture
def paused(site: Site) -> Iterator[None]:
    """Nothing writes: as with a reserved concurrency of 0."""
    yield
    for function in WRITERS:
        site.cloud.resume(function)


def items(table: Any, name: str) -> list[dict[str, Any]]:
    pages = table.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


def fill(table: Any, name: str, wanted: list[dict[str, Any]]) -> None:
    """The table holds these and nothing else."""
    keys = {(item["pk"]["S"], item["sk"]["S"]) for item in wanted}
    for item in items(table, name):
        if (item["pk"]["S"], item["sk"]["S"]) not in keys:
            table.delete_item(TableName=name, Key={"pk": item["pk"], "sk": item["sk"]})
    for item in wanted:
        table.put_item(TableName=name, Item=item)


def test_the_lost_hours_are_decided_again_and_the_crm_has_everything_once(
    site: Site, paused: None, capsys: pytest.CaptureFixture[str]
) -> None:
    table, name = site.cloud.client("dynamodb"), site.cloud.environment["EARSHOT_TABLE"]
    before = site.send()
    assert site.wrong(before) == []
    moment, kept = datetime.now(UTC), items(table, name)

    lost = site.send()
    ana, eve = ("ana-after", "ana"), ("eve-after", "eve")
    first, second, taken_back = AFTER
    thread = {"conversation_id": "thread-after"}
    send(site.cloud.url, envelope("post.created", [plain_post(first, ana, COMPLAINT, ago(3), **thread)], moment))
    send(site.cloud.url, envelope("post.created", [plain_post(second, ana, "Hello?", ago(2), **thread)], moment))
    send(site.cloud.url, envelope("post.created", [plain_post(taken_back, eve, "A day off", ago(2))], moment))
    send(site.cloud.url, envelope("post.deleted", [plain_post(taken_back, eve, None, ago(2))], moment))
    assert site.wrong(lost) == []
    site.cloud.drain(60)
    issues = site.roundup.issues()

    for function in WRITERS:
        site.cloud.pause(function)
    table.create_table(
        TableName=OLD,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in KEYS],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in KEYS],
    )
    fill(table, OLD, items(table, name))
    fill(table, name, kept)
    store = Wiring(site.cloud.environment).store
    assert not store.recorded(f"forum:{first}")

    assert main(["redrive", "lost", "--of", OLD, "--since", moment.isoformat()]) == 0
    for function in WRITERS:
        site.cloud.resume(function)
    site.cloud.drain(60)

    told = capsys.readouterr().out
    assert " posts queued, " in told and " left out because their words were erased" in told
    assert site.wrong(before) == []
    # One complaint of the lost hours was taken back, and had begun its case; the next of its author's opens another.
    doubtful = [line.split()[1].rstrip(":") for line in told.splitlines() if line.startswith("case ")]
    new = [issue for issue in site.roundup.issues() if issue not in issues]
    assert len(doubtful) == len(new) == 1 and doubtful[0] in [issue["key"] for issue in issues]
    assert all(issue in site.roundup.issues() for issue in issues)
    case_id = store.recorded(f"forum:{first}")[0].case_id
    assert case_id and store.recorded(f"forum:{second}")[0].case_id == case_id
    assert not store.owed(case_id)
    assert store.deleted([f"forum:{taken_back}"])
    assert not any(recorded.post.text for recorded in store.recorded(f"forum:{taken_back}"))


@pytest.mark.parametrize(
    "given", [["--of", OLD], ["--since", "2026-11-01"], []], ids=["no moment", "no table", "neither"]
)
def test_a_table_without_a_moment_is_refused(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["redrive", "lost", *given]) == 2
    assert "lost needs --of TABLE and --since MOMENT" in capsys.readouterr().err


def test_a_table_that_is_not_there_is_told_in_a_sentence(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["redrive", "lost", "--of", "nowhere", "--since", "2026-11-01"]) == 2
    assert "is there a table 'nowhere' here" in capsys.readouterr().err
