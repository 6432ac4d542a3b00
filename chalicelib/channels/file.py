"""A file on this machine: what `make run` shows, so that a newcomer sees who would be told what."""

from __future__ import annotations

import os

from chalicelib.channels.base import BaseChannel
from chalicelib.channels.wording import headline, lines
from chalicelib.model import Notice
from chalicelib.plain import clean


class FileChannel(BaseChannel):
    """Appends each notice to `path`."""

    kind = "file"
    required = ("path",)

    def tell(self, notice: Notice, times: int) -> None:
        """One write, so that what several processes tell does not mix. It may quote people: for its owner's eyes."""
        below = "".join(f"    {line}\n" for line in lines(notice))
        whole = (
            f"{notice.at:%Y-%m-%d %H:%M} {', '.join(notice.teams) or 'nobody'}: {headline(notice, times, 300)}\n{below}"
        )
        descriptor = os.open(self.settings["path"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as out:
            out.write(clean(whole).encode() + b"\n")
