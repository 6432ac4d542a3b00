"""YouScan: mentions that its social listening has found, one a delivery.

https://developers.youscan.io (webhook "Mention found"); nothing is signed, and what is null is left out. Mentions on X
come without text, address and author; Reddit and Quora do not come at all.
"""

from __future__ import annotations

import re

from chalicelib.model import Author, Kind, Post
from chalicelib.platforms.base import Reading
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.shared_secret import SharedSecretPlatform
from chalicelib.platforms.skipped import Skipped

KINDS = {"repost": Kind.REPOST, "extendedRepost": Kind.QUOTE, "comment": Kind.COMMENT}
HIGHLIGHT = re.compile(r"</?b>")  # around the words that YouScan looked for; all else is the author's
# ISO 639-3 as YouScan sends it, to the ISO 639-1 that rules use; a language without two letters keeps its three.
LANGUAGES = """
ara:ar aze:az bel:be bul:bg cat:ca ces:cs dan:da deu:de ell:el eng:en est:et fas:fa fin:fi fra:fr heb:he hin:hi hrv:hr
hun:hu hye:hy ind:id ita:it jpn:ja kat:ka kaz:kk kir:ky kor:ko lav:lv lit:lt mkd:mk msa:ms nld:nl nor:no pol:pl por:pt
ron:ro rus:ru slk:sk slv:sl spa:es sqi:sq srp:sr swe:sv tgk:tg tha:th tuk:tk tur:tr ukr:uk urd:ur uzb:uz vie:vi zho:zh
"""
TWO_LETTERS = {three: two for three, _, two in (pair.partition(":") for pair in LANGUAGES.split())}


class YouScan(SharedSecretPlatform):
    """Where a mention's own id is withheld, YouScan's number of it stands in."""

    name = "youscan"

    def posts(self, body: Foreign) -> Reading:
        """The one mention, unless YouScan or somebody working there has marked it as spam."""
        yield Skipped.named("spam") if body.flag("spam") else self._mention(body)

    def _mention(self, body: Foreign) -> Post:
        author, picture = _author(body.at("author")), body.text("imageUrl")
        return Post(
            id=self.id_of(body.id("postId") or body.need_id("mentionId")),
            platform=self.name,
            kind=_kind(body),
            text=_plain(body.text("text")) or _plain(body.text("title")),
            language=_language(body.text("language")),
            created_at=body.iso("published"),
            delivered_at=body.iso("addedAt"),
            permalink=body.text("url"),
            in_reply_to=body.id("parentPostId"),
            conversation_id=body.id("discussionId"),
            is_self=self._is_us(author),
            rating=body.number("rating"),
            media=(picture,) if picture else (),
            author=author,
        )

    def _is_us(self, author: Author) -> bool | None:
        """Whoever is shown and is none of ours is somebody else; of an author withheld nothing is known."""
        known = {author.id, author.handle} - {None}
        if not known and author.name is None:
            return None
        return bool(known & (self.settings.accounts | self.settings.handles))


def _kind(body: Foreign) -> Kind:
    if body.text("resourceType") == "reviews":
        return Kind.REVIEW
    return KINDS.get(body.need_text("postType"), Kind.MENTION)


def _author(author: Foreign) -> Author:
    return Author(
        id=author.id("profileId"),
        handle=author.text("nickname"),
        name=author.text("name"),
        followers=author.whole("subscribers"),
    )


def _plain(text: str | None) -> str | None:
    return HIGHLIGHT.sub("", text) if text else None


def _language(code: str | None) -> str | None:
    return TWO_LETTERS.get(code, code) if code else None
