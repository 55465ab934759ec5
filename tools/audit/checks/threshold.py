"""A figure against the bound that the same words hold it to: "首次超过6万亿元", "高于85%的国家标准", "不低于公务员"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from corpus.catalogue import settled
from corpus.claims import claims
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import RATIOS, convert, dimension
from tools.audit.checks.reached import told_as_result
from tools.audit.context import clause_bounds, hedged, judged, named, pattern, quoted, year_of
from tools.audit.intervals import Interval, interval_of
from tools.audit.model import Finding, Verdict
from tools.audit.registry import Piece, check, tell
from tools.audit.view import View
from tools.change import difference_of
from tools.evidence import Part, amount

VERDICT_WORDS: dict[Verdict, str] = {
    "consistent": "一致", "rounding": "在四舍五入允许的范围内一致", "inconsistent": "不一致",
    "not_recomputable": "无法核对",
}  # fmt: skip
_MOST = 16
"""Figures looked at before a bound that is said of all of them (均)."""
_RANK: dict[Verdict, int] = {"inconsistent": 0, "rounding": 1, "consistent": 2, "not_recomputable": 3}
_TURNED = {"≥": "≤", ">": "<", "≤": "≥", "<": ">"}
_EXCESS = re.compile(r"(?:超出|高出|多出|少于|低于|高于|超过)(?P<noun>[^\d]*)$")
_RULE_AFTER = re.compile(r"的?(?:[^,;。]{0,8})(?:规定|标准|要求|底线|红线|控制线|上限|下限|目标)")


@check("threshold")
def thresholds(view: View) -> Iterator[Finding]:
    """Judge every bound that stands right behind the figure that it is said of."""
    for bound in view.facts:
        if bound.role not in ("limit", "level", "share") or bound.upper is not None:
            continue
        sign = sign_of(view, bound)
        if sign is None or not _said(view, bound):
            continue
        figures = figures_of(view, bound)
        if figures and (finding := _judged(view, figures, bound, sign)):
            yield finding


def sign_of(view: View, bound: Fact) -> str | None:
    """Return what the words around ``bound`` say of a figure; None where they hold none against it."""
    low = _clause_start(view, bound)
    before = view.folded[low : bound.start]
    after = re.match(r"及?以([上下内])|之([内])", view.folded[bound.end : bound.end + 3])
    within = after is not None and (after[1] or after[2]) != "上"
    found = [
        (m.start(), -len(m[0]), b.sign) for b in claims().bounds for m in pattern(b.words).finditer(before)
    ]  # fmt: skip
    if found:
        sign: str = min(found)[2]
        return "≤" if within and sign == "≥" else sign  # "达到5%以内"
    if after is None:
        return None
    return "≤" if within else "≥"


def _clause_start(view: View, bound: Fact) -> int:
    """Return where the clause of a bound begins; one in brackets belongs to the words before them ("高于全省(90%)")."""
    text, start = view.folded, bound.start
    if text[start - 1 : start] == "(" and text[bound.end : bound.end + 1] == ")":
        start -= 1
    return clause_bounds(view, start, bound.end, bound.sentence)[0]


def _said(view: View, bound: Fact) -> bool:
    """Tell whether the bound is said of a result: not of a plan, a wish or a distance ("距离95%")."""
    before = view.folded[bound.clause[0] : bound.start]
    if re.search(r"距离?|相差|差距|离|之差|较|(?<![占师生幼])比(?!例|重|率)", before[-12:]):
        return False
    if bound.role == "limit":
        return bound.kind in ("policy", "actual", "reference")
    if not told_as_result(view, bound) and bound.kind not in ("policy", "reference"):
        return False
    return not hedged(view.folded[bound.sentence[0] : bound.start], before)


def figures_of(view: View, bound: Fact) -> Sequence[Fact]:
    """Return the figures that the words tie to ``bound``: the one it is of, the one right before it, or all (均)."""
    previous = [
        f for f in view.by_sentence.get(bound.sentence, ())
        if f.start < bound.start and f.role in ("level", "share", "rate")
    ][-_MOST:]  # fmt: skip
    if not previous:
        return ()
    last = previous[-1]
    tied = view.by_id.get(bound.of or "") if bound.role == "limit" else None
    if tied is not None and tied in previous:
        last = tied
    between = view.folded[last.end : bound.start]
    near = len(between) <= 60 if tied is last else _follows(view, last, bound, between)
    if not near or not comparable(last, bound) or _excess(view, last, bound):
        return ()
    listed = _in_list(view, bound)
    if between.strip() == "、" or (listed and tied is None):
        return ()  # "均小于0.50、0.45": which figure each is for is not said
    if listed or not re.search(r"(?<![平人])均|都|全部", between[-16:]):
        return (last,)
    return [f for f in previous if _listed(f, last) and comparable(f, bound)]


def _in_list(view: View, bound: Fact) -> bool:
    """Tell whether another number stands beside ``bound`` in a list of bounds."""
    beside = (*view.before(bound, 20), *view.after(bound, 12))
    return any(view.folded[min(f.end, bound.end) : max(f.start, bound.start)].strip() == "、" for f in beside)


def _listed(figure: Fact, last: Fact) -> bool:
    """Tell whether a figure belongs to the list that ``last`` ends: one metric by stages, or one stage by metrics."""
    if figure.role != last.role or figure.unit != last.unit or figure.start > last.start:
        return False
    both = (figure.metric_id or "", last.metric_id or "")
    if all(m.startswith("dispersion_") for m in both):
        return figure.stage == last.stage
    return figure.metric == last.metric and figure.period == last.period


def _excess(view: View, figure: Fact, bound: Fact) -> bool:
    """Tell whether the number may be by how much a bound is passed ("超出规定规模316人"), not the bound itself."""
    low = _clause_start(view, bound)
    match = _EXCESS.search(view.folded[low : bound.start].removesuffix("("))
    if match is None or bound.unit in RATIOS:
        return False
    after = _RULE_AFTER.match(view.folded[bound.end : bound.sentence[1]])
    if after or match["noun"].rstrip().endswith(("的", "为", "不低于", "不少于", "不超过")):
        return False
    if not match["noun"].strip(" 了") and not match[0].startswith(("超出", "高出", "多出")):
        return False
    return abs(convert(bound.value, bound.unit, figure.unit)) * 2 < abs(figure.value)


def _follows(view: View, figure: Fact, bound: Fact, between: str) -> bool:
    """Tell whether nothing but the comparing words and what is compared with stands between figure and bound."""
    if re.search(r"[;。]", between) or "," not in between or between.count(",") > 1 or len(between) > 40:
        return False
    words = [m.span() for b in claims().bounds for m in pattern(b.words).finditer(between)]
    if not words:
        return not pattern(claims().fillers).sub("", between)
    lead = between[: min(words)[0]]
    if pattern(claims().fillers).sub("", lead):
        return False
    rest = between[min(words)[0] :]
    for b in claims().bounds:
        rest = pattern(b.words).sub("", rest)
    rest = pattern(claims().fillers).sub("", rest)
    return not rest or (bound.role == "level" and bool(re.fullmatch(r"[^\d,]{1,16}", rest)))


def comparable(figure: Fact, bound: Fact) -> bool:
    """Tell whether a figure can be held against a bound: a result, of the same kind of unit and time."""
    if figure.kind != "actual" or figure.upper is not None or figure.direction == "down":
        return False
    if figure.unit in RATIOS or bound.unit in RATIOS:
        return figure.unit == bound.unit
    if dimension(figure.unit) != dimension(bound.unit) or bound.unit in ("百分点", "千分点"):
        return False
    years = {year_of(figure), year_of(bound)} - {None}
    return len(years) < 2 or bound.role == "limit"


def _judged(view: View, figures: Sequence[Fact], bound: Fact, sign: str) -> Finding | None:
    """Return the finding for one bound: what is said of all figures is judged by the worst of them."""
    found = [(v, f) for f in figures if (v := _verdict(view, f, bound, sign)) is not None]
    if not found:
        return None
    verdict, figure = min(found, key=lambda pair: (_RANK[pair[0]], abs(pair[1].value - bound.value)))
    start, end = _clause_start(view, bound), clause_bounds(view, bound.start, bound.end, bound.sentence)[1]
    end += "(" in view.folded[start:end] and view.folded[end : end + 1] == ")"
    pieces: list[Piece] = [*named(figure), "为", figure, ","]
    made = None
    if figure.unit not in RATIOS and figure.value != convert(bound.value, bound.unit, figure.unit):
        made = difference_of(figure, bound, ("实际数", "所比的界限"))
        pieces += ["比所说的界限", bare(bound), "高" if made.exact > 0 else "低", made, ","]
    words: Piece = VERDICT_WORDS[verdict]
    if figure.unit == bound.unit and verdict != "rounding":
        turned = _TURNED[sign] if figure.unit == "N:1" else sign  # the fewer pupils a teacher the better
        words = judged(VERDICT_WORDS[verdict], figure, turned, bound.value, bound)
    why = tell(*pieces, "与报告所写的", quoted(view, start, end), words)
    return Finding(
        view.report.id, start, end, "contradiction", "threshold", verdict, why,
        (bound, figure, *(f for f in figures if f is not figure)), bound,
    )  # fmt: skip


def _verdict(view: View, figure: Fact, bound: Fact, sign: str) -> Verdict | None:
    mark = bound.value if figure.unit in RATIOS else convert(bound.value, bound.unit, figure.unit)
    if figure.unit in RATIOS:
        clear = re.search("优于|达到|不低于", view.folded[figure.end : bound.start])
        if not clear and figure.value > mark:
            return None  # "1:25,高于1:15": of which end the word speaks is not said
        sign = _TURNED[sign]
    return held(figure.value, interval_of(figure), mark, sign, bounded=bool(figure.qualifier))


def bare(bound: Fact) -> Part:
    """Return a bound without its qualifiers, as the number that a figure is compared with."""
    return Part(amount(replace(bound, qualifier=None)), bound)


def held(value: Decimal, own: Interval, mark: Decimal, sign: str, *, bounded: bool) -> Verdict:
    """Tell whether a printed ``value`` that stands for ``own`` keeps ``sign mark``.

    >>> held(Decimal("4.01"), Interval(Decimal("4.005"), Decimal("4.015")), Decimal(4), "≥", bounded=False)
    'consistent'
    """
    kept = {"≥": value >= mark, ">": value > mark, "≤": value <= mark, "<": value < mark}[sign]
    if bounded:
        kept = own.low >= mark if sign in ("≥", ">") else own.high <= mark
    if kept:
        return "consistent"
    possible = own.high >= mark if sign in ("≥", ">") else own.low <= mark
    if sign in (">", "<") and own.low == own.high == mark:
        possible = False
    return "rounding" if possible else "inconsistent"


_QUOTED = re.compile(
    r"(?:达到|符合|满足|做到|实现)了?[“\"](?P<demand>[^”\"\n]{6,90})[”\"]的?(?:要求|标准|规定|目标)?"
)


@check("quoted_bounds")
def quoted_bounds(view: View) -> Iterator[Finding]:
    """Hold the figures of a sentence against a demand that it quotes with as many bounds, in the same order."""
    for match in _QUOTED.finditer(view.folded):
        start, end = match.span("demand")
        bounds = [
            f for f in view.within(start, end) if f.unit == "%" and f.role in ("level", "share", "limit")
        ]
        if not bounds or hedged(view.folded[bounds[0].sentence[0] : match.start()], ""):
            continue
        sentence = (view.folded.rfind("。", 0, match.start()) + 1, match.start())
        figures = [
            f for f in view.within(*sentence)
            if f.unit == "%" and f.role in ("level", "share") and f.kind == "actual" and f.sentence == bounds[0].sentence
        ]  # fmt: skip
        signs = [sign_of(view, bound) for bound in bounds]
        if len(figures) != len(bounds) or None in signs or not all(map(comparable, figures, bounds)):
            continue
        for figure, bound, sign in zip(figures, bounds, signs, strict=True):
            if (
                sign is not None
                and _alike(figure, bound)
                and (finding := _judged(view, [figure], bound, sign))
            ):
                yield finding


def _alike(figure: Fact, bound: Fact) -> bool:
    """Tell whether figure and bound name the same thing: of one another's words at least half are shared."""
    if settled(figure) is not None and settled(bound) is not None:
        return figure.metric_id == bound.metric_id
    own, other = (
        set(fold(f"{f.metric}{f.label}")) - set("的占比例率总数每年不低于达到了“”") for f in (figure, bound)
    )
    return len(own & other) * 2 >= min(len(own), len(other)) > 0
