"""What tells people of the company, by the settings of its channels."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib import config
from chalicelib.log import Log
from chalicelib.ports.alerting import Channel
from chalicelib.wiring.outside import Outside
from chalicelib.wiring.stores import now

if TYPE_CHECKING:
    from chalicelib.pipeline.circuit import Circuit
    from chalicelib.pipeline.people import CurrentPeople, People
    from chalicelib.pipeline.telling import Desk
    from chalicelib.stores.calling import Caller

HERE = "this machine"


class Telling(Outside):
    """The channels of one process. Where it was told of a file, that is the one channel of everybody."""

    _channels: tuple[config.Company, People, dict[str, Channel]] | None = None

    @property
    def people(self) -> People:
        """Who is told by which channels, by what is live. Raises Unavailable, NotFound."""
        from chalicelib.pipeline.people import People

        return People({HERE: "file"}, everybody=HERE) if self.environment.notices_file else self._current_people()

    @cached_property
    def _current_people(self) -> CurrentPeople:
        from chalicelib.pipeline.people import CurrentPeople

        return CurrentPeople(self.rulebooks, now)

    @property
    def telling_desk(self) -> Desk:
        """What tells them; what it knows of channels that do not answer lasts. Raises Unavailable, NotFound."""
        from chalicelib.pipeline.telling import Desk

        return Desk(self.notices, self.people, self._showing, self.store, now, Log("earshot"), self._circuits)

    @cached_property
    def _circuits(self) -> dict[str, Circuit]:
        return {}

    def _showing(self, name: str) -> Channel:
        from chalicelib.pipeline.showing import Showing

        return Showing(name, self.channel(name), self.store)

    def channel(self, name: str) -> Channel:
        """One channel with its settings, made once as long as these are the same. Raises SettingsError."""
        company, people = self.company, self.people
        if self._channels is None or self._channels[0] is not company or self._channels[1] != people:
            self._channels = company, people, {}
        made = self._channels[2]
        if name not in made:
            made[name] = self._new_channel(name, company, people)
        return made[name]

    def _new_channel(self, name: str, company: config.Company, people: People) -> Channel:
        from chalicelib import channels

        if self.environment.notices_file:
            return channels.channel(name, "file", {"path": self.environment.notices_file})
        return channels.channel(name, people.channels[name], company.channel(name), self._caller)

    @cached_property
    def _caller(self) -> Caller:
        from chalicelib.stores.calling import Caller

        return Caller(self._aws.client)
