"""What `make deploy` says of an account that is too small."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.concurrency import warnings


class Account:
    """Lambda's answer about an account."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit

    def get_account_settings(self) -> dict[str, Any]:
        if self.limit is None:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetAccountSettings")
        return {"AccountLimit": {"ConcurrentExecutions": self.limit}}


def told(limit: int | None, **parameters: str) -> list[str]:
    return warnings(Account(limit), parameters)


def test_an_account_with_room_is_told_nothing() -> None:
    assert told(1000, PostsAtOnce="100", ReceiversAtOnce="200") == []


def test_a_new_account_is_told_what_would_fit_into_its_ten() -> None:
    (line,) = told(10, PostsAtOnce="100", ReceiversAtOnce="0")

    assert line.startswith("the account runs 10 functions at once")
    assert line.endswith("PostsAtOnce=4 would")
    assert told(10, PostsAtOnce="4", ReceiversAtOnce="0") == []


def test_a_reservation_that_aws_refuses_is_told_before_it_does() -> None:
    assert any("AWS refuses" in line for line in told(10, PostsAtOnce="2", ReceiversAtOnce="2"))


@pytest.mark.parametrize("parameters", [{}, {"Crm": "none"}])
def test_a_template_that_limits_nothing_is_not_asked_about(parameters: dict[str, str]) -> None:
    assert warnings(Account(None), parameters) == []


def test_who_may_not_ask_is_told_so_and_deploys_all_the_same() -> None:
    (line,) = told(None, PostsAtOnce="100")

    assert "not known" in line
