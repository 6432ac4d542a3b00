"""A process that dies with its parent: `python -m infra.local.leash FD MODULE ARGUMENTS...`.

Linux' PR_SET_PDEATHSIG would fire when the *thread* that started the process ends, and exists on Linux only; the end of
a socket is closed by every kernel, however the parent died.
"""

from __future__ import annotations

import os
import runpy
import signal
import socket
import sys
import threading


def main() -> None:
    """Run a module as `python -m` would, on the leash that was inherited as a file descriptor."""
    leash, module, *arguments = sys.argv[1:]
    threading.Thread(target=_die_with_parent, args=(socket.socket(fileno=int(leash)),), daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _die_with_parent(leash: socket.socket) -> None:
    try:
        leash.recv(1)  # returns only when the parent's end is closed
    finally:
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
