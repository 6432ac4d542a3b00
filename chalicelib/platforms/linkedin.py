"""LinkedIn: what people do with an organization's posts.

https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-social-action-notifications
"""

from __future__ import annotations

import json
import re

from chalicelib.errors import BadHandshake
from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import BasePlatform, Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.signature import Scheme, plain_key

TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
COMMENTED = {
    "COMMENT": Action.CREATE,
    "ADMIN_COMMENT": Action.CREATE,
    "COMMENT_EDIT": Action.EDIT,
    "COMMENT_DELETE": Action.DELETE,
}
SHARED = {"SHARE": Kind.REPOST, "SHARE_MENTION": Kind.MENTION}
CHALLENGE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII | re.I)
CHILD = re.compile(r"app:([0-9]{1,20}):(.*)", re.ASCII | re.S)  # a child application's secret: `app:<id>:<secret>`


def child_key(secret: str) -> bytes:
    """A secret's own bytes, without the child application that it is for."""
    child = CHILD.fullmatch(secret)
    return plain_key(child[2] if child else secret)


class LinkedIn(BasePlatform):
    """The prefix is signed with the body and is not in the header."""

    name = "linkedin"
    scheme = Scheme(header="x-li-signature", ahead="hmacsha256=", key=child_key)

    def handshake(self, request: WebhookRequest) -> Reply:
        """Sign the challenge, a random UUID (learn.microsoft.com/linkedin/shared/api-guide/webhook-validation).

        Raises BadHandshake. The answer is made with the key of deliveries, so anybody can have a text signed by
        asking: nothing but a UUID is, and no delivery is one.
        """
        code = request.query.get("challengeCode", "")
        if CHALLENGE.fullmatch(code) is None:
            raise BadHandshake("linkedin: challengeCode is not one")
        keys = [key for key in map(self.scheme.key, self._secrets_of(request.query.get("applicationId"))) if key]
        if not keys:
            raise BadHandshake("linkedin: no client secret is set")
        answer = self.scheme.signature(keys[0], code.encode()).decode()
        signed = json.dumps({"challengeCode": code, "challengeResponse": answer})
        return Reply(200, signed, {"content-type": "application/json"})

    def _secrets_of(self, application: str | None) -> list[str]:
        """Those of the child application that LinkedIn names; where it has none of its own, the parent's."""
        found = [(CHILD.fullmatch(secret), secret) for secret in self.settings.secrets]
        own = [secret for child, secret in found if child and child[1] == application]
        return own or [secret for child, secret in found if child is None]

    def posts(self, body: Foreign) -> Reading:
        """Every notification of the delivery; likes give none."""
        if body.need_text("type") == TYPE:
            yield from each(body.items("notifications"), self._notification)

    def _notification(self, notification: Foreign) -> Reading:
        done = notification.need_text("action")
        if done in COMMENTED:
            yield self._comment(notification, done, COMMENTED[done])
        elif done in SHARED:
            yield self._share(notification, SHARED[done])

    def _comment(self, notification: Foreign, done: str, action: Action) -> Post:
        comment = notification.at("decoratedGeneratedActivity").at("comment")
        source, at = notification.id("sourcePost"), notification.milliseconds("lastModifiedAt")
        author, account = comment.id("owner"), notification.need_id("organizationalEntity")
        is_gone = action is Action.DELETE
        return Post(
            id=self.id_of(_urn(comment, notification)),
            platform=self.name,
            kind=Kind.COMMENT,
            action=action,
            text=None if is_gone else _text(comment),
            created_at=None if is_gone else at,
            edited_at=at if action is Action.EDIT else None,
            delivered_at=at if is_gone else None,
            permalink=_permalink(notification, source),
            in_reply_to=comment.id("object") or source,
            conversation_id=source or comment.id("object"),
            account_id=account,
            is_self=True if done == "ADMIN_COMMENT" else self.is_ours(author, account),
            parent_text=_source_text(notification),
            author=Author(id=author),
        )

    def _share(self, notification: Foreign, kind: Kind) -> Post:
        share = notification.at("decoratedGeneratedActivity").at("share")
        author, account, urn = (
            share.id("owner"),
            notification.need_id("organizationalEntity"),
            _urn(share, notification),
        )
        return Post(
            id=self.id_of(urn),
            platform=self.name,
            kind=kind,
            text=_text(share),
            created_at=notification.milliseconds("lastModifiedAt"),
            permalink=f"https://www.linkedin.com/feed/update/{urn}",
            conversation_id=urn,
            account_id=account,
            is_self=self.is_ours(author, account),
            quoted_text=_source_text(notification),
            author=Author(id=author),
        )


def _text(said: Foreign) -> str | None:
    """Under `message`, or flat."""
    return said.at("message").text("text") or said.text("text")


def _source_text(notification: Foreign) -> str | None:
    return notification.at("decoratedSourcePost").text("text")


def _urn(said: Foreign, notification: Foreign) -> str:
    """The one spelling of a comment's two: `generatedActivity` leaves `urn:li:` out within the parentheses."""
    urn = said.id("entity") or notification.need_id("generatedActivity")
    return urn.replace("(activity:", "(urn:li:activity:").replace("(ugcPost:", "(urn:li:ugcPost:")


def _permalink(notification: Foreign, source: str | None) -> str | None:
    """A page shows the source post; one that LinkedIn could not decorate it may not show at all."""
    shown = source and notification.has("decoratedSourcePost")
    return f"https://www.linkedin.com/feed/update/{source}" if shown else None
