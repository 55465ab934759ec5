"""Findings of an audit: each is judged here again, from the figures that its own sentence names.

The tool says 不一致; the guard reads the figures in the report once more, works the formula out again, holds what it
gives against what is stated, and lets the sentence pass only if the words that judge say the same. Where there is no
formula, two of the figures must differ beyond their rounding, or the comparisons that the sentence brings along decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from corpus.folding import fold
from corpus.limits import keeps
from corpus.model import Fact, Report
from corpus.quantities import read_quantities
from corpus.units import convert, dimension
from tools.audit.intervals import FORMULAS, UNBOUNDED, Interval, interval_of, judge
from tools.calculation import Calculation, Input
from tools.evidence import Claim, Judgement, Part, Sentence, Statement

_WORDS = re.compile(
    r"(?P<open>[是能]否(?:一致|相符|吻合|成立|正确|有误))"
    r"|(?P<inconsistent>不一致|不相符|不符|不吻合|对不上|自相矛盾|矛盾|有误|算错|错误|不成立|冲突|不对|不可能)"
    r"|(?P<rounding>略有出入|四舍五入|舍入|取整|约数|末位)"
    r"|(?P<not_recomputable>[不无没][能法]?(?:够|办法)?(?:直接)?(?:复算|核对|核实|验证|判断|判定|算出|推算|计算)|算不出|未说明|没有说明|没有给出|未给出|缺少)"
    r"|(?P<consistent>一致|相符|吻合|无误|正确|对得上|成立)"
)
"""Judging words by the verdict they give, the longer first where one holds another; an open question is none."""
_BARRED = {
    "consistent": {"inconsistent", "not_recomputable"}, "rounding": {"inconsistent", "not_recomputable"},
    "inconsistent": {"consistent", "not_recomputable"}, "not_recomputable": {"consistent", "inconsistent"},
}  # fmt: skip
"""Words that a verdict rules out. What is said of rounding may go with any: "四舍五入也对不上"."""
_ABSOLUTE = re.compile(
    r"没有|杜绝|消除|清零|为零|零[^\d]|无一|全部|全覆盖|全员|所有|均|都|一律|每[一个所名]|只增不减|完全"
)
"""Words of a report that leave no room for an exception."""
_COMPARING = re.compile(
    r"(?P<not>没有|并未|并没有|未|不)?(?P<word>超过|超出|大于|高于|多于|达到|低于|小于|少于|不足|不到|晚于|早于)"
)
_SIGNS = {
    "超过": ">", "超出": ">", "大于": ">", "高于": ">", "多于": ">", "晚于": ">", "达到": "≥",
    "低于": "<", "小于": "<", "少于": "<", "不足": "<", "不到": "<", "早于": "<",
}  # fmt: skip
_TURNED = {">": "≤", "≥": "<", "<": "≥"}
_Reader = Callable[[str], Report | None]


def finding_objections(statement: Statement, report: _Reader) -> list[str]:
    """Return what a finding says that its own figures do not bear out; nothing for a sound one."""
    judged = statement.judgement
    assert judged is not None
    why = [problem for fact in _facts(statement) if (problem := _misread(fact, report))]
    why += [problem for made in _made(statement) if (problem := _miscalculated(made))]
    why += _unfounded(statement, report)
    if judged.claim is not None and not _stands(judged.claim, report):
        why.append("所引的说法不是原文")
    if why or judged.hint:
        return why
    outcomes = _outcomes(statement, judged)
    why += _words(statement, judged, outcomes, report)
    if judged.verdict != "not_recomputable" and judged.verdict not in outcomes:
        told = "、".join(sorted(outcomes)) or "没有可比较的数"
        why.append(f"的结论({judged.verdict})与重新核对的结果({told})不符")
    return why


def _facts(statement: Statement) -> Iterator[Fact]:
    for source in statement.sources:
        if isinstance(source, Fact):
            yield source
        elif isinstance(source, Calculation):
            yield from _inputs(source)


def _inputs(made: Calculation) -> Iterator[Fact]:
    for item in made.inputs:
        if item.fact is not None:
            yield item.fact
        if item.calculation is not None:
            yield from _inputs(item.calculation)


def _made(statement: Statement) -> Iterator[Calculation]:
    for source in statement.sources:
        if isinstance(source, Calculation):
            yield source
            yield from (i.calculation for i in source.inputs if i.calculation is not None)


def _misread(fact: Fact, report: _Reader) -> str | None:
    """Return a complaint if the span of a fact, read again, does not print its value."""
    held = report(fact.report_id)
    printed = _bare(held.text[fact.start : fact.end]) if held is not None else ""
    if not printed or printed != _bare(fact.as_printed):
        return f"中的“{fact.as_printed}”不在原文的那个位置"
    read = read_quantities(printed)
    if not any(fact.value in (q.value, q.upper) for q in read):
        return f"中的“{fact.as_printed}”读出来不是{fact.value:f}"
    if fact.unit and not any(q.unit in (fact.unit, "") for q in read):
        return f"中的“{fact.as_printed}”的单位不是{fact.unit}"
    return None


def _bare(text: str) -> str:
    return re.sub(r"\s", "", fold(text))


def _miscalculated(made: Calculation) -> str | None:
    """Return a complaint if the formula over its inputs does not give the result, or an input is not its source's."""
    values = [item.value for item in made.inputs]
    if made.name == "unrounded":
        again = values[0] + values[1] if made.exact > values[0] else values[0] - values[1]
    elif made.name in FORMULAS:
        again = FORMULAS[made.name](values)
    else:
        return f"中的“{made.label}”不能重新计算"
    if abs(again - made.exact) > abs(made.exact) * Decimal("1e-20"):
        return f"中的“{made.label}”重新计算得{again:f}"
    return next((f"中的“{i.name}”与所引的数不同" for i in made.inputs if not _same(i)), None)


