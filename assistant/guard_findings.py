"""Findings of an audit: each is judged here again, from the figures that its own sentence names.

The tool says 不一致; the guard reads the figures in the report once more, works the formula out again, holds what it
gives against what is stated (``guard_outcomes``), and lets the sentence pass only if the words that judge say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from assistant.guard_outcomes import outcomes
from corpus.folding import fold
from corpus.limits import keeps
from corpus.model import Fact, Report
from corpus.quantities import read_quantities
from corpus.units import convert, dimension
from tools.audit.intervals import FORMULAS, interval_of, judge
from tools.calculation import Calculation, Input
from tools.change import difference_of, growth_of
from tools.evidence import Judgement, Part, Sentence, Statement

_WORDS = re.compile(
    r"(?P<open>[是能]否(?:一致|相符|吻合|成立|正确|有误)|哪一?[处个份]有误)"
    r"|(?P<inconsistent>不一致|不相符|不符|不吻合|对不上|自相矛盾|矛盾|有误|算错|错误|不成立|冲突|不对|不可能|得不到|单位应为|方向相反|不是全部|有的(?:下降|减少)|重复(?:计算|统计|计入|计数))"
    r"|(?P<rounding>略有出入|(?:允许|取整|约数)的?范围内?|分不出先后)"
    r"|(?P<not_recomputable>[不无没][能法作]?(?:够|办法)?(?:直接|据此)?(?:复算|核对|核实|验证|判断|判定|算出|推算|计算)|算不出|未说明|没有说明|没有给出|未给出|缺少)"
    r"|(?P<consistent>得到(?=报告)|合为全部|没有下降|一致|相符|吻合|无误|正确|对得上|成立)"
)
"""Judging words by the verdict they give, the longer first where one holds another; an open question is none."""
_BARRED = {
    "consistent": {"inconsistent", "rounding", "not_recomputable"}, "rounding": {"inconsistent", "not_recomputable"},
    "inconsistent": {"consistent", "rounding", "not_recomputable"}, "not_recomputable": {"consistent", "inconsistent", "rounding"},
}  # fmt: skip
"""Words that a verdict rules out. Rounding may be spoken of with any ("四舍五入也对不上"), its allowance may not."""
_COMPARING = re.compile(
    r"(?<!不会)(?<!不应)(?<!不能)(?P<not>没有|并未|并没有|未|不)?(?P<word>超过|超出|大于|高于|多于|低于|小于|少于|不足|(?<![得算查找看])不到|晚于|早于)"
)
_THAN = re.compile(r"比[^,;。比]{0,12}$")
_BY = re.compile(r"(?:^|比[^,;。比]*)(?P<word>多|高|大|少|低|小)(?:了|出)?$")
_SIGNS = {
    "超过": ">", "超出": ">", "大于": ">", "高于": ">", "多于": ">", "晚于": ">", "多": ">", "高": ">", "大": ">",
    "低于": "<", "小于": "<", "少于": "<", "不足": "<", "不到": "<", "早于": "<", "少": "<", "低": "<", "小": "<",
}  # fmt: skip
_TURNED = {">": "≤", "<": "≥"}
_MOVING = re.compile(
    r"(?:(?P<up>增长|增加|提高|上升|(?:(?<=报告[的写])|(?<=应为))[高多])|(?P<down>下降|减少|降低|(?:(?<=报告[的写])|(?<=应为))[低少]))了?$"
)
_NUMERAL = re.compile(r"[\d零〇一二两三四五六七八九十百千半]")
Reader = Callable[[str], Report | None]


def finding_objections(statement: Statement, report: Reader) -> list[str]:
    """Return what a finding says that its own figures do not bear out; nothing for a sound one."""
    judged = statement.judgement
    assert judged is not None
    why = [problem for fact in _facts(statement) if (problem := _misread(fact, report))]
    why += [problem for made in _made(statement) if (problem := _miscalculated(made))]
    why += _unfounded(statement)
    why += _turned(statement)
    if not _stands(judged.claim, report):
        why.append("所引的说法不是原文")
    if why or judged.hint:
        return why
    found = outcomes(statement, judged)
    if judged.verdict != "not_recomputable" and judged.verdict not in found:
        told = "、".join(sorted(found)) or "没有可比较的数"
        why.append(f"的结论({judged.verdict})与重新核对的结果({told})不符")
    return [*why, *_words(statement, judged, report)]


def _facts(statement: Statement) -> Iterator[Fact]:
    """Yield every figure that is told or goes into what is told; what only names something is held elsewhere."""
    for source in _sources(statement):
        if isinstance(source, Fact):
            yield source
        elif isinstance(source, Calculation):
            yield from _inputs(source)
    if statement.judgement is not None:
        yield from statement.judgement.figures


def _sources(statement: Statement) -> Iterator[object]:
    yield from (part.source for part in statement.parts if not part.label)
    yield from (x for part in statement.parts for c in part.claims for x in (c.by, c.demanded))
    if statement.judgement is not None:
        yield from (statement.judgement.stated, statement.judgement.made)


def _inputs(made: Calculation) -> Iterator[Fact]:
    for item in made.inputs:
        if item.fact is not None:
            yield item.fact
        if item.calculation is not None:
            yield from _inputs(item.calculation)


def _made(statement: Statement) -> Iterator[Calculation]:
    for source in _sources(statement):
        if isinstance(source, Calculation):
            yield source
            yield from (i.calculation for i in source.inputs if i.calculation is not None)


# Figures and formulas


def _misread(fact: Fact, report: Reader) -> str | None:
    """Return a complaint if the span of a fact, read again, does not print its value."""
    held = report(fact.report_id)
    printed = _bare(held.text[fact.start : fact.end]) if held is not None else ""
    if not printed or printed != _bare(fact.as_printed):
        return f"中的“{fact.as_printed}”不在原文的那个位置"
    read = read_quantities(printed)
    if not any(fact.value in (q.value, q.upper) for q in read):
        return f"中的“{fact.as_printed}”读出来不是{fact.value:f}"
    assert held is not None
    shared = printed.endswith("个") and "个百分点" in fold(
        held.text[fact.end : fact.end + 16]
    )  # 高5.7个和3.3个百分点
    if (
        fact.unit
        and not any(q.unit in (fact.unit, "") for q in read)
        and not (shared and fact.unit == "百分点")
    ):
        return f"中的“{fact.as_printed}”的单位不是{fact.unit}"
    return None


def _bare(text: str) -> str:
    return re.sub(r"\s|(?<=\d)[余多来](?=[\u4e00-\u9fff])|(?<=[万亿千百])[余多来]", "", fold(text))


def _miscalculated(made: Calculation) -> str | None:
    """Return a complaint if the formula over its inputs does not give the result, or an input is not its source's."""
    values = [item.value for item in made.inputs]
    if made.name == "unrounded":  # as far from the printed figure as its last place and its words allow
        printed = made.inputs[0].fact
        again = made.exact if printed is not None and _allows(printed, made) else values[0]
    elif made.name == "count":
        names = [name for note in made.notes for name in note.split("、")]
        again = Decimal(len(names)) if names else sum(values, Decimal(0))
        return None if again == made.exact else f"中的“{made.label}”数出来是{again:f}"
    elif made.name in FORMULAS:
        again = FORMULAS[made.name](values)
    else:
        return f"中的“{made.label}”不能重新计算"
    if abs(again - made.exact) > abs(made.exact) * Decimal("1e-20"):
        return f"中的“{made.label}”重新计算得{again:f}"
    return next((f"中的“{i.name}”与所引的数不同" for i in made.inputs if not _same(i)), None)


