"""What a supposed change of a school would do."""

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
from tools.compliance.units import STAGE_NAMES
from tools.evidence import Evidence, missing
from tools.plan.whatif import ChangeError, apply, changed
from tools.registry import BadCall, tool
from tools.school_figures import Ledger, header
from tools.school_lookup import Absent, answering, ledger_for, school_for, stage_of
from tools.school_sayings import Saying, indicator_saying, unit_saying

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
                found.append(indicator_saying(then, unit, verdict.code))
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
    from tools.school_spread_sayings import dispersion

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
