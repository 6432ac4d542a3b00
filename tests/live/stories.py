"""What a load tells: cases by number, some with follow-ups, the same in every process that is asked."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model import Case, Entry
from tests.contracts.crm_samples import a_case, a_post, an_entry

MOST_ENTRIES = 4
TEXTS = (
    "👩‍👩‍👧 réfund ﷽ עברית 再起動",
    "half \ud83d an emoji",
    "nul \x00 \x1b[31m \u202egnorw",
    '"<b>&amp;\\n%s {0}',
    "\n> [ref:x]",
)


@dataclass(frozen=True, slots=True)
class Story:
    """One case: its first entry, and for every fourth case one to three more."""

    number: int

    @property
    def case(self) -> Case:
        """Before the CRM knows it."""
        return a_case(a_post(self._post(0)))

    @property
    def length(self) -> int:
        """How many entries it has."""
        return 1 if self.number % 4 else 2 + self.number // 4 % (MOST_ENTRIES - 1)

    def entry(self, place: int) -> Entry:
        """The entry at a place; 0 opens the case."""
        return an_entry(a_post(self._post(place), f"Still smoking, hour {place}"))

    def _post(self, place: int) -> int:
        return self.number * 10 + place


def stories(count: int) -> list[Story]:
    """The first so many."""
    return [Story(number) for number in range(count)]


def expected(count: int) -> dict[str, list[str]]:
    """What the CRM must hold in the end: of each case the keys of its entries, in order."""
    return {story.case.id: [story.entry(place).key for place in range(story.length)] for story in stories(count)}
