"""Pages for meetings: they need no network, hold no stranger's markup, and can be read without seeing the plots."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli.main import main
from chalicelib.cli.pages import web_address
from chalicelib.cli.pages.marking import marked
from chalicelib.cli.pages.plots import bars

VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "path", "rect"})
LOADING = frozenset({"src", "srcset", "data", "poster", "action", "background", "xlink:href"})


class Page(HTMLParser):
    """A page taken apart: every element with its attributes, and the text outside of styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.marks: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data
        if "mark" in self._open:
            self.marks.append(data)

    def all(self, *tags: str) -> list[dict[str, str]]:
        """The attributes of every such element."""
        return [attributes for tag, attributes in self.elements if tag in tags]


def assert_self_contained(page: Page) -> None:
    """Nothing is loaded, nothing runs, and a link out tells nobody where its reader came from."""
    assert not page.all("script", "link", "iframe", "object", "embed", "img", "form", "base")
    for _, attributes in page.elements:
        assert not LOADING & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    for link in page.all("a"):
        if not link["href"].startswith("#"):
            assert link["href"].startswith(("https://", "http://"))
            assert {"noopener", "noreferrer"} <= set(link["rel"].split())


def assert_readable_without_plots(page: Page) -> None:
    """A title, one first heading, targets for every link within, and a name and a table for every plot."""
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")} <= set(ids)
    assert len(page.all("title")) == len(page.all("h1")) == len(page.all("main")) == 1
    assert all(plot["role"] == "img" and plot["aria-label"] for plot in page.all("svg"))
    assert len(page.all("table")) >= len(page.all("svg"))
    assert all("scope" in head for head in page.all("th"))
    assert page.all("html")[0]["lang"] == "en"


RULES = """format: triage/1
owner: {{team: care, contact: care@acme.example}}
rules:
  - id: refund
    name: Money <b>back</b>
    status: {status}
    review by: "2099-01-01"
    why: Because.
    when: {{all: [{{text has any: ["refund", "断网"]}}]}}
    then: {{escalate: {{priority: high, team: billing}}}}
    examples: [{{post: refund, expect: match}}, {{post: hello, expect: no match}}]
"""
HOSTILE = '</blockquote><script>alert(1)</script><img src=x onerror=alert(2)> "RÉFUND" & \x00\ud83d 家里断网了'


def replayed(folder: Path, posts: list[dict[str, Any]]) -> str:
    for name, status in (("before", "shadow"), ("after", "live")):
        (folder / name).mkdir()
        (folder / name / "money.rules.yml").write_text(RULES.format(status=status))
    (folder / "posts.jsonl").write_text("".join(f"{json.dumps(post)}\n" for post in posts))
    words = ["--posts", "posts.jsonl", "--against", "before", "--rules", "after", "--html", "page.html"]
    code = main(["replay", *(str(folder / word) if not word.startswith("--") else word for word in words)])
    assert code == 0
    return (folder / "page.html").read_text(encoding="utf-8")


def a_post(number: int, text: str, **more: Any) -> dict[str, Any]:
    at = datetime(2026, 11, 16, 9, tzinfo=UTC) + timedelta(days=number)
    return {"id": f"x:{number}", "platform": "x", "kind": "mention", "text": text, "created_at": at.isoformat(), **more}


def test_a_replay_becomes_one_page_that_needs_nothing_else(tmp_path: Path) -> None:
    page = Page(replayed(tmp_path, [a_post(n, "refund me" if n % 2 else "hello") for n in range(8)]))

    assert_self_contained(page)
    assert_readable_without_plots(page)
    assert "Of 8 posts, 4 would be handled differently (50.0 %): 4 newly caught." in page.text
    assert "More for billing 4 posts." in page.text
    assert len(page.all("svg")) == 1


