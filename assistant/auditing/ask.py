"""A question about the audit of reports as slots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AuditOp = Literal["overview", "most", "why", "recheck"]


@dataclass(frozen=True, slots=True)
class AuditAsk:
    """``regions`` empty: all reports. ``kinds`` and ``verdict`` are those of ``corpus/audit_words.yaml``, empty for any.

    ``topic`` is what the figures are about ("生均经费"), ``title`` words of a report's title. ``first`` is the number
    of the finding to begin with and ``only`` says that just this one is wanted. "why" asks for the grounds of the
    finding told last; for a single figure that was rechecked in turn number ``again`` it asks for that ("recheck").
    """

    text: str
    op: AuditOp
    regions: tuple[str, ...] = ()
    unknown_regions: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    title: str = ""
    kinds: tuple[str, ...] = ()
    verdict: str = ""
    topic: str = ""
    first: int = 1
    only: bool = False
    again: int = 0
    carried: tuple[str, ...] = ()
