"""Stories: tests in which time passes. Posts with their times, and after each the rules that must match; and looks at
what was told meanwhile, when alerts grow and end."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.model import Action, Author, Context, Happened, Post
from chalicelib.rulebook.example import POST_KEYS, written_post
from chalicelib.rulebook.notes import Notes, either, nearest
from chalicelib.rulebook.source import Block, Items, Node
from chalicelib.rulebook.vocabulary import posted_days

KEYS = ("name", "posts")
OWN = ("at", "from", "id", "expect")
NOTHING = "nothing"
FIRST_DAY = date(2026, 2, 9)  # a Monday, a holiday nowhere
EXPECTED = '\'at\' is a time like "09:00", "+2 days 09:00" or "2026-02-09 09:00"'
LOOKS = (
    "without a post, 'expect' is what was told meanwhile, like 'all-clear my-rule', 'update my-rule', "
    "'overdue my-rule', 'silence my-rule', or nothing"
)
DEEDS = {"answered": Happened.ANSWERED, "closed": Happened.CLOSED}
_TOLD = re.compile(r"(update|all-clear|overdue|silence) \S+")
_CLOCK = re.compile(r"(?:\+([0-9]{1,4}) days? )?([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:.+")


@dataclass(frozen=True, slots=True)
class Step:
    """One post of a story as it comes, what is known beside it, and the ids of exactly the rules that must match."""

    post: Post
    context: Context
    expected: tuple[str, ...]
    line: int
    shown: str


@dataclass(frozen=True, slots=True)
class Look:
    """A time at which no post comes, and what was told since the last look, like `all-clear danger-spike`."""

    at: datetime
    expected: tuple[str, ...]
    line: int

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it names."""
        return tuple(said.partition(" ")[2] for said in self.expected)


@dataclass(frozen=True, slots=True)
class Deed:
    """What people do in the CRM with the latest case that is `whose`: of who wrote, or of the rule that opened it."""

    at: datetime
    happened: Happened
    whose: str
    line: int


@dataclass(frozen=True, slots=True)
class Story:
    """Posts in the order in which they arrive; an earlier `at` than that of the post before is a late one."""

    name: str
    steps: tuple[Step | Look | Deed, ...]
    file: str
    line: int

    @property
    def is_about_replies(self) -> bool:
        """Whether it tells of any: else nobody waits for one in it, and nothing is overdue."""
        looks = (step for step in self.steps if isinstance(step, Look))
        overdue = any(said.startswith("overdue ") for look in looks for said in look.expected)
        return overdue or any(isinstance(step, Deed) for step in self.steps)


def stories(notes: Notes, node: Node | None, timezone: str) -> list[Story]:
    """The stories of one file; `timezone` is the file's."""
    if node is None:
        return []
    items = enumerate(notes.items(node, "'stories'"))
    return [story for number, item in items if (story := _story(notes, item, number, timezone)) is not None]


def check(notes: Notes, told: Sequence[Story], rules: Collection[str], retired: Collection[str]) -> None:
    """Note where a story expects a rule that there is not, or that is retired; both by their ids."""
    for line, name in ((step.line, name) for story in told for step in story.steps for name in _rules(step)):
        if name not in rules:
            notes.tell(line, f"'expect' names '{name}', which is no rule.{nearest(name, rules)}")
        elif name in retired:
            notes.tell(line, f"'expect' names '{name}', which is retired and never matches.")


def _rules(step: Step | Look | Deed) -> tuple[str, ...]:
    if isinstance(step, Deed):
        return ()
    return step.rules if isinstance(step, Look) else step.expected


def _story(notes: Notes, node: Node, number: int, timezone: str) -> Story | None:
    keys = notes.block(node, "a story", KEYS, KEYS)
    name = notes.text(keys.get("name"), "'name'")
    steps: list[Step | Look | Deed] = []
    for item in notes.items(keys["posts"], "'posts'") if "posts" in keys else ():
        said = {key.value for key, _ in item.entries} if isinstance(item, Block) else set()
        posts = [each for each in steps if isinstance(each, Step)]
        step: Step | Look | Deed | None
        if said == {"at", "expect"}:
            step = _look(notes, item, timezone)
        elif said & DEEDS.keys():
            step = _deed(notes, item, timezone)
        else:
            step = _step(notes, item, f"s{number}", timezone, posts)
        steps += [step] if step else []
    return Story(name, tuple(steps), notes.file, node.line) if name and steps else None


