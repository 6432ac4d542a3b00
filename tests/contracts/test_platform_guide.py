"""docs/adding-a-platform.md, done: its platform is taken from the page and keeps the contract."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.platforms.base import BasePlatform
from tests.contracts.platform_contract import SECRET, PlatformContract, made

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-platform.md"
SHOUT = {"id": 9007199254740993, "text": "Acme, der Router glüht 🔥", "at": 1772359204123}
HEIDI = {"id": 7, "handle": "heidi", "name": "Heidi Ä."}
READ = {
    "id": "yodel:9007199254740993",
    "platform": "yodel",
    "kind": "mention",
    "action": "create",
    "text": "Acme, der Router glüht 🔥",
    "created_at": "2026-03-01T10:00:04.123000Z",
    "delivered_at": "2026-03-01T12:00:00Z",
    "account_id": "acme",
    "is_self": False,
    "author": {"id": "7", "handle": "heidi", "name": "Heidi Ä."},
}
WITHHELD = {key: value for key, value in READ.items() if key not in ("is_self", "author")}


def event(kind: str, **other: Any) -> dict[str, Any]:
    return {"type": kind, "account": "acme", "shout": SHOUT | {"from": HEIDI} | other}


BODIES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "shout": ([event("shout")], [READ]),
    "answer": ([event("shout", answers="1")], [READ | {"kind": "comment", "in_reply_to": "1"}]),
    "changed": ([event("shout_changed", text="gut")], [READ | {"action": "edit", "text": "gut"}]),
    "hush": ([event("hush", text="")], [READ | {"action": "delete", "text": ""}]),
    "ours": ([event("shout", **{"from": {"id": "acme"}})], [READ | {"is_self": True, "author": {"id": "acme"}}]),
    "withheld-and-other": ([event("shout", **{"from": None}), event("echo")], [WITHHELD | {"author": {}}]),
    "of-no-interest": ([event("echo")], []),
}


class TestThePageSPlatform(PlatformContract):
    @pytest.fixture(scope="class")
    @classmethod
    def kind(cls, tmp_path_factory: pytest.TempPathFactory) -> type[BasePlatform]:
        code = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
        assert code is not None
        file = tmp_path_factory.mktemp("platforms") / "yodel.py"
        file.write_text(code[1])
        spec = importlib.util.spec_from_file_location("yodel", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yodel: type[BasePlatform] = module.Yodel
        return yodel

    @pytest.fixture(scope="class")
    @classmethod
    def folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("yodel")
        for name, (events, posts) in BODIES.items():
            (folder / f"{name}.json").write_text(json.dumps({"events": events}))
            (folder / f"{name}.posts.json").write_text(json.dumps(posts))
        return folder

    def test_it_is_as_short_as_the_page_says(self) -> None:
        code = PAGE.read_text().split("```")[1].splitlines()

        assert len(code) < 55

    def test_what_the_page_tells_to_touch_is_there(self) -> None:
        root = PAGE.parents[1]
        named = re.findall(r"`((?:chalicelib|tests)/[\w/.-]+)`", PAGE.read_text())

        assert {name for name in named if "yodel" not in name and not (root / name).exists()} == set()
        assert "chalicelib/platforms/__init__.py" in named

    def test_its_scheme_signs_the_time(self, kind: type[BasePlatform], body: bytes, signed: dict[str, str]) -> None:
        assert signed["x-yodel-time"] == "1772366400"
        assert signed["x-yodel-signature"].startswith("v0=")
        assert made(kind, SECRET).name == "yodel"
