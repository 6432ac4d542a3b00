"""How a record's team and priority are read and changed in each fake, for the tests of what our own rules change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from chalicelib.model import Case, Entry, Priority, Shift
from tests.contracts.crm_samples import a_case, a_post, an_entry
from tests.contracts.fakes.dataverse import OTHER_TEAM, TEAM

Row = dict[str, Any]
Read = Callable[[Row], str]
Write = Callable[[Row, str], None]
CARE, LEADS, PEOPLES = "care", "leads", "people's"
CARE_QUEUE, LEADS_QUEUE = "00G000000000001AAA", "00G000000000002AAA"
UUIDS = {name: f"0000000{number}-0000-4000-8000-000000000000" for number, name in enumerate((CARE, LEADS, PEOPLES), 1)}


@dataclass(frozen=True, slots=True)
class Shown:
    """Of a case's record in a fake: who has it and how pressing it is, in the CRM's words, and what is open.

    `teams` are the counterparts of `care`, `leads` and of a team that only people give it to; `priorities` the CRM's
    words for normal and urgent, and one that only people choose. `own` is a field of the company's, and `others` the
    counterpart of every team that has none.
    """

    teams: tuple[str, str, str]
    priorities: tuple[str, str, str]
    record: Callable[[Any, str], Row]
    team: tuple[Read, Write]
    priority: tuple[Read, Write]
    close: Row
    own: tuple[str, Read]
    others: str | None = None

    @property
    def mapping(self) -> dict[str, str]:
        """As in the company's crm.yml."""
        return {CARE: self.teams[0], LEADS: self.teams[1]}

    def now(self, fake: Any, key: str = "") -> tuple[str, str]:
        """Who has the case of this key, and how pressing it is."""
        row = self.record(fake, key or CASE.id)
        return self.team[0](row), self.priority[0](row)

    def people(self, fake: Any, team: int | None = None, priority: int | None = None, key: str = "") -> None:
        """People choose others there."""
        row = self.record(fake, key or CASE.id)
        if team is not None:
            self.team[1](row, self.teams[team])
        if priority is not None:
            self.priority[1](row, self.priorities[priority])

    def words(self, team: int, priority: int) -> tuple[str, str]:
        """Those of `now`."""
        return self.teams[team], self.priorities[priority]


def of(name: str, kind: type = str) -> tuple[Read, Write]:
    """A plain field of the record."""
    return lambda row: str(row.get(name, "")), lambda row, value: row.update({name: kind(value)})


def several(name: str) -> tuple[Read, Write]:
    """A field that holds several teams; those that have it together are joined by `+`."""
    return lambda row: "+".join(row[name]), lambda row, value: row.update({name: [value]})


def one(rows: Callable[[Any], Iterable[Row]], key_of: Read) -> Callable[[Any, str], Row]:
    """The record that holds a case's key."""
    return lambda fake, key: next(row for row in rows(fake) if key_of(row) == key)


def owner(row: Row) -> str:
    number = str(row["ownerid@odata.bind"]).partition("(")[2].rstrip(")")
    return f"{'user' if number == UUIDS[PEOPLES] else 'team'} {number}"


SHOWN: Mapping[str, Shown] = {
    "zendesk": Shown(
        ("360", "361", "362"), ("normal", "urgent", "low"),
        one(lambda fake: fake.tickets.values(), lambda row: str(row["external_id"])),
        of("group_id", int), of("priority"), {"status": "solved"},
        ("77", lambda row: str(next(field["value"] for field in row["custom_fields"] if field["id"] == 77))),
    ),
    "salesforce": Shown(
        (CARE_QUEUE, LEADS_QUEUE, "005000000000009AAA"), ("Medium", "High", "Low"),
        one(lambda fake: fake.rows["Case"], lambda row: str(row["Earshot_Key__c"])),
        of("OwnerId"), of("Priority"), {"Status": "Closed", "IsClosed": True},
        ("Network__c", lambda row: str(row["Network__c"])),
    ),
    "hubspot": Shown(
        ("41", "42", "43"), ("MEDIUM", "HIGH", "LOW"),
        one(lambda fake: (row["properties"] for row in fake.rows["tickets"]), lambda row: str(row["social_post_key"])),
        of("hubspot_owner_id"), of("hs_ticket_priority"), {"hs_pipeline_stage": "4"},
        ("network", lambda row: str(row["network"])),
    ),
    "dataverse": Shown(
        (f"team {TEAM}", f"team {OTHER_TEAM}", f"user {UUIDS[PEOPLES]}"), ("2", "1", "3"),
        lambda fake, key: fake.tables["incidents"][key],
        (owner, lambda row, value: row.update({"ownerid@odata.bind": f"/any({value.partition(' ')[2]})"})),
        of("prioritycode", int), {"statecode": 1},
        ("new_network", lambda row: str(row["new_network"])),
    ),
    "odoo": Shown(
        ("4", "5", "6"), ("1", "3", "0"),
        one(lambda fake: fake.leads, lambda row: str(UUID(str(row["xml_id"]).removeprefix("earshot.case_")))),
        of("team_id/.id"), of("priority"), {"active": False},
        ("x_team", lambda row: str(row["x_team"])),
    ),
    "espocrm": Shown(
        ("t1", "t2", "t3"), ("Normal", "Urgent", "Low"),
        one(lambda fake: fake.cases, lambda row: str(row["cExternalPostId"])),
        several("teamsIds"), of("priority"), {"status": "Closed"},
        ("cHandle", lambda row: str(row["cHandle"])),
    ),
    "request-tracker": Shown(
        ("Care", "Leads", "Elsewhere"), ("50", "100", "7"),
        one(lambda fake: fake.tickets, lambda row: str(row["CustomFields"]["ExternalPostId"])),
        of("Queue"), of("Priority"), {"Status": "resolved"},
        ("Network", lambda row: str(row["CustomFields"]["Network"])), "Social",
    ),
    "roundup": Shown(
        ("care", "leads", "admin"), ("3", "1", "5"),
        one(lambda fake: fake.items["issue"], lambda row: str(row["external_post_id"])),
        of("assignedto"), of("priority"), {"status": "resolved"},
        ("team", lambda row: str(row["team"])),
    ),
    "bottlecrm": Shown(
        (UUIDS[CARE], UUIDS[LEADS], UUIDS[PEOPLES]), ("Normal", "Urgent", "Low"),
        one(lambda fake: fake.cases, lambda row: str(row["custom_fields"]["external_post_id"])),
        several("teams"), of("priority"), {"status": "Closed"},
        ("network", lambda row: str(row["custom_fields"]["network"])),
    ),
}  # fmt: skip

FIRST, SECOND, THIRD = a_post(1), a_post(2, "It still smokes"), a_post(3, "Is anybody there?")
CASE = replace(a_case(FIRST), team=CARE, priority=Priority.NORMAL)
STEP = Shift(CARE, LEADS, Priority.NORMAL, Priority.URGENT)


def after(case: Case, *shifts: Shift) -> Case:
    """The case once its rules have shifted it."""
    for shift in shifts:
        case = replace(case, team=shift.team or case.team, priority=shift.priority or case.priority)
    return case


def step(*shifts: Shift) -> Entry:
    """What its record is told with that."""
    return replace(an_entry(SECOND, "No reply within 2 hours"), shifts=shifts or (STEP,))
