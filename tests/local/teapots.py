"""A rule about teapots, for tests that publish."""

from __future__ import annotations

RULES = """
format: triage/1
owner: {team: care, contact: "care@acme.example"}
rules:
  - id: %s
    name: Somebody speaks of teapots
    status: live
    review by: "2030-02-01"
    why: For a test.
    when: {all: [{text has any: [teapot]}]}
    then: {escalate: {priority: %s, team: care}}
    examples: [{post: "a teapot", expect: match}, {post: "a kettle", expect: no match}]
"""


def rule_file(name: str, priority: str = "high") -> str:
    """A rule file with that one rule."""
    return RULES % (name, priority)
