"""`make deploy`, against ministack's CloudFormation and S3: what it does, what it shows, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from infra import deploy, stages
from infra.local.engine import CREDENTIALS, Engine
from infra.package import Package
from infra.seal import seal, unseal
from infra.stacks import Change
from infra.stages import Stage, stage
from infra.target import PackageError

pytestmark = pytest.mark.local
QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${AWS::StackName}-posts"}}}
TEMPLATE: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {name: {"Type": "String", "Default": "none"} for name in ("Crm", "LogRetentionDays")},
    "Resources": {"PostsQueue": QUEUE},
    "Outputs": {"PostsQueue": {"Value": {"Ref": "PostsQueue"}}, "Crm": {"Value": {"Ref": "Crm"}}},
}


@pytest.fixture
def aws(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Credentials and the address, as the command finds them; empty again afterwards."""
    for name, value in {**CREDENTIALS, "AWS_ENDPOINT_URL": engine.url}.items():
        monkeypatch.setenv(name, value)
    yield engine
    for name in ("earshot-dev", deploy.ARTIFACTS):
        engine.client("cloudformation").delete_stack(StackName=name)


def built(folder: Path, template: dict[str, Any], chosen: Stage | None = None) -> Path:
    """A checked package with this template."""
    (folder / "sam.yaml").write_text(json.dumps(template))
    with ZipFile(folder / "deployment.zip", "w") as archive:
        archive.writestr("app.py", "")
    seal(Package(folder / "sam.yaml", folder / "deployment.zip"), chosen or stage("dev"))
    return folder


def run(folder: Path, *more: str) -> int:
    return deploy.main(["--stage", "dev", "--build", str(folder), "--poll", "0.05", *more])


def status(engine: Engine) -> str | None:
    stacks = engine.client("cloudformation").describe_stacks()["Stacks"]
    return next((item["StackStatus"] for item in stacks if item["StackName"] == "earshot-dev"), None)


def test_a_deployment_shows_its_changes_makes_them_and_tells_what_came_of_it(
    aws: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(built(tmp_path, TEMPLATE), "--parameter", "Crm=zendesk") == deploy.FINE

    told = capsys.readouterr().out
    assert "add      AWS::SQS::Queue" in told
    assert "CREATE_COMPLETE" in told
    assert status(aws) == "CREATE_COMPLETE"
    assert [line.split()[1] for line in told.splitlines() if line.startswith("Crm ")] == ["zendesk"]
    noted = dict(line.split("=", 1) for line in (tmp_path / "earshot-dev.env").read_text().splitlines())
    assert noted["EARSHOT_POSTS_QUEUE"].endswith("/earshot-dev-posts")
    assert (noted["EARSHOT_CRM"], noted["AWS_REGION"]) == ("zendesk", "us-east-1")


def test_what_was_chosen_once_stays_when_the_next_deployment_does_not_speak_of_it(
    aws: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(built(tmp_path, TEMPLATE), "--parameter", "Crm=zendesk")
    more = {**TEMPLATE, "Resources": {"PostsQueue": QUEUE, "ParkedQueue": {"Type": "AWS::SQS::Queue"}}}

    assert run(built(tmp_path, more)) == deploy.FINE

    told = capsys.readouterr().out
    assert [line.split()[1] for line in told.splitlines() if line.startswith("Crm ")] == ["zendesk", "zendesk"]
    assert status(aws) == "UPDATE_COMPLETE"


def test_an_account_that_is_too_small_for_what_is_asked_is_told_beforehand(
    aws: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the default of the template, as by what was given."""
    most = {"Type": "Number", "Default": 5000}
    template = {**TEMPLATE, "Parameters": {**TEMPLATE["Parameters"], "PostsAtOnce": most}}

    assert run(built(tmp_path, template), "--dry-run") == deploy.FINE
    assert "deciding takes 5000 (PostsAtOnce)" in capsys.readouterr().err
    assert run(built(tmp_path, template), "--parameter", "PostsAtOnce=100") == deploy.FINE
    assert "PostsAtOnce" not in capsys.readouterr().err


def test_a_dry_run_shows_the_changes_and_makes_none(
    aws: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(built(tmp_path, TEMPLATE), "--dry-run") == deploy.FINE

    assert "PostsQueue" in capsys.readouterr().out
    assert status(aws) in (None, "DELETE_COMPLETE")


def test_what_would_be_lost_is_refused_until_it_is_named(
    aws: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(built(tmp_path, TEMPLATE))
    gone = built(tmp_path, {**TEMPLATE, "Resources": {"Other": {"Type": "AWS::SNS::Topic"}}, "Outputs": {}})

    assert run(gone) == deploy.REFUSED
    assert "remove   AWS::SQS::Queue" in capsys.readouterr().err
    assert status(aws) == "CREATE_COMPLETE"
    assert run(gone, "--replace", "PostsQueue") == deploy.FINE


def test_a_resource_that_is_made_anew_counts_as_lost_where_it_keeps_something() -> None:
    changes = [
        Change("Modify", "PostsTable", "AWS::DynamoDB::Table", replaced=True),
        Change("Modify", "PostsQueue", "AWS::SQS::Queue"),
        Change("Modify", "TriagePosts", "AWS::Lambda::Function", replaced=True),
    ]

    assert [line.split()[2] for line in deploy.refused(changes, [])] == ["PostsTable:"]
    assert deploy.refused(changes, ["PostsTable"]) == []


def test_a_mistyped_parameter_is_told_with_those_that_there_are(
    aws: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(built(tmp_path, TEMPLATE), "--parameter", "Crn=zendesk") == deploy.REFUSED
    assert "there is no parameter Crn; there are Crm, LogRetentionDays" in capsys.readouterr().err


def test_a_deployment_that_fails_says_what_failed(
    aws: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = {"Type": "AWS::Nowhere::Thing", "Properties": {}}

    assert run(built(tmp_path, {**TEMPLATE, "Resources": {"Broken": broken}, "Outputs": {}})) == deploy.REFUSED
    assert "AWS::Nowhere::Thing" in capsys.readouterr().err


def test_a_package_that_was_not_checked_or_is_another_stages_goes_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built(tmp_path, TEMPLATE, stage("prod"))
    assert run(tmp_path) == deploy.COULD_NOT_RUN
    unseal(tmp_path)
    assert run(tmp_path) == deploy.COULD_NOT_RUN

    first, second = capsys.readouterr().err.splitlines()
    assert "a package of stage prod, not of dev" in first
    assert "holds no checked package: run `make package STAGE=dev`" in second


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("architecture: riscv\n", "architecture: expected one of arm64, x86_64"),
        ("parameter: {}\n", "there is no 'parameter'; there are architecture, parameters"),
        ("- dev\n", "expected names with values"),
        ("parameters: [Crm]\n", "expected names with values"),
    ],
)
def test_a_stage_file_that_is_wrong_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    (tmp_path / "dev.yml").write_text(text)
    monkeypatch.setattr(stages, "FOLDER", tmp_path)

    with pytest.raises(PackageError, match=words):
        stage("dev")


def test_without_a_region_it_is_said_that_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    assert run(built(tmp_path, TEMPLATE)) == deploy.COULD_NOT_RUN
    assert "region" in capsys.readouterr().err
