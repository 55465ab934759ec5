"""Read a turn as a question about schools or standards; None where it is a question about reports.

A turn is one of these by what it names and by its way of asking: a school of a stored table; schools that fail; a
coefficient of variation; what must be added; what if. Words that reports use too (骨干教师, 大班额) do so only for a
place that has a table, or where the talk is about one already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.operations import operation
from assistant.question import Known
from assistant.schools import ways
from assistant.schools.ask import SchoolAsk, SchoolOp
from assistant.schools.supposing import suppositions
from assistant.schools.ways import BLOT, says
from assistant.slots import places_in
from assistant.times import read_times
from corpus.catalogue import indicators, indicators_in, stages_in
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.rules import standards
from corpus.spoken import demands_in
from tools.school_names import NamedSchool, find_schools, unknown_schools

_SPLIT = re.compile(r"[?？;；。!！\n]+")
_PER_STUDENT = re.compile(r"生均|每百名|每百个|每个学生|每名学生|每生|人均|平均每")
_JUDGED = f"{ways.REACHED}|{ways.SHORT}|{ways.ENOUGH}"
_DEMAND = r"达标|合格|过关|过线|标准|要求"
_DIGIT = re.compile(r"\d|[一二两三四五六七八九十百千万]+(?=[名人个间所平万元])")


def read_schools(turns: Sequence[str], known: Known) -> tuple[SchoolAsk, ...] | None:
    """Return what the last of ``turns`` asks about schools or standards, None if it asks about something else."""
    last: SchoolAsk | None = None
    spoken: str | None = None
    found: tuple[SchoolAsk, ...] | None = None
    for turn in turns:
        asks: list[SchoolAsk] = []
        pieces = [piece.strip(" ,，") for piece in _SPLIT.split(turn) if piece.strip(" ,，")]
        for piece in pieces or [turn]:
            regions, _ = places_in(fold(piece), known)
            ask = _piece(piece, known, last, spoken, whole=len(pieces) == 1)
            spoken = regions[0] if regions else spoken
            if ask is None:
                if asks and len(piece) <= 8:
                    continue  # "为什么" and the like, said behind a question
                asks = []
                last = None
                break
            last = ask
            spoken = ask.region or spoken
            asks.append(ask)
        found = tuple(dict.fromkeys(asks)) if asks else None
    return found


def _piece(
    text: str, known: Known, last: SchoolAsk | None, spoken: str | None, *, whole: bool
) -> SchoolAsk | None:
    folded = fold(text)
    regions, strangers = places_in(folded, known)
    region = regions[0] if regions else None
    place = region or spoken or _only(known)
    named, unknown = _schools(folded, known, region, place)
    if region is None and named and named[0].names:
        region = place = _home_of(named[0].names[0], known, place) or place
    named, unknown = list(named), _strange(folded, named, unknown, _scene(known, region, spoken, place), last)
    masked = _blotted(folded, (*named, *unknown))
    if (strangers and region is None) or _foreign(masked) or operation(folded) == "outside":
        return None
    stages = tuple(dict.fromkeys(s.id for s in stages_in(_sections(masked)) if s.id in ("primary", "junior")))
    codes = tuple(dict.fromkeys(n.id for n in demands_in(masked)))
    codes = tuple(dict.fromkeys((*codes, *_written_codes(masked))))
    scene = _scene(known, region, spoken, place)
    goes_on = last is not None and _continues(masked, codes, stages, named, regions, last)
    op, about = _way(masked, codes, bool(named or unknown), last, known, goes_on=goes_on)
    if op is None or not _ours(op, about, masked, codes, bool(named or unknown), scene, in_talk=goes_on):
        return None
    times = read_times(folded, regions, known)
    years = [p[:4] for p in times.periods if p[:4].isdigit()]
    ask = SchoolAsk(
        text=text, folded=folded, op=op, region=region, unknown_regions=() if region else strangers, year=years[0] if years else None,
        schools=tuple(dict.fromkeys(n.names[0] for n in named if len(n.names) == 1)),
        candidates=next((n.names for n in named if len(n.names) > 1), ()),
        unknown=next((n.written for n in (*named, *unknown) if not n.names), None),
        stages=stages, codes=codes, standard="jiben_junheng" if "基本均衡" in masked else "youzhi_junheng", only=_only_state(masked, op),
        about=about, other_stage=_other_stage(masked, stages), money=says(r"钱|万元|资金|经费", masked),
    )  # fmt: skip
    return _filled(ask, masked, known, last, place, goes_on=goes_on)


def _blotted(folded: str, names: Sequence[NamedSchool]) -> str:
    plain = list(folded)
    for each in names:
        plain[each.start : each.end] = BLOT * (each.end - each.start)
    return "".join(plain)


def _strange(
    folded: str,
    named: Sequence[NamedSchool],
    unknown: list[NamedSchool],
    scene: _Scene,
    last: SchoolAsk | None,
) -> list[NamedSchool]:
    """Keep the unknown names of a question that is about a table anyway: elsewhere they are the reports' schools."""
    masked = _blotted(folded, (*named, *unknown))
    resource = any(n.id.startswith("1.") for n in demands_in(masked))
    asked = says(f"{_JUDGED}|{ways.ADD}|{ways.IF}", masked) or resource
    sure = scene.home or last is not None or says(_DEMAND, masked) or resource
    return unknown if not scene.elsewhere and asked and sure else []


