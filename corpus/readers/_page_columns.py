"""Columns: where a page is set in two, the left one is read before the right one."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.readers._page_types import Run

Part = tuple[Sequence[Run], float, float]


def columns_of(runs: Sequence[Run], width: float, height: float) -> list[Part]:
    """Parts of a page in reading order, each with the heights between which it stands."""
    return [(runs, float("-inf"), float("inf"))]
