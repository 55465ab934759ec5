"""An audit in the words of the people who read it: marks, names, where a claim stands, what was calculated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from assistant.faces.audited import CLASSES, Audited, Class, class_of
from assistant.faces.compliance_words import Quote
from corpus.model import Fact, Report
from tools.audit.model import Finding
from tools.calculation import Calculation, Input
from tools.evidence import Sentence, amount, plain

MARKS: Mapping[Class, str] = {
    "inconsistent": "✗",
    "not_recomputable": "?",
    "rounding": "≈",
    "consistent": "✓",
    "hint": "※",
}
NAMES: Mapping[Class, str] = {
    "inconsistent": "不一致",
    "not_recomputable": "不能复算",
    "rounding": "舍入差异",
    "consistent": "一致",
    "hint": "提示",
}
MEANINGS: Mapping[Class, str] = {
    "inconsistent": "与报告自己或所引的数对不上，怎样舍入都得不出",
    "not_recomputable": "缺少所需的数，或算法没有依据",
    "rounding": "有出入，但在四舍五入允许的范围内",
    "consistent": "用报告自己的数复算，结果相同",
    "hint": "值得留意，供参考，不是结论",
}
CHECKS = {
    "growth": "增幅",
    "difference": "增减额",
    "direction": "增减方向",
    "share": "占比",
    "rate": "比率",
    "average": "平均数",
    "ratio": "倍数和比例",
    "sum": "合计",
    "parts": "部分与整体",
    "double": "重复计算",
    "restated": "前后不同",
    "across": "报告之间不同",
    "counts": "说法与数据",
    "threshold": "界限",
    "standard": "对照标准",
    "plan": "计划与结果",
    "magnitude": "单位和量级",
    "impossible": "不可能的数值",
    "dates": "日期先后",
    "outlier": "数值异常",
}
METHOD = (
    "把报告中写有依据的增幅、增减额、占比、比率、合计等，用报告自己的数按写明的公式重新计算，再与报告所写的数比较。",
    "印出的数可能经过四舍五入，所以把每个数看作末位上下各半个单位的一段范围（整数的人数、校数等是准数），"
    "“近”“余”“以上”等词按其意思放宽。",
    "范围内有数能得出报告的写法，就不算错：直接算得相同的为一致，要靠舍入才能得出的为舍入差异，怎样取舍都得不出的为不一致。",
)
NOT_JUDGED = (
    "报告的数本身是否属实，不在核数之内：一致只说明报告前后算得通。",
    "来源没有规定算法的（例如缓学、送教上门怎样计入残疾儿童入学率），不套用公式，列为不能复算。",
    "“其中”没有列全、互有重叠的各项，人数与人次，不同年份、学段、口径的数，不放在一起比较。",
    "没有写出数字的评价和定性说法不核。",
)
SHORT = 60
"""Characters of a quote in a list."""


def check_name(finding: Finding) -> str:
    return CHECKS.get(finding.check, finding.check)


def section_of(audited: Audited, finding: Finding) -> str:
    """Return the headings above a claim, "" where there are none."""
    return section_at(audited.report, finding.start)


def section_at(report: Report, position: int) -> str:
    section = report.section_at(position)
    return " > ".join(section.path) if section else ""


def quote_of(audited: Audited, finding: Finding) -> str:
    """Return the claim in one line; its characters are those of the report but for line breaks."""
    return " ".join(audited.report.text[finding.start : finding.end].split())


def shortened(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def stated_words(finding: Finding) -> str:
    """Return the figure that is judged as the report has it, with the direction that its words give it."""
    stated = finding.stated
    if stated is None:
        return ""
    if stated.role not in ("rate", "change"):
        return amount(stated)
    return _moved(stated.direction, stated.unit) + amount(stated)


def recomputed_words(finding: Finding) -> str:
    made = finding.calculation
    return result_words(made) if made is not None else ""


def result_words(made: Calculation) -> str:
    """Return a result; a change says whether it rises or falls rather than having a sign."""
    if made.direction is None:
        return made.result
    return f"{_moved(made.direction, made.unit)}{plain(abs(made.value))}{made.unit}"


def _moved(direction: str | None, unit: str) -> str:
    verbs = {"%": ("增长", "下降"), "百分点": ("上升", "下降")}.get(unit, ("增加", "减少"))
    return {"up": verbs[0], "down": verbs[1]}.get(direction or "", "")


def bounded(finding: Finding) -> bool:
    """Tell whether rounding of the inputs had to be looked at and leaves a range."""
    least, most = finding.least, finding.most
    return least is not None and most is not None and least.exact != most.exact


def range_words(finding: Finding) -> str:
    """Return what values within the rounding of the inputs give, "" where rounding makes no difference."""
    if not bounded(finding) or finding.least is None or finding.most is None:
        return ""
    ends = sorted((finding.least, finding.most), key=lambda one: one.exact)
    low, high = (_bounded(one.value) for one in ends)
    unit = ends[0].unit
    if low == high:
        return f"{low}{unit}"
    return f"{low}{unit}～{high}{unit}"


def _bounded(value: Decimal) -> str:
    """Return an end of a range; one that a word such as 以上 leaves open says so."""
    if abs(value) >= Decimal("1e20"):
        return "不限"
    return plain(value).replace("-", "−")


def steps_words(made: Calculation | None) -> str:
    """Return the formula with its numbers put in."""
    return made.steps if made is not None else ""


def input_source(audited: Audited, one: Input) -> str:
    """Say where an input comes from: the report's section, another report, another calculation."""
    if one.fact is not None:
        return place_words(audited, one.fact)
    if one.calculation is not None:
        return f"算得：{one.calculation.steps}"
    return one.given or ""