def _sections(masked: str) -> str:
    return (
        masked.replace("中学", "初中")
        if re.search(r"(?:哪[些几]?|几|多少|所有|各)(?:所|个)?中学", masked)
        else masked
    )


def _other_stage(masked: str, stages: tuple[str, ...]) -> str:
    """Return the name of a stage that no school is assessed for, if only such a one is asked about."""
    held = [
        s
        for s in stages_in(masked)
        if s.id in ("preschool", "senior", "senior_any", "vocational", "vocational_senior", "special")
    ]
    return masked[held[0].start : held[0].end] if held and not stages else ""


def _only(known: Known) -> str | None:
    return next(iter(known.tables)) if len(known.tables) == 1 else None


def _home_of(school: str, known: Known, place: str | None) -> str | None:
    homes = [region for region, names in known.schools.items() if school in names]
    return place if place in homes else (homes[0] if len(homes) == 1 else None)


def _schools(
    folded: str, known: Known, region: str | None, place: str | None
) -> tuple[list[NamedSchool], list[NamedSchool]]:
    """Return the schools named: of the place spoken of, else of any table; and names that are in none."""
    meant = region or place
    tables = [meant] if meant is not None and meant in known.schools else []
    if region is None:
        tables += [other for other in known.schools if other not in tables]
    best: list[NamedSchool] = []
    for each in tables:
        found = find_schools(folded, known.schools[each], each)
        if any(n.names for n in found):
            best = found
            break
        best = best or found
    if not tables:
        return [], []
    return best, unknown_schools(folded, best, tables[0])


_CODE = re.compile(r"(?<![\d.])([1-3]\.\d{1,2})(?![\d.%]|[\u4e00-\u9fff]{0,1}(?:万|亿|倍|平方|元|人|间))")


def _written_codes(masked: str) -> list[str]:
    return [m[1] for m in _CODE.finditer(masked)] if says(f"指标|{ways.REACHED}", masked) else []


def _continues(
    masked: str,
    codes: tuple[str, ...],
    stages: tuple[str, ...],
    named: Sequence[NamedSchool],
    regions: Sequence[str],
    last: SchoolAsk,
) -> bool:
    """True for a turn that leaves to the one before what it asks for, or about what."""
    rest = masked.replace(BLOT, "")
    if ways.GOES_ON.search(rest.strip()):
        return True
    if (
        codes
        and not named
        and says(r"多少|几[所个名]", rest)
        and not says(f"{ways.REACHED}|{ways.SHORT}|{ways.ADD}|{ways.LIMIT}|{ways.DISPERSION}", rest)
    ):
        return False
    return len(rest) <= 16 or bool(named)