def _allows(printed: Fact, made: Calculation) -> bool:
    held = interval_of(printed)
    ends = (held.low, held.high)
    if made.unit != printed.unit:
        ends = (convert(held.low, printed.unit, made.unit), convert(held.high, printed.unit, made.unit))
    return made.exact in ends


def _same(item: Input) -> bool:
    if item.calculation is not None:
        return item.value in (item.calculation.value, item.calculation.exact)
    if item.fact is None:
        return item.given is not None
    fact = item.fact
    if item.unit == fact.unit or dimension(item.unit) != dimension(fact.unit):
        return abs(item.value) in (abs(fact.value), fact.upper) or interval_of(fact).holds(item.value)
    return item.value == convert(fact.value, fact.unit, item.unit)


def _unfounded(statement: Statement) -> list[str]:
    """Object to amounts in plain words, numerals included: they have no source."""
    plain = [part.text for part in statement.parts if part.source is None and not part.claims]
    return [
        f"中的“{q.as_printed}”没有依据"
        for text in plain
        for q in read_quantities(fold(text))
        if _NUMERAL.search(q.as_printed)  # not the mere unit 亿元
    ]


def _turned(statement: Statement) -> list[str]:
    """Object to 增长 before a figure that falls, and the reverse."""
    why, before = [], ""
    for part in statement.parts:
        figure, moving = part.source, _MOVING.search(before)
        if moving is not None and isinstance(figure, (Fact, Calculation)) and not part.label:
            if figure.direction in ("up", "down") and moving.lastgroup != figure.direction:
                why.append(f"中的“{moving.group()}”与方向相反")
        before = before + part.text if figure is None else ""
    return why


def _stands(claim: Sentence, report: Reader) -> bool:
    held = report(claim.report_id)
    return held is not None and claim.start < claim.end and held.text[claim.start : claim.end] == claim.text


