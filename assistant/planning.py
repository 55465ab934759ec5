"""From turns and tool results so far to the next call or the draft. Pure: the same input, the same output."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import assistant.plans  # noqa: F401 (registers the procedures)
from assistant.auditing.ask import AuditAsk
from assistant.auditing.reading import read_audit
from assistant.framing import unframed
from assistant.plans import auditing, schools, several
from assistant.plans.several import joined
from assistant.procedures import Call, Desk, Draft, Line, Procedure, refuse
from assistant.question import Ask, Question
from assistant.reading import metric_name, read
from assistant.schools.ask import SchoolAsk
from assistant.schools.reading import read_schools
from corpus.rules import standards
from tools.calculation import Calculation
from tools.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Pending:
    """A tool call whose result is needed before the draft can be written."""

    call: Call


def respond(turns: Sequence[str], results: Sequence[list[Evidence]], desk: Desk) -> Pending | Draft:
    """Replay the procedures of the last turn's asks over ``results``; return what comes next."""
    given, turns = turns, [unframed(turn) for turn in turns]
    remaining = list(results)
    drafts: list[Draft] = []
    about_figures = read_audit(turns, desk.known) or read_audit(given, desk.known)
    untold: Draft | None = None
    if about_figures is not None and about_figures.op == "recheck":
        turns = turns[: about_figures.again]
    elif about_figures is not None:
        if (claim := read(turns, desk.known)) and [a.op for a in claim.asks] == ["premise"]:
            told = _advance(several.run(claim.asks[0], desk), remaining)
            if isinstance(told, Pending):
                return told
            if told.status == "answered" and re.match(r"不是|问题的前提", told.text):
                return replace(merged(told), context=_context(claim.asks[0]))
        audited = _of_audit(about_figures, remaining, desk)
        if isinstance(audited, Pending) or not (about_figures.topic and audited.reason == "not_reported"):
            return audited
        untold = audited  # the audit has nothing of it, but the reports may tell of it
    about_schools = read_schools(turns, desk.known)
    unjudged: Draft | None = None
    if about_schools is not None:
        step = _of_schools(about_schools, remaining, desk)
        if isinstance(step, Pending) or step.status == "answered" or not _reports_only(about_schools, desk):
            return step  # else the reports do not decide it, but may still tell something
        unjudged = step if step.reason == "no_data_for_check" else None
        if unjudged is not None and _WHICH_SCHOOLS.search(turns[-1]):
            return unjudged  # no sentence of a report can name the schools that a table would have to list
    question = read(turns, desk.known)
    for ask in question.asks:
        if refusal := _out_of_reach(ask, desk):
            drafts.append(refusal)
            continue
        step = _advance(several.run(ask, desk), remaining)
        if isinstance(step, Pending):
            return step
        drafts.append(replace(merged(step), context=_context(ask)))
    answer = joined(drafts)
    if desk.known.tables and all(d.status == "refused" and d.reason == "not_reported" for d in drafts):
        instead = read_schools(turns, desk.known, last_resort=True)
        if instead is not None:
            step = _of_schools(instead, remaining, desk)
            if isinstance(step, Pending) or step.status == "answered" or step.reason == "no_data_for_check":
                return step
    if untold is None and answer.reason == "not_reported" and _names_no_figure(question):
        last = read_audit(turns, desk.known, last_resort=True)
        if last is not None and last.op == "overview":
            step = _of_audit(last, remaining, desk)
            if isinstance(step, Pending) or step.status == "answered":
                return step
    if unjudged is not None and answer.status != "answered":
        return unjudged
    return untold if untold is not None and answer.status != "answered" else answer


_WHICH_SCHOOLS = re.compile(
    r"(?:哪些|哪几所|哪所|几所|多少所)(?:学校|小学|初中|中学).{0,8}(?:没|未|不).{0,6}(?:达标|达到|合格)"
)


def _names_no_figure(question: Question) -> bool:
    """True for a figure that is to be checked and is called by its name only."""
    return len(question.asks) == 1 and question.asks[0].op == "recheck" and not question.asks[0].given


