"""Whether a cited fact can be the amount that stands in a piece: place, stage, indicator, role, kind, words."""

from __future__ import annotations

import re

from assistant.guard_said import Said, region_names, stage_ids
from assistant.guard_times import wrong_year
from corpus.catalogue import indicators, indicators_in, settled, stages, stages_in
from corpus.facts.cues import classify
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.model import Fact, Quantity
from corpus.units import dimension

REFERRED = re.compile(r"(?:报告|原文)(?:载明|所载|所说|给出|写明|中|里)?的?(?:是|数)?$|得不到报告的$")
_COMPUTED = re.compile(r"(?:复算|计算(?!机)|算得|换算)[^;。]{0,14}(?:为|是|得|成)(?:增长|下降|增加|减少)?$")
NOT = re.compile(r"不是|并非|并不|绝非|不等于|没有|未$")
_PLANNED = re.compile(r"计划|规划|拟|将|预计|力争|争取|预期|打算|准备|下一步|今后")
_AIMED = re.compile(r"目标|力争|争取|预期|确保|计划|规划|到20\d\d年")
_RULED = re.compile(r"规定|要求|标准|应|须|必须|不得|不低于|不少于|不超过|不高于|政策|底线|红线")
_KIND_WORDS = {
    "plan": _PLANNED,
    "target": re.compile(f"{_AIMED.pattern}|{_PLANNED.pattern}"),
    "policy": _RULED,
}


def same(fact: Fact, quantity: Quantity) -> bool:
    return fact.value == quantity.value and fact.unit == quantity.unit and fact.upper == quantity.upper


def fact_objection(fact: Fact, quantity: Quantity, said: Said) -> str | None:
    """Return why ``fact`` cannot be what stands at ``quantity``, None if it can."""
    before = said.whole[: quantity.full_start]
    window, clause = said.window(quantity), said.clause(quantity.full_start)
    referred = bool(REFERRED.search(before)) and (fact.id in said.introduced or bool(said.calculations))
    known = fact.id in said.introduced
    if _COMPUTED.search(said.whole[: quantity.full_start]):
        return "是报告的数,不是算出来的"
    if re.search(r"(?:还差|相差|高出|超出|多出)$", before) and fact.role != "change":
        return "是报告的数,不是差额"
    return (
        wrong_year(fact, quantity, clause, said, referred)
        or _wrong_place(fact.region, quantity, said)
        or _wrong_stage(fact, window, clause, quantity, said, known)
        or _wrong_metric(fact, window, clause, said)
        or _wrong_role(fact, quantity, window, said, referred or known)
        or _wrong_kind(fact, quantity, said)
        or _wrong_qualifier(fact, quantity, before)
        or _fits_other(fact, quantity, window, said)
    )


def _wrong_place(region: str | None, quantity: Quantity, said: Said) -> str | None:
    named = [m for m in said.places if m.end <= quantity.full_start]
    if not named:
        places = mentions(said.question)
        if region and fold(region) in said.whole[: quantity.full_start]:
            return None  # named, though no gazetteer knows it
        if places and region and not any(region in region_names(m) for m in places):
            return f"是{region}的,与所问地区不符"
        return None
    if region is None:
        return None  # whether the place may be named at all is place_objections' question
    compared = re.search(r"比[^,;。]*$", said.whole[: quantity.full_start])
    if region in region_names(named[-1]):
        return None
    if compared and any(region in region_names(m) for m in named):
        return None
    return f"是{region}的,与所写地区不符"


def stage_fits(fact: Fact, stage: str, said: Said) -> bool:
    if fact.stage:
        return fact.stage == stage or fact.stage in stages()[stage].includes
    return stage in {s.id for s in stages_in(said.own_words(fact))}


def _wrong_stage(
    fact: Fact, window: str, clause: str, quantity: Quantity, said: Said, known: bool
) -> str | None:
    near = stage_ids(window) or stage_ids(said.behind(quantity)) or stage_ids(clause)
    if near and fact.role == "share":
        own = {s.id for s in stages_in(said.own_words(fact))}
        strange = next((s for s in near[:-1] if s not in own and not stage_fits(fact, s, said)), None)
        if strange:  # the part of a share has a stage too: 农村初中占幼儿园总数比例
            return f"不是{stages()[strange].name}的"
    if near:
        return None if stage_fits(fact, near[-1], said) else f"不是{stages()[near[-1]].name}的"
    if not fact.stage or known:
        return None
    if stages_in(said.whole[: quantity.full_start]):
        found = [s.id for s in stages_in(said.whole[: quantity.full_start])]
        return None if any(stage_fits(fact, s, said) for s in found) else "没有写明学段"
    wanted = [s.id for s in stages_in(said.question)]
    if wanted and not any(stage_fits(fact, s, said) for s in wanted):
        return "是另一个学段的,要写明学段"
    metric = settled(fact)
    per_stage = metric is not None and indicators()[metric].per_stage
    return "没有写明学段" if per_stage and not wanted else None


