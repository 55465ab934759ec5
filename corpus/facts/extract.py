"""Read the facts of a report: every quantity with what it measures, where, when and in which role."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from corpus.catalogue import indicators
from corpus.facts import cues, labels, together
from corpus.facts.spots import Spot, mask, spots
from corpus.facts.tables import table_facts, table_lines
from corpus.facts.times import Clock
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.model import Fact, Quantity, Report
from corpus.passages import sentences
from corpus.periods import read_periods
from corpus.quantities import read_quantities
from corpus.units import dimension

_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、](?!\d)|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[章节条])\s*"
)
_WHOLE = re.compile(r"[ 、]*(?:目前|现有|全[市县区州省国]|我[市县区省]|共有|总计)")
_INTRO = re.compile(r"(?:情况)?(?:如下|为|是|分别是|分别为)?[:]\s*$")


@dataclass(slots=True)
class _Series:
    """What elliptical numbers lean on while a section is read."""

    intro: str = ""
    intro_path: tuple[str, ...] = ()
    metric_id: str | None = None
    """The last indicator that is told by stage; a sentence of bare stages goes on with it."""
    unit: str = ""


@dataclass(slots=True)
class _Sentence:
    """The state within one sentence."""

    anchor: Fact | None = None
    parent: Fact | None = None
    wholes: dict[str, Fact] = field(default_factory=dict)
    group: str = ""
    bases: list[int] = field(default_factory=list)


def read_facts(report: Report) -> tuple[Fact, ...]:
    """Return the facts of ``report`` in order of their position.

    Quantities in boilerplate, in titles within 《》 and in headings' numbering are no facts. A fact's
    ``period`` is a year or part of one; ``None`` when neither text nor report says it.
    """
    folded = fold(report.text)
    quantities = tuple(
        q for q in read_quantities(report.text) if not any(a <= q.start < b for a, b in report.boilerplate)
    )
    masked = mask(folded, quantities)
    quantities = tuple(q for q in quantities if masked[q.start] != "\x00")
    tables = table_lines(folded)
    clock = Clock(report, read_periods(report.text))
    series = _Series()
    facts: list[Fact] = []
    for start, end in sentences(report.text, 0, len(report.text)):
        if any(a <= start and end <= b for a, b in report.boilerplate):
            continue
        if any(a <= start < b for a, b in tables):
            continue
        facts.extend(_read_sentence(report, folded, masked, (start, end), quantities, clock, series))
    for line in tables:
        facts.extend(table_facts(report, folded, line, quantities, clock))
    return tuple(sorted({f.start: f for f in facts}.values(), key=lambda f: f.start))


def _read_sentence(
    report: Report,
    folded: str,
    masked: str,
    span: tuple[int, int],
    quantities: tuple[Quantity, ...],
    clock: Clock,
    series: _Series,
) -> list[Fact]:
    start, end = span
    section = report.section_at(start)
    path = section.path if section else ()
    clock.enter(start, end, path)
    if series.intro_path != path[: len(series.intro_path)] or (path and not series.intro_path):
        series.intro = ""
    inside = [q for q in quantities if start <= q.start < end]
    sentence_mask = masked[start:end]
    facts: list[Fact] = []
    state = _Sentence()
    listed = together.pair(masked, start, end, inside)
    for spot in spots(masked, start, end, inside):
        colon = masked.rfind(":", start, spot.clause[0])
        if colon >= 0 and not any(start < q.start < colon for q in inside):
            series.intro, series.intro_path = (
                masked[start:colon],
                path[:-1] if _HEADING.match(masked[start:]) else path,
            )
        fact = _read_spot(
            report, masked, span, spot, clock, series, state, listed.get(spot.quantity.start), path
        )
        facts.append(fact)
        if fact.role == "base":
            if fact.of is None:
                state.bases.append(len(facts) - 1)
        elif fact.role == "level" or fact.of is None:
            for index in state.bases:
                facts[index] = _follow(facts[index], fact)
            state.bases.clear()
        _remember(state, series, fact, spot)
    if not inside and _INTRO.search(sentence_mask.strip("\n ")):
        series.intro, series.intro_path = sentence_mask.strip(), path
    return facts


def _follow(base: Fact, level: Fact) -> Fact:
    """Let a base that was read before its level take the level's name ("由上年的X增加到Y")."""
    if base.of is not None or base.role != "base":
        return base
    return replace(
        base, of=level.id, metric=level.metric, metric_id=level.metric_id, stage=level.stage, subject=level.subject,
        label=level.label if not base.label else base.label,
        period=base.period or None,
    )  # fmt: skip


