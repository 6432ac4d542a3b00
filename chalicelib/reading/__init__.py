"""A post and what is known beside it, read into the facts that rules ask about."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from string import ascii_lowercase, ascii_uppercase
from typing import cast

from chalicelib.model import Context, Facts, Kind, Post, Value
from chalicelib.reading.heard import Heard, heard
from chalicelib.reading.language import told
from chalicelib.reading.question import asks
from chalicelib.reading.signals import Form
from chalicelib.reading.thread import depth
from chalicelib.words import LINK, bare_words, fold, stream

SHOUTING_SHARE = 0.7
SHOUTING_LETTERS = 8
SHOUTING_SAMPLE = 1000
_CAPITALS, _SMALL = ascii_uppercase.encode(), ascii_lowercase.encode()
_HANDLES = re.compile(r" @(\S+)")
AT = ("@", "\uff20")
# How firms call the accounts that answer customers: AcmeHelp, Ask_Acme, AcmeCares, acmecustserv.
HELP_DESKS = ("support", "help", "care", "custserv", "custsvc", "customerserv", "customersvc", "service", "assist")


def read(post: Post, context: Context) -> Facts:
    """Everything rules may ask about this post. What is not known is left out: a rule's line then answers unknown."""
    values = {name: value for name, value in _known(post, context) if value is not None}
    because: Mapping[str, tuple[str, ...]] = {}
    if post.text is not None:
        sounds = _sounds(post.text, post, values)
        values, because = {**sounds.facts, **values}, sounds.because
    else:
        values |= {"language": named} if (named := told(post.language)) else {}
    if (whole := _over_the_conversation({**values, **context.sounds}.get("sentiment"), context)) is not None:
        values["conversation sentiment"] = whole
    values |= context.sounds
    if context.unheard:
        values = {name: value for name, value in values.items() if name not in context.unheard}
    return Facts(post, values, because)


def _known(post: Post, context: Context) -> Iterator[tuple[str, Value | None]]:
    if post.text is not None:
        yield from _of_text(post.text, post, context)
    yield "quoted text", _stream(post.quoted_text)
    yield "parent text", _stream(post.parent_text)
    yield "kind", post.kind.value if post.kind else None
    yield "platform", post.platform.casefold()
    yield "channel", post.account_id
    yield "rating", post.rating if post.rating is not None and math.isfinite(post.rating) else None
    yield "age", _age(post, context)
    yield "thread depth", depth(post) if context.thread_depth is None else context.thread_depth
    yield "sentiment", context.sentiment
    yield "has media", bool(post.media)
    yield "in reply to us", _replies_to_us(post, context)
    yield "handle", fold(post.author.handle).lstrip("@") if post.author.handle else None
    yield "author followers", post.author.followers
    yield "author is verified", post.author.verified
    yield "author is customer", context.is_customer
    yield "author is employee", context.is_employee
    yield "author is new", context.is_new
    yield "case is open", context.case_is_open
    yield from ((f"author's posts in {each.days} days", each.posts) for each in context.posts_in_days)


def _over_the_conversation(sentiment: Value | None, context: Context) -> float | None:
    """How the author sounds in this conversation, this post included; None where nothing of it is known."""
    if context.conversation_sentiment is not None:
        return context.conversation_sentiment
    said = [*context.moods, *([float(sentiment)] if isinstance(sentiment, int | float) else [])]
    return sum(said) / len(said) if said else None


def _of_text(text: str, post: Post, context: Context) -> Iterator[tuple[str, Value | None]]:
    text_stream = stream(text)
    words = bare_words(text_stream)
    yield "text", text_stream
    yield "word count", len(words)
    yield "asks a question", asks(text, words)
    yield "has link", LINK in text_stream
    yield "shouts", _shouts(text)
    is_ours = _mentions_us(text_stream, post, context)
    yield "mentions us", is_ours
    yield "speaks to another", not is_ours and text.lstrip()[:1] in AT
    yield "names a help desk", any(map(_is_help_desk, _HANDLES.findall(text_stream)))


def _sounds(text: str, post: Post, values: Mapping[str, Value]) -> Heard:
    """What the words say, given what is known of the text by now."""
    form = Form(bool(values["asks a question"]), bool(values["has link"]), int(cast(int, values["word count"])))
    return heard(text, str(values["text"]), post.language, form)


def _stream(text: str | None) -> str | None:
    return None if text is None else stream(text)


def _shouts(text: str) -> bool:
    sample = text[:SHOUTING_SAMPLE]
    capitals, small = (_ascii_cases if sample.isascii() else _cases)(sample)
    cased = capitals + small
    return cased >= SHOUTING_LETTERS and capitals >= SHOUTING_SHARE * cased


def _cases(text: str) -> tuple[int, int]:
    """How many letters are capitals, and how many are small."""
    return sum(map(str.isupper, text)), sum(map(str.islower, text))


def _ascii_cases(text: str) -> tuple[int, int]:
    """The same, eight times as fast as asking letter by letter."""
    letters = text.encode("ascii")
    return len(letters) - len(letters.translate(None, _CAPITALS)), len(letters) - len(letters.translate(None, _SMALL))


def _is_help_desk(handle: str) -> bool:
    name = handle.replace("_", "")
    return (name.startswith("ask") and name != "ask") or any(each in name for each in HELP_DESKS)


def _mentions_us(text_stream: str, post: Post, context: Context) -> bool | None:
    if post.kind is Kind.MENTION:
        return True
    if not context.our_handles:
        return None
    return any(stream(f"@{handle.lstrip('@')}") in text_stream for handle in context.our_handles)


def _replies_to_us(post: Post, context: Context) -> bool | None:
    """A parent's id tells whose it is only on platforms that write the account into it; else unknown."""
    if post.kind is Kind.DM:
        return True
    if post.in_reply_to is None:
        return False if post.kind in (Kind.POST, Kind.MENTION, Kind.REVIEW) else None
    ours = context.our_accounts | ({post.account_id} if post.account_id else set())
    return True if any(post.in_reply_to.startswith(f"{account}_") for account in ours) else None


def _age(post: Post, context: Context) -> float | None:
    if context.now is None or post.at is None:
        return None
    return max(0.0, (context.now - post.at).total_seconds())
