"""Claims without a number of their own: rising and falling, more and less, most and least, plan or result."""

from __future__ import annotations

import re

from assistant.guard_checks import comparable
from assistant.guard_said import Said, region_names, stage_ids
from corpus.catalogue import settled
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.model import Fact
from corpus.units import dimension
from tools.calculation import Calculation

UP = r"增加|增长|提高|上升|提升|扩大|上涨|攀升|回升|走高|增多|变多|变高|上调"
DOWN = r"减少|下降|降低|回落|缩小|下滑|下跌|走低|变少|变低|减小|下调|缩减"
_MOVE = re.compile(rf"(?P<up>{UP})|(?P<down>{DOWN})")
_NEGATED = re.compile(
    r"(?:没有|没|未|未见|不是|并非|不存在|而非|不|并未|从未|毫无|无)(?:出现|发生|明显|任何)?$"
)
_MOST = re.compile(r"(?:最(?P<top>高|多|大|快|强|好|优|长)|最(?P<low>低|少|小|慢|差|弱|短))")
_THAN = re.compile(
    r"(?P<a>[^,;。:]{2,40}?)(?:的[^,;。:比]{0,12})?(?P<word>高于|低于|多于|少于|大于|小于|超过|不如|不及|领先于|落后于)(?P<b>[^,;。:]{2,40})"
    r"|(?P<c>[^,;。:]{2,40}?)比(?P<d>[^,;。:]{2,40}?)(?:要|更|还|略|稍)?(?P<word2>高|低|多|少|大|小|好|差)(?!出|了|于)(?=[,;。:!?]|一些|一点|$|得多|很多)"
)
_EQUAL = re.compile(r"(?P<a>[^,;。:]{2,40}?)[与和跟同](?P<b>[^,;。:]{2,40}?)(?:完全)?(?:相同|持平|一样|相等)")
_UNLIKE = re.compile(r"[与和跟同][^,;。:]{2,40}(?:不同|不一样|不相等|有差别)")
_TAG = re.compile(r"\(属(?P<kind>[^)]{1,8})\)")
_KINDS = {"plan": "计划", "target": "目标", "policy": "规定"}


def claim_objections(said: Said) -> list[str]:
    return [*_moves(said), *_most(said), *_than(said), *_tags(said)]


def _direct(item: Fact | Calculation) -> str | None:
    return item.direction


def _moves(said: Said) -> list[str]:
    """Words of rising and falling that govern no number must be the direction of what is cited."""
    why: list[str] = []
    governed = [(q.full_start - 6, q.full_start) for q in said.own_quantities]
    moving: list[Fact | Calculation] = [
        *(f for f in said.facts if f.role in ("rate", "change")),
        *(c for c in said.calculations if c.name in ("growth_rate", "difference")),
    ]
    for match in _MOVE.finditer(said.whole, said.begin):
        if any(a <= match.start() and match.end() <= b for a, b in governed):
            continue  # the number's own check has looked at it
        if re.match(r"[^,;。]{0,3}(?:到|至|为)\s*\d", said.whole[match.end() :]):
            continue
        word, way = match.group(), "up" if match["up"] else "down"
        before = said.whole[max(0, match.start() - 5) : match.start()]
        negated = bool(_NEGATED.search(before))
        if _literal(word, before if negated else "", said):
            continue
        if not moving:
            why.append(f"中的“{word}”没有证据")
            continue
        agree = [m for m in moving if _direct(m) == way]
        contrary = [m for m in moving if _direct(m) not in (way, None)]
        if negated:
            # "不是减少" answers with a rise; "没有下降" says of all that is cited that it did not fall.
            fine = bool(contrary) and not agree if "是" in before[-3:] or "非" in before[-3:] else not agree
        else:
            fine = bool(agree) and _names_fit(agree, match.start(), said)
        if not fine:
            why.append(f"中的“{word}”方向写反了")
    return why


def _literal(word: str, negation: str, said: Said) -> bool:
    """True if what is cited uses the word itself, negated or not alike, and no direction of its own decides."""
    if any(f.role in ("rate", "change") for f in said.facts) or said.calculations:
        return False
    for match in re.finditer(re.escape(word), said.cited_text):
        there = said.cited_text[max(0, match.start() - 5) : match.start()]
        if bool(_NEGATED.search(there)) == bool(negation):
            return True
    return False


