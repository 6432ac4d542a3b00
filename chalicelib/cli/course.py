"""One rulebook's way through posts one after the other: it remembers what the table would, and writes nothing down."""

from __future__ import annotations

from collections import OrderedDict

from chalicelib.model import Decision, Facts, Post, Recommended
from chalicelib.rulebook.book import Rulebook
from chalicelib.rulebook.cap import MOST
from chalicelib.rulebook.rule import Book, Status
from chalicelib.rulebook.vocabulary import posted_days
from chalicelib.stores.memory_windows import MemoryWindows

MOST_AUTHORS = 100_000


def counts(book: Book) -> bool:
    """Whether any rule looks at earlier posts: what repeats, what was recommended, how often the author posted."""
    tried = [rule for rule in book.rules if rule.status in (Status.LIVE, Status.SHADOW)]
    written = [*(topic.lines for topic in book.topics), *(rule.lines for rule in tried)]
    fields = {line.asks.field for lines in written for line in lines}
    return any(rule.repeats or rule.then.at_most for rule in tried) or any(map(posted_days, fields))


class Course:
    """Decides posts in the order they come. Of authors, the last 100,000 who were recommended something are known."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._windows = MemoryWindows()
        self._recommended: OrderedDict[str, tuple[Recommended, ...]] = OrderedDict()

    def decide(self, facts: Facts, trace: bool = False) -> Decision:
        """As the live path would, had it begun with the first of these posts."""
        author = facts.post.author_key
        before = self._recommended.get(author, ()) if author else ()
        made = self._rulebook.decide(facts, trace, windows=self._windows, recommended=before)
        if author and made.recommendation and made.recommendation.at_most:
            self._note(author, before, made.recommendation.rule, facts.post)
        return made

    def _note(self, author: str, before: tuple[Recommended, ...], rule: str, post: Post) -> None:
        if post.at is None:  # no cap can be counted without a time
            return
        self._recommended[author] = (*before, Recommended(rule, post.id, post.at))[-MOST:]
        self._recommended.move_to_end(author)
        if len(self._recommended) > MOST_AUTHORS:
            self._recommended.popitem(last=False)
