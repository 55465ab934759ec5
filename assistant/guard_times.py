"""The years of a piece of a draft, each held against the evidence that it cites."""

from __future__ import annotations

import re

from assistant.guard_quotes import agrees
from assistant.guard_said import Said
from corpus.folding import fold
from corpus.model import Fact, Period, Quantity
from corpus.periods import read_periods, resolve

_BASE_BEFORE = re.compile(r"(?:比|较|跟|与|相比|相比于|对比|从|由)$|(?:比|较)[^,;。:\d]{2,9}$")


def wrong_year(fact: Fact, quantity: Quantity, clause: str, said: Said, referred: bool) -> str | None:
    shown = [p for p in said.periods if p.end <= quantity.full_start and said_of(p, said)]
    near = [p for p in shown if p.start >= quantity.full_start - len(clause)]
    if fact.role in ("rate", "change") and near:
        # A move has two ends: the year compared with stands behind 比, the year meant before it.
        ends = [p for p in near if _BASE_BEFORE.search(said.whole[: p.start])]
        for period in ends:
            if (problem := _wrong_base(fact, period, said)) is not None:
                return problem
        shown = [p for p in shown if p not in ends]
        near = [p for p in near if p not in ends]
    if fact.role in ("rate", "change") and not near:
        keys = [key_of(p, fact, said) for p in shown]
        if not shown or any(year_agrees(p, k, fact, said) for p, k in zip(shown, keys, strict=True)):
            return None
    elif not shown:
        wanted = [p.key for p in _periods_of(said.question) if p.key]
        if wanted and fact.period and not referred and not any(_overlap(w, fact.period) for w in wanted):
            return f"是{fact.period[:4]}年的,问的不是这一年,要写明年份"
        return None
    period = (near or shown)[-1]
    if fact.period is None and not near:
        return None
    if year_agrees(period, key_of(period, fact, said), fact, said):
        return None
    return f"不是{said.whole[period.start : period.end]}的"


def _overlap(a: str, b: str) -> bool:
    return bool(set(re.findall(r"(?:19|20)\d\d", a)) & set(re.findall(r"(?:19|20)\d\d", b)))


def _periods_of(text: str) -> tuple[Period, ...]:
    return read_periods(text)


_VAGUE = re.compile(r"近|历年|往年|目前|当前|截至|截止|现阶段|迄今|至今|眼下|多年")


def said_of(period: Period, said: Said) -> bool:
    """True for a time that dates something; 目前 and 近年来 date nothing exactly."""
    return period.key is not None or not _VAGUE.search(period.relative or "")


def key_of(period: Period, fact: Fact, said: Said) -> str | None:
    if period.key:
        return period.key
    report = said.report(fact.report_id)
    earlier = [p.key for p in said.periods if p.end <= period.start and p.key]
    year = (
        int(earlier[-1][:4]) if earlier and earlier[-1][:4].isdigit() else (report.year if report else None)
    )
    return resolve(period, year=year, previous=earlier[-1] if earlier else None)


def _clause_of(fact: Fact, said: Said) -> str:
    report = said.report(fact.report_id)
    return fold(report.text[fact.clause[0] : fact.start]) if report else ""


def year_agrees(period: Period, key: str | None, fact: Fact, said: Said) -> bool:
    written = said.whole[period.start : period.end]
    if period.key is None and re.search(rf"(?<![比较由从与跟]){re.escape(written)}", _clause_of(fact, said)):
        return True  # the source's own 今年 or 上年, dating the same number
    if fact.period is None:
        return written in said.source(fact)
    if key is None:
        return written in said.source(fact)
    if agrees(key, fact.period):
        return True
    return key.startswith(fact.period) and "/" not in key and written in said.source(fact)


def _wrong_base(fact: Fact, period: Period, said: Said) -> str | None:
    key = key_of(period, fact, said)
    if key and fact.base_period:
        fine = _overlap(key, fact.base_period)
    elif key and fact.period and fact.period[:4].isdigit():
        fine = key[:4] == str(int(fact.period[:4]) - 1)
    else:
        fine = said.whole[period.start : period.end] in said.source(fact)
    return None if fine else f"不是与{said.whole[period.start : period.end]}比的"


def year_objections(said: Said) -> list[str]:
    """Years must be those of the cited facts, or stand in what else is cited, or in the question."""
    why: list[str] = []
    for period in said.periods:
        if period.start < said.begin:
            continue
        written = said.whole[period.start : period.end]
        if period.key is None:
            relative = not _VAGUE.search(period.relative or "")
            if relative and written not in said.cited_text and not _resolves(period, said):
                why.append(f"中的“{written}”不是所引证据的时间")
            continue
        if any(f.period and agrees(period.key, f.period) for f in said.all_facts):
            continue
        if any(f.base_period and agrees(period.key, f.base_period) for f in said.all_facts):
            continue
        titles = "\n".join(r.title for s in said.sentences if (r := said.report(s.report_id)))
        if written in said.cited_text + titles and (written in titles or not _only_dated(said)):
            continue
        if any(
            f.period and period.key.startswith(f.period) and written in said.source(f) for f in said.all_facts
        ):
            continue
        if not said.cited and written in said.question:
            continue
        why.append(f"中的“{written}”不是所引证据的年份")
    return why


def _resolves(period: Period, said: Said) -> bool:
    keys = [(f, key_of(period, f, said)) for f in said.all_facts]
    return any(k and f.period and agrees(k, f.period) for f, k in keys)


def _only_dated(said: Said) -> bool:
    """True if all that is cited carries its own period, so no other year of the sentence may be named."""
    return bool(said.all_facts) and not said.sentences and all(f.period for f in said.all_facts)
