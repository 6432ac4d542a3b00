"""The CRMs there are, by name; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import SettingsError
from chalicelib.ports import Crm

CRMS = {
    "webhook": "WebhookCrm",
    "roundup": "RoundupCrm",
    "zendesk": "ZendeskCrm",
    "espocrm": "EspoCrm",
}


def crm(name: str, settings: Mapping[str, str], mapping: FieldMapping | None = None) -> Crm:
    """The CRM of that name. Raises SettingsError that names the settings missing, unknown or wrong."""
    if name not in CRMS:
        raise SettingsError(f"crm: expected one of {', '.join(CRMS)}")
    adapter: type[Crm] = getattr(import_module(f"chalicelib.crm.{name}"), CRMS[name])
    return adapter(settings, None, mapping)  # type: ignore[call-arg]  # a Protocol tells nothing of constructors
