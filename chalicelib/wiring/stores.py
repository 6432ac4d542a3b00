"""Where everything is kept and waits: the table's parts and the queues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib import config
from chalicelib.ports.alerting import Alerts, Notices
from chalicelib.ports.crm import BackChannel, Clocks, Identities
from chalicelib.ports.deciding import PostQueue, Rulebooks, Underway, Windows
from chalicelib.ports.platform import Hearings, Leases
from chalicelib.ports.store import Erasures, Store
from chalicelib.wiring.aws import Aws

if TYPE_CHECKING:
    from chalicelib.pipeline.hearing import Ear
    from chalicelib.stores.depths import Depths


def now() -> datetime:
    """The clock of every function."""
    return datetime.now(UTC)


class Stores:
    """The stores of one process, from its environment."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    @cached_property
    def environment(self) -> config.Environment:
        """What this process was told. Raises SettingsError."""
        return config.environment(self._env)

    @cached_property
    def _aws(self) -> Aws:
        return Aws(self.environment)

    @cached_property
    def queue(self) -> PostQueue:
        """Where posts wait for triage."""
        from chalicelib.stores.sqs import SqsQueue

        return SqsQueue(self._aws.client("sqs"), self.environment.posts_queue, self.environment.parked_queue)

    @cached_property
    def depths(self) -> Depths:
        """How deep the queues are, for people who look."""
        from chalicelib.stores.depths import Depths

        sqs, figures = self._aws.client("sqs"), self._aws.client("cloudwatch")
        return Depths(sqs, figures, self.environment.posts_queue, self.environment.parked_queue, now)

    @cached_property
    def ear(self) -> Ear:
        """What this process heard and has not written down. Senders wait meanwhile: it is left out rather than waited
        for."""
        from chalicelib.pipeline.hearing import Ear
        from chalicelib.stores.hearings import DynamoHearings
        from chalicelib.stores.wire import HASTY

        return Ear(DynamoHearings(self._aws.wire(HASTY), self.environment.table))

    @cached_property
    def hearings(self) -> Hearings:
        """When platforms were last heard."""
        from chalicelib.stores.hearings import DynamoHearings

        return DynamoHearings(self._aws.wire(), self.environment.table)

    @cached_property
    def store(self) -> Store:
        """The table."""
        from chalicelib.stores.dynamo import DynamoStore

        return DynamoStore(self._aws.wire(), self.environment.table, now)

    @cached_property
    def underway(self) -> Underway:
        """Which messages ended the function. It is a help only: a table that is slow is not waited for."""
        from chalicelib.stores.underway import DynamoUnderway
        from chalicelib.stores.wire import BRISK

        return DynamoUnderway(self._aws.wire(BRISK), self.environment.table, now)

    @cached_property
    def rulebooks(self) -> Rulebooks:
        """What is published."""
        from chalicelib.stores.rulebooks import DynamoRulebooks

        return DynamoRulebooks(self._aws.wire(), self.environment.table)

    @cached_property
    def windows(self) -> Windows:
        """What repeats, counted."""
        from chalicelib.stores.windows import DynamoWindows

        return DynamoWindows(self._aws.wire(), self.environment.table, now)

    @cached_property
    def alerts(self) -> Alerts:
        """What was raised, and how it grows."""
        from chalicelib.stores.alerts import DynamoAlerts

        return DynamoAlerts(self._aws.wire(), self.environment.table, now)

    @cached_property
    def identities(self) -> Identities:
        """Which customers authors are."""
        from chalicelib.stores.identities import DynamoIdentities

        return DynamoIdentities(self._aws.wire(), self.environment.table)

    @cached_property
    def back_channel(self) -> BackChannel:
        """What people did with cases in the CRM."""
        from chalicelib.stores.back_channel import DynamoBackChannel

        return DynamoBackChannel(self._aws.wire(), self.environment.table, now)

    @cached_property
    def clocks(self) -> Clocks:
        """Which cases wait for a reply, and until when."""
        from chalicelib.stores.clocks import DynamoClocks

        return DynamoClocks(self._aws.wire(), self.environment.table, now)

    @cached_property
    def notices(self) -> Notices:
        """What is owed to people."""
        from chalicelib.stores.notices import DynamoNotices

        return DynamoNotices(self._aws.wire(), self.environment.table, now)

    @cached_property
    def erasures(self) -> Erasures:
        """Wishes to be forgotten, and what is done for them."""
        from chalicelib.stores.erasures import DynamoErasures

        return DynamoErasures(self._aws.wire(), self.environment.table, now)

    @cached_property
    def leases(self) -> Leases:
        """How far subscriptions at hubs reach."""
        from chalicelib.stores.leases import DynamoLeases

        return DynamoLeases(self._aws.wire(), self.environment.table, now)
