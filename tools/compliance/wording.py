"""The words that every part of a check says alike: clauses, names of stages and of verdicts."""

from __future__ import annotations

from corpus.rules import Demand, Standard, standards

STATUS_WORDS = {"met": "达标", "not_met": "未达标", "no_data": "无法判定", "not_applicable": "不适用"}


def clause_of(standard: Standard, demand: Demand) -> str:
    """Return the clause as it is quoted: document, code, and the demand in the standard's words."""
    return f"{demand.document or standard.document} {demand.code} {demand.clause or demand.name}"


def floor_words(standard: str) -> str:
    """Return what the pass rule asks of an indicator that is not met, as "要求的85%"; standards without one have none."""
    rule = standards()[standard].passing
    return "要求" if rule is None else f"要求的{(rule.floor * 100).normalize():f}%"
