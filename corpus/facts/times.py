"""Which period a number speaks of: said in its clause, its sentence, its paragraph, or by the report."""

from __future__ import annotations

import re

from corpus.facts.spots import Spot
from corpus.model import Period, Report
from corpus.periods import resolve

_WRITERS = ("今年", "去年", "前年", "明年", "后年")
"""Relative to when the report was written, not to the year its figures are about."""
_PAST = re.compile(r"上一?年|去年|前一年|上一?学年|同期|上一?期|上年")


class Clock:
    """Keeps the time of the running text; ``enter`` is called for each sentence in order."""

    def __init__(self, report: Report, periods: tuple[Period, ...]) -> None:
        self.report = report
        self.periods = periods
        self.written = report.published.year if report.published else report.year
        self._paragraph: tuple[int, str | None] = (0, None)
        self._span = (0, 0)

    def enter(self, start: int, end: int, path: tuple[str, ...]) -> None:
        """Begin the sentence ``[start, end)``; a year that opens it goes for its paragraph too."""
        self._span = (start, end)
        begin = self.report.text.rfind("\n", 0, start) + 1
        if self._paragraph[0] != begin:
            self._paragraph = (begin, None)
        first = next((p for p in self.periods if start <= p.start < end), None)
        if first and first.key and first.start - start <= 8 and not self._compared(first):
            self._paragraph = (begin, first.key[:4])

    def _compared(self, period: Period) -> bool:
        before = self.report.text[max(0, period.start - 3) : period.start]
        return bool(re.search(r"[比较由从自到至於]$|(?:对比|相比)$", before))

    def _key(self, period: Period, year: int | None) -> str | None:
        if period.key:
            return period.key
        if period.relative and any(word in period.relative for word in _WRITERS):
            return resolve(period, year=self.written)
        return resolve(period, year=year)

    def period(
        self, spot: Spot, role: str, earlier: bool, anchored: str | None
    ) -> tuple[str | None, str | None]:
        """Return (period, base period) keys of the number at ``spot``.

        A change, rate or share that is about another number has that number's period (``anchored``);
        a base has the past period it is said with, else the year before.
        """
        start = self._span[0]
        position = spot.quantity.full_start
        near = [p for p in self.periods if spot.before_start <= p.start and p.end <= position]
        if role == "base" or earlier:
            said = near[-1] if near else None
            level = anchored or self._general(start, position)
            year = int(level[:4]) if level and level[:4].isdigit() else self.report.year
            if said and said.key:
                return said.key, None
            if said and said.relative and not _PAST.search(said.relative):
                return self._key(said, year), None
            if said is None and role == "base" and not earlier:
                return None, None  # "由19.5%到…": an earlier state whose time is not said
            return (str(year - 1) if year else None), None
        if role in ("change", "rate"):
            level = anchored or self._general(start, position)
            compared = [p for p in near if self._compared(p)]
            base = (
                self._key(compared[-1], int(level[:4]))
                if compared and level and level[:4].isdigit()
                else None
            )
            if (
                compared
                and compared[-1].relative
                and _PAST.search(compared[-1].relative)
                and level
                and level[:4].isdigit()
            ):
                base = str(int(level[:4]) - 1)
            return level, base
        own = [p for p in near if not self._compared(p)]
        for said in reversed(own):
            if key := self._key(said, self.report.year):
                return key, None
        if role == "share" and anchored:
            return anchored, None
        return self._general(start, position), None

    def _general(self, start: int, position: int) -> str | None:
        said = [p for p in self.periods if start <= p.start and p.end <= position and not self._compared(p)]
        for period in reversed(said):
            if period.relative and _PAST.search(period.relative):
                continue
            key = self._key(period, self.report.year)
            if key:
                return key
        if self._paragraph[1]:
            return self._paragraph[1]
        return str(self.report.year) if self.report.year else None
