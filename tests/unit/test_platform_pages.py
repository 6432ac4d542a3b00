"""Every platform has a page that walks an operator through its console, and says what is true here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from chalicelib.config import company
from chalicelib.platforms import PLATFORMS

ROOT = Path(__file__).parents[2]
NAMES = sorted(PLATFORMS)


def page(name: str) -> str:
    return (ROOT / "docs" / "platforms" / f"{name}.md").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_platforms_page_names_its_address_and_how_to_test_it(name: str) -> None:
    text = page(name)

    assert f"/webhooks/{name}" in text
    assert f"earshot send {name} " in text or name == "bluesky"


@pytest.mark.parametrize("name", NAMES)
def test_a_platforms_page_shows_settings_that_are_taken_and_lack_nothing(name: str) -> None:
    text = page(name)
    places = [found.start() for found in re.finditer(r'\{"platforms": ', text)]

    assert places
    for place in places:
        shown, _ = json.JSONDecoder().raw_decode(text, place)
        settings = company(shown, NAMES).platforms[name]
        assert [needed for needed in PLATFORMS[name].needs if not getattr(settings, needed)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_bodies_a_page_sends_are_there(name: str) -> None:
    bodies = re.findall(r"earshot send [\w-]+ (tests/\S+)", page(name))

    assert [body for body in bodies if not (ROOT / body).exists()] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_platforms_page_tells_what_becomes_of_what_people_take_back(name: str) -> None:
    assert re.search("delet|unsent|taken down", page(name), re.IGNORECASE)
