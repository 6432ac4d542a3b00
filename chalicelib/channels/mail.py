"""E-mail, by Amazon SES. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html

SES knows no key: what was sent before its answer was lost is sent again.
"""

from __future__ import annotations

from chalicelib.channels.base import BaseChannel
from chalicelib.channels.wording import headline, text
from chalicelib.errors import SettingsError
from chalicelib.model import Notice
from chalicelib.plain import clean

SUBJECT, MOST_RECIPIENTS = 200, 50


class MailChannel(BaseChannel):
    """Addresses that are all told at once; `to` is a list with commas."""

    kind = "mail"
    required = ("from", "to")

    def tell(self, notice: Notice, times: int) -> None:
        """One message. Raises Refused, Unavailable, SettingsError."""
        parts = {
            "Subject": _data(headline(notice, times, SUBJECT)),
            "Body": {"Text": _data(clean(text(notice, times)))},
        }
        arguments = {
            "FromEmailAddress": self.settings["from"],
            "Destination": {"ToAddresses": self._recipients()},
            "Content": {"Simple": parts},
        }
        self.call("sesv2", "send_email", arguments)

    def _recipients(self) -> list[str]:
        found = [each for each in map(str.strip, self.settings["to"].split(",")) if each]
        if not found or len(found) > MOST_RECIPIENTS or any("@" not in each for each in found):
            raise SettingsError(
                f"channels.{self.name}.to: expected 1 to {MOST_RECIPIENTS} addresses with commas between"
            )
        return found


def _data(words: str) -> dict[str, str]:
    return {"Data": words, "Charset": "UTF-8"}
