"""Whether a cited calculation can be the amount that stands in a piece, and is said to be what it is."""

from __future__ import annotations

import re

from assistant.guard_facts import NOT, grams, stage_fits
from assistant.guard_said import Said, region_names, stage_ids
from assistant.guard_times import key_of, said_of, year_agrees
from corpus.catalogue import indicators_in, settled, stages
from corpus.facts.cues import classify
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.model import Fact, Quantity
from tools.calculation import Calculation

_MADE = r"据此计算|计算(?!机)|复算|算得|得出"
_CALC_WORDS = {
    "growth_rate": (rf"增|减|涨|降|升|提高|下滑|回落|变化|幅|速|{_MADE}", r"占|合计|共计|总计|倍|换算|相差"),
    "share": (rf"占|比例|比重|比率|率|百分|成|{_MADE}", r"增长|下降|增加|减少|提高|降低|增幅|降幅|增速|倍|合计|相差|高出|还差"),
    "sum": (rf"合计|共|总|加|之和|{_MADE}", r"增长|下降|增加|减少|提高|降低|占|倍|相差|换算|平均|人均"),
    "ratio": (r"是|为|相当|达|倍", r"增长|下降|增加|减少|占|合计|相差|增幅"),
    "convert": (r"换算|折合|合|相当|即|等于|也就是", r"增长|下降|增加|减少|占|合计|相差"),
    "difference": ("", r"占|合计|共计|总计|倍|增长率|增幅|换算"),
    "gap": (r"差|高出|超出|多出|低|不足|多|超过|缺", r"占|合计|增长|增加|减少|下降"),
    "count": (r"共|合计|总|数|列出", r"增长|下降|增加|减少|占|倍|相差"),
}  # fmt: skip
"""By calculation: words of which one must stand in the sentence before its result, and words that may not."""
_VERSUS = re.compile(
    r"(?P<a>[^,;。「」]{1,40}?)比(?P<b>[^,;。「」]{1,40}?)(?P<word>高|低|多|少|增加|减少)(?:了|出)?$"
)
_GAP = {
    "up": re.compile(r"没有达到|未达到|没达到|还差|不足|缺|(?:没有|没|未|不)超过|(?<!不)低于"),
    "down": re.compile(r"已达到|高出|超出|(?<!没有)(?<![没未不])超过|多出|不低于"),
}


def made_objection(calculation: Calculation, quantity: Quantity, said: Said) -> str | None:
    before = said.whole[: quantity.full_start]
    window, clause = said.window(quantity), said.clause(quantity.full_start)
    needed, barred = _CALC_WORDS.get(calculation.name, ("", "$^"))
    lone = re.split(r"[。!?;\n]", before)[-1]
    if not re.search(needed, clause if re.search(r"\w", clause) else lone) and not re.search(_MADE, lone):
        return "是计算结果,没有写明是什么"
    if re.search(barred, window):
        return "不是这样算出来的数"
    if calculation.name == "convert":  # another unit does not take 近 or 不低于 away
        kept = {i.fact.qualifier for i in calculation.inputs if i.fact is not None}
        if kept != {quantity.qualifier}:
            return f"的限定词应为“{'、'.join(filter(None, kept)) or '无'}”"
    elif quantity.qualifier and not (
        calculation.name == "gap" and quantity.qualifier in ("高出", "超出", "超过", "不足")
    ):
        return f"多了限定词“{quantity.qualifier}”"
    if NOT.search(window):
        return "是计算结果,却写成了不是"
    if re.search(r"报告的?$|报告(?:载明|所载|所说|给出|写明)[^。;]*$", before):
        return "是算出来的数,不是报告的"
    facts = [i.fact for i in calculation.inputs if i.fact is not None]
    if problem := _mismatched(calculation, facts):
        return problem
    if problem := _foreign(facts, quantity, window, clause, said, calculation):
        return problem
    if calculation.name == "gap":
        sentence = re.split(r"[。!?\n]", before)[-1]
        for direction, words in _GAP.items():
            if words.search(sentence) and calculation.direction not in (direction, None):
                return "与是否达到的说法相反"
        return None
    if calculation.name == "ratio":
        if match := re.search(r"(前者|后者)是(前者|后者)的$", before):
            order = [f.id for f in said.facts]
            first = facts[0].id if facts else ""
            straight = bool(order) and order[0] == first
            if (match[1] == "前者") != straight or match[1] == match[2]:
                return "前者与后者写反了"
        return None
    if match := _VERSUS.search(before):
        up = match["word"] in ("高", "多", "增加")
        first_side = side(match["a"], match["b"], calculation)
        if first_side is None:
            return "比较的双方与证据不符"
        turned = {"up": "down", "down": "up"}.get(calculation.direction or "")
        wanted = calculation.direction if first_side == 0 else turned
        return None if wanted == ("up" if up else "down") else "高低写反了"
    reading = classify(window, quantity.unit)
    if calculation.name in ("growth_rate", "difference") and reading.direction:
        if calculation.direction != reading.direction:
            return "方向写反了"
    elif calculation.name == "difference" and not re.search(rf"相差|差额|差距|之差|缺口|变化|{_MADE}", lone):
        return "是差额,没有写明是谁与谁的差"
    elif (
        calculation.name == "growth_rate" and calculation.direction and not re.search("幅|率|速|变化", window)
    ):
        return "是增减的数,要写明增减"
    return None


