"""X's objects as posts: version 2 (Activity API, streams), version 1.1 (Account Activity), direct messages."""

from __future__ import annotations

from datetime import UTC, datetime

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.foreign import Foreign

PLATFORM = "x"
VERSION_1_TIME = "%a %b %d %H:%M:%S %z %Y"


def post(data: Foreign, includes: Foreign, kind: Kind, account: str | None) -> Post:
    """A post of version 2. Every edit is a post of its own; the first of its history names them all."""
    native = data.need_id("id")
    history = [version.as_id() for version in data.items("edit_history_tweet_ids")]
    first = history[0] if history and history[0] else native
    created, author = data.iso("created_at"), author_in(includes, data.id("author_id"))
    refers = _references(data)
    return Post(
        id=f"{PLATFORM}:{first}",
        platform=PLATFORM,
        kind=kind,
        action=Action.CREATE if native == first else Action.EDIT,
        text=_text(data),
        language=data.text("lang"),
        created_at=created,
        edited_at=None if native == first else created,
        permalink=_permalink(author, native),
        in_reply_to=refers.get("replied_to") or data.id("in_reply_to_tweet_id"),
        conversation_id=data.id("conversation_id"),
        account_id=account,
        media=_media(data, includes),
        quoted_text=_text_of(includes, refers.get("quoted")),
        parent_text=_text_of(includes, refers.get("replied_to")),
        author=author,
    )


def tweet(data: Foreign, account: str | None) -> Post:
    """A post of version 1.1, where `id` is rounded and `text` may be cut."""
    user = data.at("user")
    author = _author(user, user.id("id_str", "id"))
    native, parent = data.need_id("id_str", "id"), data.id("in_reply_to_status_id_str")
    own = Kind.POST if author.id is not None and author.id == account else Kind.MENTION
    long, extended = data.at("extended_tweet"), data.at("extended_entities")
    return Post(
        id=f"{PLATFORM}:{native}",
        platform=PLATFORM,
        kind=Kind.COMMENT if parent else own,
        text=_whole(data),
        language=data.text("lang"),
        created_at=_version_1_time(data),
        permalink=_permalink(author, native),
        in_reply_to=parent,
        conversation_id=parent or native,
        account_id=account,
        media=_pictures(long.at("extended_entities")) or _pictures(extended) or _pictures(data.at("entities")),
        quoted_text=_whole(data.at("quoted_status")),
        author=author,
    )


def deleted(native: str, author: Author, account: str | None, at: datetime | None = None) -> Post:
    """A post that is gone; X tells of its accounts' own deletions only."""
    return Post(
        id=f"{PLATFORM}:{native}",
        platform=PLATFORM,
        kind=Kind.POST,
        action=Action.DELETE,
        delivered_at=at,
        account_id=account,
        author=author,
    )


def message(event: Foreign, users: Foreign, account: str | None) -> Post:
    """A direct message; its conversation is the other party."""
    body = event.at("message_create")
    sender, recipient = body.id("sender_id"), body.at("target").id("recipient_id")
    content = body.at("message_data")
    picture = content.at("attachment").at("media").text("media_url_https")
    return Post(
        id=f"{PLATFORM}:{event.need_id('id')}",
        platform=PLATFORM,
        kind=Kind.DM,
        text=_plain(content.text("text")),
        created_at=event.milliseconds("created_timestamp"),
        conversation_id=recipient if sender == account else sender,
        account_id=account,
        media=(picture,) if picture else (),
        author=_author(users.under(sender), sender) if sender else Author(),
    )


def is_repost(data: Foreign) -> bool:
    """Whether somebody only passed on another's words."""
    return "retweeted" in _references(data)


def author_in(includes: Foreign, user_id: str | None) -> Author:
    """The author with what the delivery includes about them, if anything."""
    known = (user for user in map(_bare, includes.items("users")) if user.id("id") == user_id)
    return _author(next(known, Foreign(None)), user_id)


def _author(user: Foreign, user_id: str | None) -> Author:
    user = _bare(user)
    counted = user.at("public_metrics").whole("followers_count")
    return Author(
        id=user_id,
        handle=user.text("username") or user.text("screen_name"),
        name=user.text("name"),
        followers=user.whole("followers_count") if counted is None else counted,
        verified=user.flag("verified"),
    )


def _bare(user: Foreign) -> Foreign:
    """Users come bare or wrapped in `data`."""
    return user.at("data") if user.has("data") else user


def _references(data: Foreign) -> dict[str | None, str | None]:
    return {reference.text("type"): reference.id("id") for reference in data.items("referenced_tweets")}


def _text(data: Foreign) -> str | None:
    return _plain(data.at("note_tweet").text("text") or data.text("text"))


def _whole(data: Foreign) -> str | None:
    """The text of version 1.1, which is cut where a longer one stands beside it."""
    return _plain(data.at("extended_tweet").text("full_text") or data.text("full_text") or data.text("text"))


def _plain(text: str | None) -> str | None:
    """X escapes these three, and no others, in every text (https://github.com/FxEmbed/FxEmbed/issues/24)."""
    return text and text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _text_of(includes: Foreign, post_id: str | None) -> str | None:
    found = (item for item in includes.items("tweets") if post_id and item.id("id") == post_id)
    return _text(next(found, Foreign(None)))


def _media(data: Foreign, includes: Foreign) -> tuple[str, ...]:
    media = includes.items("media")
    shown = {item.id("media_key"): item.text("url") or item.text("preview_image_url") for item in media}
    keys = (key.as_id() for key in data.at("attachments").items("media_keys"))
    return tuple(url for url in map(shown.get, keys) if url)


def _pictures(entities: Foreign) -> tuple[str, ...]:
    return tuple(filter(None, (item.text("media_url_https") for item in entities.items("media"))))


def _permalink(author: Author, native: str) -> str:
    return f"https://x.com/{author.handle or 'i'}/status/{native}"


def _version_1_time(data: Foreign) -> datetime | None:
    written = data.text("created_at")
    if written is None:
        return data.milliseconds("timestamp_ms")
    try:
        return datetime.strptime(written, VERSION_1_TIME).astimezone(UTC)
    except (ValueError, OverflowError):
        raise data.at("created_at").wrong("a time like Thu Nov 15 23:31:30 +0000 2018") from None