def test_a_hostile_post_is_shown_and_runs_nothing(tmp_path: Path) -> None:
    evil = a_post(1, HOSTILE, id='x:"><script>', permalink="javascript:alert(3)", platform="<b>x</b>")
    fine = a_post(2, "refund", permalink='https://x.example/1?a="><script>')
    page = Page(replayed(tmp_path, [evil, fine]))

    assert_self_contained(page)
    assert_readable_without_plots(page)
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in page.text
    assert {"RÉFUND", "断网", "refund"} == set(page.marks)
    assert "Money <b>back</b>" in page.text
    assert [link["href"] for link in page.all("a") if link["href"].startswith("http")] == [
        'https://x.example/1?a="><script>'
    ]


def test_without_any_change_the_page_says_so(tmp_path: Path) -> None:
    page = Page(replayed(tmp_path, [a_post(1, "hello")]))

    assert "Of 1 post, none would be handled differently." in page.text
    assert_readable_without_plots(page)


@pytest.mark.parametrize(("days", "bars_drawn", "period"), [(60, 120, "Day"), (300, 88, "Week"), (2000, 136, "Month")])
def test_many_days_are_drawn_as_weeks_or_months(tmp_path: Path, days: int, bars_drawn: int, period: str) -> None:
    posts = [a_post(0, "refund")] + [a_post(n, "refund") for n in range(1, days, 20)] + [a_post(days - 1, "refund")]
    page = Page(replayed(tmp_path, posts))

    assert f"{period} by {period.lower()}" in page.text
    assert len(page.all("svg")) == 1
    assert len([1 for drawn in page.all("rect") if "rect" in drawn["class"].split()]) <= bars_drawn


def test_the_page_of_the_same_posts_is_the_same_page(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    posts = [a_post(n, f"refund {n}") for n in range(50)]
    one, two = replayed(tmp_path / "one", posts), replayed(tmp_path / "two", posts[::-1])

    assert one.replace(str(tmp_path / "one"), "") == two.replace(str(tmp_path / "two"), "")


@pytest.mark.parametrize(
    ("text", "found", "words"),
    [
        ("I was CHARGED,  twice!", ["charged twice"], ["CHARGED,  twice"]),
        ("réfund? Re\u0301fund!", ["refund"], ["réfund", "Re\u0301fund"]),
        ("家里断网了", ["断网 (as part of a word)"], ["断网"]),
        ("refunded", ["refund"], []),
        ("so 🔥 hot", ["🔥"], ["🔥"]),
        ("#Fail fail", ["fail"], ["Fail", "fail"]),
        ("#Fail", ["#fail"], ["Fail"]),
        ("I don’t pay", ["don't pay"], ["don’t pay"]),
        ("money back back", ["money back", "back"], ["money back", "back"]),
        ("Straße STRASSE", ["strasse"], ["Straße", "STRASSE"]),
        ("", ["refund"], []),
        ("refund", [], []),
        ("refund", ["", " ", "*"], []),
    ],
)
def test_words_are_marked_as_the_person_wrote_them(text: str, found: list[str], words: list[str]) -> None:
    pieces = marked(text, found)

    assert [piece for piece, is_word in pieces if is_word] == words
    assert "".join(piece for piece, _ in pieces) == text


def test_a_plot_has_a_name_and_bars_and_loads_nothing() -> None:
    drawn = bars("Posts <a> & b", ["<Monday>", "Tuesday"], {"before": [1, 0], "after": [3, 4]})
    page = Page(str.__str__(drawn))

    assert page.all("svg")[0]["aria-label"] == "Posts <a> & b"
    assert len([1 for rect in page.all("rect") if "rect" in rect["class"].split()]) == 4
    assert "<Monday>" in page.text
    assert "http" not in drawn
    assert not page.all("style", "script", "title")


@pytest.mark.parametrize("numbers", [[0], [0, 0], [10**9, 1]])
def test_a_plot_of_nothing_or_of_very_much_is_drawn(numbers: list[int]) -> None:
    assert bars("Posts", [str(n) for n in range(len(numbers))], {"before": numbers, "after": numbers}).startswith(
        "<svg"
    )


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://x.example/1", True),
        ("http://x.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//x.example", False),
        ("https://", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(link: str | None, shown: bool) -> None:
    assert web_address(link) == (link if shown else None)