def _of_audit(ask: AuditAsk, remaining: list[list[Evidence]], desk: Desk) -> Pending | Draft:
    step = _advance(auditing.run(ask, desk), remaining)
    if isinstance(step, Pending):
        return step
    context = {
        "region": ask.regions[0] if len(ask.regions) == 1 else (list(ask.regions) or None),
        "period": ask.years[0] if len(ask.years) == 1 else (list(ask.years) or None),
        "metric": ask.topic or None,
        "carried": list(ask.carried),
        "corrected": [],
    }
    return replace(merged(step), context=context)


def _reports_only(asks: Sequence[SchoolAsk], desk: Desk) -> bool:
    return all(ask.region in desk.known.regions and ask.region not in desk.known.tables for ask in asks)


def _of_schools(asks: Sequence[SchoolAsk], remaining: list[list[Evidence]], desk: Desk) -> Pending | Draft:
    drafts: list[Draft] = []
    for wanted in asks:
        step = _advance(schools.run(wanted, desk), remaining)
        if isinstance(step, Pending):
            return step
        drafts.append(replace(merged(step), context=_school_context(wanted)))
    return joined(drafts)


def _advance(running: Procedure, remaining: list[list[Evidence]]) -> Pending | Draft:
    """Run a procedure on the results there are, taking them off; return its next call or its draft."""
    try:
        call = next(running)
        while remaining:
            call = running.send(remaining.pop(0))
        return Pending(call)
    except StopIteration as done:
        assert isinstance(done.value, Draft)
        return done.value


def _out_of_reach(ask: Ask, desk: Desk) -> Draft | None:
    """Refuse places that no stored report is about; near names are offered, never used."""
    if not desk.known.regions and not ask.unknown_regions:
        return refuse("not_reported", "资料库里还没有报告。请先添加报告(上传文件,或运行 junheng ingest)。")
    if ask.unknown_regions and all(place in desk.known.tables for place in ask.unknown_regions):
        where = "、".join(ask.unknown_regions)
        text = (
            f"{where}只有学校数据表，没有报告，查不到这项内容。可以问哪些学校没达标、差异系数、还要补多少等。"
        )
        return replace(refuse("not_reported", text), context=_context(ask))
    if ask.unknown_regions:
        places = "、".join(ask.unknown_regions)
        text = f"资料中没有“{places}”的报告,无法回答。现有资料:{'、'.join(desk.known.regions[:12])}。"
        return replace(refuse("no_such_region", text), context=_context(ask))
    if (
        ask.op != "outside"
        and not ask.words
        and not ask.metric_ids
        and not ask.given
        and ask.op in ("value", "explain")
    ):
        text = f"请说明要查的指标,例如“{desk.known.regions[0]}一般公共预算教育支出是多少”。"
        return replace(refuse("ambiguous", text), status="clarify", context=_context(ask))
    return None


def _context(ask: Ask) -> dict[str, object]:
    return {
        "region": ask.regions[0] if len(ask.regions) == 1 else (list(ask.regions) or None),
        "period": ask.periods[0] if len(ask.periods) == 1 else (list(ask.periods) or None),
        "metric": metric_name(ask) or None,
        "carried": list(ask.carried),
        "corrected": [list(pair) for pair in ask.corrected],
    }


def merged(draft: Draft) -> Draft:
    """Say a sentence once: lines of the same text become one that cites what all of them cite."""
    lines: dict[str, Line] = {}
    for line in draft.lines:
        held = lines.get(line.text)
        lines[line.text] = Line(line.text, tuple(dict.fromkeys((*held.cites, *line.cites)))) if held else line
    rough = any(
        i.fact is not None and i.fact.qualifier
        for e in draft.values
        if isinstance(e.item, Calculation)
        for i in e.item.inputs
    )
    warnings = (
        (*draft.warnings, "计算所用的数带有“近”“余”“以上”等限定词,结果是近似值") if rough else draft.warnings
    )
    return replace(draft, lines=tuple(lines.values()), warnings=warnings)


def _school_context(ask: SchoolAsk) -> dict[str, object]:
    names = [standards()[ask.standard].demand(code).name for code in ask.codes if ask.standard in standards()]
    return {
        "region": ask.region,
        "period": ask.year,
        "metric": "、".join(names) or None,
        "carried": list(ask.carried),
        "corrected": [],
        "schools": list(ask.schools),
        "stages": list(ask.stages),
    }
