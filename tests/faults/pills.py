"""Posts that end the process that decides them, as a bug of the engine would."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from chalicelib import deciding
from tests.faults.traffic import PILL

_triage = deciding.triage


def swallow(note: Callable[[], object] = lambda: None) -> None:
    """From now on this process dies of them; `note` is called before it does."""

    def triage(batch: Any, log: Any, record: Any) -> bool:
        if PILL in record["body"]:
            note()
            os.kill(os.getpid(), signal.SIGKILL)
        return _triage(batch, log, record)

    deciding.triage = triage
