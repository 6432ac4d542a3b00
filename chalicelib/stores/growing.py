"""What one process adds up of alerts that are on, and writes once a batch: nothing of it costs a request a post."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.model import Growth, Said, Sighting, Stretch, Tally, Window
from chalicelib.model.alert import alert_id
from chalicelib.model.growth import LONGEST_SAMPLE
from chalicelib.model.window import growing, mark, millis
from chalicelib.ports.alerting import Alerts

MILLISECOND = timedelta(milliseconds=1)
KNOWN = 500  # alerts that one process adds up at once


@dataclass
class _Part:
    """One process's part of an alert; `name` is nobody else's, so that writing it whole overwrites nothing."""

    name: str
    growth: Growth
    is_new: bool = True


class Growing:
    """The parts of one process."""

    def __init__(self) -> None:
        self._parts: OrderedDict[str, _Part] = OrderedDict()

    def note(self, window: Window, sighting: Sighting) -> None:
        """Add a post to the alert it belongs to, if any, by the window after it."""
        crossing = growing(window, sighting)
        if crossing is None:
            return
        part = self._part(alert_id(sighting.window, crossing))
        grown = part.growth.with_stretch(_stretch(window, sighting), sighting.terms.within // MILLISECOND)
        if grown is not part.growth:
            part.growth, part.is_new = grown, True

    def settle(self, alerts: Alerts) -> None:
        """Write what is new. Raises Unavailable; what is not written by then stays for the next time."""
        for name, part in self._parts.items():
            if part.is_new:
                alerts.grow(name, part.name, part.growth)
                part.is_new = False

    def _part(self, name: str) -> _Part:
        part = self._parts.setdefault(name, _Part(secrets.token_hex(6), Growth()))
        self._parts.move_to_end(name)
        if len(self._parts) > KNOWN:
            self._parts.popitem(last=False)
        return part


def _stretch(window: Window, sighting: Sighting) -> Stretch:
    """One post. With that which crossed come all who made it cross."""
    at, who, post = millis(sighting.at), mark(sighting.who), mark(sighting.post_id)
    whos = window.whos if post == window.on else Tally()
    said = {word: Said(1, frozenset({who})) for word in sighting.words}
    return Stretch(at, at, whos.with_marks([who]), Tally().with_marks([post]), _sample(sighting), said)


def _sample(sighting: Sighting) -> tuple[str, ...]:
    return (sighting.post_id,) if len(sighting.post_id) <= LONGEST_SAMPLE else ()
