"""What can go wrong, by who must act.

EarshotError
├── Rejected        the sender must act: answered 4xx, never retried by us
│   ├── BadSignature    401: not signed with a secret of ours
│   ├── BadHandshake    403: a verification request that does not hold our token
│   │   └── UnknownTopic    404: a hub asks for a subscription that we do not want
│   ├── BadPayload      signed, but not what the platform documents: parked, answered 200
│   ├── TooMany         413: more posts at once than can be queued before the sender gives up
│   └── NotFound        404: no such platform
├── Unavailable     time must act: the queue, the stream or the sender tries again
│   ├── Conflict        somebody else wrote first: read again, decide again
│   ├── Denied          the CRM does not know our credentials: tried again, but seldom, until they are put right
│   └── Resting         the CRM is left in peace for a while; what is owed stays owed
├── Refused         an administrator must act: the CRM will never take this as it is
├── SettingsError   an operator must act: the configuration is wrong
└── RulebookError   a rule author must act: holds every problem, each with file and line
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.model import Post


class EarshotError(Exception):
    """Any failure that Earshot itself tells of."""


class Rejected(EarshotError):
    """The request cannot be taken; `status` is the HTTP answer."""

    status = 400


class BadSignature(Rejected):
    """The bytes are not signed with one of the secrets we hold (or we hold none: fail closed)."""

    status = 401


class BadHandshake(Rejected):
    """A verification request whose token or form is not the one agreed on."""

    status = 403


class UnknownTopic(BadHandshake):
    """A hub's question about a subscription that is not ours: by 404 it learns that we do not want it."""

    status = 404


class BadPayload(Rejected):
    """A validly signed body that cannot be read, or not wholly; the message says where, and quotes none of it.

    `posts` are those of the same delivery that could be read: they are decided, and the body is parked all the same.
    """

    status = 422

    def __init__(self, message: str, posts: Sequence[Post] = ()) -> None:
        super().__init__(message)
        self.posts = tuple(posts)


class TooMany(Rejected):
    """A delivery of so many posts that it would never be answered in time: the sender must split it."""

    status = 413


class NotFound(Rejected):
    """No such platform here."""

    status = 404


class Unavailable(EarshotError):
    """A part we need does not answer now; the same call may succeed later.

    `retry_after` is how many seconds it asked to be left alone, None where it did not say. `words` are its own: they
    may quote what a person wrote, so the message, which is logged, holds none of them.
    """

    def __init__(self, message: str = "", retry_after: float | None = None, words: str = "") -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.words = words


class Conflict(Unavailable):
    """A conditional write lost against another writer; read again and repeat."""


class Denied(Unavailable):
    """The CRM does not accept our credentials: knocked on too often, it locks us out. An administrator must act."""


class Resting(Unavailable):
    """The CRM is not asked now, since it did not answer lately; it will be handed out again.

    `retry_after` is how long it still wants to be left alone, where that is all; None where it is down.
    """


class Refused(EarshotError):
    """The CRM refuses this for good; the message is the CRM's own words."""


class SettingsError(EarshotError):
    """The environment or the company's settings are incomplete or wrong."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a rule file, as its author reads it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class RulebookError(EarshotError):
    """A rulebook that does not load; `problems` are all of them at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
