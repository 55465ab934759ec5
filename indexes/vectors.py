"""Vectors kept beside their rows in SQLite, and exact search over them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from indexes.embedded import Vectors

Table = Literal["passage", "fact"]
TABLES: tuple[Table, ...] = ("passage", "fact")
Dropped = Mapping[Table, Sequence[int]]
"""Row numbers that are gone."""
Added = Mapping[Table, tuple[Sequence[int], Sequence[str], Vectors]]
"""New row numbers with their report ids and vectors ``(n, d)``."""


@dataclass(frozen=True, slots=True)
class VectorTable:
    """All vectors of a table at one version: ``matrix[i]`` belongs to ``rows[i]`` of ``reports[i]``."""

    rows: npt.NDArray[np.int64]
    reports: npt.NDArray[np.object_]
    matrix: Vectors

    def nearest(self, query: Vectors, k: int, report_ids: Collection[str] | None = None) -> dict[int, float]:
        """Return the ``k`` rows of the highest cosine, best first, with it."""
        if report_ids is None:
            rows, matrix = self.rows, self.matrix
        else:
            wanted = set(report_ids)
            chosen = np.fromiter((report in wanted for report in self.reports), bool, len(self.reports))
            rows, matrix = self.rows[chosen], self.matrix[chosen]
        if not len(rows):
            return {}
        cosines = matrix @ query
        best = np.argpartition(-cosines, min(k, len(rows)) - 1)[:k]
        best = best[np.lexsort((rows[best], -cosines[best]))]
        return {int(rows[i]): float(cosines[i]) for i in best}


def read_table(connection: sqlite3.Connection, table: Table) -> VectorTable:
    """Read a whole table of vectors; 100,000 of 384 numbers take 150 MB and half a second."""
    found = connection.execute(f"select row, report_id, vector from {table} order by row").fetchall()
    rows = np.array([row for row, _, _ in found], np.int64)
    return VectorTable(rows, np.array([report for _, report, _ in found], object), _stack(found))


def read_vectors(connection: sqlite3.Connection, table: Table, rows: Collection[int]) -> dict[int, Vectors]:
    """Return the vectors of a few rows."""
    found = connection.execute(
        f"select row, vector from {table} where row in (select value from json_each(?))",
        (json.dumps(list(rows)),),
    )
    return {row: np.frombuffer(vector, "<f4") for row, vector in found}


def read_batch(
    connection: sqlite3.Connection, table: Table, after: int, size: int = 2000
) -> tuple[list[int], list[str], Vectors]:
    """Return the next rows after row number ``after``, their reports and their vectors."""
    found = connection.execute(
        f"select row, report_id, vector from {table} where row > ? order by row limit ?", (after, size)
    ).fetchall()
    return [row for row, _, _ in found], [report for _, report, _ in found], _stack(found)


def _stack(found: list[tuple[int, str, bytes]]) -> Vectors:
    if not found:
        return np.empty((0, 0), np.float32)
    return np.frombuffer(b"".join(vector for _, _, vector in found), "<f4").reshape(len(found), -1)


def pack(vector: Vectors) -> bytes:
    """Return a vector as it is stored: little-endian float32."""
    return vector.astype("<f4").tobytes()
