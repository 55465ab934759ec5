"""County indicators that a school table determines, as sentences: what breaks them, or what comes nearest to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from corpus.limits import keeps
from corpus.model import Fact
from corpus.rules import Limit, limit_of
from corpus.schools.model import School
from tools.calculation import Calculation, Input
from tools.compliance.model import Verdict
from tools.compliance.units import ASSESSED, STAGE_NAMES, Bodies, assessed
from tools.evidence import Claim, Clause, Evidence
from tools.school_figures import Ledger, header
from tools.school_sayings import OPERATORS, SHOWN, Saying
from tools.school_spreads import rate_of

_SPOKEN = {
    "2.3": "音乐、美术专用教室", "2.4": "学校规模", "2.5": "班额", "2.11": "教师交流轮岗", "2.12": "教师资格证持证上岗",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing of one school that a county indicator looks at: what it has, and what is asked of it."""

    school: School
    what: str
    observed: Fact | Calculation
    operator: str
    limit: Decimal
    unit: str
    demanded: Clause | Calculation

    @property
    def claim(self) -> Claim:
        return Claim(self.observed.value, self.operator, self.limit, self.observed, self.demanded)

    @property
    def kept(self) -> bool:
        return keeps(self.observed.value, self.operator, self.limit)

    @property
    def margin(self) -> Decimal:
        """How far the value is from its bound, as a share of it: the tightest is the least."""
        return abs(self.observed.value - self.limit) / (self.limit or 1)


def spoken(ledger: Ledger, code: str) -> str:
    demand = ledger.standard.demand(code)
    return demand.short or _SPOKEN.get(code) or demand.name


def measures(ledger: Ledger, verdict: Verdict) -> Iterator[Measure]:
    """Yield what a verdict on every school's rooms, size or classes looks at, school by school."""
    demand = ledger.standard.demand(verdict.code)
    clause = ledger.plain_clause(verdict.code, verdict.clause)
    rows, _ = assessed(ledger.table)
    for bodies in rows:
        school = bodies.school
        if verdict.code == "2.5" and verdict.stage in bodies.students:
            limit = limit_of(demand, verdict.stage)
            yield from _cell(ledger, school, f"largest_class.{verdict.stage}", limit, clause)
        elif verdict.code == "2.4":
            limit = limit_of(demand, "county", kind=school.kind)
            yield from _size(ledger, bodies, limit, clause)
        elif verdict.code == "2.3":
            per = limit_of(demand, "county", key="classes_per_room")
            for kind in ("music", "art"):
                yield from _rooms(ledger, bodies, kind, per, verdict.code)
                area = limit_of(demand, "county", key=f"{kind}_room_area")
                if (school.value(f"{kind}_rooms") or 0) > 0:
                    yield from _cell(ledger, school, f"smallest_{kind}_room", area, clause)


def _bounded(clause: Clause, bound: str) -> Clause:
    return Clause(clause.standard, clause.code, f"{clause.text}（{bound}）", clause.source)


def _words(limit: Limit) -> str:
    return f"{limit.operator}{limit.value:f}{limit.unit}"


def _cell(ledger: Ledger, school: School, key: str, limit: Limit | None, clause: Clause) -> Iterator[Measure]:
    fact = ledger.fact(school, key)
    if fact is not None and limit is not None and limit.value is not None:
        yield Measure(
            school,
            header(key),
            fact,
            limit.operator,
            limit.value,
            limit.unit,
            _bounded(clause, _words(limit)),
        )


def _size(ledger: Ledger, bodies: Bodies, limit: Limit | None, clause: Clause) -> Iterator[Measure]:
    facts = [ledger.fact(bodies.school, f"students.{stage}") for stage in bodies.assessed]
    known = [fact for fact in facts if fact is not None]
    if limit is None or limit.value is None or not known:
        return
    whole: Fact | Calculation = known[0] if len(known) == 1 else _sum("义务教育阶段学生数", known)
    yield Measure(
        bodies.school,
        "学生数",
        whole,
        limit.operator,
        limit.value,
        limit.unit,
        _bounded(clause, _words(limit)),
    )


def _sum(label: str, facts: Sequence[Fact]) -> Calculation:
    inputs = tuple(Input(f.metric, f.value, f.unit, f) for f in facts)
    template = " + ".join(f"{{{i}}}" for i in range(len(inputs)))
    value = sum((f.value for f in facts), Decimal(0))
    return Calculation(
        "sum", label, " + ".join(i.name for i in inputs), template, inputs, value, facts[0].unit, None
    )


def _rooms(ledger: Ledger, bodies: Bodies, kind: str, per: Limit | None, code: str) -> Iterator[Measure]:
    have = ledger.fact(bodies.school, f"{kind}_rooms")
    classes = [ledger.fact(bodies.school, f"classes.{stage}") for stage in ASSESSED]
    known = [fact for fact in classes if fact is not None]
    if have is None or not known or per is None or per.value is None:
        return
    inputs = tuple(Input(f.metric, f.value, f.unit, f) for f in known)
    bound = Input("每间对应班级数", per.value, per.unit, given=f"standard:{ledger.standard.id}/{code}")
    template = f"⌈({' + '.join(f'{{{i}}}' for i in range(len(inputs)))}) ÷ {{{len(inputs)}}}⌉"
    need = ceil(sum(f.value for f in known) / per.value)
    made = Calculation(
        "rooms",
        f"需{header(f'{kind}_rooms')}",
        "班级数 ÷ 每间对应班级数(向上取整)",
        template,
        (*inputs, bound),
        Decimal(need),
        "间",
        None,
    )
    yield Measure(bodies.school, header(f"{kind}_rooms"), have, "≥", made.value, "间", made)


