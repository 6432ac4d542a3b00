"""Composition root: makes the real parts, each once and only when a function first needs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib import config
from chalicelib.errors import NotFound, SettingsError
from chalicelib.log import Log
from chalicelib.ports import (
    BackChannel,
    Compliance,
    Crm,
    Erasures,
    Hearings,
    Hub,
    Identities,
    Leases,
    Platform,
    PostQueue,
    Rulebook,
    Rulebooks,
    Store,
    Windows,
)

if TYPE_CHECKING:
    from botocore.session import Session

    from chalicelib.crm.mapping import FieldMapping
    from chalicelib.model.lease import Subscription
    from chalicelib.pipeline import deliver, triage
    from chalicelib.pipeline.hearing import Ear
    from chalicelib.pipeline.identity import Registry
    from chalicelib.rulebook.current import CurrentRulebook
    from chalicelib.stores.settings import CompanySettings
    from chalicelib.stores.wire import Patience, Wire

SWEPT = ("x",)  # the platforms that answer for lists of ids


def now() -> datetime:
    """The clock of every function."""
    return datetime.now(UTC)


class Wiring:
    """The parts of one process, from its environment."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._delivering: tuple[Mapping[str, str], deliver.Desk] | None = None

    @cached_property
    def environment(self) -> config.Environment:
        """What this process was told. Raises SettingsError."""
        return config.environment(self._env)

    @property
    def company(self) -> config.Company:
        """The company's settings; read again every five minutes, so that a rotated secret needs no deployment."""
        return self._settings.company()

    @cached_property
    def _settings(self) -> CompanySettings:
        from chalicelib.platforms import PLATFORMS
        from chalicelib.stores.settings import CompanySettings

        return CompanySettings(self._client("secretsmanager"), self.environment.secret, PLATFORMS)

    def platform(self, name: str) -> Platform:
        """One platform with its secrets. Raises NotFound, in the same words whether there is none of that name, or it
        has no secret, or it is switched off: strangers learn nothing."""
        from chalicelib import platforms

        company = self.company
        settings = company.platforms.get(name) if name in platforms.PLATFORMS else None
        if settings is None or not settings.answers:
            raise NotFound("no such platform")
        return platforms.platform(name, settings, company.platforms)

    def reader(self, name: str) -> Platform:
        """One platform for bodies that were verified when they came, be it off by now. Raises NotFound."""
        from chalicelib import platforms

        company = self.company
        return platforms.platform(name, company.platforms.get(name, config.PlatformSettings()), company.platforms)

    @cached_property
    def queue(self) -> PostQueue:
        """Where posts wait for triage."""
        from chalicelib.stores.sqs import SqsQueue

        return SqsQueue(self._client("sqs"), self.environment.posts_queue, self.environment.parked_queue)

    @cached_property
    def erasures(self) -> Erasures:
        """Wishes to be forgotten, and what is done for them."""
        from chalicelib.stores.erasures import DynamoErasures

        return DynamoErasures(self._wire(), self.environment.table, now)

    @cached_property
    def back_channel(self) -> BackChannel:
        """What people did with cases in the CRM."""
        from chalicelib.stores.back_channel import DynamoBackChannel

        return DynamoBackChannel(self._wire(), self.environment.table, now)

    @cached_property
    def leases(self) -> Leases:
        """How far subscriptions at hubs reach."""
        from chalicelib.stores.leases import DynamoLeases

        return DynamoLeases(self._wire(), self.environment.table, now)

    @cached_property
    def hearings(self) -> Hearings:
        """When platforms were last heard."""
        from chalicelib.stores.hearings import DynamoHearings

        return DynamoHearings(self._wire(), self.environment.table)

    @cached_property
    def ear(self) -> Ear:
        """What this process heard and has not written down. Senders wait meanwhile: it is left out rather than waited
        for."""
        from chalicelib.pipeline.hearing import Ear
        from chalicelib.stores.hearings import DynamoHearings
        from chalicelib.stores.wire import HASTY

        return Ear(DynamoHearings(self._wire(HASTY), self.environment.table))

    def compliance(self, name: str) -> Compliance:
        """Whom `earshot sweep` asks. Raises SettingsError where nobody has set that it may."""
        from chalicelib.compliance import XCompliance

        token = self.company.platforms.get(name, config.PlatformSettings()).compliance_token
        if not token:
            raise SettingsError(f"platforms.{name}.compliance_token is not set: without it nothing is asked")
        return XCompliance(token)

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

    @cached_property
    def store(self) -> Store:
        """The table."""
        from chalicelib.stores.dynamo import DynamoStore

        return DynamoStore(self._wire(), self.environment.table, now)

    @cached_property
    def rulebooks(self) -> Rulebooks:
        """What is published."""
        from chalicelib.stores.rulebooks import DynamoRulebooks

        return DynamoRulebooks(self._wire(), self.environment.table)

    @property
    def rulebook(self) -> Rulebook:
        """What decides the next batch: what is published, else what was shipped. Raises Unavailable, RulebookError."""
        return self._current_rulebook()

    @cached_property
    def _current_rulebook(self) -> CurrentRulebook:
        from chalicelib.rulebook import bundle, gate
        from chalicelib.rulebook.current import CurrentRulebook
        from chalicelib.rulebook.taking import Making, Taker

        engine, sample = self.environment.engine, self.environment.sample
        limits = gate.in_a_function(self.environment.memory)
        making = Making(
            engine,
            shipped=lambda: bundle.read(engine=engine, sample=sample),
            load=lambda text: bundle.loads(text, engine, sample),
            # The plain evaluator is the switch to throw when the engine cannot be trusted: then nothing tries it.
            examine=lambda text: gate.examine(text, limits=limits).problems if engine == "durable" else (),
        )
        log = Log("earshot")
        return CurrentRulebook(
            self.rulebooks, Taker(self.rulebooks, making, now, log), now, self.environment.rulebook_age, log
        )

    @cached_property
    def windows(self) -> Windows:
        """What repeats, counted."""
        from chalicelib.stores.windows import DynamoWindows

        return DynamoWindows(self._wire(), self.environment.table, now)

    @property
    def triage_desk(self) -> triage.Desk:
        """What decides posts; made for each batch, by the accounts that are ours now."""
        from chalicelib.pipeline.triage import Desk, Us
        from chalicelib.reading import read

        us = {name: Us(item.handles, item.accounts) for name, item in self.company.platforms.items()}
        oldest, within = self.environment.oldest_post, self._mapping.reopen_within
        return Desk(self.store, self.rulebook, read, now, oldest, us, self.windows, within)

    @property
    def delivery_desk(self) -> deliver.Desk:
        """What tells the CRM; made anew when the CRM's settings have changed. Raises SettingsError."""
        name = self.environment.crm
        settings = {} if name == "none" else self.company.crms.get(name, {})
        if self._delivering is None or self._delivering[0] != settings:
            self._delivering = settings, self._new_delivery_desk(settings)
        return self._delivering[1]

    def _new_delivery_desk(self, settings: Mapping[str, str]) -> deliver.Desk:
        from chalicelib.pipeline.circuit import Circuit
        from chalicelib.pipeline.deliver import Desk

        circuit = Circuit(now, rest=self.environment.owed_patience / 10, log=Log("earshot"))
        return Desk(self.store, self._crm(settings), circuit, self._registry, self.back_channel)

    @cached_property
    def _registry(self) -> Registry:
        from chalicelib.pipeline.identity import Registry, may_look_up

        def permits(platform: str) -> bool:
            given = self.company.platforms.get(platform)
            return may_look_up(platform, given.customers if given else None)

        return Registry(self.identities, now, permits, Log("earshot"))

    @cached_property
    def identities(self) -> Identities:
        """Which customers authors are."""
        from chalicelib.stores.identities import DynamoIdentities

        return DynamoIdentities(self._wire(), self.environment.table)

    def _crm(self, settings: Mapping[str, str]) -> Crm | None:
        if self.environment.crm == "none":
            return None
        from chalicelib import crm

        return crm.crm(self.environment.crm, settings, self._mapping)

    def crm(self, name: str) -> Crm:
        """One CRM with its settings, be it the one that is told of cases now or one that was. Raises NotFound, in the
        same words whether there is none of that name or it has no settings; SettingsError."""
        from chalicelib import crm

        settings = self.company.crms.get(name) if name in crm.CRMS else None
        if settings is None:
            raise NotFound("no such CRM")
        return crm.crm(name, settings, self._mapping)

    @cached_property
    def _mapping(self) -> FieldMapping:
        from chalicelib.crm.mapping import shipped

        return shipped()

    def _wire(self, patience: Patience | None = None) -> Wire:
        from chalicelib.stores.wire import PATIENT, Wire, endpoint_of

        region, endpoint = self.environment.region, self.environment.endpoint
        return Wire(endpoint or endpoint_of(region), region, self._aws.get_credentials(), patience=patience or PATIENT)

    @cached_property
    def _aws(self) -> Session:
        from botocore.session import get_session

        return get_session()

    def _client(self, service: str) -> Any:
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        # Standard retries draw on a token bucket, so an outage is not answered with a storm of our own.
        patience = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 3})
        try:
            # Not boto3.client, which makes the same client and first imports what only S3 needs (docs/adr/0007).
            return self._aws.create_client(service, config=patience)
        except BotoCoreError as error:  # no region, no such profile
            raise SettingsError(f"{service}: {error}") from error
