"""Whether a text asks: a question mark that ends a sentence, or a question's first words (English, German)."""

from __future__ import annotations

import re

_MARK = re.compile(r"[?\uff1f\u061f](?=[\s\"')?!\uff1f\u061f.]|$|[^\x00-\x7f])")
_LINKS = re.compile(r"https?://\S+|www\.\S+")
_OPENINGS = {
    "how": "do does did can could to is are much many long come about would should soon often",
    "what": "is are do does did can should would time happens happened about if",
    "when": "will can is are does do",
    "where": "is are can do does did",
    "who": "is are can do does",
    "why": "is are do does did can cant can't not has have am was were",
    "which": "one is plan router of",
    "can": "you i we someone anyone somebody anybody u",
    "could": "you i we someone anyone somebody anybody",
    "do": "you i we",
    "does": "anyone anybody someone the my your it this",
    "is": "there it anyone anybody this the my your",
    "are": "there you your we",
    "any": "news update updates idea ideas eta chance",
    "wie": "kann lange viel oft komme bekomme geht ist mache lautet aktiviere",
    "was": "ist kann kostet soll muss mache passiert",
    "wann": "kommt ist wird geht kann",
    "wo": "ist kann finde bleibt",
    "wer": "kann ist weiss",
    "warum": "ist geht kann habe wird funktioniert",
    "wieso": "ist geht kann habe wird funktioniert",
    "kann": "ich man mir jemand",
    "konnt": "ihr",
    "gibt": "es",
    "hat": "jemand",
    "weiss": "jemand",
}
_FIRST = {first: frozenset(second.split()) for first, second in _OPENINGS.items()}


def asks(text: str, words: list[str]) -> bool:
    """Whether the text asks; `words` are its folded words without handles and links."""
    if "?" in text or not text.isascii():
        seen = _LINKS.sub("", text) if "://" in text or "www." in text else text
        if _MARK.search(seen):
            return True
    return len(words) > 1 and words[1] in _FIRST.get(words[0], ())
