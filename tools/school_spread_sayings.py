"""Sentences about how unequal the schools of a county are."""

from __future__ import annotations

from decimal import Decimal

from tools.compliance.model import Dispersion
from tools.compliance.units import STAGE_NAMES
from tools.evidence import Claim, Evidence
from tools.school_figures import Ledger
from tools.school_sayings import OPERATORS, STATUSES, Saying, on_edge, short
from tools.school_spreads import spread_of


def dispersion(ledger: Ledger, found: Dispersion, *, brief: bool = False) -> Evidence | None:
    """Say one coefficient of variation against its limit; None where there is none."""
    made = spread_of(ledger, found)
    if made is None:
        return None
    rule = ledger.standard.dispersion
    assert rule is not None
    stage, what = STAGE_NAMES[found.stage], short(ledger, found.code)
    clause = ledger.plain_clause(
        found.code, f"{rule.text}（{stage}{OPERATORS[found.operator]}{found.limit}）"
    )
    saying = Saying() if brief else Saying().place(ledger)
    saying.words(stage).label(what, ledger.plain_clause(found.code, what))
    saying.words("的校际差异系数" if brief else "的校际差异系数（按学生数加权）").words("为").result(made.cv)
    claim = Claim(made.cv.value, found.operator, Decimal(found.limit), made.cv, clause)
    if found.status == "no_data":
        saying.words("（只按有数据的学校计算；")
        rows = list(dict.fromkeys(lack.row for lack in found.lacks))
        schools = [next(s for s in ledger.table.schools if s.row == row) for row in rows]
        for i, school in enumerate(schools[:3]):
            saying.words("、" if i else "").school(ledger, school)
        if len(schools) > 3:
            lost = ledger.count("缺数据的学校", [(ledger.name(s), ledger.some_fact(s)) for s in schools])
            saying.words("等").number(f"{lost.value:f}所", lost, value=False)
        saying.words("缺数据，全县无法判定；上限")
        saying.number(found.limit, clause).words("）")
    else:
        word = "未超过上限" if found.value_status == "met" else "超过上限"
        saying.words("，").verdict(word, claim).number(found.limit, clause)
        saying.words("，").verdict(STATUSES[found.value_status == "met"], claim)
    on_edge(saying, ledger, found.code, found.stage, None)
    return saying.done("dispersion", stage=found.stage, code=found.code)


def mean(ledger: Ledger, found: Dispersion) -> Evidence | None:
    """Say the mean of all schools: the county's total over its pupils, which is no mean of the schools' values."""
    made = spread_of(ledger, found)
    if made is None:
        return None
    stage, what = STAGE_NAMES[found.stage], short(ledger, found.code)
    saying = Saying().place(ledger).words(stage).label(what, ledger.plain_clause(found.code, what))
    saying.words("的全县均值（各校总量之和除以学生总数）为").result(made.mean)
    if found.missing:
        saying.words("，缺数据的学校没有计入")
    return saying.done("mean", stage=found.stage, code=found.code)


def contributions(ledger: Ledger, found: Dispersion, top: int = 5) -> Evidence | None:
    """Say which schools make the most of a coefficient of variation."""
    made = spread_of(ledger, found)
    if made is None:
        return None
    stage, what = STAGE_NAMES[found.stage], short(ledger, found.code)
    leading = [c for c in found.contributions[:top] if c.share]
    saying = Saying().words(stage).label(what, ledger.plain_clause(found.code, what))
    if not leading:
        return saying.words("各校相同，没有校际差异").done(
            "contributions", stage=found.stage, code=found.code
        )
    saying.words("的校际差异主要来自：")
    for i, share in enumerate(leading):
        unit = next(u for u in ledger.check.units if u.school.row == share.row and u.stage == found.stage)
        value = ledger.value(unit, found.code)
        part = made.parts[share.row]
        saying.words("、" if i else "").unit(ledger, unit).words("（")
        if value is not None:
            saying.result(value, value=False).words("，")
        saying.words("占").result(part).words("）")
    saying.words("；全县均值").result(made.mean, value=False)
    return saying.done("contributions", stage=found.stage, code=found.code)
