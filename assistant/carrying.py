"""Follow-ups: which slots a question leaves open, and what of the turns before fills them."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.question import Ask
from corpus.catalogue import indicators, lexicon, stages_in
from corpus.units import dimension

_POINTERS = ("前一个", "后一个", "第一个", "第二个", "前面", "后面", "两地", "两区", "两县", "两市", "两年", "两段", "两边", "哪一个", "哪个", "最", "那", "呢", "换", "数", "涉及", "包括", "覆盖", "惠及", "一共", "两者", "两个", "它们", "二者", "前者", "后者",
             "这个", "那个", "还", "离", "要求", "目标", "比", "较", "换算成", "成", "换算", "成", "折合", "亿元", "万元", "接受", "两类", "两项",
             "百分点", "个百分点", "至少", "需要", "标准", "国家标准", "省定标准", "国家", "省定", "它", "它的", "该数", "这", "这个数", "这项")  # fmt: skip
_WITHIN = re.compile(
    r"那?(?:其中)?([^,。?]{2,10}?)(?:里面?|当中|中)(?:的)?(?:有|是)?(?:多少|几个?)?[人名个所]?(?:呢)?\??$"
)
_CONTINUES = re.compile(r"呢\??$|^那|^换|^再")


def carry(ask: Ask, history: tuple[Ask, ...], *, inside: bool) -> Ask:
    """Fill open slots from ``history``; ``inside`` says that this very turn asked something before."""
    ask = _last_year(ask, history)
    if not history:
        return ask
    last = history[-1]
    if last.parts and _asks_the_same(ask, last):
        whole = carry(ask, (*history[:-1], replace(last, parts=())), inside=inside)
        of_each = (carry(ask, (*history[:-1], part), inside=inside) for part in last.parts)
        return replace(whole, parts=tuple(of_each))
    if last.parts and inside and _EACH.search(ask.folded) and not ask.regions and not ask.stages:
        whole = carry(ask, (*history[:-1], replace(last, parts=())), inside=inside)
        of_each = (replace(whole, words=f"{_kind_of(part)}{ask.words}") for part in last.parts)
        return replace(whole, parts=tuple(of_each))  # "公办园、民办园各几所,在园幼儿各多少"
    if last.parts:
        history = (*history[:-1], *last.parts)
        last = history[-1]
    carried: list[str] = []
    changes: dict[str, object] = {
        "parent": last.words or last.parent,
        "grandparent": last.parent,
    }
    if not ask.regions and not ask.unknown_regions:
        source = next((a for a in reversed(history) if a.regions), None)
        if source:
            changes["regions"] = source.regions
            carried.append("region")
    elliptical = is_elliptical(ask) and not _other_measure(ask, last)
    if elliptical and not ask.of_parent:
        carried += _metric(ask, last, changes)
        changes |= _operation(ask, last)
    elif inside and ask.metric_ids == () and ask.stages == () and last.stages and ask.op == last.op:
        changes["stages"] = ()
    if not ask.periods and (elliptical or inside or ask.of_parent):
        source = next((a for a in reversed(history) if a.periods), None)
        if source:
            changes["periods"] = source.periods
            carried.append("period")
    if inside and not ask.stages and last.stages and not elliptical and _counts_its_own(ask):
        changes["stages"] = last.stages  # "特殊教育有几所学校、多少个班、多少学生"
    elif "region" in carried and not ask.stages and last.stages and _of_a_stage(ask):
        changes["stages"] = last.stages  # "中职有多少所学校?专任教师?生师比?"
        carried.append("stage")
    if within := _WITHIN.match(ask.folded):
        if not ask.metric_ids and last.words and not is_elliptical(ask):
            changes["words"] = f"{within[1]} {last.words}"
            carried.append("metric")
    if _bare_kind(ask) and last.words and (inside or _CONTINUES.search(ask.folded)):
        kind = re.sub(r"的|有|是", "", ask.words.replace(" ", ""))
        changes["words"] = f"{kind}{_IS_LED.sub('', last.words.replace(' ', ''))}"  # "几个幼儿园,公办几个"
        if ask.measure is None:
            changes["measure"] = last.measure
            changes |= _operation(ask, last)
        carried.append("metric")
    if ask.op == "share" and re.match(r"[^占]{0,6}占", ask.words) and last.words:
        changes |= _share_of_last(ask, last, history)
    pair = _pair(ask, history)
    if pair:
        changes |= pair
    return replace(ask, **changes, carried=tuple(dict.fromkeys(carried)))  # type: ignore[arg-type]


def _asks_the_same(ask: Ask, last: Ask) -> bool:
    """True if "那初中呢" goes on asking for all things of a list."""
    return is_elliptical(ask) and ask.op in ("value", "explain", "growth", "share") and not ask.of_parent


_EACH = re.compile(r"各自?(?![类级地县区市学校项])|分别")


def _kind_of(part: Ask) -> str:
    """Return what sets a thing of a list apart from the others, as said: 公办园."""
    return re.sub(r"(?:的|各自?|分别|有|是| )+$", "", part.words)


_IS_LED = re.compile(
    r"^(?:现有|共有|目前|有|的|是|全部|所有|公办|民办|普惠性?|城区|农村|在编|编外|专职|兼职|[男女](?=[教学生]))+"
)
_KIND = re.compile(
    r"(?:其中)?(?:公办|民办|普惠性?(?:民办)?|非普惠|城区|农村|乡村|城镇|男|女|在编|编外|专职|兼职)的?(?:有|是)?"
)


def _bare_kind(ask: Ask) -> bool:
    return bool(_KIND.fullmatch(ask.words.replace(" ", "")))


def _share_of_last(ask: Ask, last: Ask, history: tuple[Ask, ...]) -> dict[str, object]:
    """Return what "占全市学生的百分之几" leaves to the question before: the part, or the parts just added."""
    whole = re.sub(r"^[^占]*占", "占", ask.words)
    lead = ask.words.split("占")[0].strip(" 的")
    both = bool(re.fullmatch(r"(?:这|那)?(?:两|二)[个类项者种]|它们|合|两者", lead))
    if not re.sub(r"占|的|比例?|比重|总数|全部", "", whole).strip():
        return {}  # "占多少": of what was asked before that
    pointed = re.match(
        r"(前者|前一个|前面|第一个|后者|后一个|后面|第二个)占(前者|前一个|后者|后一个|第[一二]个|前面|后面)",
        ask.words,
    )
    if pointed and len(history) >= 2:
        pair = history[-2:] if re.match(r"前|第一", pointed[1]) else (history[-1], history[-2])
        return {"sides": pair, "words": ""}
    if both and len(history) >= 2:
        return {"sides": history[-2:], "words": whole}
    if lead:
        return {}
    if last.op == "sum" and last.sides:
        return {"sides": last.sides, "words": whole}
    part = "、".join(indicators()[i].name for i in last.metric_ids) or last.words.strip(" 的")
    return {"words": f"{part}{whole}", "stages": ask.stages or last.stages}


def _of_a_stage(ask: Ask) -> bool:
    """True if the indicator asked for is one that stages have, and the question does not say it means all of them."""
    return (
        bool(ask.metric_ids)
        and all(indicators()[i].per_stage for i in ask.metric_ids)
        and not re.search(r"全[市县区省国]|总|各|所有|全部|幼儿|[小中大]学", ask.folded)
    )


def _counts_its_own(ask: Ask) -> bool:
    """True if what is counted beside a stage is counted of that stage: classes, pupils, teachers."""
    if re.search(r"全[市县区省国]|总|各级|各类|所有|全部|幼儿|[小中大]学(?!生)|残疾|留守|随迁", ask.folded):
        return False
    noun = re.sub(r"的|有|多少|几|[个名所人]|各", "", ask.words.replace(" ", ""))
    return bool(
        re.fullmatch(
            r"(?:专任|在校|招|毕业|教学)?(?:班级?|学生|在校生|学校|教师|教职工|老师|毕业生|招生|新生)数?",
            noun,
        )
    )


def _other_measure(ask: Ask, last: Ask) -> bool:
    """True if the measure asked for cannot be that of the indicator before ("多少所小学" after money)."""
    if not ask.measure or not last.metric_ids or ask.measure == "%":
        return False
    return all(dimension(indicators()[i].unit) != dimension(ask.measure) for i in last.metric_ids)


def _metric(ask: Ask, last: Ask, changes: dict[str, object]) -> list[str]:
    changes["words"] = _for_stage(ask, last)
    if not ask.metric_ids:
        changes["metric_ids"] = last.metric_ids
        changes["generic"] = last.generic
    carried = ["metric"] if last.words or last.metric_ids else []
    if not ask.stages and last.stages:
        changes["stages"] = last.stages
        carried.append("stage")
    if ask.measure is None and ask.op not in ("convert", "difference"):
        changes["measure"] = last.measure
        changes["rate_asked"] = ask.rate_asked or last.rate_asked
    if ask.op == "convert":
        changes["rate_asked"] = last.rate_asked
    return carried


def _for_stage(ask: Ask, last: Ask) -> str:
    """Return the words of the question before, with the stage that this one names ("小学在校生", 那初中)."""
    if not ask.stages:
        return last.words
    words = last.words
    named = stages_in(words)
    if not named:
        return words
    own = stages_in(ask.folded)
    first = named[0]
    word = ask.folded[own[0].start : own[0].end] if own else ""
    return words[: first.start] + word + words[first.end :]


def _operation(ask: Ask, last: Ask) -> dict[str, object]:
    """Go on asking the same ("那初中呢") unless the question says what it wants."""
    plain = ask.op in ("value", "explain") and (_CONTINUES.search(ask.folded) or not ask.measure)
    if plain and last.op not in (
        "explain",
        "document",
        "purpose",
        "outside",
        "remainder",
        "given",
        "premise",
    ):
        found: dict[str, object] = {"op": last.op, "numeric": last.numeric, "descending": last.descending,
                                    "by_rate": last.by_rate, "against": ask.against or last.against,
                                    "derived": last.derived}  # fmt: skip
        if last.op in ("confirm", "target"):
            found["op"] = "value" if not ask.given else last.op
        if ask.against and not ask.periods:
            found["op"] = "difference"  # "比上年呢?"
        return found
    if ask.op in ("value", "explain") and not ask.numeric:
        return {"op": "value", "numeric": True}
    return {}


def _pair(ask: Ask, history: tuple[Ask, ...]) -> dict[str, object]:
    """ "差多少" after two questions compares what these two asked about."""
    if ask.op in ("sum", "rank") and len(history) >= 2 and (several := _asked_before(ask, history)):
        return {"sides": several}
    if (
        ask.op not in ("difference", "growth", "compare", "ratio")
        or not is_elliptical(ask)
        or len(history) < 2
    ):
        return {}
    a, b = history[-2], history[-1]
    if b.sides and ask.op in ("difference", "compare", "ratio"):
        return {"sides": b.sides, "op": "compare" if ask.op != "ratio" else "ratio"}  # "哪个多?差多少?"
    if ask.op in ("difference", "growth") and not ask.periods and len(a.periods) == len(b.periods) == 1:
        if a.periods != b.periods and (a.regions, a.stages) == (b.regions, b.stages):
            return {"periods": (*a.periods, *b.periods)}  # "2023年多少?上年呢?增加了多少?"
    if ask.op == "growth":
        return {}
    if any(len(slot) > 1 for a in (ask, b) for slot in (a.regions, a.stages, a.periods)):
        return {}
    if not re.search(r"差|两|二者|它们|哪个|谁|比|倍", ask.folded):
        return {}
    return {"sides": (history[-2], history[-1]), "op": "compare" if ask.op != "ratio" else "ratio"}


_THESE = re.compile(
    r"(?:这|那|上面|以上|前面|它们|上述)*(?P<number>[两二三四五六七八]|几)(?:个|者|项|地|家|处|类|段|年|所)|它们|他们|三者|上述|以上"
)
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}


def _asked_before(ask: Ask, history: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Return the questions before that "这三个", "两者" or a bare "一共" speak of; empty if there are not so many."""
    if not is_elliptical(replace(ask, words=_THESE.sub(" ", ask.words))):
        return ()
    if ask.stages or ask.metric_ids or (ask.op == "rank" and (ask.each == "stage" or ask.regions)):
        return ()
    plain = [a for a in history if a.op in ("value", "share", "sum", "difference", "growth", "count")]
    match = _THESE.search(ask.folded)
    if match is None and ask.op == "rank":
        return _chain(plain)
    wanted = _NUMBERS.get((match["number"] if match else None) or "", 0)
    if not wanted and ask.op == "sum":
        wanted = 2
    found = plain[-wanted:] if wanted else plain
    return tuple(found) if len(found) >= max(2, wanted) else ()


