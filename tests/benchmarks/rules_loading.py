"""What a cold start and a rule author wait for: CPU of fresh processes, the median of several.

.venv/bin/python -m tests.benchmarks.rules_loading [TIMES]
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from chalicelib.rulebook.bundle import dumps
from tests.benchmarks.rules_ours import book
from tests.benchmarks.rules_workload import made

ROOT = Path(__file__).parents[2]
TIMES = 5
LOAD = """
import sys, time
from pathlib import Path
from chalicelib.rulebook import bundle
text = Path(sys.argv[1]).read_text()
began = time.process_time()
rulebook = bundle.loads(text)
loaded = time.process_time()
rulebook.prepare()
print(loaded - began, time.process_time() - began)
"""
RULE = """  - id: rule-{n}
    name: Rule {n}
    status: live
    review by: "2099-01-01"
    why: Measured.
    when: {{all: [{{text has any: ["word{n}", "some thing{n}", "begin{n}*"]}}], none: [{{text has any: ["no{n}"]}}]}}
    then: {{escalate: {{priority: low, team: care}}}}
    examples: [{{post: "word{n}", expect: match}}, {{post: "word{n} no{n}", expect: no match}}]
"""


def loading(folder: Path, times: int) -> tuple[float, float]:
    """Milliseconds of CPU to load 1,000 rules from their bundle, imports not counted: as functions do, which make the
    engine's rule sets when posts need them, and with every rule set made."""
    file = folder / "bundle.json"
    file.write_text(dumps(book(made(1000, busy=False).rules)), encoding="utf-8")
    command = (sys.executable, "-c", LOAD, str(file))
    told = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout for _ in range(times)]
    loaded, whole = zip(*(map(float, each.split()) for each in told), strict=True)
    return statistics.median(loaded) * 1000, statistics.median(whole) * 1000


def command(times: int, *words: str) -> float:
    """Milliseconds of CPU of an `earshot` command, the start of Python in it."""
    spent = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            (str(Path(sys.executable).with_name("earshot")), *words), cwd=ROOT, check=True, capture_output=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent) * 1000


def main() -> int:
    """Measure and print; 1 where a target was missed."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        head = 'format: triage/1\nowner: {team: care, contact: "care@acme.example"}\nrules:\n'
        rules = folder / "rules"
        rules.mkdir()
        (rules / "many.rules.yml").write_text(head + "".join(RULE.format(n=n) for n in range(200)))
        loaded, whole = loading(folder, times)
        figures = (
            ("loading 1,000 rules from their bundle", loaded, 150),
            ("earshot check rules", command(times, "check", "rules"), 300),
            ("earshot test on 200 rules", command(times, "test", str(rules)), 2000),
        )
    for what, took, most in figures:
        print(f"{what:<40} {took:7.0f} ms of CPU   {'met' if took <= most else 'MISSED'} (at most {most})")
    print(f"{'the same, with every rule set made':<40} {whole:7.0f} ms of CPU   (what the first posts may pay for)")
    return 0 if all(took <= most for _, took, most in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
