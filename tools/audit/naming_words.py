"""What the words of a report call a figure and which year they give it, as far as comparisons need it."""

from __future__ import annotations

import re

from corpus.model import Fact
from corpus.units import dimension
from tools.audit.clauses import in_closed_bracket, squeezed
from tools.audit.comparisons import year
from tools.audit.view import View

YEAR = re.compile(r"(?:19|20)\d\d(?=年|学年|[—\-~])")
LAST = re.compile(r"上一?年|去年|上一?学年|前一?年|上一?期")
_AGO = re.compile(r"前年")
PAST = re.compile(
    r"上一?[年期]|去年|前一?年|上一?学年|同期|原有?|(?:19|20)\d\d年?|[一二三]十?[三四五]”?末|年初|此前|之前|反馈时|时"
)
NOW = re.compile(r"目前|现有?|今年|达到?|增至|减至|升至|降至|本年")
PARAGRAPH_REACH = 260
_GENERAL = re.compile(
    r"(?:19|20)\d\d(?:[—\-~]\d+)?(?:年|学年度?|年度)?|[春秋]季?学?期?|上一?年|去年|同期|全[县市区州省国]|我[县市区州省]|总[数量额]|人数|数量|规模|总体|达|平均|水平|比例|占比"
)


def fits_unit(claim: Fact, fact: Fact) -> bool:
    """Tell whether ``fact`` may be a level or base of ``claim`` by its unit."""
    if fact.unit == "年" or fact.role in ("rate", "change", "limit"):
        return False
    if claim.unit in ("百分点", "千分点"):
        return fact.unit == ("%" if claim.unit == "百分点" else "‰")
    if claim.unit in ("%", "‰", "倍", "成", "番"):
        return fact.unit not in ("百分点", "千分点", "倍", "番", "岁")
    return dimension(fact.unit) == dimension(claim.unit)


def year_in(words: str, own: int | None) -> int | None:
    if match := YEAR.search(words):
        return int(match[0])
    if own is not None and _AGO.search(words):
        return own - 2
    return own - 1 if own is not None and LAST.search(words) else None


def candidates(view: View, claim: Fact, until: int) -> list[Fact]:
    """Figures of the paragraph before ``until`` that ``claim`` may be about, those in closed brackets left out."""
    floor = max(view.folded.rfind("\n", 0, until) + 1, until - PARAGRAPH_REACH)
    found = [
        f
        for f in view.within(floor, until)
        if f.kind in ("actual", "plan", "reference") and fits_unit(claim, f)
    ]
    return [f for f in found if not in_closed_bracket(view.folded, f, until)]


def core_of(words: str) -> str:
    return _GENERAL.sub("", words)


def spoken_year(view: View, fact: Fact) -> int | None:
    """Return the year that the words before ``fact`` in its sentence give it, else the one that was read."""
    text = view.folded
    floor = max(fact.sentence[0], fact.start - 60, text.rfind(";", fact.sentence[0], fact.start) + 1)
    words = squeezed(text[floor : fact.start])
    if LAST.search(re.split(r"[,(]", words)[-1]) or re.search(r"年[、和及](?:19|20)\d\d年", words):
        return year(fact)
    said = [m for m in YEAR.finditer(words) if not re.search(r"[比较由从自]$", words[: m.start()])]
    return int(said[-1][0]) if said and fact.role != "base" else year(fact)


def own_words(view: View, fact: Fact) -> str:
    return core_of(name_of(view, fact).split("|")[2])


def name_of(view: View, fact: Fact) -> str:
    """What the text calls a figure: its label and the words right before it."""
    start = max(fact.sentence[0], fact.start - 24)
    words = re.split(r"[,;。:、()]", view.folded[start : fact.start])[-1]
    return f"{fact.label}|{fact.metric}|{squeezed(words)}|{fact.subject or ''}"


def shared(core: str, name: str) -> int:
    """Return the length of the longest run of characters of ``core`` that ``name`` holds."""
    for size in range(min(len(core), 12), 1, -1):
        if any(core[at : at + size] in name for at in range(len(core) - size + 1)):
            return size
    return 0
