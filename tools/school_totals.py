"""What a school table lists of one thing in all: the sum of a column over its rows."""

from __future__ import annotations

import re
from decimal import Decimal

from corpus.folding import fold
from indexes.store import Store
from tools.calculation import Calculation, Input
from tools.compliance.units import STAGE_NAMES, STAGES_OF
from tools.evidence import Evidence, missing
from tools.registry import tool
from tools.school_figures import Ledger, header
from tools.school_lookup import answering, ledger_for, stage_of
from tools.school_sayings import Saying
from tools.schools import columns_of

_ADDED = ("人", "个", "间", "平方米", "万元", "元")
_NOT_ADDED = ("largest_class", "smallest_music_room", "smallest_art_room")


@tool("全县一共有多少学生", "合计多少名骨干教师")
@answering
def school_totals(
    store: Store, item: str, region: str = "", year: str = "", stage: str = ""
) -> list[Evidence]:
    """把学校表里各校填报的一项数加总:学生数、班级数、各类教师数、用房和场馆面积、设备值、教室数。

    Args:
        item: 要加总的项,如 学生数、骨干教师数、体育运动场馆面积。
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        stage: 小学 或 初中;不填为该项的各学段。
    """
    ledger = ledger_for(store, region, year)
    wanted, asked = stage_of(stage), fold(item)
    if re.search(r"所(?:学校|小学|初中|中学)|学校(?:总)?数", asked):
        return [_schools(ledger, wanted)]
    keys = [key for key in columns_of(asked) if key.partition(".")[0] not in _NOT_ADDED]
    if wanted and keys and not any(key.partition(".")[2] == wanted for key in keys):
        names = "、".join(header(key) for key in keys)
        said = f"学校表里的{names}不分学段，不能单独加总{STAGE_NAMES[wanted]}的"
        return [missing("no_data_for_check", said)]
    found = [
        total
        for key in keys
        if not wanted or key.partition(".")[2] == wanted
        if (total := _total(ledger, key)) is not None
    ]
    return found or [missing("not_reported", f"学校表里没有可以加总的“{item}”")]


def _schools(ledger: Ledger, stage: str) -> Evidence:
    """Say how many schools the table lists, those with a stage if one is asked about."""
    own = [s for s in ledger.table.schools if not stage or stage in STAGES_OF.get(s.kind or "小学", ())]
    if not own:
        return missing("not_reported", f"学校表里没有有{STAGE_NAMES[stage]}的学校")
    what = f"有{STAGE_NAMES[stage]}的学校" if stage else "学校（校区）"
    made = ledger.count(what, [(ledger.name(s), ledger.some_fact(s)) for s in own])
    saying = Saying().place(ledger).words(f"学校数据表列出的{what}有").result(made)
    return saying.words("（含不参加评估的学校，校区分别计）").done("total", stage=stage or None)


def _total(ledger: Ledger, key: str) -> Evidence | None:
    """Say the sum of a column; rows without data are named, as the sum leaves them out."""
    stage = key.partition(".")[2]
    inputs, lacking = [], []
    for school in ledger.table.schools:
        fact = ledger.fact(school, key)
        if fact is not None:
            inputs.append(Input(f"{ledger.name(school)}{header(key)}", fact.value, fact.unit, fact))
        elif not stage or stage in STAGES_OF.get(school.kind or "小学", ()):
            lacking.append(ledger.name(school))
    if not inputs or inputs[0].unit not in _ADDED:
        return None
    made = Calculation(
        "sum", f"各校{header(key)}合计", "各校之和", " + ".join(f"{{{i}}}" for i in range(len(inputs))),
        tuple(inputs), sum((each.value for each in inputs), Decimal(0)), inputs[0].unit, None,
    )  # fmt: skip
    saying = Saying().place(ledger).words("学校数据表所列各校的").label(header(key), inputs[0].fact)
    saying.words("合计为").result(made).words("（含不参加评估的学校）")
    if lacking:
        saying.words(f"，{'、'.join(lacking[:5])}{'等' if len(lacking) > 5 else ''}没有这项数据，未计入")
    return saying.done("total", stage=stage or None)