def _measure(saying: Saying, ledger: Ledger, found: Measure) -> Saying:
    saying.school(ledger, found.school).words(found.what)
    if isinstance(found.observed, Fact):
        saying.number(f"{found.observed.value:f}{found.observed.unit}", found.observed)
    else:
        saying.result(found.observed)
    saying.words(f"（要求{OPERATORS[found.operator]}")
    return saying.number(f"{found.limit:f}{found.unit}", found.demanded, value=False).words("）")


def by_schools(ledger: Ledger, verdict: Verdict) -> Evidence | None:
    """Say a verdict on every school's rooms, size or classes; None where a lack of data leaves it open."""
    found = list(measures(ledger, verdict))
    stage = STAGE_NAMES.get(verdict.stage, "")
    clause = ledger.plain_clause(verdict.code, f"{verdict.clause} {spoken(ledger, verdict.code)}")
    saying = (
        Saying()
        .place(ledger)
        .words(stage)
        .label(spoken(ledger, verdict.code), clause)
        .words("（指标")
        .number(verdict.code, clause)
        .words("）")
    )
    if verdict.status == "not_met":
        broken = [m for m in found if not m.kept]
        if not broken:
            return None
        rows = list({m.school.row: m.school for m in broken}.values())
        made = ledger.count(f"未达标的{stage}学校", [(ledger.name(s), ledger.some_fact(s)) for s in rows])
        saying.verdict("未达标", *(m.claim for m in broken[:SHOWN])).words("：").number(
            f"{made.value:f}所", made
        )
        saying.words("学校低于要求或超出限值：" if verdict.code == "2.3" else "学校超出限值：")
        for i, measure in enumerate(broken[:SHOWN]):
            _measure(saying.words("、" if i else ""), ledger, measure)
        if len(broken) > SHOWN:
            saying.words("等，其余见合规页")
        return saying.done("county", code=verdict.code, stage=verdict.stage)
    if verdict.status == "met" and found:
        tightest = {m.what: m for m in sorted(found, key=lambda m: -m.margin)}
        saying.verdict("达标", *(m.claim for m in tightest.values())).words("：最接近限值的是")
        for i, measure in enumerate(tightest.values()):
            _measure(saying.words("、" if i else ""), ledger, measure)
        return saying.done("county", code=verdict.code, stage=verdict.stage)
    return None


_RATES = {
    ("2.11", "exchange"): ("exchanged_teachers", "eligible_teachers"),
    ("2.11", "backbone"): ("exchanged_backbone", "exchanged_teachers"),
    ("2.12", ""): ("certified_teachers", "teachers"),
}  # fmt: skip


def by_rates(ledger: Ledger, verdict: Verdict) -> Evidence | None:
    """Say a verdict on rates of the county; None where a lack of data leaves it open."""
    clause = ledger.plain_clause(verdict.code, f"{verdict.clause} {spoken(ledger, verdict.code)}")
    saying = (
        Saying()
        .place(ledger)
        .label(spoken(ledger, verdict.code), clause)
        .words("（指标")
        .number(verdict.code, clause)
        .words("）")
    )
    if verdict.status not in ("met", "not_met"):
        return None
    claims: list[Claim] = []
    said = Saying()
    for i, part in enumerate(verdict.parts or (verdict,)):
        keys = _RATES.get((verdict.code, part.limit_key))
        rate = None if keys is None else rate_of(ledger, part, *keys)
        if rate is None or part.threshold is None or keys is None:
            return None
        bound = _bounded(clause, f"{part.operator}{part.threshold.shown}{part.threshold.unit}")
        claim = Claim(rate.exact, part.operator, bound_value(part), rate, bound)
        claims.append(claim)
        said.words("，" if i else "").words(rate.label).words("为").result(rate).words("，")
        said.verdict("达到" if _holds(claim) else "未达到", claim).words(f"要求（{OPERATORS[part.operator]}")
        said.number(f"{part.threshold.shown}{part.threshold.unit}", bound).words("）")
    saying.verdict("达标" if verdict.status == "met" else "未达标", *claims).words("：").join(said)
    for i, failure in enumerate(verdict.failures[:SHOWN]):
        school = next(s for s in ledger.table.schools if s.row == failure.row)
        whole, held = ledger.fact(school, "teachers"), ledger.fact(school, "certified_teachers")
        if verdict.code == "2.12" and whole is not None and held is not None:
            saying.words("；" if i == 0 else "、").school(ledger, school).words("专任教师")
            saying.number(f"{whole.value:f}人", whole).words("中持证").number(f"{held.value:f}人", held)
    return saying.done("county", code=verdict.code)


def bound_value(part: Verdict) -> Decimal:
    assert part.threshold is not None
    return Decimal(part.threshold.shown)


def _holds(claim: Claim) -> bool:
    return {
        "≥": claim.observed >= claim.limit,
        "≤": claim.observed <= claim.limit,
        "=": claim.observed == claim.limit,
    }[claim.operator]


def county(ledger: Ledger, verdict: Verdict) -> Evidence | None:
    """Say one county verdict from the table; None where the table leaves it open."""
    if verdict.code in ("2.3", "2.4", "2.5"):
        return by_schools(ledger, verdict)
    return by_rates(ledger, verdict)


def say_measure(ledger: Ledger, found: Measure, code: str) -> Evidence:
    """Say what one school has of what a county indicator asks for."""
    saying = _measure(Saying(), ledger, found)
    saying.words("，").verdict("达到" if found.kept else "未达到", found.claim).words("这项要求")
    return saying.done("measure", code=code)
