"""`earshot replay`: two rulebooks over the same posts, told to whoever asked."""

from __future__ import annotations

import gzip
import io
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli.course import Course
from chalicelib.cli.main import main
from chalicelib.cli.progress import Progress
from chalicelib.cli.replay_posts import Heard
from chalicelib.cli.time_order import in_time_order
from chalicelib.config import Company, PlatformSettings
from chalicelib.model import (
    Action,
    Author,
    Context,
    Outcome,
    Post,
    Priority,
    Published,
    Saved,
    Standing,
)
from chalicelib.reading import read
from chalicelib.rulebook import bundle
from chalicelib.rulebook.guards import guarded
from chalicelib.rulebook.loader import load
from chalicelib.rulebook.publishing import publish
from chalicelib.rulebook.rule import Then
from chalicelib.stores.memory import MemoryStore
from chalicelib.stores.memory_rulebooks import MemoryRulebooks
from tests.unit.people import NOON, Watch
from tests.unit.rulebooks import line, rule, rulebook, words
from tests.unit.rulebooks import post as in_memory

RULE = """format: triage/1
owner: {{team: care, contact: care@acme.example}}
rules:
  - id: refund
    name: Money back
    status: live
    review by: "2099-01-01"
    why: Because.
    when: {{all: [{{text has any: [{words}]}}]}}
    then: {{escalate: {{priority: high, team: {team}}}}}
    examples: [{{post: refund, expect: match}}, {{post: hello, expect: no match}}]
"""


@pytest.fixture
def books(tmp_path: Path) -> tuple[Path, Path]:
    """Rules before and after: `money back` is caught, too."""
    for name, found in (("before", '"refund"'), ("after", '"refund", "money back"')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "money.rules.yml").write_text(RULE.format(words=found, team="billing"))
    return tmp_path / "before", tmp_path / "after"


def a_post(number: int, text: str | None, **more: Any) -> dict[str, Any]:
    given = {"id": f"x:{number}", "platform": "x", "kind": "mention", "created_at": "2026-11-16T09:00:00Z"}
    return {**given, "text": text, **more}


def written(file: Path, *items: object) -> Path:
    text = "".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in items)
    file.write_bytes(gzip.compress(text.encode()) if file.suffix == ".gz" else text.encode())
    return file


def replay(capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], *words: object) -> tuple[int, str, str]:
    code = main(["replay", "--against", str(books[0]), "--rules", str(books[1]), *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


FEW = (
    a_post(1, "I want my Money   back!"),
    a_post(2, "refund"),
    a_post(3, "hello"),
    a_post(4, "money back", is_self=True),
    a_post(5, "money back", action="hide"),
)


def test_what_would_be_handled_differently_is_told_with_samples_and_why(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    code, out, err = replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *FEW))

    assert (code, err) == (0, "")
    assert out.startswith("Of 5 posts, 1 would be handled differently (33.3 %): 1 newly caught.\n")
    assert "2 posts stopped by guards before the rules (own account 1, moderated by us 1)." in out
    assert '    x:1  2026-11-16 09:00  "I want my Money back!"\n' in out
    assert "ignore (no rule) → escalate to billing, high (refund)" in out
    assert 'Money back: found "money back"; before: in refund, \'text has any: ["refund"]\' says no' in out


def test_scripts_get_every_count(capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path) -> None:
    _, out, _ = replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *FEW), "--json")
    told = json.loads(out)

    assert (told["posts"], told["decided"], told["changed"], told["changed_percent"]) == (5, 3, 1, 33.333)
    assert told["shifts"] == {"newly caught": 1, "newly missed": 0, "changed hands": 0}
    assert told["rules"] == {"no rule": {"before": 2, "after": 1}, "refund": {"before": 1, "after": 2}}
    assert told["outcomes"]["escalate"] == {"before": 1, "after": 2}
    assert told["before"] == bundle.compiled(load(books[0]).book).version != told["after"]
    (change,) = told["changes"]
    assert (change["before"], change["after"], change["posts"]) == ("no rule", "refund", 1)
    assert (change["samples"][0]["post"]["id"], change["samples"][0]["found"]) == ("x:1", ["money back"])


@pytest.mark.parametrize(("most", "code"), [(33, 1), (34, 0), (100, 0), (0, 1)])
def test_more_changes_than_allowed_are_found(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path, most: int, code: int
) -> None:
    file = written(tmp_path / "p.jsonl", *FEW)

    assert replay(capsys, books, "--posts", file, "--most-change", most)[0] == code


@pytest.mark.parametrize("most", ["-1", "101", "nan", "five"])
def test_a_share_that_is_none_is_refused(books: tuple[Path, Path], most: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["replay", "--against", str(books[0]), "--posts", "-", f"--most-change={most}"])

    assert stopped.value.code == 2


