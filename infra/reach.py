"""Which of our modules the functions can come to import; people's commands and the readers of rule files stay here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp

# Imported by a name that is put together while running: platforms and CRMs by theirs, word lists by a language's.
BY_NAME = ("chalicelib.crm", "chalicelib.model", "chalicelib.platforms", "chalicelib.reading")
# Started as a program, by the gate before rules that were published.
PROGRAMS = ("chalicelib.trial",)


def reachable(root: Path) -> set[str]:
    """Paths below `root` of every module that app.py can reach, through imports inside functions too."""
    graph = grimp.build_graph("chalicelib", cache_dir=None)
    seeds = {name for name in _imported(root / "app.py") if name in graph.modules} | set(PROGRAMS)
    seeds |= {name for name in graph.modules if name.startswith(BY_NAME)}
    found = set(seeds)
    for name in seeds:
        found |= graph.find_upstream_modules(name)
    return {path for name in found for path in _files(root, name)}


def _imported(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files(root: Path, module: str) -> Iterator[str]:
    """A module's file, and the files of the packages it lies in."""
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        inside = "/".join(parts[:depth])
        for name in (f"{inside}.py", f"{inside}/__init__.py"):
            if (root / name).is_file():
                yield name
