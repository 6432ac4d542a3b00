"""Webhook bodies of a made-up company's week: the platforms' shapes, our own words, times close to now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

Body = dict[str, Any]

PAGE = "100200300400"  # Acme's page on Facebook
ACME_ON_X = "7000000000000000001"
ACME_ON_MASTODON = "42"
REVIEWER_ON_YOUTUBE = "UCdemoreviewer0000000001"

SETTINGS: dict[str, Any] = {
    "platforms": {
        "facebook": {
            "secrets": ["demo-facebook-app-secret"],
            "verify_token": "demo-verify-token",
            "accounts": [PAGE],
            "handles": ["acme"],
        },
        "x": {"secrets": ["demo-x-consumer-secret"], "accounts": [ACME_ON_X], "handles": ["acme"]},
        "mastodon": {"secrets": ["demo-mastodon-secret"], "accounts": [ACME_ON_MASTODON], "handles": ["acme"]},
        "messenger": {"secrets": ["demo-messenger-app-secret"], "verify_token": "demo-messenger-verify-token"},
        "instagram": {"secrets": ["demo-instagram-app-secret"], "verify_token": "demo-instagram-verify-token"},
        "whatsapp": {"secrets": ["demo-whatsapp-app-secret"], "verify_token": "demo-whatsapp-verify-token"},
        "threads": {"secrets": ["demo-threads-app-secret"], "verify_token": "demo-threads-verify-token"},
        "telegram": {"secrets": ["demo-telegram-secret-token"]},
        "line": {"secrets": ["demo-line-channel-secret"]},
        "viber": {"secrets": ["demo-viber-auth-token"]},
        "slack": {"secrets": ["demo-slack-signing-secret"]},
        "linkedin": {"secrets": ["demo-linkedin-client-secret"]},
        "tiktok": {"secrets": ["demo-tiktok-client-secret"]},
        "trustpilot": {"secrets": ["demo-trustpilot-secret"]},
        "youscan": {"secrets": ["demo-youscan-secret"]},
        "google-business": {"secrets": ["demo-google-business-secret"]},
        "chatwoot": {"secrets": ["demo-chatwoot-webhook-secret"]},
        "bluesky": {"secrets": ["whsec_ZGVtby1ibHVlc2t5LWJyaWRnZS1zZWNyZXQ="]},
        "discord": {"secrets": [f"seed:{'0f' * 32}"]},  # both keys, so that `earshot send` can sign
        "youtube": {
            "secrets": ["demo-youtube-hub-secret"],
            "verify_token": "demo-youtube-verify-token",
            "follows": [REVIEWER_ON_YOUTUBE],
        },
        "cloudevents": {"secrets": ["demo-cloudevents-token"], "origins": ["events.example"]},
        "standard-webhooks": {
            "secrets": ["whsec_ZGVtby1zdGFuZGFyZC13ZWJob29rcy1zZWNyZXQ="],
            "accounts": ["acme"],
            "handles": ["acme"],
        },
    },
    "crms": {},
}


def ago(minutes: float, now: datetime | None = None) -> datetime:
    """An instant that many minutes back, in whole seconds as the platforms send them."""
    return (now or datetime.now(UTC)).replace(microsecond=0) - timedelta(minutes=minutes)


def facebook_comment(
    number: int, who: tuple[str, str] | None, text: str | None, at: datetime, *, verb: str = "add", post: int = 1
) -> Body:
    """One comment on the page's post `post`; `who` is (id, name), withheld when None."""
    value: Body = {
        "item": "comment",
        "verb": verb,
        "comment_id": f"{post}_{number}",
        "post_id": f"{PAGE}_{post}",
        "parent_id": f"{PAGE}_{post}",
        "created_time": int(at.timestamp()),
    }
    if who:
        value["from"] = {"id": who[0], "name": who[1]}
    if text is not None:
        value["message"] = text
    return facebook([value], at)


def facebook(values: list[Body], at: datetime) -> Body:
    """One delivery of the page's feed with several changes."""
    changes = [{"field": "feed", "value": value} for value in values]
    return {"object": "page", "entry": [{"id": PAGE, "time": int(at.timestamp()), "changes": changes}]}


