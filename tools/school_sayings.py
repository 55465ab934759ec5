"""Sentences about a check, each part with what bears it out. Nothing is typed here that a source does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from corpus.model import Fact
from corpus.rules import limit_of
from corpus.schools.model import School
from tools.calculation import Calculation
from tools.compliance.model import Unit, Verdict
from tools.compliance.units import STAGE_NAMES
from tools.evidence import Claim, Clause, Evidence, Part, Statement, from_statement
from tools.school_figures import Ledger, header

OPERATORS = {"≥": "不低于", "≤": "不超过", "<": "低于", ">": "高于", "=": "等于"}
STATUSES = {True: "达标", False: "未达标"}
SHOWN = 10
"""Schools told one by one; of more the count is told."""


@dataclass
class Saying:
    """A sentence in the making."""

    parts: list[Part] = field(default_factory=list)
    values: list[Fact | Calculation] = field(default_factory=list)
    schools: list[str] = field(default_factory=list)

    def words(self, text: str) -> Saying:
        self.parts.append(Part(text))
        return self

    def label(self, text: str, source: Fact | Calculation | Clause | None) -> Saying:
        self.parts.append(Part(text, source, label=True) if source is not None else Part(text))
        return self

    def number(self, text: str, source: Fact | Calculation | Clause, *, value: bool = True) -> Saying:
        self.parts.append(Part(text, source))
        if value and isinstance(source, (Fact, Calculation)):
            self.values.append(source)
        return self

    def result(self, made: Calculation, *, value: bool = True) -> Saying:
        return self.number(made.result, made, value=value)

    def verdict(self, word: str, *claims: Claim) -> Saying:
        self.parts.append(Part(word, claims=claims))
        return self

    def school(self, ledger: Ledger, school: School) -> Saying:
        self.schools.append(school.name)
        return self.label(ledger.name(school), ledger.some_fact(school))

    def unit(self, ledger: Ledger, unit: Unit) -> Saying:
        self.school(ledger, unit.school)
        rest = ledger.called(unit).removeprefix(ledger.name(unit.school))
        return self.words(rest) if rest else self

    def place(self, ledger: Ledger) -> Saying:
        """Name region and year of the table as far as it has them."""
        fact = ledger.any_fact()
        if ledger.table.region:
            self.label(ledger.table.region, fact)
        year = str(ledger.table.year or "")
        if year and year in f"{ledger.table.title}\n{ledger.table.text}":
            self.label(year, fact).words(
                "年"
            )  # one that only a person has said cannot be checked in the source
        return self

    def join(self, other: Saying) -> Saying:
        self.parts += other.parts
        self.values += other.values
        self.schools += other.schools
        return self

    def done(
        self, topic: str = "", *, stage: str | None = None, code: str | None = None, region: str | None = None
    ) -> Evidence:
        values, schools = tuple(dict.fromkeys(self.values)), tuple(dict.fromkeys(self.schools))
        return from_statement(Statement(tuple(self.parts), values, schools, stage, code, region, topic))


def short(ledger: Ledger, code: str) -> str:
    demand = ledger.standard.demand(code)
    return demand.short or demand.name


def _named(saying: Saying, ledger: Ledger, verdict: Verdict) -> Saying:
    """Write an indicator's name; a numeral in it is that of its clause."""
    name = short(ledger, verdict.code)
    return saying.label(name, ledger.plain_clause(verdict.code, f"{verdict.clause} {name}"))


def _required(saying: Saying, ledger: Ledger, verdict: Verdict) -> Saying:
    assert verdict.threshold is not None
    saying.words(OPERATORS[verdict.operator])
    return saying.number(f"{verdict.threshold.shown}{verdict.threshold.unit}", ledger.clause(verdict))


def blanks(ledger: Ledger, unit: Unit, code: str) -> tuple[str, ...]:
    """Return the columns without which an indicator of a unit cannot be judged."""
    from tools.compliance.indicators import keys_of
    from tools.compliance.units import bodies_of

    keys = [*keys_of(code, unit.stage), f"students.{unit.stage}"]
    if ledger.standard.split and code in ledger.standard.split.codes:
        keys += [f"students.{stage}" for stage in bodies_of(unit.school).students]
    lost = [key for key in keys if ledger.input(unit.school, key) is None]
    return tuple(dict.fromkeys(header(key) for key in lost)) or ("有关数据(前后不符)",)


