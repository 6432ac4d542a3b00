"""What an operator sets for one platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.config.reading import known, members, nearest, switch, text, texts
from chalicelib.errors import SettingsError
from chalicelib.model import Kind

SETS = ("accounts", "handles", "follows", "speaks_for", "origins")
TEXTS = ("verify_token", "callback", "hub", "compliance_token")
KEYS = ("on", "secrets", "listens", "customers", "keep", *SETS, *TEXTS)
# Days, at least and at most. What people see must outlive a CRM that is down; nothing outlives its case.
KEEPS = {"escalate": (14, 400), "recommend": (14, 400), "ignore": (1, 400)}
KINDS = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """What an operator pasted from a platform's console. Several secrets while one is being rotated.

    `accounts` and `handles` are ours; `listens` are the kinds of posts that are wanted, None for all; `on` is False
    where the platform is to be silent although it has a secret. Few platforms need the rest: `follows` are others'
    channels that are subscribed to beside ours, `callback` and `hub` our address and theirs for it (youtube);
    `speaks_for` are the platforms in whose name a generic endpoint's sender may speak, `origins` who may ask leave to
    send (cloudevents); `compliance_token` lets `earshot sweep` ask which posts are gone (x). `customers` says whether
    authors may be looked up among the CRM's customers; None: where the platform's terms do not ask them first. `keep`
    is how long a decision is kept by its outcome, where no rule says so.
    """

    secrets: tuple[str, ...] = ()
    verify_token: str | None = None
    accounts: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    listens: frozenset[Kind] | None = None
    on: bool = True
    follows: frozenset[str] = frozenset()
    speaks_for: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    callback: str | None = None
    hub: str | None = None
    compliance_token: str | None = None
    customers: bool | None = None
    keep: Mapping[str, timedelta] = field(default_factory=dict)

    @property
    def answers(self) -> bool:
        """Whether the platform is answered at all: to strangers, one without a secret is not there."""
        return self.on and bool(self.secrets)


def platform_settings(where: str, item: Any) -> PlatformSettings:
    """One platform's settings from their JSON. Raises SettingsError that says where, and quotes no value."""
    given = members(where, item)
    known(where, given, KEYS)
    rest: dict[str, Any] = {name: frozenset(texts(f"{where}.{name}", given.get(name, []))) for name in SETS}
    rest |= {name: text(f"{where}.{name}", given.get(name)) for name in TEXTS}
    return PlatformSettings(
        secrets=tuple(texts(f"{where}.secrets", given.get("secrets", []))),
        listens=_kinds(f"{where}.listens", given["listens"]) if "listens" in given else None,
        on=switch(f"{where}.on", given.get("on", True)),
        customers=switch(f"{where}.customers", given["customers"]) if "customers" in given else None,
        keep=_keeps(f"{where}.keep", given.get("keep", {})),
        **rest,
    )


def _keeps(where: str, item: Any) -> dict[str, timedelta]:
    given = members(where, item, "an object of days by outcome")
    known(where, given, KEEPS)
    return {
        outcome: timedelta(days=_days(f"{where}.{outcome}", days, *KEEPS[outcome])) for outcome, days in given.items()
    }


def _days(where: str, item: Any, least: int, most: int) -> int:
    if isinstance(item, bool) or not isinstance(item, int) or not least <= item <= most:
        raise SettingsError(f"{where}: expected a whole number of days, from {least} to {most}")
    return item


def _kinds(where: str, item: Any) -> frozenset[Kind]:
    kinds = texts(where, item)
    if wrong := [kind for kind in kinds if kind not in KINDS]:
        raise SettingsError(f"{where}: one of them is no kind of post; {nearest(wrong[0], KINDS)}")
    if not kinds:
        raise SettingsError(f"{where}: expected a kind at least; to hear nothing, set 'on' to false")
    return frozenset(map(Kind, kinds))
