"""Mastodon's HTML to the text a person reads."""

from __future__ import annotations

import html
import re

LINE_ENDS = re.compile(r"(?:<br\s*/?>|</(?:p|li|blockquote|pre|h[1-6])>)+")  # lists and headings come from elsewhere
TAG = re.compile(r"<[^<>]*>")  # not html.parser: it raises AssertionError for "<![x[" and is quadratic on "<a<a<a"


def text_of(markup: str) -> str:
    """The text, a line for every break and paragraph, as Mastodon's own PlainTextFormatter makes it.

    What is marked invisible is kept: it is the head and tail of a link, which is only whole with them.
    """
    return html.unescape(TAG.sub("", LINE_ENDS.sub("\n", markup))).strip()
