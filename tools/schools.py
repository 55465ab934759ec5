"""Tools over school tables: who complies and by how much, how unequal the schools are, one school's figures.

Each returns whole sentences (statements) with everything that bears them out; what a table does not say is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from corpus.folding import fold
from corpus.schools.columns import COLUMNS
from corpus.spoken import demands_in
from indexes.store import Store
from tools.compliance.model import Unit
from tools.compliance.units import ASSESSED, STAGE_NAMES, STAGES_OF
from tools.evidence import Evidence, missing
from tools.registry import tool
from tools.school_figures import Ledger, header
from tools.school_lookup import STANDARD, answering, code_of, ledger_for, school_for, stage_of, units_of
from tools.school_sayings import (
    SHOWN,
    Saying,
    blanks,
    counts,
    indicator_counts,
    indicator_saying,
    short,
    unit_saying,
)


def _severity(unit: Unit, code: str = "") -> tuple[float, int]:
    """Sort the farthest from what is asked first."""
    verdicts = [unit.verdict(code)] if code else list(worst_of(unit))
    reached = [
        float(v.observed.exact / v.threshold.exact)
        for v in verdicts
        if v.observed is not None and v.threshold is not None and v.status == "not_met"
    ]
    return (min(reached, default=2.0), unit.met)


def worst_of(unit: Unit) -> tuple[Any, ...]:
    return tuple(v for v in unit.verdicts if v.status == "not_met")


@tool("达标", "没达标", "不达标", "哪些学校")
@answering
def check_compliance(
    store: Store, region: str = "", year: str = "", stage: str = "", indicator: str = "", only: str = ""
) -> list[Evidence]:
    """按优质均衡标准检查一个县的学校表:达标、未达标、无法判定的各几所,是哪些,差多少。

    Args:
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        stage: 小学 或 初中;不填为两个学段。
        indicator: 指标编号或名称,如 1.2、骨干教师;不填为整校达标情况。
        only: met 只列达标的,not_met 只列未达标的,no_data 只列无法判定的;不填列未达标和无法判定的。
    """
    ledger = ledger_for(store, region, year)
    wanted, code = stage_of(stage), code_of(indicator)
    if code and not code.startswith("1."):
        return county_indicators(store, region, year, code)
    found: list[Evidence] = []
    listed: list[Evidence] = []
    for each in ASSESSED:
        units = [u for u in ledger.check.units if u.stage == each]
        if not units or wanted not in ("", each):
            continue
        found.append(indicator_counts(ledger, each, code, units) if code else counts(ledger, each, units))
        listed += _listed(ledger, units, code, only)
    if not found:
        return [missing("no_data_for_check", f"学校表里没有参加评估的{STAGE_NAMES.get(wanted, '')}学校")]
    return [*found, *listed]


def _listed(ledger: Ledger, units: Sequence[Unit], code: str, only: str) -> list[Evidence]:
    """Return a sentence for each school that is wanted, the worst first, at most so many, and the rest as a number."""
    states = {"met": (True,), "not_met": (False,), "no_data": (None,)}.get(only, (False, None))

    def state(unit: Unit) -> bool | None:
        if only == "no_data" and not code:
            return None if unit.no_data else True
        if not code:
            return unit.compliant
        return {"met": True, "not_met": False}.get(unit.verdict(code).status)

    found: list[Evidence] = []
    for wanted in states:
        own = sorted((u for u in units if state(u) is wanted), key=lambda u: _severity(u, code))
        if wanted is None and code and only != "no_data":
            own = own[:3]
        for unit in own[:SHOWN]:
            found.append(indicator_saying(ledger, unit, code) if code else unit_saying(ledger, unit))
        if len(own) > SHOWN:
            rest = own[SHOWN:]
            made = ledger.count("其余的学校", [(ledger.called(u), ledger.some_fact(u.school)) for u in rest])
            found.append(
                Saying()
                .words("其余")
                .number(f"{made.value:f}所", made)
                .words("未逐一列出，全部见合规页")
                .done("rest")
            )
    return found


@tool("这所学校", "小学达标了吗", "哪几项")
@answering
def school_indicators(
    store: Store,
    school: str,
    region: str = "",
    year: str = "",
    stage: str = "",
    indicator: str = "",
    margin: bool = False,
) -> list[Evidence]:
    """看一所学校的各项指标或某一项:数值、要求、是否达标、差多少。

    Args:
        school: 学校名称。
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        stage: 小学 或 初中;不填为该校各学段。
        indicator: 指标编号或名称,如 1.5、体育场馆;不填为整校达标情况。
        margin: true 时对达到要求的指标另说高出要求多少。
    """
    ledger = ledger_for(store, region, year)
    schools = school_for(ledger, school)
    wanted, code = stage_of(stage), code_of(indicator)
    if left := excluded(ledger, {s.row for s in schools}):
        return left
    found: list[Evidence] = []
    for unit in units_of(ledger, schools, wanted):
        if not code:
            found.append(unit_saying(ledger, unit))
        elif code.startswith("1."):
            if unit.verdict(code).observed is None:
                what = f"{ledger.called(unit)}的{short(ledger, code)}无法判定：学校表缺少{'、'.join(blanks(ledger, unit, code))}"
                found.append(missing("no_data_for_check", what))
            else:
                found.append(indicator_saying(ledger, unit, code, margin=margin))
        else:
            found += county_of(ledger, code, {s.row for s in schools})
            break
    return found


_ITEMS = (
    ("规模", ("students.primary", "students.junior")), ("最大班额|班额", ("largest_class.primary", "largest_class.junior")), ("班级|个班|教学班|几个班|(?:小学|初中)班", ("classes.primary", "classes.junior")),
    ("高中(?:部|学段)?(?:有)?(?:多少|几)?(?:名|个)?学生", ("students.senior",)),
    ("学生|在校生", ("students.primary", "students.junior", "students.senior")), ("持证", ("certified_teachers",)), ("骨干.{0,4}交流|交流.{0,4}骨干", ("exchanged_backbone",)),
    ("交流|轮岗", ("exchanged_teachers", "eligible_teachers")), ("室内体育", ("indoor_sports_area",)), ("音乐", ("music_rooms",)),
    ("美术", ("art_rooms",)),
)  # fmt: skip
_BY_CODE = {
    "1.1": "qualified_teachers", "1.2": "backbone_teachers", "1.3": "arts_teachers", "1.4": "teaching_area", "1.5": "sports_area",
    "1.6": "equipment_value", "1.7": "multimedia_rooms",
}  # fmt: skip


@tool("有多少学生", "几个班", "多少名骨干教师")
@answering
def school_cells(
    store: Store, school: str, item: str, region: str = "", year: str = "", stage: str = ""
) -> list[Evidence]:
    """查学校表里一所学校填报的数:学生数、班级数、最大班额、各类教师数、用房和场馆面积、设备值、教室数。

    Args:
        school: 学校名称。
        item: 要查的项,如 学生数、骨干教师数、体育运动场馆面积。
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        stage: 小学 或 初中;不填为该校各学段。
    """
    ledger = ledger_for(store, region, year)
    wanted, found = stage_of(stage), []
    for row in school_for(ledger, school):
        keys = [k for k in columns_of(fold(item)) if k in row.cells]
        stages: set[str] = set(STAGES_OF.get(row.kind, ())) if row.kind else set()
        stages |= {key.partition(".")[2] for key in keys if ledger.fact(row, key) is not None}
        own = [k for k in keys if (k.partition(".")[2] or wanted) == (wanted or k.partition(".")[2])]
        own = [k for k in own if k.partition(".")[2] in ("", *stages)]
        for key in own:
            fact = ledger.fact(row, key)
            if fact is not None:
                shown = f"{fact.value:f}{fact.unit}"
                saying = Saying().school(ledger, row).words("的").label(fact.metric, fact).words("为")
                saying.number(shown, fact)
                if wanted and "." not in key and len(stages & {"primary", "junior", "senior"}) > 1:
                    saying.words("（全校的数，学校表不分学段填报）")
                found.append(saying.done("cell"))
        if own and not any(ledger.fact(row, key) for key in own):
            names = "、".join(header(key) for key in own)
            found.append(missing("no_data_for_check", f"学校表里{ledger.name(row)}的{names}没有数据"))
    found.sort(key=lambda e: e.kind == "missing")
    return found or [missing("not_reported", f"学校表里没有“{item}”这一项")]


def columns_of(item: str) -> list[str]:
    """Return the columns that are meant, from what is judged or from what is counted."""
    codes = [n.id for n in demands_in(item) if n.id in _BY_CODE]
    if codes:
        base = _BY_CODE[codes[0]]
        return [key for key in COLUMNS if key.partition(".")[0] == base]
    for pattern, keys in _ITEMS:
        if re.search(pattern, item):
            return list(keys)
    return ["teachers"] if re.search("教师|老师|教职", item) else []


def county_of(ledger: Ledger, code: str, rows: set[int]) -> list[Evidence]:
    """Return what a county indicator says of some schools."""
    from tools.school_county import measures, say_measure

    found: list[Evidence] = []
    for verdict in ledger.check.county:
        if verdict.code == code:
            found += [say_measure(ledger, m, code) for m in measures(ledger, verdict) if m.school.row in rows]
    return found or [missing("no_data_for_check", "学校表里没有能判定这项要求的数据")]


def excluded(ledger: Ledger, rows: set[int]) -> list[Evidence]:
    """Return why schools take no part, nothing if they do."""
    left = [e for e in ledger.check.excluded if e.row in rows and e.stage is None]
    if not left or any(u.school.row in rows for u in ledger.check.units):
        return []
    school = next(s for s in ledger.table.schools if s.row == left[0].row)
    said = "；".join(e.text for e in ledger.standard.exclusions)
    clause = ledger.plain_clause("1.1", f"{said} {left[0].reason}")
    saying = (
        Saying().school(ledger, school).words("不参加资源配置评估，不作判定：").label(left[0].reason, clause)
    )
    return [saying.done("excluded")]


@tool("交流轮岗", "大班额", "持证", "专用教室", "学校规模")
@answering
def county_indicators(
    store: Store,
    region: str = "",
    year: str = "",
    indicator: str = "",
    only: str = "",
    standard: str = "youzhi_junheng",
) -> list[Evidence]:
    """查优质均衡 31 项指标中县级指标的判定和依据,或 31 项的总体情况。

    Args:
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        indicator: 指标编号或名称,如 2.11、交流轮岗;不填为全部。
        only: no_data 只列无法判定的和要补的材料;不填为全部。
        standard: 标准编号;不填为优质均衡,学前教育普及普惠为 xueqian(只能查报告载明的单项)。
    """
    from tools.school_overview import county_evidence, report_evidence

    if standard != STANDARD:
        return report_evidence(store, region, year, indicator, standard)
    return county_evidence(store, region, year, code_of(indicator), only)