def indicator_saying(ledger: Ledger, unit: Unit, code: str, *, margin: bool = False) -> Evidence:
    """Say one indicator of one unit: its value, whether that is enough, and what is lacking.

    ``margin``: also by how much it is above what is asked.
    """
    verdict = unit.verdict(code)
    value = ledger.value(unit, code)
    saying = Saying().unit(ledger, unit).words("的")
    _named(saying, ledger, verdict)
    if value is None:
        saying.words("缺少").words("、".join(blanks(ledger, unit, code))).words("，无法判定")
        return saying.done("no_data", stage=unit.stage, code=code)
    saying.words("为").result(value)
    claim = ledger.claim(value, verdict)
    saying.words("，").verdict("达到" if verdict.status == "met" else "未达到", claim).words("标准（要求")
    _required(saying, ledger, verdict).words("）")
    if (gap := ledger.gap(value, verdict)) is not None:
        saying.words("，还差").result(gap)
    elif margin and (spare := ledger.margin(value, verdict)) is not None:
        saying.words("，比要求高").result(spare)
    on_edge(saying, ledger, code, unit.stage, unit.school.row)
    return saying.done("indicator", stage=unit.stage, code=code)


def on_edge(saying: Saying, ledger: Ledger, code: str, stage: str, row: int | None) -> None:
    """Remark that rounding would decide otherwise, where it would."""
    if any((e.code, e.stage, e.row) == (code, stage, row) for e in ledger.check.edges):
        how = "先按三位小数舍入再比较" if row is None else "按未舍入的精确值比较"
        saying.words(f"（处在边界：这里{how}，换一种舍入办法结论会不同）")


def _flaw(saying: Saying, ledger: Ledger, unit: Unit, verdict: Verdict) -> Saying:
    """Write one indicator that a unit does not meet, briefly."""
    value = ledger.value(unit, verdict.code)
    assert value is not None
    _named(saying, ledger, verdict).result(value).words("（要求")
    _required(saying, ledger, verdict)
    if (gap := ledger.gap(value, verdict)) is not None:
        saying.words("，差").result(gap)
    if verdict.floor_ok is False:
        floor = ledger.floor(verdict)
        saying.words("，").verdict("未达到", Claim(value.exact, "≥", floor.exact, value, floor))
        saying.words("要求的").number(_floor_words(ledger), _passing(ledger))
    return saying.words("）")


def _floor_words(ledger: Ledger) -> str:
    assert ledger.standard.passing is not None
    return f"{(ledger.standard.passing.floor * 100).normalize():f}%"


def _passing(ledger: Ledger) -> Clause:
    """Return the rule by which a school passes, with its numbers."""
    rule = ledger.standard.passing
    assert rule is not None
    return ledger.plain_clause(rule.codes[0], rule.text)


def _all_items(ledger: Ledger) -> Clause:
    rule = ledger.standard.passing
    assert rule is not None
    return ledger.plain_clause(rule.codes[0], f"每所学校看{len(rule.codes)}项指标")


def worst(ledger: Ledger, unit: Unit) -> tuple[Verdict, ...]:
    """Return what a unit does not meet, the farthest from its demand first."""

    def reached(verdict: Verdict) -> float:
        assert verdict.observed is not None and verdict.threshold is not None
        return float(verdict.observed.exact / verdict.threshold.exact)

    return tuple(sorted((v for v in unit.verdicts if v.status == "not_met"), key=reached))


def unit_saying(ledger: Ledger, unit: Unit) -> Evidence:
    """Say whether a unit complies, how many indicators it meets, and what it does not meet."""
    rule = ledger.standard.passing
    assert rule is not None
    saying = Saying().unit(ledger, unit)
    met = [v for v in unit.verdicts if v.status == "met"]
    fact = ledger.some_fact(unit.school)
    count = ledger.count("达标的指标数", [(short(ledger, v.code), fact) for v in met], "项")
    passing = _passing(ledger)
    flaws = worst(ledger, unit)
    claims = tuple(_passing_claims(ledger, unit, count, passing))
    if unit.compliant is None:
        saying.words("缺数据，整校无法判定：")
    else:
        saying.verdict("达标" if unit.compliant else "未达标", *claims).words("：")
    saying.number(f"{len(rule.codes)}项", _all_items(ledger)).words("指标中")
    if met:
        saying.number(f"{count.value:f}项达标", count, value=False)
    else:
        saying.words("没有一项合要求" if flaws else "没有一项有数据")
    saying.words("（整校要求至少").number(f"{rule.least}项", passing).words("，余项不低于要求的").number(
        _floor_words(ledger), passing
    )
    saying.words("）")
    for i, verdict in enumerate(flaws):
        if i == 0:
            saying.words("；").verdict("未达标", *_claims(ledger, unit, flaws)).words("的是")
        else:
            saying.words("、")
        _flaw(saying, ledger, unit, verdict)
    lost = [v for v in unit.verdicts if v.status == "no_data"]
    for i, verdict in enumerate(lost):
        saying.words("；缺数据、无法判定的是" if i == 0 else "、")
        _named(saying, ledger, verdict).words(f"（缺{'、'.join(blanks(ledger, unit, verdict.code))}）")
    return saying.done("unit", stage=unit.stage)


