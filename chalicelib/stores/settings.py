"""The company's settings, kept as one JSON secret in AWS Secrets Manager."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.config import Company, company
from chalicelib.errors import EarshotError, SettingsError, Unavailable
from chalicelib.stores.failures import OPERATORS, code

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MAX_AGE_SECONDS = 300


class CompanySettings:
    """Reads the secret again when what is known is older than five minutes, so that a rotated one is noticed.

    `platforms` are the names there are: settings for another are refused.
    """

    def __init__(self, client: SecretsManagerClient, secret_id: str, platforms: Collection[str] | None = None) -> None:
        self._provider = SecretsProvider(boto3_client=client)
        self._secret_id = secret_id
        self._platforms = platforms
        self._known: Company | None = None

    def company(self) -> Company:
        """The settings as they are now, or as they were last known while Secrets Manager does not answer.

        Raises SettingsError when the secret is missing, forbidden or wrong (it quotes none of it), Unavailable when
        nothing is known yet and Secrets Manager does not answer.
        """
        try:
            self._known = self._read()
        except Unavailable:
            if self._known is None:
                raise
        return self._known

    def _read(self) -> Company:
        try:
            text = self._provider.get(self._secret_id, max_age=MAX_AGE_SECONDS)
        except GetParameterError as error:
            raise _told(error) from error
        try:
            data = json.loads(str(text))
        except ValueError:
            raise SettingsError("settings: the secret is not JSON") from None
        return company(data, self._platforms)


def _told(error: GetParameterError) -> EarshotError:
    cause = error.__context__
    if isinstance(cause, ClientError):
        kind = SettingsError if code(cause) in OPERATORS else Unavailable
        return kind(f"settings: {code(cause)}")
    if isinstance(cause, BotoCoreError):
        return Unavailable(f"settings: {type(cause).__name__}")
    return SettingsError("settings: the secret holds no text")
