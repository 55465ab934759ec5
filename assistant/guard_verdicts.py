"""Words that judge: 一致, 算得对, 是的, 达到, 达标, 做到. Each must come out of the cited evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.guard_checks import asked, bound
from assistant.guard_said import Said
from corpus.catalogue import settled
from corpus.folding import fold
from corpus.model import Fact, Quantity
from corpus.quantities import read_quantities
from corpus.units import canonical, convert, dimension
from tools.calculation import Calculation, Input
from tools.recompute import judge

_AGREE = re.compile(
    r"(?P<no>不一致|不吻合|不相符|不符合|不符|对不上|有误|错误|算错|不正确|不准确|不对|不实|失实|得不到|有出入(?!,在)|矛盾|计算的结果不同|算得不对|报告的数不对)"
    r"|(?P<near>略有出入|四舍五入)"
    r"|(?P<yes>一致|吻合|相符|算得对|算得准|算得没错|正确|准确无误|无误|没有错|没算错|准确|属实|对得上|站得住|复算成立|结果相同|结果一样)"
)
_UNDONE = re.compile(r"(?:没有|没|未|并未|并不|不能说|不)$")
_YES = re.compile(r"^\s*(?P<yes>是的|对的|没错|正确|确实如此|对|是)\s*[,。!]")
_NO = re.compile(r"^\s*(?P<no>不是的?|不对|并非如此|否|错了|没有)\s*[,。!]")
_REACH = re.compile(
    r"(?P<not>没有|没|未|尚未|未能|没能|不|并未)?(?:正好|刚好|已经?|全部|均|都|基本|恰好)?(?P<word>达到|达标|合格|符合(?:标准|要求|规定)|满足(?:标准|要求|规定)?|实现了?目标|完成(?:了)?(?:目标|任务)|过关)"
)
_KEPT = re.compile(r"(?P<not>没有|没能|未能|未|没)?(?:做到|实现|落实)了?[“\"「]?[^,。;]{0,4}只增不减")
_UNIT = re.compile(r"单位(?:应)?是“(?P<own>[^”]+)”(?:,?不是“(?P<other>[^”]+)”)?")
_TIED = {
    "growth_rate": ("rate",),
    "difference": ("change",),
    "share": ("share", "level", "base", "rate"),
    "ratio": ("rate", "level"),
}


def verdict_objections(said: Said) -> list[str]:
    return [*_agreement(said), *_confirmation(said), *_reached(said), *_kept(said), *_unit(said)]


def _calculations(said: Said) -> Iterator[Calculation]:
    """The calculations of this piece, then those cited before it, the latest first."""
    yield from said.calculations
    yield from (e.item for e in reversed(said.earlier) if isinstance(e.item, Calculation))


def judged(claim: Fact, said: Said) -> str | None:
    """Return what recomputing ``claim`` with a cited calculation gives; None if none is a check of it."""
    for calculation in _calculations(said):
        inputs = [i.fact for i in calculation.inputs if i.fact is not None]
        if claim.role not in _TIED.get(calculation.name, ()) or claim.id in {f.id for f in inputs}:
            continue
        if not inputs or any(f.report_id != claim.report_id for f in inputs):
            continue
        about = inputs[0]
        if calculation.name in ("growth_rate", "difference"):
            tied = claim.of == about.id or (settled(claim), claim.stage, claim.period) == (
                settled(about), about.stage, about.period)  # fmt: skip
            if not tied:
                continue
        return judge(claim, calculation)
    return None


def _claims(at: int, said: Said) -> list[Fact]:
    """Return the stated figures that a judging word at ``at`` may be about: the amount before it first."""
    sentence = max(said.whole.rfind(mark, 0, at) for mark in "。!?\n") + 1
    near = [q for q in said.quantities if sentence <= q.start < at]
    after = [q for q in said.quantities if q.start >= at][:1]
    results = {c.value for c in said.calculations}
    found: list[Fact] = []
    for quantity in (*reversed(near), *after):
        found += [f for f in bound(quantity, said) if f in said.facts]
    if not found and not near:
        found = [f for f in said.facts if f.role in ("rate", "change", "share") or f.unit == "%"]
    return [f for f in found if f.value not in results or f.role != "level"]


def _agreement(said: Said) -> list[str]:
    why: list[str] = []
    for match in _AGREE.finditer(said.whole, said.begin):
        word = match.group()
        if (
            re.match(
                r"\s*(?:不是|不对|正确|对)\s*[,。]",
                said.whole[max(said.begin, match.start() - 1) : match.end() + 1],
            )
            and match.start() - said.begin < 3
        ):
            continue  # a yes or no to the question
        if re.search(r"(?:单位|前提与报告|前提和报告)$", said.whole[: match.start()]):
            continue
        wanted = match.lastgroup
        if wanted == "yes" and _UNDONE.search(said.whole[: match.start()]):
            wanted = "no"
        outcomes = {judged(c, said) for c in _claims(match.start(), said)[:1]} - {None}
        fine = {
            "yes": outcomes == {"consistent"},
            "near": outcomes == {"rounding"} or (outcomes == {"consistent"} and word == "四舍五入"),
            "no": outcomes == {"inconsistent"} or ("不同" in word and outcomes == {"rounding"}),
        }[wanted or "no"]
        if not outcomes:
            fine = word in said.cited_text and not said.facts
        if not fine:
            why.append(
                f"中的“{word}”没有证据,要由复算得出" if not outcomes else f"中的“{word}”与复算结果不符"
            )
    return why


def _equal(fact: Fact, given: Quantity) -> bool:
    if dimension(fact.unit) != dimension(given.unit):
        return False
    return convert(fact.value, fact.unit, given.unit) == given.value


def _confirmation(said: Said) -> list[str]:
    if said.begin and said.lead.strip():
        return []
    yes, no = _YES.search(said.text), _NO.search(said.text)
    if not yes and not no:
        return []
    given = [q for q in read_quantities(said.question) if q.unit]
    shown = [f for q in said.own_quantities for f in bound(q, said)] or said.facts
    if given:
        holds = any(_equal(f, q) for f in shown for q in given)
        if yes and not holds:
            return [f"中的“{yes['yes']}”与证据不符"]
        if no and any(_equal(f, given[-1]) for f in shown):
            return [f"中的“{no['no']}”与证据不符"]
        return []
    way = (
        "up"
        if re.search(r"增|提高|上升|涨|升", said.question)
        else "down"
        if re.search(r"减|下降|降低|少|跌", said.question)
        else None
    )
    moves = [*(f.direction for f in said.facts), *(c.direction for c in said.calculations)]
    moves = [m for m in moves if m]
    if way and moves and all((m == way) == bool(yes) for m in moves):
        return []
    return [f"中的“{(yes or no).group().strip()}”没有证据"]  # type: ignore[union-attr]


def _reached(said: Said) -> list[str]:
    """达到 an amount of the question, and 达标: the sign of a cited gap, or the source's own words."""
    why: list[str] = []
    for match in _REACH.finditer(said.whole, said.begin):
        after = next(
            (q for q in said.quantities if q.start >= match.end() and q.full_start - match.end() <= 3), None
        )
        negated = bool(match["not"])
        gaps = [c for c in said.calculations if c.name == "gap"]
        if after is not None:
            gaps = [c for c in gaps if _one_amount(c.inputs[0], after)]
        if not gaps and after is not None and any(c.name == "gap" for c in said.calculations):
            why.append(f"中的“{match.group()}{after.as_printed}”不是所要求的数")
        elif gaps:
            known = {f.id for f in said.facts} | said.introduced
            if any(i.fact.id not in known for c in gaps for i in c.inputs if i.fact is not None) and known:
                why.append(f"中的“{match.group()}”算的不是上文的数")
                continue
            if all((c.value > 0) == negated for c in gaps):
                if re.search(r"正好|刚好|恰好", match.group()) and any(c.value for c in gaps):
                    why.append("中的“正好”与证据不符")
                continue
            why.append(f"中的“{match.group()}”与证据不符")
        elif after is not None and bound(after, said) and not negated:
            if re.match(r"正好|刚好|恰好", said.text.lstrip()) and said.introduced:
                if any(fact.id not in said.introduced for fact in said.facts):
                    why.append(f"中的“{match.group()}”说的不是上文的数")
            continue  # "达到45人": the amount itself, checked as a number
        elif after is not None and asked(after, said.question):
            if _falls_short(after, said) == {negated}:
                continue
            why.append(f"中的“{match.group()}”没有证据,要先算与要求的差距")
        elif not _in_source(match, said):
            why.append(f"中的“{match.group()}”没有证据")
    return why


