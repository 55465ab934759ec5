"""What would have to be added or moved, and what a supposed change would do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from corpus.folding import fold
from corpus.quantities import read_quantities
from corpus.schools.columns import COLUMNS
from corpus.schools.model import School, SchoolTable
from corpus.spoken import demands_in
from indexes.store import Store
from tools.calculation import Calculation, Input
from tools.compliance.check import check_table
from tools.compliance.indicators import RECIPES
from tools.compliance.model import Verdict
from tools.compliance.units import ASSESSED, STAGE_NAMES
from tools.evidence import Evidence, missing
from tools.plan.additions import stocks_of
from tools.plan.model import Move, Stock
from tools.plan.moves import MOVABLE, moves_of
from tools.plan.whatif import ChangeError, apply, changed
from tools.registry import BadCall, tool
from tools.school_figures import Ledger, header
from tools.school_lookup import Absent, code_of, ledger_for, school_for, stage_of, units_of
from tools.school_sayings import SHOWN, Saying, indicator, short, unit_saying
from tools.schools import answering, excluded

_TEACHERS = ("1.1", "1.2", "1.3")


def additions(
    ledger: Ledger, code: str, stage: str, rows: set[int] | None
) -> list[tuple[School, str, Calculation]]:
    """Return what each school must add of one indicator, in table order; facilities once a row, teachers by stage."""
    found: dict[tuple[int, str], tuple[School, str, Calculation]] = {}
    for unit in ledger.check.units:
        if (stage and unit.stage != stage) or (rows is not None and unit.school.row not in rows):
            continue
        made = ledger.addition(unit, code)
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
        found += _open(ledger, each, wanted, rows) if code else []
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
    shown = [(s, st, ledger.in_wan(c) if money and c.unit == "元" else c) for s, st, c in items]
    if whole:
        saying.place(ledger).words(STAGE_NAMES.get(stage, ""))
        saying.words("要使各校都合要求，").label(what, clause).words("共需补")
        saying.result(ledger.total(f"{what}需补合计", [c for _, _, c in shown])).words("：")
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


def _open(ledger: Ledger, code: str, stage: str, rows: set[int] | None) -> list[Evidence]:
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


# Moving teachers


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
            found += _open(ledger, code, each, None)
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
            ledger.total(f"{STAGE_NAMES[move.stage]}{what}共调配", list(counts.values()))
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
        need = ledger.addition(unit, move.code)
        assert need is not None
        given = [
            made
            for t, made in zip(move.transfers, counts.values(), strict=False)
            if t.taker.row == school.row
        ]
        left = ledger.less(f"{what}仍缺", need, given)
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
        if u.stage == move.stage and (made := ledger.addition(u, move.code)) is not None
    }
    spares = {
        u.school.row: made
        for u in ledger.check.units
        if u.stage == move.stage and (made := ledger.spare(u, move.code)) is not None
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
                made = ledger.less("调配人数", whole, [found[i] for i in others]) if others else whole
                if made.value == transfer.count:
                    found[at] = made
                    del left[at]
                    break
        if len(left) == before:
            return {}
    return {at: found[at] for at in sorted(found)}


# Suppositions

_BY_STAGE = {"1.1": "qualified_teachers", "1.2": "backbone_teachers", "1.3": "arts_teachers"}
_BY_ROW = {"1.4": "teaching_area", "1.5": "sports_area", "1.6": "equipment_value", "1.7": "multimedia_rooms"}
_ROOMS = (("音乐", "music_rooms"), ("美术", "art_rooms"))
_CODES_OF = {**{v: k for k, v in _BY_STAGE.items()}, **{v: k for k, v in _BY_ROW.items()}}
_CHANGE = re.compile(r"^(?P<what>.+?)\s*(?P<sign>[+＋\-−－=＝])\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>\D*)$")


@tool("如果", "假如", "要是")
@answering
def what_if(
    store: Store, changes: list[str], region: str = "", year: str = "", stage: str = ""
) -> list[Evidence]:
    """算假设某校的数变了会怎样:哪些指标、整校是否达标,差异系数怎么变。

    Args:
        changes: 各项假设,写作“学校:项目+数量”,如 ["城南小学:骨干教师+10"];减少写 -,改为写 =。
        region: 地区全称;只有一个地区有学校表时可不填。
        year: 四位年份;不填为最新。
        stage: 小学 或 初中;学校有两个学段而项目按学段计数时要写。
    """
    ledger = ledger_for(store, region, year)
    wanted = stage_of(stage)
    supposed: dict[tuple[int, str], Calculation] = {}
    table = ledger.table
    touched: list[tuple[School, str]] = []
    for change in changes:
        name, _, rest = fold(change).partition(":")
        match = _CHANGE.match(rest.strip())
        if not match:
            raise BadCall(f"读不懂假设“{change}”，请写作“学校:项目+数量”，如 城南小学:骨干教师+10")
        rows = school_for(ledger, name.strip())
        if len(rows) > 1:
            raise Absent(missing("ambiguous", f"“{name}”在学校表里有{len(rows)}行，不能确定改哪一行"))
        school = next(s for s in table.schools if s.row == rows[0].row)
        key = _column(match["what"], ledger, school, wanted)
        table, made = _suppose(ledger, table, school, key, match, supposed.get((school.row, key)))
        supposed[(school.row, key)] = made
        touched.append((rows[0], key))
    check = check_table(table, standard_id=ledger.standard.id, region=table.region, year=ledger.check.year)
    return _effects(ledger, Ledger(check, ledger.standard, supposed), touched)


def _column(what: str, ledger: Ledger, school: School, stage: str) -> str:
    """Return the column that a supposition changes; raise Absent or BadCall where that is not clear."""
    if what in COLUMNS:
        return what
    own = [u.stage for u in ledger.check.units if u.school.row == school.row]
    bare = what.removeprefix("小学").removeprefix("初中")
    codes = [bare] if bare in RECIPES else [n.id for n in demands_in(what)]
    staged = next(
        (
            k
            for w, k in (("班级", "classes"), ("学生", "students"), ("在校生", "students"))
            if w in what and not codes
        ),
        None,
    )
    staged = staged or next((_BY_STAGE[c] for c in codes if c in _BY_STAGE), None)
    if staged is None:
        for word, key in _ROOMS:
            if word in what:
                return key
        row = next((_BY_ROW[c] for c in codes if c in _BY_ROW), None)
        if row is None:
            raise BadCall(f"学校表里没有“{what}”这一项，可用：学生数、骨干教师、多媒体教室、体育场馆面积 等")
        return row
    for word, each in (("小学", "primary"), ("初中", "junior")):
        if word in what:
            stage = each
    if not stage and len(set(own)) > 1:
        names = "、".join(STAGE_NAMES[s] for s in own)
        raise Absent(missing("ambiguous", f"{school.name}有{names}，请说明是哪个学段的"))
    return f"{staged}.{stage or (own[0] if own else 'primary')}"


def _suppose(
    ledger: Ledger,
    table: SchoolTable,
    school: School,
    key: str,
    match: re.Match[str],
    before: Calculation | None,
) -> tuple[SchoolTable, Calculation]:
    """Return the table with one cell changed, and the new number as a formula over the old one."""
    cell = school.cells.get(key)
    number, sign = Decimal(match["number"]), match["sign"].translate(str.maketrans("＋−－＝", "+--="))
    unit = cell.unit if cell else COLUMNS[key].unit
    read = read_quantities(fold(match["number"] + match["unit"]))
    said = read[0].unit if read and read[0].unit else unit
    small = said == "元" and unit == "万元"
    if said == "万元" and unit == "元":
        raise BadCall("金额的单位与学校表不同，请用元")
    step = number / 10000 if small else number
    try:
        done = (
            changed(table, school.row, key, step)
            if sign == "="
            else changed(table, school.row, key, by=step if sign == "+" else -step)
        )
    except ChangeError as error:
        raise Absent(missing("no_data_for_check", str(error).rstrip("。"))) from None
    given = Input("假设的数", number, said, given="question")
    part = "{1} ÷ 10000" if small else "{1}"
    old: Input | None = None
    if before is not None:
        old = Input(before.label, before.value, before.unit, calculation=before)
    elif (fact := ledger.fact(school, key)) is not None:
        old = Input(header(key), fact.value, fact.unit, fact)
    inputs: tuple[Input, ...] = (given,)
    template, formula = part.replace("{1}", "{0}"), "假设的数"
    if sign != "=" and old is not None:
        way = "+" if sign == "+" else "−"
        template, formula, inputs = f"{{0}} {way} {part}", f"现有 {way} 假设的数", (old, given)
    value = done.now.value
    assert value is not None
    made = Calculation(
        "supposed",
        f"{header(key)}(假设)",
        formula,
        template,
        inputs,
        value,
        unit,
        None,
        subject=ledger.name(school),
    )
    return apply(table, [done]), made


def _effects(now: Ledger, then: Ledger, touched: Sequence[tuple[School, str]]) -> list[Evidence]:
    """Say what the suppositions change: the numbers, the indicators, the schools, and their coefficients."""
    found: list[Evidence] = []
    saying = Saying().words("假设")
    for i, ((row, key), made) in enumerate(then.supposed.items()):
        school = next(s for s in now.table.schools if s.row == row)
        saying.words("，" if i else "").school(now, school).words(f"的{header(key)}为").result(
            made, value=False
        )
    found.append(saying.done("what_if"))
    rows = list(dict.fromkeys(school.row for school, _ in touched))
    codes: list[str] = []
    for unit in (u for u in then.check.units if u.school.row in rows):
        keys = [key for school, key in touched if school.row == unit.school.row]
        before = next(
            (u for u in now.check.units if (u.school.row, u.stage) == (unit.school.row, unit.stage)), None
        )
        moved = [v for v in unit.verdicts if before is None or _shown(v) != _shown(before.verdict(v.code))]
        for verdict in moved:
            flipped = before is None or before.verdict(verdict.code).status != verdict.status
            if verdict.observed is not None and (
                flipped or any(_is_about(key, verdict.code) for key in keys)
            ):
                found.append(indicator(then, unit, verdict.code))
        codes += [verdict.code for verdict in moved]
        if moved:
            found.append(unit_saying(then, unit))
    if not codes:
        found.append(Saying().words("各项指标的数值都不变").done("what_if"))
    found += _spreads(now, then, rows, list(dict.fromkeys(codes)))
    return found


def _shown(verdict: Verdict) -> tuple[object, ...]:
    return verdict.status, verdict.observed and verdict.observed.exact


def _is_about(key: str, code: str) -> bool:
    return _CODES_OF.get(key.partition(".")[0]) == code


def _spreads(now: Ledger, then: Ledger, rows: Sequence[int], codes: Sequence[str]) -> list[Evidence]:
    """Say the coefficients whose verdict or, for a single indicator, whose value the suppositions change."""
    from tools.school_sayings import dispersion

    found: list[Evidence] = []
    stages = {u.stage for u in then.check.units if u.school.row in rows}
    for new in then.check.dispersion:
        if new.code not in codes or new.stage not in stages:
            continue
        old = next(d for d in now.check.dispersion if (d.code, d.stage) == (new.code, new.stage))
        if (old.value_status != new.value_status or len(codes) == 1) and (
            said := dispersion(then, new, brief=True)
        ):
            found.append(said)
    return found


__all__ = ["ASSESSED", "additions", "plan_additions", "what_if"]
