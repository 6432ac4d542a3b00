"""How much a text looks like advertising: what it offers, begs and links to, less what it complains of."""

from __future__ import annotations

from math import exp

from chalicelib.reading.signals import Form, Said

LINK = 0.75
POINT = 1.5
COMPLAINT = -0.25  # who sells has nothing to complain of
AS_LIKELY_AS_NOT = 2.0


def spam(told: Said, form: Form) -> float:
    """From 0 to 1."""
    points = POINT * told.sums.get("spam", 0.0) + LINK * form.has_link + COMPLAINT * told.sums.get("complaint", 0.0)
    return round(1 / (1 + exp(AS_LIKELY_AS_NOT - points)), 3)
