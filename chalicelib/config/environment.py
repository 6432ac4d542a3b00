"""What the functions are told by their environment. All read at cold start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.errors import SettingsError

CRMS = (
    "none",
    "webhook",
    "roundup",
    "zendesk",
    "espocrm",
    "request-tracker",
    "dataverse",
    "salesforce",
    "hubspot",
    "odoo",
    "zendesk-channel",
    "bottlecrm",
)
ENGINES = ("durable", "plain")


@dataclass(frozen=True, slots=True)
class Environment:
    """What the functions are told by their environment."""

    stage: str
    table: str
    posts_queue: str
    parked_queue: str
    secret: str
    region: str
    endpoint: str | None  # the table's, where it is not AWS's public one
    secrets_endpoint: str | None
    crm: str
    engine: str
    oldest_post: timedelta
    owed_patience: timedelta
    sample: float
    rulebook_age: timedelta
    memory: int
    notices_file: str | None


def environment(env: Mapping[str, str]) -> Environment:
    """The environment of a function. Raises SettingsError naming every variable that is missing or wrong."""
    needed = ("EARSHOT_TABLE", "EARSHOT_POSTS_QUEUE", "EARSHOT_PARKED_QUEUE", "EARSHOT_SECRET")
    missing = [name for name in needed if not env.get(name)]
    if missing:
        raise SettingsError(f"not set: {', '.join(missing)}")
    return Environment(
        stage=env.get("EARSHOT_STAGE", "dev"),
        table=env["EARSHOT_TABLE"],
        posts_queue=env["EARSHOT_POSTS_QUEUE"],
        parked_queue=env["EARSHOT_PARKED_QUEUE"],
        secret=env["EARSHOT_SECRET"],
        region=env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or "us-east-1",
        endpoint=env.get("AWS_ENDPOINT_URL_DYNAMODB") or env.get("AWS_ENDPOINT_URL") or None,
        secrets_endpoint=env.get("AWS_ENDPOINT_URL_SECRETS_MANAGER") or env.get("AWS_ENDPOINT_URL") or None,
        crm=_one_of(env, "EARSHOT_CRM", CRMS),
        engine=_one_of(env, "EARSHOT_ENGINE", ENGINES),
        oldest_post=timedelta(days=_number(env, "EARSHOT_OLDEST_POST_DAYS", 14)),
        owed_patience=timedelta(seconds=_number(env, "EARSHOT_OWED_PATIENCE_SECONDS", 300)),
        sample=_number(env, "EARSHOT_SAMPLE_PERCENT", 1) / 100,
        rulebook_age=timedelta(seconds=_number(env, "EARSHOT_RULEBOOK_AGE_SECONDS", 15)),
        memory=int(_number(env, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 512)),  # in MB
        notices_file=env.get("EARSHOT_NOTICES_FILE") or None,
    )


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = env.get(name) or choices[0]
    if value not in choices:
        raise SettingsError(f"{name}: expected one of {', '.join(choices)}")
    return value


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(env.get(name) or default)
    except ValueError:
        raise SettingsError(f"{name}: expected a number") from None
    if not 0 <= value < 36500:  # also refuses NaN
        raise SettingsError(f"{name}: expected a number from 0 to 36500")
    return value
