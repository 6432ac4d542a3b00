"""ministack, whose functions run on another Python than its own: `python -m infra.local.ministack_on PYTHON`.

Its workers are `sys.executable`, whatever Runtime a function names; the zip is made for Lambda's Python.
"""

from __future__ import annotations

import runpy
import sys


def main() -> None:
    """Be ministack; PYTHON is what it takes for itself."""
    sys.executable = sys.argv.pop(1)
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
