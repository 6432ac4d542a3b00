"""Who is told in stories: whom `rules/people.yml` names; where it names nobody, every team by its own channel."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from chalicelib.cli import people_file
from chalicelib.errors import Problem
from chalicelib.pipeline.people import People, Team
from chalicelib.rulebook.loader import Source
from chalicelib.rulebook.notes import nearest
from chalicelib.rulebook.story import Story
from chalicelib.rulebook.story_looks import TOLD, Look

KIND = "story"  # none that the company could have: nothing is sent


def people_beside(rules: Path, source: Source) -> People:
    """What people.yml beside the rules says; nobody where there is none. Raises RulebookError with its problems."""
    folder = rules if rules.is_dir() else rules.parent
    return people_file.load(folder / people_file.NAME, source.teams, source.book.calendars)


def audience_of(people: People, teams: Collection[str]) -> People:
    """Who is told in stories; a channel of a team's own is called like the team."""
    if people.teams:
        return people
    return People({name: KIND for name in teams}, {name: Team((name,)) for name in teams})


def never_told(source: Source, people: People) -> list[Problem]:
    """Where a story tells of a team that has no channel, or of a channel that the team has not: nothing comes there."""
    told = audience_of(people, source.teams)
    return [problem for story in source.stories for problem in _never_told(story, told)]


def _never_told(story: Story, people: People) -> Iterator[Problem]:
    looks = (part for part in story.steps if isinstance(part, Look))
    for line, told in ((each.line, one) for each in looks for one in each.expected if one.what == TOLD and one.team):
        team, channel = told.team or "", told.channel
        has = people.team(team).channels
        if not has:
            why = f"'expect' tells of the team '{team}', to which people.yml gives no channel."
            yield Problem(story.file, line, why + nearest(team, people.teams))
        elif channel is not None and channel not in has:
            why = f"'expect' names the channel '{channel}', by which people.yml does not tell '{team}'."
            yield Problem(story.file, line, why + nearest(channel, has))