def _same(item: Input) -> bool:
    if item.calculation is not None:
        return item.value in (item.calculation.value, item.calculation.exact)
    if item.fact is None:
        return item.given is not None
    fact = item.fact
    if item.unit == fact.unit or dimension(item.unit) != dimension(fact.unit):
        return item.value in (fact.value, fact.upper)
    return item.value == convert(fact.value, fact.unit, item.unit)


def _unfounded(statement: Statement, report: _Reader) -> list[str]:
    """Object to amounts in plain words, numerals included: they have no source."""
    why = []
    for part in statement.parts:
        if part.source is None and not part.claims:
            why += [f"中的“{q.as_printed}”没有依据" for q in read_quantities(fold(part.text))]
    return why


def _stands(claim: Sentence, report: _Reader) -> bool:
    held = report(claim.report_id)
    return held is not None and held.text[claim.start : claim.end] == claim.text and claim.start < claim.end


# What the figures say


def _outcomes(statement: Statement, judged: Judgement) -> set[str]:
    """Return the verdicts that the figures of a finding give, worked out again."""
    if judged.stated is not None and judged.made is not None and _comparable(judged.stated, judged.made):
        return {judge(judged.stated, judged.made).verdict}
    claims = [claim for part in statement.parts for claim in part.claims]
    if claims:
        return {"consistent" if all(_holds(c, c.operator) for c in claims) else "inconsistent"}
    others: list[Fact | Calculation] = [f for f in judged.figures if f != judged.stated]
    others += [judged.made] if judged.made is not None else []
    pairs = [(judged.stated, o) for o in others] if judged.stated else list(combinations(others, 2))
    found = {verdict for a, b in pairs if a and (verdict := _against(a, b))}
    return found or _against_words(judged, others)


def _against_words(judged: Judgement, others: Sequence[Fact | Calculation]) -> set[str]:
    """Hold words that allow no exception against a rate: 100 % (or nothing at all) keeps them, anything else does not."""
    if not _ABSOLUTE.search(fold(judged.claim.text)):
        return set()
    rates = [o.value for o in others if o.unit in ("%", "‰")]
    full = {"%": Decimal(100), "‰": Decimal(1000)}
    return (
        {"consistent" if o.value in (0, full[o.unit]) else "inconsistent" for o in others if o.unit in full}
        if rates
        else set()
    )


