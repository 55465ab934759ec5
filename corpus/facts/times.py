"""Which period a number speaks of: said in its clause, its sentence, its paragraph, or by the report."""

from __future__ import annotations

import re
from bisect import bisect_left

from corpus.facts.spots import Spot
from corpus.model import Period, Report
from corpus.periods import read_periods, resolve

_WRITERS = ("今年", "去年", "前年", "明年", "后年")
"""Relative to when the report was written, not to the year its figures are about."""
_PAST = re.compile(r"上一?年|去年|前一年|上一?学年|同期|上一?期|上年")
_BREAK = re.compile(r"[;；。]")
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_BESIDE = re.compile(r"(?:的?[^,，;；。]{0,20})?相比")
_BRACKET = re.compile(r"[()（）]")
_MOST = 40
"""Periods of one sentence looked at; more are a table or an attack, not a sentence."""


class Clock:
    """Keeps the time of the running text; ``enter`` is called for each sentence in order."""

    def __init__(self, report: Report, periods: tuple[Period, ...]) -> None:
        self.report = report
        self.periods = periods
        self.written = report.published.year if report.published else report.year
        self._starts = [p.start for p in periods]
        self._paragraph: tuple[int, str | None] = (-1, None)
        self._heading: str | None = None
        self._span = (0, 0)

    def enter(self, start: int, end: int, path: tuple[str, ...]) -> None:
        """Begin the sentence ``[start, end)``; a year that opens it goes for its paragraph too."""
        self._span = (start, end)
        begin = self.report.text.rfind("\n", 0, start) + 1
        if self._paragraph[0] != begin:
            self._paragraph = (begin, None)
            self._heading = _year_of(path)
        first = next(iter(self._within(start, end)), None)
        if first and first.key and "/" not in first.key and first.start - start <= 8:
            if not self._compared(first) and self.report.text[first.start - 1 : first.start] not in tuple(
                "到至"
            ):
                self._paragraph = (begin, first.key[:4])

    def _within(self, start: int, end: int) -> list[Period]:
        """Return the periods that stand wholly within ``[start, end)``, the last ones if they are many."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [p for p in self.periods[max(first, last - _MOST) : last] if p.end <= end]

    def during(self, start: int, end: int) -> list[Period]:
        """Return the last times written in ``[start, end)``, in order."""
        return self._within(start, end)

    def _compared(self, period: Period) -> bool:
        before = self.report.text[max(0, period.start - 3) : period.start]
        if re.search(r"[比较由从自]$|(?:对比|相比)$", before):
            return True
        after = self.report.text[period.end : period.end + 24]
        return bool(re.search(r"[与同跟與]$", before) and _BESIDE.match(after))

    def _key(self, period: Period, year: int | None) -> str | None:
        if period.key:
            return period.key
        if period.relative and any(word in period.relative for word in _WRITERS):
            return resolve(period, year=self.written)
        return resolve(period, year=year)

    def within(self, start: int, end: int) -> str | None:
        """Return the key of the last time said in ``[start, end)``."""
        for said in reversed(self._within(start, end)):
            if key := self._key(said, self.report.year):
                return key
        return None

    def year_before(self, key: str | None) -> str | None:
        """Return the year before that of ``key``."""
        return str(int(key[:4]) - 1) if key and key[:4].isdigit() else None

    def period(
        self, spot: Spot, role: str, earlier: bool, anchored: str | None
    ) -> tuple[str | None, str | None]:
        """Return (period, base period) keys of the number at ``spot``.

        A change, rate or share that is about another number has that number's period (``anchored``);
        a base has the past period it is said with, else the year before.
        """
        start = self._span[0]
        position = spot.quantity.full_start
        near = self._within(spot.before_start, position)
        if role == "base" or earlier:
            return self._base(near, role, earlier, anchored or self._general(start, position)), None
        if role in ("change", "rate"):
            level = anchored or self._general(start, position)
            return level, self._compared_with(near, level)
        if role == "limit" and anchored:
            return anchored, None
        own = [p for p in near if not self._compared(p)]
        for said in reversed(own):
            if key := self._key(said, self.report.year):
                return key, None
        if role == "share" and anchored:
            return anchored, None
        return self._general(start, position), None

    def _base(self, near: list[Period], role: str, earlier: bool, level: str | None) -> str | None:
        said = near[-1] if near else None
        year = int(level[:4]) if level and level[:4].isdigit() else self.report.year
        if said and said.key:
            return said.key
        if said and said.relative and not _PAST.search(said.relative):
            return self._key(said, year)
        if said is None and role == "base" and not earlier:
            return None  # "由19.5%到…": an earlier state whose time is not said
        return str(year - 1) if year else None

    def _compared_with(self, near: list[Period], level: str | None) -> str | None:
        compared = [p for p in near if self._compared(p)]
        if not compared or not level or not level[:4].isdigit():
            return None
        said = compared[-1]
        if said.relative and _PAST.search(said.relative):
            return self.year_before(level)
        return self._key(said, int(level[:4]))

    def _bracketed(self, said: list[Period], position: int) -> set[int]:
        """Return the starts of the times in a bracket closed before ``position`` that holds a number of its own.

        "小学900元(2022年850元);初中…": that year is the bracket's, but "在校生(2022年)900人" is of that year.
        """
        text = self.report.text
        inside = set()
        for period in said:
            shut = _BRACKET.search(text, period.end, position)
            if shut and shut.group() in ")）" and re.search(r"\d", text[period.end : shut.start()]):
                inside.add(period.start)
        return inside

    def _general(self, start: int, position: int) -> str | None:
        said = [p for p in self._within(start, position) if not self._compared(p)]
        aside = self._bracketed(said, position)
        for period in reversed(said):
            if period.start in aside:
                continue
            if period.relative and _PAST.search(period.relative):
                continue
            year = int(self._heading) if self._heading else self.report.year
            if key := self._key(period, year):
                # a month or day goes for its own clause, its year for the rest of the sentence
                part = _DAY.fullmatch(key) is not None
                return key[:4] if part and _BREAK.search(self.report.text, period.end, position) else key
        if self._paragraph[1]:
            return self._paragraph[1]
        if self._heading:
            return self._heading
        return str(self.report.year) if self.report.year else None


def _year_of(path: tuple[str, ...]) -> str | None:
    """Return the year that the nearest heading names, if it names exactly one."""
    for title in reversed(path):
        keys = {p.key[:4] for p in read_periods(title[:120]) if p.key and "/" not in p.key}
        if len(keys) == 1:
            return keys.pop()
        if keys:
            return None
    return None
