"""The company's names for its CRM: read whole or told with file and line, shipped and read back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.cli import crm_file
from chalicelib.cli.main import main
from chalicelib.crm.mapping import SHIPPED, VALUES, FieldMapping, shipped
from chalicelib.errors import RulebookError
from chalicelib.model import Priority
from chalicelib.rulebook.notes import either
from tests.contracts.crm_samples import a_case, a_post, an_entry

WHOLE = """\
format: crm/1
teams: {product-safety: "Queue 7"}
priorities: {urgent: "P1"}
fields: {cHandle: author handle, cKey: key, cRating: rating}
always: {cOrigin: Social}
recommendation: task
reopen within: 3 days
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "crm.yml"


def told(path: Path, text: str, teams: tuple[str, ...] = ()) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        crm_file.load(path, teams)
    return [f"{problem.line}: {problem.message}" for problem in caught.value.problems]


def test_everything_in_the_file_is_read(written: Path) -> None:
    written.write_text(WHOLE, encoding="utf-8")

    assert crm_file.load(written) == FieldMapping(
        teams={"product-safety": "Queue 7"},
        priorities={Priority.URGENT: "P1"},
        fields={"cHandle": "author handle", "cKey": "key", "cRating": "rating"},
        always={"cOrigin": "Social"},
        recommendation="task",
        reopen_within=timedelta(days=3),
    )


def test_without_a_file_the_crms_own_names_hold(written: Path) -> None:
    assert crm_file.load(written) == FieldMapping()


def test_what_is_shipped_is_read_back(written: Path, tmp_path: Path) -> None:
    written.write_text(WHOLE, encoding="utf-8")
    mapping = crm_file.load(written)
    crm_file.ship(mapping, tmp_path / "mapping.json")

    assert shipped(tmp_path / "mapping.json") == mapping


def test_the_shipped_mapping_is_that_of_the_shipped_rules() -> None:
    assert shipped(SHIPPED) == crm_file.load(Path(__file__).parents[2] / "rules" / "crm.yml")


def test_all_mistakes_are_told_at_once_each_with_its_line_and_the_nearest_word(written: Path) -> None:
    mistakes = """\
format: crm/2
teems: {a: b}
priorities: {urgnt: P1}
fields: {cHandle: author handel}
recommendation: letter
reopen within: 2 business hours
"""

    assert told(written, mistakes) == [
        "1: 'format' must be crm/1; 'crm/2' is not. Did you mean 'crm/1'?",
        "2: I don't know 'teems' in this file. Did you mean 'teams'?",
        "3: 'priorities': I don't know 'urgnt'. Did you mean 'urgent'?",
        f"4: 'cHandle' cannot hold 'author handel'. Did you mean 'author handle'? It can hold {either(VALUES)}.",
        "5: 'recommendation' must be note, task or lead; 'letter' is not.",
        "6: 'reopen within' does not know business hours; expected a duration in words, like '15 minutes', '2 hours' or"
        " '14 days'.",
    ]


def test_a_team_that_no_rule_names_is_told(written: Path) -> None:
    said = told(written, "format: crm/1\nteams: {billing-car: q}\n", ("billing-care",))

    assert said == ["2: 'teams': I don't know 'billing-car'. Did you mean 'billing-care'?"]


def test_a_field_is_filled_in_one_way(written: Path) -> None:
    said = told(written, "format: crm/1\nfields: {a: key}\nalways: {a: x}\n")

    assert said == ["3: 'a' stands in 'fields' and in 'always'. Keep one."]


@pytest.mark.parametrize("text", ["", "format: [", "- a", "\tformat: crm/1", "format: crm/1\nformat: crm/1"])
def test_a_file_that_is_no_mapping_is_told_with_a_line(written: Path, text: str) -> None:
    assert told(written, text)


def test_checking_the_rules_checks_the_names_beside_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = Path(__file__).parents[2] / "rules"
    for file in rules.glob("*.rules.yml"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (tmp_path / "crm.yml").write_text("format: crm/1\nteams: {nobody: q}\n", "utf-8")

    assert main(["check", str(tmp_path)]) == 1
    assert "crm.yml:2: 'teams': I don't know 'nobody'." in capsys.readouterr().out


def test_a_value_that_is_not_known_is_left_out_of_the_companys_own_fields(written: Path) -> None:
    written.write_text(WHOLE, encoding="utf-8")
    post = a_post()
    case = a_case(post)
    mapping = crm_file.load(written)

    assert mapping.queue(case) == "Queue 7"
    assert mapping.custom(case, an_entry(post)) == {"cOrigin": "Social", "cHandle": "ana_r", "cKey": case.id}
