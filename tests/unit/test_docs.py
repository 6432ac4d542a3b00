"""What the pages tell people to type is there, and their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from chalicelib.cli.main import VERBS
from chalicelib.rulebook import bundle
from chalicelib.stores import keys

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("infra/*.md"), *ROOT.glob("rules/*.md")]
)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_a_page_tells_is_there(page: Path) -> None:
    told = set(re.findall(r"(?:^|[ `/])earshot ([a-z]+)\b", code(page)))

    assert told - VERBS.keys() == set()


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_rule_that_a_page_silences_is_one_that_ships(page: Path) -> None:
    """`earshot silence` refuses others: what a page tells is typed as it stands."""
    ids = {rule.id for rule in bundle.shipped_before().every}

    assert set(re.findall(r"--rule ([a-z][a-z0-9-]*)", page.read_text())) - ids == set()


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_make_target_a_page_tells_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    told = set(re.findall(r"^make ([a-z-]+)(?=$|\s{2,}|\s[A-Z#])", code(page), re.MULTILINE))

    assert told - targets == set()


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_is_told_of_in_a_page(verb: str) -> None:
    assert any(f"earshot {verb}" in page.read_text() for page in PAGES)


def test_no_page_and_no_module_names_a_path_of_a_machine() -> None:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    paths = [
        ROOT / name for name in found.stdout.split("\0") if name.endswith((".py", ".md", ".yaml", ".yml", ".toml"))
    ]
    places = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/")

    assert [str(path) for path in paths if path.exists() and places.search(path.read_text())] == []


def code(page: Path) -> str:
    """What a page shows as something to type: indented, fenced, or in backquotes."""
    text = page.read_text()
    indented = re.findall(r"^ {4,}(.*)$", text, re.MULTILINE)
    return "\n".join([*indented, *re.findall(r"`([^`]+)`", text)])


ITEMS = [
    keys.head("x:1"), keys.version("x:1", "v"), keys.author("x:1"), keys.forgotten("x:1"), keys.case("c"),
    keys.delivery("c", "1"), keys.heeded("c", "crm", "1"), keys.reference("crm", "1"), keys.asked("crm"),
    keys.window("w"), keys.counting("w"), keys.usual("w", 1)[0], keys.alert("a"), keys.growth("a", "0" * 12),
    keys.lease("l"), keys.underway("m"), keys.hearing("x", date(2026, 11, 29)), keys.erasure("c0de"),
    keys.notice("n"), keys.telling("n", "room"), keys.matter("c"), keys.acknowledged("c"), keys.silence("s"),
    keys.rulebook("v"), keys.rulebook_part("v", 1), keys.move(1), keys.declined(1, "v"), keys.POINTER,
]  # fmt: skip


@pytest.mark.parametrize("key", ITEMS, ids=str)
def test_the_page_about_the_table_lists_every_kind_of_item(key: keys.Key) -> None:
    page = (ROOT / "docs" / "table.md").read_text(encoding="utf-8")
    rows = [[cell.strip(" `") for cell in row.split("|")[1:3]] for row in page.splitlines() if row.startswith("| `")]

    def kind(of: str) -> str:
        return re.split("[#<]", of)[0]

    assert any((kind(pk), kind(sk)) == (kind(key[0]), "" if sk.startswith("<") else kind(key[1])) for pk, sk in rows)
