"""Two figures that a comparison names by year, by name, by order or as the ends of a series."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Fact
from corpus.units import dimension
from tools.audit.clauses import Wording, squeezed, wording_of
from tools.audit.comparisons import Ground, Tie, year
from tools.audit.naming_words import (
    LAST,
    PARAGRAPH_REACH,
    YEAR,
    candidates,
    core_of,
    fits_unit,
    name_of,
    shared,
    spoken_year,
    year_in,
)
from tools.audit.view import View

_ORDINAL = {"前者": -2, "后者": -1}
_RESPECTIVELY = re.compile(r"(?P<count>[二两三四五六])年.{0,24}?分别[为是达]?")
_OVER_YEARS = re.compile(
    r"^(?P<years>[一二三四五六七八九十]|\d{1,2})年(?:间|来|内|时间)?(?:累计|共|总共|净)*$"
)
_EVENT = re.compile(r"(?:前|时|之初|初期|年初|期初|末期?|期末|以前|之前)的?$")


def named_pair(view: View, claim: Fact, held: Sequence[Fact], subject: str, than: str) -> Tie | None:
    """Return the two of ``held`` that ``subject`` and ``than`` name, by year, by season, by name or by order."""
    if subject[:2] in _ORDINAL and than[:2] in _ORDINAL:
        if len(held) < 2 or subject[:2] == than[:2]:
            return None
        return Tie(claim, held[_ORDINAL[subject[:2]]], held[_ORDINAL[than[:2]]], (), True)
    wanted = year_in(than, year(claim))
    if wanted is not None:
        return _by_year(view, claim, held, subject, than, wanted)
    level, base = _one_named(view, held, subject), _one_named(view, held, than)
    if level is None or base is None or level is base or dimension(level.unit) != dimension(base.unit):
        return None
    return Tie(claim, level, base, (), level.sentence == base.sentence == claim.sentence)


def _one_named(view: View, held: Sequence[Fact], words: str) -> Fact | None:
    """The last figure whose own words begin as ``words`` do."""
    key = re.sub(r"的|平均|水平|支出数|数$|再$", "", words)[:6]
    if len(key) < 2:
        return None
    near = [f for f in held if key[:2] in name_of(view, f).split("|")[2] or key in name_of(view, f)]
    if not near:
        return None
    exact = [f for f in near if key in name_of(view, f).split("|")[2]]
    chosen = exact or near
    return chosen[-1] if len(chosen) == 1 or len({f.unit for f in chosen}) == 1 else None


def _by_year(
    view: View, claim: Fact, held: Sequence[Fact], subject: str, than: str, wanted: int
) -> Tie | None:
    """Two values of one series: the year of the subject and the year that it is held against."""
    said = YEAR.findall(subject)
    if len(said) > 1:  # 2023年、2022年分别比上年增长…
        own = year(claim)
        wanted = own - 1 if own is not None and LAST.search(than) else wanted
    else:
        own = int(said[0]) if said else None
    core = re.sub(r"^[、,]+", "", core_of(subject))
    linked = view.by_id.get(claim.of or "")
    if linked is not None and not fits_unit(claim, linked):
        linked = None
    own = own or (year(linked) if linked is not None else None) or year(claim)
    if own is None or own <= wanted:
        return None
    levels = of_year(view, held, own)
    if len(core) >= 2 and any(shared(core, name_of(view, f)) >= 2 for f in levels):
        levels = [f for f in levels if shared(core, name_of(view, f)) >= 2]
    elif linked is not None and year(linked) == own:
        levels = [linked]
    if not levels:
        return in_series(view, claim, held, own, wanted)
    level = levels[-1]
    bases = [f for f in of_year(view, held, wanted) if dimension(f.unit) == dimension(level.unit)]
    same = [f for f in bases if f.metric == level.metric or f.label == level.label]
    other = core_of(than)
    cores = [c for c in (other, core_of(level.label)) if len(c) >= 2]
    loose = [f for f in bases if any(shared(c, name_of(view, f)) >= 2 for c in cores)]
    if same:
        return Tie(claim, level, same[-1], (), len(same) == 1 and len(levels) == 1)
    if loose:
        return Tie(claim, level, loose[-1], (), False)
    return in_series(view, claim, held, own, wanted)


def of_year(view: View, held: Sequence[Fact], wanted: int) -> list[Fact]:
    """Those that the text itself dates to the year, else those that were read so."""
    found = [f for f in held if spoken_year(view, f) == wanted]
    said = [f for f in found if str(wanted) in name_of(view, f).split("|")[2]]
    return said or found


def in_series(view: View, claim: Fact, held: Sequence[Fact], own: int, wanted: int) -> Tie | None:
    """Values of the last years in a row without their years: "三年累计投资X,分别为A、B、C"."""
    last = view.report.year
    found = list(_RESPECTIVELY.finditer(view.folded, max(0, claim.start - PARAGRAPH_REACH), claim.start))
    match = found[-1] if found else None
    if match is None or last is None:
        return None
    count = "一二三四五六".find(match["count"].replace("两", "二")) + 1
    run = [f for f in held if f.start >= match.end()][:count]
    if len(run) < count or len({f.unit for f in run}) != 1:
        return None
    at = {last - count + 1 + place: fact for place, fact in enumerate(run)}
    if own not in at or wanted not in at:
        return None
    told = core_of(wording_of(view, claim).subject)
    named = len(told) >= 2 and shared(told, squeezed(view.folded[match.start() : match.end()])) == len(told)
    return Tie(claim, at[own], at[wanted], (), named and own == last)


def series_before(view: View, claim: Fact) -> list[Fact]:
    """Return the values of "近三年教育支出分别为A、B、C" told in the sentence before ``claim``, none if there is no such list."""
    floor = max(claim.sentence[0], claim.start - 120)
    found = list(_RESPECTIVELY.finditer(view.folded, floor, claim.start))
    if not found:
        return []
    count = "一二三四五六".find(found[-1]["count"].replace("两", "二")) + 1
    run = [f for f in view.within(found[-1].end(), claim.start) if f.unit not in ("年", "%")]
    return run if len(run) == count > 2 and len({f.unit for f in run}) == 1 else []


def by_name(view: View, claim: Fact, wording: Wording) -> Tie | None:
    """Both sides are figures told before: "2023年投资比2022年增长", "秋季比春季少", "教师高出公务员"."""
    if wording.mark is None or not wording.than or wording.inner:
        return None
    held = candidates(view, claim, wording.start)
    if claim.unit not in ("%", "‰"):
        held = [f for f in held if f.unit != "%" or claim.unit == "百分点"]
    return named_pair(view, claim, held, wording.subject, wording.than)


def over_years(view: View, claim: Fact, wording: Wording) -> Tie | None:
    """The first and the last of two or more values told before: "2020年3415人,2023年2376人,三年间下降30.4%"."""
    match = _OVER_YEARS.match(wording.subject)
    if match is None:
        return None
    held = [f for f in candidates(view, claim, wording.start) if f.sentence == claim.sentence]
    if len(held) < 2 or (now := year(held[-1])) is None:
        return None
    level = held[-1]
    count = "一二三四五六七八九十".find(match["years"]) + 1 or int(match["years"])
    alike = [f for f in held[:-1] if f.label == level.label and f.unit == level.unit]
    past = [f for f in alike if year(f) in (now - count, now - count + 1)]
    exact = [f for f in past if year(f) == now - count] or past
    return Tie(claim, level, exact[-1], (), len(exact) == 1 == len(past)) if exact else None


def since(ground: Ground, claim: Fact, wording: Wording) -> Tie | None:
    """Against an event whose value was told just before: "由61人减少到3人,比控辍前减少58人"."""
    if not _EVENT.search(wording.than) or wording.inner:
        return None
    held = [f for f in candidates(ground.view, claim, wording.start) if f.sentence == claim.sentence]
    bases = ground.bases.get(held[-1].id, ()) if held else ()
    same = [b for b in bases if dimension(b.unit) == dimension(held[-1].unit)]
    return Tie(claim, held[-1], same[-1]) if len(same) == 1 else None
