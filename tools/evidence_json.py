"""What calculations and citations look like in JSON, alike wherever they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corpus.model import Fact
from tools.calculation import Calculation, Input
from tools.evidence import Sentence, plain

Span = tuple[str, int, int]


def span_of(item: Fact | Sentence) -> Span:
    """Return the span that is quoted for ``item``: a fact's whole sentence, or the sentence itself."""
    if isinstance(item, Fact):
        return item.report_id, *item.sentence
    return item.report_id, item.start, item.end


def calculation_json(item: Calculation, source: Callable[[Input], str]) -> dict[str, Any]:
    """Return a calculation; ``source`` names where an input comes from ("citation:0"), "" if that is not told."""
    return {
        "name": item.name,
        "label": item.label,
        "formula": item.formula,
        "inputs": [
            {"name": one.name, "value": plain(one.value), "unit": one.unit, "source": source(one)}
            for one in item.inputs
        ],
        "result": {"value": plain(item.value), "unit": item.unit},
        "rounding": item.rounding,
        "steps": item.steps,
        "notes": list(item.notes),
    }
