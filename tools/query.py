"""What is looked for among the facts, as slots; empty slots are open."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Role


@dataclass(frozen=True, slots=True)
class Query:
    """``words`` is the folded phrase left when region, period, stage and the way of asking are taken off.

    ``metric_ids`` are catalogue names in the phrase, ``measure`` a dimension of corpus.units that the
    question's measure word demands, ``value`` an amount the question itself states.
    """

    words: str = ""
    metric_ids: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    measure: str | None = None
    roles: tuple[Role, ...] = ("level", "share", "base")
    exact: bool = False
    """Only facts of these indicators will do, none that are called like them."""
    value: Decimal | None = None
    value_unit: str | None = None
    report_ids: tuple[str, ...] = ()
    rate_asked: bool = False
    targets: bool = False
    any_unit: bool = False
    holding: tuple[str, ...] = ()
    """Bounds that the question names, as they are printed ("2000人以上"): the figure's sentence holds their numbers."""
    around: str = ""
    """Words of the question before: of equals, the one nearer to them is meant."""
