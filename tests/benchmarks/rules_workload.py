"""Posts and rules to measure by: the shape of real ones, drawn from a seed, any number of rules, and who matches whom.

A rule is `{"id", "when"}` in the neutral form that every engine measured is translated from: `all`, `any`, `not`,
`{"kw": [phrases]}`, `{"f": field, "op": eq|in|gt|gte|lt|lte, "v": value}`. "rare": of all posts at most 4 % match any
rule. "busy": each rule matches 2 to 5 % of all posts, so that every post matches several.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from chalicelib.words import phrase, stream

Json = dict[str, Any]
POSTS = 5000
RARE_SHARE, RARE_RULE, BUSY_RULE = 0.04, 0.004, (0.02, 0.05)
COMMON = 120  # so many phrases are in most posts; busy rules are made of them
SYLLABLES = ("ka", "lo", "mi", "ren", "ta", "su", "vel", "dor", "nip", "ga", "fe", "zu", "bra", "hol", "ti", "çe", "nö")
OTHERS = ("ша", "то", "ли", "ок", "款", "退", "着", "火", "نص", "حر", "مع", "mi")
SIGNS = ("😡", "🔥", "💔", "👎", "🙏", "🚨")
FIELDS: dict[str, tuple[Any, ...]] = {
    "lang": ("en", "en", "en", "tr", "tr", "ar", "zh"),
    "platform": ("x", "x", "x", "instagram", "facebook", "tiktok", "youtube", "forum", "appstore"),
    "country": ("us", "gb", "tr", "de", "fr", "sa", "ae", "cn", "sg", "in", "br", "es"),
    "author.tier": ("none",) * 12 + ("bronze",) * 4 + ("silver",) * 2 + ("gold", "platinum"),
    "author.verified": (True,) + (False,) * 13,
    "author.vip": (True,) + (False,) * 49,
    "is_reply": (True, False, False),
}
NUMBERS: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "author.followers": (("gt", "gte"), (100, 500, 1000, 2500, 5000, 10000, 50000, 100000)),
    "sentiment": (("lt", "lte"), tuple(n / 100 for n in range(-90, 10))),
    "thread_depth": (("gte", "gt"), tuple(range(1, 9))),
    "likes": (("gt", "gte"), (2, 5, 10, 50, 200)),
    "author.age_days": (("lt", "lte"), (30, 90, 365, 1000)),
    "hour": (("gte", "lt"), tuple(range(24))),
}


@dataclass(frozen=True, slots=True)
class Workload:
    """Posts, rules, and for each post the ids of the rules that match it."""

    posts: Sequence[Json]
    rules: Sequence[Json]
    expected: Sequence[frozenset[str]]

    def __str__(self) -> str:
        some = sum(map(bool, self.expected)) / len(self.posts)
        each = sum(map(len, self.expected)) / len(self.posts)
        return f"{len(self.rules)} rules, {some:.1%} of posts match any, {each:.2f} rules a post"


def made(count: int, busy: bool, seed: int = 7) -> Workload:
    """A workload of our own. The same arguments always give the same."""
    draw = Draw(random.Random(seed))  # noqa: S311
    found: list[tuple[Json, int]] = []
    any_of = 0
    while len(found) < count:
        when = draw.rule(busy)
        bits = draw.bits(when)
        share = bits.bit_count() / POSTS
        if busy and not BUSY_RULE[0] <= share <= BUSY_RULE[1]:
            continue
        if not busy and (share > RARE_RULE or (any_of | bits).bit_count() > RARE_SHARE * POSTS):
            continue
        any_of |= bits
        found.append((when, bits))
    rules = [{"id": f"r{n}", "when": when} for n, (when, _) in enumerate(found)]
    return Workload(draw.posts, rules, expected(len(draw.posts), [bits for _, bits in found]))


def expected(posts: int, bits: Sequence[int]) -> list[frozenset[str]]:
    """For each post the rules whose bit of it is set."""
    rules = [(f"r{number}", f"{each:0{posts}b}"[::-1]) for number, each in enumerate(bits)]
    return [frozenset(name for name, row in rules if row[place] == "1") for place in range(posts)]


class Draw:
    """Draws posts once, then rules; a rule's matches are a bit a post."""

    def __init__(self, rnd: random.Random) -> None:
        self._rnd = rnd
        words = ["".join(rnd.choices(SYLLABLES, k=rnd.randint(2, 4))) for _ in range(400)]
        words += ["".join(rnd.choices(OTHERS, k=rnd.randint(2, 3))) for _ in range(150)]
        pairs = [f"{rnd.choice(words)} {rnd.choice(words)}" for _ in range(260)]
        self._phrases = list(dict.fromkeys([*SIGNS, *words, *pairs]))
        rnd.shuffle(self._phrases)
        self._filler = ["".join(rnd.choices(SYLLABLES, k=rnd.randint(1, 3))) + "x" for _ in range(150)]
        self.posts = [self._post(number) for number in range(POSTS)]
        self._known: dict[str, int] = {}

    def _post(self, number: int) -> Json:
        rnd = self._rnd
        words = rnd.choices(self._filler, k=rnd.randint(4, 26))
        for _ in range(rnd.choice((0, 0, 0, 1, 1, 2))):
            place = min(len(self._phrases) - 1, int(rnd.paretovariate(0.9)) - 1)
            words.insert(rnd.randint(0, len(words)), self._phrases[place])
        text = " ".join(words)
        author = {name[7:]: rnd.choice(values) for name, values in FIELDS.items() if name.startswith("author.")}
        author |= {"followers": min(5_000_000, int(rnd.lognormvariate(5.5, 2.2))), "age_days": rnd.randint(0, 4000)}
        return {name: rnd.choice(values) for name, values in FIELDS.items() if "." not in name} | {
            "id": f"p{number}",
            "text": text,
            "text_n": stream(text),
            "sentiment": round(rnd.triangular(-1, 1, -0.15), 3),
            "thread_depth": min(40, int(rnd.expovariate(0.6))),
            "likes": int(rnd.paretovariate(0.7)) - 1,
            "hour": rnd.randint(0, 23),
            "author": author,
        }

    def rule(self, busy: bool) -> Json:
        """Keywords in most rules, one to three lines more, some with `any` (an `all` inside at times) or `not`."""
        rnd = self._rnd
        parts = [self._keywords(busy)] if rnd.random() < 0.85 else []
        parts += [self._leaf(busy, 0.05) for _ in range(rnd.randint(1, 3))]
        if rnd.random() < 0.4:
            parts.append({"any": [self._some(busy) for _ in range(rnd.randint(2, 3))]})
        if rnd.random() < 0.35:
            leaves = [self._leaf(busy) for _ in range(rnd.choice((1, 1, 2)))]
            parts.append({"not": leaves[0] if len(leaves) == 1 else {"any": leaves}})
        return {"all": parts}

    def _some(self, busy: bool) -> Json:
        return self._leaf(busy) if self._rnd.random() < 0.7 else {"all": [self._leaf(busy), self._leaf(busy)]}

    def _leaf(self, busy: bool, keywords: float = 0.25) -> Json:
        kinds = (lambda: self._keywords(busy), self._number, self._equal, self._among)
        make: Callable[[], Json] = self._rnd.choices(kinds, (keywords, 0.35, 0.25, 0.15))[0]
        return make()

    def _keywords(self, busy: bool) -> Json:
        pool = self._phrases[:COMMON] if busy else self._phrases
        return {"kw": sorted(self._rnd.sample(pool, self._rnd.randint(5, 20)))}

    def _number(self) -> Json:
        name = self._rnd.choice(list(NUMBERS))
        operators, values = NUMBERS[name]
        return {"f": name, "op": self._rnd.choice(operators), "v": self._rnd.choice(values)}

    def _equal(self) -> Json:
        name = self._rnd.choice(list(FIELDS))
        return {"f": name, "op": "eq", "v": self._rnd.choice(sorted(set(FIELDS[name]) - {"none"}))}

    def _among(self) -> Json:
        name = self._rnd.choice(("country", "platform", "lang", "author.tier"))
        values = sorted(set(FIELDS[name]) - {"none"})
        return {"f": name, "op": "in", "v": sorted(self._rnd.sample(values, self._rnd.randint(2, len(values) - 1)))}

    def bits(self, when: Json) -> int:
        """The posts that match, a bit each; a condition is looked at once a post, however many rules hold it."""
        for key, join in (("all", and_), ("any", or_)):
            if key in when:
                return reduce(join, map(self.bits, when[key]))
        if "not" in when:
            return ~self.bits(when["not"]) & ((1 << POSTS) - 1)
        if "kw" in when:
            return reduce(or_, (self._bits({"w": word}) for word in when["kw"]))
        return self._bits(when)

    def _bits(self, leaf: Json) -> int:
        name = json.dumps(leaf)
        if name not in self._known:
            says = asks(leaf)
            self._known[name] = int("".join("01"[says(post)] for post in reversed(self.posts)), 2)
        return self._known[name]


def asks(leaf: Json) -> Callable[[Json], bool]:
    """A leaf as a plain question to a post."""
    if "w" in leaf:
        sought = phrase(leaf["w"])
        return lambda post: sought in post["text_n"]
    value, path = leaf["v"], leaf["f"].split(".")
    compare: Callable[[Any], bool] = {
        "eq": lambda known: bool(known == value),
        "in": lambda known: known in value,
        "gt": lambda known: bool(known > value),
        "gte": lambda known: bool(known >= value),
        "lt": lambda known: bool(known < value),
        "lte": lambda known: bool(known <= value),
    }[leaf["op"]]
    return lambda post: compare(value_of(post, path))


def value_of(post: Json, path: Sequence[str]) -> Any:
    """`author.tier` of a post."""
    return reduce(lambda inside, name: inside[name], path, post)
