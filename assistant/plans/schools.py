"""Which tool answers a question about schools, and the draft: the tool's own sentences, in its order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.procedures import Call, Desk, Draft, Line, Procedure, refuse
from assistant.schools.ask import SchoolAsk
from tools.compliance.units import STAGE_NAMES
from tools.evidence import Evidence, Missing, Statement
from tools.school_names import near
from tools.schools import columns_of

MOST = 14
"""Sentences of one answer; a tool caps its lists before."""


def run(ask: SchoolAsk, desk: Desk) -> Procedure:
    """Answer one question about schools or standards."""
    if ask.unknown_regions and ask.op not in ("limit", "rule"):
        places = "、".join(ask.unknown_regions)
        held = "、".join(dict.fromkeys((*desk.known.tables, *desk.known.regions)))
        return refuse(
            "no_such_region", f"资料中没有“{places}”的学校数据表或报告，无法回答。现有资料：{held}。"
        )
    if ask.other_stage and ask.op not in ("rule", "county", "limit"):
        return refuse(
            "out_of_scope", f"优质均衡只评估小学和初中，{ask.other_stage}不参加评估，没有这方面的判定。"
        )
    if ask.candidates:
        text = f"这个名称可能是：{'、'.join(ask.candidates)}。请说明是哪一所。"
        return replace(refuse("ambiguous", text), status="clarify")
    if ask.unknown and ask.region is None and ask.op not in ("limit", "rule"):
        names = [name for held in desk.known.schools.values() for name in held]
        close = "、".join(near(ask.unknown, names))
        said = f"现有的学校数据表里都没有“{ask.unknown}”"
        return refuse("not_reported", f"{said}；名称相近的有：{close}。" if close else f"{said}。")
    if ask.unknown and ask.op not in ("limit", "rule"):
        found = yield Call("school_indicators", _common(ask) | {"school": ask.unknown})
        return _draft(found)
    return (yield from _RUNS[ask.op](ask, desk))


def _common(ask: SchoolAsk) -> dict[str, str]:
    return {"region": ask.region or "", "year": ask.year or ""}


def _stages(ask: SchoolAsk) -> list[str]:
    return [STAGE_NAMES[s] for s in ask.stages] if len(ask.stages) == 1 else [""]


def _codes(ask: SchoolAsk) -> list[str]:
    return list(ask.codes) or [""]


def _draft(found: list[Evidence], *, note: tuple[str, ...] = ()) -> Draft:
    """Return the sentences found as a draft; where nothing is stated, the first absence is the refusal."""
    said = [e for e in dict.fromkeys(found) if isinstance(e.item, Statement)]
    lost = [e for e in dict.fromkeys(found) if isinstance(e.item, Missing)]
    first = lost[0].item if lost else None
    if lost and (not said or found[0].kind == "missing"):
        assert isinstance(first, Missing)
        lines = [Line(lost[0].text, (lost[0],)), *(Line(e.text, (e,)) for e in said[:2])]
        status = "clarify" if first.reason == "ambiguous" else "refused"
        return Draft(tuple(lines), status, first.reason, warnings=note)  # type: ignore[arg-type]
    if not said:
        return refuse("not_reported", "资料里没有可以回答这个问题的内容。")
    lines = [Line(e.text, (e,)) for e in (*said, *lost)][:MOST]
    return Draft(tuple(lines), values=tuple(said[:MOST]), warnings=note)


def _each(ask: SchoolAsk, name: str, *, schools: bool = False, **more: object) -> Procedure:
    """Call one tool for every school, stage and indicator asked about, and say what they found."""
    found: list[Evidence] = []
    for school in (ask.schools or ("",)) if schools else ("",):
        for code in _codes(ask):
            for stage in _stages(ask):
                arguments: dict[str, object] = _common(ask) | {"stage": stage, "indicator": code} | more
                if schools:
                    arguments["school"] = school
                found += yield Call(name, arguments)
    return _draft(found)


def _overview(ask: SchoolAsk, desk: Desk) -> Procedure:
    found = yield Call("check_compliance", _common(ask) | {"stage": _stages(ask)[0], "only": ask.only})
    if found and found[0].kind == "missing":
        return _draft(found)
    over = yield Call("dispersion", _common(ask) | {"stage": _stages(ask)[0], "about": "over"})
    return _draft([*found, *over])


def _schools(ask: SchoolAsk, desk: Desk) -> Procedure:
    return (yield from _each(ask, "check_compliance", only=ask.only))


def _school(ask: SchoolAsk, desk: Desk) -> Procedure:
    if not ask.schools:
        return (yield from _schools(replace(ask, op="schools"), desk))
    margin = {"margin": True} if ask.about == "margin" else {}
    return (yield from _each(ask, "school_indicators", schools=True, **margin))


def _cell(ask: SchoolAsk, desk: Desk) -> Procedure:
    """Tell what the table says of a school; a quantity that is judged for each pupil is told that way too."""
    found: list[Evidence] = []
    for school in ask.schools:
        for stage in _stages(ask):
            for item in _items(ask.folded):
                found += yield Call(
                    "school_cells", _common(ask) | {"school": school, "item": item, "stage": stage}
                )
        for code in ask.codes if ask.codes and ask.codes[0] in ("1.4", "1.5", "1.6") else ():
            found += yield Call(
                "school_indicators",
                _common(ask) | {"school": school, "indicator": code, "stage": _stages(ask)[0]},
            )
    return _draft(found)


def _items(folded: str) -> list[str]:
    """Return what is asked of a school, part by part: "多少学生,多少老师" asks two things."""
    parts = [part for part in re.split(r"[,，、;；]|(?<=[生师班])[和与及]", folded) if columns_of(part)]
    return parts if len(parts) > 1 else [folded]


def _total(ask: SchoolAsk, desk: Desk) -> Procedure:
    found: list[Evidence] = []
    for stage in _stages(ask):
        found += yield Call("school_totals", _common(ask) | {"item": ask.folded, "stage": stage})
    return _draft(found)


def _extreme(ask: SchoolAsk, desk: Desk) -> Procedure:
    found: list[Evidence] = []
    for stage in _stages(ask):
        arguments = {"item": ask.folded, "stage": stage, "lowest": ask.about == "least"}
        found += yield Call("school_ranking", _common(ask) | arguments)
    return _draft(found)


def _dispersion(ask: SchoolAsk, desk: Desk) -> Procedure:
    about = "mean" if ask.op == "average" else "" if ask.about == "unweighted" else ask.about
    drafted = yield from _each(ask, "dispersion", about=about)
    assert isinstance(drafted, Draft)
    if ask.about == "unweighted" and drafted.status == "answered":
        note = "差异系数按学生数加权计算，各校不等权；不加权的数不是这项标准的差异系数，不提供"
        return replace(drafted, warnings=(*drafted.warnings, note))
    return drafted


def _additions(ask: SchoolAsk, desk: Desk) -> Procedure:
    return (yield from _each(ask, "plan_additions", schools=True, money=ask.money))


def _moves(ask: SchoolAsk, desk: Desk) -> Procedure:
    codes = [c for c in ask.codes if c in ("1.1", "1.2", "1.3")] or ["1.2"]
    return (yield from _each(replace(ask, codes=tuple(codes)), "plan_moves"))


def _what_if(ask: SchoolAsk, desk: Desk) -> Procedure:
    if not ask.changes:
        text = "请说明假设哪所学校的哪一项变多少，例如“如果某校再增加10名骨干教师”。"
        return replace(refuse("ambiguous", text), status="clarify")
    changes = [f"{school}:{what}{change}" for school, what, change in ask.changes]
    found = yield Call("what_if", _common(ask) | {"changes": changes, "stage": _stages(ask)[0]})
    return _draft(found)


def _county(ask: SchoolAsk, desk: Desk) -> Procedure:
    if ask.schools:
        return (yield from _school(ask, desk))
    found: list[Evidence] = []
    for code in _codes(ask):
        if code.startswith("1."):
            found += yield Call(
                "check_compliance", _common(ask) | {"stage": _stages(ask)[0], "indicator": code}
            )
        else:
            arguments = {"indicator": code, "only": ask.only, "standard": ask.standard}
            found += yield Call("county_indicators", _common(ask) | arguments)
    wanted = ask.stages[0] if len(ask.stages) == 1 else None
    kept = [
        e
        for e in found
        if not (
            wanted
            and isinstance(e.item, Statement)
            and e.item.stage in ("primary", "junior")
            and e.item.stage != wanted
        )
    ]
    if wanted and found and not kept:
        return refuse(
            "no_data_for_check", f"学校表里没有参加评估的{STAGE_NAMES[wanted]}学校，这一项没有可判定的。"
        )
    return _draft(kept)


def _limit(ask: SchoolAsk, desk: Desk) -> Procedure:
    if ask.about == "variant":
        found = yield Call("standard_variants", {"region": ask.region or "", "standard": ask.standard})
        return _draft(found)
    found = []
    for code in _codes(ask):
        about = "dispersion" if ask.about == "dispersion" or not code else ""
        for stage in _stages(ask):
            found += yield Call(
                "standard_limits",
                {
                    "indicator": "" if about else code,
                    "stage": stage,
                    "standard": ask.standard,
                    "about": about,
                },
            )
    return _draft(found)


def _why(ask: SchoolAsk, desk: Desk) -> Procedure:
    """Tell the grounds: the verdict with its numbers; the steps of each stand in the calculations."""
    if ask.schools:
        drafted = yield from _school(ask, desk)
    elif ask.codes and all(not c.startswith("1.") for c in ask.codes):
        drafted = yield from _county(ask, desk)
    else:
        drafted = yield from _schools(ask, desk)
    rule = yield Call("standard_rules", {"topic": "passing", "standard": ask.standard})
    assert isinstance(drafted, Draft)
    if drafted.status != "answered" or ask.codes:
        return drafted
    lines = (*drafted.lines, *(Line(e.text, (e,)) for e in rule if e.kind == "statement"))
    return replace(drafted, lines=lines)


def _rule(ask: SchoolAsk, desk: Desk) -> Procedure:
    found = yield Call("standard_rules", {"topic": ask.about, "standard": ask.standard})
    return _draft(found)


_RUNS: dict[str, Callable[[SchoolAsk, Desk], Procedure]] = {
    "overview": _overview, "schools": _schools, "school": _school, "cell": _cell, "total": _total, "extreme": _extreme, "average": _dispersion, "dispersion": _dispersion,
    "additions": _additions, "moves": _moves, "what_if": _what_if, "county": _county, "lacking": _county, "limit": _limit,
    "why": _why, "rule": _rule,
}  # fmt: skip
