"""Other engines on the same rules, where the folder with their adapters stands beside the repository (else none).

What they need is installed into .cache/peers, a folder of its own: never into our .venv.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from chalicelib.words import phrase, stream
from tests.benchmarks.rules_workload import Json

ROOT = Path(__file__).parents[2]
BENCH = ROOT / ".." / "shared" / "bench"
HOME = ROOT / ".cache" / "peers"
SITE, DATA, NODE = HOME / "site", HOME / "data", HOME / "node"
PACKAGES = ("zen-engine==2.1.3", "common-expression-language==0.10.0")
INDEX = "python: alpha index + Aho-Corasick (limit)"
# Of each library every form that takes the words found, not the text: those are its fastest (docs/benchmarks.md).
FORMS = (
    "zen-engine: 1 array expression, kw facts",
    "zen-engine: decision table, kw facts",
    "zen-engine: expression per rule, kw facts",
    "common-expression-language (Rust), kw facts",
    "common-expression-language: 1 array program",
)
Match = Callable[[Json], Any]


def installed() -> bool:
    """Whether there are adapters; what they need is installed when it is not yet."""
    if not BENCH.exists():
        return False
    HOME.mkdir(parents=True, exist_ok=True)
    if not SITE.exists():
        _run(sys.executable, "-m", "pip", "install", "--quiet", "--target", str(SITE), *PACKAGES)
    if shutil.which("npm") and not NODE.exists():
        shutil.copytree(BENCH / "node", NODE)
        _run("npm", "install", "--silent", "json-rules-engine", cwd=NODE)
    return True


def _run(*command: str, cwd: Path = HOME) -> None:
    subprocess.run(command, cwd=cwd, check=True)


def searched(rules: Sequence[Json]) -> list[Json]:
    """The rules with each keyword as it is sought in a stream, so that all engines look for the same."""
    return [{"id": rule["id"], "when": _searched(rule["when"])} for rule in rules]


def _searched(when: Any) -> Any:
    if isinstance(when, list):
        return [_searched(part) for part in when]
    if "kw" in when:
        return {"kw": sorted({phrase(word) for word in when["kw"]})}
    return {key: _searched(part) if key in ("all", "any", "not") else part for key, part in when.items()}


def adapters(rules: Sequence[Json], names: Sequence[str] = (*FORMS, INDEX)) -> dict[str, Match]:
    """Each form that runs in this process, with the hand-made index beside them."""
    if str(SITE) not in sys.path:
        sys.path.append(str(SITE))  # behind ours: what both need is of our version
    spec = importlib.util.spec_from_file_location("bench_engines", BENCH / "engines.py")
    assert spec and spec.loader
    engines = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(engines)
    return {name: engines.ENGINES[name](searched(rules)).match for name in names}


class Node:
    """json-rules-engine in its own process, which times itself; the words found are given to it, outside the time."""

    NAME = "json-rules-engine (Node), kw facts free"

    def __init__(self, posts: Sequence[Json], rules: Sequence[Json]) -> None:
        DATA.mkdir(exist_ok=True)
        (DATA / "posts.json").write_text(json.dumps(posts))
        (DATA / "rules.json").write_text(json.dumps(searched(rules)))
        command = ["node", "node/runner.mjs", "facts"]
        self._process = subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._ask("load data/rules.json")

    def run(self, start: int, count: int) -> tuple[float, list[set[str]]]:
        """Seconds for so many posts, and what matched."""
        told = self._ask(f"run {start} {count} ret")
        return told["ms"] / 1e3, [set(each) for each in told["out"]]

    def close(self) -> None:
        """End the process."""
        self._process.communicate("", timeout=30)

    def _ask(self, line: str) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit("the node peer ended; remove .cache/peers and try again")
        return json.loads(answer)


def shared(name: str) -> tuple[list[Json], list[Json]]:
    """The posts, with the streams that rules search, and the rules of the workload beside the adapters.

    `name` is like `1000_rare`. The first time they are generated, which takes two minutes.
    """
    folder = HOME / "workload"
    if not (folder / "data" / "rules_1000_busy.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        print("generating the shared workload (two minutes, once) ...", flush=True)
        _run(sys.executable, str((BENCH / "gen.py").resolve()), cwd=folder)
    posts: list[Json] = json.loads((folder / "data" / "posts.json").read_text())
    rules: list[Json] = json.loads((folder / "data" / f"rules_{name}.json").read_text())
    return [{**post, "text_n": stream(post["text"])} for post in posts], rules