def _comparable(stated: Fact, made: Calculation) -> bool:
    return stated.unit == made.unit or not stated.unit or not made.unit


def _against(one: Fact | Calculation, other: Fact | Calculation) -> str | None:
    """Return whether two figures of one dimension agree within their rounding."""
    if one == other or dimension(one.unit) != dimension(other.unit):
        return None
    try:
        ends = [_converted(end, other.unit, one.unit) for end in _ends(other)]
    except (ValueError, KeyError):
        return None
    if _converted(other.value, other.unit, one.unit) == one.value:
        return "consistent"
    return "rounding" if Interval(*_ends(one)).meets(Interval(*ends)) else "inconsistent"


def _converted(value: Decimal, unit: str, to: str) -> Decimal:
    return value if unit == to or abs(value) == UNBOUNDED else convert(value, unit, to)


def _ends(figure: Fact | Calculation) -> tuple[Decimal, Decimal]:
    if isinstance(figure, Calculation):
        return figure.value, figure.value
    held = interval_of(figure)
    return held.low, held.high


def _holds(claim: Claim, sign: str) -> bool:
    return keeps(claim.observed, sign, claim.limit)


# What the words say


def _words(statement: Statement, judged: Judgement, outcomes: set[str], report: _Reader) -> list[str]:
    """Object to a judging word that is not the verdict, and to a comparison that the figures do not give."""
    own = _own_words(statement, judged, report)
    why = []
    said: set[str] = set()
    compared = False
    for at, part in enumerate(statement.parts):
        if isinstance(part.source, Sentence) or part.label:
            continue
        for match in _WORDS.finditer(part.text):
            kind = str(match.lastgroup)
            said.add(kind)
            if kind in _BARRED[judged.verdict] and match.group() not in own:
                why.append(f"中的“{match.group()}”与结论({judged.verdict})不符")
        for match in _COMPARING.finditer(part.text):
            if match.group() in own:
                continue
            compared = True
            if not _compared(statement, at, match):
                why.append(f"中的“{match.group()}”没有比较作依据")
    if judged.verdict not in said and (judged.verdict == "not_recomputable" or not compared):
        why.append(f"没有说出结论({judged.verdict})")
    return why


def _own_words(statement: Statement, judged: Judgement, report: _Reader) -> str:
    """Return the words of the report that a finding is about, and the names of its figures: told, not judged."""
    held = report(judged.claim.report_id)
    names = [f"{f.metric} {f.label} {f.subject}" for f in _facts(statement)]
    if held is not None:
        names.append(held.text[judged.claim.start : judged.claim.end])
        names += [held.text[slice(*f.clause)] for f in _facts(statement) if f.report_id == held.id]
    return fold(" ".join(names))


def _compared(statement: Statement, at: int, match: re.Match[str]) -> bool:
    """True if a comparison follows from the claims of its part, or from the figures on both sides of it."""
    sign = _SIGNS[match["word"]]
    sign = _TURNED[sign] if match["not"] else sign
    claims = statement.parts[at].claims
    if claims:
        return all(_holds(c, sign) for c in claims)
    before = next((p.source for p in reversed(statement.parts[:at]) if _figure(p)), None)
    after = next((p.source for p in statement.parts[at + 1 :] if _figure(p)), None)
    if not isinstance(before, (Fact, Calculation)) or not isinstance(after, (Fact, Calculation)):
        return False
    if dimension(before.unit) != dimension(after.unit):
        return False
    second = after.value if after.unit == before.unit else convert(after.value, after.unit, before.unit)
    return keeps(abs(before.value), sign, abs(second))


def _figure(part: Part) -> bool:
    return isinstance(part.source, (Fact, Calculation)) and not part.label