def _way(
    masked: str, codes: tuple[str, ...], school: bool, last: SchoolAsk | None, known: Known, *, goes_on: bool
) -> tuple[SchoolOp | None, str]:
    """Return the operation that the words ask for, and which side of the matter."""
    for topic, pattern in ways.RULE:
        if says(pattern, masked) and not (topic == "passing" and school):
            return "rule", topic
    talk = last is not None and goes_on
    spread = says(ways.DISPERSION, masked) or (talk and last is not None and last.op == "dispersion")
    if (
        says(ways.IF, masked)
        and _DIGIT.search(masked)
        and says(f"{ways.MORE}|{ways.LESS}|{ways.SHIFT}", masked)
    ):
        return "what_if", ""
    if (
        talk
        and last is not None
        and last.op == "what_if"
        and _DIGIT.search(masked)
        and says(f"{ways.MORE}|{ways.LESS}|{ways.SHIFT}", masked)
    ):
        return "what_if", ""
    if spread and says(ways.UNWEIGHTED, masked):
        return "dispersion", "unweighted"
    if says(ways.DISPERSION, masked) and says(r"怎么算|如何算|公式|算法|计算方法", masked) and not codes:
        return "rule", "weights"
    if says(ways.VARIANT, masked):
        return "limit", "variant"
    if (
        spread
        and says(ways.LIMIT, masked)
        and (says(r"上限|限值|红线|不(?:能|得|应)?超过多少|最高|要求|标准|规定", masked))
        and not school
        and not says(r"是不是|是否|有没有|在.{0,8}[内下]", masked)
    ):
        return "limit", "dispersion"
    if (
        spread
        and says(ways.CONTRIBUTION, masked)
        and (says(r"拉|贡献|造成|导致|主要|因为|谁", masked))
        and not says(r"超标|超过|没过", masked)
    ):
        return "dispersion", "contributions"
    if spread and says(ways.WORST, masked) and not codes:
        return "dispersion", "over"
    if says(ways.DISPERSION, masked):
        return "dispersion", ""
    if says(ways.MOVE, masked) and not says(r"交流轮岗(?:教师)?(?:的)?比例|轮岗比例", masked):
        return "moves", ""
    if says(ways.LACKING, masked) and says(r"指标|材料|学校|数据|项", masked):
        return "county" if not says(r"学校|[几哪多]所", masked) else "schools", "no_data"
    if says(ways.WHY, masked) and (codes or talk or says(f"{_JUDGED}|{ways.LACKING}", masked)):
        return "why", ""
    if says(ways.ADD_HOW_MUCH, masked):
        return "additions", ""
    if says(ways.ALL_SCHOOLS, masked) and says(f"{ways.REACHED}|{ways.SHORT}|{ways.ENOUGH}", masked):
        return "schools", ""
    if (
        not school
        and says(ways.SHORT, masked)
        and says(r"学校|小学|初中|名单", masked)
        and says(r"哪|列|名单|几|多少", masked)
        and not says(ways.ADD, masked)
    ):
        return "schools", ""
    if (
        says(ways.LIMIT, masked)
        and not says(r"还|补|缺|差", masked)
        and not says(f"{ways.ENOUGH}", masked)
        and (codes or talk)
    ):
        return "limit", ""
    if says(ways.ADD, masked) and says(ways.HOW_MUCH, masked) and not says(r"差(?:在哪|哪|什么)", masked):
        return "additions", ""
    if codes and all(not c.startswith("1.") for c in codes) and not school:
        return "county", ""
    if says(ways.COUNTY, masked) and not school:
        return "county", ""
    of_school = school or (
        talk and last is not None and bool(last.schools) and says(r"它|该校|这所|那所|学校", masked)
    )
    if (
        of_school
        and says(ways.CELL, masked)
        and not says(f"{_JUDGED}|{ways.WHICH_ITEMS}", masked)
        and not _PER_STUDENT.search(masked)
    ):
        return "cell", ""
    if school:
        return "school", ""
    if says(f"{ways.REACHED}|{ways.SHORT}|{ways.ENOUGH}", masked):
        return ("schools" if codes else "overview"), ""
    if says(ways.OVERVIEW, masked):
        return "overview", ""
    if codes and _PER_STUDENT.search(masked) and says(r"多少|几|多大|情况|如何|怎么样", masked):
        return "average", ""
    return (last.op, last.about) if talk and last is not None and _says_no_more(masked, known) else (None, "")


