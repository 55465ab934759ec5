"""Read a turn as a question whether figures hold; None where it is about something else, or about one figure.

A single figure that a question states ("97%能算出来吗") is left to the recheck of figures, which asks the audit too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.auditing import ways
from assistant.auditing.ask import AuditAsk
from assistant.operations import operation
from assistant.question import Known
from assistant.slots import places_in
from assistant.times import read_times
from corpus.audit_words import kinds_in, topic_of, verdicts_in
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.quantities import read_quantities
from corpus.typos import correct
from tools.auditing import SHOWN
from tools.words import terms

_SPLIT = re.compile(r"[?？;；。!！\n]+")
_TITLED = re.compile(
    r"([\u4e00-\u9fff]{2,14}?)(?:那[份篇]|这[份篇]|的)?(?:报告|公告|公报|规划|方案|材料|情况表)"
)
_COUNTERS = ("处", "份", "个", "条", "项", "篇", "句", "年", "点", "家", "")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_SHORT = 18


@dataclass(frozen=True, slots=True)
class _State:
    """What the turns before leave: the audit asked for last, the places spoken of, the turn of the figure rechecked
    last (0 for none), and whether a figure was told last."""

    last: AuditAsk | None
    spoken: tuple[str, ...]
    rechecked: int
    figure: bool
    last_resort: bool


def read_audit(turns: Sequence[str], known: Known, *, last_resort: bool = False) -> AuditAsk | None:
    """Return what the last of ``turns`` asks of an audit, None where it asks something else.

    ``last_resort``: the figure that the last turn names was not found, so the claims about it are meant.
    """
    last: AuditAsk | None = None
    spoken: tuple[str, ...] = ()
    rechecked = 0
    figure = False
    for number, turn in enumerate(turns, 1):
        asks: list[AuditAsk] = []
        for piece in [p.strip(" ,，") for p in _SPLIT.split(turn) if p.strip(" ,，")] or [turn]:
            folded, _ = correct(fold(piece), known.vocabulary)
            regions, strangers = places_in(folded, known)
            before = asks[-1] if asks else last
            state = _State(before, spoken, rechecked, figure, last_resort and number == len(turns))
            ask = _piece(piece, folded, regions, strangers, known, state)
            spoken = regions or spoken
            if ask is None:
                asks = []
                break
            asks.append(ask)
        last = asks[-1] if asks else None
        if last is None:
            figure = operation(fold(turn)) not in ("explain", "outside", "document")
            rechecked = number if operation(fold(turn)) == "recheck" else 0
        elif last.op != "recheck":
            figure, rechecked = False, 0
    return last


def _piece(
    text: str,
    folded: str,
    regions: tuple[str, ...],
    strangers: tuple[str, ...],
    known: Known,
    state: _State,
) -> AuditAsk | None:
    last, spoken = state.last, state.spoken
    if operation(folded) == "outside" or any(place in known.tables for place in strangers):
        return None
    times = read_times(folded, regions or spoken, known)
    years = _years(times.periods + times.against)
    plain = _without(folded, regions, times.spans)
    topic = topic_of(plain)
    topic = topic if any(term.weight >= 0.4 for term in terms(topic)) else ""
    if state.rechecked and not topic and len(folded) <= _SHORT and ways.WHY.search(folded):
        return AuditAsk(text, "recheck", again=state.rechecked)
    if (
        last is not None
        and not topic
        and (ask := _follow_up(text, folded, plain, regions, strangers, years, last))
    ):
        return ask
    if _states_a_figure(folded, times.spans):
        return None
    bare_words = plain.replace(" ", "")
    sure = ways.SURE.search(folded) or ways.SURE.search(bare_words)
    loose = ways.LOOSE.search(folded) or ways.LOOSE.search(bare_words)
    if not sure and (topic or not loose) and not state.last_resort:
        return None
    kinds, verdicts = kinds_in(plain), _verdict(plain)
    title = _title(folded, known, regions)
    if title and topic and topic in title:
        topic = ""
    if (
        topic
        and not state.last_resort
        and not (ways.MANY.search(plain) or ways.CLASH.search(plain) or verdicts)
    ):
        return None  # one figure by its name
    bare = not ways.SCOPE.search(plain) and not topic and not regions and not verdicts
    if state.figure and last is None and not state.last_resort and (bare or ways.POINTS.search(folded)):
        return None  # the figure just told
    carried: tuple[str, ...] = ()
    if not regions and spoken and not strangers and not ways.EVERY.search(folded):
        regions, carried = spoken, ("region",)
    return AuditAsk(
        text=text,
        op="most" if ways.MOST.search(folded) else "overview",
        regions=regions,
        unknown_regions=strangers,
        years=years,
        title=title,
        kinds=kinds,
        verdict=verdicts,
        topic=topic,
        carried=carried,
    )


def _follow_up(
    text: str,
    folded: str,
    plain: str,
    regions: tuple[str, ...],
    strangers: tuple[str, ...],
    years: tuple[str, ...],
    last: AuditAsk,
) -> AuditAsk | None:
    """Read a short turn as going on from the audit before."""
    if len(folded) > _SHORT:
        return None
    if match := ways.NTH.search(folded):
        why = bool(ways.WHY.search(folded))
        number = 0 if match["last"] else last.first + 1 if match["next"] else _number(match["n"])
        return replace(last, text=text, op="why" if why else "overview", first=number, only=True)
    if regions or strangers or years:
        if ways.GOES_ON.search(folded) or len(folded) <= 10:
            return replace(
                last, text=text, op="overview" if last.op == "why" else last.op, regions=regions or (() if strangers else last.regions),
                unknown_regions=strangers, years=years, first=1, only=False, carried=("metric",),
            )  # fmt: skip
        return None
    if ways.MORE.search(folded) and not kinds_in(plain):
        verdict = _verdict(plain) or last.verdict
        if verdict != last.verdict:
            return replace(last, text=text, op="overview", verdict=verdict, first=1, only=False)
        step = 1 if last.only else SHOWN
        return replace(last, text=text, op="overview", first=last.first + step, only=False)
    if ways.WHY.search(folded):
        return replace(last, text=text, op="why", only=True)
    kinds, verdict = kinds_in(plain), _verdict(plain)
    if (kinds or verdict) and (ways.GOES_ON.search(folded) or len(folded) <= 8):
        return replace(
            last, text=text, op="overview", kinds=kinds or last.kinds, verdict=verdict, first=1, only=False,
            carried=("region",),
        )  # fmt: skip
    if ways.GOES_ON.search(folded) and not ways.SURE.search(folded) and len(folded) <= 10:
        return replace(last, text=text, op="overview", only=False)
    return None


def _verdict(plain: str) -> str:
    """Return the verdict whose figures are wanted; what does not hold is what is told anyway."""
    return next((v for v in verdicts_in(plain) if v != "inconsistent"), "")


def _without(folded: str, regions: tuple[str, ...], spans: Sequence[tuple[int, int]]) -> str:
    """Return the question without its places and times."""
    chars = list(folded)
    for start, end in [*((m.start, m.end) for m in mentions(folded)), *spans]:
        chars[start:end] = " " * (end - start)
    plain = "".join(chars)
    for region in regions:
        short = re.sub(r"(?:自治)?[省市县区州旗]$", "", region)
        plain = plain.replace(region, " ").replace(short if len(short) > 1 else region, " ")
    return plain


def _states_a_figure(folded: str, spans: Sequence[tuple[int, int]]) -> bool:
    if re.search(r"[有没哪].{0,8}(?:超过|大于|高于|突破|超)(?:了)?100%", folded):
        return False
    return any(
        q.unit not in _COUNTERS and re.search(r"\d", q.as_printed)
        for q in read_quantities(folded)
        if not any(a <= q.start < b for a, b in spans)
    )


def _years(periods: Sequence[str]) -> tuple[str, ...]:
    years = (p.removeprefix("上:")[:4] for p in periods)
    return tuple(dict.fromkeys(y for y in years if y.isdigit()))


def _title(folded: str, known: Known, regions: tuple[str, ...]) -> str:
    """Return the words by which a question names a report, if they stand in a stored title."""
    titles = (
        " ".join(known.titles.get(r, "") for r in regions) if regions else " ".join(known.titles.values())
    )
    for match in _TITLED.finditer(_without(folded, regions, ())):
        words = topic_of(match[1])
        if words and all(word in titles for word in words.split()):
            return words
    return ""


def _number(written: str) -> int:
    if written.isdigit():
        return max(1, int(written))
    tens, found, ones = written.rpartition("十")
    if not found:
        return _DIGITS.get(ones, 1)
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
