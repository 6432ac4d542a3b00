"""Any program as a module that can be leashed: `python -m tests.live.command [--user NAME] PROGRAM ARGUMENTS...`."""

from __future__ import annotations

import subprocess
import sys


def main() -> int:
    """Run it in our process group, as another user where asked; its exit status."""
    words = sys.argv[1:]
    user, words = (words[1], words[2:]) if words[0] == "--user" else (None, words)
    return subprocess.call(words, user=user, group=user, extra_groups=[] if user else None)


if __name__ == "__main__":
    raise SystemExit(main())
