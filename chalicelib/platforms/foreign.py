"""Somebody else's JSON: typed, guarded reading that says where it failed and never quotes what it found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.codec import instant
from chalicelib.errors import BadPayload

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_ID = 256  # characters; ids become keys of a table and groups of a queue


@dataclass(frozen=True, slots=True)
class Foreign:
    """A value and where in the body it stands. What is absent or null reads as None; a wrong type is a BadPayload.

    Where a member stands is put together only when something is wrong with it: every delivery reads dozens.
    """

    value: Any
    where: str = "body"

    def at(self, name: str) -> Foreign:
        """The member of that name."""
        return Foreign(self._value(name), f"{self.where}.{name}")

    def under(self, key: str) -> Foreign:
        """The member under a key that is itself data, so that errors do not quote it."""
        return Foreign(self._value(key), f"{self.where}[...]")

    def has(self, name: str) -> bool:
        """Whether there is such a member and it is not null."""
        return self._value(name) is not None

    def names(self) -> list[str]:
        """The names of its members; none where it is absent."""
        return list(self._members())

    def items(self, name: str) -> list[Foreign]:
        """The items of a list; none where it is absent."""
        return [] if self._value(name) is None else self.at(name).listed()

    def listed(self) -> list[Foreign]:
        """The items of this value, which must be a list."""
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [Foreign(item, f"{self.where}[{index}]") for index, item in enumerate(self.value)]

    def text(self, name: str) -> str | None:
        """A text, as it stands."""
        value = self._value(name)
        if value is None or isinstance(value, str):
            return value
        raise self.at(name).wrong("a text")

    def need_text(self, name: str) -> str:
        """A text that must be there."""
        text = self.text(name)
        if text is None:
            raise BadPayload(f"{self.where}.{name}: is missing")
        return text

    def id(self, *names: str) -> str | None:
        """The first of these ids that is there, as a string: platforms send them as texts and as bare numbers."""
        for name in names:
            if self._value(name) is not None and (found := self.at(name).as_id()) is not None:
                return found
        return None

    def need_id(self, *names: str) -> str:
        """The first of these ids; one must be there."""
        found = self.id(*names)
        if found is None:
            raise BadPayload(f"{self.where}: {' or '.join(names)} is missing")
        return found

    def as_id(self) -> str | None:
        """This value as an id; an empty text is none."""
        if self.value is None or self.value == "":
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, (str, int)):
            raise self.wrong("an id")
        text = str(self.value)
        if len(text) > LONGEST_ID or "\ufffd" in text:
            raise self.wrong(f"an id of at most {LONGEST_ID} whole characters")
        return text

    def whole(self, name: str) -> int | None:
        """A whole number."""
        value = self._value(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise self.at(name).wrong("a whole number")

    def number(self, name: str) -> float | None:
        """A number."""
        value = self._value(name)
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        raise self.at(name).wrong("a number")

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self._value(name)
        if value is None or isinstance(value, bool):
            return value
        raise self.at(name).wrong("true or false")

    def seconds(self, name: str) -> datetime | None:
        """An instant given in seconds since 1970, as a number or a text of digits."""
        return self._since_epoch(name, timedelta(seconds=1))

    def milliseconds(self, name: str) -> datetime | None:
        """An instant given in milliseconds since 1970, as a number or a text of digits."""
        return self._since_epoch(name, timedelta(milliseconds=1))

    def microseconds(self, name: str) -> datetime | None:
        """An instant given in microseconds since 1970, as a number or a text of digits."""
        return self._since_epoch(name, timedelta(microseconds=1))

    def iso(self, name: str) -> datetime | None:
        """An instant given as ISO 8601; without a zone it is UTC."""
        value = self._value(name)
        return None if value is None else instant(value, f"{self.where}.{name}")

    def wrong(self, expected: str) -> BadPayload:
        """The error for this value; never quotes it."""
        return BadPayload(f"{self.where}: expected {expected}")

    def _members(self) -> dict[str, Any]:
        if isinstance(self.value, dict):
            return self.value
        if self.value is None:
            return {}
        raise self.wrong("an object")

    def _value(self, name: str) -> Any:
        value = self.value
        return value.get(name) if isinstance(value, dict) else self._members().get(name)

    def _since_epoch(self, name: str, unit: timedelta) -> datetime | None:
        if self._value(name) is None:
            return None
        found = self.at(name)
        digits = found.value if isinstance(found.value, str) else str(found.as_id())
        if not (digits.isascii() and digits.isdigit()):
            raise found.wrong("a time as a whole number")
        try:
            return EPOCH + int(digits) * unit
        except (OverflowError, ValueError):
            raise found.wrong("a time before the year 10000") from None
