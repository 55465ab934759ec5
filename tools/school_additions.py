"""What schools must add so that every indicator of every school keeps its demand."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.schools.model import School
from indexes.store import Store
from tools.calculation import Calculation
from tools.compliance.indicators import RECIPES
from tools.compliance.units import STAGE_NAMES
from tools.evidence import Evidence, missing
from tools.registry import tool
from tools.school_figures import Ledger
from tools.school_lookup import answering, code_of, ledger_for, school_for, stage_of, units_of
from tools.school_needs import addition, in_wan, total
from tools.school_sayings import SHOWN, Saying, short
from tools.schools import excluded

_TEACHERS = ("1.1", "1.2", "1.3")


def additions(
    ledger: Ledger, code: str, stage: str, rows: set[int] | None
) -> list[tuple[School, str, Calculation]]:
    """Return what each school must add of one indicator, in table order; facilities once a row, teachers by stage."""
    found: dict[tuple[int, str], tuple[School, str, Calculation]] = {}
    for unit in ledger.check.units:
        if (stage and unit.stage != stage) or (rows is not None and unit.school.row not in rows):
            continue
        made = addition(ledger, unit, code)
        if made is None:
            continue
        key = (unit.school.row, unit.stage if code in _TEACHERS else "")
        if key not in found or found[key][2].exact < made.exact:
            found[key] = (unit.school, unit.stage if code in _TEACHERS else "", made)
    return list(found.values())


@tool("还要补多少", "缺多少", "要全部达标")
@answering
def plan_additions(
    store: Store,
    region: str = "",
    year: str = "",
    school: str = "",
    stage: str = "",
    indicator: str = "",
    money: bool = False,
) -> list[Evidence]:
    """算要让每所学校每项都达到标准,各校还要补多少(人和间向上取整)。

    Args:
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        school: 学校名称;不填为全县。
        stage: 小学 或 初中;不填为两个学段。
        indicator: 指标编号或名称;不填为全部七项。
        money: 为 true 时金额以万元表示。
    """
    ledger = ledger_for(store, region, year)
    wanted, code = stage_of(stage), code_of(indicator)
    if code and not code.startswith("1."):
        return [missing("no_data_for_check", "只有资源配置的七项指标能算出要补多少")]
    schools = school_for(ledger, school) if school else []
    rows = {s.row for s in schools} if school else None
    if rows is not None:
        if left := excluded(ledger, rows):
            return left
        units_of(ledger, schools, wanted)
    codes = [code] if code else list(RECIPES)
    found: list[Evidence] = []
    nothing: list[str] = []
    for each in codes:
        items = additions(ledger, each, wanted, rows)
        if items:
            found.append(_additions(ledger, each, items, wanted, whole=rows is None, money=money))
        else:
            nothing.append(each)
        found += not_counted(ledger, each, wanted, rows) if code else []
    if nothing and (code or not found):
        found[:0] = [_enough(ledger, nothing, wanted, schools)]
    return found


def _additions(
    ledger: Ledger,
    code: str,
    items: Sequence[tuple[School, str, Calculation]],
    stage: str,
    *,
    whole: bool,
    money: bool,
) -> Evidence:
    """Say what must be added of one indicator: the total, then the schools with the most."""
    what = short(ledger, code)
    clause = ledger.plain_clause(code, what)
    saying = Saying()
    shown = [(s, st, in_wan(c) if money and c.unit == "元" else c) for s, st, c in items]
    if whole:
        saying.place(ledger).words(STAGE_NAMES.get(stage, ""))
        saying.words("要使各校都合要求，").label(what, clause).words("共需补")
        saying.result(total(f"{what}需补合计", [c for _, _, c in shown])).words("：")
    for i, (school, own, made) in enumerate(sorted(shown, key=lambda x: -x[2].value)[:SHOWN]):
        saying.words("、" if i else "").school(ledger, school).words(
            f"{STAGE_NAMES[own]}" if own and _several(ledger, school) else ""
        )
        if not whole:
            saying.words("要使").label(what, clause).words("合要求，还需补")
        saying.result(made)
    if len(shown) > SHOWN:
        saying.words("等，其余见合规页")
    return saying.done("additions", code=code, stage=stage or None)


def _several(ledger: Ledger, school: School) -> bool:
    return sum(u.school.row == school.row for u in ledger.check.units) > 1


def not_counted(ledger: Ledger, code: str, stage: str, rows: set[int] | None) -> list[Evidence]:
    """Say which schools lack the data, so that nothing can be said of what they need."""
    names = [
        ledger.called(u)
        for u in ledger.check.units
        if u.verdict(code).status == "no_data"
        and stage in ("", u.stage)
        and (rows is None or u.school.row in rows)
    ]
    if not names:
        return []
    return [
        missing("no_data_for_check", f"{'、'.join(names[:SHOWN])}缺少{short(ledger, code)}的数据，未计入")
    ]


def _enough(ledger: Ledger, codes: Sequence[str], stage: str, schools: Sequence[School]) -> Evidence:
    saying = Saying()
    if schools:
        saying.school(ledger, schools[0])
        units = [u for u in ledger.check.units if u.school.row == schools[0].row and stage in ("", u.stage)]
        if len(codes) == 1 and units and (value := ledger.value(units[0], codes[0])) is not None:
            verdict = units[0].verdict(codes[0])
            saying.words("的").label(
                short(ledger, codes[0]), ledger.plain_clause(codes[0], short(ledger, codes[0]))
            ).words("为")
            saying.result(value).words("，").verdict(
                "已达到" if verdict.status == "met" else "未达到", ledger.claim(value, verdict)
            ).words("标准，不用补")
            return saying.done("additions", code=codes[0])
    else:
        saying.place(ledger).words(STAGE_NAMES.get(stage, ""))
    if len(codes) == 1:
        saying.words("有数据的学校").label(
            short(ledger, codes[0]), ledger.plain_clause(codes[0], short(ledger, codes[0]))
        )
    else:
        saying.words("有数据的各项指标")
    return saying.words("都不用补").done("additions")
