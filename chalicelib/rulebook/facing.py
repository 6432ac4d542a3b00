"""Small changes to how a post looks: whether it asks, shouts, mentions us, has links or pictures, and its length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from chalicelib.model import Kind
from chalicelib.rulebook.edit import Edit, Sample
from chalicelib.rulebook.rule import Test
from chalicelib.rulebook.wording import adding, with_text
from chalicelib.words import LINK, bare_words, stream

_PICTURE = ("picture",)
_LINK = "https://www.example.com"
_HANDLE = re.compile(r"@[\w.]+")
_MARKS = re.compile(r"[?\uff1f\u061f]")


def faced(test: Test, wanted: bool, sample: Sample) -> Iterator[Edit]:
    """Changes after which the flag or the number of words says yes, or (`wanted` is False) no."""
    if test.field == "word count":
        return _sized(test, wanted, sample)
    propose = _FLAGS.get(test.field)
    is_on = (test.values == ("yes",)) is wanted
    return iter(()) if propose is None else propose(is_on, sample)


def _asking(is_on: bool, sample: Sample) -> Iterator[Edit]:
    if is_on:
        yield _rewording("end it with a question mark", lambda text: f"{text}?")
        return
    yield _rewording("take out the question marks", lambda text: _MARKS.sub(".", text))
    yield _rewording('begin it with "So", without question marks', lambda text: f"So {_MARKS.sub('.', text)}")


def _shouting(is_on: bool, sample: Sample) -> Iterator[Edit]:
    if is_on:
        yield _rewording("write it in capitals", str.upper)
        yield _rewording(
            "write it in capitals, a few words longer", lambda text: f"{text} listen to me".strip().upper()
        )
    else:
        yield _rewording("write it in small letters", str.lower)


def _linking(is_on: bool, sample: Sample) -> Iterator[Edit]:
    if is_on:
        yield Edit("add a link", 1, adding("text", [_LINK]).apply)
    else:
        yield _rewording("drop the links", _without_links)


def _without_links(text: str) -> str:
    return " ".join(word for word in text.split() if LINK not in stream(word))


def _picturing(is_on: bool, sample: Sample) -> Iterator[Edit]:
    media, says = (_PICTURE, "add a picture") if is_on else ((), "take the pictures away")
    yield Edit(says, 1, lambda each: replace(each, post=replace(each.post, media=media)))


def _mentioning(is_on: bool, sample: Sample) -> Iterator[Edit]:
    for handle in sorted(sample.context.our_handles)[:1] if is_on else ():
        yield adding("text", [f"@{handle.lstrip('@')}"])
    if is_on or sample.post.kind is Kind.MENTION:
        yield _of_kind(Kind.MENTION if is_on else Kind.COMMENT)
    if not is_on and "@" in (sample.post.text or ""):
        yield _rewording("drop the handles", _without_handles)


def _speaking_to_another(is_on: bool, sample: Sample) -> Iterator[Edit]:
    if not is_on:
        yield _rewording("drop the handles", _without_handles)
        return
    says = 'begin it with "@somebody", without other handles'
    yield _rewording(says, lambda text: f"@somebody {_without_handles(text)}")
    if sample.post.kind is Kind.MENTION:
        yield _of_kind(Kind.COMMENT)


def _naming_a_help_desk(is_on: bool, sample: Sample) -> Iterator[Edit]:
    if is_on:
        yield adding("text", ["@somehelpdesk"])
    else:
        yield _rewording("drop the handles", _without_handles)


def _without_handles(text: str) -> str:
    return _HANDLE.sub("", text).strip()


def _replying(is_on: bool, sample: Sample) -> Iterator[Edit]:
    if is_on:
        yield _of_kind(Kind.DM)
    else:
        says = "post it by itself, not as a reply"
        yield Edit(says, 1, lambda each: replace(each, post=replace(each.post, kind=Kind.POST, in_reply_to=None)))


def _of_kind(kind: Kind) -> Edit:
    return Edit(f"set 'kind' to {kind}", 1, lambda each: replace(each, post=replace(each.post, kind=kind)))


def _sized(test: Test, wanted: bool, sample: Sample) -> Iterator[Edit]:
    """So many words that it holds; the shortest way there."""
    bound, is_least = int(test.number or 0), (test.test == "at least") is wanted
    size = bound + (0 if wanted else (1 if is_least else -1))
    count = _size(sample.post.text or "")
    if is_least and size > count:
        yield _rewording(f"make it {size} words long", partial(_lengthened, size), size - count)
    elif not is_least and 0 <= size < count:
        yield _rewording(f"cut it to {size} words", partial(_shortened, size), count - size)
        yield _rewording(f"cut it to its last {size} words", partial(_shortened, size, from_front=True), count - size)


def _size(text: str) -> int:
    return len(bare_words(stream(text)))


def _lengthened(size: int, text: str) -> str:
    return f"{text}{' more' * (size - _size(text))}".strip()


def _shortened(size: int, text: str, from_front: bool = False) -> str:
    """Without its last words, or its first; what is no word, like a link, stays."""
    parts, kept, excess = text.split(), [], _size(text) - size
    for part in parts if from_front else reversed(parts):
        counted = _size(part)
        if excess <= 0 or not counted:
            kept.append(part)
        excess -= counted
    return " ".join(kept if from_front else reversed(kept))


def _rewording(says: str, reword: Callable[[str], str], cost: int = 1) -> Edit:
    return Edit(says, cost, lambda each: with_text(each, "text", reword(each.post.text or "")), is_last=True)


_FLAGS: dict[str, Callable[[bool, Sample], Iterator[Edit]]] = {
    "asks a question": _asking,
    "shouts": _shouting,
    "has link": _linking,
    "has media": _picturing,
    "mentions us": _mentioning,
    "speaks to another": _speaking_to_another,
    "names a help desk": _naming_a_help_desk,
    "in reply to us": _replying,
}
