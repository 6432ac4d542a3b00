"""What tells people of the company, by the settings of its channels."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib import config
from chalicelib.log import Log
from chalicelib.ports import Channel
from chalicelib.wiring.outside import Outside
from chalicelib.wiring.stores import now

if TYPE_CHECKING:
    from chalicelib.pipeline.people import People
    from chalicelib.pipeline.telling import Desk
    from chalicelib.stores.calling import Caller

HERE = "this machine"


class Telling(Outside):
    """The channels of one process. Where it was told of a file, that is the one channel of everybody."""

    _channels: tuple[config.Company, dict[str, Channel]] | None = None

    @cached_property
    def people(self) -> People:
        """Who is told by which channels."""
        from chalicelib.pipeline.people import People, shipped

        return People({HERE: "file"}, everybody=HERE) if self.environment.notices_file else shipped()

    @cached_property
    def telling_desk(self) -> Desk:
        """What tells them."""
        from chalicelib.pipeline.telling import Desk

        return Desk(self.notices, self.people, self.channel, self.store, now, Log("earshot"))

    def channel(self, name: str) -> Channel:
        """One channel with its settings, made once as long as these are the same. Raises SettingsError."""
        company = self.company
        if self._channels is None or self._channels[0] is not company:
            self._channels = company, {}
        made = self._channels[1]
        if name not in made:
            made[name] = self._new_channel(name, company)
        return made[name]

    def _new_channel(self, name: str, company: config.Company) -> Channel:
        from chalicelib import channels

        if self.environment.notices_file:
            return channels.channel(name, "file", {"path": self.environment.notices_file})
        return channels.channel(name, self.people.channels[name], company.channel(name), self._caller)

    @cached_property
    def _caller(self) -> Caller:
        from chalicelib.stores.calling import Caller

        return Caller(self._aws.client)
