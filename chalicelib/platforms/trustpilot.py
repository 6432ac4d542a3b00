"""Trustpilot: reviews of the company and of its products.

https://support.trustpilot.com/hc/en-us/articles/115015822068 (webhook notifications); nothing is signed.
"""

from __future__ import annotations

from chalicelib.model import Action, Author, Kind, Post
from chalicelib.platforms.base import Reading, each
from chalicelib.platforms.foreign import Foreign
from chalicelib.platforms.shared_secret import SharedSecretPlatform

REVIEWS = ("service-review", "product-review")
ACTIONS = {"created": Action.CREATE, "updated": Action.EDIT, "deleted": Action.DELETE}
API = "https://api.trustpilot.com/"  # links into it open for programs with a key, and for no person


class Trustpilot(SharedSecretPlatform):
    """The order's number, the location and the tags that may come with a review end here."""

    name = "trustpilot"

    def posts(self, body: Foreign) -> Reading:
        """Every event of the delivery."""
        yield from each(body.items("events"), self._event)

    def _event(self, event: Foreign) -> Reading:
        review, _, done = event.need_text("eventName").rpartition("-")
        if review in REVIEWS and done in ACTIONS:
            yield self._review(event.at("eventData"), ACTIONS[done])

    def _review(self, review: Foreign, action: Action) -> Post:
        consumer, is_gone = review.at("consumer"), action is Action.DELETE
        author = Author(id=consumer.id("id"), name=consumer.text("name"))
        return Post(
            id=self.id_of(review.need_id("id")),
            platform=self.name,
            kind=Kind.REVIEW,
            action=action,
            text=None if is_gone else _text(review),
            language=review.text("language"),
            created_at=review.iso("createdAt"),
            edited_at=review.iso("updatedAt") if action is Action.EDIT else None,
            permalink=_page(review.text("link")),
            is_self=False if author.id is None else self.is_ours(author.id),
            rating=None if is_gone else review.number("stars"),
            author=author,
        )


def _page(link: str | None) -> str | None:
    return None if link is None or link.startswith(API) else link


def _text(review: Foreign) -> str | None:
    """What was written; a review of a product has it as `content`, and some are a title and no more."""
    return review.text("text") or review.text("content") or review.text("title")
