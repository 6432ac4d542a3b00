"""ministack, whose functions run on another Python than its own: `python -m infra.local.ministack_on PYTHON`.

Its workers are `sys.executable`, whatever Runtime a function names; the zip is made for Lambda's Python.
Its CloudFormation refuses alarms on metric math, and with them the template: it is given one on the first figure.
"""

from __future__ import annotations

import runpy
import sys
from typing import Any

from ministack.services.cloudformation import provisioners

from infra.local import template


def main() -> None:
    """Be ministack; PYTHON is what it takes for itself."""
    sys.executable = sys.argv.pop(1)
    record = provisioners._cw_metric_alarm_record

    def plain(name: str, properties: dict[str, Any]) -> Any:
        return record(name, template.plain_alarm({"Properties": properties})["Properties"])

    provisioners._cw_metric_alarm_record = plain
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
