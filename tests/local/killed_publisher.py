"""`earshot` in a process that dies before its n-th request to the table: `python -m ... N VERB ...`.

A version is written in parts of 400 bytes here, so that there are many places to die at.
"""

from __future__ import annotations

import http.client
import os
import signal
import sys
from itertools import count
from typing import Any

from chalicelib.cli.main import main
from chalicelib.stores import rulebooks

_send = http.client.HTTPConnection.endheaders
_numbers = count(1)


def endheaders(connection: Any, *args: Any, **kwargs: Any) -> None:
    """Count it, or die."""
    if next(_numbers) == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    _send(connection, *args, **kwargs)


if __name__ == "__main__":
    rulebooks.PART_BYTES = 400
    setattr(http.client.HTTPConnection, "endheaders", endheaders)  # noqa: B010 - mypy refuses the assignment
    sys.exit(main(sys.argv[2:]))
