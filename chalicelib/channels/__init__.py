"""The ways by which people are told at once, by kind; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from chalicelib.channels.base import AwsCall, BaseChannel
from chalicelib.errors import SettingsError
from chalicelib.ports.alerting import Channel

__all__ = ["KINDS", "AwsCall", "channel", "keeps_open", "kind"]

KINDS = {
    "slack": "SlackChannel",
    "teams": "TeamsChannel",
    "pagerduty": "PagerDutyChannel",
    "mail": "MailChannel",
    "sns": "SnsChannel",
    "file": "FileChannel",
}


def channel(name: str, of_kind: str, settings: Mapping[str, str], aws: AwsCall | None = None) -> Channel:
    """The company's channel of that name. Raises SettingsError that names the settings missing, unknown or wrong."""
    return kind(of_kind)(name, settings, aws)


def kind(name: str) -> type[BaseChannel]:
    """The class of that kind. Raises SettingsError."""
    if name not in KINDS:
        raise SettingsError(f"channels: expected one of {', '.join(KINDS)}")
    found: Any = getattr(import_module(f"chalicelib.channels.{name}"), KINDS[name])
    kept: type[BaseChannel] = found
    return kept


def keeps_open(of_kind: str) -> bool:
    """Whether what is told by that kind stays open until it is closed; not by one that there is not."""
    return of_kind in KINDS and kind(of_kind).keeps_open
