"""Rule files broken at random, for hours if need be: `python -m tests.fuzz_rules --files 100000 --seed 1`.

Whatever is done to a good file, the loader either takes it, or tells where it is wrong in words its author understands.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from chalicelib.errors import RulebookError
from chalicelib.reading import read
from chalicelib.rulebook.bundle import compiled
from chalicelib.rulebook.loader import load
from tests.unit.good_rules import every_word

ROOT = Path(__file__).parents[1]
GOOD = [*(file.read_text(encoding="utf-8") for file in sorted((ROOT / "rules").glob("*.rules.yml"))), every_word()]
TOKENS = sorted({token for text in GOOD for token in re.findall(r"[\w'-]+|[^\w\s]", text)})
NASTY = [
    "\t", "@", "#", "&a", "*a", "!", "|", ">", "%", "`", '"', "'", "{", "}", "[", "]", ":", ",", "-", "?", "---", "...",
    "\u00a0", "\u201c", "\u2028", "\x00", "\x1b", "\ud7ff", "\U0001f621", "é", "٣", "1e999", "-1", "0",
    "99999999999999", "null", "~", "yes", "2027-02-30", "(?P<", "{0}", "%s", "<<", "=", "\ufeff",
]  # fmt: skip
# What only a programmer understands.
CODE = re.compile(
    r"NoneType|Traceback|Error\b|<class|object at 0x|\b(dict|tuple|str|int|float|bool|frozenset|dataclass)\b|Node\b"
    r"|None\b|True\b|False\b|\(\)|__"
)
QUOTED = re.compile(r"(?<!\w)'.*?'(?!\w)|\".*?\"", re.DOTALL)
Mutation = Callable[[Random, list[str]], None]


def broken(random: Random) -> str:
    """A good file to which one to four things were done."""
    lines = random.choice(GOOD).split("\n")
    for _ in range(random.randint(1, 4)):
        random.choice(MUTATIONS)(random, lines)
    return "\n".join(lines)


def trouble(text: str, folder: Path) -> str | None:
    """What is wrong with what the loader says of this text; None where all is well."""
    file = folder / "broken.rules.yml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        source = load(folder)
    except RulebookError as error:
        return _ill_told(error, text, str(folder))
    rulebook = compiled(source.book, "plain", tried=True)
    for example in (each for written in source.rules for each in written.examples):
        rulebook.decide(read(example.post, example.context))
    return None


def _ill_told(error: RulebookError, text: str, folder: str) -> str | None:
    last = text.count("\n") + 1
    for problem in error.problems:
        if not problem.file.startswith(folder) or not 1 <= problem.line <= last + 1:
            return f"a place that is none: {problem}"
        # Names and values that authors wrote stand in quotes, and may be anything.
        if CODE.search(QUOTED.sub("", problem.message)):
            return f"a programmer's words: {problem}"
    return None if error.problems else "a refusal without a reason"


def _drop_line(random: Random, lines: list[str]) -> None:
    del lines[_place(random, lines)]
    lines.append("")


def _double_line(random: Random, lines: list[str]) -> None:
    place = _place(random, lines)
    lines.insert(place, lines[place])


def _swap_lines(random: Random, lines: list[str]) -> None:
    one, other = _place(random, lines), _place(random, lines)
    lines[one], lines[other] = lines[other], lines[one]


def _shift_line(random: Random, lines: list[str]) -> None:
    place = _place(random, lines)
    lines[place] = " " * random.randint(1, 6) + lines[place] if random.random() < 0.5 else lines[place][2:]


def _change_token(random: Random, lines: list[str]) -> None:
    place = _place(random, lines)
    tokens = list(re.finditer(r"[\w'-]+|[^\w\s]", lines[place]))
    if tokens:
        start, end = random.choice(tokens).span()
        new = random.choice([random.choice(TOKENS), random.choice(NASTY), "", lines[place][start:end] * 2])
        lines[place] = lines[place][:start] + new + lines[place][end:]


def _change_sign(random: Random, lines: list[str]) -> None:
    place = _place(random, lines)
    at = random.randint(0, len(lines[place]))
    lines[place] = lines[place][:at] + random.choice([*NASTY, ""]) + lines[place][at + random.randint(0, 2) :]


def _cut_off(random: Random, lines: list[str]) -> None:
    del lines[_place(random, lines) + 1 :]


def _place(random: Random, lines: list[str]) -> int:
    return random.randrange(len(lines))


MUTATIONS: list[Mutation] = [
    _drop_line, _double_line, _swap_lines, _shift_line, _change_token, _change_token, _change_token, _change_sign,
    _change_sign, _cut_off,
]  # fmt: skip


def main(arguments: list[str]) -> int:
    """1 at the first file that is not taken and not told of as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(args.seed, args.seed + args.files):
            text = broken(Random(number))  # noqa: S311 - to be repeated, not to be secret
            if wrong := trouble(text, Path(folder)):
                print(f"seed {number}: {wrong}\n{text}", file=sys.stderr)
                return 1
            counts["files"] += 1
    print(f"{counts['files']} files: each taken, or told of with its line")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
