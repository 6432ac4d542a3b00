"""What every channel has: its settings, checked; and for those that are webhooks, the one way to call them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from chalicelib.errors import SettingsError
from chalicelib.model import Notice
from chalicelib.transport import Transport, address

# An operation of AWS by its service, name and arguments. Raises Refused, Unavailable, SettingsError.
AwsCall = Callable[[str, str, Mapping[str, Any]], Any]


class BaseChannel:
    """ports.alerting.Channel's ground. `required` and `optional` name its settings; `optional` holds their defaults.

    `keeps_open`: what asks for somebody opens an incident there, which stays open until it is closed.
    """

    kind: ClassVar[str]
    keeps_open: ClassVar[bool] = False
    required: ClassVar[tuple[str, ...]] = ()
    optional: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, name: str, settings: Mapping[str, str], aws: AwsCall | None = None, transport: Transport | None = None
    ) -> None:
        self.name = name
        self.settings = self._checked(settings)
        self.aws = aws
        self.transport = transport or Transport(f"the channel {name}")

    def tell(self, notice: Notice, times: int) -> None:
        """Tell it, for the so-manieth time. Raises Refused, Unavailable, SettingsError."""
        raise NotImplementedError

    def call(self, service: str, operation: str, arguments: Mapping[str, Any]) -> None:
        """An operation of AWS. Raises Refused, Unavailable, SettingsError."""
        if self.aws is None:
            raise SettingsError(f"channels.{self.name}: AWS cannot be asked from here")
        self.aws(service, operation, arguments)

    def _checked(self, settings: Mapping[str, str]) -> dict[str, str]:
        missing = [key for key in self.required if not settings.get(key)]
        if missing:
            raise SettingsError(f"channels.{self.name}: missing {', '.join(missing)}")
        known = (*self.required, *self.optional)
        unknown = sorted(settings.keys() - set(known))
        if unknown:
            raise SettingsError(f"channels.{self.name}: unknown {', '.join(unknown)}; known are {', '.join(known)}")
        return {**self.optional, **settings}


class WebhookChannel(BaseChannel):
    """One that is told by a POST of JSON to an address that is its secret."""

    required = ("url",)

    def body(self, notice: Notice, times: int) -> dict[str, Any]:
        """What is sent."""
        raise NotImplementedError

    def tell(self, notice: Notice, times: int) -> None:
        """One request. Raises Refused, Unavailable, SettingsError.

        As UTF-8: escaped to ASCII, as JSON may be too, what is not English takes up to three times the bytes. Half an
        emoji, which has no UTF-8, stays escaped.
        """
        url = address(f"channels.{self.name}.url", self.settings["url"])
        body = json.dumps(self.body(notice, times), ensure_ascii=False).encode("utf-8", "backslashreplace")
        self.transport.call("POST", url, {"content-type": "application/json"}, body)
