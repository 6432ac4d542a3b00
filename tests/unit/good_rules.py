"""Good rule files for tests, made from the catalogue."""

from __future__ import annotations

from chalicelib.rulebook.vocabulary import CATALOGUE

MOST = 40


def every_word() -> str:
    """A file in which each word of the catalogue opens a line, with the catalogue's own example."""
    asked = [f"        - {key.replace('N days', '7 days')}: {word.example}" for key, word in CATALOGUE.items()]
    lines, more = "\n".join(asked[:MOST]), "\n".join(asked[MOST:])
    return f"""# yaml-language-server: $schema=../schema.json
format: triage/1
owner: {{team: care, contact: "care@acme.example"}}
timezone: Australia/Sydney
business hours: office hours
calendars:
  office hours:
    days: monday to friday
    hours: [9:00 to 12:30, 13:30 to 17:00]
    timezone: Australia/Melbourne
    holidays: {{country: AU, subdivision: VIC}}
    closed: ["2026-12-24"]
lists:
  refund words: ["refund", "money back"]
topics:
  router: {{any: [{{text has any: ["router"]}}]}}
rules:
  - id: every-word
    name: Every word there is
    status: draft
    review by: "2027-02-01"
    why: So that each is shown to load.
    known mistakes: ["none"]
    when:
      any:
{lines}
        - text has any: refund words
        - is known: author's posts in 1 day
    then: {{recommend: {{template: help}}}}
    examples:
      - post:
          text: a
          kind: review
          created at: "2026-11-20 16:30"
          age: 2 hours
          is self: no
          action: edit
          author: {{handle: ana, followers: 9, verified: no}}
          author is customer: yes
          thread depth: 2
          sentiment: negative
          author's posts in 7 days: 4
        expect: match
      - {{post: b, expect: match, should be: no match}}

  - id: every-other-word
    name: What one rule has no room for
    status: draft
    review by: "2027-02-01"
    why: A rule has about fifty lines at most.
    when:
      any:
{more}
    then: {{recommend: {{template: help}}}}
"""
