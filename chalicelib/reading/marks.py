"""What is no word of a list and tells all the same: smileys, how long, how much, hashtags that are verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SAD = re.compile(r"[:=;]['’]?-?(?:[(\\\[|]|/(?!/))|>:|D:")
_FACE = re.compile(r"[:;=<^]")  # every smiley has one of these
_GLAD = re.compile(r"[:;=]['’]?-?(?:[)\]]|[DPp]\b)|<3|\(:|\^_?\^")
_DIGIT = re.compile(r"[0-9]")
_UNITS = (
    r"min(?:ute|uto)?s?|minuten|h(?:ou)?rs?|h|days?|weeks?|wks?|months?|years?|yrs?"
    r"|stunden?|std|tagen?|tag|wochen?|monaten?|monat|horas?|dias?|semanas?|meses|heures?|jours?|semaines?|mois"
)
_CURRENCY = re.compile("[\u00a3$\u20ac]|pound|quid|dollar|buck|euro")
_TIME = re.compile(rf"[0-9] ?(?:\+ )?(?:{_UNITS}) ")
_MONEY = re.compile("[\u00a3$\u20ac] [0-9]+|[0-9]+ ?(?:\u00a3|\u20ac|(?:pounds?|quid|dollars?|bucks|euros?) )")
_VERDICTS = (
    *(
        "fail",
        "worst",
        "suck",
        "never",
        "bad",
        "poor",
        "terribl",
        "horribl",
        "awful",
        "notgood",
        "disap",
        "scam",
        "ripoff",
    ),
    *("shame", "joke", "hate", "rude", "angry", "fix", "wtf", "unhappy", "frustrat", "annoy", "useless"),
    *("schlecht", "niewieder", "abzocke", "pesim", "verguenza", "vergonha", "honte", "arnaque"),
)


def faces(text: str) -> Iterator[tuple[str, str, float]]:
    """`sad` or `glad`, the smiley, and its tone. Smileys are no words of a stream."""
    if _FACE.search(text):
        for name, shape, tone in (("sad", _SAD, -2.0), ("glad", _GLAD, 2.0)):
            if found := shape.search(text):
                yield name, found[0], tone


def shapes(stream: str) -> Iterator[tuple[str, str]]:
    """`time`, `money` and `hashtag`, each with what was found: "3 weeks", "£ 40", "#acmefails"."""
    plain, _, marked = stream.partition("\n")
    if _DIGIT.search(plain):
        for name, shape in (("time", _TIME), *((("money", _MONEY),) if _CURRENCY.search(plain) else ())):
            if found := shape.search(plain):
                yield name, found[0].strip()
    for word in marked.split():
        if word[0] == "#" and any(verdict in word for verdict in _VERDICTS):
            yield "hashtag", word
            return
