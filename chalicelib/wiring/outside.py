"""Whom the company has set that we hear and tell: platforms, their hubs, CRMs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib import config
from chalicelib.errors import NotFound, SettingsError
from chalicelib.ports.crm import Crm
from chalicelib.ports.platform import Compliance, Hub, Platform
from chalicelib.wiring.stores import Stores

if TYPE_CHECKING:
    from chalicelib.crm.mapping import FieldMapping
    from chalicelib.model.lease import Subscription
    from chalicelib.stores.settings import CompanySettings
    from chalicelib.stores.vault import Vault

SWEPT = ("x",)  # the platforms that answer for lists of ids


class Outside(Stores):
    """The world of one process, by the company's settings."""

    _made: tuple[config.Company, dict[str, Platform]] | None = None

    @property
    def company(self) -> config.Company:
        """The company's settings; read again every five minutes, so that a rotated secret needs no deployment."""
        return self._settings.company()

    @cached_property
    def _settings(self) -> CompanySettings:
        from chalicelib.platforms import PLATFORMS
        from chalicelib.stores.settings import CompanySettings

        return CompanySettings(self._aws.settings_wire(), self.environment.secret, PLATFORMS)

    @cached_property
    def vault(self) -> Vault:
        """The same settings, for people who change them."""
        from chalicelib.stores.vault import Vault

        return Vault(self._aws.client("secretsmanager"), self.environment.secret)

    def platform(self, name: str) -> Platform:
        """One platform with its secrets, made once as long as the settings are the same.

        Raises NotFound, in the same words whether there is none of that name, or it has no secret, or it is switched
        off: strangers learn nothing. Raises SettingsError where its own settings are wrong.
        """
        company = self.company
        if self._made is None or self._made[0] is not company:
            self._made = company, {}
        made = self._made[1]
        if name not in made:
            made[name] = self._new_platform(name, company)
        return made[name]

    def _new_platform(self, name: str, company: config.Company) -> Platform:
        from chalicelib import platforms

        settings = company.platform(name) if name in platforms.PLATFORMS else None
        if settings is None or not settings.answers:
            raise NotFound("no such platform")
        return platforms.platform(name, settings, company.platforms)

    def reader(self, name: str) -> Platform:
        """One platform for bodies that were verified when they came, be it off by now. Raises NotFound, SettingsError
        where its settings are wrong."""
        from chalicelib import platforms

        company = self.company
        return platforms.platform(name, company.platform(name) or config.PlatformSettings(), company.platforms)

    def compliance(self, name: str) -> Compliance:
        """Whom `earshot sweep` asks. Raises SettingsError where nobody has set that it may."""
        from chalicelib.compliance import XCompliance

        settings = self.company.platform(name)
        if settings is None or not settings.compliance_token:
            raise SettingsError(f"platforms.{name}.compliance_token is not set: without it nothing is asked")
        return XCompliance(settings.compliance_token)

    @cached_property
    def hub(self) -> Hub:
        """Where subscriptions are asked for."""
        from chalicelib.hubs import HttpHub

        return HttpHub()

    @property
    def subscriptions(self) -> list[Subscription]:
        """What is to be asked of hubs, by the settings; only platforms that are told our address have any."""
        told = [name for name, settings in self.company.platforms.items() if settings.callback and settings.answers]
        return [subscription for name in told for subscription in self.platform(name).subscriptions()]

    def crm(self, name: str) -> Crm:
        """One CRM with its settings, be it the one that is told of cases now or one that was. Raises NotFound, in the
        same words whether there is none of that name or it has no settings; SettingsError."""
        from chalicelib import crm

        settings = self.company.crm(name) if name in crm.CRMS else None
        if settings is None:
            raise NotFound("no such CRM")
        return crm.crm(name, settings, self._mapping)

    @cached_property
    def _mapping(self) -> FieldMapping:
        from chalicelib.crm.mapping import shipped

        return shipped()
