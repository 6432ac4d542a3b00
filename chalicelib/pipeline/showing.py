"""Posts beside what people are told. A notice keeps their ids alone: of who was forgotten, or took a post back, it
holds nothing, and shows no more where it is told again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.errors import Unavailable
from chalicelib.model import Kind, Notice, NoticeKind, Post
from chalicelib.plain import web_address
from chalicelib.ports.alerting import Channel
from chalicelib.ports.store import Store

MOST = 3  # of one notice
LONGEST = 400  # of an address: channels cut lines of more than 500 signs, and half an address leads nowhere
PRIVATE = frozenset({Kind.DM, Kind.POSTBACK})
LISTS = frozenset({NoticeKind.ALERT, NoticeKind.UPDATE})


@dataclass
class Showing:
    """A channel that tells where the posts of a notice are found, as far as they are kept by then."""

    name: str
    channel: Channel
    store: Store

    def tell(self, notice: Notice, times: int) -> None:
        """Tell it there, as `channel.tell`. Where the table does not answer, without the posts: an alert is not late
        for them."""
        try:
            told = shown(notice, self.store)
        except Unavailable:
            told = notice
        self.channel.tell(told, times)


def shown(notice: Notice, store: Store) -> Notice:
    """The notice with a line for each of its posts that people can open, and the first as its link, unless it has one.

    The line of a single one would say what the link says. Of several, none is shown that was said to us alone. Raises
    Unavailable.
    """
    posts = [post for post in kept(store, notice.posts) if len(notice.posts) == 1 or post.kind not in PRIVATE]
    addresses = [address for post in posts if (address := web_address(post.permalink, LONGEST))]
    listed = addresses if notice.kind in LISTS and len(addresses) > 1 else []
    lines = (*notice.lines, *(f"One of these posts: {address}" for address in listed))
    return replace(notice, lines=lines, link=notice.link or next(iter(addresses), None))


def kept(store: Store, post_ids: Sequence[str]) -> Iterator[Post]:
    """These posts in their order, as they were said last; none that is taken back or erased. Raises Unavailable."""
    gone = store.deleted(post_ids) if post_ids else set()
    for post_id in post_ids:
        recorded = [] if post_id in gone else store.recorded(post_id)
        if recorded and not recorded[-1].erased:
            yield recorded[-1].post