def test_posts_come_packed_or_through_a_pipe(
    capsys: pytest.CaptureFixture[str],
    books: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain, packed = written(tmp_path / "p.jsonl", *FEW), written(tmp_path / "p.jsonl.gz", *FEW)
    told = []
    for source in (plain, packed):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(source.read_bytes())))
        for name in (source, "-"):
            told.append({**json.loads(replay(capsys, books, "--posts", name, "--json")[1]), "source": ""})

    assert told[0]["changed"] == 1
    assert told == [told[0]] * 4


def test_bad_lines_are_told_where_they_stand_and_quote_nothing(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    file = written(tmp_path / "p.jsonl", "{secret", FEW[0], "", {"id": "x:2", "text": "secret"}, "[" * 9999)
    code, out, err = replay(capsys, books, "--posts", file)

    assert code == 0
    assert [said.removeprefix(f"{file}:").split(":")[0] for said in err.splitlines()] == ["1", "4", "5"]
    assert "secret" not in err
    assert "3 lines could not be read." in out


def test_of_many_bad_lines_the_first_are_told_and_all_are_counted(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    file = written(tmp_path / "p.jsonl", *["{"] * 50, FEW[0])
    _, out, err = replay(capsys, books, "--posts", file, "--json")

    assert (json.loads(out)["bad_lines"], len(err.splitlines())) == (50, 21)
    assert "only counted" in err


@pytest.mark.parametrize("lines", [[], [""], ["{", "["]], ids=["empty", "blank", "all bad"])
def test_without_any_post_it_could_not_run(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path, lines: list[str]
) -> None:
    code, out, err = replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *lines))

    assert (code, out) == (2, "")
    assert "earshot replay: no post in" in err


@pytest.mark.thorough
def test_packed_data_that_ends_too_early_is_told_and_the_rest_is_compared(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    file = written(tmp_path / "p.jsonl.gz", *(a_post(n, f"money back {n * 7919}") for n in range(1000)))
    file.write_bytes(file.read_bytes()[:-3000])
    code, out, err = replay(capsys, books, "--posts", file, "--json")

    assert (code, json.loads(out)["bad_lines"]) == (0, 1)
    assert 0 < json.loads(out)["posts"] < 1000
    assert "ends too early" in err


def test_a_bundle_and_the_shipped_version_can_be_compared_with(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    file, packed = written(tmp_path / "p.jsonl", *FEW), tmp_path / "before.json"
    bundle.write(load(books[0]).book, packed)
    shipped = json.loads(bundle.SHIPPED.read_text())["version"]

    assert json.loads(replay(capsys, (packed, books[1]), "--posts", file, "--json")[1])["changed"] == 1
    for name in ("shipped", shipped, shipped[:8]):
        told = json.loads(replay(capsys, (Path(name), books[1]), "--posts", file, "--json")[1])
        assert told["before"] == shipped


@pytest.mark.parametrize("name", ["nowhere", "rules/nowhere", "abc"])
def test_a_rulebook_that_is_nowhere_is_told(
    capsys: pytest.CaptureFixture[str],
    books: tuple[Path, Path],
    tmp_path: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = replay(capsys, (Path(name), books[1]), "--posts", written(tmp_path / "p.jsonl", *FEW))

    assert (code, out) == (2, "")
    assert f"'{name}'" in err


def test_rules_with_problems_are_told_with_file_and_line(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    (books[1] / "money.rules.yml").write_text("format: triage/2\n")
    code, out, err = replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *FEW))

    assert (code, out) == (2, "")
    assert f"{books[1]}/money.rules.yml:1:" in err


def test_posts_that_are_nowhere_are_told_before_anything_is_decided(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    assert replay(capsys, books, "--posts", tmp_path / "no.jsonl")[0] == 2
    assert (
        replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *FEW), "--html", tmp_path / "no" / "p.html")[0]
        == 2
    )


def test_ctrl_c_tells_what_was_seen_until_then(
    capsys: pytest.CaptureFixture[str],
    books: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = read
    seen = 0

    def interrupted(*given: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == 3:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr("chalicelib.cli.replayed.read", interrupted)
    code, out, _ = replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *FEW))

    assert code == 130
    assert out.startswith("Of 2 posts, 1 would be handled differently")
    assert "Stopped before the last post" in out


def test_ctrl_c_before_anything_was_decided_says_so(
    capsys: pytest.CaptureFixture[str],
    books: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("chalicelib.cli.replayed.read", interrupted)
    code, out, err = replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *FEW))

    assert (code, out) == (130, "")
    assert "stopped before the first post was decided" in err


