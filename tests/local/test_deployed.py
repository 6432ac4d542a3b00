"""The packaged template, deployed by CloudFormation into ministack: the story of `make run` through what is in the zip,
and nothing in its logs that people said or that is secret."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra import target
from infra.deploy import Shelf, draw, refused
from infra.local.deployed import DeployedCloud
from infra.local.samples import SETTINGS, ago, envelope, plain_post
from infra.package import ROOT, package
from infra.stacks import Stacks
from infra.stages import stage
from infra.target import PackageError
from tests.faults.scenario import COMPLAINT, send
from tests.local.secrecy import told_in

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    try:
        target.python()
    except PackageError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("build")
    package(stage("dev", "x86_64"), folder)
    yield folder


@pytest.mark.parametrize(("crm", "door"), [("none", "own"), ("none", "rest-api"), ("roundup", "own")])
def test_the_story_ends_as_it_should_through_the_deployed_functions_by_either_door(
    build: Path, tmp_path: Path, crm: str, door: str
) -> None:
    command = [sys.executable, "-m", "infra.local", "--deployed", str(build), "--crm", crm, "--data", str(tmp_path)]

    told = subprocess.run(
        [*command, "--door", door], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )

    assert (told.returncode, told.stderr) == (0, ""), told.stdout
    assert "The story is as it should be." in told.stdout
    assert ("/_aws/lambda-url/" in told.stdout) == (door == "own")
    assert told.stdout.count(" 200]") == 28
    said = (tmp_path / "logs" / "functions.log").read_text()
    told_of = {json.loads(line)["message"] for line in said.splitlines() if line.startswith('{"level"')}
    assert {"webhook.received", "post.triaged", "case.told"} <= told_of
    assert told_in(tmp_path / "logs") == []


def test_a_restored_table_is_worked_on_by_a_parameter_and_the_stacks_own_is_kept(build: Path, tmp_path: Path) -> None:
    """As docs/operating.md, "Restore the table", has it; a table made like the old one stands for what AWS restores."""
    chosen, new = stage("dev", "x86_64"), "the-restored-table"
    with DeployedCloud(build, chosen, SETTINGS, tmp_path) as cloud:
        table, functions = cloud.client("dynamodb"), cloud.client("lambda")
        old = cloud.environment["EARSHOT_TABLE"]
        was = table.describe_table(TableName=old)["Table"]
        kept = ("KeySchema", "AttributeDefinitions", "StreamSpecification")
        indexes = [
            {key: index[key] for key in ("IndexName", "KeySchema", "Projection")}
            for index in was["GlobalSecondaryIndexes"]
        ]
        table.create_table(
            TableName=new,
            BillingMode="PAY_PER_REQUEST",
            GlobalSecondaryIndexes=indexes,
            **{key: was[key] for key in kept},
        )
        stream = table.describe_table(TableName=new)["Table"]["LatestStreamArn"]
        stacks, shelf = (
            Stacks(cloud.client("cloudformation"), cloud.said.append, 0.1),
            Shelf(cloud.client("s3"), "packages"),
        )

        def deploy(arn: str) -> tuple[dict[str, str], set[str]]:
            drawn = draw(stacks, shelf, chosen, build, {"RestoredStreamArn": arn})
            assert drawn is not None
            assert refused(drawn.changes(), []) == []
            outputs = drawn.carry_out()
            told = functions.list_functions()["Functions"]
            read = functions.list_event_source_mappings()["EventSourceMappings"]
            assert {each["EventSourceArn"] for each in read if ":dynamodb:" in each["EventSourceArn"]} == {
                arn or was["LatestStreamArn"]
            }
            return outputs, {each["Environment"]["Variables"]["EARSHOT_TABLE"] for each in told}

        outputs, tables = deploy(stream)
        assert (outputs["PostsTable"], tables) == (new, {new})
        send(cloud.url, envelope("post.created", [plain_post(1, ("ana", "ana"), COMPLAINT, ago(1))], datetime.now(UTC)))
        cloud.drain()
        assert table.scan(TableName=new)["Count"] > 0
        assert table.scan(TableName=old)["Count"] == 0

        outputs, tables = deploy("")  # and back, should it not be the one
        assert (outputs["PostsTable"], tables) == (old, {old})


def test_what_was_not_checked_is_not_deployed(build: Path, tmp_path: Path) -> None:
    for name in ("sam.yaml", "checked.json"):
        (tmp_path / name).write_bytes((build / name).read_bytes())
    (tmp_path / "deployment.zip").write_bytes((build / "deployment.zip").read_bytes() + b"more")
    command = [sys.executable, "-m", "infra.deploy", "--stage", "dev", "--build", str(tmp_path)]

    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert told.returncode == 2
    assert "deployment.zip is not what was checked: run `make package STAGE=dev`" in told.stderr
