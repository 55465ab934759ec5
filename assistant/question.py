"""A question as slots. One turn may ask several things; each is an ``Ask``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.scopes import Each
from corpus.model import Quantity

Op = Literal[
    "value", "growth", "difference", "ratio", "share", "sum", "count", "rank", "compare", "recheck", "confirm",
    "purpose", "never_less", "explain", "list", "document", "standard", "outside", "derived", "target",
    "premise", "given", "remainder", "convert", "average", "moved", "meeting",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds, as far as reading a question needs it: regions and their data years."""

    regions: tuple[str, ...] = ()
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    written: Mapping[str, int] = field(default_factory=dict)
    vocabulary: frozenset[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Regions with a school table, and its years; they need not have a report."""
    schools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of the schools in the tables of a region."""

    @property
    def regions_of_reports(self) -> tuple[str, ...]:
        return self.regions

    @property
    def sole(self) -> str | None:
        """The only region, if there is just one: questions need not name it then."""
        return self.regions[0] if len(self.regions) == 1 else None


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked. ``words`` is the folded phrase without places, periods, stages and asking words."""

    text: str
    folded: str
    op: Op
    words: str
    metric_ids: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    """Regions that "区里", "全县" may mean when none is named."""
    unknown_regions: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    measure: str | None = None
    unit: str | None = None
    given: tuple[Quantity, ...] = ()
    each: Each = ""
    """What the question ranges over: every stage, every place."""
    descending: bool = True
    rate_asked: bool = False
    numeric: bool = True
    of_parent: bool = False
    by_rate: bool = False
    derived: str | None = None
    bar: str = ""
    """What the figure is held against: ≥, >, < or ≤ the last amount given, or the figure of ``bar_regions``."""
    bar_regions: tuple[str, ...] = ()
    parts: tuple[Ask, ...] = ()
    """The things of a list, each as a question of its own: "学校数、班级数和在校生数"."""
    carried: tuple[str, ...] = ()
    generic: bool = False
    parent: str = ""
    grandparent: str = ""
    sides: tuple[Ask, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """All that the last turn asks, with what it takes from the turns before."""

    text: str
    asks: tuple[Ask, ...]
    previous: tuple[Ask, ...] = ()
