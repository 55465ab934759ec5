"""Find facts and sentences in what is stored."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.catalogue import indicators, stages
from corpus.folding import fold
from corpus.model import Report
from corpus.passages import sentences
from corpus.quantities import read_quantities
from corpus.units import canonical, dimension
from indexes.store import Store
from tools.evidence import Evidence, Sentence, from_fact, missing, period_words
from tools.matching import THRESHOLDS, Matches, match, named_metrics
from tools.query import Query
from tools.registry import tool
from tools.words import coverage, terms

_RATE = re.compile(r"率|比例|占比|比重|百分|增幅|增速|师生比|生师比|差异系数")
_GOAL = re.compile(r"计划|目标|标准|要求|规定|拟")


@tool()
def find_facts(
    store: Store,
    query: str,
    regions: list[str] | None = None,
    periods: list[str] | None = None,
    stages: list[str] | None = None,
    unit: str = "",
    roles: list[str] | None = None,
    value: str = "",
    wide: bool = False,
    metrics: list[str] | None = None,
    around: str = "",
    any_unit: bool = False,
    rates: bool | None = None,
    holding: list[str] | None = None,
) -> list[Evidence]:
    """查数据:按说法找报告里写明的数,给出每个数的编号、地区、年份、单位和原文。

    Args:
        query: 要查的指标或说法,如"一般公共预算教育支出"、"送教上门人数"。
        regions: 地区全称,如["某某区"];不填为全部。
        periods: 年份,如["2022"];不填为全部。
        stages: 学段编号:preschool、primary、junior、senior、vocational、vocational_senior、special、higher。
        unit: 想要的单位,如"万元"、"人"、"%"。
        roles: level(数值)、base(对比期数值)、change(增减额)、rate(增幅)、share(占比)。
        value: 只要等于这个数的,如"7200万元"。
        wide: 是否把相近的都列出(求和时用)。
        any_unit: 不按单位筛选。
        around: 上一问的说法,用来在同样合适的数据里选。
        metrics: 指标编号,可填几个近义的;不填则按说法判断。
        rates: 是否问的是比率;不填则按说法判断。
        holding: 所在句子里必须有的数,如"2000"。
    """
    folded = fold(query)
    exact = next(iter(read_quantities(value)), None) if value else None
    if rates is None:
        rates = dimension(unit) == "percent" if unit and canonical(unit) else bool(_RATE.search(folded))
    measure = dimension(unit) if unit and canonical(unit) else None
    wanted = Query(
        words="" if metrics else folded,
        metric_ids=tuple(metrics or ()) or _measured(named_metrics(folded), measure),
        regions=tuple(regions or ()),
        periods=tuple(periods or ()),
        stages=tuple(stages or ()),
        measure=measure,
        roles=tuple(roles or ("level", "share", "base")),  # type: ignore[arg-type]
        rate_asked=rates,
        value=exact.value if exact else None,
        value_unit=exact.unit if exact else None,
        targets=bool(_GOAL.search(folded)),
        around=fold(around),
        any_unit=any_unit,
        holding=tuple(holding or ()),
    )
    limits = replace(THRESHOLDS, window=0.25) if wide else THRESHOLDS
    return tell(wanted, match(store, wanted, limits))


def _measured(named: tuple[str, ...], measure: str | None) -> tuple[str, ...]:
    """Leave out rates where something is counted: "满意度问卷收回多少份" asks for no 满意度."""
    if measure is None or measure in ("percent", "money"):
        return named
    return tuple(i for i in named if dimension(indicators()[i].unit) not in ("percent", "permille"))


def tell(query: Query, found: Matches) -> list[Evidence]:
    """Return the matches as evidence, or as evidence that something is not there and why."""
    if found.best:
        return [from_fact(item.fact) for item in found.best]
    where = "、".join(query.regions)
    when = "、".join(period_words(p) for p in query.periods)
    names = "、".join(indicators()[i].name for i in query.metric_ids[:2])
    what = query.words.replace(" ", "").strip("的") or names or "这项数据"
    staged = "、".join(stages()[s].name for s in query.stages if query.metric_ids)
    what = f"{staged}{what}" if staged and staged not in what else what
    if found.reason == "no_such_region":
        return [missing("no_such_region", f"资料中没有{where}的报告,无法回答")]
    if found.reason == "no_such_period":
        known = sorted({f.period for f in found.blocked if f.period})
        years = "、".join(period_words(p) for p in known)
        return [
            missing(
                "no_such_period",
                f"资料中没有{where}{when}的“{what}”,没有提供这一年的数;有数据的年份:{years}",
                *known,
            )
        ]
    if found.of_parts:
        parts = "只有分乡镇、分学校或分类别的数"
        return [missing("not_reported", f"{where or '现有'}报告中没有提供总的“{what}”,{parts}")]
    return [missing("not_reported", f"{where or '现有'}报告中没有提供“{what}”,查不到这项数据", *found.near)]


def _is_heading(report: Report, start: int, text: str) -> bool:
    section = report.section_at(start)
    return section is not None and text.strip().rstrip("。") == section.title.strip().rstrip("。")


@tool("怎么", "如何", "哪些", "什么措施", "为什么")
def search_passages(store: Store, query: str, regions: list[str] | None = None, k: int = 4) -> list[Evidence]:
    """查原文:找与问题最相关的句子,逐字给出。

    Args:
        query: 要查的内容。
        regions: 地区全称;不填为全部。
        k: 最多几句。
    """
    reports = [r for r in store.reports() if r.kind == "report" and (not regions or r.region in regions)]
    if not reports:
        return [missing("no_such_region", f"资料中没有{'、'.join(regions or [])}的报告,无法回答")]
    asked = terms(fold(query))
    found: list[Sentence] = []
    for hit in store.search(query, k=max(8, k), report_ids=[r.id for r in reports]):
        report = store.report(hit.passage.report_id)
        if report is None:
            continue
        for start, end in sentences(report.text, hit.passage.start, hit.passage.end):
            text = report.text[start:end]
            if _is_heading(report, start, text):
                continue
            said = coverage(asked, [(fold(text), 1.0), (fold(hit.passage.section), 0.6)])
            found.append(
                Sentence(report.id, start, end, text, hit.passage.section, said.share + 0.1 * hit.score)
            )
    found.sort(key=lambda s: -s.score)
    best = [s for s in found[:k] if s.score >= 0.5 * found[0].score] if found else []
    if not best:
        return [missing("not_reported", f"报告中没有提及“{query}”,查不到有关的原文")]
    return [Evidence("sentence", s.text.strip(), s) for s in best]
