"""How much a text sounds like a complaint: an expectation broken, somebody cross, something asked to be put right.

Evidence is added up. A strong word or phrase (weight 3 in its list) brings a point and a half, a middling one (1.5)
half of that, a hint a quarter of a point. What speaks against it is taken off. Set by hand, in few sizes, each for the
reason beside it. From points to 0..1 as everywhere: 0.5 is as likely as not.
"""

from __future__ import annotations

from math import exp

from chalicelib.reading.signals import Form, Said

FULL, LESS, LITTLE = 0.5, 0.3, 0.2
# Points for one unit of a list's weight.
POINTS = {
    "complaint": FULL,  # what is broken, late, lost, refused, asked for again
    "bad": FULL,  # somebody is cross
    "person": FULL,  # who asks for a person has been to the robot
    "broken": LESS,  # "not" before what a thing or a firm is expected to do; half of it is heard by "complaint"
    "legal": LITTLE,  # rights are spoken of in news, too
    "not": LITTLE,
    "not good": LITTLE,
    "good": -0.4,  # praise takes off less than anger adds: people are polite before they complain
    "calm": -LESS,  # a plain question, a matter that is settled
    "thanks": -LITTLE,  # many say thanks in advance
    "not bad": -0.1,
}
# Points for what is there once or not at all.
SHAPES = {
    "time": 0.25,  # "3 weeks": who waits counts
    "money": 0.25,  # who has paid counts as well
    "hashtag": 1.0,  # "#acmefails" is a verdict
    "sad": 0.5,
    "glad": -2.0,  # who smiles may still want help, and is not cross
}
HINT, MOST_HINTS = 0.25, 4  # words of trade: the fifth says nothing new
QUESTION, CROSS_QUESTION = -0.4, 1.0  # who asks may only want to know; who asks "??" does not
LINK = -0.4  # who complains seldom has something to show elsewhere
FEW_WORDS, SHORT = 6, -0.4
A_WORD, MOST_WORDS = 0.02, 30  # who is cross has more to say
AS_LIKELY_AS_NOT = 0.7  # a strong word is enough, two hints are not


def complaint(text: str, told: Said, form: Form) -> float:
    """From 0 to 1."""
    sums = told.sums
    points = sum([POINTS[name] * total for name, total in sums.items() if name in POINTS])
    points += sum([each for name, each in SHAPES.items() if name in sums])
    points += HINT * min(sums.get("hint", 0.0), MOST_HINTS)
    points += QUESTION * form.asks + LINK * form.has_link + SHORT * (form.words < FEW_WORDS)
    points += CROSS_QUESTION * ("??" in text or "?!" in text or "!?" in text) + A_WORD * min(form.words, MOST_WORDS)
    return round(1 / (1 + exp(AS_LIKELY_AS_NOT - points)), 3)
