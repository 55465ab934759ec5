"""Teachers moved between the schools of a county instead of added."""

from __future__ import annotations

from collections.abc import Sequence

from indexes.store import Store
from tools.calculation import Calculation
from tools.compliance.units import ASSESSED, STAGE_NAMES
from tools.evidence import Evidence, missing
from tools.plan.additions import stocks_of
from tools.plan.model import Move, Stock
from tools.plan.moves import MOVABLE, moves_of
from tools.registry import tool
from tools.school_additions import not_counted
from tools.school_figures import Ledger
from tools.school_lookup import answering, code_of, ledger_for, stage_of
from tools.school_needs import addition, less, spare, total
from tools.school_sayings import SHOWN, Saying, short


@tool("调剂", "调配", "从哪些学校调")
@answering
def plan_moves(
    store: Store, region: str = "", year: str = "", stage: str = "", indicator: str = "1.2"
) -> list[Evidence]:
    """算只靠校际调配教师能不能使各校达标:从哪些学校调给哪些学校、各几人,不够的还要新增几人。

    Args:
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        stage: 小学 或 初中;不填为两个学段。
        indicator: 1.2 骨干教师 或 1.3 体育艺术教师。
    """
    ledger = ledger_for(store, region, year)
    wanted, code = stage_of(stage), code_of(indicator) or "1.2"
    if code not in MOVABLE:
        return [missing("no_data_for_check", "只有骨干教师和体育艺术教师可以在校际调配，其他指标要补足")]
    stocks = stocks_of(ledger.check.units, ledger.standard)[code]
    found: list[Evidence] = []
    for each in ASSESSED:
        own = [stock for stock in stocks if stock.stage == each]
        if own and wanted in ("", each):
            found.append(_moves(ledger, moves_of(code, each, short(ledger, code), own), own))
            found += not_counted(ledger, code, each, None)
    return found or [missing("no_data_for_check", "学校表里没有可以用来调配的教师数据")]


def _moves(ledger: Ledger, move: Move, stocks: Sequence[Stock]) -> Evidence:
    what = short(ledger, move.code)
    saying = Saying().place(ledger).words(STAGE_NAMES[move.stage])
    saying.label(what, ledger.plain_clause(move.code, what))
    if not move.transfers and not move.additions:
        return saying.words("有数据的学校都不缺，不用调配").done("moves", stage=move.stage, code=move.code)
    if not move.transfers:
        saying.words("没有学校有富余的教师可调，只能新增：")
    else:
        saying.words("能靠校际调配解决：" if move.feasible else "只靠校际调配不够：")
    counts = _counts(ledger, move, stocks)
    if counts:
        saying.words("共调").result(
            total(f"{STAGE_NAMES[move.stage]}{what}共调配", list(counts.values()))
        ).words("，")
    for i, (transfer, made) in enumerate(zip(move.transfers[: SHOWN * 2], counts.values(), strict=False)):
        saying.words("、" if i else "").words("从").school(ledger, transfer.giver).words("调").result(
            made, value=False
        )
        saying.words("到").school(ledger, transfer.taker)
    if len(move.transfers) > SHOWN * 2:
        saying.words("等，其余见合规页")
    for i, (school, _) in enumerate(move.additions[:SHOWN]):
        unit = next(u for u in ledger.check.units if u.school.row == school.row and u.stage == move.stage)
        need = addition(ledger, unit, move.code)
        assert need is not None
        given = [
            made
            for t, made in zip(move.transfers, counts.values(), strict=False)
            if t.taker.row == school.row
        ]
        left = less(f"{what}仍缺", need, given)
        saying.words("；还要新增：" if i == 0 and move.transfers else "、" if i else "").school(
            ledger, school
        ).result(left)
    return saying.done("moves", stage=move.stage, code=move.code)


def _counts(ledger: Ledger, move: Move, stocks: Sequence[Stock]) -> dict[int, Calculation]:
    """Return each transfer's number as a formula: all that one side lacks or can spare, less what the others take.

    Every transfer settles its taker or its giver, so that beginning with those alone on their side all follow.
    """
    needs = {
        u.school.row: made
        for u in ledger.check.units
        if u.stage == move.stage and (made := addition(ledger, u, move.code)) is not None
    }
    spares = {
        u.school.row: made
        for u in ledger.check.units
        if u.stage == move.stage and (made := spare(ledger, u, move.code)) is not None
    }
    found: dict[int, Calculation] = {}
    left = dict(enumerate(move.transfers))
    while left:
        before = len(left)
        for at, transfer in list(left.items()):
            for whole, side in (
                (needs.get(transfer.taker.row), "taker"),
                (spares.get(transfer.giver.row), "giver"),
            ):
                row = getattr(transfer, side).row
                others = [i for i, t in enumerate(move.transfers) if i != at and getattr(t, side).row == row]
                if whole is None or any(i not in found for i in others):
                    continue
                made = less("调配人数", whole, [found[i] for i in others]) if others else whole
                if made.value == transfer.count:
                    found[at] = made
                    del left[at]
                    break
        if len(left) == before:
            return {}
    return {at: found[at] for at in sorted(found)}
