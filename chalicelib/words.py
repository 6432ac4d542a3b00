"""Folding and words: the one form in which what people write and what rules look for meet. Imports nothing of ours.

A text becomes a *stream*: its folded words, each between single spaces, so that one search for ` refund ` finds a whole
word. Where the text holds hashtags the stream has a second half, after a line break, in which they keep their `#`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Written without spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese. They match by substring.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    + ("\uf900-\ufaff\U00020000-\U0003ffff")
)
LINK = "\x02"
_SIGNS = "$%+\u00a2-\u00a9\u00ae\u2030-\u2031\u20a0-\u20cf\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff"
# Vowel signs of Indian scripts belong to their word, though Python's \w leaves some of them out.
_LETTERS = rf"(?:[^\W_{UNSPACED}\u0900-\u0dff]+|[\u0900-\u0dff]+)+"
# it's -> it, s; don't stays one word, or "won" would be found in "won't"
_WORD = rf"{_LETTERS}(?:(?<=[^\W_{UNSPACED}]{{2}})'(?!s\b){_LETTERS})*|[{UNSPACED}]+|[{_SIGNS}]"
_ASCII_WORD = r"[a-z0-9]+(?:(?<=[^\W_]{2})'(?!s\b)[a-z0-9]+)*|[$%+]"
_TOP = "com|net|org|info|biz|io|ly|co|uk|de|at|ch|fr|eu|au|nz|us|app|dev|shop|xyz|example"
# What may be tried at many places has a bound: a text of any shape costs time in proportion to its length.
_ADDRESS = rf"https?://\S+|www\.\S+|(?<![\w@.])(?:[\w.+-]{{1,64}}@[\w-]{{1,63}}\.[\w.-]+|(?:[\w-]{{1,63}}\.){{1,8}}(?:{_TOP})\b(?:/\S*)?)"
_HANDLE = r"@\w+(?:\.\w+)*(?:@[\w-]+(?:\.[\w-]+)+)?"
_LINKS = re.compile(_ADDRESS)
_LINKISH = re.compile(rf"://|www\.|[\w-]@\w|\.(?:{_TOP})\b")
_SPECIAL = rf"{LINK}|{_HANDLE}|\#_*[^\W_]\w*"
_PLAIN, _ASCII_PLAIN = re.compile(_WORD), re.compile(_ASCII_WORD)
_TOKENS, _ASCII_TOKENS = re.compile(f"{_SPECIAL}|{_WORD}"), re.compile(f"{_SPECIAL}|{_ASCII_WORD}", re.ASCII)
_UNSPACED = re.compile(f"[{UNSPACED}]")

_QUOTES = str.maketrans({**dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4`\u2032\uff07", "'"), "ı": "i"})
# Marks above and below letters (Latin, Greek, Cyrillic, Hebrew, Arabic), variation selectors, skin tones, and what is
# invisible: zero-width characters, soft hyphens, directions.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U0001f3fb-\U0001f3ff\U000e0000-\U000e01ef"
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)


def fold(text: str) -> str:
    """The text without case, accents, curly quotes and invisible characters, white space single.

    NFKC and full case folding (Unicode Standard Annex 15; section 3.13). Folding twice changes nothing.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).casefold().translate(_QUOTES)
        text = unicodedata.normalize("NFKC", _MARKS.sub("", unicodedata.normalize("NFD", text)))
    else:
        text = text.lower().replace("`", "'")
    return " ".join(text.split())


def stream(text: str) -> str:
    """The text's words as rules search them; see the module. A link is one sign that no rule word can be."""
    folded = fold(text)
    if _LINKISH.search(folded):
        folded = _LINKS.sub(f" {LINK} ", folded)
    plain, special = (_ASCII_PLAIN, _ASCII_TOKENS) if folded.isascii() else (_PLAIN, _TOKENS)
    if "@" not in folded and "#" not in folded and LINK not in folded:
        return f" {' '.join(plain.findall(folded))} "
    tokens = [_hidden(token) if token[0] == "@" else token for token in special.findall(folded)]
    if "#" not in folded:
        return f" {' '.join(tokens)} "
    bare = " ".join(" ".join(plain.findall(token)) if token[0] == "#" else token for token in tokens)
    return f" {bare} \n {' '.join(tokens)} "


def bare_words(text_stream: str) -> list[str]:
    """The words of a stream's first half, without handles and links."""
    return [word for word in text_stream.partition("\n")[0].split() if word[0] not in ("@", LINK)]


def is_unspaced(word: str) -> bool:
    """Whether the word is of a script that does not part words by spaces."""
    return bool(_UNSPACED.search(word))


@lru_cache(maxsize=65536)
def phrase(words: str) -> str:
    """What to search a stream for to find these words of a rule (a `*` at a word's end stands for any ending).

    Empty where nothing that could be found is left, or the words hold a link.
    """
    parts = [_part(part) for part in words.split()]
    found = " ".join(part for part in parts if part)
    if not found or LINK in found:
        return ""
    head = "" if is_unspaced(found[0]) else " "
    tail = "" if is_unspaced(found[-1]) or found.endswith("*") else " "
    return head + found.removesuffix("*") + tail


def _part(part: str) -> str:
    starts = part.endswith("*")
    bare, _, marked = stream(part.rstrip("*")).partition("\n")
    found = (marked or bare).strip()
    return found + "*" if starts and found and not is_unspaced(found[-1]) else found


def _hidden(handle: str) -> str:
    """A handle's letters are hidden from words that match by substring."""
    return handle if handle.isascii() else "@_" + handle[1:].encode().hex()
