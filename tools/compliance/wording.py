"""The words that every part of a check says alike: clauses, names of stages and of verdicts."""

from __future__ import annotations

from corpus.rules import Demand, Standard

STATUS_WORDS = {"met": "达标", "not_met": "未达标", "no_data": "无法判定", "not_applicable": "不适用"}


def clause_of(standard: Standard, demand: Demand) -> str:
    """Return the clause as it is quoted: document, code, and the demand in the standard's words."""
    return f"{demand.document or standard.document} {demand.code} {demand.clause or demand.name}"