_PARTICLES = re.compile(
    r"那么?|呢|再|还|换成?|改成?|看看?|一下|说说|的|话|吗|啊|吧|是|又|怎么样|怎样|如何|情况|也|都|和|与|而|另外|其中|分别|情况|多少|几|所|呀|了|有|各|成|"
    r"小学|初中|高中|幼儿园|学前|阶段|部|段|方面|学校|指标|这|个|项|全|县|市|区|年|在|请|问|帮我|查|\d+|[^\u4e00-\u9fff]"
)


def _says_no_more(masked: str, known: Known) -> bool:
    """True if a follow-up names nothing but a place, stage, school or indicator: then it asks the same again."""
    rest = masked.replace(BLOT, " ")
    for named in reversed(demands_in(masked)):
        rest = rest[: named.start] + " " + rest[named.end :]
    for place in (*known.regions, *known.tables, *(m.written for m in mentions(rest))):
        rest = rest.replace(place, " ")
    return len(_PARTICLES.sub("", rest)) <= 1


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where a question stands: whose table it may mean, and how sure that is.

    ``home``: a place with a table is named, or spoken of. ``elsewhere``: a place without one is named. Otherwise the
    only table may be meant, if the words leave no doubt; ``quiet``: there are no reports that could be meant.
    """

    home: bool
    elsewhere: bool
    default: bool
    quiet: bool


def _scene(known: Known, region: str | None, spoken: str | None, place: str | None) -> _Scene:
    home = region in known.tables or (region is None and spoken in known.tables)
    elsewhere = (region is not None and region not in known.tables) or (
        region is None and spoken is not None and not home
    )
    return _Scene(home, elsewhere, not home and not elsewhere and place in known.tables, not known.regions)


def _ours(
    op: SchoolOp,
    about: str,
    masked: str,
    codes: tuple[str, ...],
    school: bool,
    scene: _Scene,
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
            and says(r"怎么|如何|怎样|什么|哪|规则|办法|几项|多少项", masked)
            and not says(r"多少所", masked)
        )
    if op == "limit":
        if scene.elsewhere:
            return "均衡" in masked
        if about == "variant":
            return True
        return bool(codes) or says(ways.DISPERSION, masked) or ("均衡" in masked and about != "")
    if op == "county" and says(r"31项|三十一项", masked):
        return says(f"{_JUDGED}|{ways.LACKING}|情况|判定", masked)
    if op == "schools" and says(ways.ALL_SCHOOLS, masked) and says(r"达标|合格", masked):
        return True
    if scene.elsewhere:
        return False
    sure = scene.home or scene.quiet
    if school:
        return (
            op != "school"
            or bool(codes)
            or says(f"{_JUDGED}|{ways.OVERVIEW}|{ways.WHICH_ITEMS}|{ways.CELL}|参加|纳入|参评|算不算", masked)
        )
    if op == "schools":
        return (sure and (bool(codes) or says(_DEMAND, masked) or says(ways.LACKING, masked))) or (
            scene.default and resource and says(f"{ways.ALL_SCHOOLS}|{ways.ENOUGH}", masked)
        )
    if op == "dispersion":
        return sure or scene.default
    if op in ("additions", "moves"):
        return (sure and (resource or says(_DEMAND, masked))) or (
            scene.default and says(_DEMAND, masked) and (resource or "学校" in masked or "全部" in masked)
        )
    if op == "what_if":
        return False  # of no school
    if op == "county":
        return (
            (sure or bool(_written_codes(masked)))
            and says(f"{_JUDGED}|{ways.LACKING}|有.{{0,8}}[吗么]|有没有|哪|情况|如何|是不是|都", masked)
            and not says(r"多少|几", masked.replace("几所", "").replace("多少所", ""))
        )
    if op == "why":
        return sure and (says(_JUDGED, masked) or resource)
    if op == "average":
        return sure
    if op == "overview":
        return (
            (sure or says(r"学校|小学|初中", masked))
            and says(r"[缺差]什么|[缺差]哪|达标|合格|过关|均衡|过没过", masked)
            and not says(r"指标体系|包括|包含|有哪些方面", masked)
        )
    return False


def _foreign(folded: str) -> bool:
    """True if a figure of reports is named that no indicator of the standard is about."""
    standard = standards()["youzhi_junheng"]
    own = {metric for demand in standard.demands for metric in demand.metrics}
    if "综合差异系数" in folded and not says(ways.LIMIT, folded):
        return True  # the mean over eight indicators of another standard
    return any(
        named.id not in own and "差异系数" not in indicators()[named.id].name
        for named in indicators_in(folded)
    )


def _only_state(masked: str, op: SchoolOp) -> str:
    """Return which schools are wanted: those that fail, comply, or lack data."""
    if says(ways.LACKING, masked):
        return "no_data"
    if op not in ("schools", "overview"):
        return ""
    if says(ways.SHORT, masked):
        return "not_met"
    if says(r"情况|怎么样|如何|怎样", masked):
        return ""
    if says(ways.ENOUGH, masked):
        return ""
    return "met" if says(ways.REACHED, masked) else ""


_OF_A_SCHOOL = ("school", "additions", "why", "what_if", "limit", "county", "cell")


def _filled(
    ask: SchoolAsk, masked: str, known: Known, last: SchoolAsk | None, place: str | None, *, goes_on: bool
) -> SchoolAsk:
    """Fill what the turn leaves open from the one before, and the place from the talk."""
    carried: list[str] = []
    changes: dict[str, object] = {}
    if ask.region is None and not ask.unknown_regions and place is not None:
        changes["region"] = place
        carried += ["region"] if last is not None and last.region == place else []
    same_place = ask.region is None or last is None or last.region in (None, ask.region)
    if last is not None:
        if not ask.year and last.year and same_place:
            changes["year"] = last.year
        named = bool(ask.schools or ask.candidates or ask.unknown)
        everyone = says(ways.ALL_SCHOOLS, masked) or says(r"全县|全市|全区|县里|要全部|所有", masked)
        if goes_on and same_place and last.schools and not named and not everyone and ask.op in _OF_A_SCHOOL:
            changes["schools"] = last.schools
            carried.append("school")
        if goes_on and not ask.stages and last.stages and not (named and ask.schools != last.schools):
            changes["stages"] = last.stages
            carried.append("stage")
        overall = says(ways.WHICH_ITEMS, masked) or ask.op in ("overview", "rule")
        overall = overall or (ask.op == "additions" and last.op == "school" and not last.codes)
        overall = overall or (ask.op == "school" and named and says(ways.REACHED, masked))
        if goes_on and not ask.codes and last.codes and not overall:
            changes["codes"] = last.codes
            carried.append("metric")
        if goes_on and ask.op == last.op and ask.op in ("schools", "county") and not ask.only:
            changes["only"] = last.only
        if goes_on and same_place and ask.op == last.op == "what_if":
            changes["changes"] = last.changes
    ask = replace(ask, **changes, carried=tuple(dict.fromkeys(carried)))  # type: ignore[arg-type]
    if ask.op == "what_if":
        ask = replace(ask, changes=(*ask.changes, *suppositions(masked, ask)))
    return ask