# Words


def _words(statement: Statement, judged: Judgement, report: Reader) -> list[str]:
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
                if kind not in _beside(statement, judged, at) and not _remarks(statement, judged, at, match):
                    why.append(f"中的“{match.group()}”与结论({judged.verdict})不符")
        for match in (*_COMPARING.finditer(part.text), *_by(statement, at)):
            if match.group() in own and "not" in match.re.groupindex:
                continue
            compared = True
            if not _compared(statement, judged, at, match):
                why.append(f"中的“{match.group()}”没有比较作依据")
    if judged.verdict not in said and (judged.verdict == "not_recomputable" or not compared):
        why.append(f"没有说出结论({judged.verdict})")
    return why


def _own_words(statement: Statement, judged: Judgement, report: Reader) -> str:
    """Return the words of the report that a finding is about, and the names of its figures: told, not judged."""
    held = report(judged.claim.report_id)
    names = [f"{f.metric} {f.label} {f.subject}" for f in _facts(statement)]
    if held is not None:
        names.append(held.text[judged.claim.start : judged.claim.end])
        names += [held.text[slice(*f.clause)] for f in _facts(statement) if f.report_id == held.id]
    return fold(" ".join(names))


def _remarks(statement: Statement, judged: Judgement, at: int, match: re.Match[str]) -> bool:
    """True for 相符 in a remark behind the judgement: which other figures the claim goes with, or in which unit."""
    before = "".join(part.text for part in statement.parts[:at]) + statement.parts[at].text[: match.start()]
    return judged.verdict == "inconsistent" and match.group() == "相符" and "不一致;" in before


def _beside(statement: Statement, judged: Judgement, at: int) -> set[str]:
    """Return what becomes of the other figures of a clause, which are told beside the one that is judged."""
    first = next((i for i in range(at - 1, -1, -1) if re.search("[;。]", statement.parts[i].text)), -1)
    told = [p.source for p in statement.parts[first + 1 : at] if isinstance(p.source, Fact) and not p.label]
    held = {f.id: f for f in judged.figures}
    found: set[str] = set()
    for fact in told:
        level = held.get(fact.of or "")
        base = next((f for f in judged.figures if level and f.role == "base" and f.of == level.id), None)
        base = base or next((f for f in judged.figures if f.role == "base"), None)
        level = level or next((f for f in judged.figures if f.role in ("level", "share")), None)
        if fact == judged.stated or level is None or base is None:
            return set()
        if fact.role == "change":
            found.add(judge(fact, difference_of(level, base)).verdict)
        elif fact.role == "rate" and (grown := growth_of(level, base)) is not None:
            found.add(judge(fact, grown).verdict)
    return found


def _by(statement: Statement, at: int) -> Iterator[re.Match[str]]:
    """Yield "多", "高" … before the amount by which one figure exceeds another."""
    part = statement.parts[at]
    following = statement.parts[at + 1] if at + 1 < len(statement.parts) else None
    match = _BY.search(part.text)
    if match is None or following is None or not _figure(following):
        return
    if match.group() != match["word"] or (at > 1 and _THAN.search(statement.parts[at - 2].text)):
        yield match


def _compared(statement: Statement, judged: Judgement, at: int, match: re.Match[str]) -> bool:
    """True if a comparison follows from the claims of its part, or from the figures on both sides of it."""
    sign = _SIGNS[match["word"]]
    by_amount = "not" not in match.re.groupindex
    if not by_amount and match["not"]:
        sign = _TURNED[sign]
    claims = statement.parts[at].claims
    if claims:
        return all(keeps(c.observed, sign, c.limit) for c in claims)
    parts = statement.parts
    if by_amount and "比" not in match.group():  # A,比 B 高 D
        sides = [_nearest(parts[: at - 2]), parts[at - 1].source]
    elif by_amount:  # A,比总数多 D
        sides = [_nearest(parts[:at]), judged.stated]
    else:
        sides = [_nearest(parts[:at]), next((p.source for p in parts[at + 1 :] if _figure(p)), None)]
    before, after = sides
    if not isinstance(before, (Fact, Calculation)) or not isinstance(after, (Fact, Calculation)):
        return False
    if dimension(before.unit) != dimension(after.unit):
        return False
    second = after.value if after.unit == before.unit else convert(after.value, after.unit, before.unit)
    return keeps(abs(before.value), sign, abs(second))


def _nearest(parts: Sequence[Part]) -> Fact | Calculation | None:
    return next((p.source for p in reversed(parts) if _figure(p)), None)  # type: ignore[return-value]


def _figure(part: Part) -> bool:
    return isinstance(part.source, (Fact, Calculation)) and not part.label
