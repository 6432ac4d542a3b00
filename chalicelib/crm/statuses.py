"""What a CRM's statuses mean for the conversation, where it has no webhooks that say more."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.errors import SettingsError
from chalicelib.model import Happened

MEANINGS = {meaning.value: meaning for meaning in (Happened.ANSWERED, Happened.CLOSED, Happened.REOPENED)}


def meanings(where: str, text: str) -> Mapping[str, Happened]:
    """`Closed=closed, Pending=answered` as a mapping. Raises SettingsError."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if any(not status.strip() or meaning.strip() not in MEANINGS for status, _, meaning in pairs):
        raise SettingsError(f"{where}: expected STATUS=MEANING, ..., a meaning being one of {', '.join(MEANINGS)}")
    return {status.strip(): MEANINGS[meaning.strip()] for status, _, meaning in pairs}
