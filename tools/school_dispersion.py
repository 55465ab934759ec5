"""The coefficients of variation of a county as a tool: against their limits, and which schools make them."""

from __future__ import annotations

from collections.abc import Sequence

from indexes.store import Store
from tools.compliance.model import Dispersion
from tools.compliance.units import STAGE_NAMES
from tools.evidence import Evidence, missing
from tools.registry import tool
from tools.school_figures import Ledger
from tools.school_lookup import answering, code_of, ledger_for, stage_of
from tools.school_sayings import Saying, short
from tools.school_spread_sayings import contributions, mean
from tools.school_spread_sayings import dispersion as say_dispersion

_MANY = 80
"""Units of a county above which not all coefficients are told at once."""


@tool("差异系数", "校际差异", "校际均衡")
@answering
def dispersion(
    store: Store, region: str = "", year: str = "", stage: str = "", indicator: str = "", about: str = ""
) -> list[Evidence]:
    """查校际差异系数(按学生数加权)和限值;也可看主要由哪些学校造成。

    Args:
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        stage: 小学 或 初中;不填为两个学段。
        indicator: 指标编号或名称;不填为全部七项。
        about: contributions 看哪些学校造成差异,over 只列超过上限的,mean 看全县均值;不填为系数本身。
    """
    ledger = ledger_for(store, region, year)
    wanted, code = stage_of(stage), code_of(indicator)
    if code and not code.startswith("1."):
        return [missing("no_data_for_check", "差异系数只对资源配置的七项指标计算，这一项没有差异系数")]
    found = [
        d
        for d in ledger.check.dispersion
        if wanted in ("", d.stage) and code in ("", d.code) and d.status != "not_applicable"
    ]
    if about == "over":
        return _over(ledger, found)
    if about == "mean":
        means = [x for d in found if (x := mean(ledger, d)) is not None]
        return means or _no_spread(ledger, found)
    if about == "contributions":
        if not code:
            known = [d for d in found if d.squared is not None]
            found = sorted(known, key=lambda d: d.squared or 0, reverse=True)[:1]
        said = [
            x for d in found for x in (say_dispersion(ledger, d), contributions(ledger, d)) if x is not None
        ]
        return said or _no_spread(ledger, found)
    if not code:
        found = sorted(found, key=lambda d: (d.stage != "primary", -(d.squared or 0)))
        if len(ledger.check.units) > _MANY:  # each coefficient brings all its schools along
            kept = [d for d in found if d.value_status == "not_met"]
            found = kept + [d for d in found if d not in kept][: max(0, 4 - len(kept))]
    return [x for d in found for x in _spread(ledger, d, brief=not code)]


def _spread(ledger: Ledger, found: Dispersion, *, brief: bool) -> list[Evidence]:
    said = say_dispersion(ledger, found, brief=brief)
    if said is None:
        return _no_spread(ledger, [found])
    if found.status != "no_data" or brief:
        return [said]
    what = f"{STAGE_NAMES[found.stage]}{short(ledger, found.code)}的差异系数无法判定：{'、'.join(list(dict.fromkeys(found.missing))[:3])}{'等' if len(set(found.missing)) > 3 else ''}缺数据"
    return [missing("no_data_for_check", what), said]


def _no_spread(ledger: Ledger, found: Sequence[Dispersion]) -> list[Evidence]:
    names = "、".join(f"{STAGE_NAMES[d.stage]}{short(ledger, d.code)}" for d in found[:3])
    return [missing("no_data_for_check", f"{names or '这项指标'}没有可用的数据，不能计算差异系数")]


def _over(ledger: Ledger, found: Sequence[Dispersion]) -> list[Evidence]:
    over = sorted(
        (d for d in found if d.value_status == "not_met"), key=lambda d: d.squared or 0, reverse=True
    )
    open_ = [d for d in found if d.status == "no_data" and d.value_status != "not_met"]
    said = [x for d in over if (x := say_dispersion(ledger, d)) is not None]
    if not over:
        saying = Saying().place(ledger).words("有数据的各项校际差异系数（按学生数加权）没有一项高于限值")
        said.append(saying.done("dispersion"))
        top = max((d for d in found if d.squared is not None), key=lambda d: d.squared or 0, default=None)
        said += [x for d in ([top] if top else []) if (x := say_dispersion(ledger, d)) is not None]
    said += [x for d in open_ if (x := say_dispersion(ledger, d, brief=True)) is not None]
    return said
