"""Composition root: makes the real parts, each once and only when a function first needs it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.errors import SettingsError
from chalicelib.log import Log
from chalicelib.ports.crm import Crm
from chalicelib.ports.deciding import Rulebook
from chalicelib.wiring.outside import SWEPT
from chalicelib.wiring.stores import now
from chalicelib.wiring.telling import Telling

if TYPE_CHECKING:
    from chalicelib.pipeline import deliver, triage
    from chalicelib.pipeline.identity import Registry
    from chalicelib.rulebook.current import CurrentRulebook
    from chalicelib.rulebook.listening import CurrentListenings

__all__ = ["SWEPT", "Wiring", "now"]


class Wiring(Telling):
    """The parts of one process, from its environment: stores, the world outside, and the desks of the functions."""

    _delivering: tuple[Mapping[str, str], deliver.Desk] | None = None

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
    def listenings(self) -> CurrentListenings:
        """Which platforms should speak, by the live rules."""
        from chalicelib.rulebook.listening import CurrentListenings

        return CurrentListenings(self.rulebooks)

    @property
    def triage_desk(self) -> triage.Desk:
        """What decides posts; made for each batch, by the accounts that are ours now."""
        from chalicelib.pipeline.triage import Desk, Us
        from chalicelib.reading import read

        company = self.company
        us = {name: Us(item.handles, item.accounts, item.keep) for name, item in company.platforms.items()}
        oldest, within = self.environment.oldest_post, self._mapping.reopen_within
        windows, alerts = self.windows, self.alerts
        return Desk(self.store, self.rulebook, read, now, oldest, us, windows, within, company.wrong, alerts)

    @property
    def delivery_desk(self) -> deliver.Desk:
        """What tells the CRM; made anew when the CRM's settings have changed. Raises SettingsError."""
        name = self.environment.crm
        settings = {} if name == "none" else self.company.crm(name) or {}
        if self._delivering is None or self._delivering[0] != settings:
            self._delivering = settings, self._new_delivery_desk(settings)
        return self._delivering[1]

    def _new_delivery_desk(self, settings: Mapping[str, str]) -> deliver.Desk:
        from chalicelib.pipeline.circuit import Circuit
        from chalicelib.pipeline.deliver import Desk

        log = Log("earshot")
        circuit = Circuit(now, rest=self.environment.owed_patience / 10, log=log)
        return Desk(self.store, self._crm(settings), circuit, self._registry, self.back_channel, log)

    @cached_property
    def _registry(self) -> Registry:
        from chalicelib.pipeline.identity import Registry, may_look_up

        def permits(platform: str) -> bool:
            try:
                given = self.company.platform(platform)
            except SettingsError:
                return False  # what they forbid is not known
            return may_look_up(platform, given.customers if given else None)

        return Registry(self.identities, now, permits, Log("earshot"))

    def _crm(self, settings: Mapping[str, str]) -> Crm | None:
        if self.environment.crm == "none":
            return None
        from chalicelib import crm

        return crm.crm(self.environment.crm, settings, self._mapping)
