"""Frozen dataclasses to JSON and back, exactly: decimals keep every digit, tuples stay tuples.

Fields at their default are left out, and a field that a record lacks gets its default, so a type
may gain fields without making stored records unreadable.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import types
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Decode = Callable[[Any], Any]


def dump(value: Any) -> str:
    """Return a dataclass instance as one line of JSON."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def load(kind: type[T], record: str) -> T:
    """Return the instance of ``kind`` that ``dump`` wrote."""
    decode: _Decode = _decoder(kind)  # type: ignore[arg-type]  # a class is hashable
    instance: T = decode(json.loads(record))
    return instance


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: _plain(item) for field, item in pairs if not _is_default(field, item)}
    raise TypeError(f"a record cannot hold {type(value).__name__}")


def _is_default(field: dataclasses.Field[Any], item: Any) -> bool:
    default = field.default
    # 1 == True and Decimal("1.0") == Decimal("1"): equal is not the same, so types and text count.
    return default is not dataclasses.MISSING and type(item) is type(default) and str(item) == str(default)


@cache
def _decoder(kind: Any) -> _Decode:
    """Return what turns plain JSON into ``kind``; built once for each type."""
    if kind in (str, int, bool, type(None)):
        return _same
    if kind is Decimal:
        return Decimal
    if kind is dt.date:
        return dt.date.fromisoformat
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _same
    if origin in (Union, types.UnionType):
        return _optional(parts)
    if origin is tuple:
        return _sequence(parts)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _instance(kind)
    raise TypeError(f"a record cannot hold {kind}")


def _same(value: Any) -> Any:
    return value


def _optional(parts: tuple[Any, ...]) -> _Decode:
    inner = [part for part in parts if part is not type(None)]
    if len(inner) != 1:
        raise TypeError(f"only a type or None can be told apart in a record, not {parts}")
    decode = _decoder(inner[0])
    return lambda value: None if value is None else decode(value)


def _sequence(parts: tuple[Any, ...]) -> _Decode:
    if not parts or (len(parts) == 2 and parts[1] is Ellipsis):
        decode = _decoder(parts[0]) if parts else _same
        return lambda value: tuple(decode(item) for item in value)
    decoders = [_decoder(part) for part in parts]
    return lambda value: tuple(decode(item) for decode, item in zip(decoders, value, strict=True))


def _instance(kind: type[Any]) -> _Decode:
    hints = get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(kind)}

    def decode(value: dict[str, Any]) -> Any:
        known = ((name, decoders[name], item) for name, item in value.items() if name in decoders)
        return kind(**{name: read(item) for name, read, item in known})

    return decode
