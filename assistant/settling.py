"""Which answer is given, the language model's or the rules', when both have answered the same question."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assistant.answer import Answer
from corpus.units import canonical, dimension, factor

FIRM = ("no_such_region", "no_such_period", "not_comparable", "out_of_scope", "no_data_for_check")
"""Refusals that follow from slots of the question; no draft of a language model goes against them."""

UNSURE = "内置规则没有找到与问题完全对应的数据，请核对回答中的指标是否就是所问的"
CONTRADICTED = "语言模型的回答与按规则核对的结果不一致"


def settle_answers(draft: Answer | None, ruled: Answer, note: str) -> Answer:
    """Return the language model's answer where the rules do not contradict it, else theirs, saying why.

    ``draft`` is None when the language model gave none that passed; ``note`` then says why.
    """
    if draft is None:
        if not note:
            return ruled
        return replace(ruled, warnings=(*ruled.warnings, f"{note}，本答案由内置规则给出"))
    if contradicted(draft, ruled):
        return settle_answers(None, ruled, CONTRADICTED)
    unsure = draft.status == "answered" and ruled.status == "refused"
    warnings = (*draft.warnings, UNSURE) if unsure else draft.warnings
    return replace(draft, mode="llm", context=ruled.context, warnings=warnings)


def contradicted(draft: Answer, ruled: Answer) -> bool:
    """Tell whether the rules know better: they refuse for good, find what is said to be missing, or find
    other values. A draft that names none of the values that the question asks for answers another question.
    """
    if draft.status != "answered":
        return ruled.status == "answered" or ruled.reason not in (draft.reason, "guard_rejected")
    if ruled.status == "answered":
        found = amounts(ruled)
        return bool(found) and not found & amounts(draft)
    return ruled.status == "refused" and ruled.reason in FIRM


def amounts(answer: Answer) -> set[tuple[Decimal, str]]:
    """Return what ``answer`` states, in base units: 4.2亿元 is 42000万元."""
    return {_plain(Decimal(value.value), value.unit) for value in answer.values}


def _plain(value: Decimal, unit: str) -> tuple[Decimal, str]:
    if canonical(unit) is None:
        return value.normalize(), unit
    return (value * factor(unit)).normalize(), dimension(unit)
