"""How many people lie beyond a printed rate."""

from __future__ import annotations

import re
from decimal import Decimal

from corpus.claims import Absolute
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import dimension
from tools.audit.context import narrowed
from tools.audit.view import View
from tools.calculation import Calculation, Input, quotient


def whole_of(view: View, entry: Absolute, rate: Fact) -> Fact | None:
    """Return the number of people that the rate is of, where its sentence gives exactly one that fits."""
    fits = [
        f for f in view.by_sentence.get(rate.sentence, ())
        if entry.whole and f.start < rate.start and f.role == "level" and dimension(f.unit) == "person"
        and re.search(entry.whole, fold(f.label)) and f.kind == "actual" and f.qualifier is None
        and f.unit in ("人", "名") and (f.stage == rate.stage or rate.stage is None)
        and not re.search(r"未|缓|辍|已|其中|新增", fold(f.label))
        and (entry.subjects or not narrowed().search(fold(f.label)))
    ]  # fmt: skip
    between = view.folded[fits[0].end : rate.start] if fits else ""
    return fits[0] if len(fits) == 1 and not re.search(r"[;。]", between) else None


def shortfall(whole: Fact, rate: Fact, *, complement: bool) -> Calculation:
    """Return how many of ``whole`` lie beyond a rate; whole people."""
    inputs = (Input("总人数", whole.value, whole.unit, whole), Input("比率", rate.value, "%", rate))
    if complement:
        exact = quotient(whole.value * (100 - rate.value), Decimal(100))
        formula, template = "总人数 × (100% − 比率)", "{0} × (100% − {1}%)"
    else:
        exact = quotient(whole.value * rate.value, Decimal(100))
        formula, template = "总人数 × 比率", "{0} × {1}%"
    name = "shortfall" if complement else "portion"
    return Calculation(
        name,
        "比率之外的人数" if complement else "比率所指的人数",
        formula,
        template,
        inputs,
        exact,
        whole.unit,
        0,
    )
