"""Dates out of order: spans that end before they begin, days that do not exist, what is later than the report."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from corpus import docnumbers
from tools.audit.model import Finding
from tools.audit.registry import check, tell
from tools.audit.view import View
from tools.evidence import Part

_Y = r"(?<!\d)(?:19|20)\d\d"
_SPAN = re.compile(
    rf"(?P<y1>{_Y}) ?(?:年度?)?(?:(?P<m1>\d{{1,2}}) ?月(?:份)?(?:(?P<d1>\d{{1,2}}) ?日)?)?(?:底|末|初)? ?(?:[—–\-~]{{1,2}}|至|到) ?"
    rf"(?P<y2>{_Y}) ?年(?!级)(?:(?P<m2>\d{{1,2}}) ?月(?:份)?(?:(?P<d2>\d{{1,2}}) ?日)?)?"
)
_DAY = re.compile(rf"(?P<y>{_Y}) ?年 ?(?P<m>\d{{1,2}}) ?月(?: ?(?P<d>\d{{1,2}}) ?[日号])?(?![令文])")
_BEGUN = r"(?:正式)?(?:开工|动工|启动|开建|奠基|始建)(?:建设|兴建)?"
_ENDED = r"(?:正式)?(?:全面)?(?:竣工|完工|建成|投入使用|投用|交付|通过验收|验收)"
_WORKS = re.compile(
    rf"(?P<y1>{_Y}) ?年(?:(?P<m1>\d{{1,2}}) ?月(?:(?P<d1>\d{{1,2}}) ?日)?)?(?:底|末|初|份)?{_BEGUN}[,、;](?:并|已|于|在|预计|计划)*"
    rf"(?P<y2>{_Y}) ?年(?:(?P<m2>\d{{1,2}}) ?月(?:(?P<d2>\d{{1,2}}) ?日)?)?(?:底|末|初|份)?(?:全部|整体|实现)?{_ENDED}(?!的)"
)
_ISSUED = re.compile(r"[〔\[【(]\s?((?:19|20)\d\d)\s?[〕\]】)]?")


@check("dates")
def dates(view: View) -> Iterator[Finding]:
    """Find times that contradict each other or the report's own date."""
    text = view.folded
    for match in _SPAN.finditer(text):
        if _before(_time(match, "2"), _time(match, "1")):
            yield _finding(view, match.start(), match.end(), "写的起止时间,止在起之前")
    for match in _DAY.finditer(text):
        if not _exists(match):
            yield _finding(view, match.start(), match.end(), "写的日期不存在")
    for match in _WORKS.finditer(text):
        if _before(_time(match, "2"), _time(match, "1")):
            yield _finding(view, match.start(), match.end(), "写的完工时间在开工之前")
    published = view.report.published
    if published is not None and _dated(view):
        for number in docnumbers.find(view.report.text):
            year = _ISSUED.search(text, number.start, number.end)
            if year and int(year[1]) > published.year:
                yield _finding(view, number.start, number.end, "这份文件的年份晚于报告自己的发布日期")


def _time(match: re.Match[str], which: str) -> tuple[int, int | None, int | None]:
    groups = match.groupdict()
    month, day = groups.get(f"m{which}"), groups.get(f"d{which}")
    return int(groups[f"y{which}"]), int(month) if month else None, int(day) if day else None


def _before(one: tuple[int, int | None, int | None], two: tuple[int, int | None, int | None]) -> bool:
    """True if ``one`` is earlier than ``two`` for certain; what is not said decides nothing."""
    for a, b in zip(one, two, strict=True):
        if a is None or b is None:
            return False
        if a != b:
            return a < b
    return False


def _exists(match: re.Match[str]) -> bool:
    try:
        dt.date(int(match["y"]), int(match["m"]), int(match["d"] or 1))
    except ValueError:
        return False
    return True


def _dated(view: View) -> bool:
    """True if the text itself has the day of publication, so that it was not taken from elsewhere."""
    day = view.report.published
    assert day is not None
    written = rf"{day.year} ?[-年./] ?0?{day.month} ?[-月./]"
    return bool(re.search(written, view.folded))


def _finding(view: View, start: int, end: int, what: str) -> Finding:
    quote = view.quote(start, end)
    why = tell("报告", Part(f"「{quote.text}」", quote), what)
    return Finding(view.report.id, start, end, "contradiction", "dates", "inconsistent", why, (quote,))
