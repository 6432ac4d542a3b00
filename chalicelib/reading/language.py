"""Which language a text is in, where the platform does not say: fastText's small model, and when to believe it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

# lid.176.ftz, CC BY-SA 3.0: https://fasttext.cc/docs/en/language-identification.html
MODEL = Path(__file__).with_name("lid.176.ftz")
SURE_FROM = 0.5
ENOUGH = 120  # characters: more makes no answer better
# Bosnian, Croatian, Montenegrin and Serbian differ less than a post shows: who asks for one of them hears all.
_ONE_LANGUAGE = ("bs", "hr", "sh", "sr")
_SILENT = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|[^\w\s']|[\d_]+")
# What platforms write where they do not know (X: dev.twitter.com "qme", "und"), and "no language" (ISO 639).
_UNTOLD = frozenset(("und", "zxx", "mul", "mis", "art", "qam", "qct", "qht", "qme", "qst"))


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language, and whether it is likely enough to be called known."""

    languages: tuple[str, ...]
    is_sure: bool


def told(tag: str | None) -> tuple[str, ...] | None:
    """The language that the platform names: `en-AU` is also `en`. None where it names none."""
    tag = (tag or "").casefold().replace("_", "-")
    if not tag or tag in _UNTOLD:
        return None
    return (tag,) if "-" not in tag else (tag, tag.partition("-")[0])


def guess(text: str) -> Guess | None:
    """The language of a text by its words; links, handles and hashtags say nothing. None of a text without words."""
    words = " ".join(_SILENT.sub(" ", text[:ENOUGH]).lower().split())
    if not words:
        return None
    shares: dict[tuple[str, ...], float] = {}
    for label, share in zip(*_model().predict(words, k=4), strict=True):  # the likeliest first
        code = label.removeprefix("__label__")
        languages = next((known for known in shares if code in known), _alike(code))
        shares[languages] = shares.get(languages, 0.0) + share
    likeliest = max(shares, key=lambda languages: shares[languages], default=None)
    return None if likeliest is None else Guess(likeliest, shares[likeliest] >= SURE_FROM)


def _alike(code: str) -> tuple[str, ...]:
    """The language, and those that cannot be told from it."""
    return (code, *(each for each in _ONE_LANGUAGE if each != code)) if code in _ONE_LANGUAGE else (code,)


@cache
def _model() -> Any:
    """Loaded when a text first needs it: 30 ms."""
    import fasttext  # this distribution (fasttext-predict) needs no numpy

    return fasttext.load_model(str(MODEL))