def _remember(state: _Sentence, series: _Series, fact: Fact, spot: Spot) -> None:
    if fact.role == "level" and fact.of is not None:
        return
    if fact.role == "level" or (fact.role == "share" and fact.of is None):
        kind = dimension(fact.unit)
        if "其中" in spot.before:
            state.parent = state.wholes.get(kind)
        elif kind not in state.wholes or _WHOLE.match(spot.before):
            state.wholes[kind] = fact
            state.parent = None
        state.anchor = fact
        if fact.metric_id and indicators()[fact.metric_id].per_stage:
            series.metric_id, series.unit = fact.metric_id, kind
    elif fact.role == "share" and state.anchor is None:
        state.anchor = fact


def _read_spot(
    report: Report,
    masked: str,
    span: tuple[int, int],
    spot: Spot,
    clock: Clock,
    series: _Series,
    state: _Sentence,
    listed: str | None,
    path: tuple[str, ...],
) -> Fact:
    quantity = spot.quantity
    split = not spot.first_in_clause and quantity.unit in ("%", "‰") and cues.splits_share(spot.before)
    reading = cues.classify(spot.wide if split else spot.before, quantity.unit)
    role, own = reading.role, labels.trim(reading.own)
    anchor = state.anchor
    if listed is not None:
        own, role = listed, "level" if reading.role == "base" else reading.role
    elif role == "level" and "占" in own and dimension(quantity.unit) == "money":
        own = own.rsplit("占", 1)[1]
    awaited = bool(state.bases) and role == "level" and not own
    noun = "" if awaited else _noun_after(spot.after, quantity.unit)
    if role in ("change", "rate") and not own and anchor is None and not state.group and noun:
        role = "level"  # "增加50名教师": nothing was there to change; the words after name it
    of: str | None = None
    inherits = (not own or _same(own, anchor)) and anchor is not None
    restated = role == "level" and not own and bool(quantity.qualifier) and not awaited
    if (
        inherits
        and anchor is not None
        and (role in ("base", "change", "rate", "share") or reading.earlier or restated)
    ):
        of = anchor.id if anchor.of is None or anchor.role == "level" else anchor.of
    if role == "base":
        state.group = own or state.group
    text = own or (state.group if awaited else "")
    if role == "level":
        state.group = ""
    if inherits and not text and (of or (role == "level" and not noun)):
        text = anchor.label if anchor else ""
        named = anchor
    else:
        named = None
    context = _context(series, state, spot, path)
    subject: str | None
    if named is not None and role != "share":
        metric, metric_id, stage, subject = named.metric, named.metric_id, named.stage, named.subject
        if role == "level" and dimension(named.unit) != dimension(quantity.unit):
            metric, metric_id = labels.trim(named.label) or named.metric, None
    else:
        metric, metric_id, stage, subject = _name(
            text, noun, spot, reading.whole, quantity, series, path, role, anchor if of else None, state
        )
    headings = [*(_HEADING.sub("", fold(title)) for title in path[-3:]), series.intro]
    kind = cues.kind_of(
        masked[spot.clause[0] : quantity.full_start], spot.before, spot.after, quantity.qualifier, headings
    )
    if role in ("base",) and kind in ("plan", "target"):
        kind = "actual"
    period, base_period = clock.period(spot, role, reading.earlier, anchor.period if of and anchor else None)
    region = report.region
    place = _other_place(spot.before, report)
    if place:
        region, kind = place, "reference"
    printed = text if not noun else f"{text} {noun}".strip()
    return Fact(
        id=f"{report.id}-{quantity.start}",
        report_id=report.id,
        region=region,
        subject=subject or region or "",
        metric=metric,
        metric_id=metric_id,
        stage=stage,
        value=quantity.value,
        unit=quantity.unit,
        as_printed=quantity.as_printed,
        period=period,
        qualifier=quantity.qualifier,
        kind=kind,
        role=role,
        label=printed,
        context=context,
        section=" > ".join(path),
        start=quantity.start,
        end=quantity.end,
        clause=spot.clause,
        sentence=span,
        direction=reading.direction,
        of=of,
        upper=quantity.upper,
        base_period=base_period,
    )


def _same(own: str, anchor: Fact | None) -> bool:
    return anchor is not None and bool(own) and own == anchor.label


