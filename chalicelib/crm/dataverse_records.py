"""What is written into Dataverse: contacts, social profiles and activities, cut to the columns' lengths.

Columns: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/socialactivity
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import Any

from chalicelib.crm.rendering import link
from chalicelib.model import Entry, Kind, Post, Profile
from chalicelib.plain import cut, cut_utf16, one_line

# The choices of the column `community`, and of `caseorigincode`, which has but these two.
COMMUNITIES = {"facebook": 1, "x": 2, "line": 3, "telegram": 12, "slack": 14, "whatsapp": 15}
ORIGINS = {"facebook": 2483, "x": 3986}
LONGEST_TEXT, LONGEST_TITLE, LONGEST_ID, LONGEST_NAME, LONGEST_LINK = 2000, 200, 160, 100, 200
LONGEST_POST, LEAST_POST, LONGEST_AROUND = 1500, 200, 200
PUBLIC, PRIVATE = 0, 1


def contact(profile: Profile) -> dict[str, Any]:
    """Who stands for an author who is not linked to a customer: an incident must have one."""
    name = _line(profile.author.name or profile.author.handle or profile.author.id or "unknown", 50)
    note = f"Author on {_line(profile.platform, 40)}, not linked to a customer"
    return {"lastname": name or "unknown", "description": note}


def social_profile(profile: Profile, contact_id: str) -> dict[str, Any]:
    """The author as the platform knows them."""
    author = profile.author
    name = _line(author.handle or author.name or author.id or "", LONGEST_NAME) or "unknown"
    return {
        "profilename": name,
        "profilefullname": _line(author.name or "", LONGEST_NAME) or name,
        "uniqueprofileid": _line(author.id or "", LONGEST_NAME) or name,
        "community": COMMUNITIES.get(profile.platform, 0),
        "customerid_contact@odata.bind": f"/contacts({contact_id})",
    }


def social_activity(entry: Entry, profile: Profile, body: str) -> dict[str, Any]:
    """One post on an incident's timeline, without the incident."""
    author = profile.author
    return {
        "subject": _line(entry.heading, LONGEST_LINK) or "Post",
        "description": body,
        "postauthor": _line(author.name or "", LONGEST_NAME),
        "postauthoraccount": _line(author.handle or author.id or "", LONGEST_NAME) or "unknown",
        "community": COMMUNITIES.get(profile.platform, 0),
        "postfromprofileid@odata.bind": f"/socialprofiles({profile.key})",
        **(_said(entry.post) if entry.post else {}),
    }


def short_body(entry: Entry, body: Callable[[Entry], str]) -> str:
    """The body in 2,000 characters; where it is longer, it is the person's words that are cut, not why it is told."""
    most = LONGEST_POST
    if over := max(0, len(body(_with_texts_of(entry, most)).encode("utf-16-le")) // 2 - LONGEST_TEXT):
        said = len(entry.post.text or "") if entry.post else 0
        most = max(LEAST_POST, min(said, most) - over)
    return cut_utf16(body(_with_texts_of(entry, most)), LONGEST_TEXT)


def _with_texts_of(entry: Entry, most: int) -> Entry:
    post = entry.post
    if post is None:
        return entry
    return replace(
        entry,
        post=replace(
            post,
            text=cut(post.text, most) if post.text else None,
            parent_text=cut(post.parent_text, LONGEST_AROUND) if post.parent_text else None,
            quoted_text=cut(post.quoted_text, LONGEST_AROUND) if post.quoted_text else None,
        ),
    )


def _said(post: Post) -> dict[str, Any]:
    url = link(post.permalink)
    return {
        "postid": _line(post.native_id, LONGEST_ID),
        "posturl": url if url and len(url) <= LONGEST_LINK else None,  # half a link leads nowhere; the text has it
        "postedon": post.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if post.at else None,
        "threadid": _line(post.conversation_id, LONGEST_ID) if post.conversation_id else None,
        "inresponseto": _line(post.in_reply_to, LONGEST_ID) if post.in_reply_to else None,
        "postmessagetype": PRIVATE if post.kind is Kind.DM else PUBLIC,
    }


def _line(text: str, most: int) -> str:
    return cut_utf16(one_line(text, most), most)