def _mismatched(calculation: Calculation, facts: list[Fact]) -> str | None:
    """Object to a formula over things that do not belong together: the tools compute what they are told to."""
    if calculation.name == "growth_rate":
        first, second = facts[0], facts[-1]
        if (
            first.region != second.region
            or first.stage != second.stage
            or (first.metric_id != second.metric_id and settled(first) and settled(second))
        ):
            return "的本期和上期不是同一个指标的数"
    if calculation.name == "share" and len({f.region for f in facts}) > 1:
        return "的部分与总量不是同一个地区的数"
    return None


def _foreign(
    facts: list[Fact], quantity: Quantity, window: str, clause: str, said: Said, calculation: Calculation
) -> str | None:
    """Object to a year, place, stage or indicator around a result that none of its inputs has."""
    if not facts:
        return None
    years = [p for p in said.periods if p.end <= quantity.full_start and said_of(p, said)]
    near = [p for p in years if p.start >= quantity.full_start - len(clause)]
    for period in near:
        if not any(year_agrees(period, key_of(period, f, said), f, said) for f in facts):
            return f"不是{said.whole[period.start : period.end]}的"
    if near and calculation.name in ("growth_rate", "difference") and "比" not in clause:
        if len({f.period for f in facts}) > 1 and not year_agrees(
            near[-1], key_of(near[-1], facts[0], said), facts[0], said
        ):
            return f"不是{said.whole[near[-1].start : near[-1].end]}的"
    named = [m for m in said.places if m.end <= quantity.full_start]
    regions = {f.region for f in facts}
    if named and not region_names(named[-1]) & regions:
        return "与所写地区不符"
    written = any(r and fold(r) in said.whole[: quantity.full_start] for r in regions)
    if not named and not written and regions - {None} and (places := mentions(said.question)):
        if not any(region_names(m) & regions for m in places):
            return "与所问地区不符"
    staged = stage_ids(window) or stage_ids(clause)
    for stage in staged:
        if not any(stage_fits(f, stage, said) for f in facts):
            return f"不是{stages()[stage].name}的"
    for name in indicators_in(window):
        if (
            not any(f.metric_id == name.id for f in facts)
            and window[name.start : name.end] not in calculation.label
        ):
            words = grams(window[name.start : name.end])
            own_words = grams(" ".join(said.own_words(f) for f in facts) + "占比")
            if calculation.name != "share" or len(words & own_words) < 0.7 * len(words):
                return "不是这个指标的数"
    return None


def side(first: str, second: str, calculation: Calculation) -> int | None:
    """Return which input (0 or 1) ``first`` speaks of while ``second`` speaks of the other; None if unclear."""
    facts = [i.fact for i in calculation.inputs[:2]]
    names: list[set[str]] = []
    if "前者" in first and "后者" in second:
        return 0
    for fact in facts:
        if fact is None:
            return None
        names.append(
            {
                n
                for n in (fact.region or "", fact.subject, (fact.period or "")[:4] + "年", fact.label)
                if len(n) > 1
            }
        )
    shared = names[0] & names[1]
    own = [names[0] - shared, names[1] - shared]

    def says(words: str, wanted: set[str]) -> bool:
        return any(n in words for n in wanted)

    straight = says(first, own[0]) and says(second, own[1])
    turned = says(first, own[1]) and says(second, own[0])
    return None if straight == turned else (0 if straight else 1)
