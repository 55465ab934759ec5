"""All indicators of the standard at a glance, from table and reports; and one of them with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from corpus.model import Fact
from corpus.rules import standards
from indexes.store import Store
from tools.calculation import Calculation, Input
from tools.compliance.model import Status, Verdict
from tools.compliance.whole import NoDataForCheck, check
from tools.evidence import Claim, Clause, Evidence, amount, missing
from tools.registry import BadCall
from tools.school_county import county, spoken
from tools.school_figures import Ledger
from tools.school_lookup import STANDARD, Absent, ledger_for
from tools.school_sayings import OPERATORS, Saying

_GROUPS: tuple[tuple[Status, str], ...] = (("met", "达标"), ("not_met", "未达标"), ("no_data", "无法判定"))


def county_evidence(store: Store, region: str, year: str, code: str, only: str) -> list[Evidence]:
    """Return one indicator with its evidence, or how many of all are met, failed and open."""
    try:
        ledger: Ledger | None = ledger_for(store, region, year)
        absence = None
    except Absent as absent:
        ledger, absence = None, absent.evidence
    where = region or (ledger.table.region if ledger else "") or ""
    try:
        whole = check(store, region=where or None, year=year or None, table=ledger.table if ledger else None)
    except (NoDataForCheck, BadCall) as error:
        if absence is not None:
            return [absence]
        return [missing("ambiguous" if isinstance(error, BadCall) else "no_data_for_check", str(error))]
    verdicts = {verdict.code: verdict for verdict in whole.indicators}
    if code:
        return one(ledger, verdicts[code], where)
    return overview(ledger, verdicts, where, only)


def report_evidence(store: Store, region: str, year: str, code: str, standard_id: str) -> list[Evidence]:
    """Return one indicator of a standard that only reports decide, by the variant that holds in the region."""
    if standard_id not in standards():
        raise BadCall(f"没有标准“{standard_id}”，可用：{'、'.join(standards())}")
    try:
        whole = check(store, region=region or None, year=year or None, standard_id=standard_id)
    except (NoDataForCheck, BadCall) as error:
        return [missing("ambiguous" if isinstance(error, BadCall) else "no_data_for_check", str(error))]
    found = next((verdict for verdict in whole.indicators if verdict.code == code), None)
    if found is None:
        codes = "、".join(verdict.code for verdict in whole.indicators)
        raise BadCall(f"标准“{standard_id}”没有指标“{code}”，可用：{codes}")
    told = reported(found, region)
    if told is not None:
        return [told]
    demand = standards()[found.standard].demand(code)
    wanted = found.wanted or demand.wanted
    what = f"{region}的{demand.short or demand.name}无法判定：资料里没有可以判定的数据"
    return [missing("no_data_for_check", what + (f"；需要：{'、'.join(wanted)}" if wanted else ""))]


def _clause(ledger: Ledger | None, verdict: Verdict | None, code: str) -> Clause:
    standard = standards()[STANDARD if verdict is None else verdict.standard]
    demand = standard.demand(code)
    text = f"{standard.title} {demand.code} {demand.name} {demand.short} {demand.clause}"
    return Clause(standard.id, code, text, demand.document or standard.document)


def _name(code: str, standard: str = STANDARD) -> str:
    demand = standards()[standard].demand(code)
    return demand.short or demand.name


def overview(ledger: Ledger | None, verdicts: dict[str, Verdict], region: str, only: str) -> list[Evidence]:
    """Say how many indicators are met, failed and open, and which; of the open ones what would settle them."""
    facts: list[Fact] = [f for v in verdicts.values() for f in v.facts]
    some = (ledger.any_fact() if ledger else None) or next(iter(facts), None)
    numbered = [code for code in verdicts if "." in code]
    groups = {status: [c for c in numbered if verdicts[c].status == status] for status, _ in _GROUPS}
    found: list[Evidence] = []
    if only != "no_data":
        saying = Saying()
        if ledger is not None:
            saying.place(ledger)
        elif region:
            saying.words(region)
        whole = _count("31项指标", numbered, some)
        saying.words("优质均衡").number(f"{len(numbered)}项", whole).words("指标：")
        parts = [
            (_count(f"{word}的指标", groups[status], some), word)
            for status, word in _GROUPS
            if groups[status]
        ]
        for i, (made, word) in enumerate(parts):
            saying.words("，" if i else "").number(f"{made.value:f}项{word}", made)
        found.append(saying.done("overview"))
        for status, word in (("not_met", "未达标的"), ("met", "达标的")):
            if groups[status]:  # type: ignore[index]
                found.append(_names(f"{word}有：", groups[status], some, word))  # type: ignore[index]
        if any(code.startswith("1.") for code in groups["not_met"]):
            said = "上面列出的资源配置指标，是有学校低于这一项的要求；一所学校整体如何，另按整校的规则判定"
            found.append(Saying().words(said).done("overview"))
    else:
        made = _count("无法判定的指标", groups["no_data"], some)
        found.append(Saying().words("无法判定的指标有").number(f"{made.value:f}项", made).done("overview"))
    for code in groups["no_data"] if only == "no_data" else []:
        found.append(_wanted(code, verdicts[code]))
    if only != "no_data" and groups["no_data"]:
        found.append(_names("无法判定的有：", groups["no_data"], some, "无法判定的"))
    return found


def _count(label: str, codes: Sequence[str], fact: Fact | None) -> Calculation:
    """Count indicators by their codes; the list stands in the note."""
    inputs = tuple(
        Input(_name(code), Decimal(1), "项", fact, given=f"standard:{STANDARD}/{code}") for code in codes
    )
    template = " + ".join(f"{{{i}}}" for i in range(len(inputs))) or "0"
    return Calculation(
        "count",
        label,
        "逐项列出后计数",
        template,
        inputs,
        Decimal(len(codes)),
        "项",
        None,
        ("、".join(codes),),
    )


def _names(head: str, codes: Sequence[str], fact: Fact | None, label: str) -> Evidence:
    made = _count(f"{label}指标", codes, fact)
    saying = Saying()
    saying.number(head, made, value=False) if "标" in head else saying.words(head)
    for i, code in enumerate(codes):
        clause = _clause(None, None, code)
        saying.words("、" if i else "").label(code, clause).words(" ").label(_name(code), clause)
    return saying.done("overview")


def _wanted(code: str, verdict: Verdict) -> Evidence:
    demand = standards()[STANDARD].demand(code)
    clause = Clause(
        STANDARD,
        code,
        f"{demand.code} {demand.name} {demand.short} {'、'.join(demand.wanted)}",
        standards()[STANDARD].document,
    )
    saying = Saying().label(code, clause).words(" ").label(_name(code), clause).words("：需要")
    wanted = demand.wanted or verdict.wanted or (demand.name,)
    clause = replace(clause, text=f"{clause.text} {'、'.join(wanted)}")
    return saying.label("、".join(wanted), clause).done("overview", code=code)


def one(ledger: Ledger | None, verdict: Verdict, region: str) -> list[Evidence]:
    """Say one indicator with what bears it out; what is open is said to be missing, with what would settle it."""
    found: list[Evidence] = []
    own = [v for v in ledger.check.county if v.code == verdict.code] if ledger is not None else []
    for each in own:
        if ledger is not None and (said := county(ledger, each)) is not None:
            found.append(said)
    if not found and (told := reported(verdict, region)) is not None:
        found.append(told)
    if found:
        return found
    demand = standards()[STANDARD].demand(verdict.code)
    wanted = verdict.wanted or demand.wanted
    name = spoken(ledger, verdict.code) if ledger is not None else _name(verdict.code)
    lost = "、".join(list(dict.fromkeys(verdict.missing))[:3]) + (
        "等" if len(set(verdict.missing)) > 3 else ""
    )
    what = f"{region}的{name}无法判定：" + (f"{lost}缺数据" if lost else "资料里没有可以判定的数据")
    if wanted:
        what += f"；需要：{'、'.join(wanted)}"
    return [missing("no_data_for_check", what)]


def reported(verdict: Verdict, region: str) -> Evidence | None:
    """Say a verdict that a report's figures decide; None where they do not."""
    parts = [p for p in (verdict.parts or (verdict,)) if p.status in ("met", "not_met")]
    if verdict.status not in ("met", "not_met") or not parts:
        return None
    clause = _clause(None, verdict, verdict.code)
    saying = (
        Saying()
        .words(region)
        .label(_name(verdict.code, verdict.standard), clause)
        .words("（")
        .label("" if verdict.standard == STANDARD else standards()[verdict.standard].title, clause)
        .words("指标")
        .label(verdict.code, clause)
        .words("）")
    )
    told = Saying()
    claims: list[Claim] = []
    for i, part in enumerate(parts):
        source = _deciding(part)
        if source is None or part.threshold is None:
            return None
        limit = Decimal(part.threshold.shown)
        bound = replace(clause, text=f"{clause.text}（{part.operator}{limit:f}{part.threshold.unit}）")
        claim = Claim(source.value, part.operator, limit, source, bound)
        claims.append(claim)
        shown = amount(source) if isinstance(source, Fact) else source.result
        told.words("；" if i else "").words(
            "报告载明" if isinstance(source, Fact) else "按报告的数计算为"
        ).number(shown, source)
        told.words(f"（要求{OPERATORS.get(part.operator, part.operator)}").number(
            f"{limit:f}{part.threshold.unit}", bound
        ).words("）")
    saying.verdict("达标" if verdict.status == "met" else "未达标", *claims).words("：").join(told)
    if not verdict.parts:
        _say_otherwise(saying, verdict)
    return saying.done("county", code=verdict.code)


def _say_otherwise(saying: Saying, verdict: Verdict) -> None:
    """Add what the report says otherwise of the same thing: a rate that its counts do not give, or the reverse."""
    source = _deciding(verdict)
    if isinstance(source, Calculation):
        for fact in verdict.facts:
            if fact.unit == source.unit and fact.value != source.value and fact.role in ("level", "share"):
                clash = Claim(source.value, "=", fact.value, source, fact)
                saying.words("；报告另载明").number(amount(fact), fact, value=False)
                saying.words("，两者").verdict("不一致", clash)
                return
    for made in verdict.calculations:
        if isinstance(source, Fact) and made.unit == source.unit and made.value != source.value:
            saying.words("；按报告所列的数计算为").result(made, value=False)
            saying.words("，算不出报告的数，口径没有说明，请核实")
            return


def _deciding(part: Verdict) -> Fact | Calculation | None:
    """Return the fact or the result that is the observed value of a verdict."""
    if part.observed is None:
        return None
    shown = Decimal(part.observed.shown)
    found: list[Fact | Calculation] = [*part.facts, *part.calculations]
    for item in found:
        if item.value == shown and item.unit == part.observed.unit:
            return item
    return None