def place_words(audited: Audited, item: Fact | Sentence) -> str:
    """Return where a figure or a sentence stands; another report is named."""
    report = audited.texts.get(item.report_id)
    parts = [] if report is None or report.id == audited.report.id else [report.title]
    parts += [item.section.rpartition(" > ")[2]] if item.section else []
    return " · ".join(parts) or "本报告"


def quotes(audited: Audited, finding: Finding, *, others: bool = False) -> list[Quote]:
    """Return the sentences that a finding rests on, each once, word for word, with its figures.

    ``others``: only those of other reports. Of a report that is gone there is nothing to quote.
    """
    marks: dict[tuple[str, int, int], set[tuple[int, int]]] = {}
    places: dict[tuple[str, int, int], str] = {}
    for item in finding.evidence:
        start, end = item.sentence if isinstance(item, Fact) else (item.start, item.end)
        if item.report_id not in audited.texts or (others and item.report_id == audited.report.id):
            continue
        span = (item.report_id, start, end)
        places.setdefault(span, place_words(audited, item))
        found = marks.setdefault(span, set())
        if isinstance(item, Fact):
            found.add((item.start - start, item.end - start))
    return [
        Quote(audited.texts[span[0]].text[span[1] : span[2]], tuple(sorted(found)), places[span])
        for span, found in marks.items()
    ]


def place_line(report: Report) -> str:
    """Return region and year of a report."""
    return "".join(filter(None, (report.region or "", f"{report.year}年" if report.year else "")))


def counts_words(counts: Mapping[Class, int]) -> str:
    """Say how many findings there are of each verdict; hints only where there are any."""
    return "，".join(
        f"{MARKS[one]} {NAMES[one]} {counts[one]} 处" for one in CLASSES if counts[one] or one != "hint"
    )


def finding_line(audited: Audited, finding: Finding) -> str:
    """Return a finding as one line: mark, section, quote, explanation."""
    section = section_of(audited, finding)
    place = f"〔{section}〕" if section else ""
    quote = quote_of(audited, finding)
    return f"{MARKS[class_of(finding)]} {place}「{quote}」：{' '.join(finding.explanation.text.split())}"


def audit_lines(audited: Audited, *, everything: bool) -> Iterator[str]:
    """Yield an audit as lines: a heading, what wants attention, and counts of the rest (or all of it)."""
    report, counts = audited.report, audited.counts
    place = place_line(report)
    yield f"{report.title}（{place}）" if place and place not in report.title else report.title
    if not audited.findings:
        yield "  没有找到可以复算的数。"
        return
    needed: tuple[Class, ...] = ("inconsistent", "not_recomputable", "hint")
    shown = CLASSES if everything else needed
    for finding in audited.of(*shown):
        yield f"  {finding_line(audited, finding)}"
    if not everything:
        rest = [f"{MARKS[one]} {NAMES[one]} {counts[one]} 处" for one in CLASSES if one not in needed]
        yield f"  {'，'.join(rest)}（--all 全部列出）"
