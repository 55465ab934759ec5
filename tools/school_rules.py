"""What a standard demands, in its own numbers: limits of indicators and of dispersion, and the rules around them."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.rules import Demand, Limit, Standard, standards
from indexes.store import Store
from tools.compliance.units import STAGE_NAMES
from tools.evidence import Clause, Evidence, missing
from tools.registry import BadCall, tool
from tools.school_lookup import code_of, stage_of
from tools.school_sayings import OPERATORS, Saying

_UNSURE = "（凭记忆整理，未核对原文）"


def _standard(name: str) -> Standard:
    if name not in standards():
        raise BadCall(f"没有标准 {name!r}，可用：{'、'.join(standards())}")
    return standards()[name]


def _short(standard: Standard) -> str:
    return standard.short or standard.name


def _limits(limits: Sequence[Limit], stage: str) -> list[Limit]:
    """Return the limits of today's text for a stage; of those without a stage all."""
    own = [x for x in limits if x.value is not None and x.until is None]
    return [x for x in own if stage in ("", x.stage) or x.stage == "county"] or own


def limit_saying(standard: Standard, demand: Demand, stage: str) -> Evidence | None:
    """Say what one indicator demands; None where it has no number."""
    limits = _limits(demand.limits, stage)
    if not limits:
        return None
    saying = Saying().words(f"{_short(standard)}对")
    name = demand.short or demand.name
    plain = Clause(standard.id, demand.code, f"{demand.code} {name}", demand.document or standard.document)
    saying.label(name, plain).words("的要求：")
    for i, limit in enumerate(limits):
        who = STAGE_NAMES.get(limit.stage, "") + limit.name + "、".join(limit.kinds)
        bound = f"{limit.value:f}{limit.unit}"
        clause = Clause(
            standard.id,
            demand.code,
            f"{demand.clause or demand.name}（{who}{limit.operator}{bound}）",
            plain.source,
        )
        saying.words("，" if i else "").label(who, clause).words(OPERATORS[limit.operator]).number(
            bound, clause
        )
        saying.words(_UNSURE if limit.status == "unconfirmed" else "")
    return _sourced(saying, standard, demand.code).done("limit", code=demand.code, stage=stage or None)


def _sourced(saying: Saying, standard: Standard, code: str) -> Saying:
    clause = Clause(standard.id, code, standard.document, standard.document)
    return (
        saying.words("（依据：")
        .label(standard.document, clause)
        .words("，指标")
        .label(code, Clause(standard.id, code, code, ""))
        .words("）")
    )


def dispersion_limits(standard: Standard, stage: str) -> Evidence | None:
    """Say the limits of the coefficient of variation, and what they are held against."""
    rule = standard.dispersion
    if rule is None:
        return None
    saying = Saying().words(f"{_short(standard)}的校际差异系数")
    saying.words(
        "逐项计算（按学生数加权），每一项"
        if rule.per == "indicator"
        else "看各项的综合值（各项的平均），综合值"
    )
    code = rule.codes[0]
    for i, limit in enumerate(_limits(rule.limits, stage)):
        clause = Clause(
            standard.id,
            code,
            f"{rule.text}（{STAGE_NAMES.get(limit.stage, '')}{limit.operator}{limit.value:f}）",
            standard.document,
        )
        saying.words("，" if i else "").words(
            f"{STAGE_NAMES.get(limit.stage, '')}{OPERATORS[limit.operator]}"
        ).number(f"{limit.value:f}", clause)
        saying.words(_UNSURE if limit.status == "unconfirmed" else "")
    return _sourced(saying, standard, code).done("limit")


