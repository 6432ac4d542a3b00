"""The words of the trade: posts, decisions, cases, and what is owed to a CRM. Imports nothing else of ours."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from chalicelib.model.post import (
    EXTERNAL_KEYS,
    Action,
    Author,
    Context,
    Facts,
    Kind,
    Parked,
    Post,
    PostsInDays,
    Value,
)

if TYPE_CHECKING:
    from chalicelib.model.alert import Alert, AlertState
    from chalicelib.model.case import (
        Case,
        CaseStatus,
        Delivery,
        DeliveryState,
        Entry,
        Mood,
        OpenCase,
        Recommended,
        Shift,
        Standing,
        Told,
        Verb,
    )
    from chalicelib.model.crm import Asked, Changes, CrmEvent, Customer, Finding, Happened, Link, Profile
    from chalicelib.model.decision import (
        Answer,
        Crossing,
        Decision,
        Late,
        LineAnswer,
        Otherwise,
        Outcome,
        Priority,
        Recommendation,
        Recorded,
        RuleTrace,
    )
    from chalicelib.model.growth import Growth, Said, Stretch, Tally
    from chalicelib.model.heard import Heard, Hearing
    from chalicelib.model.notice import (
        ASKS,
        CLOSES,
        ENDS,
        Acknowledgement,
        Matter,
        Notice,
        NoticeKind,
        Silence,
        Telling,
        TellingState,
        notice_key,
    )
    from chalicelib.model.publication import Declined, Move, Moved, Pointer, Published
    from chalicelib.model.runs import Run
    from chalicelib.model.sample import Sample
    from chalicelib.model.saved import Raised, Saved, Softening, Unquoted
    from chalicelib.model.window import Counted, Crossed, Sighting, Terms, Window

# What not every function needs: a delivery, whose sender waits while the function starts, imports nothing of deciding
# and telling; who tells the CRM nothing of what is heard, saved and published, of windows, alerts and notices.
LATER = {
    "alert": ("Alert", "AlertState"),
    "case": (
        "Case",
        "CaseStatus",
        "Delivery",
        "DeliveryState",
        "Entry",
        "Mood",
        "OpenCase",
        "Recommended",
        "Shift",
        "Standing",
        "Told",
        "Verb",
    ),
    "crm": ("Asked", "Changes", "CrmEvent", "Customer", "Finding", "Happened", "Link", "Profile"),
    "decision": (
        "Answer",
        "Crossing",
        "Decision",
        "Late",
        "LineAnswer",
        "Otherwise",
        "Outcome",
        "Priority",
        "Recommendation",
        "Recorded",
        "RuleTrace",
    ),
    "heard": ("Heard", "Hearing"),
    "notice": (
        "ASKS",
        "CLOSES",
        "ENDS",
        "Acknowledgement",
        "Matter",
        "Notice",
        "NoticeKind",
        "Silence",
        "Telling",
        "TellingState",
        "notice_key",
    ),
    "publication": ("Declined", "Move", "Moved", "Pointer", "Published"),
    "growth": ("Growth", "Said", "Stretch", "Tally"),
    "runs": ("Run",),
    "sample": ("Sample",),
    "saved": ("Raised", "Saved", "Softening", "Unquoted"),
    "window": ("Counted", "Crossed", "Sighting", "Terms", "Window"),
}

__all__ = [
    "ASKS",
    "CLOSES",
    "ENDS",
    "EXTERNAL_KEYS",
    "Acknowledgement",
    "Action",
    "Alert",
    "AlertState",
    "Answer",
    "Asked",
    "Author",
    "Case",
    "CaseStatus",
    "Changes",
    "Context",
    "Counted",
    "CrmEvent",
    "Crossed",
    "Crossing",
    "Customer",
    "Decision",
    "Declined",
    "Delivery",
    "DeliveryState",
    "Entry",
    "Facts",
    "Finding",
    "Growth",
    "Happened",
    "Heard",
    "Hearing",
    "Kind",
    "Late",
    "LineAnswer",
    "Link",
    "Matter",
    "Mood",
    "Move",
    "Moved",
    "Notice",
    "NoticeKind",
    "OpenCase",
    "Otherwise",
    "Outcome",
    "Parked",
    "Pointer",
    "Post",
    "PostsInDays",
    "Priority",
    "Profile",
    "Published",
    "Raised",
    "Recommendation",
    "Recommended",
    "Recorded",
    "RuleTrace",
    "Run",
    "Said",
    "Sample",
    "Saved",
    "Shift",
    "Sighting",
    "Silence",
    "Softening",
    "Standing",
    "Stretch",
    "Tally",
    "Telling",
    "TellingState",
    "Terms",
    "Told",
    "Unquoted",
    "Value",
    "Verb",
    "Window",
    "notice_key",
]


def __getattr__(name: str) -> Any:
    """A name of what comes later brings the module that it is in."""
    for module, names in LATER.items():
        if name in names:
            found = vars(import_module(f"{__name__}.{module}"))
            globals().update({known: found[known] for known in names})
            return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
