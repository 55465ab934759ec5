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


_SAME = frozenset((str, int, bool, type(None)))


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _SAME or isinstance(value, (str, int)):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if kind is Decimal:
        return str(value)
    if kind is dt.date:
        return value.isoformat()
    if dataclasses.is_dataclass(kind):
        pairs = ((field, getattr(value, field.name)) for field in _fields(kind))
        return {field.name: _plain(item) for field, item in pairs if not field.is_default(item)}
    raise TypeError(f"a record cannot hold {kind.__name__}")


@dataclasses.dataclass(frozen=True, slots=True)
class _Field:
    """A field of a type: its default (``MISSING`` where it has none) and how that is written."""

    name: str
    default: Any
    written: str

    def is_default(self, item: Any) -> bool:
        # 1 == True and Decimal("1.0") == Decimal("1"): equal is not the same, so types and text count.
        if item is self.default:
            return True
        return type(item) is type(self.default) and str(item) == self.written


@cache
def _fields(kind: Any) -> tuple[_Field, ...]:
    return tuple(_Field(f.name, f.default, str(f.default)) for f in dataclasses.fields(kind))


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