def x_post(
    kind: str, number: int, who: tuple[str, str], text: str, at: datetime, *, answers: int | None = None
) -> Body:
    """An X Activity API event (`mention`, `reply`, ...); `who` is (id, handle)."""
    payload: Body = {
        "id": str(number),
        "text": text,
        "author_id": who[0],
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "conversation_id": str(answers or number),
        "edit_history_tweet_ids": [str(number)],
        "lang": "en",
    }
    if answers:
        payload["referenced_tweets"] = [{"type": "replied_to", "id": str(answers)}]
        payload["in_reply_to_user_id"] = ACME_ON_X
    user = {"id": who[0], "username": who[1], "name": who[1].title(), "verified": False}
    return {
        "data": {
            "event_uuid": str(number),
            "event_type": f"post.{kind}.create",
            "filter": {"user_id": ACME_ON_X},
            "payload": payload,
            "includes": {"users": [{**user, "public_metrics": {"followers_count": 120}}]},
        }
    }


def x_like(number: int, who: tuple[str, str]) -> Body:
    """Somebody likes a post of ours: nothing to decide."""
    filters = {"user_id": ACME_ON_X}
    return {
        "data": {
            "event_uuid": str(number),
            "event_type": "like.create",
            "filter": filters,
            "payload": {"id": str(number), "liker": {"id": who[0]}},
        }
    }


def x_dm(number: int, who: tuple[str, str], text: str, at: datetime) -> Body:
    """A direct message to us."""
    message = {
        "type": "message_create",
        "id": str(number),
        "created_timestamp": str(int(at.timestamp() * 1000)),
        "message_create": {
            "target": {"recipient_id": ACME_ON_X},
            "sender_id": who[0],
            "message_data": {"text": text},
        },
    }
    users = {who[0]: {"data": {"id": who[0], "username": who[1], "name": who[1].title()}}}
    return {
        "data": {
            "event_uuid": f"-{number}",
            "event_type": "dm.received",
            "filter": {"user_id": ACME_ON_X},
            "payload": {"direct_message_events": [message], "users": users},
        }
    }


def mastodon_status(
    number: int,
    who: tuple[str, str],
    html: str,
    at: datetime,
    *,
    edited: datetime | None = None,
    reblog: Body | None = None,
) -> Body:
    """A status, new or edited; `who` is (id, acct)."""
    handle = who[1].partition("@")[0]
    return {
        "event": "status.updated" if edited else "status.created",
        "created_at": (edited or at).isoformat(),
        "object": {
            "id": str(number),
            "created_at": at.isoformat(),
            "edited_at": edited.isoformat() if edited else None,
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "visibility": "public",
            "language": "en",
            "url": f"https://social.example/@{handle}/{number}",
            "content": html,
            "reblog": reblog,
            "media_attachments": [],
            "account": {
                "id": who[0],
                "username": handle,
                "acct": who[1],
                "display_name": handle.title(),
                "url": f"https://social.example/@{handle}",
                "followers_count": 77,
            },
        },
    }


def envelope(kind: str, posts: list[Body], at: datetime) -> Body:
    """A delivery to the generic endpoint: `post.created`, `post.updated` or `post.deleted` with posts as Post JSON."""
    return {"type": kind, "timestamp": at.isoformat(), "data": posts}


def plain_post(number: int, who: tuple[str, str], text: str | None, at: datetime, **more: Any) -> Body:
    """Post JSON as a review site or a forum bridge would send it."""
    post: Body = {
        "id": f"forum:{number}",
        "platform": "forum",
        "kind": "mention",
        "language": "en",
        "created_at": at.isoformat(),
        "permalink": f"https://forum.example/p/{number}",
        "account_id": "acme",
        "conversation_id": f"thread-{number}",
        "author": {"id": who[0], "handle": who[1], "name": who[1].title()},
        **more,
    }
    if text is not None:
        post["text"] = text
    return post
