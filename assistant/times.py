"""When does a question speak of? The periods asked about, and those compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.question import Known
from corpus.periods import read_periods, resolve


@dataclass(frozen=True, slots=True)
class Times:
    periods: tuple[str, ...]
    against: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


_COMPARED = re.compile(r"(?:比|较|相比于?|对比)[ ]*$")
_WITH = re.compile(r"(?:同|与|和|跟)[ ]*$")
_THAN = re.compile(r"(?:年|年度|度|同期|底|末)*(?:相比|比较?|对比)")
_OFFSET = {"今年": "@0", "去年": "@-1", "前年": "@-2", "明年": "@1"}


def read_times(folded: str, regions: tuple[str, ...], known: Known) -> Times:
    """Return the periods asked about, those compared with, and where they stand.

    "上年" without a year of its own is written ``上:YEAR`` until the conversation resolves it.
    """
    region = regions[0] if regions else known.sole
    written = known.written.get(region or "") or max(known.written.values(), default=0) or None
    years = known.years.get(region or "") or ()
    data_year = max(years) if years else (written - 1 if written else None)
    periods: list[str] = []
    against: list[str] = []
    spans: list[tuple[int, int]] = []
    explicit: str | None = None
    for period in read_periods(folded):
        key, words = period.key, period.relative or ""
        if key is not None:
            explicit = key
        elif re.search(r"上一?年|同期|上一?学年|前一年", words):
            base = int(explicit[:4]) if explicit and explicit[:4].isdigit() else data_year
            key = f"上:{base - 1}" if base else None
        elif match := re.search(r"今年|去年|前年|明年", words):
            # with several places in play each report's own year of writing decides: "@-1"
            key = resolve(period, year=written) if region else _OFFSET[match.group()]
        spans.append((period.start, period.end))
        if key is None:
            continue
        base_said = _COMPARED.search(folded[: period.start]) or (
            _WITH.search(folded[: period.start]) and _THAN.match(folded[period.end :])
        )
        target = (
            against
            if base_said
            and (
                periods or "上" in key or _is_base(folded, period.end) or _WITH.search(folded[: period.start])
            )
            else periods
        )
        if key not in target:
            target.append(key)
    return Times(tuple(periods), tuple(against), tuple(spans))


def _is_base(folded: str, end: int) -> bool:
    """True if a change is asked right behind the year ("比2021年增加多少"), so the year is the base."""
    return bool(
        re.match(
            r"(?:年|度|底|的|末)*[^,。?]{0,4}(?:增|减|提高|下降|上升|多|少|高|低|涨|降|成长|变化)",
            folded[end:],
        )
    )
