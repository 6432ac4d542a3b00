"""Authors and customers as Zendesk's end users: https://developer.zendesk.com/api-reference/ticketing/users/users/"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.crm.handles import handles
from chalicelib.crm.rendering import named
from chalicelib.crm.rest import JsonRest
from chalicelib.crm.zendesk_rest import number
from chalicelib.model import Customer, Entry, Finding, Profile


def requester(rest: JsonRest, entry: Entry) -> int | None:
    """The author as an end user, kept by our profile key; a customer that is linked takes its place.

    None where nobody knows who wrote it: Zendesk then takes our own user. Raises Refused, Unavailable.
    """
    if entry.customer:
        return number(entry.customer)
    if entry.profile is None:
        return None
    user = {"name": named(entry.profile.author), "external_id": entry.profile.key, "skip_verify_email": True}
    answer = rest.send("POST", "/api/v2/users/create_or_update", {"user": user})
    return int(rest.read(answer)["user"]["id"])


def customers(rest: JsonRest, field: str, profile: Profile) -> list[Customer]:
    """End users in whose own field stands one of the profile's handles. Raises Unavailable."""
    numbers = [one for text in handles(profile) for one in _numbers(rest, field, text)]
    return [Customer(one, f"user.{field}") for one in dict.fromkeys(numbers)]


def our_user(rest: JsonRest, only_admin: bool = False) -> Iterator[Finding]:
    """Whether our user is known and may do its work; a stranger is told of an anonymous user without a number."""
    user = rest.read(rest.look("/api/v2/users/me"))["user"]
    is_known, is_admin = user.get("id") is not None, user.get("role") == "admin"
    yield Finding("the token is accepted", is_known, "make an API token in Admin Center, and give its user's e-mail")
    if only_admin:
        yield Finding(
            "the token's user is an administrator", is_known and is_admin, "push with an administrator's token"
        )
        return
    is_agent = is_known and user.get("role") in ("agent", "admin")
    yield Finding("the token's user is an agent", is_agent, "give the user an agent's role")
    keeps = is_agent and (is_admin or bool(user.get("custom_role_id")))
    remedy = "make it an administrator, or give it a custom role that may manage end users"
    yield Finding("the token's user may keep end users", keeps, remedy)


def _numbers(rest: JsonRest, field: str, text: str) -> list[str]:
    query = f'{field}:"{text.replace(chr(34), " ")}"'
    users = rest.read(rest.look("/api/v2/users/search", {"query": query}))["users"]
    # a search finds words; only the very same text tells who it is
    same = [user for user in users if str((user.get("user_fields") or {}).get(field)).casefold() == text.casefold()]
    return [str(user["id"]) for user in same]