def test_a_strangers_words_cannot_write_to_the_terminal(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    hostile = a_post(1, "money back \x1b[2J\u202e\nx:9 approved \ud83d", id="x:\x1b]0;1\x07")
    _, out, _ = replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", hostile))

    assert not {"\x1b", "\x07", "\u202e", "\ud83d"} & set(out)
    assert "x:9 approved" in next(said for said in out.splitlines() if "money back" in said)


def test_our_handles_can_be_told_for_rules_about_mentions(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    rules = books[1] / "money.rules.yml"
    rules.write_text(rules.read_text().replace('text has any: ["refund", "money back"]', "mentions us: yes"))
    file = written(tmp_path / "p.jsonl", a_post(1, "hello @acme", kind="post"))

    assert json.loads(replay(capsys, books, "--posts", file, "--json")[1])["changed"] == 0
    assert json.loads(replay(capsys, books, "--posts", file, "--json", "--handle", "@acme")[1])["changed"] == 1


class Place:
    """A stage with a table in memory, and an account of ours."""

    company = Company({"x": PlatformSettings(handles=frozenset({"acme"}))})

    def __init__(self) -> None:
        self.clock = Watch(NOON)
        self.store = MemoryStore(self.clock)

    def keep(self, number: int, text: str | None, guard: str | None = None, **more: Any) -> None:
        of = Post(id=f"x:{number}", platform="x", text=text, created_at=NOON, **more)
        self.store.save(Saved(of, guarded(of, guard or "no rule"), Standing()))


def test_the_table_since_a_date_is_decided_again_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place()
    place.keep(0, "money back, long ago")
    place.clock.time = datetime(2026, 11, 21, tzinfo=UTC)
    place.keep(1, "money back", "too old")
    place.keep(2, "money back", "superseded")
    place.keep(3, None, "deleted", action=Action.DELETE)
    place.keep(4, "money back")
    place.store.erase_text("x:4")
    monkeypatch.setattr("chalicelib.cli.replay.wiring", lambda: place)
    before = sorted(map(repr, place.store.decided_since(NOON)))
    told = json.loads(replay(capsys, books, "--since", "2026-11-21", "--json")[1])

    assert (told["posts"], told["decided"], told["erased"], told["changed"]) == (4, 1, 1, 1)
    assert told["guarded"] == {"superseded": 1, "deleted": 1}
    assert told["changes"][0]["samples"][0]["post"]["id"] == "x:1"
    assert sorted(map(repr, place.store.decided_since(NOON))) == before


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", ""])
def test_a_date_that_is_none_is_told(capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], text: str) -> None:
    code, _, err = replay(capsys, books, f"--since={text}")

    assert (code, "like 2026-11-15" in err) == (2, True)


def test_without_a_cloud_the_table_cannot_be_read(
    capsys: pytest.CaptureFixture[str],
    books: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EARSHOT_TABLE", raising=False)

    assert replay(capsys, books, "--since", "2026-11-21")[0] == 2


@pytest.mark.parametrize("called", ["live", "shadow", "beginning"])
def test_published_versions_can_be_compared_with(
    capsys: pytest.CaptureFixture[str],
    books: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    called: str,
) -> None:
    before, after = (bundle.dumps(load(folder).book) for folder in books)
    rulebooks = MemoryRulebooks()
    for text, is_shadow in ((before, False), (after, True)):
        one = Published(json.loads(text)["version"], 1, len(text), "ana", "why not", NOON)
        publish(rulebooks, rulebooks.pointer(), one, text, is_shadow)
    found = {"beginning": json.loads(before)["version"][:5]}.get(called, called)
    where = "chalicelib.cli.replay_books.published_rulebooks"
    monkeypatch.setattr(where, lambda: (rulebooks, rulebooks.pointer()))
    told = replay(capsys, (Path(found), books[1]), "--posts", written(tmp_path / "p.jsonl", *FEW), "--json")[1]

    assert json.loads(told)["changed"] == (0 if called == "shadow" else 1)


def test_where_nothing_is_published_live_is_what_ships_and_no_shadow_runs(
    capsys: pytest.CaptureFixture[str],
    books: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = "chalicelib.cli.replay_books.published_rulebooks"
    monkeypatch.setattr(where, lambda: (MemoryRulebooks(), MemoryRulebooks().pointer()))
    file = written(tmp_path / "p.jsonl", *FEW)
    shipped = json.loads(bundle.SHIPPED.read_text())["version"]

    assert json.loads(replay(capsys, (Path("live"), books[1]), "--posts", file, "--json")[1])["before"] == shipped
    assert replay(capsys, (Path("shadow"), books[1]), "--posts", file)[0] == 2
    assert replay(capsys, (Path("abc"), books[1]), "--posts", file)[0] == 2


REPEATING = """    repeats: {count: different authors, at least: 3, within: 30 minutes, then quiet for: 2 hours}
    then:"""


def test_what_repeats_is_counted_in_the_order_of_time_whatever_the_order_of_the_file(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    rules = books[1] / "money.rules.yml"
    rules.write_text(rules.read_text().replace("    then:", REPEATING))
    posts = [a_post(n, "refund", author={"id": f"a{n}"}, created_at=f"2026-11-16T09:{n:02d}:00Z") for n in range(1, 7)]
    told = []
    for ordered in (posts, posts[::-1], [*posts[3:], *posts[:3]]):
        told.append(replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *ordered))[1])

    assert told[0] == told[1] == told[2]
    assert "Of 6 posts, 5 would be handled differently (83.3 %): 5 newly missed." in told[0]
    assert "after: refund had not repeated often enough" in told[0]


def test_an_authors_posts_are_counted_in_the_order_of_time_whatever_the_order_of_the_file(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    for folder, more in zip(books, ("", "{author's posts in 7 days at least: 3}, "), strict=True):
        rules = folder / "money.rules.yml"
        rules.write_text(rules.read_text().replace("all: [", f"all: [{more}").replace("high", "normal"))
    posts = [a_post(n, "refund", author={"id": "ana"}, created_at=f"2026-11-16T09:{n:02d}:00Z") for n in range(1, 7)]
    for ordered in (posts, posts[::-1]):
        _, out, _ = replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *ordered))

        assert "Of 6 posts, 2 would be handled differently (33.3 %): 2 newly missed." in out
        assert "x:1  2026-11-16" in out


def test_what_was_recommended_is_not_recommended_again_within_its_limit(
    capsys: pytest.CaptureFixture[str], books: tuple[Path, Path], tmp_path: Path
) -> None:
    for folder, most in zip(
        books, ("at most: 2 per author per 7 days", "at most: 1 per author per 7 days"), strict=True
    ):
        rules = folder / "money.rules.yml"
        offer = f"recommend: {{template: help, {most}}}"
        rules.write_text(rules.read_text().replace("escalate: {priority: high, team: billing}", offer))
    posts = [
        a_post(n, "refund", author={"id": who}, created_at=f"2026-11-{day:02d}T09:00:00Z")
        for n, (who, day) in enumerate([("a", 1), ("a", 2), ("b", 2), ("a", 3), ("a", 9)])
    ]
    _, out, _ = replay(capsys, books, "--posts", written(tmp_path / "p.jsonl", *posts))

    assert "Of 5 posts, 1 would be handled differently (20.0 %): 1 newly missed." in out
    assert "x:1  2026-11-02" in out
    assert "after: refund had recommended it as often as it may" in out


def test_authors_beyond_the_most_are_forgotten_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.cli.course.MOST_AUTHORS", 2)
    capped = Then(Outcome.RECOMMEND, Priority.NORMAL, template="help", at_most="1 per author per 7 days")
    course = Course(rulebook(rule("help", line("all", words("help")), then=capped)))
    outcomes = [
        course.decide(read(in_memory("help", id=f"x:{n}", author=Author(id=who)), Context())).outcome
        for n, who in enumerate("aabbcca")
    ]

    assert [outcome is Outcome.RECOMMEND for outcome in outcomes] == [True, False] * 3 + [True]


@pytest.mark.parametrize("a_part", [1, 3, 100])
def test_posts_are_put_into_the_order_in_which_they_came(monkeypatch: pytest.MonkeyPatch, a_part: int) -> None:
    monkeypatch.setattr("chalicelib.cli.time_order.A_PART", a_part)
    minutes = [5, 1, None, 3, 1, 9, None, 0]
    posts = [
        Heard(
            in_memory(f"café \ud83d {n}", id=f"x:{n}", media=("https://acme.example/a.jpg",)),
            Context(
                now=minute if minute is None else NOON + timedelta(minutes=minute), our_handles=frozenset({"acme"})
            ),
            guard="repost" if n == 4 else None,
            erased=n == 5,
        )
        for n, minute in enumerate(minutes)
    ]
    ordered = list(in_time_order(posts))

    assert [heard.post.id for heard in ordered] == ["x:7", "x:1", "x:2", "x:4", "x:3", "x:0", "x:5", "x:6"]
    assert sorted(ordered, key=lambda heard: heard.post.id) == posts


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.cli.progress.EVERY_SECONDS", 0.0)
    terminal, pipe = Terminal(), io.StringIO()
    for to in (terminal, pipe):
        progress = Progress("decided", to)
        assert list(progress.over(range(600), lambda: 0.5)) == list(range(600))
        progress.end()

    assert "512 posts decided, " in terminal.getvalue()
    assert ", 50%" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert pipe.getvalue() == ""
