"""How much a text sounds like a complaint: an expectation broken, somebody cross, something asked to be put right.

Points are added up; each has its reason here. From points to 0..1 as everywhere: 0.5 is as likely as not.
"""

from __future__ import annotations

from math import exp

from chalicelib.reading.signals import Form, Said

# Points for one unit of a list's weight.
POINTS = {
    "complaint": 0.32,  # what is broken, late, lost, refused, asked for again
    "bad": 0.45,
    "not good": 0.1,
    "good": -0.4,
    "not bad": -0.2,
    "calm": -0.33,  # a plain question, a matter that is settled
    "thanks": -0.3,
    "not": 0.3,
    "person": 0.5,
    "legal": 0.2,
    "buying": -0.1,
    "spam": -0.1,
    "sad": 0.6,
    "glad": -2.0,  # who smiles may still want help, and is not cross
}
PLAIN_QUESTION, CROSS_QUESTION = -0.6, 1.2
LINK = -0.9  # who complains seldom has something to show elsewhere
FEW_WORDS, SHORT = 6, -0.6
A_WORD, MOST_WORDS = 0.025, 30  # who is cross has more to say
AS_LIKELY_AS_NOT = 0.6


def complaint(text: str, told: Said, form: Form) -> float:
    """From 0 to 1."""
    points = sum([POINTS[name] * total for name, total in told.sums.items() if name in POINTS])
    points += PLAIN_QUESTION * form.asks + LINK * form.has_link + SHORT * (form.words < FEW_WORDS)
    points += CROSS_QUESTION * ("??" in text or "?!" in text or "!?" in text) + A_WORD * min(form.words, MOST_WORDS)
    return round(1 / (1 + exp(AS_LIKELY_AS_NOT - points)), 3)
