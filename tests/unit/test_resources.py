"""infra/resources.yaml and the policies: what must hold before anything is packaged."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.config import CRMS
from chalicelib.config.environment import Environment, environment
from chalicelib.deciding import IN_ORDER
from chalicelib.model.erasure import ARRIVES
from infra.local import template
from tests.faults.rights import unbound

ROOT = Path(__file__).resolve().parents[2]
SOURCE = template.read(ROOT / "infra" / "resources.yaml")
RESOURCES = SOURCE["Resources"]
POLICIES = sorted((ROOT / ".chalice" / "policies").glob("*.json"))
CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
# Of DynamoDB, ListStreams knows no resource; the company's topics and mail addresses are not made by this stack.
EVERYWHERE = {"cloudwatch:GetMetricStatistics", "dynamodb:ListStreams", "ses:SendEmail", "sns:Publish"}


ON_A_DESK = {"EARSHOT_URL"}  # of the commands alone


def of_type(kind: str) -> dict[str, Any]:
    return {name: item["Properties"] for name, item in RESOURCES.items() if item.get("Type") == kind}


def source(function: str, event: str) -> dict[str, Any]:
    found: dict[str, Any] = RESOURCES[function]["Properties"]["Events"][event]["Properties"]
    return found


def entry_points() -> set[str]:
    """Functions of app.py that a decorator names."""
    tree = ast.parse((ROOT / "app.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [word.value for call in calls for word in call.keywords if word.arg == "name"]
    return {value.value for value in named if isinstance(value, ast.Constant) and isinstance(value.value, str)}


def test_every_function_has_its_own_policy_and_log_group() -> None:
    functions = entry_points() | {"api_handler"}

    assert {path.stem for path in POLICIES} == functions == set(CONFIG["lambda_functions"])
    assert len(of_type("AWS::Logs::LogGroup")) == len(functions)
    assert CONFIG["autogen_policy"] is False  # Chalice does not look into chalicelib for what a function does


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_right_on_the_tables_items_is_bound_by_their_keys_and_none_reaches_beyond_the_account(
    path: Path,
) -> None:
    """But the search for what an author wrote, a Scan, which names no key."""
    assert unbound(path.stem) == []
    assert not re.search(r"\$\{AWS::Region\}:\*", path.read_text())


@pytest.mark.parametrize(
    ("key", "is_taken"),
    [
        ("aws-owned", True),
        ("aws-managed", True),
        ("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", True),
        ("alias/ours", False),
        ("arn:aws:sns:eu-central-1:111122223333:key/1", False),
        ("", False),
    ],
)
def test_the_tables_key_is_dynamodbs_the_accounts_or_the_companys(key: str, is_taken: bool) -> None:
    assert bool(re.fullmatch(SOURCE["Parameters"]["TableKey"]["AllowedPattern"], key)) == is_taken


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_policy_allows_named_actions_on_resources_of_this_stack(path: Path) -> None:
    for statement in json.loads(path.read_text())["Statement"]:
        assert not [action for action in statement["Action"] if "*" in action]
        if not set(statement["Action"]) <= EVERYWHERE:
            assert all(template.references(item) <= RESOURCES.keys() for item in statement["Resource"])
            assert all(template.references(item) for item in statement["Resource"])


def test_a_queue_waits_six_time_outs_before_it_gives_a_post_again() -> None:
    timeout = RESOURCES["TriagePosts"]["Properties"]["Timeout"]

    assert SOURCE["Parameters"]["PostsVisibilitySeconds"]["Default"] >= 6 * timeout
    assert SOURCE["Parameters"]["PostsVisibilitySeconds"]["MinValue"] == 6 * timeout


def test_a_minute_that_failed_is_not_made_up_for_beside_the_next() -> None:
    """Lambda's defaults for what is asynchronous: two more tries, within six hours."""
    assert RESOURCES["KeepTime"]["Properties"]["EventInvokeConfig"] == {
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": 60,
    }


def test_a_queue_is_written_as_chalice_writes_it_or_the_merge_has_two_functions() -> None:
    assert list(source("TriagePosts", "TriagePostsSqsEventSource")["Queue"]) == ["Fn::Sub"]


def test_a_storm_of_posts_leaves_the_accounts_concurrency_to_the_others() -> None:
    """A limit of the source, which waits; one of the function would throttle, and cost posts their tries."""
    most = SOURCE["Parameters"]["PostsAtOnce"]

    assert source("TriagePosts", "TriagePostsSqsEventSource")["ScalingConfig"] == {
        "MaximumConcurrency": {"Ref": "PostsAtOnce"}
    }
    assert (most["Default"], most["MinValue"], most["MaxValue"]) == (100, 2, 1000)  # AWS takes 2 to 1,000
    assert "ReservedConcurrentExecutions" not in RESOURCES["TriagePosts"]["Properties"]


