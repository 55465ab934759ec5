"""What a comparison puts side by side: places, stages, years, halves of a phrase, or a clause for each place."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

from assistant.carrying import is_elliptical
from assistant.plans.common import chosen, search
from assistant.procedures import Call, Desk
from assistant.question import Ask
from assistant.slots import read_ask
from assistant.writing import by_kind
from corpus.catalogue import indicators, stages
from corpus.units import dimension
from tools.evidence import Evidence

_GAP = re.compile(
    r"[比较]?的?(?:要|还)?(?:高|低|多|少|差)(?:出|了)?\d[\d,.]*(?:个?百分点|[百千万亿]*[元人所名个%])?"
)
_CLAIMED = re.compile(
    r",?(?:能|可以|可|能不能|能否)?(?:直接|就|够)*(?:这么|这样|如此)?(?:说|讲|认为|断定|下结论|得出).{0,24}$"
)


def sides_of(ask: Ask) -> list[Ask]:
    """Split an ask into the two things compared: places, stages, years, or two stated amounts."""
    if len(ask.regions) > 1:
        sides = [replace(ask, regions=(region,)) for region in ask.regions]
        if len(ask.periods) == len(ask.regions):
            return [replace(side, periods=(p,)) for side, p in zip(sides, ask.periods, strict=True)]
        return sides
    if len(ask.stages) > 1:
        words = ask.words
        for stage in ask.stages:
            for name in stages()[stage].words:
                words = words.replace(name, " ")
        words = re.sub(r"^[ 和与跟比、的]+|[ 和与跟比、]+$", "", words)
        return [
            replace(ask, stages=(s,), words=words if ask.metric_ids else f"{_as_said(s, ask)} {words}")
            for s in ask.stages
        ]
    if len(ask.periods) > 1:
        return [replace(ask, periods=(period,)) for period in ask.periods]
    return [ask]


def _as_said(stage: str, ask: Ask) -> str:
    """Return the stage in the question's own word."""
    return next((w for w in stages()[stage].words if w in ask.folded), stages()[stage].name)


def halves(ask: Ask) -> tuple[Ask, Ask] | None:
    """Split a phrase such as "公办园和民办园" or "A比B" into its two sides."""
    words = ask.words
    for mark in (r"(?<![占对相同环类生师幼])比(?![例重率值较])", "和", "与", "跟", "、"):
        left, found, right = re.sub(mark, "\0", words, count=1).partition("\0")
        if found and len(left.strip()) >= 2 and len(right.strip()) >= 2:
            return replace(ask, words=left.strip()), replace(ask, words=right.strip())
    return None


def segments(ask: Ask, desk: Desk) -> list[Ask] | None:
    """Split "A的X和B的Y" into one question for each of two places; None where only one says what is compared."""
    if len(ask.regions) != 2:
        return None
    text = ask.folded
    starts = sorted((_found_at(text, region), region) for region in ask.regions)
    if starts[0][0] < 0:
        return None
    cut = starts[1][0]
    pieces = (text[:cut], _CLAIMED.sub("", text[cut:]))
    gaps = [_GAP.sub(" ", piece) for piece in pieces]
    sides = [read_ask(gap, desk.known) for gap in gaps]
    sides = [
        replace(
            side, words=re.sub(r"(?:^| )[跟同与和比](?= |$)", " ", _bare(side.words)).strip(" 的"), op=ask.op
        )
        for side in sides
    ]
    told = [not is_elliptical(side) or bool(side.given) for side in sides]
    staged = [bool(side.stages) for side in sides]
    if not all(told) and not (any(told) and all(staged)) and not any(side.given for side in sides):
        return None
    if not any(told):
        return None
    sides = [
        replace(side, regions=(region,), periods=side.periods or ask.periods)
        for side, (_, region) in zip(sides, starts, strict=True)
    ]
    if not all(told):
        full, bare = (0, 1) if told[0] else (1, 0)
        lent = replace(
            sides[full],
            regions=sides[bare].regions,
            stages=sides[bare].stages or sides[full].stages,
            given=(),
        )
        sides[bare] = lent
    return _of_one_stage(sides)


_MEAN = re.compile(
    r"(?:的|整体)*(?:平均(?:水平|数|值|线)?|水平|均值|均数)|[是还]*[高多大]还是[低少小]|[哪那]一?个"
)


def _bare(words: str) -> str:
    """Take off what names no metric: "全国平均水平", "是高还是低"."""
    left = _MEAN.sub(" ", words).strip()
    return words if re.search(r"生均|人均|每|均为|平均(?!水平|数|值|线)", words) else left


def _of_one_stage(sides: list[Ask]) -> list[Ask]:
    """Give a side without a stage that of the other, where both ask for one metric that stages have."""
    staged = [side for side in sides if side.stages]
    if len(staged) != 1 or any(s.metric_ids and s.metric_ids != staged[0].metric_ids for s in sides):
        return sides
    return [replace(side, stages=side.stages or staged[0].stages) for side in sides]


def _found_at(text: str, region: str) -> int:
    at = text.find(region)
    return at if at >= 0 else text.find(re.sub(r"(?:自治)?[省市县区州旗]$", "", region))


def kindred(side: Ask) -> Generator[Call, list[Evidence], list[Evidence]]:
    """Return figures of the same family as the one asked for: what a place tells instead of it."""
    families = {indicators()[i].family for i in side.metric_ids} - {None}
    units = {dimension(indicators()[i].unit) for i in side.metric_ids}
    ids = tuple(
        i.id
        for i in indicators().values()
        if i.family in families and dimension(i.unit) in units and not i.alone
    )
    if not ids:
        return []
    wide = replace(side, metric_ids=ids, words="", generic=True)
    found = yield search(wide)
    return chosen(by_kind(found, "fact"), wide)
