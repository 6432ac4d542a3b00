"""How an alert grows while its rule is quiet: what one process adds up, and what all of them make together.

Nothing of it needs to be read before it is written: each process writes its own part, whole, and parts join in any
order. So what is counted twice, after a crash or by a platform that sends again, counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

MOST_MARKS = 128
MOST_STRETCHES = 8
MOST_SAMPLES = 5
MOST_WORDS = 24
LONGEST_SAMPLE = 200  # of a post's id: one that is longer could be opened by nobody
_ENOUGH = 2  # authors who say a word before it is told: one alone may have told their name by it


@dataclass(frozen=True, slots=True)
class Tally:
    """How many different ones: exact up to `MOST_MARKS`, above that by one in 2, 4, 8 ..., chosen by hash.

    Of somebody only the mark is kept (`model.window.mark`). Adding one again changes nothing, in whatever order.
    (Adaptive sampling, Wegman; Flajolet 1990. With 64 to 128 marks it is right to a tenth mostly, to a fifth
    now and then.)
    """

    share: int = 1
    marks: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many there are."""
        return self.share * len(self.marks)

    def with_marks(self, marks: Iterable[str], share: int = 1) -> Tally:
        """With these, of which one in `share` was kept."""
        least = max(self.share, share)
        return _thinned(least, frozenset(each for each in {*self.marks, *marks} if _is_in(each, least)))


def _thinned(share: int, marks: frozenset[str]) -> Tally:
    while len(marks) > MOST_MARKS:
        share *= 2
        marks = frozenset(each for each in marks if _is_in(each, share))
    return Tally(share, marks)


def _is_in(mark: str, share: int) -> bool:
    return int(mark, 16) % share == 0


@dataclass(frozen=True, slots=True)
class Said:
    """How many posts said a word, and some of its authors, enough to see that it was not one alone."""

    posts: int
    whos: frozenset[str]

    def and_also(self, other: Said) -> Said:
        """Both together."""
        return Said(self.posts + other.posts, frozenset(sorted(self.whos | other.whos)[:_ENOUGH]))


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came without a gap of more than the rule's `within`: from `first` to `last`, in milliseconds since 1970.

    `whos` are what the rule counts, authors or posts. `samples` are the ids of its latest posts.
    """

    first: int
    last: int
    whos: Tally = field(default_factory=Tally)
    posts: Tally = field(default_factory=Tally)
    samples: tuple[str, ...] = ()
    words: Mapping[str, Said] = field(default_factory=dict)

    def touches(self, other: Stretch, within: int) -> bool:
        """Whether they belong together."""
        return other.first - within <= self.last and self.first <= other.last + within

    def and_also(self, other: Stretch) -> Stretch:
        """Both together."""
        later, sooner = (self, other) if self.last >= other.last else (other, self)
        return Stretch(
            min(self.first, other.first),
            max(self.last, other.last),
            self.whos.with_marks(other.whos.marks, other.whos.share),
            self.posts.with_marks(other.posts.marks, other.posts.share),
            tuple(dict.fromkeys((*later.samples, *sooner.samples)))[:MOST_SAMPLES],
            _commonest(self.words, other.words),
        )

    def telling(self, before: Mapping[str, int], most: int = MOST_SAMPLES) -> tuple[str, ...]:
        """The words that grew fastest since `before`, the fastest first; only what more than one author said."""
        grown = {word: said.posts - before.get(word, 0) for word, said in self.words.items()}
        told = [word for word, more in grown.items() if more > 0 and len(self.words[word].whos) >= _ENOUGH]
        return tuple(sorted(told, key=lambda word: (-grown[word], word))[:most])

    def counts(self) -> dict[str, int]:
        """How many posts said each word, to compare with later."""
        return {word: said.posts for word, said in self.words.items()}


def _commonest(words: Mapping[str, Said], more: Mapping[str, Said]) -> dict[str, Said]:
    both = {
        word: words[word].and_also(more[word]) if word in words and word in more else words.get(word) or more[word]
        for word in {*words, *more}
    }
    return dict(sorted(both.items(), key=lambda item: (-item[1].posts, item[0]))[:MOST_WORDS])


@dataclass(frozen=True, slots=True)
class Growth:
    """What one process, or all of them, saw of an alert: stretches that do not touch."""

    stretches: tuple[Stretch, ...] = ()

    def with_stretch(self, new: Stretch, within: int) -> Growth:
        """With one more; the same where it adds nothing."""
        near = [each for each in self.stretches if each.touches(new, within)]
        if any(_adds_nothing(each, new) for each in near):
            return self
        apart = tuple(each for each in self.stretches if each not in near)
        return Growth((*apart, reduce(Stretch.and_also, near, new))[-MOST_STRETCHES:])

    def since(self, first: int, last: int, within: int) -> Stretch:
        """What hangs together with a crossing between these times, without a gap; an alert is over when that ends."""
        found, apart = Stretch(first, last), list(self.stretches)
        while near := [each for each in apart if found.touches(each, within)]:
            found, apart = reduce(Stretch.and_also, near, found), [each for each in apart if each not in near]
        return found


def _adds_nothing(known: Stretch, new: Stretch) -> bool:
    """It was counted before, by this process."""
    if not known.first <= new.first <= new.last <= known.last:
        return False
    return _holds(known.posts, new.posts) and _holds(known.whos, new.whos)


def _holds(known: Tally, new: Tally) -> bool:
    wanted = new if new.share >= known.share else replace(new, share=known.share)
    return all(mark in known.marks for mark in wanted.marks if _is_in(mark, known.share))


def together(parts: Sequence[Growth]) -> Growth:
    """What all processes saw."""
    return Growth(tuple(stretch for part in parts for stretch in part.stretches))
