"""The company's settings, kept as one JSON secret in AWS Secrets Manager."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.config import Company, company
from chalicelib.errors import EarshotError, SettingsError, Unavailable
from chalicelib.log import Log
from chalicelib.stores.failures import OPERATORS, code

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from chalicelib.stores.wire import Wire

MAX_AGE_SECONDS = 300
RETRY_SECONDS = 30  # what is known serves meanwhile; not every delivery is to wait for a service that is down


class CompanySettings:
    """Reads the secret again when what is known is older than five minutes, so that a rotated one is noticed.

    `platforms` are the names there are: settings for another are refused.
    """

    def __init__(
        self,
        client: SecretsManagerClient | Wire,
        secret_id: str,
        platforms: Collection[str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._secret_id = secret_id
        self._platforms = platforms
        self._monotonic = monotonic
        self._known: Company | None = None
        self._good_until = 0.0

    def company(self) -> Company:
        """The settings as they are now, or as they were last known while Secrets Manager does not answer; what is wrong
        with one platform or CRM is told in the log each time they are read.

        Raises SettingsError when the secret is missing, forbidden or wrong (it quotes none of it), Unavailable when
        nothing is known yet and Secrets Manager does not answer.
        """
        now = self._monotonic()
        if self._known is not None and now < self._good_until:
            return self._known
        try:
            self._known, self._good_until = self._read(), now + MAX_AGE_SECONDS
        except Unavailable:
            if self._known is None:
                raise
            self._good_until = now + RETRY_SECONDS
        return self._known

    def _read(self) -> Company:
        try:
            text = self._client.get_secret_value(SecretId=self._secret_id).get("SecretString")
        except (ClientError, BotoCoreError) as error:
            raise _told(error) from error
        if text is None:
            raise SettingsError("settings: the secret holds no text")
        try:
            data = json.loads(text)
        except ValueError:
            raise SettingsError("settings: the secret is not JSON") from None
        found = company(data, self._platforms)
        for why in found.wrong.values():
            Log("earshot").error("settings.wrong", why=why)
        return found


def _told(error: ClientError | BotoCoreError) -> EarshotError:
    if isinstance(error, ClientError):
        kind = SettingsError if code(error) in OPERATORS else Unavailable
        return kind(f"settings: {code(error)}")
    return Unavailable(f"settings: {type(error).__name__}")