def _noun_after(after: str, unit: str) -> str:
    """Return the noun that the words after a number give it ("72名公办幼儿园教师编制")."""
    words = after.replace("\x00", "").strip(" 、")
    if not words or re.match(r"^(?:增|减|下降|上升|提高|和$|及$|与$|以上|以下|左右|、)", words):
        return ""
    return words.removeprefix("的").strip()[:40]


def _other_place(before: str, report: Report) -> str | None:
    """Return a place of higher or equal level that the words name and that is not the report's own."""
    for mention in reversed(mentions(before.replace("\x00", " "))):
        names = {place.name for place in mention.places}
        if report.region in names or names & set(report.region_path):
            continue
        if mention.full or mention.written == "全国":
            return mention.written if len(names) != 1 else next(iter(names))
    if re.search(r"全国平均|全国", before) and report.region != "全国":
        return "全国"
    if match := re.search(r"全省|全市平均", before):
        own = report.region_path
        if match.group() == "全省" and len(own) > 1 and own[0] != report.region:
            return own[0]
    return None


def _context(series: _Series, state: _Sentence, spot: Spot, path: tuple[str, ...]) -> str:
    parts = [series.intro]
    kind = dimension(spot.quantity.unit)
    whole = state.parent or state.wholes.get(kind)
    if whole is not None:
        parts.append(whole.label)
    if state.anchor is not None and state.anchor is not whole:
        parts.append(state.anchor.label)
    parts += [_HEADING.sub("", fold(title)) for title in path[-2:]]
    return " ".join(part.replace("\x00", "").strip() for part in parts if part)


def _name(
    text: str,
    noun: str,
    spot: Spot,
    whole: str | None,
    quantity: Quantity,
    series: _Series,
    path: tuple[str, ...],
    role: str,
    anchor: Fact | None,
    state: _Sentence,
) -> tuple[str, str | None, str | None, str | None]:
    """Return metric, metric id, stage and subject for a number called ``text`` (and ``noun`` after it)."""
    staged = labels.stage_in(text) or labels.stage_in(noun)
    metric_id = None
    if role == "share":
        base = labels.trim(text) or (anchor.metric if anchor else "")
        if not staged and anchor and not text:
            staged = (anchor.stage, anchor.subject) if anchor.stage else None
        if whole:
            whole = re.sub(r"^(?:我|本|全)[市县区省国]|^同期", "", labels.trim(whole)).replace("\x00", "")
            metric = f"{base}占{whole}比例"
        else:
            metric = base if base.endswith(("比", "率", "比例", "比重")) else f"{base}占比"
        metric_id = labels.metric_in(metric, quantity.unit)
        return metric, metric_id, staged[0] if staged else None, staged[1] if staged else None
    unit = quantity.unit if role not in ("rate", "change") else ""
    metric_id = labels.metric_in(text, unit) if unit else _any_metric(text)
    if metric_id is None and noun and not text:
        metric_id = labels.metric_in(noun, unit) if unit else None
    if metric_id is None and labels.is_elliptical(labels.trim(text)) and not noun:
        for context in (series.intro, *(fold(title) for title in reversed(path))):
            metric_id = labels.metric_in(context, unit) if unit else _any_metric(context)
            if metric_id:
                break
        if metric_id is None and staged and unit and series.metric_id and dimension(unit) == series.unit:
            metric_id = series.metric_id
    if metric_id is None and unit == "%" and labels.trim(text).endswith("率"):
        for other in state.wholes.values():
            metric_id = metric_id or labels.metric_in(labels.trim(other.label) + labels.trim(text), unit)
    if metric_id is not None:
        name = indicators()[metric_id].name
    else:
        name = labels.trim(text)
        if noun and (not name or _verbal(name)):
            name = labels.trim(noun) or name
    if not name:
        name = labels.trim(spot.wide) or labels.trim(series.intro)
    return name, metric_id, staged[0] if staged else None, staged[1] if staged else None


def _any_metric(text: str) -> str | None:
    from corpus.catalogue import indicators_in

    found = indicators_in(text)
    return found[-1].id if found else None


_VERBAL = re.compile(
    r"(?:核定|新增|新建|改扩建|改建|扩建|招聘|补充|培训|建成|完成|投入|投资|召开|开展|举办|印发|出动|查出|排查|下发|批准|设立|批准设立|配备|选派|引进|增加|减少|撤并|合并|资助|拥有|设|有|辖|对.{0,20})$"
)


def _verbal(name: str) -> bool:
    return bool(_VERBAL.search(name))
