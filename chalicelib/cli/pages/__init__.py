"""Pages to show in a meeting: one file each, which needs no network, prints, and reads on light and dark screens."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def rendered(template: str, **values: Any) -> str:
    """A page. Everything in `values` is escaped: a post may hold any markup."""
    return _environment().get_template(template).render(**values)


def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["thousands"] = lambda number: f"{number:,}"
    pages.filters["gain"] = lambda number: f"{number:+,}".replace("-", "\u2212") if number else "\u00b10"
    pages.filters["web_address"] = web_address
    return pages


def web_address(link: str | None) -> str | None:
    """The link, if a reader may be sent there: a stranger's `javascript:` is none."""
    try:
        parts = urlsplit(link or "")
    except ValueError:
        return None
    return link if parts.scheme in ("http", "https") and parts.netloc else None
