"""What no log may hold: the settings' secrets, and of the story's posts every text, handle and name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib import platforms
from chalicelib.config import company
from chalicelib.errors import EarshotError
from chalicelib.platforms import PLATFORMS
from chalicelib.ports.platform import WebhookRequest
from infra.local.samples import SETTINGS
from infra.local.story import steps

SECRET_KEYS = ("secrets", "verify_token")


def told_in(folder: Path, more: Iterator[str] | tuple[str, ...] = ()) -> list[str]:
    """Each thing that a log in the folder tells and must not, with the log's name; no log at all is told too."""
    logs = {path.name: path.read_text(errors="replace") for path in folder.rglob("*.log")}
    if not any(logs.values()):
        return [f"no log in {folder} has a line"]
    wanted = {*secrets(SETTINGS), *people(), *more}
    return sorted(f"{name}: {word!r}" for name, text in logs.items() for word in wanted if _stands_in(word, text))


def secrets(settings: Any) -> Iterator[str]:
    """Every secret and token in settings."""
    for one in settings["platforms"].values():
        for key in SECRET_KEYS:
            found = one.get(key, [])
            yield from [found] if isinstance(found, str) else found
    for one in settings["crms"].values():
        yield from (value for key, value in one.items() if key in ("password", "token", "secret"))


def people() -> Iterator[str]:
    """Texts, handles and names of the story's authors."""
    settings = company(SETTINGS, PLATFORMS).platforms
    for step in steps():
        if step.platform not in settings:
            continue
        request = WebhookRequest("POST", {}, {}, step.raw, datetime.now(UTC))
        try:
            posts = platforms.platform(step.platform, settings[step.platform]).parse(request)
        except (EarshotError, ValueError):  # the body that nobody can read
            continue
        for post in posts:
            words = (post.text, post.author and post.author.handle, post.author and post.author.name)
            yield from (word for word in words if word)


def _stands_in(word: str, text: str) -> bool:
    """As itself, or as JSON writes it; a short one as a word of its own."""
    escaped = word.encode("ascii", "backslashreplace").decode()
    return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text) for form in {word, escaped})
