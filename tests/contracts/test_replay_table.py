"""`earshot replay --since` on a real table, which hands its posts out in no order."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.cli.main import main
from chalicelib.config import Company
from chalicelib.model import Author, Saved, Standing
from chalicelib.stores.dynamo import DynamoStore
from tests.contracts.cloud import Cloud
from tests.contracts.conftest import Clock
from tests.contracts.story import ignored, post

pytestmark = pytest.mark.local
RULE = """format: triage/1
owner: {{team: care, contact: care@acme.example}}
rules:
  - id: dead
    name: Dead routers
    status: live
    review by: "2099-01-01"
    why: Because.
    when: {{all: [{{text has any: ["dead"]}}]}}
    repeats: {{count: different authors, at least: {many}, within: 1 hour, then quiet for: 1 day}}
    then: {{escalate: {{priority: high}}}}
    examples: [{{post: dead, expect: match}}, {{post: hello, expect: no match}}]
"""


class Place:
    """A stage of which replay needs no more than the table and who we are."""

    company = Company()

    def __init__(self, store: DynamoStore) -> None:
        self.store = store


@pytest.fixture
def store(cloud: Cloud, table: str, clock: Clock) -> DynamoStore:
    """Sixty authors with a dead router each, one a minute."""
    store = DynamoStore(cloud.wire(), table, clock)
    for number in range(60):
        clock.now += timedelta(minutes=1)
        of = post(number, author=Author(id=f"a{number}"), created_at=clock.now)
        store.save(Saved(of, ignored(of), Standing()))
    return store


def test_posts_of_the_table_are_replayed_in_the_order_in_which_they_came(
    store: DynamoStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, many in (("before", 10), ("after", 20)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dead.rules.yml").write_text(RULE.format(many=many))
    monkeypatch.setattr("chalicelib.cli.replay.wiring", lambda: Place(store))
    folders = ["--against", str(tmp_path / "before"), "--rules", str(tmp_path / "after")]

    assert main(["replay", "--since", "2026-03-02", *folders, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["posts"], told["decided"]) == (60, 60)
    found = {change["shift"]: [sample["post"]["id"] for sample in change["samples"]] for change in told["changes"]}
    assert found == {"newly caught": ["mastodon:19"], "newly missed": ["mastodon:9"]}
