"""Find level and base of a claim by the words that name them, where the reader of facts has not linked them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Fact
from corpus.units import dimension
from tools.audit.clauses import Wording, squeezed, wording_of
from tools.audit.comparisons import Ground, Tie, year
from tools.audit.named_pairs import by_name, over_years, since
from tools.audit.naming_words import (
    NOW,
    PAST,
    candidates,
    core_of,
    fits_unit,
    name_of,
    own_words,
    shared,
    spoken_year,
    year_in,
)
from tools.audit.view import View

_PERCENT = ("%", "‰")
_NET = re.compile(r"净(?:增加?|减少?)(?:了|约)*$")
_CAME = re.compile(r"补充|招聘|引进|调入|转入|迁入|新增|增加|增员|招录")
_WENT = re.compile(r"减员|流失|调出|转出|迁出|退休|减少|离职|退出|离开")
_OF_A_RATE = re.compile(r"增幅|增速|增长率|增长幅度|增长速度")
_AND = re.compile(r"^[^\d,;。()]{0,3}[、和及与](?:约|近)?$")


def seek(ground: Ground, claim: Fact) -> Tie | None:
    """Return level and base as the words name them, None where they do not name both."""
    view = ground.view
    run = run_of(view, claim)
    wording = wording_of(view, run[0])
    if "增" in wording.than and claim.unit == "百分点" and _OF_A_RATE.search(wording.than):
        return _of_rates(view, claim, wording)
    first = claim
    if wording.mark is None and not wording.aside and len(core_of(wording.subject)) < 2:
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
        return _in_bracket(view, claim) or over_years(view, claim, wording)
    return by_name(view, claim, wording) or since(ground, claim, wording)


def _both_behind(ground: Ground, claim: Fact, wording: Wording) -> Tie | None:
    """Both values behind the change: "增加6所,由18所增加到24所", "减少17个(2021年43个,现有26个)"."""
    view = ground.view
    if len(wording.aside) == 2 and all(fits_unit(claim, f) for f in wording.aside):
        base, level = wording.aside
        first, second = (squeezed(view.folded[f.start - 6 : f.start]) for f in wording.aside)
        if PAST.search(first) and (
            NOW.search(second) or (spoken_year(view, level) or 0) > (spoken_year(view, base) or 9999)
        ):
            return Tie(claim, level, base)
    after = [f for f in view.after(claim, 24) if f.sentence == claim.sentence][:2]
    if len(after) == 2 and all(fits_unit(claim, f) for f in after) and after[0].role == "base":
        words = squeezed(view.folded[claim.end : after[0].start])
        if re.match(r"^[^\d,;。()]{0,2},(?:由|从)[^,;。]{0,8}$", words) and after[0].of == after[1].id:
            return Tie(claim, after[1], after[0])
    return None


def _net(view: View, claim: Fact, wording: Wording) -> Tie | None:
    """What came less what went: "三年补充418人,同期减员391人,净增27人"."""
    if wording.mark is not None or not _NET.search(squeezed(view.folded[claim.start - 8 : claim.start])):
        return None
    held = [f for f in view.before(claim, 160) if f.sentence == claim.sentence and f.unit == claim.unit]
    held = [f for f in held if f.role in ("level", "change") and f.kind == "actual"]
    came = [f for f in held if _CAME.search(own_words(view, f)) and not _WENT.search(own_words(view, f))]
    went = [f for f in held if _WENT.search(own_words(view, f)) and not _CAME.search(own_words(view, f))]
    if not came or not went or came[0].start > went[0].start:
        return None
    listed = len(came) + len(went) > 2 and "其中" not in view.folded[went[0].end : claim.start]
    return Tie(claim, came[0], went[0], (), not listed)


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
    if len(held) != 1 or not before or not PAST.search(squeezed(view.folded[open_at : held[0].start])):
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
    if NOW.search(before) and not PAST.search(before):
        return None
    said = year_in(before, None)
    own = year_in(wording.than, None)
    if said is not None and own is not None and said != own and claim.base_period is None:
        return None
    same = year(claim) == said and said is not None and claim.period != claim.base_period
    if PAST.search(before) and not (same and said == view.report.year):
        return aside[0]
    place = squeezed(wording.than)
    return aside[0] if place and before and (place[:2] in before or before[:2] in place) else None


def _level(view: View, claim: Fact, base: Fact, wording: Wording, first: Fact) -> tuple[Fact | None, bool]:
    """The figure before the words of the claim that bears its name, or simply the last one; and if that is sure."""
    held = [f for f in candidates(view, claim, min(wording.start, first.start)) if f.id != base.id]
    held = [f for f in held if dimension(f.unit) == dimension(base.unit) and f.role != "base"]
    held = [f for f in held if not _as_old(view, f, base)]
    if base.unit in _PERCENT:
        held = [f for f in held if f.unit == base.unit]
    if not held:
        return None, False
    core = core_of(wording.subject)
    own = year(claim) if wording.mark is not None else None
    if len(core) >= 2:
        named = [f for f in held if shared(core, name_of(view, f)) >= 2]
        if named:
            best = max(shared(core, name_of(view, f)) for f in named)
            named = [f for f in named if shared(core, name_of(view, f)) == best]
            named = [f for f in named if core in (f.label, f.metric, own_words(view, f))] or named
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


def _other_measure(rivals: Sequence[Fact], last: Fact) -> bool:
    return all(f.unit != last.unit for f in rivals)