def _wrong_metric(fact: Fact, window: str, clause: str, said: Said) -> str | None:
    named = indicators_in(window) or indicators_in(clause)
    if not named:
        return None
    text = window if indicators_in(window) else clause
    candidates = named if fact.role in ("share", "rate") else named[-1:]
    if own_metric := settled(fact):
        return None if any(n.id == own_metric for n in candidates) else "不是这个指标的数"
    own = said.own_words(fact)
    fine = any(
        text[n.start : n.end] in own
        or text[n.start : n.end] in said.source(fact)[: fact.clause[1] - fact.sentence[0]]
        for n in candidates
    )
    return None if fine else "不是这个指标的数"


def _wrong_role(fact: Fact, quantity: Quantity, window: str, said: Said, referred: bool) -> str | None:
    before = said.whole[max(0, quantity.full_start - 24) : quantity.full_start]
    if REFERRED.search(before):
        return None
    reading = classify(window or before, quantity.unit)
    if NOT.search(window):
        return "是证据的数,却写成了不是" if not re.search("得不到", window) else None
    moved = reading.role in ("rate", "change") or reading.direction is not None
    if fact.role in ("rate", "change"):
        if moved and fact.direction and reading.direction != fact.direction:
            return "方向写反了"
        if not moved and fact.direction and not referred:
            if not re.search(
                r"增幅|降幅|增长率|增速|涨幅|变化|增量|增加额|减少额|幅度|差额", said.clause(quantity.start)
            ):
                return "是增减的数,要写明增减"
        return None
    if moved:
        source = said.source(fact)[: fact.start - fact.sentence[0]]
        if classify(source, fact.unit).direction != reading.direction:
            return "不是增减的数"
    return None


def _wrong_kind(fact: Fact, quantity: Quantity, said: Said) -> str | None:
    sentence = (
        re.split(r"[。!?\n]", said.whole[: quantity.start])[-1]
        + re.split(r"[。!?\n,;]", said.whole[quantity.end :])[0]
    )
    if fact.kind in _KIND_WORDS:
        if not _KIND_WORDS[fact.kind].search(sentence) and not REFERRED.search(
            said.whole[: quantity.full_start]
        ):
            if not re.search(r"报告载明", sentence):
                return {
                    "plan": "是计划数,要写明",
                    "target": "是目标数,要写明",
                    "policy": "是规定的数,要写明",
                }[fact.kind]
        return None
    for match in re.finditer(r"计划|规划|拟|预计|力争|争取|预期|目标", said.clause(quantity.start)):
        if fact.kind == "actual" and match.group() not in said.source(fact) + said.own_words(fact):
            return "是实际数,不是计划或目标"
    return None


def _wrong_qualifier(fact: Fact, quantity: Quantity, before: str) -> str | None:
    wanted = {w for w in (fact.qualifier or "").split("、") if w}
    here = {w for w in (quantity.qualifier or "").split("、") if w}
    if lost := wanted - here:
        return f"漏了限定词“{'、'.join(sorted(lost))}”"
    if added := here - wanted:
        return f"多了限定词“{'、'.join(sorted(added))}”"
    return None


def grams(text: str) -> set[str]:
    plain = re.sub(r"[^\u4e00-\u9fffA-Za-z]", "", text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)} or ({plain} if plain else set())


def _fits_other(fact: Fact, quantity: Quantity, window: str, said: Said) -> str | None:
    """Object if the words before the amount are rather those of another cited fact."""
    words = grams(window)
    for place in mentions(window):
        words -= grams(place.written)
    if not words:
        return None

    def fit(item: Fact) -> float:
        return len(words & grams(said.own_words(item))) / len(words)

    own = fit(fact)
    rivals = [
        f for f in said.all_facts
        if f.id != fact.id and dimension(f.unit) == dimension(fact.unit) and not same(f, quantity)
        and (settled(f) is None or f.metric_id != fact.metric_id)
    ]  # fmt: skip
    if any(fit(f) > own + 0.2 for f in rivals):
        return "不是所写这一项的数"
    return None
