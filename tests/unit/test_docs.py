"""What the pages tell people to type is there, and their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from chalicelib.cli.main import VERBS

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
