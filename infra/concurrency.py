"""Whether an account may run as many functions at once as a stage asks for: told before it is deployed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

# For the clock, for a shard or two of the stream with two readers each, and for receiving where nothing is reserved.
OTHERS = 6
UNRESERVED = 10  # no account may have fewer; one with a limit of its own must leave a hundred


def warnings(lambda_: Any, parameters: Mapping[str, str]) -> list[str]:
    """One line for what the account is too small for; nothing where a template does not say."""
    if not parameters.get("PostsAtOnce"):
        return []
    try:
        limit = int(lambda_.get_account_settings()["AccountLimit"]["ConcurrentExecutions"])
    except (ClientError, BotoCoreError) as error:
        return [f"how many functions the account may run at once is not known: {error}"]
    posts, receivers = int(parameters["PostsAtOnce"]), int(parameters.get("ReceiversAtOnce") or 0)
    told = []
    if posts + receivers + OTHERS > limit:
        fits = max(limit - receivers - OTHERS, 2)
        told.append(
            f"the account runs {limit} functions at once: deciding takes {posts} (PostsAtOnce), receiving {receivers} "
            f"(ReceiversAtOnce), so that a wave of posts may leave none to the rest; PostsAtOnce={fits} would"
        )
    if receivers and limit - receivers < UNRESERVED:
        told.append(
            f"ReceiversAtOnce={receivers} leaves fewer than {UNRESERVED} of the account's {limit} unreserved, which "
            "AWS refuses: take 0, or ask for more (Service Quotas, Lambda, Concurrent executions)"
        )
    return told
