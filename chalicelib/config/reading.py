"""Settings from JSON: each value checked, and told by its place where it is wrong. No value is ever quoted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from chalicelib.errors import SettingsError


def members(where: str, item: Any, expected: str = "an object") -> Mapping[str, Any]:
    """The members of an object. Raises SettingsError."""
    if not isinstance(item, Mapping):
        raise SettingsError(f"{where}: expected {expected}")
    return item


def known(where: str, names: Iterable[str], there_are: Collection[str]) -> None:
    """Return, or raise SettingsError naming the first member that there is not, with the nearest that there is."""
    for name in names:
        if name not in there_are:
            shown = name if len(name) <= 40 and name.isprintable() else "..."
            raise SettingsError(f"{where}.{shown}: there is no such setting; {nearest(name, there_are)}")


def text(where: str, item: Any) -> str | None:
    """A text; empty is none. Raises SettingsError."""
    if item is not None and not isinstance(item, str):
        raise SettingsError(f"{where}: expected a text")
    return item or None


def texts(where: str, item: Any) -> list[str]:
    """A list of texts. Raises SettingsError."""
    if not isinstance(item, list) or not all(isinstance(one, str) and one for one in item):
        raise SettingsError(f"{where}: expected a list of texts, none of them empty")
    return item


def switch(where: str, item: Any) -> bool:
    """True or false. Raises SettingsError."""
    if not isinstance(item, bool):
        raise SettingsError(f"{where}: expected true or false")
    return item


def nearest(name: str, there_are: Collection[str]) -> str:
    """What may have been meant."""
    from difflib import get_close_matches  # only who has mistyped something pays for it

    near = get_close_matches(name.lower(), there_are, n=1)
    return f"did you mean '{near[0]}'?" if near else f"there are {', '.join(sorted(there_are))}"