def _claims(ledger: Ledger, unit: Unit, verdicts: Iterable[Verdict]) -> list[Claim]:
    found = ((ledger.value(unit, v.code), v) for v in verdicts)
    return [ledger.claim(value, v) for value, v in found if value is not None]


def _passing_claims(ledger: Ledger, unit: Unit, count: Calculation, passing: Clause) -> Iterable[Claim]:
    """Yield the comparisons behind a unit's verdict: how many indicators are met, and each that is not, with 85%.

    With blanks, one that certainly fails does so because of what is known: too many that are not met, or one too low.
    """
    rule = ledger.standard.passing
    assert rule is not None
    if unit.compliant is None:
        return
    failing = [v for v in unit.verdicts if v.status == "not_met"]
    if unit.compliant or not unit.no_data or len(failing) > len(rule.codes) - rule.least:
        yield Claim(count.value, "≥", Decimal(rule.least), count, passing)
    for verdict in failing:
        value, floor = ledger.value(unit, verdict.code), ledger.floor(verdict)
        assert value is not None
        if unit.compliant or verdict.floor_ok is False:
            yield Claim(value.exact, "≥", floor.exact, value, floor)


def listed(saying: Saying, ledger: Ledger, units: Sequence[Unit]) -> Saying:
    for i, unit in enumerate(units[:SHOWN]):
        saying.words("、" if i else "").unit(ledger, unit)
    return saying.words("等") if len(units) > SHOWN else saying


def counts(ledger: Ledger, stage: str, units: Sequence[Unit]) -> Evidence:
    """Say of one stage how many schools take part, comply, fail and are open."""
    name = STAGE_NAMES[stage]
    saying = Saying().place(ledger)
    everyone = count_units(ledger, f"参加评估的{name}", units)
    saying.words(f"参加评估的{name}").number(f"{everyone.value:f}所", everyone)
    sides = ((True, "达标"), (False, "未达标"), (None, "缺数据、无法判定"))
    for state, words in sides:
        own = [u for u in units if u.compliant is state]
        if own:
            made = count_units(ledger, f"{words}的{name}", own)
            saying.words("，").number(f"{made.value:f}所{words}", made)
    return saying.done("counts", stage=stage)


def count_units(ledger: Ledger, label: str, units: Sequence[Unit]) -> Calculation:
    return ledger.count(label, [(ledger.called(u), ledger.some_fact(u.school)) for u in units])


def indicator_counts(ledger: Ledger, stage: str, code: str, units: Sequence[Unit]) -> Evidence:
    """Say of one indicator and stage how many schools have enough, too little, or no data."""
    name, what = STAGE_NAMES[stage], short(ledger, code)
    saying = Saying().place(ledger)
    clause = ledger.plain_clause(code, f"{ledger.standard.demand(code).clause} {what}")
    everyone = count_units(ledger, f"参加评估的{name}", units)
    saying.words(name).label(what, clause).words("：参加评估的").number(
        f"{everyone.value:f}所", everyone, value=False
    ).words("中")
    groups = (("met", "达标"), ("not_met", "未达标"), ("no_data", "缺数据、无法判定"))
    said = 0
    for status, words in groups:
        own = [u for u in units if u.verdict(code).status == status]
        if own:
            made = count_units(ledger, f"{words}的{name}", own)
            saying.words("，" if said else "").number(f"{made.value:f}所{words}", made)
            said += 1
    limit = limit_of(ledger.standard.demand(code), stage)
    if limit is not None and limit.value is not None:
        bound = f"{limit.value:f}{limit.unit}"
        held = ledger.plain_clause(code, f"{clause.text}（{name}{limit.operator}{bound}）")
        saying.words(f"（要求{OPERATORS[limit.operator]}").number(bound, held).words("）")
    if not any(u.verdict(code).status == "not_met" for u in units):
        saying.words("，没有学校低于这项要求")
    return saying.done("counts", stage=stage, code=code)
