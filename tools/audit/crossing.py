"""Totals whose parts stand in the paragraphs that follow: numbered items, and stages told section by section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.catalogue import stages
from corpus.model import Fact
from tools.audit.closing import Listing, context_of, describe, disjoint, may_overlap
from tools.audit.tokens import Paragraph, Token
from tools.audit.view import View

_STYLES = (
    re.compile(r"^\s*[(][一二三四五六七八九十]{1,3}[)]"),
    re.compile(r"^\s*[一二三四五六七八九十]{1,3}、"),
    re.compile(r"^\s*[(]\d{1,2}[)]"),
    re.compile(r"^\s*\d{1,2}[.、．](?!\d)"),
    re.compile(r"^\s*[①-⑳]"),
    re.compile(r"^\s*[—–-]{1,2}"),
    re.compile(r"^\s*[一二三四五六七八九十]是"),
    re.compile(r"^\s*[●○◆■·•]"),
)
_ANNOUNCED = re.compile(r"(?:其中|如下|分别[为是]|包括|来源[分看为]?|[分看])[:,]?\s*$|:\s*$")


def numbered(view: View, paragraphs: Sequence[Paragraph]) -> Iterator[Listing]:
    """Return a list for each total that numbered lines right below it divide."""
    by_start = {paragraph.start: paragraph for paragraph in paragraphs}
    text, at = view.folded, 0
    above: Paragraph | None = None
    items: list[Paragraph] = []
    style: re.Pattern[str] | None = None
    broken = False
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if line.strip():
            own = next((s for s in _STYLES if s.match(line)), None)
            paragraph = by_start.get(at)
            if own is not None and own is style and above is not None and paragraph is not None:
                items.append(paragraph)
            else:
                yield from _items(view, above, items, broken or own is style)
                if (
                    own is not None
                    and paragraph is not None
                    and above is not None
                    and own is not _style(view, above)
                ):
                    style, items = own, [paragraph]
                else:
                    style, items, above = None, [], paragraph
                if style is None:
                    above = paragraph
                broken = False
        at = end + 1
    yield from _items(view, above, items, broken)


def _style(view: View, paragraph: Paragraph) -> re.Pattern[str] | None:
    line = view.folded[paragraph.start : paragraph.end]
    return next((s for s in _STYLES if s.match(line)), None)


def _items(view: View, above: Paragraph | None, items: list[Paragraph], broken: bool) -> Iterator[Listing]:
    if above is None or len(items) < 2 or not above.tokens:
        return
    parts = [item.tokens[0] for item in items if item.tokens]
    wholes = [t for t in above.tokens if t.kind == parts[0].kind and t.fact.role == "level" and t.group == -1]
    if not wholes or any(part.kind != wholes[0].kind for part in parts) or len(parts) < len(items):
        return
    whole = wholes[0]
    context = context_of(view, above, whole)
    announced = bool(_ANNOUNCED.search(view.folded[above.start : above.end].rstrip()))
    one = disjoint(whole, parts, context)
    listing = describe(view, items[-1], Listing(whole, tuple(parts), opened=announced))
    tied = announced or one is not None
    yield replace(
        listing,
        partition=one or listing.partition,
        closed=listing.closed if tied else "",
        sure=tied and (one is not None or listing.sure) and not may_overlap(whole, parts),
        tied=tied,
    )


# what a stage has of each, by the words of its facts (without those of the stage)
_MEASURES = {
    "学校": re.compile(r"^(?:学校|校|园|幼儿园)?(?:数|总数)?$"),
    "学生": re.compile(r"^(?:在校(?:学)?生|在校学生|在园幼儿|在园儿童|在学人数|学生|幼儿)(?:数|总数|人数)?$"),
    "班级": re.compile(r"^(?:教学班|班|班级|班数)(?:数|总数)?$"),
    "专任教师": re.compile(r"^专任(?:幼儿)?教师(?:数|总数)?$"),
    "教职工": re.compile(r"^教职工(?:数|总数)?$"),
}
_KINDS = {"学校": "所", "学生": "person", "班级": "个", "专任教师": "person", "教职工": "person"}
_STAGE_WORDS = re.compile(
    r"全[县区市省]|共有|现有|有|全日制|普通(?!高等)|小学|初级中学|初中|高级中学|高中|中等职业(?:教育|技术)?(?:学校)?|中职(?:学校)?|"
    r"特殊教育(?:学校)?|特教学校|专门学校|学前教育|幼儿园(?!教)|幼儿园(?=教职工|专任|在园)|义务教育(?:阶段)?(?:学校)?|各级各类|[\s\"“”]"
)
_ALL = ("preschool", "primary", "junior", "senior", "vocational", "special")
_MORE = ("specialised", "vocational_senior", "senior_any", "higher")


def by_stage(view: View, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, Listing]]:
    """Return (measure, list) for the totals of all schools, or of 义务教育, told before the stages one by one."""
    told: dict[tuple[str, str], list[Token]] = {}
    wholes: list[tuple[str, Token, bool]] = []
    for paragraph in paragraphs:
        everything = False
        for token in paragraph.tokens:
            if token.group != -1 or token.fact.role != "level":
                continue
            measure = _measure(token)
            if "各级各类" in token.words:
                everything, measure = True, measure or "学校"
            if measure is None:
                continue
            stage = token.fact.stage
            if stage is None and everything and not any(m == measure for m, _, a in wholes if a):
                wholes.append((measure, token, True))
            elif stage == "compulsory" and "义务教育" in token.words:
                wholes.append((measure, token, False))
            elif stage in (*_ALL, *_MORE):
                told.setdefault((measure, stage), []).append(token)
    for measure, whole, everything in wholes:
        yield from _stages(measure, whole, told, _ALL if everything else ("primary", "junior"))


def _stages(
    measure: str, whole: Token, told: dict[tuple[str, str], list[Token]], wanted: Sequence[str]
) -> Iterator[tuple[str, Listing]]:
    behind = {stage: _first(told.get((measure, stage), []), whole) for stage in (*wanted, *_MORE)}
    needed = [stage for stage in wanted if stage != "special"]
    if any(behind[stage] is None for stage in needed):
        return
    extra = _MORE if len(wanted) > 2 else ()
    parts = [token for stage in (*wanted, *extra) if (token := behind[stage]) is not None]
    if len(wanted) == 2 and any(
        part.fact.section.split(" > ")[0] != whole.fact.section.split(" > ")[0] for part in parts
    ):
        return
    names = {stage.id: stage.name for stage in stages().values()}
    ordered = tuple(
        replace(token, before=names.get(token.fact.stage or "", token.before), after="", wide="")
        for token in sorted(parts, key=lambda t: t.fact.start)
    )
    closed = "学段" if len(wanted) == 2 and measure != "学校" else ""
    special = _first(told.get((measure, "special"), []), whole) if len(wanted) == 2 else None
    more = (replace(special, before=names["special"], after="", wide=""),) if special is not None else ()
    yield measure, Listing(whole, ordered, more, closed=closed, sure=True, staged=True)


def _first(tokens: Sequence[Token], whole: Token) -> Token | None:
    """Return the first amount behind the total that is of the same time."""
    return next(
        (t for t in tokens if t.fact.start > whole.fact.end and _year(t.fact) == _year(whole.fact)), None
    )


def _year(fact: Fact) -> str:
    return (fact.period or "")[:4]


def _measure(token: Token) -> str | None:
    """Return what is counted, where the words say only that and the stage."""
    own = _STAGE_WORDS.sub("", re.sub(r"^.*[,;:]", "", token.name or token.before))
    for measure, pattern in _MEASURES.items():
        kind = "所" if token.fact.unit == "所" else token.kind
        if kind == _KINDS[measure] and pattern.match(own):
            return measure
    return None