def _one_amount(bar: Input, stated: Quantity) -> bool:
    """True if a bar is the amount that is written, in whatever unit of its kind."""
    if stated.unit == "成" and bar.unit == "%":
        return bar.value == stated.value * 10
    if re.fullmatch(r"[百千万亿]+", stated.unit or "") and not bar.unit.startswith(stated.unit):
        whole = f"{stated.unit}{bar.unit.lstrip('百千万亿')}"
        return canonical(whole) is not None and bar.value == convert(stated.value, whole, bar.unit)
    if dimension(bar.unit) != dimension(stated.unit):
        return bar.value == stated.value and bar.unit.startswith(stated.unit or "?")
    return bar.value == convert(stated.value, stated.unit, bar.unit)


def _falls_short(bar: Quantity, said: Said) -> set[bool]:
    """Return for what is cited whether it stays below ``bar``; one answer if all that can be compared agree."""
    made = [c for c in said.calculations if dimension(c.unit) == dimension(bar.unit)]
    if made:
        return {convert(c.value, c.unit, bar.unit) < bar.value for c in made}
    facts = [
        f for f in said.facts if dimension(f.unit) == dimension(bar.unit) and f.role not in ("rate", "change")
    ]
    return {convert(f.value, f.unit, bar.unit) < bar.value for f in facts}


def _in_source(match: re.Match[str], said: Said) -> bool:
    source = said.cited_text
    for found in re.finditer(re.escape(match["word"]), source):
        before = source[max(0, found.start() - 6) : found.start()]
        if bool(re.search(r"没有|没|未|不", before)) == bool(match["not"]):
            return True
    return False


def _kept(said: Said) -> list[str]:
    why: list[str] = []
    for match in _KEPT.finditer(said.whole, said.begin):
        grown = [
            c
            for c in (*said.calculations, *(e.item for e in said.earlier if isinstance(e.item, Calculation)))
            if c.name in ("growth_rate", "difference")
        ]
        if not grown:
            if fold(match.group()) not in said.cited_text:
                why.append("中的“只增不减”没有证据")
        elif any(c.value < 0 for c in grown) != bool(match["not"]):
            why.append("中的“只增不减”与证据不符")
    return why


def _unit(said: Said) -> list[str]:
    why: list[str] = []
    for match in _UNIT.finditer(said.text):
        units = {f.unit for f in said.facts}
        if match["own"] not in units or (
            match["other"] and (match["other"] in units or match["other"] not in said.question)
        ):
            why.append("中的单位与证据不符")
    return why
