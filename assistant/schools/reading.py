"""Read a turn as a question about schools or standards; None where it is a question about reports.

A turn is one of these by what it names and by its way of asking: a school of a stored table; schools that fail; a
coefficient of variation; what must be added; what if. Words that reports use too (骨干教师, 大班额) do so only for a
place that has a table, or where the talk is about one already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.operations import operation
from assistant.question import Known
from assistant.schools import ways
from assistant.schools.ask import SchoolAsk
from assistant.schools.belonging import Scene, is_foreign, is_ours, scene_of, written_codes
from assistant.schools.choosing import continues, way
from assistant.schools.filling import filled, only_state
from assistant.schools.ways import BLOT, says
from assistant.slots import places_in
from assistant.times import read_times
from corpus.catalogue import indicators_in, stages_in
from corpus.folding import fold
from corpus.rules import standards
from corpus.spoken import demands_in
from tools.school_names import NamedSchool, find_schools, unknown_schools

_SPLIT = re.compile(r"[?？;；。!！\n]+")


def read_schools(
    turns: Sequence[str], known: Known, *, last_resort: bool = False
) -> tuple[SchoolAsk, ...] | None:
    """Return what the last of ``turns`` asks about schools or standards, None if it asks about something else.

    ``last_resort``: the reports hold nothing of what the last turn asks, so it may be read as about the table.
    """
    last: SchoolAsk | None = None
    spoken: str | None = None
    before = ""
    found: tuple[SchoolAsk, ...] | None = None
    for at, turn in enumerate(turns, 1):
        again = last_resort and at == len(turns)
        asks: list[SchoolAsk] = []
        pieces = [piece.strip(" ,，") for piece in _SPLIT.split(turn) if piece.strip(" ,，")]
        for piece in pieces or [turn]:
            regions, _ = places_in(fold(piece), known)
            ask = _piece(piece, known, last, spoken, before, last_resort=again)
            before = fold(piece)
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
    text: str, known: Known, last: SchoolAsk | None, spoken: str | None, before: str, *, last_resort: bool
) -> SchoolAsk | None:
    folded = fold(text)
    regions, strangers = places_in(folded, known)
    region = regions[0] if regions else None
    place = region or spoken or _only(known)
    named, unknown = _schools(folded, known, region, place)
    if region is None and named and named[0].names:
        region = place = _home_of(named[0].names[0], known, place) or place
    scene = scene_of(known, region, spoken, place, last_resort=last_resort)
    named, unknown = list(named), _strange(folded, named, unknown, scene, last)
    masked = _blotted(folded, (*named, *unknown))
    if told := _by_reports(text, masked, before, region or spoken or known.sole, known):
        return told
    if (strangers and region is None) or is_foreign(masked) or operation(folded) == "outside":
        return None
    stages = tuple(dict.fromkeys(s.id for s in stages_in(_sections(masked)) if s.id in ("primary", "junior")))
    codes = tuple(dict.fromkeys(n.id for n in demands_in(masked)))
    codes = tuple(dict.fromkeys((*codes, *written_codes(masked))))
    goes_on = last is not None and continues(masked, codes, stages, named, regions, last)
    op, about = way(masked, codes, bool(named or unknown), last, known, goes_on=goes_on)
    if op is None or not is_ours(op, about, masked, codes, bool(named or unknown), scene, in_talk=goes_on):
        return None
    times = read_times(folded, regions, known)
    years = [p[:4] for p in times.periods if p[:4].isdigit()]
    ask = SchoolAsk(
        text=text, folded=folded, op=op, region=region, unknown_regions=() if region else strangers, year=years[0] if years else None,
        schools=tuple(dict.fromkeys(n.names[0] for n in named if len(n.names) == 1)),
        candidates=next((n.names for n in named if len(n.names) > 1), ()),
        unknown=next((n.written for n in (*named, *unknown) if not n.names), None),
        stages=stages, codes=codes, standard="jiben_junheng" if "基本均衡" in masked else "youzhi_junheng", only=only_state(masked, op),
        about=about, other_stage=_other_stage(masked, stages), money=says(r"钱|万元|资金|经费", masked),
    )  # fmt: skip
    return filled(ask, masked, known, last, place, goes_on=goes_on)


_BARE = 14
"""Characters of a turn that can be a mere "does it comply?"."""
_JUDGED = re.compile(
    r"达标|合格|合规|达到(?:了)?(?:国家|省里?|规定)?(?:的)?(?:标准|要求|规定)|符合(?:国家|规定)?(?:的)?(?:标准|要求|规定)|过线|过关"
)


def _by_reports(text: str, masked: str, before: str, region: str | None, known: Known) -> SchoolAsk | None:
    """Read whether a place without a table meets a demand that its reports may decide; None for anything else.

    "达标吗" after a figure is about that figure: ``before`` is what was asked then.
    """
    if region is None or region in known.tables or region not in known.regions or not _JUDGED.search(masked):
        return None
    own = _decided_by_reports(masked)
    bare = len(masked) <= _BARE and not demands_in(masked) and not indicators_in(masked)
    found = own or (_decided_by_reports(before) if bare else None)
    if found is None:
        return None
    standard, codes = found
    return SchoolAsk(
        text=text, folded=masked, op="county", region=region, codes=codes, standard=standard,
        carried=() if own else ("metric",),
    )  # fmt: skip


def _decided_by_reports(folded: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the standard and the demands that a text names, those on each school left out."""
    metrics = {named.id for named in indicators_in(folded)}
    for standard in ("youzhi_junheng", "xueqian"):
        named = [n.id for n in (demands_in(folded) if standard == "youzhi_junheng" else ())]
        named += [d.code for d in standards()[standard].demands if metrics & set(d.metrics)]
        if codes := tuple(dict.fromkeys(code for code in named if not code.startswith("1."))):
            return standard, codes
    return None


def _blotted(folded: str, names: Sequence[NamedSchool]) -> str:
    plain = list(folded)
    for each in names:
        plain[each.start : each.end] = BLOT * (each.end - each.start)
    return "".join(plain)


def _strange(
    folded: str,
    named: Sequence[NamedSchool],
    unknown: list[NamedSchool],
    scene: Scene,
    last: SchoolAsk | None,
) -> list[NamedSchool]:
    """Keep the unknown names of a question that is about a table anyway: elsewhere they are the reports' schools."""
    masked = _blotted(folded, (*named, *unknown))
    resource = any(n.id.startswith("1.") for n in demands_in(masked))
    asked = says(f"{ways.JUDGED}|{ways.ADD}|{ways.IF}", masked) or resource
    sure = scene.home or last is not None or says(ways.DEMAND, masked) or resource
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
