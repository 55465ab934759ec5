"""A plan in the words of the people who read it: by school what to add, then moves, dispersion, totals, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from corpus.rules import standards
from tools.compliance.display import plain
from tools.compliance.units import STAGE_NAMES
from tools.plan.additions import stock_name
from tools.plan.model import Addition, Further, Move, Plan, PlannedSpread
from tools.plan.shape import totals

_PARTS = {**STAGE_NAMES, "both": "小学初中共用"}


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield a plan as lines of text."""
    standard = standards()[plan.standard]
    names = {code: stock_name(code) for code in plan.stocks}
    place = f"{plan.region or ''}{f'{plan.year}年' if plan.year else ''}"
    yield f"{place}达标方案，依据《{standard.name}》（{standard.document}）"
    yield f"数据：{Path(plan.table.source).name}"
    yield ""
    yield "一、各校要补的（目标：每所学校每个学段七项指标全部达标）"
    yield from _schools(plan.additions, names, "现有", "要补") if plan.additions else ["  没有要补的。"]
    yield ""
    yield "二、校际调配（只在县内同一学段的学校之间，调出后不低于标准；与上面“要补的”二者择一）"
    yield from (f"  {line}" for move in plan.moves for line in _move(move, names))
    yield ""
    yield "三、差异系数（上限以内为达标）"
    yield from (f"  {_spread(item, names)}" for item in plan.dispersion if item.units)
    extra = [item for further in plan.further for item in further.additions]
    if extra:
        yield ""
        yield "四、为使差异系数达标，在第一部分之外另增"
        yield from _schools(tuple(extra), names, "补足后", "另增")
    yield ""
    yield "合计"
    yield from _totals("  补足七项指标", plan.additions, names)
    yield from _totals("  为缩小差异另增", extra, names)
    yield from (f"  {line}" for further in plan.further for line in _proof(further, names))
    if plan.notes:
        yield ""
        yield "说明"
        yield from (f"  {note}" for note in plan.notes)


def _schools(additions: tuple[Addition, ...], names: Mapping[str, str], have: str, add: str) -> Iterator[str]:
    ordered = sorted(additions, key=lambda item: item.school.row)
    for _, own in groupby(ordered, key=lambda item: item.school.row):
        items = list(own)
        yield f"  {items[0].school.name}（第{items[0].school.row}行）"
        for item in items:
            stage = f"{STAGE_NAMES[item.stock.stage]}" if item.stock.stage else "全校"
            unit = item.stock.unit
            yield (
                f"    {item.stock.code} {names[item.stock.code]}（{stage}）：{have}{plain(item.have)}{unit}，"
                f"需{plain(item.need)}{unit}，{add}{plain(item.add)}{unit}"
            )


def _move(move: Move, names: Mapping[str, str]) -> Iterator[str]:
    head = f"{move.code} {names[move.code]}（{STAGE_NAMES[move.stage]}）："
    if not move.moved and not move.added:
        yield f"{head}不需要调配"
        return
    yield f"{head}最少调{move.moved}人" + ("即可全部达标" if move.feasible else f"，另新增{move.added}人")
    if move.why:
        yield f"  {move.why}"
    for item in move.transfers:
        yield (
            f"  {item.giver.name}（第{item.giver.row}行）→ {item.taker.name}（第{item.taker.row}行）：{item.count}人"
        )
    for school, count in move.additions:
        yield f"  {school.name}（第{school.row}行）新增{count}人"


def _spread(item: PlannedSpread, names: Mapping[str, str]) -> str:
    numbers = f"现为{item.before or '无法计算'}，补足后{item.after or '无法计算'}"
    if item.final != item.after:
        numbers += f"，另增后{item.final}"
    return f"{item.code} {names[item.code]}（{STAGE_NAMES[item.stage]}）：{numbers}，上限{item.limit}"


def _totals(label: str, additions: Iterable[Addition], names: Mapping[str, str]) -> Iterator[str]:
    found = totals(additions)
    if not found:
        yield f"{label}：无"
    for code, own in found.items():
        parts = "、".join(f"{_PARTS[part]}{own[part]}" for part in _PARTS if part in own)
        yield f"{label}：{code} {names[code]} {own['total']}{own['unit']}（{parts}）"


def _proof(further: Further, names: Mapping[str, str]) -> Iterator[str]:
    if further.proof == "optimal" and further.total > Fraction(0):
        unit = further.additions[0].stock.unit
        yield f"{further.code} {names[further.code]}另增的{plain(further.total)}{unit}已证明是最少的"
