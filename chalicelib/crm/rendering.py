"""A case and its entries as plain text that a person in any CRM can work from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.model import Author, Case, Decision, Entry, Post, Recommendation
from chalicelib.plain import clean, cut_bytes, one_line, quoted

LONGEST_SUBJECT = 200
LONGEST_TEXT = 8000
LONGEST_CONTEXT = 1000
LONGEST_LINE = 300
LONGEST_LINK = 2000
LONGEST_SAMPLE = 280
MARK = "[ref:"
DELETED = "(the author deleted this post)"


def subject(case: Case) -> str:
    """The case's subject on one line of at most 200 characters."""
    return one_line(case.subject, LONGEST_SUBJECT) or f"Post on {one_line(case.platform, 40)}"


def body(case: Case, entry: Entry) -> str:
    """What was said, by whom, where, when and why it matters; ends with the mark that makes the entry unique."""
    blocks = (
        one_line(entry.heading, LONGEST_LINE),
        "\n".join(_told(entry) if entry.told else _said(entry.post) if entry.post else (DELETED,)),
        "\n".join(_why(case, entry.decision)),
        marker(entry.key),
    )
    return "\n\n".join(block for block in blocks if block)


def marker(key: str) -> str:
    """The line by which an entry can be found again where the CRM has no field for its key."""
    return f"{MARK}{key}]"


def fitted(text: str, key: str, most: int) -> str:
    """A body cut to `most` bytes of UTF-8; the mark at its end stays whole."""
    mark = f"\n\n{marker(key)}"
    return text if len(text.encode()) <= most else cut_bytes(text.removesuffix(mark), most - len(mark)) + mark


def named(author: Author) -> str:
    """Name and handle on one line; `somebody` where the platform withholds them."""
    handle = f"@{one_line(author.handle, 100).lstrip('@')}" if author.handle else ""
    name = one_line(author.name or "", 100)
    return f"{name} ({handle})" if name and handle else name or handle or one_line(author.id or "somebody", 100)


def who(author: Author) -> str:
    """Who it is, and their standing on the platform."""
    marks = ["verified"] if author.verified else []
    marks += [f"{author.followers} followers"] if author.followers is not None else []
    return ", ".join([named(author), *marks])


def moment(at: datetime) -> str:
    """An instant as people in any office read it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def link(url: str | None) -> str | None:
    """The link, or None when it is too long to survive whole or holds what no link holds."""
    if not url or len(url) > LONGEST_LINK or clean(url) != url or len(url.split()) != 1:
        return None
    return url


def offered(offer: Recommendation) -> str:
    """A recommendation in one line."""
    parts = [f"template {offer.template}"]
    parts += [f"offer {offer.offer}"] if offer.offer else []
    parts += [f"send {offer.send}"] if offer.send else []
    parts += [f"at most {offer.at_most}"] if offer.at_most else []
    return one_line(f"{', '.join(parts)} (rule {offer.rule})", LONGEST_LINE)


def _told(entry: Entry) -> Iterator[str]:
    """What an alert tells: its lines, and some of the posts that raised it, without who wrote them."""
    yield from (one_line(told, LONGEST_LINE) for told in entry.told)
    if entry.samples:
        yield "Some of the posts:"
    for post in entry.samples:
        said = one_line(post.text, LONGEST_SAMPLE) if post.text else "(no text)"
        when = f"{moment(post.at)}, " if post.at else ""
        yield f"- {when}{one_line(post.platform, 40)}: {said}"
        if found := link(post.permalink):
            yield f"  {found}"


def _said(post: Post) -> Iterator[str]:
    kind = f", {post.kind.value}" if post.kind else ""
    yield f"{who(post.author)} on {one_line(post.platform, 40)}{kind}:"
    yield quoted(post.text, LONGEST_TEXT) if post.text else "(no text)"
    if post.rating is not None:
        yield f"Rating: {post.rating:g}"
    if post.media:
        yield f"Pictures or files: {len(post.media)}"
    if found := link(post.permalink):
        yield f"Link: {found}"
    if post.at:
        yield f"When: {moment(post.at)}{' (when it was delivered)' if post.is_delivery_time else ''}"
    yield from _around(post)


def _around(post: Post) -> Iterator[str]:
    if post.conversation_id:
        yield f"Thread: {one_line(post.conversation_id, LONGEST_LINE)}"
    if post.in_reply_to:
        yield f"In reply to: {one_line(post.in_reply_to, LONGEST_LINE)}"
    if post.parent_text:
        yield quoted(post.parent_text, LONGEST_CONTEXT)
    if post.quoted_text:
        yield "Quoting:"
        yield quoted(post.quoted_text, LONGEST_CONTEXT)


def _why(case: Case, decision: Decision) -> Iterator[str]:
    rule = f"rule {decision.rule}" if decision.rule else "no rule"
    yield f"Decision: {decision.outcome.value}"
    yield one_line(f"Why: {decision.reason} ({rule}, rulebook {decision.rulebook or 'unknown'})", 2 * LONGEST_LINE)
    if decision.owner:
        yield f"Owner of the rule: {one_line(decision.owner, LONGEST_LINE)}"
    if priority := decision.priority or case.priority:
        stays = f" (the case stays {case.priority.value})" if case.priority and case.priority != priority else ""
        yield f"Priority: {priority.value}{stays}"
    if team := decision.team or case.team:
        yield f"Team: {one_line(team, LONGEST_LINE)}"
    if tell := decision.tell or case.tell:
        yield f"Also told: {one_line(', '.join(tell), LONGEST_LINE)}"
    if case.first_reply_due:
        yield f"First reply due: {moment(case.first_reply_due)}"
    if decision.recommendation:
        yield f"Recommended answer: {offered(decision.recommendation)}"
