"""Checks and plans of a store: which table is meant, and each result kept until what is stored changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from corpus.errors import JunhengError
from corpus.readers import file_bytes
from corpus.schools.model import SchoolTable
from corpus.schools.read import table_from
from indexes.store import Store
from tools.compliance.model import Check
from tools.plan.model import Plan

T = TypeVar("T")
KEPT = 16
"""Results kept: a person looks at one county from several sides, and downloads what was seen."""


class Assessments:
    """Checks and plans over one store. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._kept: dict[Hashable, Any] = {}

    def check(self, *, region: str | None, year: int | None, standard: str, path: Path | None) -> Check:
        """Check what is stored of a county and year, or the table at ``path`` without storing it.

        Raises JunhengError (a table that cannot be read: TableError).
        """
        from tools.compliance.whole import check

        said = None if year is None else str(year)
        if path is not None:
            table = read_apart(path, region, year)
            return check(self._store, region=region, year=said, standard_id=standard, table=table)
        key = ("check", region, year, standard)
        return self._made(key, lambda: check(self._store, region=region, year=said, standard_id=standard))

    def plan(self, *, region: str | None, year: int | None, standard: str, path: Path | None) -> Plan:
        """Plan for a stored table, or for the one at ``path``; raises JunhengError where there is none."""
        from tools.plan.make import make_plan

        said = None if year is None else str(year)

        def make(table: SchoolTable) -> Plan:
            return make_plan(table, region=region, year=said, standard_id=standard)

        if path is not None:
            return make(read_apart(path, region, year))
        table = self.check(region=region, year=year, standard=standard, path=None).table
        if table is None:
            place = f"{region or ''}{f'{year}年' if year else ''}"
            raise JunhengError(
                f"没有{place or '已存'}的学校数据表，只有自评报告，不能测算；空白表用 junheng template 生成。"
            )
        return self._made(("plan", region, year, standard), lambda: make(table))

    def _made(self, key: Hashable, make: Callable[[], T]) -> T:
        whole = (self._store.version, key)
        with self._lock:
            if whole in self._kept:
                kept: T = self._kept[whole]
                return kept
        found = make()
        with self._lock:
            while len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[whole] = found
        return found


def read_apart(path: Path, region: str | None, year: int | None) -> SchoolTable:
    """Read a table that is not stored; it is known by its name, as the folder of an upload tells nothing."""
    return table_from(file_bytes(path), path.name, region=region, year=year)