def test_both_sources_report_single_failures() -> None:
    posts = source("TriagePosts", "TriagePostsSqsEventSource")
    owed = source("DeliverCases", "DeliverCasesDynamodbEventSource")

    assert posts["FunctionResponseTypes"] == owed["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_nothing_that_fails_is_lost_sooner_than_in_two_weeks() -> None:
    kept = {name: queue["MessageRetentionPeriod"] for name, queue in of_type("AWS::SQS::Queue").items()}

    assert set(kept.values()) == {14 * 24 * 3600}


def test_a_message_has_the_tries_that_its_company_may_cost_it() -> None:
    """docs/adr/0005 reckons with ten; an author's later posts must have tries left when they wait no longer."""
    tries = SOURCE["Parameters"]["PostsTries"]

    assert RESOURCES["PostsQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"] == {"Ref": "PostsTries"}
    assert (tries["Default"], tries["MinValue"]) == (10, IN_ORDER + 2)


def test_what_an_author_wrote_is_erased_when_its_last_try_is_over() -> None:
    tries, seconds = (SOURCE["Parameters"][name]["Default"] for name in ("PostsTries", "PostsVisibilitySeconds"))

    assert ARRIVES.total_seconds() >= tries * seconds


def test_what_cannot_be_made_again_outlives_the_stack() -> None:
    for name in ("PostsTable", "CompanySettings"):
        assert (RESOURCES[name]["DeletionPolicy"], RESOURCES[name]["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert RESOURCES["PostsTable"]["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]


def test_every_queue_where_failures_end_has_an_alarm() -> None:
    alarms = of_type("AWS::CloudWatch::Alarm").values()
    watched = [template.references(alarm.get("Dimensions")) for alarm in alarms]

    for queue in ("PostsDeadLetters", "ParkedQueue", "DeliveriesFailed"):
        assert {queue} in watched


@pytest.mark.parametrize(
    ("filter_", "logs", "told_in"),
    [
        ("SubscriptionsEnding", "KeepTimeLogs", "chalicelib/minute.py"),
        ("RulebooksDeclined", "TriagePostsLogs", "chalicelib/rulebook/taking.py"),
        ("NoticesUntold", "TellPeopleLogs", "chalicelib/pipeline/looking.py"),
        ("CrmsDown", "DeliverCasesLogs", "chalicelib/pipeline/circuit.py"),
        ("DeliveriesUnavailable", "APIHandlerLogs", "app.py"),
        ("CrmsResting", "DeliverCasesLogs", "app.py"),
        ("DebtsNudged", "KeepTimeLogs", "chalicelib/minute.py"),
        ("CrmsUnheard", "KeepTimeLogs", "chalicelib/minute.py"),
    ],
)
def test_an_alarm_on_a_line_of_the_log_looks_for_a_line_that_is_logged(filter_: str, logs: str, told_in: str) -> None:
    found = of_type("AWS::Logs::MetricFilter")[filter_]
    (metric,) = found["MetricTransformations"]
    name = metric["MetricName"]
    alarms = [alarm for alarm in of_type("AWS::CloudWatch::Alarm").values() if alarm.get("MetricName") == name]
    (line,) = re.findall(r'\$\.message = "([a-z.]+)"', found["FilterPattern"])

    assert template.references(found["LogGroupName"]) == {logs}
    assert f'"{line}"' in (ROOT / told_in).read_text()
    assert [(alarm["Namespace"], alarm["MetricName"]) for alarm in alarms] == [
        (metric["MetricNamespace"], metric["MetricName"])
    ]


def test_what_the_runbook_tells_people_to_set_can_be_set_on_a_stack() -> None:
    variables = SOURCE["Globals"]["Function"]["Environment"]["Variables"]
    told = re.findall(r"^\| `(EARSHOT_\w+)` \| `(\w+)` \|", (ROOT / "docs" / "operating.md").read_text(), re.MULTILINE)

    assert len(told) >= 4
    assert [pair for pair in told if variables.get(pair[0]) != {"Ref": pair[1]}] == []
    assert set(re.findall(r"EARSHOT_\w+", (ROOT / "docs" / "operating.md").read_text())) - ON_A_DESK <= variables.keys()


def test_a_parameters_default_is_what_holds_where_nothing_is_set() -> None:
    needed = ("EARSHOT_TABLE", "EARSHOT_POSTS_QUEUE", "EARSHOT_PARKED_QUEUE", "EARSHOT_SECRET")
    parameters = SOURCE["Parameters"]
    names = {"EARSHOT_OLDEST_POST_DAYS": "OldestPostDays", "EARSHOT_SAMPLE_PERCENT": "SamplePercent"}

    def read(**more: str) -> Environment:
        return environment({**dict.fromkeys(needed, "x"), **more})

    assert read() == read(**{name: str(parameters[of]["Default"]) for name, of in names.items()})
    for bound in ("MinValue", "MaxValue"):
        read(**{name: str(parameters[of][bound]) for name, of in names.items()})


def test_no_setting_silences_the_lines_that_alarms_stand_on() -> None:
    told = "import app, logging; print(logging.getLogger('earshot').isEnabledFor(logging.INFO))"

    done = subprocess.run(
        [sys.executable, "-c", told],
        cwd=ROOT,
        env={**os.environ, "EARSHOT_LOG": "WARNING"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout == "True\n"


def test_a_stack_can_be_told_of_every_crm_there_is() -> None:
    assert tuple(SOURCE["Parameters"]["Crm"]["AllowedValues"]) == CRMS


def test_no_name_holds_an_account_but_of_what_this_stack_does_not_make() -> None:
    """The company's mail addresses and topics."""
    assert "AWS::AccountId" not in (ROOT / "infra" / "resources.yaml").read_text()
    assert [path.stem for path in POLICIES if "AccountId" in path.read_text()] == ["tell_people"]
