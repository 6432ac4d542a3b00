"""Which of our modules the functions can come to import; people's commands and the readers of rule files stay here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp

# Started as a program, by the gate before rules that were published.
PROGRAMS = ("chalicelib.trial",)
# Whoever imports by a name that is put together while running (platforms, CRMs, channels, word lists) may come to
# import every module of its package.
BY_NAME = "import_module("


def reachable(root: Path) -> set[str]:
    """Paths below `root` of every module that app.py can reach, through imports inside functions too."""
    graph = grimp.build_graph("chalicelib", cache_dir=None)
    found: set[str] = set()
    new = {name for name in _imported(root / "app.py") if name in graph.modules} | set(PROGRAMS)
    while new:
        upstream = {above for name in new for above in graph.find_upstream_modules(name)}
        packages = tuple(f"{_package(root, name)}." for name in new | upstream if _asks_by_name(root, name))
        named = {name for name in graph.modules if name.startswith(packages)} if packages else set()
        found |= new | upstream
        new = named - found
    return {path for name in found for path in _files(root, name)}


def _asks_by_name(root: Path, module: str) -> bool:
    return any(BY_NAME in (root / path).read_text() for path in list(_files(root, module))[-1:])


def _package(root: Path, module: str) -> str:
    inside = (root / module.replace(".", "/")).is_dir()
    return module if inside else module.rpartition(".")[0]


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