def _deed(notes: Notes, node: Node, timezone: str) -> Deed | None:
    keys = notes.block(node, "what people do in a story", ("at", *DEEDS), ("at",))
    at = _at(notes, keys.get("at"), timezone)
    done = {name: notes.text(keys[name], f"'{name}'") for name in DEEDS if name in keys}
    if len(done) != 1:
        notes.tell(node.line, f"a case is {either(DEEDS)}, one at a time.")
        return None
    ((name, whose),) = done.items()
    return Deed(at, DEEDS[name], whose, node.line) if at and whose else None


def _look(notes: Notes, node: Node, timezone: str) -> Look | None:
    keys = notes.block(node, "a look", ("at", "expect"), ("at", "expect"))
    at, expected = _at(notes, keys.get("at"), timezone), _expected(notes, keys.get("expect"))
    if at is None or expected is None:
        return None
    for said in expected:
        if not _TOLD.fullmatch(said):
            notes.tell(node.line, f"{LOOKS}; '{said}' is not.")
            return None
    return Look(at, expected, node.line)


def _step(notes: Notes, node: Node, story: str, timezone: str, before: Sequence[Step]) -> Step | None:
    counts = [key.value for key, _ in node.entries if posted_days(key.value)] if isinstance(node, Block) else []
    keys = notes.block(node, "a story's post", (*OWN, *POST_KEYS, *counts), ("at", "expect"))
    at = _at(notes, keys.get("at"), timezone)
    expected = _expected(notes, keys.get("expect"))
    who = notes.text(keys.get("from"), "'from'")
    name = notes.text(keys.get("id"), "'id'") or f"{len(before)}"
    if not isinstance(node, Block) or at is None or expected is None:
        return None
    said = Block(node.line, [(key, value) for key, value in node.entries if key.value in keys.keys() - set(OWN)])
    post, context = written_post(notes, said, "", timezone)
    post = replace(post, id=f"{post.platform}:{story}.{name}", author=_author(post.author, who))
    sent = _sent(post, at, _earlier(post, "id" in keys, before))
    if sent is None:
        what = f"'action: {post.action.value}'"
        notes.tell(node.line, f"{what} is of an earlier post, and there is none of this 'from' or 'id'.")
        return None
    shown = post.text if post.text is not None else f"{post.action.value}, without text"
    return Step(sent, context, expected, node.line, shown)


def _sent(post: Post, at: datetime, earlier: Sequence[Post]) -> Post | None:
    """As it arrives: a change is one of the last of the earlier posts; None where there is none."""
    if post.action is Action.CREATE:
        return replace(post, created_at=at)
    return replace(earlier[-1], action=post.action, text=post.text, edited_at=at) if earlier else None


def _earlier(post: Post, is_named: bool, before: Sequence[Step]) -> list[Post]:
    """The posts that this may be a change of: those with its `id`, or all that its author wrote."""
    posts = [step.post for step in before]
    if is_named:
        return [each for each in posts if each.native_id == post.native_id]
    return [each for each in posts if each.author_key is not None and each.author_key == post.author_key]


def _author(author: Author, who: str | None) -> Author:
    return author if who is None else replace(author, id=author.id or who, handle=author.handle or who)


def _expected(notes: Notes, node: Node | None) -> tuple[str, ...] | None:
    if isinstance(node, Items):
        return notes.texts(node, "'expect'")
    if isinstance(node, Block):
        notes.tell(node.line, "'expect' is a rule's id, nothing, or a list of ids like [one, two].")
        return None
    name = notes.text(node, "'expect'")
    return None if name is None else () if name == NOTHING else (name,)


def _at(notes: Notes, node: Node | None, timezone: str) -> datetime | None:
    words = notes.text(node, "'at'")
    if node is None or words is None:
        return None
    zone = ZoneInfo(timezone)
    if match := _CLOCK.fullmatch(words):
        days, hour, minute, second = (int(part or 0) for part in match.groups())
        local = datetime.combine(FIRST_DAY + timedelta(days=days), time(hour, minute, second), zone)
        return local.astimezone(UTC)
    try:
        if _DATED.fullmatch(words):
            moment = datetime.fromisoformat(words)
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except ValueError:
        pass  # told below: 2026-02-30 has the form of a date, too
    notes.tell(node.line, f"{EXPECTED}; '{words}' is not.")
    return None
