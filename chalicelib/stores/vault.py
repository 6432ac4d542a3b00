"""The company's settings as they lie in AWS Secrets Manager, for people who change them. No error quotes any."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.errors import SettingsError
from chalicelib.stores.failures import told

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MOST_BYTES = 65_536  # https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html


class Vault:
    """One secret. Every method raises SettingsError when it is missing or forbidden, Unavailable when AWS is."""

    def __init__(self, client: SecretsManagerClient, secret_id: str) -> None:
        self._client = client
        self._secret_id = secret_id

    def read(self) -> dict[str, Any]:
        """What holds now. Raises SettingsError when that is no JSON object."""
        with told("settings"):
            text = self._client.get_secret_value(SecretId=self._secret_id).get("SecretString", "")
        try:
            data = json.loads(text)
        except ValueError:
            raise SettingsError("settings: the secret is not JSON") from None
        if not isinstance(data, dict):
            raise SettingsError("settings: the secret is not a JSON object")
        return data

    def write(self, data: dict[str, Any]) -> None:
        """What holds from now on; AWS keeps what held before, under AWSPREVIOUS."""
        text = json.dumps(data, ensure_ascii=False)
        if len(text.encode()) > MOST_BYTES:
            raise SettingsError(f"settings: more than {MOST_BYTES} bytes; Secrets Manager takes no more in one secret")
        with told("settings"):
            self._client.put_secret_value(SecretId=self._secret_id, SecretString=text)

    def swap(self) -> None:
        """What held before holds again, and the other way round. Raises SettingsError when nothing did."""
        with told("settings"):
            versions = self._client.describe_secret(SecretId=self._secret_id)["VersionIdsToStages"]
        found = {label: version for version, labels in versions.items() for label in labels}
        if "AWSPREVIOUS" not in found:
            raise SettingsError("settings: they were never changed, so there is nothing to go back to")
        with told("settings"):
            self._client.update_secret_version_stage(
                SecretId=self._secret_id,
                VersionStage="AWSCURRENT",
                MoveToVersionId=found["AWSPREVIOUS"],
                RemoveFromVersionId=found["AWSCURRENT"],
            )
