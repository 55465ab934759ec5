"""Do the figures of a report hold? The audit's own sentences, each held against its figures before it is proposed."""

from __future__ import annotations

import logging
from dataclasses import replace

from assistant.auditing.ask import AuditAsk
from assistant.guard_statements import broken
from assistant.procedures import Call, Desk, Draft, Line, Procedure, refuse
from tools.auditing import SHOWN
from tools.calculation import Calculation
from tools.evidence import Evidence, Missing, Statement, missing

ALL = 500
log = logging.getLogger(__name__)
UNTOLD = "有一处核对结果的说明没有通过校验,没有列出,请看报告页的核对"


def run(ask: AuditAsk, desk: Desk) -> Procedure:
    """Answer one question about the audit of what is stored."""
    if ask.unknown_regions and not ask.regions:
        places = "、".join(ask.unknown_regions)
        held = "、".join(desk.known.regions[:12])
        return refuse("no_such_region", f"资料中没有“{places}”的报告,无法核对。现有资料:{held}。")
    found = yield Call("audit_report", _arguments(ask))
    if ask.first < 1:  # the last one: now it is known how many there are
        found = yield Call("audit_report", _arguments(replace(ask, first=_last(found))))
    lost = [e for e in found if isinstance(e.item, Missing)]
    if lost and not any(e.kind == "statement" for e in found):
        item = lost[0].item
        assert isinstance(item, Missing)
        status = "clarify" if item.reason == "ambiguous" else "refused"
        return Draft((Line(lost[0].text, (lost[0],)),), status, item.reason)  # type: ignore[arg-type]
    return Draft(tuple(lines(found, ask, desk)), values=tuple(e for e in found if _is_finding(e)))


def _arguments(ask: AuditAsk) -> dict[str, object]:
    return {
        "region": "、".join(ask.regions),
        "year": "、".join(ask.years),
        "report": ask.title,
        "kind": "、".join(ask.kinds),
        "verdict": ask.verdict,
        "topic": ask.topic,
        "first": max(1, ask.first),
        "limit": ALL if ask.first < 1 else 1 if ask.only else SHOWN,
        "ranking": ask.op == "most",
        "detail": ask.only and ask.first > 0,
    }


def _last(found: list[Evidence]) -> int:
    return max(1, sum(_is_finding(e) for e in found))


def _is_finding(item: Evidence) -> bool:
    return isinstance(item.item, Statement) and item.item.judgement is not None


def lines(found: list[Evidence], ask: AuditAsk, desk: Desk) -> list[Line]:
    """Return the tool's sentences, findings numbered where several are told, and the steps where they are wanted."""
    told = [e for e in dict.fromkeys(found) if e.kind in ("statement", "missing")]
    several = sum(map(_is_finding, told)) > 1
    said: list[Line] = []
    after: list[Line] = []
    number = max(1, ask.first)
    for item in told:
        held = item.item
        if isinstance(held, Statement) and (why := broken(held, desk.report, ask.text)):
            log.warning("a finding is not borne out: %s %s", item.text, why)
            said.append(Line(UNTOLD, (missing("guard_rejected", UNTOLD),)))
            continue
        mark = f"{number}. " if several and _is_finding(item) else ""
        number += _is_finding(item)
        bounds = isinstance(held, Statement) and held.topic == "bounds"
        (after if bounds else said).append(Line(f"{mark}{item.text}", (item,)))
    return [*said, *steps(found), *after]


def steps(found: list[Evidence]) -> list[Line]:
    """Return the formulas that were found, each with the figures that go in."""
    facts = {e.identity: e for e in found if e.kind == "fact"}
    return [
        Line(
            f"用报告的数据复算:{made.steps}",
            (*(facts[i.fact.id] for i in made.inputs if i.fact and i.fact.id in facts), item),
        )
        for item in dict.fromkeys(found)
        if isinstance(made := item.item, Calculation)
    ]
