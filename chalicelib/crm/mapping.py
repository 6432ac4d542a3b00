"""How one company's CRM names things: teams, priorities and fields of its own. Made from `rules/crm.yml`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from chalicelib.crm.rendering import link, moment
from chalicelib.model import Case, Entry, Priority
from chalicelib.plain import one_line

SHIPPED = Path(__file__).with_name("mapping.json")
LONGEST_VALUE = 250
# What `fields` may ask for. Text is not among them: it stays in the body, from which an erasure can take it.
VALUES = (
    "key",
    "post id",
    "platform",
    "kind",
    "permalink",
    "conversation",
    "author id",
    "author handle",
    "author name",
    "author key",
    "team",
    "tell",
    "rule",
    "rulebook",
    "reason",
    "topics",
    "priority",
    "rating",
    "language",
    "first reply due",
)
RECOMMENDATIONS = ("note", "task", "lead")


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """`teams` and `priorities`: ours to theirs. `fields`: a field of theirs to one of `VALUES`; `always`: to a text.

    `recommendation` is what one becomes where the CRM has such a thing: a note on a case, a task, a lead. A case that
    was closed there is opened again by a post within `reopen_within`; later a new case begins.
    """

    teams: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[Priority, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    recommendation: str = "note"
    reopen_within: timedelta = timedelta(days=14)

    def queue(self, case: Case) -> str | None:
        """Who works on it there; None where the team has no counterpart (the CRM's own routing decides)."""
        return self.teams.get(case.team or "")

    def called(self, queue: str) -> tuple[str, ...]:
        """Those of our teams whose counterpart this is."""
        return tuple(ours for ours, theirs in self.teams.items() if theirs == queue)

    def record(self, case: Case) -> str:
        """What the case is to be there: `task` or `lead` for a recommendation where the company wants it so."""
        wanted = case.record == "recommendation" and self.recommendation != "note"
        return self.recommendation if wanted else case.record

    def custom(self, case: Case, entry: Entry) -> dict[str, str]:
        """The company's own fields of a record; a value that is not known is left out."""
        known = _values(case, entry)
        asked = {theirs: known.get(ours) for theirs, ours in self.fields.items()}
        return {**self.always, **{theirs: value for theirs, value in asked.items() if value}}


def shipped(path: Path = SHIPPED) -> FieldMapping:
    """The mapping that `earshot bundle` wrote."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return FieldMapping(
        teams=data["teams"],
        priorities={Priority(ours): theirs for ours, theirs in data["priorities"].items()},
        fields=data["fields"],
        always=data["always"],
        recommendation=data["recommendation"],
        reopen_within=timedelta(seconds=data["reopen_within"]),
    )


def _values(case: Case, entry: Entry) -> dict[str, str]:
    post, decision = entry.post, entry.decision
    found: dict[str, str | None] = {
        "key": case.id,
        "post id": case.post_id,
        "platform": case.platform,
        "conversation": case.conversation_id,
        "author key": case.author_key,
        "team": case.team,
        "tell": ", ".join(case.tell),
        "rule": case.rule,
        "rulebook": decision.rulebook,
        "reason": case.reason,
        "topics": ", ".join(case.topics),
        "priority": case.priority.value if case.priority else None,
        "first reply due": moment(case.first_reply_due) if case.first_reply_due else None,
    }
    if post is not None:
        found |= {
            "kind": post.kind.value if post.kind else None,
            "permalink": link(post.permalink),
            "author id": post.author.id,
            "author handle": post.author.handle,
            "author name": post.author.name,
            "rating": None if post.rating is None else f"{post.rating:g}",
            "language": post.language,
        }
    return {name: one_line(value, LONGEST_VALUE) for name, value in found.items() if value}
