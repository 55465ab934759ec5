"""Clauses of codified standards in words: an indicator, its limits, and what surrounds them."""

from __future__ import annotations

from corpus.rules import Demand, Limit, Standard
from tools.evidence import Clause, Evidence, plain

_STAGES = {
    "primary": "小学", "junior": "初中", "senior": "高中", "preschool": "学前", "special": "特殊教育", "county": "",
}  # fmt: skip
UNCONFIRMED = "(未核实)"


def bound_words(limit: Limit) -> str:
    """Return operator and bound as they are compared: "≥ 4.2人", "≥ 1:15", "≥ 上年…"."""
    if limit.value is None:
        return f"{limit.operator} {limit.than}" if limit.than else "已废止"
    number = plain(limit.value)
    return f"{limit.operator} {f'1:{number}' if limit.unit == '1:N' else f'{number}{limit.unit}'}"


def limit_words(limit: Limit) -> str:
    """Return a limit with stage, name, types of school and dates: "小学 ≥ 4.2人"."""
    who = (limit.name or _STAGES[limit.stage]) + "、".join(limit.kinds)
    when = f"{limit.since}起" if limit.since else ""
    when += f"至{limit.until}" if limit.until else ""
    words = f"{who} {bound_words(limit)}".strip()
    if when:
        words += f"({when}{UNCONFIRMED if limit.dates == 'unconfirmed' else ''})"
    return words + (UNCONFIRMED if limit.status == "unconfirmed" else "")


def clause_text(demand: Demand) -> str:
    """Return the demand as one line: "1.1 每百名学生…:小学、初中分别达到4.2人以上、5.3人以上"."""
    words = demand.clause or demand.name
    return f"{demand.code} {words}{UNCONFIRMED if demand.status == 'unconfirmed' else ''}"


def rules_of(own: Standard, demand: Demand) -> list[Evidence]:
    """Return the pass rule and the limits of dispersion that cover the indicator, each citable under its code."""
    found = []
    if own.passing is not None and demand.code in own.passing.codes:
        found.append(f"{own.passing.text}{UNCONFIRMED if own.passing.status == 'unconfirmed' else ''}")
    if own.dispersion is not None and demand.code in own.dispersion.codes:
        limits = "; ".join(limit_words(limit) for limit in own.dispersion.limits)
        found.append(f"{demand.code} {demand.name}:{own.dispersion.text}({limits})")
    return [Evidence("standard", text, Clause(own.id, demand.code, text, own.document)) for text in found]


def clause_of(own: Standard, demand: Demand) -> Evidence:
    """Return the clause of one indicator with its limits, citable as ``standard:ID/CODE``."""
    text = clause_text(demand)
    if demand.limits:
        text += f"({'; '.join(limit_words(limit) for limit in demand.limits)})"
    return Evidence("standard", text, Clause(own.id, demand.code, text, demand.document or own.document))
