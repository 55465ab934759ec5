"""Is a question about a table or a standard, or about the words of a report?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.question import Known
from assistant.schools import ways
from assistant.schools.ask import SchoolOp
from assistant.schools.ways import says
from corpus.catalogue import indicators, indicators_in
from corpus.rules import standards


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a question stands: whose table it may mean, and how sure that is.

    ``home``: a place with a table is named, or spoken of. ``elsewhere``: a place without one is named. Otherwise the
    only table may be meant, if the words leave no doubt; ``quiet``: there are no reports that could be meant.
    ``last_resort``: the reports have been asked and hold nothing of it, so the table is meant if it can be.
    """

    home: bool
    elsewhere: bool
    default: bool
    quiet: bool
    last_resort: bool = False


def scene_of(
    known: Known, region: str | None, spoken: str | None, place: str | None, *, last_resort: bool = False
) -> Scene:
    home = region in known.tables or (region is None and spoken in known.tables)
    elsewhere = (region is not None and region not in known.tables) or (
        region is None and spoken is not None and not home
    )
    only = not home and not elsewhere and place in known.tables
    return Scene(home or (last_resort and only), elsewhere, only, not known.regions, last_resort)


def is_ours(
    op: SchoolOp,
    about: str,
    masked: str,
    codes: tuple[str, ...],
    school: bool,
    scene: Scene,
    *,
    in_talk: bool,
) -> bool:
    """Tell whether a question of this kind is about a table or a standard, and not about a report's words."""
    if in_talk:
        return True
    resource = any(code.startswith("1.") for code in codes)
    if op == "rule":
        return (
            not scene.elsewhere
            and says(r"怎么|如何|怎样|什么|哪|规则|办法|几项|多少项|参加|参评|纳入|计入|算不算", masked)
            and not says(r"多少所", masked)
        )
    if op == "limit":
        if scene.elsewhere:
            return "均衡" in masked
        if about == "variant":
            return True
        return bool(codes) or says(ways.DISPERSION, masked) or ("均衡" in masked and about != "")
    if op == "county" and says(r"31项|三十一项", masked):
        return says(f"{ways.JUDGED}|{ways.LACKING}|情况|判定", masked)
    if op == "schools" and says(ways.ALL_SCHOOLS, masked) and says(r"达标|合格", masked):
        return True
    if scene.elsewhere:
        return False
    sure = scene.home or scene.quiet
    if school:
        return (
            op != "school"
            or bool(codes)
            or says(
                f"{ways.JUDGED}|{ways.OVERVIEW}|{ways.WHICH_ITEMS}|{ways.CELL}|参加|纳入|参评|算不算", masked
            )
        )
    if op == "schools":
        judged = says(f"{ways.DEMAND}|{ways.LACKING}|[没未不能]过|通过", masked)
        return (sure and (bool(codes) or judged)) or (
            scene.default and resource and says(f"{ways.ALL_SCHOOLS}|{ways.ENOUGH}", masked)
        )
    if op == "dispersion":
        return sure or scene.default
    if op in ("additions", "moves"):
        return (sure and (resource or says(ways.DEMAND, masked))) or (
            scene.default and says(ways.DEMAND, masked) and (resource or "学校" in masked or "全部" in masked)
        )
    if op == "what_if":
        return False  # of no school
    if op == "county":
        return (
            (sure or bool(written_codes(masked)) or _of_a_table(scene, masked, codes))
            and (
                scene.last_resort
                or says(
                    f"{ways.JUDGED}|{ways.LACKING}|有.{{0,8}}[吗么]|有没有|哪|情况|如何|是不是|都", masked
                )
            )
            and (scene.last_resort or not says(r"多少|几", masked.replace("几所", "").replace("多少所", "")))
        )
    if op == "why":
        return sure and (says(ways.JUDGED, masked) or resource)
    if op == "average":
        return sure
    if op == "total":
        return scene.last_resort
    if op == "extreme":
        return sure
    if op == "overview":
        return (
            (sure or says(r"学校|小学|初中", masked))
            and says(r"[缺差]什么|[缺差]哪|达标|合格|过关|均衡|过没过", masked)
            and not says(r"指标体系|包括|包含|有哪些方面", masked)
        )
    return False


def _of_a_table(scene: Scene, masked: str, codes: tuple[str, ...]) -> bool:
    """True for a demand that only a table decides (班额, 规模, 专用教室), asked of no place and judged."""
    demands = {demand.code: demand for demand in standards()["youzhi_junheng"].demands}
    decided = bool(codes) and all(
        c in demands and demands[c].judged == "table" and not c.startswith("1.") for c in codes
    )
    return scene.default and decided and says(f"{ways.JUDGED}|超", masked)


def is_foreign(folded: str) -> bool:
    """True if a figure of reports is named that no indicator of the standard is about."""
    standard = standards()["youzhi_junheng"]
    own = {metric for demand in standard.demands for metric in demand.metrics}
    if "综合差异系数" in folded and not says(ways.LIMIT, folded):
        return True  # the mean over eight indicators of another standard
    return any(
        named.id not in own and "差异系数" not in indicators()[named.id].name
        for named in indicators_in(folded)
    )


_CODE = re.compile(r"(?<![\d.])([1-3]\.\d{1,2})(?![\d.%]|[\u4e00-\u9fff]{0,1}(?:万|亿|倍|平方|元|人|间))")


def written_codes(masked: str) -> list[str]:
    return [m[1] for m in _CODE.finditer(masked)] if says(f"指标|{ways.REACHED}", masked) else []