def _names_fit(moving: list[Fact | Calculation], at: int, said: Said) -> bool:
    """True if the places and stages named before the word belong to something that moves that way."""
    clause = re.split(r"[,;。!?\n]", said.whole[:at])[-1]
    facts = [
        f
        for m in moving
        for f in ([m] if isinstance(m, Fact) else [i.fact for i in m.inputs if i.fact is not None])
    ]
    stages = {f.stage for f in facts if f.stage}
    regions = {f.region for f in facts if f.region}
    if stages and not set(stage_ids(clause)) <= stages:
        return False
    return all(region_names(m) & regions for m in mentions(clause)) if regions else True


def _most(said: Said) -> list[str]:
    """最高 and the like must hold among the facts of one kind that the draft cites, or be the source's word."""
    why: list[str] = []
    for match in _MOST.finditer(said.whole, said.begin):
        if match.group() in "最高最低最多最少" and re.match(
            r"\s*(?:不|限|要|标准|生活|工资)", said.whole[match.end() :]
        ):
            pass
        meant = next((f for q in said.own_quantities if q.start > match.start() for f in said.facts
                      if f.value == q.value and f.unit == q.unit), None) or (said.facts[0] if len(said.facts) == 1 else None)  # fmt: skip
        pool = [e.item for e in said.everything if isinstance(e.item, Fact)]
        if meant is not None:
            alike = [f for f in pool if dimension(f.unit) == dimension(meant.unit) and f.role == meant.role]
            if len({f.id for f in alike}) > 1:
                signs = [comparable(meant, f) for f in alike]
                if all(s >= 0 for s in signs) if match["top"] else all(s <= 0 for s in signs):
                    continue
                why.append(f"中的“{match.group()}”与证据不符")
                continue
        if match.group() not in said.cited_text:
            why.append(f"中的“{match.group()}”没有证据")
    return why


def _than(said: Said) -> list[str]:
    why: list[str] = []
    pool = list(
        {
            f.id: f for f in (*said.all_facts, *(e.item for e in said.everything if isinstance(e.item, Fact)))
        }.values()
    )
    for match in _THAN.finditer(said.whole, said.begin):
        first, second = match["a"] or match["c"], match["b"] or match["d"]
        word = match["word"] or match["word2"]
        if match["word"] and any(q.full_start <= match.end("word") <= q.start for q in said.quantities):
            continue  # compared with an amount: a qualifier or a verdict
        if re.search(r"\d", second) and match["word"]:
            continue
        up = bool(re.match(r"高|多|大|超过|好|领先", word))
        sign = _sides(first, second, pool)
        if sign is None:
            if match.group().strip() not in said.cited_text:
                why.append(f"中的“{word}”没有可比的证据")
        elif (sign > 0) != up or sign == 0:
            why.append(f"中的“{word}”写反了")
    for match in _EQUAL.finditer(said.whole, said.begin):
        zero = [c for c in said.calculations if c.name == "difference" and c.value == 0]
        sign = _sides(match["a"], match["b"], pool)
        if sign not in (0, None) or (not zero and sign is None and match.group() not in said.cited_text):
            why.append("中的“相同”与证据不符")
    if _UNLIKE.search(said.text) and any(c.name == "difference" and c.value == 0 for c in said.calculations):
        why.append("中的“不同”与证据不符")
    return why


def _sides(first: str, second: str, pool: list[Fact]) -> int | None:
    """Compare the facts that two phrases name by place, stage or year; None if that is not clear."""
    for names in (_region, _stage, _year):
        left = [f for f in pool if any(n in first for n in names(f))]
        right = [f for f in pool if any(n in second for n in names(f))]
        if left and right and {f.id for f in left} != {f.id for f in right}:
            pairs = [
                (a, b)
                for a in left
                for b in right
                if a.id != b.id
                and dimension(a.unit) == dimension(b.unit)
                and a.role == b.role
                and settled(a) == settled(b)
            ]
            signs = {comparable(a, b) for a, b in pairs}
            return signs.pop() if len(signs) == 1 else None
    return None


def _region(fact: Fact) -> list[str]:
    return [fact.region] if fact.region else []


def _stage(fact: Fact) -> list[str]:
    return [fold(fact.subject), fact.subject.removeprefix("普通")] if fact.stage else []


def _year(fact: Fact) -> list[str]:
    return [f"{fact.period[:4]}年"] if fact.period else []


def _tags(said: Said) -> list[str]:
    why = []
    for match in _TAG.finditer(said.text):
        kinds = {_KINDS.get(f.kind, "") for f in said.facts}
        if not any(k and match["kind"].startswith(k) for k in kinds):
            why.append(f"中的“属{match['kind']}”与证据不符")
    return why
