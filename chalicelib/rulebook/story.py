"""Stories: tests in which time passes. Posts with their times, and after each the rules that must match; looks at what
came about meanwhile; and what people do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.rulebook.notes import Notes, nearest
from chalicelib.rulebook.source import Block, Node
from chalicelib.rulebook.story_deeds import ACK, DEEDS, ENDS_WAITING, SILENCE, Deed, Silencing, deed
from chalicelib.rulebook.story_looks import ONLY_IF_TOLD_OF, OVERDUE, TOLD, Happening, Look, is_look, look
from chalicelib.rulebook.story_posts import Step, step

KEYS = ("name", "posts")
Part = Step | Look | Deed | Silencing


@dataclass(frozen=True, slots=True)
class Story:
    """Posts in the order in which they arrive; an earlier `at` than that of the post before is a late one."""

    name: str
    steps: tuple[Part, ...]
    file: str
    line: int
    timezone: str

    @property
    def is_about_replies(self) -> bool:
        """Whether it tells of any: else nobody waits for one in it, and nothing is overdue."""
        overdue = any(OVERDUE in (one.what, one.of) for one in self._expected())
        return overdue or any(isinstance(part, Deed) and part.done in ENDS_WAITING for part in self.steps)

    @property
    def is_about_people(self) -> bool:
        """Whether it matters in it who is told: else nobody is, and its minutes are fewer."""
        acts = any(isinstance(part, Silencing) or (isinstance(part, Deed) and part.done == ACK) for part in self.steps)
        return acts or any(one.what == TOLD for one in self._expected())

    def is_about(self, happening: Happening) -> bool:
        """Whether it would tell of it: of some things only where it tells of any such."""
        what = happening.what
        return what not in ONLY_IF_TOLD_OF or any(one.what == what for one in self._expected())

    def _expected(self) -> Iterator[Happening]:
        return (one for part in self.steps if isinstance(part, Look) for one in part.expected)


@dataclass(frozen=True, slots=True)
class Known:
    """What a story may name: rules by their ids, of which some are retired, and teams; None: not all could be read."""

    rules: Collection[str]
    retired: Collection[str]
    teams: Collection[str] | None


def stories(notes: Notes, node: Node | None, timezone: str) -> list[Story]:
    """The stories of one file; `timezone` is the file's."""
    if node is None:
        return []
    items = enumerate(notes.items(node, "'stories'"))
    return [story for number, item in items if (story := _story(notes, item, number, timezone)) is not None]


def check(notes: Notes, told: Sequence[Story], known: Known) -> None:
    """Note where a story names a rule that there is not, or that is retired, or a team that no rule names."""
    for part in (part for story in told for part in story.steps):
        for name in _rules(part):
            if name not in known.rules:
                notes.tell(part.line, f"{_key(part)} names '{name}', which is no rule.{nearest(name, known.rules)}")
            elif name in known.retired:
                notes.tell(part.line, f"{_key(part)} names '{name}', which is retired and never matches.")
        for team in _teams(part):
            if known.teams is not None and team not in known.teams:
                what = f"{_key(part)} names the team '{team}', which no rule names."
                notes.tell(part.line, f"{what}{nearest(team, known.teams)}")


def _key(part: Part) -> str:
    return f"'{SILENCE}'" if isinstance(part, Silencing) else "'expect'"


def _rules(part: Part) -> list[str]:
    if isinstance(part, Step):
        return list(part.expected)
    if isinstance(part, Silencing):
        return [part.rule] if part.rule else []
    return [one.rule for one in part.expected if one.rule] if isinstance(part, Look) else []


def _teams(part: Part) -> list[str]:
    if isinstance(part, Silencing):
        return [part.team] if part.team else []
    return [one.team for one in part.expected if one.team] if isinstance(part, Look) else []


def _story(notes: Notes, node: Node, number: int, timezone: str) -> Story | None:
    keys = notes.block(node, "a story", KEYS, KEYS)
    name = notes.text(keys.get("name"), "'name'")
    steps: list[Part] = []
    for item in notes.items(keys["posts"], "'posts'") if "posts" in keys else ():
        said = {key.value for key, _ in item.entries} if isinstance(item, Block) else set()
        posts = [each for each in steps if isinstance(each, Step)]
        read: Part | None
        if is_look(item):
            read = look(notes, item, timezone)
        elif said & {*DEEDS, SILENCE}:
            read = deed(notes, item, timezone)
        else:
            read = step(notes, item, f"s{number}", timezone, posts)
        steps += [read] if read else []
    return Story(name, tuple(steps), notes.file, node.line, timezone) if name and steps else None
