"""People's texts made safe to put into any CRM: valid Unicode, no control characters, no more than fits."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

NEWLINES = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Beside the control characters: bidirectional overrides, which could make a label read as its opposite
# (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing), and code points that are no characters.
UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """The text with lines kept, line ends as \\n, and nothing in it that a database or a terminal chokes on."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half an emoji cannot be stored
    return UNWANTED.sub("", NEWLINES.sub("\n", whole)).strip()


def one_line(text: str, most: int) -> str:
    """The clean text on one line of at most `most` characters."""
    return cut(" ".join(clean(text).split()), most)


def cut(text: str, most: int) -> str:
    """At most `most` characters; an ellipsis tells that there was more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def cut_bytes(text: str, most: int) -> str:
    """At most `most` bytes of UTF-8; an ellipsis tells that there was more."""
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    return encoded[: most - 3].decode(errors="ignore").rstrip() + "…"


def cut_utf16(text: str, most: int) -> str:
    """At most `most` code units of UTF-16, which .NET and Java call characters: an emoji is two or more."""
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * most:
        return text
    return encoded[: 2 * (most - 1)].decode("utf-16-le", errors="ignore").rstrip() + "…"


def web_address(text: str | None, most: int) -> str | None:
    """The text, if it is an address on the web which a person may open, of at most `most` characters."""
    if text is None or len(text) > most or not text.isprintable() or any(sign in text for sign in ' <>|"\\'):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def quoted(text: str, most: int) -> str:
    """The text as a quotation, `> ` before each line, so that no line of a person's can pass for one of ours."""
    return "\n".join(f"> {line}".rstrip() for line in cut(clean(text), most).split("\n"))
