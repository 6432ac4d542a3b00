"""What `earshot crm check` found: looks at a live CRM of which none may keep the others from being told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from chalicelib.errors import EarshotError, Unavailable
from chalicelib.model import Finding

Look = Callable[[], Iterable[Finding]]


def findings(looks: Iterable[tuple[str, Look]]) -> list[Finding]:
    """What the looks found, in order; one that fails is a finding too, named by its `what`. Raises nothing of ours."""
    return [finding for what, look in looks for finding in _found(what, look)]


def _found(what: str, look: Look) -> Iterator[Finding]:
    try:
        yield from look()
    except EarshotError as error:
        words = error.words if isinstance(error, Unavailable) else ""
        yield Finding(what, False, ": ".join(part for part in (str(error), words) if part))
    except (KeyError, TypeError, ValueError):
        yield Finding(what, False, "the answer is not what this CRM's interface documents: correct the url")
