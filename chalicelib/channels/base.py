"""What every channel has: its settings, checked; and for those that are webhooks, the one way to call them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from chalicelib.errors import Denied, Refused, SettingsError
from chalicelib.model import Notice
from chalicelib.transport import Transport, address
from chalicelib.verdict import Answer

# An operation of AWS by its service, name and arguments. Raises Refused, Unavailable, SettingsError.
AwsCall = Callable[[str, str, Mapping[str, Any]], Any]
# Who moved, forbids or does not know the address; and 400, which may be about either.
JUDGED_HERE = (*range(300, 400), 400, 403, 404, 410)


def encoded(value: Any) -> bytes:
    """JSON as it is sent, in UTF-8: escaped to ASCII what is not English would take up to three times the bytes.

    Half an emoji, which has no UTF-8, stays escaped.
    """
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")


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
    """One that is told by a POST of JSON to an address that is its secret.

    `mistakes`, folded: what its vendor says, with a 400, where the settings are wrong and not what is sent.
    """

    required = ("url",)
    mistakes: ClassVar[tuple[str, ...]] = ()

    def body(self, notice: Notice, times: int) -> dict[str, Any]:
        """What is sent."""
        raise NotImplementedError

    def tell(self, notice: Notice, times: int) -> None:
        """One request. Raises Refused, Unavailable, SettingsError."""
        url = address(f"channels.{self.name}.url", self.settings["url"])
        body = encoded(self.body(notice, times))
        try:
            answer = self.transport.call("POST", url, {"content-type": "application/json"}, body, taken=JUDGED_HERE)
        except Denied as trouble:  # or it is left alone since it did
            raise SettingsError(f"channels.{self.name}: {trouble}") from None
        self._judge(answer)

    def _judge(self, answer: Answer) -> None:
        """An address that is wrong or gone is for an operator: what is owed there waits until it is put right.

        It is left alone for longer and longer, as after a 401: with other settings it is another channel.
        """
        status = answer.status
        if 200 <= status < 300:
            return
        said = answer.words.casefold()
        mistake = next((words for words in self.mistakes if words in said), "")
        if status == 400 and not mistake:
            raise Refused(answer.words or f"{self.kind} answered 400 without a word")
        told = f"{status}, {mistake}" if mistake else f"{status}"
        raise SettingsError(
            f"channels.{self.name}: {self.kind} does not accept its settings ({told})"
        ) from self.transport.deny(f"answered {told}")
