"""Fields of a post, and of what is known beside it, that can be set by themselves."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from chalicelib.model import PostsInDays
from chalicelib.rulebook.edit import Edit, Sample
from chalicelib.rulebook.vocabulary import HEARD, posted_days

_POST = {"kind": "kind", "platform": "platform", "channel": "account_id", "language": "language", "rating": "rating"}
_AUTHOR = {"handle": "handle", "author followers": "followers", "author is verified": "verified"}
_CONTEXT = {
    "author is customer": "is_customer",
    "author is employee": "is_employee",
    "author is new": "is_new",
    "case is open": "case_is_open",
    "thread depth": "thread_depth",
}
_SOUNDS = (*HEARD, "sentiment", "conversation sentiment")
_WHOLE = ("author followers", "thread depth")


def is_settable(field: str) -> bool:
    """Whether a field of the catalogue is set here."""
    return field in _POST or field in _AUTHOR or field in (*_CONTEXT, *_SOUNDS) or posted_days(field) is not None


def setting(field: str, value: object) -> Edit:
    """One field set to a value."""
    return Edit(f"set '{field}' to {_shown(value)}", 1, partial(put, field, value))


def put(field: str, value: object, sample: Sample) -> Sample:
    """The sample with that value; None is unknown."""
    post, context = sample.post, sample.context
    if isinstance(value, float) and field in _WHOLE:
        value = int(value)
    if days := posted_days(field):
        others = tuple(each for each in context.posts_in_days if each.days != days)
        more = (PostsInDays(days, int(value)),) if isinstance(value, int | float) else ()
        return replace(sample, context=replace(context, posts_in_days=(*others, *more)))
    if field in _SOUNDS:
        return _sounding(field, value, sample)
    if field == "language":  # where the platform names none, the words tell
        sample = _sounding(field, None, sample) if value is None else sample
    if field in _CONTEXT:
        return replace(sample, context=replace(context, **{_CONTEXT[field]: value}))  # type: ignore[arg-type]
    if field in _AUTHOR:
        author = replace(post.author, **{_AUTHOR[field]: value})  # type: ignore[arg-type]
        return replace(sample, post=replace(post, author=author))
    return replace(sample, post=replace(post, **{_POST[field]: value}))  # type: ignore[arg-type]


def _sounding(field: str, value: object, sample: Sample) -> Sample:
    known, unheard = dict(sample.context.sounds), sample.context.unheard - {field}
    known.pop(field, None)
    if isinstance(value, int | float):
        known[field] = float(value)
    else:
        unheard |= {field}
    return replace(sample, context=replace(sample.context, sounds=known, unheard=unheard))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
