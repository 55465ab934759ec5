"""Which period a number speaks of: said in its clause, its sentence, its paragraph, or by the report."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from corpus.dating import declared, month_line
from corpus.facts.spans import year_of, years_of
from corpus.facts.spots import Spot
from corpus.folding import fold
from corpus.model import Period, Report
from corpus.periods import resolve

_WRITERS = ("今年", "去年", "前年", "明年", "后年")
"""Relative to when the report was written, not to the year its figures are about."""
_PAST = re.compile(r"上一?年|去年|前一年|上一?学年|同期|上一?期|上年")
_VAGUE = re.compile(r"近年|近几年|近些年|多年来|几年来|这几年|过去几年")
_DIGITS = "〇一二三四五六七八九十"
_OVER = re.compile(
    r"(?P<n>[二三四五六七八九十]|\d{1,2})(?:个?学)?年(?:来|间|以来)?,?(?:已|共|一共|总共|合计|累计|共计|总计|净|新)"
)
"""Over how many years a number is summed up."""
_OVER_ALL = re.compile(r"\s*(?:这|近|过去)?(?P<n>[二三四五六七八九十]|\d{1,2})(?:个?学)?年(?:来|间|以来),")
_SUMS = re.compile(r"(?:累计|共计|总计|合计|共)(?!有|同)")
_UNTIL = re.compile(r"截[至止]到?$")
_JOIN = re.compile(r"[ 、,，和及与]*")
_TOWARDS = re.compile(r"(?<![截直迄])[到至]$")
_BREAK = re.compile(r"[;；。]")
_CLAUSE = re.compile(r"[,，;；。]")
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_BESIDE = re.compile(r"(?:的?[^,，;；。]{0,20})?相比")
_FOOTING = re.compile(r"[^,，。;；]{0,14}基础上")
_TIMES = re.compile(r"(?:年|度|末|底|同期)*的?(?:近|约)?\d+(?:[.]\d+)?[多余]?倍")
"""Behind a time that the number is a multiple of ("是上年的1.8倍")."""
_BRACKET = re.compile(r"[()（）]")
_RECORD = re.compile(
    r"(?:以?来|之?中|之?间|的)*(?:最[高低多少大小好]|新[高低]|之最|峰值|[高低]点|首[次度]|首[高低]|罕见)"
)
"""What makes "近十年" the years that a figure is held against ("为近十年最低")."""
_MOST = 40
"""Periods of one sentence looked at; more are a table or an attack, not a sentence."""


class Clock:
    """Keeps the time of the running text; ``enter`` is called for each sentence in order."""

    def __init__(self, report: Report, periods: tuple[Period, ...]) -> None:
        self.report = report
        self.periods = periods
        self.written = report.published.year if report.published else month_line(report.text) or report.year
        self._starts = [p.start for p in periods]
        self._paragraph: tuple[int, str | None] = (-1, None)
        self._heading: str | None = None
        self._span = (0, 0)
        reached = [
            p.key[:4] for p in periods if p.key and _UNTIL.search(report.text, max(0, p.start - 3), p.start)
        ]
        self._reached = max((int(year) for year in reached if year.isdigit()), default=None)
        """The latest year up to which figures are told ("截至2023年8月")."""
        self._sum: tuple[tuple[int, int], str] = (0, -1), ""
        """A sentence, and the years that it sums up."""
        said = declared(report.text)
        near = said is None or report.year is None or abs(int(said[:4]) - report.year) < 2
        self._declared = said if near else None
        """The time that the report says all its figures are of."""
        self.listed: tuple[str, ...] = ()
        """The years of the last list in the paragraph that was told year by year."""
        self._next: str | None = None
        """The year that the sentence before leaves to those after it in its paragraph."""
        if report.published and report.year == report.published.year - 1 and report.published.month <= 2:
            self.written = report.year  # written at the end of the year that it is about

    def enter(self, start: int, end: int, path: tuple[str, ...]) -> None:
        """Begin the sentence ``[start, end)``; a year that opens it goes for its paragraph too."""
        self._span = (start, end)
        begin = self.report.text.rfind("\n", 0, start) + 1
        if self._paragraph[0] != begin:
            self._paragraph, self._next, self.listed = (begin, None), None, ()
            self._heading = year_of(path)
        elif self._next is not None:
            self._paragraph, self._next = (begin, self._next), None
        said = self._within(start, end)
        first = said[0] if said else None
        if first is None or first.start - start > 8 or self._compared(first):
            return
        if first.relative and _VAGUE.match(first.relative):
            self._paragraph = (begin, "")
        elif first.key and not _TOWARDS.search(self.report.text, max(0, first.start - 2), first.start):
            since = self._key(first, self.report.year) if "/" not in first.key else None
            if since and "/" in since:
                self._paragraph = (begin, since)  # 2021年以来,…: all that the paragraph sums up
                return
            if "/" not in first.key:
                self._paragraph = (begin, first.key[:4])
            self._next = self._last_year(said, first.key)

    def _last_year(self, said: list[Period], opening: str) -> str | None:
        """Return the year that the sentences after one with the times ``said`` go on with.

        It is the last of the year that opens the sentence and those after it that are no comparisons.
        """
        known = [p for p in said if p.key and not self._compared(p)]
        aside = self._bracketed(known, self._span[1])
        years = [p.key for p in known if p.start not in aside and p.key]
        if not years:
            return None
        latest = max(years, key=lambda key: key[-4:] if "/" in key else key[:4])
        if self.report.year and int(latest[:4]) > self.report.year:
            return opening[:4] if "/" not in opening else None
        if "/" in latest:
            last = latest.split("/")[1]
            school = len(last) == 4 and int(last) - int(latest[:4]) == 1
            return latest if school and len(years) == 1 else last[:4]
        return latest[:4]

    def _within(self, start: int, end: int) -> list[Period]:
        """Return the periods that stand wholly within ``[start, end)``, the last ones if they are many."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [p for p in self.periods[max(first, last - _MOST) : last] if p.end <= end]

    def during(self, start: int, end: int) -> list[Period]:
        """Return the last times written in ``[start, end)``, in order."""
        return self._within(start, end)

    def _compared(self, period: Period) -> bool:
        before = self.report.text[max(0, period.start - 4) : period.start].rstrip(" \u3000\xa0")[-3:]
        if years_of(period.key) and before[-1:] in tuple("从由自從"):
            return False  # "从2010年到2018年,…增加了…" tells of those years
        if re.search(r"[比较較由从從自]$|(?:对比|對比|相比)$", before):
            return True
        after = self.report.text[period.end : period.end + 24]
        if _TIMES.match(after) or (before.endswith("在") and _FOOTING.match(after)):
            return True
        return bool(re.search(r"[与同跟與]$", before) and _BESIDE.match(after))

    def _key(self, period: Period, year: int | None) -> str | None:
        if period.key:
            since = self.report.text[period.end : period.end + 2]
            until = self.report.year
            if len(period.key) == 4 and (since == "以来" or since[:1] == "起") and until:
                return f"{period.key}/{until}" if int(period.key) < until else period.key
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

    def span_of(self, spot: Spot) -> tuple[str, ...]:
        """Return the years of the span that the sentence of ``spot`` tells of ("2020年至2022年,…从…增加到…")."""
        said = self._general(self._span[0], spot.quantity.full_start)
        return years_of(said) or self._listed(spot.quantity.full_start)

    def _listed(self, position: int) -> tuple[str, ...]:
        """Return the years that the sentence opens with as a list ("2021年、2022年、2023年,…"), none if it does not."""
        said = self._within(self._span[0], position)
        years: list[str] = []
        for index, period in enumerate(said):
            apart = index and not _JOIN.fullmatch(self.report.text[said[index - 1].end : period.start])
            if apart or not period.key or len(period.key) != 4 or self._compared(period):
                break
            years.append(period.key)
        return tuple(years) if len(years) > 1 and years == sorted(years) else ()

    def each_year(self, start: int, end: int, count: int) -> tuple[str, ...]:
        """Return the ``count`` years that ``[start, end)`` names as a list or as one span, none if it does not."""
        said = [p for p in self._within(start, end) if not self._compared(p)]
        said = [p for p in said if "学年" not in self.report.text[p.start : p.end]]
        keys = [key for p in said if (key := self._key(p, self.report.year))]
        if len(keys) >= count and all(len(key) == 4 or key[4:5] == "/" for key in keys[-count:]):
            listed = keys[-count:]
            joins = [self.report.text[a.end : b.start] for a, b in pairwise(said[-count:])]
            if count > 1 and all(_JOIN.fullmatch(join) for join in joins):
                return tuple(listed)
        for key in reversed(keys):
            if (years := years_of(key)) and len(years) == count:
                return years
        return ()

    def ahead(self, key: str | None) -> bool:
        """True if ``key`` lies after the year that the report is about and after that in which it was written."""
        years = [year for year in (self.report.year, self.written, self._reached) if year]
        return bool(key and years and key[:4].isdigit() and int(key[:4]) > max(years))

    def year_before(self, key: str | None) -> str | None:
        """Return the year before that of ``key``, of a school year the school year before."""
        if not key or not key[:4].isdigit():
            return None
        first = int(key[:4])
        return f"{first - 1}/{first}" if key == f"{first}/{first + 1}" else str(first - 1)

    def period(
        self, spot: Spot, role: str, earlier: bool, anchored: str | None
    ) -> tuple[str | None, str | None]:
        """Return (period, base period) keys of the number at ``spot``.

        A change, rate or share that is about another number has that number's period (``anchored``);
        a base has the past period it is said with, else the year before.
        """
        start = self._span[0]
        position = spot.quantity.full_start
        near = [
            p
            for p in self._within(spot.before_start, position)
            if not (spot.over and spot.over[0] <= p.start < spot.over[1])
        ]
        if role == "base" or earlier:
            return self._base(near, role, earlier, anchored or self._general(start, position)), None
        if role in ("change", "rate"):
            level = anchored or self._general(start, position)
            beside = [p for p in self._within(start, position) if self._beside(p)]
            return level, self._compared_with(near, level) or self._compared_with(beside[-1:], level)
        if role == "limit" and anchored:
            return anchored, None
        own = [p for p in near if not self._compared(p) and p.relative != "同期"]
        for said in reversed(own):
            if _RECORD.match(self.report.text, said.end):
                continue
            if key := self._key(said, self.report.year):
                return key, None
        if role == "share" and anchored:
            return anchored, None
        general = self._general(start, position)
        return self._summed(spot, general), None

    def _beside(self, period: Period) -> bool:
        """True for the time of "与2020年相比" and "相比2020年", which holds for all changes after it."""
        if self.report.text.endswith(("相比", "对比"), 0, period.start):
            return True
        after = self.report.text[period.end : period.end + 24]
        before = self.report.text[max(0, period.start - 1) : period.start]
        return before in tuple("与同跟和與较比") and bool(_BESIDE.match(after)) and "相比" in after

    def _summed(self, spot: Spot, general: str | None) -> str | None:
        """Return the years that a number sums up ("三年累计3.4亿元") where ``general`` is the last of them."""
        found = _OVER.search(spot.before) or self._opened_over(spot)
        if found is None and self._sum[0] == self._span and self._sum[1].endswith(general or "-"):
            return self._sum[1]
        if found is None or not general or len(general) != 4 or re.search("规划|计划|今后|未来", spot.before):
            return general
        count = _DIGITS.find(found["n"]) if found["n"] in _DIGITS else int(found["n"])
        if not 1 < count < 12:
            return general
        self._sum = self._span, f"{int(general) - count + 1}/{general}"
        return self._sum[1]

    def _opened_over(self, spot: Spot) -> re.Match[str] | None:
        """Return the years with which the sentence opens, where the number is a sum ("三年来,…累计投入5亿元")."""
        opening = _OVER_ALL.match(fold(self.report.text[self._span[0] : self._span[0] + 16]))
        return opening if opening and _SUMS.search(spot.before) else None

    def _base(self, near: list[Period], role: str, earlier: bool, level: str | None) -> str | None:
        said = near[-1] if near else None
        year = int(level[:4]) if level and level[:4].isdigit() else self.report.year
        if said and said.key:
            return said.key
        if said and said.relative and not _PAST.search(said.relative):
            return self._key(said, year)
        if said is None and role == "base" and not earlier:
            return None  # "由19.5%到…": an earlier state whose time is not said
        return self.year_before(level or (str(year) if year else None))

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

    def _left(self, period: Period, position: int) -> bool:
        """True for a time in a clause without a number, left behind by a semicolon ("…,2017年实现全覆盖;…")."""
        text, begin = self.report.text, self._span[0]
        head = max(text.rfind(mark, begin, period.start) for mark in ",，;；")
        if head < 0 or text[head] in ";；":
            return False
        stop = _CLAUSE.search(text, period.end, position)
        return bool(stop and stop.group() in ";；" and not re.search(r"\d", text[period.end : stop.start()]))

    def _general(self, start: int, position: int) -> str | None:
        said = [p for p in self._within(start, position) if not self._compared(p)]
        aside = self._bracketed(said, position)
        for period in reversed(said):
            if period.start in aside or self._left(period, position):
                continue
            if period.relative and _PAST.search(period.relative):
                continue
            if _RECORD.match(self.report.text, period.end):
                continue
            if period.relative and _VAGUE.match(period.relative):
                return None
            year = int(self._heading) if self._heading else self.report.year
            if key := self._key(period, year):
                # a month or day goes for its own clause, its year for the rest of the sentence
                part = _DAY.fullmatch(key) is not None
                return key[:4] if part and _BREAK.search(self.report.text, period.end, position) else key
        if self._paragraph[1] is not None:
            return self._paragraph[1] or None
        if self._heading:
            return self._heading
        return self._declared or (str(self.report.year) if self.report.year else None)
