"""What a worker has told, in a file that outlives its process: the part that the table has in the service."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class Journal:
    """Lines of what happened, each written at once: a process that is killed leaves every one it wrote."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.refs: dict[tuple[int, int], str] = {}
        self.tried: set[tuple[int, int]] = set()
        self.deaths: list[int] = []
        self.repeats = 0
        self.wrong: list[str] = []
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            self._take(**json.loads(line))

    def note(self, kind: str, **what: Any) -> None:
        """Write one line, and know it."""
        line = json.dumps({"kind": kind, **what}).encode() + b"\n"
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(file, line)
        finally:
            os.close(file)
        self._take(kind, **what)

    def _take(self, kind: str, **what: Any) -> None:
        match kind:
            case "tried":
                self.tried.add((what["number"], what["place"]))
            case "told":
                self.refs[what["number"], what["place"]] = what["ref"]
            case "repeated":
                self.repeats += 1
            case "dies":
                self.deaths.append(what["step"])
            case "wrong":
                self.wrong.append(what["why"])
