"""What `earshot crm check roundup` looks at: the login, and the properties and names that the adapter uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from chalicelib.crm.roundup_rest import RoundupRest
from chalicelib.errors import Unavailable
from chalicelib.model import Finding


def our_user(rest: RoundupRest, user: str) -> Iterator[Finding]:
    """Whether the password is accepted and our user is seen. Raises Unavailable."""
    is_there = rest.find("user", "username", user) is not None
    yield Finding("the user and its password are accepted", is_there, "let it see its own record (role User)")


def property_there(rest: RoundupRest, name: str) -> Iterator[Finding]:
    """Whether issues have a property: Roundup answers 400 to a search by one that it does not have."""
    remedy = "add it to issue in the tracker's schema.py, or correct the name in the settings"
    what = f"issue has the property {name}"
    try:
        rest.find("issue", name, "-1")
    except Unavailable as trouble:
        if trouble.retry_after or name not in trouble.words:
            raise
        yield Finding(what, False, remedy)
    else:
        yield Finding(what, True)


def statuses_there(rest: RoundupRest, asked: Collection[str]) -> Iterator[Finding]:
    """Whether the tracker has the statuses that are given a meaning. Raises Unavailable."""
    there = set(rest.names("status"))
    for name in sorted(asked):
        yield Finding(f"the tracker has the status {name}", name in there, "correct `statuses` or `reopened_status`")


def assignees_there(rest: RoundupRest, asked: Collection[str]) -> Iterator[Finding]:
    """Whether those whom teams are given to in the mapping are users. Raises Unavailable."""
    for name in sorted(asked):
        is_there = rest.find("user", "username", name) is not None
        yield Finding(f"the tracker has the user {name}", is_there, "make it, or correct `teams` in rules/crm.yml")
