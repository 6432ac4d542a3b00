"""FilterCriteria of event source mappings: which records a function is called for.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html. An operator that is not evaluated here is
refused when the cloud starts: a pattern that is ignored would call a function on AWS otherwise than here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from infra.local.process import CloudError

ABSENT = object()
Test = Callable[[Any], bool]


def matcher(criteria: Mapping[str, Any] | None) -> Test:
    """A test of one record; without filters everything matches. Raises CloudError for what is not evaluated here."""
    filters = (criteria or {}).get("Filters", [])
    tests = [_object(json.loads(item["Pattern"])) for item in filters]
    return lambda record: not tests or any(test(record) for test in tests)


def _object(pattern: Any) -> Test:
    if not isinstance(pattern, Mapping) or not pattern:
        raise CloudError(f"filter pattern: expected an object with at least one key, found {json.dumps(pattern)}")
    if "$or" in pattern:
        raise CloudError("filter pattern: '$or' is not evaluated by the local cloud")
    tests = {key: _leaf(value) if isinstance(value, list) else _object(value) for key, value in pattern.items()}
    return lambda data: all(test(_get(data, key)) for key, test in tests.items())


def _get(data: Any, key: str) -> Any:
    return data.get(key, ABSENT) if isinstance(data, Mapping) else ABSENT


def _leaf(choices: Sequence[Any]) -> Test:
    tests = [_choice(choice) for choice in choices]
    return lambda value: any(test(value) for test in tests)


def _choice(choice: Any) -> Test:
    if not isinstance(choice, Mapping):
        return lambda value: _same(value, choice)
    if len(choice) != 1:
        raise CloudError(f"filter pattern: expected one operator, found {json.dumps(choice)}")
    operator, operand = next(iter(choice.items()))
    if operator not in OPERATORS:
        raise CloudError(
            f"filter pattern: {operator!r} is not evaluated by the local cloud, only {', '.join(OPERATORS)}"
        )
    return OPERATORS[operator](operand)


def _exists(wanted: Any) -> Test:
    # `exists` looks at leaves only: an object is not one.
    return lambda value: (value is not ABSENT and not isinstance(value, Mapping)) is bool(wanted)


def _prefix(start: Any) -> Test:
    return lambda value: isinstance(value, str) and value.startswith(start)


def _anything_but(refused: Any) -> Test:
    if isinstance(refused, Mapping):
        raise CloudError("filter pattern: 'anything-but' is evaluated for values only")
    values = refused if isinstance(refused, list) else [refused]
    return lambda value: value is not ABSENT and not any(_same(value, item) for item in values)


def _same(value: Any, wanted: Any) -> bool:
    """Equal and of one type: 1 is not true."""
    return type(value) is type(wanted) and bool(value == wanted)


OPERATORS: dict[str, Callable[[Any], Test]] = {
    "exists": _exists,
    "prefix": _prefix,
    "anything-but": _anything_but,
}