@tool("要求多少", "标准是多少", "上限", "下限")
def standard_limits(
    store: Store, indicator: str = "", stage: str = "", standard: str = "youzhi_junheng", about: str = ""
) -> list[Evidence]:
    """查标准的要求:某项指标的限值,或差异系数的上限。

    Args:
        indicator: 指标编号或名称,如 1.4、辅助用房;查差异系数时可不填。
        stage: 小学 或 初中;不填为两个学段。
        standard: 标准编号:youzhi_junheng 为优质均衡,jiben_junheng 为基本均衡。
        about: dispersion 查差异系数的上限;不填为指标本身。
    """
    own, wanted = _standard(standard), stage_of(stage)
    if about == "dispersion" or not indicator:
        said = dispersion_limits(own, wanted)
        return [said] if said else [missing("not_reported", f"{_short(own)}没有规定差异系数的上限")]
    code = code_of(indicator)
    if standard != "youzhi_junheng":
        return [missing("not_reported", f"{_short(own)}没有按这种口径逐项规定这一指标，请指明优质均衡")]
    said = limit_saying(own, own.demand(code), wanted)
    return (
        [said] if said else [missing("not_reported", f"{_short(own)}对“{own.demand(code).name}”没有规定数值")]
    )


@tool("省定标准", "标准一样吗")
def standard_variants(store: Store, region: str = "", standard: str = "youzhi_junheng") -> list[Evidence]:
    """查某项国家标准有没有已编入的省级变体。

    Args:
        region: 地区全称;不填为列出全部。
        standard: 标准编号,如 youzhi_junheng、xueqian。
    """
    own = _standard(standard)
    paths = {r.region: "".join((*r.region_path, r.region or "")) for r in store.reports()}
    where = paths.get(region, region)
    found = [s for s in standards().values() if s.variant_of == own.id]
    fits = [
        s
        for s in found
        if not where or any(name in where or name.rstrip("省市") in where for name in s.regions)
    ]
    if not fits:
        whose = f"适用于{region}的" if region else ""
        what = f"{_short(own)}只编入了国家标准（{own.document}），没有编入{whose}省级规定，不能断言与国家标准相同或不同"
        return [missing("not_reported", what)]
    made: list[Evidence] = []
    for each in fits:
        for demand in each.demands:
            if (said := limit_saying(each, demand, "")) is not None:
                made.append(said)
    return made


_TOPICS = ("split", "passing", "excluded", "weights", "rounding")


@tool("怎么拆分", "怎么算达标", "哪些学校不参加")
def standard_rules(store: Store, topic: str, standard: str = "youzhi_junheng") -> list[Evidence]:
    """查标准的规则:多学段学校怎么拆分、一所学校怎样算达标、哪些学校不参加、差异系数怎么算。

    Args:
        topic: split 拆分,passing 整校达标规则,excluded 不参加的学校,weights 差异系数算法,rounding 小数位。
        standard: 标准编号。
    """
    own = _standard(standard)
    if topic not in _TOPICS:
        raise BadCall(f"没有主题“{topic}”，可用：{'、'.join(_TOPICS)}")
    texts: list[str] = []
    code = own.passing.codes[0] if own.passing else own.demands[0].code
    if topic == "split" and own.split:
        names = "、".join(own.demand(c).short or own.demand(c).name for c in own.split.codes)
        texts, code = (
            [own.split.text, f"拆分的是{names}；教师的三项按学段实有人数，不拆分"],
            own.split.codes[0],
        )
    elif topic == "passing" and own.passing:
        texts = [own.passing.text]
    elif topic == "weights" and own.dispersion:
        texts = [own.dispersion.text, own.dispersion.formula]
        texts += [_UNSURE.strip("（）")] if own.dispersion.formula_status == "unconfirmed" else []
    elif topic in ("excluded", "rounding"):
        texts = [said.text for said in (own.exclusions if topic == "excluded" else own.rounding)]
    if not texts:
        return [missing("not_reported", f"{_short(own)}没有编入这方面的规则")]
    found = []
    for text in texts:
        clause = Clause(own.id, code, text, own.document)
        found.append(Saying().label(text, clause).done("rule"))
    return found
