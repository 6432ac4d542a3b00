"""Which messages of a batch that comes again may have ended the function: those that were under way when it did.

What is noted is a help, not a condition. Where the table does not take a note, none is asked for in this batch any
more: the function's time is for deciding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from chalicelib.errors import SettingsError, Unavailable
from chalicelib.log import Log
from chalicelib.ports.deciding import Underway


class Suspects:
    """Those of one batch; `ends` tells how often the function ended while each was under way."""

    def __init__(self, underway: Underway, log: Log, messages: Sequence[str]) -> None:
        self._underway = underway
        self._log = log
        self._is_noting = True
        self.ends: Mapping[str, int] = {}
        self._try(lambda: self._ask(messages))

    def begin(self, message: str, receive: int) -> None:
        """It is about to be decided."""
        self._try(lambda: self._underway.begin(message, receive))

    def answered(self, message: str, receive: int) -> None:
        """It failed, and the function goes on."""
        self._try(lambda: self._underway.answered(message, receive))

    def _ask(self, messages: Sequence[str]) -> None:
        self.ends = self._underway.ended(messages)

    def _try(self, note: Callable[[], None]) -> None:
        if not self._is_noting:
            return
        try:
            note()
        except (Unavailable, SettingsError) as trouble:
            self._is_noting = False
            self._log.warning("suspects.unnoted", why=str(trouble))
