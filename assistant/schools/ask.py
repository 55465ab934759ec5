"""A question about schools and standards as slots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SchoolOp = Literal[
    "overview", "schools", "school", "cell", "total", "extreme", "average", "dispersion", "additions", "moves", "what_if", "county", "lacking", "limit",
    "why", "rule",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SchoolAsk:
    """One thing asked about schools. ``schools`` are full names of the table of ``region``.

    ``region`` None: none was named and none can be meant. ``candidates`` are the schools that a name fits when it
    fits several; ``unknown`` is a name that fits none. ``only`` is "met", "not_met" or "no_data". ``changes`` are
    the suppositions of a what-if, oldest first, as (school, column, change): "+10", "-100" or "=20". ``about`` says
    which side of the matter is wanted ("contributions", "over", "unweighted", "split" …). ``other_stage`` is a stage
    named that takes no part.
    """

    text: str
    folded: str
    op: SchoolOp
    region: str | None = None
    unknown_regions: tuple[str, ...] = ()
    year: str | None = None
    schools: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    unknown: str | None = None
    stages: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    standard: str = "youzhi_junheng"
    only: str = ""
    about: str = ""
    money: bool = False
    other_stage: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    carried: tuple[str, ...] = ()
