"""Which schools of a table have the most or the least of something: by the indicator, and by what is listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.folding import fold
from corpus.model import Fact
from corpus.spoken import demands_in
from indexes.store import Store
from tools.calculation import Calculation
from tools.compliance.model import Unit
from tools.compliance.units import ASSESSED, STAGE_NAMES
from tools.evidence import Evidence, missing
from tools.registry import tool
from tools.school_figures import Ledger, header
from tools.school_lookup import answering, ledger_for, stage_of
from tools.school_sayings import Saying, short
from tools.schools import columns_of

_TOLD = 3
"""Schools told of a ranking; those that share the first place are all told up to ``_TIED``."""
_TIED = 6


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A school with its number: ``named`` is how it is called, ``value`` what it is ranked by."""

    named: Saying
    value: Decimal
    source: Fact | Calculation


@tool("最多的学校", "最少的学校", "最低", "最高")
@answering
def school_ranking(
    store: Store, item: str, region: str = "", year: str = "", stage: str = "", lowest: bool = False
) -> list[Evidence]:
    """看学校表里某项指标或某项填报数最高(最低)的是哪几所学校。

    Args:
        item: 指标名称或要比的项,如 骨干教师、生均体育运动场馆面积、学生数。
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        stage: 小学 或 初中;不填为两个学段。
        lowest: true 看最低的,不填看最高的。
    """
    ledger, wanted, asked = ledger_for(store, region, year), stage_of(stage), fold(item)
    code = next((n.id for n in demands_in(asked) if n.id.startswith("1.")), "")
    found = []
    for each in ASSESSED if code else ():
        if wanted in ("", each):
            units = [u for u in ledger.check.units if u.stage == each]
            what = (
                Saying()
                .words(STAGE_NAMES[each])
                .label(short(ledger, code), ledger.plain_clause(code, short(ledger, code)))
            )
            found.append(_said(ledger, what, _by_indicator(ledger, units, code), len(units), lowest))
    for key in columns_of(asked) if not code or code in ("1.1", "1.2", "1.3", "1.7") else ():
        if not wanted or key.partition(".")[2] in ("", wanted):
            ranked = _by_column(ledger, key)
            what = Saying().label(header(key), ranked[0].source) if ranked else Saying()
            found.append(_said(ledger, what, ranked, len(ranked), lowest))
    told = [evidence for evidence in found if evidence is not None]
    return told or [missing("not_reported", f"学校表里没有可以比较的“{item}”")]


def _by_indicator(ledger: Ledger, units: Sequence[Unit], code: str) -> list[_Ranked]:
    made = [(unit, ledger.value(unit, code)) for unit in units]
    return [_Ranked(Saying().unit(ledger, u), v.exact, v) for u, v in made if v is not None]


def _by_column(ledger: Ledger, key: str) -> list[_Ranked]:
    made = [(school, ledger.fact(school, key)) for school in ledger.table.schools]
    return [_Ranked(Saying().school(ledger, s), f.value, f) for s, f in made if f is not None]


def _said(ledger: Ledger, what: Saying, ranked: list[_Ranked], among: int, lowest: bool) -> Evidence | None:
    """Say the first of a ranking and those that follow; how many could not be compared is said too."""
    if not ranked:
        return None
    ranked = sorted(ranked, key=lambda each: each.value, reverse=not lowest)
    first = [each for each in ranked if each.value == ranked[0].value]
    saying = Saying().place(ledger).join(what).words("最低的是" if lowest else "最高的是")
    _list(saying, first[:_TIED])
    if len(first) > _TIED:
        saying.words("等")
    if following := ranked[len(first) : len(first) + _TOLD - 1]:
        saying.words("，其后依次是")
        _list(saying, following)
    if among > len(ranked):
        saying.words("；缺数据的学校没有参加比较")
    return saying.done("ranking")


def _list(saying: Saying, ranked: Sequence[_Ranked]) -> None:
    for i, each in enumerate(ranked):
        shown = (
            each.source.result
            if isinstance(each.source, Calculation)
            else f"{each.value:f}{each.source.unit}"
        )
        saying.words("、" if i else "").join(each.named).words("（").number(shown, each.source).words("）")
