"""Codified standards: what a document demands, aspect by aspect, read strictly from YAML."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, load_yaml
from corpus.errors import CatalogueError

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Demand:
    """One indicator of a standard, by the code that its application form gives it."""

    code: str
    name: str


@checked(frozen=True, config=_STRICT)
class Aspect:
    name: str
    status: Literal["confirmed", "unconfirmed"]
    indicators: tuple[Demand, ...]


@checked(frozen=True, config=_STRICT)
class Standard:
    """``document`` is the document number; ``status`` says whether its text was seen or is from memory."""

    id: str
    name: str
    document: str
    status: Literal["confirmed", "unconfirmed"]
    aspects: tuple[Aspect, ...]


@cache
def standards() -> dict[str, Standard]:
    """Return all standards by id; the file name must be the id."""
    found: dict[str, Standard] = {}
    for path in sorted((HERE / "standards").glob("*.yaml")):
        standard = load_yaml(path, Standard)
        if standard.id != path.stem:
            raise CatalogueError(f"{path.name}:id:应与文件名相同,现为“{standard.id}”")
        found[standard.id] = standard
    return found
