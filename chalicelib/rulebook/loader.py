"""A folder of rule files to one checked set: it loads whole, or not at all, with every problem told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from chalicelib.errors import Problem, RulebookError
from chalicelib.rulebook.forms import Sheet, WrittenRule, rule_ids, rules, sheet, topic_names, topics
from chalicelib.rulebook.house import check
from chalicelib.rulebook.naming import Names
from chalicelib.rulebook.notes import Notes
from chalicelib.rulebook.rule import Book, Status
from chalicelib.rulebook.source import tree
from chalicelib.rulebook.spelling import spelling, unclosed
from chalicelib.rulebook.story import Known, Story, stories
from chalicelib.rulebook.story import check as expects

SUFFIX = ".rules.yml"
Named = TypeVar("Named")
BESIDE = ("crm.yml", "people.yml")  # what else lies in the folder, and is read by its own command


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for the rules of one file, and how to reach them."""

    file: str
    team: str
    contact: str


@dataclass(frozen=True, slots=True)
class Source:
    """The checked rules: `book` is compiled, `rules` know where they were written and their examples.

    `owners` has one for each file; `lists` are the named word lists of all files.
    """

    book: Book
    rules: tuple[WrittenRule, ...]
    owners: tuple[Owner, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stories: tuple[Story, ...] = ()

    @property
    def teams(self) -> frozenset[str]:
        """Every team that the rules name."""
        return _teams([owner.team for owner in self.owners], self.rules)


def load(directory: Path) -> Source:
    """The rules of a folder (or one file). Raises RulebookError with all problems, OSError where it cannot read."""
    files = _files(directory)
    problems = [Problem(str(file), 1, f"rule files are named like billing{SUFFIX}") for file in _misnamed(directory)]
    if not files and not problems:
        problems = [Problem(str(directory), 1, f"there is no rule file here; they are named like billing{SUFFIX}")]
    sheets = [read for file in files if (read := _sheet(file, problems)) is not None]
    names = _names(sheets)
    written = [rule for one in sheets for rule in rules(one, names)]
    concluded = [topic for one in sheets for topic in topics(one, names)]
    ids = frozenset(name for one in sheets for name in rule_ids(one))
    known = _known(sheets, written, ids)
    told = [story for one in sheets for story in _stories(one, known)]
    problems += [problem for one in sheets for problem in one.notes.problems]
    problems += check(written, concluded)
    if problems:
        raise RulebookError(_told(problems))
    written.sort(key=lambda item: item.rule.id)
    concluded.sort(key=lambda item: item.topic.id)
    book = Book(
        tuple(item.topic for item in concluded),
        tuple(item.rule for item in written if item.rule.unheard is None),
        tuple(names.calendars[name] for name in sorted(names.calendars)),
        tuple(item.rule for item in written if item.rule.unheard is not None),
    )
    owners = tuple(Owner(one.notes.file, one.team or "", one.contact or "") for one in sheets)
    return Source(book, tuple(written), owners, names.lists, tuple(told))


def _stories(sheet: Sheet, known: Known) -> list[Story]:
    found = stories(sheet.notes, sheet.keys.get("stories"), sheet.timezone)
    expects(sheet.notes, found, known)
    return found


def _known(sheets: list[Sheet], written: list[WrittenRule], ids: frozenset[str]) -> Known:
    retired = {item.rule.id for item in written if item.rule.status is Status.RETIRED}
    teams = _teams([one.team for one in sheets], written)
    return Known(ids, retired, teams if len(written) == len(ids) else None)


def _teams(owners: Iterable[str | None], written: Iterable[WrittenRule]) -> frozenset[str]:
    owning = {team for team in owners if team}
    return frozenset(owning.union(*(item.rule.then.teams for item in written)))


def _files(directory: Path) -> list[Path]:
    if directory.is_file():
        return [directory]
    if not directory.is_dir():
        raise FileNotFoundError(f"there is no folder '{directory}'")
    return sorted(file for file in directory.rglob(f"*{SUFFIX}") if file.is_file())


def _misnamed(directory: Path) -> list[Path]:
    """Files that their author takes for rules, and nobody would read."""
    if directory.is_file():
        return []
    found = sorted(file for end in ("*.yml", "*.yaml") for file in directory.rglob(end))
    return [file for file in found if not file.name.endswith(SUFFIX) and file.name not in BESIDE]


def _sheet(file: Path, problems: list[Problem]) -> Sheet | None:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(
            Problem(str(file), line, "there is a character here that cannot be read; save the file as UTF-8.")
        )
        return None
    misspelt = spelling(text, str(file))
    node, unreadable = tree(text, str(file))
    if misspelt:
        problems += misspelt  # what else YAML makes of such a file is not what its author wrote
        return None
    if unreadable and (opened := unclosed(text)):
        unreadable = [Problem(str(file), opened, "a quote is opened on this line and not closed.")]
    problems += unreadable
    if node is None and not unreadable:
        problems.append(Problem(str(file), 1, "this file is empty."))
    return sheet(Notes(str(file)), node) if node is not None else None


def _names(sheets: list[Sheet]) -> Names:
    lists = _gathered("list", [(one.notes, one.lists) for one in sheets])
    calendars = _gathered("calendar", [(one.notes, one.calendars) for one in sheets])
    return Names(lists, frozenset(name for one in sheets for name in topic_names(one)), calendars)


def _gathered(what: str, written: list[tuple[Notes, dict[str, tuple[Named, int]]]]) -> dict[str, Named]:
    """What all files name, under one name each; told where a name is written twice."""
    found: dict[str, Named] = {}
    first: dict[str, str] = {}
    for notes, entries in written:
        for name, (value, line) in entries.items():
            if name in first:
                notes.tell(
                    line, f"the {what} '{name}' is already written in {first[name]}. Give this one another name."
                )
            first.setdefault(name, f"{notes.file}:{line}")
            found.setdefault(name, value)
    return found


def _told(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line))
