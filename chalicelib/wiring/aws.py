"""What AWS is asked by: boto3 for queues, the thin client for table and settings (docs/adr/0003, docs/adr/0007)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.errors import SettingsError

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.session import Session as CoreSession

    from chalicelib.config import Environment
    from chalicelib.stores.wire import Patience, Wire


class Aws:
    """One process's clients, all with the same credentials."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def client(self, service: str) -> Any:
        """A boto3 client. Raises SettingsError."""
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        # Standard retries draw on a token bucket, so an outage is not answered with a storm of our own.
        patience = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 3})
        try:
            return self._session.client(service, config=patience)  # type: ignore[call-overload]
        except BotoCoreError as error:  # no region, no such profile
            raise SettingsError(f"{service}: {error}") from error

    def wire(self, patience: Patience | None = None) -> Wire:
        """A client of the table."""
        from chalicelib.stores.wire import PATIENT, Wire, endpoint_of

        region, endpoint = self._environment.region, self._environment.endpoint
        return Wire(endpoint or endpoint_of(region), region, self._credentials, patience=patience or PATIENT)

    def settings_wire(self) -> Wire:
        """A client of Secrets Manager for what every function asks first: boto3's costs a fifth of a cold start."""
        from chalicelib.stores.wire import Wire, endpoint_of

        region, endpoint = self._environment.region, self._environment.secrets_endpoint
        name = "secretsmanager"
        return Wire(
            endpoint or endpoint_of(region, name), region, self._credentials, service=name, target=name, version="1.1"
        )

    @cached_property
    def _credentials(self) -> Any:
        """From the environment, where Lambda puts them, as botocore itself looks there first; else by its whole chain,
        which a session brings: a seventh of the start of a function that needs no client of boto3's."""
        from botocore.credentials import EnvProvider

        return EnvProvider().load() or self._core.get_credentials()

    @cached_property
    def _core(self) -> CoreSession:
        from botocore.session import get_session

        return get_session()

    @cached_property
    def _session(self) -> Session:
        from boto3.session import Session

        return Session(botocore_session=self._core)
