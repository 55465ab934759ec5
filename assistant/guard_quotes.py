"""Quotations: letter for letter, from the cited span, and not cut so that they say something else."""

from __future__ import annotations

import re

from assistant.guard_said import Said, region_names, stage_ids
from corpus.catalogue import stages, stages_in
from corpus.folding import fold
from corpus.model import Fact, Report
from corpus.periods import read_periods
from tools.evidence import Evidence, Sentence

_QUOTE = re.compile(r"「([^」]*)」")
_EDGE = re.compile(r"[\n,;。.!?|]")
_TURNS = re.compile(
    r"[不未没无非否难缺拟将应须]|禁止|计划|目标|力争|预计|预期|要求|争取|规划|确保|除|\d|[余近约超]"
)


def is_name(quoted: str, cited: list[Evidence]) -> bool:
    """True if 「」 only sets off what a cited fact is called."""
    facts = [e.item for e in cited if isinstance(e.item, Fact)]
    return bool(quoted.strip()) and any(quoted in (f.label, f.metric, fold(f.label)) for f in facts)


def quoted_span(quoted: str, item: Evidence, report: Report | None) -> tuple[int, int] | None:
    """Return where in the report ``quoted`` stands for the cited item, None if it does not."""
    held = item.item
    if not isinstance(held, (Fact, Sentence)) or report is None or not quoted.strip():
        return None
    at = report.text.find(quoted)
    while at >= 0:
        end = at + len(quoted)
        if isinstance(held, Fact) and at <= held.start and held.end <= end:
            return at, end
        if isinstance(held, Sentence) and at < held.end and end > held.start:
            return at, end
        at = report.text.find(quoted, at + 1)
    return None


def _cut_well(report: Report, start: int, end: int, clause: tuple[int, int]) -> bool:
    """True if the quote begins and ends at stops, so that no 未, 计划 or 不低于 is left out."""
    text = fold(report.text)
    left, right = start, end
    while left > 0 and not _EDGE.match(text[left - 1]) and left != clause[0]:
        left -= 1
    if not (end > 0 and _EDGE.match(text[end - 1])):
        while right < len(text) and not _EDGE.match(text[right]) and right != clause[1]:
            right += 1
    if text[left:start].endswith(":") and not _TURNS.search(text[left:start]):
        left = start  # a heading such as "一是:" only announces what is quoted
    return not (text[left:start] + text[end:right]).strip()


def _own_clause(held: Fact | Sentence) -> tuple[int, int]:
    return held.clause if isinstance(held, Fact) else (held.start, held.end)


def quote_objections(said: Said) -> list[str]:
    why: list[str] = []
    spots = [m.end() for m in re.finditer("「」", said.text)]
    quotes = [q for q in _QUOTE.findall(said.raw) if not is_name(q, [*said.cited, *said.earlier])]
    for i, quoted in enumerate(quotes):
        at = said.begin + (spots[i] if i < len(spots) else len(said.text))
        reasons = []
        for item in said.cited:
            if isinstance(item.item, (Fact, Sentence)):
                report = said.report(item.item.report_id)
                span = quoted_span(quoted, item, report)
                if span is None:
                    reasons.append(f"中的引文“{quoted[:40]}”与所引原文不是逐字相同")
                elif report is not None and not _cut_well(report, *span, _own_clause(item.item)):
                    reasons.append(f"中的引文“{quoted[:40]}”截断了原句,请从标点处起止")
                elif problem := _context(at, item.item, report, said):
                    reasons.append(problem)
                else:
                    break
        else:
            why.append(reasons[0] if reasons else f"中的引文“{quoted[:40]}”没有引用原文")
    return why


def _context(at: int, held: Fact | Sentence, report: Report | None, said: Said) -> str | None:
    """Return why the place or year before a quote is not that of the quote."""
    region = held.region if isinstance(held, Fact) else None
    region = region or (report.region if report else None)
    named = [m for m in said.places if m.end <= at]
    if named and region and region not in region_names(named[-1]):
        return f"中的引文是{region}的,与所写地区不符"
    if isinstance(held, Fact):
        names = fold(f"{held.metric} {held.label}") if held.stage else said.own_words(held)
        own_stages = {held.stage, *(n.id for n in stages_in(names))}
        for stage in stage_ids(said.clause(max(0, at - 2)).rstrip("「:")) or stage_ids(_head(said, at)):
            if stage not in own_stages and held.stage not in stages()[stage].includes:
                return f"中的引文不是{stages()[stage].name}的"
    years = [p for p in said.periods if p.end <= at and p.key]
    if not years:
        return None
    key = years[-1].key or ""
    if isinstance(held, Fact):
        own = {held.period} if held.period else {p.key for p in read_periods(said.source(held))}
    else:
        own = {p.key for p in read_periods(fold(held.text))}
        own |= {str(report.year)} if report and report.year else set()
    if not any(k and agrees(key, k) for k in own):
        return f"中的引文不是{key[:4]}年的"
    return None


def _head(said: Said, at: int) -> str:
    """Return the words that lead to a quote: from the last stop to its colon."""
    return re.split(r"[,;。!?\n]", said.whole[: max(0, at - 2)].rstrip(" :"))[-1]


def agrees(written: str, period: str) -> bool:
    """True if a written time is the period or one that holds it (2022 for 2022-05; 2024 for 2024/2025)."""
    if written == period or (period.startswith(written) and "/" not in period):
        return True
    first, _, last = period.partition("/")
    return bool(last) and written == first and last[:4] == str(int(first[:4]) + 1)
