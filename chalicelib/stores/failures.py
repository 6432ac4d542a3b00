"""What AWS answers, told as our own errors, by who must act. Messages name AWS's error code and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from chalicelib.errors import SettingsError, Unavailable

# Nothing that time heals: the table, the queue or the permission is missing.
OPERATORS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AWS.SimpleQueueService.NonExistentQueue",
        "InvalidClientTokenId",
        "NotFound",
        "NotFoundException",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
        "UnrecognizedClientException",
    }
)


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turn AWS's errors inside the block into SettingsError (an operator must act) or Unavailable (time must).

    A code that is on no list is Unavailable too: what asked is tried again and ends in a dead-letter queue, not lost.
    """
    try:
        yield
    except ClientError as error:
        answered = code(error)
        kind = SettingsError if answered in OPERATORS else Unavailable
        raise kind(f"{what}: {answered}") from error
    except (NoCredentialsError, NoRegionError) as error:
        raise SettingsError(f"{what}: {type(error).__name__}") from error
    except BotoCoreError as error:
        raise Unavailable(f"{what}: {type(error).__name__}") from error


def code(error: ClientError) -> str:
    """AWS's name for what went wrong."""
    return error.response.get("Error", {}).get("Code", "unknown")


def reasons(error: ClientError) -> list[str]:
    """Why a transaction was cancelled: one code for each of its actions, in their order.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """
    return [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]
