"""Find level and base of a claim by the words that name them, where the reader of facts has not linked them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Fact
from corpus.units import dimension
from tools.audit import moving
from tools.audit.clauses import Wording, in_closed_bracket, squeezed, wording_of
from tools.audit.comparisons import Ground, Tie, year
from tools.audit.intervals import judge
from tools.audit.view import View

_YEAR = re.compile(r"(?:19|20)\d\d(?=年|学年|[—\-~])")
_LAST = re.compile(r"上一?年|去年|上一?学年|前一?年|上一?期")
_AGO = re.compile(r"前年")
_PAST = re.compile(
    r"上一?[年期]|去年|前一?年|上一?学年|同期|原有?|(?:19|20)\d\d年?|[一二三]十?[三四五]”?末|年初|此前|之前|反馈时|时"
)
_NOW = re.compile(r"目前|现有?|今年|达到?|增至|减至|升至|降至|本年")
_ASIDE_REACH = 260
_ORDINAL = {"前者": -2, "后者": -1}
_GENERAL = re.compile(
    r"(?:19|20)\d\d(?:[—\-~]\d+)?(?:年|学年度?|年度)?|[春秋]季?学?期?|上一?年|去年|同期|全[县市区州省国]|我[县市区州省]|总[数量额]|人数|数量|规模|总体|达|平均|水平|比例|占比"
)
_PERCENT = ("%", "‰")


def fits_unit(claim: Fact, fact: Fact) -> bool:
    """Tell whether ``fact`` may be a level or base of ``claim`` by its unit."""
    if fact.unit == "年" or fact.role in ("rate", "change", "limit"):
        return False
    if claim.unit in ("百分点", "千分点"):
        return fact.unit == ("%" if claim.unit == "百分点" else "‰")
    if claim.unit in ("%", "‰", "倍", "成", "番"):
        return fact.unit not in ("百分点", "千分点", "倍", "番", "岁")
    return dimension(fact.unit) == dimension(claim.unit)


def seek(ground: Ground, claim: Fact) -> Tie | None:
    """Return level and base as the words name them, None where they do not name both."""
    view = ground.view
    run = run_of(view, claim)
    wording = wording_of(view, run[0])
    if "增" in wording.than and claim.unit == "百分点" and _OF_A_RATE.search(wording.than):
        return _of_rates(view, claim, wording)
    first = claim
    if wording.mark is None and not wording.aside and len(_core(wording.subject)) < 2:
        lead = _leading(view, claim)  # 增加265人(2022年为4387人),增幅6.04%: the rate goes with the amount
        if lead is not None:
            first, wording = lead, wording_of(view, lead)
    if len(run) > 1 and (tied := _respective(view, claim, run, wording)):
        return tied
    base = _base_in_words(view, claim, wording)
    if base is not None:
        level, certain = _level(view, claim, base, wording, first)
        if level is not None and dimension(level.unit) == dimension(base.unit):
            return Tie(claim, level, base, (), certain, first if first is not claim else None)
        return None
    if (tied := _both_behind(ground, claim, wording) or _net(view, claim, wording)) is not None:
        return tied
    if wording.mark is None:
        return _in_bracket(view, claim) or _over_years(view, claim, wording)
    return _by_name(view, claim, wording) or _since(ground, claim, wording)


_EVENT = re.compile(r"(?:前|时|之初|初期|年初|期初|末期?|期末|以前|之前)的?$")


def _both_behind(ground: Ground, claim: Fact, wording: Wording) -> Tie | None:
    """Both values behind the change: "增加6所,由18所增加到24所", "减少17个(2021年43个,现有26个)"."""
    view = ground.view
    if len(wording.aside) == 2 and all(fits_unit(claim, f) for f in wording.aside):
        base, level = wording.aside
        first, second = (squeezed(view.folded[f.start - 6 : f.start]) for f in wording.aside)
        if _PAST.search(first) and (
            _NOW.search(second) or (spoken_year(view, level) or 0) > (spoken_year(view, base) or 9999)
        ):
            return Tie(claim, level, base)
    after = [f for f in view.after(claim, 24) if f.sentence == claim.sentence][:2]
    if len(after) == 2 and all(fits_unit(claim, f) for f in after) and after[0].role == "base":
        words = squeezed(view.folded[claim.end : after[0].start])
        if re.match(r"^[^\d,;。()]{0,2},(?:由|从)[^,;。]{0,8}$", words) and after[0].of == after[1].id:
            return Tie(claim, after[1], after[0])
    return None


_NET = re.compile(r"净(?:增加?|减少?)(?:了|约)*$")
_CAME = re.compile(r"补充|招聘|引进|调入|转入|迁入|新增|增加|增员|招录")
_WENT = re.compile(r"减员|流失|调出|转出|迁出|退休|减少|离职|退出|离开")


def _net(view: View, claim: Fact, wording: Wording) -> Tie | None:
    """What came less what went: "三年补充418人,同期减员391人,净增27人"."""
    if wording.mark is not None or not _NET.search(squeezed(view.folded[claim.start - 8 : claim.start])):
        return None
    held = [f for f in view.before(claim, 160) if f.sentence == claim.sentence and f.unit == claim.unit]
    held = [f for f in held if f.role in ("level", "change") and f.kind == "actual"]
    came = [f for f in held if _CAME.search(_own_words(view, f)) and not _WENT.search(_own_words(view, f))]
    went = [f for f in held if _WENT.search(_own_words(view, f)) and not _CAME.search(_own_words(view, f))]
    if not came or not went or came[0].start > went[0].start:
        return None
    listed = len(came) + len(went) > 2 and "其中" not in view.folded[went[0].end : claim.start]
    return Tie(claim, came[0], went[0], (), not listed)


def _since(ground: Ground, claim: Fact, wording: Wording) -> Tie | None:
    """Against an event whose value was told just before: "由61人减少到3人,比控辍前减少58人"."""
    if not _EVENT.search(wording.than) or wording.inner:
        return None
    held = [f for f in _candidates(ground.view, claim, wording.start) if f.sentence == claim.sentence]
    bases = ground.bases.get(held[-1].id, ()) if held else ()
    same = [b for b in bases if dimension(b.unit) == dimension(held[-1].unit)]
    return Tie(claim, held[-1], same[-1]) if len(same) == 1 else None


_OF_A_RATE = re.compile(r"增幅|增速|增长率|增长幅度|增长速度")
_AND = re.compile(r"^[^\d,;。()]{0,3}[、和及与](?:约|近)?$")


def run_of(view: View, claim: Fact) -> list[Fact]:
    """Return the claims that stand in one list with ``claim`` ("高5.7个和3.3个百分点"), itself among them."""
    near = [f for f in view.within(claim.start - 60, claim.end + 60) if f.sentence == claim.sentence]
    at = near.index(claim) if claim in near else next((i for i, f in enumerate(near) if f.id == claim.id), -1)
    if at < 0:
        return [claim]
    first = last = at
    text = view.folded
    while first and _AND.match(squeezed(text[near[first - 1].end : near[first].start])):
        first -= 1
    while last + 1 < len(near) and _AND.match(squeezed(text[near[last].end : near[last + 1].start])):
        last += 1
    return near[first : last + 1]


def _respective(view: View, claim: Fact, run: Sequence[Fact], wording: Wording) -> Tie | None:
    """One level against several others: "分别比全国(91.1%)、全省(93.5%)高5.7个和3.3个百分点"."""
    bases = [f for f in wording.inner if fits_unit(claim, f)]
    if len(bases) != len(run) or wording.mark is None:
        return None
    at = next(i for i, f in enumerate(run) if f.id == claim.id)
    level, certain = _level(view, claim, bases[at], wording, run[0])
    return Tie(claim, level, bases[at], (), certain) if level is not None else None


def _of_rates(view: View, claim: Fact, wording: Wording) -> Tie | None:
    """A rate of growth against another: "增长5.96%,高于同期支出增幅(3.15%)2.81个百分点"."""
    inner = [f for f in (*wording.inner, *wording.aside) if f.unit == "%" and f.direction != "down"]
    rates = [
        f for f in view.before(claim, 120) if f.role == "rate" and f.unit == "%" and f.end <= wording.start
    ]
    rates = [f for f in rates if f.sentence == claim.sentence]
    if len(inner) != 1 or not rates or rates[-1].direction == "down":
        return None
    return Tie(claim, rates[-1], inner[0], (), len(rates) == 1)


def _in_bracket(view: View, claim: Fact) -> Tie | None:
    """Base and change together in the bracket behind the level: "31.5册(2020年为27.9册,增加3.6册)"."""
    open_at = view.folded.rfind("(", claim.sentence[0], claim.start)
    if open_at < 0 or ")" in view.folded[open_at : claim.start]:
        return None
    held = [f for f in view.within(open_at, claim.start) if fits_unit(claim, f)]
    before = [f for f in view.within(open_at - 20, open_at) if fits_unit(claim, f)]
    if len(held) != 1 or not before or not _PAST.search(squeezed(view.folded[open_at : held[0].start])):
        return None
    level = before[-1]
    close = re.match(r"^[^\d,;。]{0,4}$", view.folded[level.end : open_at])
    if close is None or dimension(level.unit) != dimension(held[0].unit):
        return None
    return Tie(claim, level, held[0])


def _leading(view: View, claim: Fact) -> Fact | None:
    """The amount right before a rate without words of its own, with nothing but a bracket between."""
    for fact in reversed(view.before(claim, 60)):
        if fact.sentence != claim.sentence:
            return None
        between = re.sub(r"\([^()]*\)", "", squeezed(view.folded[fact.end : claim.start]))
        if re.match(r"^[^\d,;。()]{0,3},[^,;。()]{0,8}$", between):
            return fact if fact.role in ("change", "rate") or wording_of(view, fact).up is not None else None
    return None


def _base_in_words(view: View, claim: Fact, wording: Wording) -> Fact | None:
    """The one figure of the other side, or that of the bracket behind."""
    inner = [f for f in wording.inner if fits_unit(claim, f) and f.kind != "plan"]
    if len(inner) == 1 and len([f for f in wording.inner if f.unit != "年"]) == 1:
        return inner[0]
    if inner:
        return None
    aside = [f for f in wording.aside if fits_unit(claim, f)]
    if len(aside) != 1:
        return None
    before = squeezed(view.folded[aside[0].start - min(14, len(wording.remark)) : aside[0].start]).split("(")[
        -1
    ]
    if _NOW.search(before) and not _PAST.search(before):
        return None
    said = _year_in(before, None)
    own = _year_in(wording.than, None)
    if said is not None and own is not None and said != own and claim.base_period is None:
        return None
    same = year(claim) == said and said is not None and claim.period != claim.base_period
    if _PAST.search(before) and not (same and said == view.report.year):
        return aside[0]
    place = squeezed(wording.than)
    return aside[0] if place and before and (place[:2] in before or before[:2] in place) else None


def _year_in(words: str, own: int | None) -> int | None:
    if match := _YEAR.search(words):
        return int(match[0])
    if own is not None and _AGO.search(words):
        return own - 2
    return own - 1 if own is not None and _LAST.search(words) else None


def _candidates(view: View, claim: Fact, until: int) -> list[Fact]:
    """Figures of the paragraph before ``until`` that ``claim`` may be about, those in closed brackets left out."""
    floor = max(view.folded.rfind("\n", 0, until) + 1, until - _ASIDE_REACH)
    found = [
        f
        for f in view.within(floor, until)
        if f.kind in ("actual", "plan", "reference") and fits_unit(claim, f)
    ]
    return [f for f in found if not in_closed_bracket(view.folded, f, until)]


def _core(words: str) -> str:
    return _GENERAL.sub("", words)


def _level(view: View, claim: Fact, base: Fact, wording: Wording, first: Fact) -> tuple[Fact | None, bool]:
    """The figure before the words of the claim that bears its name, or simply the last one; and if that is sure."""
    held = [f for f in _candidates(view, claim, min(wording.start, first.start)) if f.id != base.id]
    held = [f for f in held if dimension(f.unit) == dimension(base.unit) and f.role != "base"]
    held = [f for f in held if not _as_old(view, f, base)]
    if base.unit in _PERCENT:
        held = [f for f in held if f.unit == base.unit]
    if not held:
        return None, False
    core = _core(wording.subject)
    own = year(claim) if wording.mark is not None else None
    if len(core) >= 2:
        named = [f for f in held if _shared(core, _name(view, f)) >= 2]
        if named:
            best = max(_shared(core, _name(view, f)) for f in named)
            named = [f for f in named if _shared(core, _name(view, f)) == best]
            named = [f for f in named if core in (f.label, f.metric, _own_words(view, f))] or named
            latest = [f for f in named if own and year(f) == own] or named
            measure = squeezed(
                re.split(r"[,;。()、]", view.folded[first.end - len(first.unit) : first.end + 3])[0]
            )
            sure = best >= len(core.removesuffix(measure)) and (
                len(latest) == 1 or latest[-1].sentence == claim.sentence
            )
            return latest[-1], sure
        same = [f for f in held if f.unit == base.unit and f.sentence == claim.sentence]
        return (same[-1], False) if same else (held[-1], False)
    last = held[-1]
    if last.sentence != claim.sentence:
        return last, False
    between = view.folded[last.end : wording.start]
    rivals = [f for f in held if f.sentence == last.sentence and f.start > last.start - 60 and f is not last]
    rivals = [f for f in rivals if not re.search(r"[;。\n]", view.folded[f.end : last.start])]
    beside = not re.search(r"[;。]", between)
    return last, beside and (not rivals or _other_measure(rivals, last) or len(squeezed(between)) <= 1)


def _as_old(view: View, fact: Fact, base: Fact) -> bool:
    """True if the text dates ``fact`` no later than ``base``, so that it is no level of a change from it."""
    now, then = spoken_year(view, fact), spoken_year(view, base)
    if now is None or then is None or now > then:
        return False
    own = view.folded[max(base.sentence[0], base.start - 12) : base.start]
    if now == then and str(now) not in squeezed(
        view.folded[max(fact.sentence[0], fact.start - 60) : fact.start]
    ):
        return False  # the year was only read from elsewhere
    return now < then or str(then) in own


def spoken_year(view: View, fact: Fact) -> int | None:
    """Return the year that the words before ``fact`` in its sentence give it, else the one that was read."""
    text = view.folded
    floor = max(fact.sentence[0], fact.start - 60, text.rfind(";", fact.sentence[0], fact.start) + 1)
    words = squeezed(text[floor : fact.start])
    if _LAST.search(re.split(r"[,(]", words)[-1]) or re.search(r"年[、和及](?:19|20)\d\d年", words):
        return year(fact)
    said = [m for m in _YEAR.finditer(words) if not re.search(r"[比较由从自]$", words[: m.start()])]
    return int(said[-1][0]) if said and fact.role != "base" else year(fact)


def _other_measure(rivals: Sequence[Fact], last: Fact) -> bool:
    return all(f.unit != last.unit for f in rivals)


def _name(view: View, fact: Fact) -> str:
    """What the text calls a figure: its label and the words right before it."""
    start = max(fact.sentence[0], fact.start - 24)
    words = re.split(r"[,;。:、()]", view.folded[start : fact.start])[-1]
    return f"{fact.label}|{fact.metric}|{squeezed(words)}|{fact.subject or ''}"


def _own_words(view: View, fact: Fact) -> str:
    return _core(_name(view, fact).split("|")[2])


def _shared(core: str, name: str) -> int:
    """Return the length of the longest run of characters of ``core`` that ``name`` holds."""
    for size in range(min(len(core), 12), 1, -1):
        if any(core[at : at + size] in name for at in range(len(core) - size + 1)):
            return size
    return 0


_OVER_YEARS = re.compile(
    r"^(?P<years>[一二三四五六七八九十]|\d{1,2})年(?:间|来|内|时间)?(?:累计|共|总共|净)*$"
)
_TIMES = re.compile(r"(?P<verb>是|为|相当于|达到?了?)(?P<what>[^,;。]{1,30}?)的?(?:约|近)?$")


def multiple_named(ground: Ground, claim: Fact) -> tuple[Fact, Fact] | None:
    """Return (level, base) of "初中为小学的1.17倍" and "2022年招聘人数是2020年的1.4倍", None if the words name no two."""
    view = ground.view
    floor = max(claim.sentence[0], claim.start - 60)
    begin = max(view.folded.rfind(mark, floor, claim.start) + 1 for mark in ",;。:")
    match = _TIMES.search(view.folded, max(floor, begin), claim.start)
    if match is None or match["verb"] == "达":
        return None
    subject, than = squeezed(view.folded[max(floor, begin) : match.start()]), squeezed(match["what"])
    inner = [f for f in view.within(match.start("what"), claim.start) if fits_unit(claim, f)]
    if not inner and (told := wording_of(view, claim).aside):
        inner = [
            f
            for f in told
            if fits_unit(claim, f) and (_year_in(than, None) or 0) in (0, spoken_year(view, f))
        ]
    held = [f for f in _candidates(view, claim, match.start()) if f.unit != "%"]
    if len(inner) == 1 and held:
        level = held[-1]
        tie = level.sentence == claim.sentence and dimension(level.unit) == dimension(inner[0].unit)
        return (level, inner[0]) if tie and len(_core(subject)) < 2 else None
    if inner:
        return None
    than = than.removesuffix("的")
    if not subject and (lead := _claim_before(view, claim)) is not None:
        tied = seek(ground, lead)
        wanted = _year_in(than, None)
        if tied is None or tied.level is None or wanted is None:
            return None
        same = [
            f
            for f in held
            if year(f) == wanted and f.metric == tied.level.metric and f.unit == tied.level.unit
        ]
        return (tied.level, same[0]) if len(same) == 1 and tied.certain else None
    found = named_pair(view, claim, held, subject, than)
    return _settled(claim, found)


def _settled(claim: Fact, found: Tie | None) -> tuple[Fact, Fact] | None:
    """Return the two of ``found`` if they are meant for certain, or the multiple bears them out."""
    if found is None or found.level is None or found.base is None:
        return None
    made = moving.multiple(claim, found.level, found.base)
    fits = made is not None and judge(claim, made).verdict != "inconsistent"
    return (found.level, found.base) if found.certain or fits else None


def _claim_before(view: View, claim: Fact) -> Fact | None:
    """The change told in the clause before: "2023年投资比2022年增长6.25%,是2021年的1.38倍"."""
    last = next(reversed(view.before(claim, 40)), None)
    if last is None or last.sentence != claim.sentence or last.role not in ("rate", "change"):
        return None
    return last if re.match(r"^,[^,]*$", view.folded[last.end : claim.start]) else None


def _over_years(view: View, claim: Fact, wording: Wording) -> Tie | None:
    """The first and the last of two or more values told before: "2020年3415人,2023年2376人,三年间下降30.4%"."""
    match = _OVER_YEARS.match(wording.subject)
    if match is None:
        return None
    held = [f for f in _candidates(view, claim, wording.start) if f.sentence == claim.sentence]
    if len(held) < 2 or (now := year(held[-1])) is None:
        return None
    level = held[-1]
    count = "一二三四五六七八九十".find(match["years"]) + 1 or int(match["years"])
    alike = [f for f in held[:-1] if f.label == level.label and f.unit == level.unit]
    past = [f for f in alike if year(f) in (now - count, now - count + 1)]
    exact = [f for f in past if year(f) == now - count] or past
    return Tie(claim, level, exact[-1], (), len(exact) == 1 == len(past)) if exact else None


def _by_name(view: View, claim: Fact, wording: Wording) -> Tie | None:
    """Both sides are figures told before: "2023年投资比2022年增长", "秋季比春季少", "教师高出公务员"."""
    if wording.mark is None or not wording.than or wording.inner:
        return None
    held = _candidates(view, claim, wording.start)
    if claim.unit not in ("%", "‰"):
        held = [f for f in held if f.unit != "%" or claim.unit == "百分点"]
    return named_pair(view, claim, held, wording.subject, wording.than)


def named_pair(view: View, claim: Fact, held: Sequence[Fact], subject: str, than: str) -> Tie | None:
    """Return the two of ``held`` that ``subject`` and ``than`` name, by year, by season, by name or by order."""
    if subject[:2] in _ORDINAL and than[:2] in _ORDINAL:
        if len(held) < 2 or subject[:2] == than[:2]:
            return None
        return Tie(claim, held[_ORDINAL[subject[:2]]], held[_ORDINAL[than[:2]]], (), True)
    wanted = _year_in(than, year(claim))
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
    near = [f for f in held if key[:2] in _name(view, f).split("|")[2] or key in _name(view, f)]
    if not near:
        return None
    exact = [f for f in near if key in _name(view, f).split("|")[2]]
    chosen = exact or near
    return chosen[-1] if len(chosen) == 1 or len({f.unit for f in chosen}) == 1 else None


def _by_year(
    view: View, claim: Fact, held: Sequence[Fact], subject: str, than: str, wanted: int
) -> Tie | None:
    """Two values of one series: the year of the subject and the year that it is held against."""
    said = _YEAR.findall(subject)
    if len(said) > 1:  # 2023年、2022年分别比上年增长…
        own = year(claim)
        wanted = own - 1 if own is not None and _LAST.search(than) else wanted
    else:
        own = int(said[0]) if said else None
    core = re.sub(r"^[、,]+", "", _core(subject))
    linked = view.by_id.get(claim.of or "")
    if linked is not None and not fits_unit(claim, linked):
        linked = None
    own = own or (year(linked) if linked is not None else None) or year(claim)
    if own is None or own <= wanted:
        return None
    levels = _of_year(view, held, own)
    if len(core) >= 2 and any(_shared(core, _name(view, f)) >= 2 for f in levels):
        levels = [f for f in levels if _shared(core, _name(view, f)) >= 2]
    elif linked is not None and year(linked) == own:
        levels = [linked]
    if not levels:
        return _in_series(view, claim, held, own, wanted)
    level = levels[-1]
    bases = [f for f in _of_year(view, held, wanted) if dimension(f.unit) == dimension(level.unit)]
    same = [f for f in bases if f.metric == level.metric or f.label == level.label]
    other = _core(than)
    cores = [c for c in (other, _core(level.label)) if len(c) >= 2]
    loose = [f for f in bases if any(_shared(c, _name(view, f)) >= 2 for c in cores)]
    if same:
        return Tie(claim, level, same[-1], (), len(same) == 1 and len(levels) == 1)
    if loose:
        return Tie(claim, level, loose[-1], (), False)
    return _in_series(view, claim, held, own, wanted)


def _of_year(view: View, held: Sequence[Fact], wanted: int) -> list[Fact]:
    """Those that the text itself dates to the year, else those that were read so."""
    found = [f for f in held if spoken_year(view, f) == wanted]
    said = [f for f in found if str(wanted) in _name(view, f).split("|")[2]]
    return said or found


_RESPECTIVELY = re.compile(r"(?P<count>[二两三四五六])年.{0,24}?分别[为是达]?")


def _in_series(view: View, claim: Fact, held: Sequence[Fact], own: int, wanted: int) -> Tie | None:
    """Values of the last years in a row without their years: "三年累计投资X,分别为A、B、C"."""
    last = view.report.year
    found = list(_RESPECTIVELY.finditer(view.folded, max(0, claim.start - _ASIDE_REACH), claim.start))
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
    told = _core(wording_of(view, claim).subject)
    named = len(told) >= 2 and _shared(told, squeezed(view.folded[match.start() : match.end()])) == len(told)
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
