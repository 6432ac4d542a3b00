"""Values of the model to JSON and back. The unknown is left out; what does not fit is a BadPayload that says where."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from chalicelib.errors import BadPayload

T = TypeVar("T")
Decoder = Callable[[Any, str], Any]


def to_json(value: Any) -> Any:
    """A JSON value; dataclass fields that are None or empty are left out, instants are ISO 8601, durations seconds."""
    if value is None or isinstance(value, str | int | float):
        return value.value if isinstance(value, StrEnum) else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [to_json(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    pairs = ((name, getattr(value, name), left_out) for name, left_out in _left_out(type(value)))
    return {name: to_json(item) for name, item, left_out in pairs if item not in left_out}


def from_json(kind: type[T], data: Any, where: str = "") -> T:
    """A value of `kind`; other keys are ignored. Raises BadPayload naming the place, never the content."""
    decoded: T = _decoder(kind)(data, where)
    return decoded


def instant(text: Any, where: str = "time") -> datetime:
    """An aware UTC instant from ISO 8601; a time without a zone is UTC. Raises BadPayload."""
    if not isinstance(text, str):
        raise BadPayload(f"{where}: expected an ISO 8601 time")
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPayload(f"{where}: expected an ISO 8601 time") from None


def _build_left_out(kind: Any) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """The fields, each with the values that are left out: an empty list is told where it differs from the unknown."""
    return tuple((item.name, (None,) if item.default is None else (None, ())) for item in fields(kind))


def _build_decoder(kind: Any) -> Decoder:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(next(arg for arg in args if arg is not type(None)))
    if origin in (tuple, frozenset):
        return _sequence(origin, args[0])
    if origin is Mapping:
        return _mapping(*args)
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _choice(kind)
    return _SCALARS[kind]


_left_out: Callable[[Any], tuple[tuple[str, tuple[Any, ...]], ...]] = cache(_build_left_out)
_decoder: Callable[[Any], Decoder] = cache(_build_decoder)


def _optional(kind: Any) -> Decoder:
    decode = _decoder(kind)
    return lambda data, where: None if data is None else decode(data, where)


def _sequence(origin: Any, kind: Any) -> Decoder:
    decode = _decoder(kind)

    def sequence(data: Any, where: str) -> Any:
        if not isinstance(data, list | tuple):
            raise BadPayload(f"{where}: expected a list")
        if decode is _text and set(map(type, data)) <= {str}:  # a rulebook holds tens of thousands of words
            return origin(data)
        return origin(decode(item, f"{where}[{index}]") for index, item in enumerate(data))

    return sequence


def _mapping(key: Any, kind: Any) -> Decoder:
    """An object whose names are texts, or whole numbers that JSON writes as texts."""
    decode = _decoder(kind)

    def mapping(data: Any, where: str) -> Any:
        if not isinstance(data, Mapping):
            raise BadPayload(f"{where}: expected an object")
        named = ((_digits(name, where) if key is int else name, item) for name, item in data.items())
        return {name: decode(item, where) for name, item in named}

    return mapping


def _digits(name: Any, where: str) -> int:
    if re.fullmatch(r"-?[0-9]{1,18}", str(name), re.ASCII):
        return int(name)
    raise BadPayload(f"{where}: expected names that are whole numbers")


def _object(kind: Any) -> Decoder:
    hints = get_type_hints(kind)
    decoders = [(item.name, _decoder(hints[item.name])) for item in fields(kind)]
    needed = {item.name for item in fields(kind) if item.default is MISSING and item.default_factory is MISSING}
    empty = {name: _empty(hints[name]) for name in needed if _empty(hints[name]) is not MISSING}
    required = needed - empty.keys()

    def read(data: Any, where: str) -> Any:
        # A rulebook is ten thousand objects of texts, and a cold start waits for it: the commonest are told first.
        if type(data) is not dict and not isinstance(data, Mapping):
            raise BadPayload(f"{where or kind.__name__.lower()}: expected an object")
        inside = f"{where}." if where else ""
        if not data.keys() >= required:
            raise BadPayload(f"{inside}{min(required - data.keys())}: is missing")
        found = dict(empty)
        for name, decode in decoders:
            value = data.get(name)
            if decode is _text and type(value) is str:
                found[name] = value
            elif value is not None or name in required:
                found[name] = decode(value, inside + name)
        return kind(**found)

    return read


def _empty(hint: Any) -> Any:
    """What `to_json` left out when the field is not there; MISSING where it leaves nothing out."""
    if type(None) in get_args(hint):
        return None
    return () if get_origin(hint) is tuple else MISSING


def _choice(kind: type[StrEnum]) -> Decoder:
    def choose(data: Any, where: str) -> StrEnum:
        try:
            return kind(data)
        except ValueError:
            raise BadPayload(f"{where}: expected one of {', '.join(kind)}") from None

    return choose


def _text(data: Any, where: str) -> str:
    if isinstance(data, str):
        return data
    if isinstance(data, int) and not isinstance(data, bool) and abs(data) < 10**300:  # Python refuses to print more
        return str(data)  # ids come as bare numbers from some platforms
    raise BadPayload(f"{where}: expected a text")


def _whole(data: Any, where: str) -> int:
    if isinstance(data, int) and not isinstance(data, bool):
        return data
    raise BadPayload(f"{where}: expected a whole number")


def _number(data: Any, where: str) -> float:
    if isinstance(data, int | float) and not isinstance(data, bool) and abs(data) < 1e300:  # also refuses NaN
        return float(data)
    raise BadPayload(f"{where}: expected a number")


def _flag(data: Any, where: str) -> bool:
    if isinstance(data, bool):
        return data
    raise BadPayload(f"{where}: expected true or false")


def _duration(data: Any, where: str) -> timedelta:
    try:
        return timedelta(seconds=_number(data, where))
    except OverflowError:
        raise BadPayload(f"{where}: expected a number of seconds") from None


_SCALARS: dict[Any, Decoder] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _flag,
    datetime: instant,
    timedelta: _duration,
}
