"""What reading one post costs, part by part, beside VADER in the same run; and what the first post waits for.

.venv/bin/python -m tests.benchmarks.reading [ROUNDS]

Texts of 280 characters, made of our own examples. Microseconds of CPU a post, the median of rounds taken in turn.
VADER is measured where vaderSentiment is installed: it tells one of the dozen things that reading tells.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from chalicelib.model import Context, Kind, Post
from chalicelib.reading import language, read
from chalicelib.reading.lexicon import lexicon
from chalicelib.reading.numbers import personal_numbers
from chalicelib.reading.question import asks
from chalicelib.reading.signals import said
from chalicelib.words import bare_words, stream

ROOT = Path(__file__).parents[2]
LENGTH = 280
SENTENCES = (
    "@acme third time I call and nobody can tell me where my order is.",
    "The parcel came today, but the vase in it is smashed!",
    "Thanks for the quick answer, Ana in the shop was brilliant",
    "Is the blue one still available in Geelong, and what does it cost?",
    "Our line drops out every evening, and the app says all is well...",
    "Please have a look, the number of the order is 4711 :(",
)
Part = Callable[[str], object]


def texts() -> list[str]:
    """Sixty texts of 280 characters, no two alike."""
    turned = (SENTENCES[start:] + SENTENCES[:start] for start in range(len(SENTENCES)))
    long = [" ".join((*each, *each)) for each in turned]
    return [text[start : start + LENGTH] for text in long for start in range(0, 100, 10)]


def parts() -> dict[str, Part]:
    """The whole, and its larger parts by themselves."""
    found: dict[str, Part] = {
        "all, language told": lambda text: read(_post(text, "en"), Context()),
        "all, language by the words": lambda text: read(_post(text, None), Context()),
        "folding and words": lambda text: bare_words(stream(text)),
        "language": language.guess,
        "lists": lambda text: said(text, stream(text), lexicon("en")),
        "personal numbers": personal_numbers,
        "question": lambda text: asks(text, []),
    }
    if find_spec("vaderSentiment"):
        found["VADER"] = import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer().polarity_scores
    return found


def _post(text: str, tag: str | None) -> Post:
    return Post("x:1", "x", kind=Kind.MENTION, text=text, language=tag)


def cost(part: Part, posts: list[str]) -> float:
    """Microseconds of CPU a text."""
    begun = time.process_time()
    for text in posts:
        part(text)
    return (time.process_time() - begun) / len(posts) * 1e6


def first(what: str) -> float:
    """Milliseconds of CPU of a statement in a process of its own, without the start of Python: the median of seven."""
    told = f"import time, sys; begun = time.process_time(); {what}; print(time.process_time() - begun)"
    runs = [subprocess.check_output([sys.executable, "-c", told], cwd=ROOT) for _ in range(7)]
    return statistics.median(map(float, runs)) * 1000


def main() -> None:
    """Print the medians."""
    rounds, posts, all_parts = int(sys.argv[1]) if len(sys.argv) > 1 else 15, texts() * 5, parts()
    for part in all_parts.values():
        cost(part, posts)
    found: dict[str, list[float]] = {name: [] for name in all_parts}
    for _ in range(rounds):
        for name, part in all_parts.items():
            found[name].append(cost(part, posts))
    for name, costs in found.items():
        print(f"{name:28} {statistics.median(costs):6.0f} us a post ({min(costs):.0f} to {max(costs):.0f})")
    print(f"{'import':28} {first('import chalicelib.reading'):6.1f} ms")
    lists = "from chalicelib.reading.lexicon import lexicon; lexicon('en')"
    print(f"{'import and English lists':28} {first(lists):6.1f} ms")
    model = "from chalicelib.reading import language; language.guess('where is my order')"
    print(f"{'import and language model':28} {first(model):6.1f} ms")


if __name__ == "__main__":
    main()
