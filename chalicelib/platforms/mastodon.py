"""Mastodon: an instance's admin webhook for statuses and reports. There is no event for a deleted status.

https://docs.joinmastodon.org/admin/webhooks/
"""

from __future__ import annotations

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import BasePlatform, Reading
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.markup import text_of
from chalicelib.signature import Scheme

STATUS = {"status.created": Action.CREATE, "status.updated": Action.EDIT}


class Mastodon(BasePlatform):
    """The header is named as WebSub's, its value is SHA-256 (mastodon/app/workers/webhooks/delivery_worker.rb)."""

    name = "mastodon"
    scheme = Scheme(header="x-hub-signature", prefix="sha256=")

    def posts(self, body: Foreign) -> Reading:
        """One event a body. An instance's custom template may lack what we need: that is a BadPayload."""
        event = body.need_text("event")
        if event in STATUS:
            yield self._status(body, body.at("object"), STATUS[event])
        elif event == "report.created":
            yield self._report(body, body.at("object"))

    def _status(self, body: Foreign, status: Foreign, action: Action) -> Post:
        account = status.at("account")
        return Post(
            id=self.id_of(status.need_id("id")),
            platform=self.name,
            kind=self._kind(status),
            action=action,
            text=_text(status),
            language=status.text("language"),
            created_at=status.iso("created_at"),
            edited_at=status.iso("edited_at"),
            delivered_at=body.iso("created_at"),
            permalink=status.text("url") or status.text("uri"),
            in_reply_to=status.id("in_reply_to_id"),
            conversation_id=status.id("in_reply_to_id"),
            is_self=self._is_ours(account),
            media=tuple(filter(None, map(_file, status.items("media_attachments")))),
            quoted_text=_text(status.at("quote").at("quoted_status")),
            author=_author(account),
        )

    def _report(self, body: Foreign, report: Foreign) -> Post:
        """A complaint about an account. The reporter's e-mail and IP addresses end here."""
        reporter = report.at("account")
        statuses = report.items("statuses")
        return Post(
            id=self.id_of(report.need_id("id")),
            platform=self.name,
            kind=Kind.REPORT,
            text=report.text("comment"),
            created_at=report.iso("created_at"),
            delivered_at=body.iso("created_at"),
            conversation_id=statuses[0].id("id") if statuses else None,
            is_self=self._is_ours(reporter),
            author=Author(id=reporter.id("id"), handle=reporter.text("username")),
        )

    def _kind(self, status: Foreign) -> Kind:
        if status.has("reblog"):
            return Kind.REPOST
        if status.has("in_reply_to_id"):
            return Kind.COMMENT
        mentioned = (mention.text("acct") for mention in status.items("mentions"))
        return Kind.MENTION if any(map(self.is_our_handle, mentioned)) else Kind.POST

    def _is_ours(self, account: Foreign) -> bool | None:
        native, handle = account.id("id"), account.id("acct", "username")
        if native is None and handle is None:
            return None
        return self.is_our_handle(handle) or not self.settings.accounts.isdisjoint({native, handle})


def _author(account: Foreign) -> Author:
    return Author(
        id=account.id("id"),
        handle=account.text("acct") or account.text("username"),
        name=account.text("display_name") or None,
        followers=account.whole("followers_count"),
    )


def _text(status: Foreign) -> str | None:
    """The content under its warning, if it has one: people put the subject of a complaint there."""
    content, warning = status.text("content"), status.text("spoiler_text")
    if content is None:
        return warning or None
    return f"{warning}\n{text_of(content)}" if warning else text_of(content)


def _file(attachment: Foreign) -> str | None:
    return attachment.text("url") or attachment.text("remote_url")
