"""What `make package` makes: valid for CloudFormation, complete, and as infra/resources.yaml says."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from cfnlint.api import lint
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

from infra import target, tree, wheels
from infra.local import template
from infra.package import ROOT, Package, main, missing, package, wrong
from infra.restored import CONDITION, restorable
from infra.sbom import sbom
from infra.stages import stage
from infra.target import PackageError, Target

pytestmark = pytest.mark.local

OURS = template.read(ROOT / "infra" / "resources.yaml")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Package:
    try:
        target.python()
    except PackageError as error:
        pytest.skip(str(error))
    return package(stage("dev"), tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def sam(made: Package) -> dict[str, Any]:
    return template.read(made.template)


@pytest.fixture(scope="module")
def transformed(sam: dict[str, Any]) -> dict[str, Any]:
    """As CloudFormation's SAM transform leaves it, once the zip is in a bucket."""
    uploaded = copy.deepcopy(sam)
    for resource in uploaded["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": "made-up", "Key": "deployment.zip"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")  # the transform asks for the partition
        result: dict[str, Any] = transform(uploaded, {}, ManagedPolicyLoader(None))
    return result


def says(part: Any, whole: Any) -> bool:
    """Whether everything `part` holds is in `whole`, and no place has two intrinsic functions."""
    if isinstance(part, Mapping):
        if template.is_expression(part):
            return bool(part == whole)
        return isinstance(whole, Mapping) and all(says(value, whole.get(key)) for key, value in part.items())
    return bool(part == whole)


def test_the_template_passes_cfn_lint(made: Package) -> None:
    assert [f"{match.rule.id} {match.message}" for match in lint(made.template.read_text())] == []


def test_the_transformed_template_passes_cfn_lint(transformed: dict[str, Any]) -> None:
    problems = lint(json.dumps(transformed))

    assert "AWS::Lambda::EventSourceMapping" in {item["Type"] for item in transformed["Resources"].values()}
    assert [f"{match.rule.id} {match.message}" for match in problems] == []


def test_cloudformation_gets_no_yaml_aliases(made: Package) -> None:
    assert "&id0" not in made.template.read_text()


@pytest.mark.parametrize("name", sorted(OURS["Resources"]))
def test_the_package_says_what_resources_yaml_says(sam: dict[str, Any], name: str) -> None:
    assert says(restorable(OURS)["Resources"][name], sam["Resources"][name])


@pytest.mark.parametrize("name", sorted(template.fragments(OURS)))
def test_what_is_laid_over_chalice_finds_what_chalice_made(sam: dict[str, Any], name: str) -> None:
    resource = sam["Resources"][name]
    events = resource["Properties"].get("Events", {})

    assert resource["Type"].startswith("AWS::Serverless::") or name == "APIHandlerInvokePermission"
    assert len(events) <= 1  # an event under another name than Chalice's would be a second one
    assert all("Type" in event for event in events.values())


def test_event_sources_come_out_of_the_transform_as_they_went_in(transformed: dict[str, Any]) -> None:
    mappings = {
        name: item["Properties"]
        for name, item in transformed["Resources"].items()
        if item["Type"] == "AWS::Lambda::EventSourceMapping"
    }
    posts = mappings["TriagePostsTriagePostsSqsEventSource"]
    owed = mappings["DeliverCasesDeliverCasesDynamodbEventSource"]
    told = mappings["TellPeopleTellPeopleDynamodbEventSource"]

    assert len(mappings) == 3
    assert json.loads(told["FilterCriteria"]["Filters"][0]["Pattern"]) == {
        "dynamodb": {"NewImage": {"owes": {"S": ["people"]}}}
    }
    assert told["DestinationConfig"] == {"OnFailure": {"Destination": {"Fn::GetAtt": ["DeliveriesFailed", "Arn"]}}}
    assert posts["EventSourceArn"] == {"Fn::Sub": "${PostsQueue.Arn}"}
    assert (posts["BatchSize"], posts["FunctionResponseTypes"]) == (10, ["ReportBatchItemFailures"])
    assert posts["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "PostsAtOnce"}}
    for mapping in (owed, told):
        restored, own = mapping["EventSourceArn"]["Fn::If"][1:]
        assert (restored, own) == ({"Ref": "RestoredStreamArn"}, {"Fn::GetAtt": ["PostsTable", "StreamArn"]})
    assert owed["BisectBatchOnFunctionError"] is True
    assert (owed["MaximumRetryAttempts"], owed["MaximumRecordAgeInSeconds"]) == (4, 43200)
    assert owed["DestinationConfig"] == {"OnFailure": {"Destination": {"Fn::GetAtt": ["DeliveriesFailed", "Arn"]}}}
    assert json.loads(owed["FilterCriteria"]["Filters"][0]["Pattern"]) == {
        "dynamodb": {"NewImage": {"owes": {"S": [{"prefix": "crm#"}]}}}
    }
    assert owed["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("door", ["own", "rest-api"])
def test_there_is_one_door_and_its_address_is_what_platforms_are_given(
    sam: dict[str, Any], transformed: dict[str, Any], door: str
) -> None:
    behind = {"own": "IsItsOwnDoor", "rest-api": "HasRestApi"}
    made = {
        conditioned: {name for name, item in transformed["Resources"].items() if item.get("Condition") == conditioned}
        for conditioned in behind.values()
    }
    fronts = {
        name
        for name, item in transformed["Resources"].items()
        if item["Type"].startswith(("AWS::ApiGateway::", "AWS::Lambda::Url"))
    }

    assert sam["Parameters"]["Door"]["Default"] == "own"
    assert sam["Conditions"][behind[door]] == {"Fn::Equals": [{"Ref": "Door"}, door]}
    assert made["IsItsOwnDoor"] == {"OwnDoor", "AnybodyMayKnock", "AnybodyIsHeardAtTheDoor"}
    assert fronts - {"OwnDoor", "OwnDomain", "OwnAddress"} <= made["HasRestApi"]  # those two have a stricter one
    assert "APIHandlerInvokePermission" in made["HasRestApi"]
    rest, own = sam["Outputs"]["EndpointURL"]["Value"]["Fn::If"][1:]
    assert "execute-api" in rest["Fn::Sub"]
    assert own == {"Fn::GetAtt": ["OwnDoor", "FunctionUrl"]}


def decided(node: Any, *, restored: bool) -> Any:
    """As CloudFormation leaves it, once it knows whether the table was restored."""
    if isinstance(node, list):
        return [decided(item, restored=restored) for item in node]
    if not isinstance(node, Mapping):
        return node
    if "Fn::If" in node and node["Fn::If"][0] == CONDITION:
        return decided(node["Fn::If"][1 if restored else 2], restored=restored)
    return {key: decided(item, restored=restored) for key, item in node.items()}


def test_with_a_restored_table_nothing_but_the_stacks_own_table_itself_names_that(transformed: dict[str, Any]) -> None:
    told = decided({**transformed, "Conditions": {}}, restored=True)
    kept = told["Resources"].pop("PostsTable")

    assert (kept["DeletionPolicy"], "Condition" in kept) == ("Retain", False)
    assert re.findall(r".{80}PostsTable.{20}", json.dumps({**told, "Outputs": list(told["Outputs"].values())})) == []
    for item in told["Resources"].values():
        if item["Type"] == "AWS::Lambda::Function":
            table = item["Properties"]["Environment"]["Variables"]["EARSHOT_TABLE"]
            assert template.references(table) == {"RestoredStreamArn"}


@pytest.mark.parametrize("restored", [False, True])
def test_each_policy_says_the_same_of_the_table_there_is(transformed: dict[str, Any], restored: bool) -> None:
    """Everything but which table it is: what its JSON says, and no table beside."""
    roles = [item["Properties"] for item in transformed["Resources"].values() if item["Type"] == "AWS::IAM::Role"]
    written = {path.stem: json.loads(path.read_text()) for path in (ROOT / ".chalice" / "policies").glob("*.json")}
    found = [policy["PolicyDocument"] for role in roles for policy in role.get("Policies", [])]
    named = "RestoredStreamArn" if restored else "PostsTable"

    assert len(found) == len(written)
    for document in found:
        statements = decided(document["Statement"], restored=restored)
        (as_written,) = [
            item["Statement"]
            for item in written.values()
            if len(item["Statement"]) == len(statements)
            and [each["Sid"] for each in item["Statement"]] == [each["Sid"] for each in statements]
        ]
        for said, was in zip(statements, as_written, strict=True):
            assert {**said, "Resource": 0} == {**was, "Resource": 0}
            tables = template.references(said["Resource"]) & {"PostsTable", "RestoredStreamArn"}
            assert tables == ({named} if "PostsTable" in template.references(was["Resource"]) else set())


def test_every_function_has_a_role_of_its_own(sam: dict[str, Any]) -> None:
    functions = [item for item in sam["Resources"].values() if item["Type"] == "AWS::Serverless::Function"]
    roles = {json.dumps(item["Properties"]["Role"]) for item in functions}

    assert len(functions) == len(roles) == len(list((ROOT / ".chalice" / "policies").glob("*.json")))


def test_the_zip_holds_the_rules_that_were_checked(made: Package) -> None:
    with ZipFile(made.zip) as archive:
        shipped = archive.read("chalicelib/rulebook/bundle.json")

    assert shipped == (ROOT / "chalicelib" / "rulebook" / "bundle.json").read_bytes()


def test_the_zip_holds_every_compiled_module_and_lambda_can_load_it(made: Package) -> None:
    compiled = wheels.needed_glibc(made.zip)

    assert len([name for name in compiled if name.startswith(("durable_rules_engine", "ahocorasick_rs", "re2"))]) == 3
    assert wheels.too_new(made.zip) == []


def test_lambda_runs_what_the_zip_is_made_for_whatever_python_this_is(made: Package, sam: dict[str, Any]) -> None:
    functions = [item for item in sam["Resources"].values() if item["Type"] == "AWS::Serverless::Function"]
    said = {(item["Properties"]["Runtime"], *item["Properties"]["Architectures"]) for item in functions}

    assert said == {("python3.12", "x86_64")}
    assert wheels.foreign(made.zip, Target("x86_64")) == []
    assert len(wheels.foreign(made.zip, Target("arm64"))) >= 5


def test_everything_in_the_zip_is_compiled_for_the_runtime_and_taken_as_it_is(made: Package) -> None:
    with ZipFile(made.zip) as archive:
        headers = {name: archive.read(name)[:8] for name in made.names if name.endswith(".pyc")}

    compiled = {name.replace("__pycache__/", "").replace(".cpython-312", "") for name in headers}
    assert {name + "c" for name in made.names if name.endswith(".py")} <= compiled
    # PEP 552: the magic number of 3.12, then the flags of a file that is never compared with its source.
    assert set(headers.values()) == {(3531).to_bytes(2, "little") + b"\r\n" + (1).to_bytes(4, "little")}


def test_the_zip_has_six_megabytes_at_most_and_of_ours_only_what_functions_import(made: Package) -> None:
    assert made.zip.stat().st_size <= 6_000_000
    assert "chalicelib/trial.py" in made.names
    assert not [name for name in made.names if name.startswith(("chalicelib/cli/", "tests/", "infra/", "yaml"))]
    assert "chalicelib/rulebook/loader.py" not in made.names


def test_the_same_code_gives_the_same_bytes_so_that_a_deployment_changes_nothing(made: Package, tmp_path: Path) -> None:
    assert package(stage("dev"), tmp_path).zip.read_bytes() == made.zip.read_bytes()


def test_the_list_of_parts_names_every_library_in_the_zip_with_its_licence(made: Package) -> None:
    told = sbom(made, wheels.fetch(Target("x86_64"), ROOT), "1.34.0")

    parts = {part["name"].lower(): part for part in told["components"]}
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert {"durable_rules", "boto3", "chalice", "google-re2", "pynacl", "lid.176.ftz"} <= parts.keys()
    assert {"holidays", "pytest"} & parts.keys() == set()
    assert [name for name, part in parts.items() if not part["licenses"]] == []
    assert parts["boto3"]["purl"] == f"pkg:pypi/boto3@{parts['boto3']['version']}"
    assert [ref for ref in told["dependencies"][0]["dependsOn"]] == sorted(part["bom-ref"] for part in parts.values())
    assert sbom(made, wheels.fetch(Target("x86_64"), ROOT), "1.34.0") == told


def test_every_service_that_a_function_may_ask_by_boto3_is_described_in_the_zip(made: Package) -> None:
    shipped = [name for name in made.names if name.startswith("chalicelib/") and name.endswith(".py")]
    asked = {
        service
        for name in shipped
        for service in re.findall(r'(?:client|\.call)\("([a-z0-9]+)"', (ROOT / name).read_text())
    }

    # X-Ray is asked by its SDK, where traces are wanted.
    assert asked | {"xray"} == set(tree.SERVICES)


@pytest.mark.live
def test_a_package_for_arm64_holds_every_compiled_module_for_arm64(tmp_path: Path) -> None:
    made = package(stage("prod", "arm64"), tmp_path)

    assert wrong(made, Target("arm64")) == []
    assert {name.split(".")[0] for name in wheels.compiled(made.zip)} >= {"durable_rules_engine", "_cffi_backend"}
    assert "arm64" in made.template.read_text()


def test_without_the_runtimes_python_nothing_is_packed_and_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHON312", str(tmp_path / "nowhere"))

    code = main(["--out", str(tmp_path)])

    assert code == 2
    assert "apt-get install python3.12-dev" in capsys.readouterr().err
    assert not (tmp_path / "deployment.zip").exists()


def test_a_zip_without_the_engine_is_refused(made: Package) -> None:
    names = [name for name in made.names if not name.startswith("durable_rules_engine")]

    assert missing(made.names) == []
    assert [line.split()[0] for line in missing(names)] == ["durable_rules_engine*.so"]


def test_code_for_a_newer_c_library_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "made-up.zip"
    with ZipFile(archive, "w") as out:
        out.writestr("fits.so", b"\0GLIBC_2.2.5\0GLIBC_2.17\0")
        out.writestr("newer.cpython-311.so", b"\0GLIBC_2.17\0GLIBC_2.99\0")

    assert [line.split(" needs ")[0].strip() for line in wheels.too_new(archive)] == ["newer.cpython-311.so"]
