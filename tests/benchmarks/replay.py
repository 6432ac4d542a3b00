"""`earshot replay` over many posts: how many a second of CPU, and whether its memory stays flat.

    python -m tests.benchmarks.replay [POSTS]

The rules are the shipped ones before, and after a change of a word, a team and a status; one post in twelve matches.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

RULES = Path(__file__).parents[2] / "rules"
TALK = (
    "the a my your today again with for people city weather music match coffee train garden book film dinner holiday "
    "morning friend photo story team season window river bridge market song evening winter summer street"
)
WANTED = ("refund", "worst", "no signal", "not working", "thank you", "how do i reset it?", "parcel late", "voucher")
LOOK_SECONDS = 2.0


def posts(number: int) -> Iterator[str]:
    """Twenty days of posts of 50,000 authors, in order, always the same."""
    chance = Random(1)  # noqa: S311  # the same posts in every run
    talk = TALK.split()
    for n in range(number):
        words = chance.choices(talk, k=chance.randint(4, 24))
        if chance.random() < 1 / 12:
            words.insert(chance.randrange(len(words)), chance.choice(WANTED))
        minute = n * 20 * 1440 // number
        at = f"2026-11-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00Z"
        post = {"id": f"x:{n}", "platform": "x", "kind": "mention", "text": " ".join(words), "created_at": at}
        yield json.dumps({**post, "author": {"id": f"a{chance.randrange(50_000)}"}})


def changed_rules(folder: Path) -> Path:
    """The shipped rules with three changes."""
    for file in RULES.glob("*.yml"):
        text = file.read_text(encoding="utf-8")
        text = text.replace('"reimburse*"', '"reimburse*", "voucher*"').replace("team: tech-care", "team: field-care")
        (folder / file.name).write_text(text.replace("status: draft", "status: live"), encoding="utf-8")
    return folder


def resident(process: subprocess.Popen[bytes]) -> float:
    """Megabytes it holds now; 0 once it is gone."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0.0
    held = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(held[0]) / 1024 if held else 0.0


def watched(words: list[str], out: Path) -> list[float]:
    """Run `earshot` in a process of its own; the megabytes it held, every two seconds."""
    command = "import sys; from chalicelib.cli.main import main; sys.exit(main())"
    curve = []
    with out.open("wb") as file, subprocess.Popen([sys.executable, "-c", command, *words], stdout=file) as process:
        while process.poll() is None:
            curve.append(resident(process))
            time.sleep(LOOK_SECONDS)
    return curve


def main(number: int) -> None:
    """Make the posts, replay them, and tell."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "posts.jsonl").open("w") as file:
            file.writelines(f"{line}\n" for line in posts(number))
        (folder / "rules").mkdir()
        after, page, out = changed_rules(folder / "rules"), folder / "page.html", folder / "told.json"
        words = ["replay", "--posts", str(folder / "posts.jsonl"), "--against", str(RULES), "--rules", str(after)]
        started = time.monotonic()
        curve = watched([*words, "--json", "--html", str(page)], out)
        seconds = time.monotonic() - started
        told, size = json.loads(out.read_text()), page.stat().st_size
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    print(f"{told['posts']:,} posts, {told['changed']:,} changed, a page of {size // 1000} kB")
    print(f"{told['posts'] / cpu:,.0f} posts a second of CPU; {cpu:,.0f} s of CPU in {seconds:,.0f} s")
    tenths = [curve[len(curve) * part // 10] for part in range(1, 10)]
    print("MB after each tenth of the time: " + ", ".join(f"{held:.0f}" for held in tenths))
    print(f"most: {used.ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
