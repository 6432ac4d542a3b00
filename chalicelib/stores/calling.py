"""AWS's services that tell people, called by name: what they answer, told by who must act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from chalicelib.errors import Refused, Unavailable
from chalicelib.stores.failures import code, told

# Of what SES and SNS answer with 400, what time heals.
PASSING = frozenset(
    {"LimitExceededException", "SendingPausedException", "Throttled", "Throttling", "ThrottlingException"}
    | {"ThrottledException", "TooManyRequestsException", "KMSThrottlingException", "RequestTimeout"}
)


class Caller:
    """Makes each client when it is first needed."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = client
        self._made: dict[str, Any] = {}

    def __call__(self, service: str, operation: str, arguments: Mapping[str, Any]) -> Any:
        """One operation. Raises Refused where it will never be taken, Unavailable, SettingsError."""
        if service not in self._made:
            self._made[service] = self._client(service)
        try:
            with told(service):
                return getattr(self._made[service], operation)(**arguments)
        except Unavailable as trouble:
            if _is_for_good(trouble.__cause__):
                raise Refused(str(trouble)) from trouble.__cause__
            raise


def _is_for_good(cause: BaseException | None) -> bool:
    if isinstance(cause, ParamValidationError):
        return True
    if not isinstance(cause, ClientError) or code(cause) in PASSING:
        return False
    return cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 400
