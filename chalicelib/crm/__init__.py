"""The CRMs there are, by name; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from chalicelib.crm.mapping import FieldMapping
from chalicelib.errors import SettingsError
from chalicelib.ports.crm import Crm

CRMS = {
    "webhook": "WebhookCrm",
    "roundup": "RoundupCrm",
    "zendesk": "ZendeskCrm",
    "espocrm": "EspoCrm",
    "request-tracker": "RequestTrackerCrm",
    "dataverse": "DataverseCrm",
    "salesforce": "SalesforceCrm",
    "hubspot": "HubSpotCrm",
    "odoo": "OdooCrm",
    "zendesk-channel": "ZendeskChannelCrm",
    "bottlecrm": "BottleCrm",
}


def crm(name: str, settings: Mapping[str, str], mapping: FieldMapping | None = None) -> Crm:
    """The CRM of that name. Raises SettingsError that names the settings missing, unknown or wrong."""
    return adapter(name)(settings, None, mapping)


def adapter(name: str) -> Callable[..., Crm]:
    """The class of that name. Raises SettingsError."""
    if name not in CRMS:
        raise SettingsError(f"crm: expected one of {', '.join(CRMS)}")
    found: Callable[..., Crm] = getattr(import_module(f"chalicelib.crm.{name.replace('-', '_')}"), CRMS[name])
    return found
