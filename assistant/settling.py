"""Which answer is given, the language model's or the rules', when both have answered the same question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from assistant.answer import Answer, Value
from corpus.folding import fold
from corpus.quantities import read_quantities
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
    unsure = draft.status == "answered" != ruled.status
    warnings = (*draft.warnings, UNSURE) if unsure else draft.warnings
    return replace(draft, mode="llm", context=ruled.context, warnings=warnings)


def contradicted(draft: Answer, ruled: Answer) -> bool:
    """Tell whether the rules know better.

    They do when they refuse for good, when they ask back about an indicator that they know, when they find
    what is said to be missing, and when a line of theirs has values none of which the draft states: half of
    what was asked is no answer, and another figure is the answer to another question.
    """
    if draft.status != "answered":
        return ruled.status == "answered" or ruled.reason not in (draft.reason, "guard_rejected")
    if ruled.status == "answered":
        stated = amounts(draft.values) | _written(draft.text)
        return any(not wanted & stated for wanted in _by_line(ruled))
    if ruled.status == "clarify":
        return bool(ruled.context.get("metric"))
    return ruled.reason in FIRM


def amounts(values: Iterable[Value]) -> set[tuple[Decimal, str]]:
    """Return the amounts of ``values`` in base units: 4.2亿元 is 42000万元."""
    return {_plain(Decimal(value.value), value.unit) for value in values}


def _written(text: str) -> set[tuple[Decimal, str]]:
    """Return the amounts that stand in ``text``, of which the guard has checked each."""
    return {_plain(q.value, q.unit) for q in read_quantities(fold(text))}


def _by_line(answer: Answer) -> list[set[tuple[Decimal, str]]]:
    """Return the amounts of each line of ``answer`` that has any, else all of them together."""
    if (
        "schools" in answer.context
    ):  # its first sentence is the answer, the others tell of school after school
        return [amounts(answer.values)] if answer.values else []
    found: list[set[tuple[Decimal, str]]] = []
    results = amounts(v for v in answer.values if v.source.startswith("calculation:"))
    begin = 0
    for line in answer.text.split("\n"):
        end = begin + len(line)
        sources = {f.source for f in answer.figures if begin <= f.start and f.end <= end}
        held = [value for value in answer.values if value.source in sources]
        # what was calculated was asked for, what went in was not; a result that is printed too has the print as its source
        found.append(amounts(held) & results or amounts(held))
        begin = end + 1
    return [wanted for wanted in found if wanted] or ([amounts(answer.values)] if answer.values else [])


def _plain(value: Decimal, unit: str) -> tuple[Decimal, str]:
    if canonical(unit) is None:
        return value.normalize(), unit
    return (value * factor(unit)).normalize(), dimension(unit)