def _chain(asked: list[Ask]) -> tuple[Ask, ...]:
    """Return the questions at the end that ask one metric of several stages, places or years ("那初中呢?")."""
    chain: list[Ask] = []
    for ask in reversed(asked):
        chain.insert(0, ask)
        if "metric" not in ask.carried:
            break
    return tuple(chain) if len(chain) > 1 else ()


def _last_year(ask: Ask, history: tuple[Ask, ...]) -> Ask:
    """Turn "上年" into the year before the one spoken of: here, else in the question before."""
    if ask.against:
        ask = replace(ask, against=tuple(p.removeprefix("上:") for p in ask.against))
    if not any(p.startswith("上:") for p in ask.periods):
        return ask
    base: int | None = None
    if all(p.startswith("上:") for p in ask.periods):
        source = next((a for a in reversed(history) if a.periods and a.periods[0][:4].isdigit()), None)
        base = int(source.periods[0][:4]) if source else None
    periods = [f"{base - 1}" if base and p.startswith("上:") else p.removeprefix("上:") for p in ask.periods]
    return replace(ask, periods=tuple(dict.fromkeys(periods)))


def is_elliptical(ask: Ask) -> bool:
    """True if the question names no metric of its own."""
    if ask.metric_ids:
        return False
    rest = ask.words
    for named in reversed(stages_in(rest)):
        rest = rest[: named.start] + rest[named.end :]
    for word in sorted((*lexicon().stop, *lexicon().light, *_POINTERS), key=len, reverse=True):
        rest = rest.replace(word, "")
    return not re.sub(r"\W", "", rest)
