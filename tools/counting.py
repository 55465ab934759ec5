"""Count the schools that a text lists by name."""

from __future__ import annotations

import re
from decimal import Decimal

from corpus.folding import fold
from corpus.model import Fact
from indexes.store import Store
from tools.calculation import Calculation, Input
from tools.evidence import Evidence, from_calculation, from_fact, missing

_NAME = re.compile(
    r"[\u4e00-\u9fff\d]{2,20}?(?:小学|中学|学校|幼儿园|一中|二中|三中|高中|初中)(?![\u4e00-\u9fff]*?(?:生|教师))"
)


def count_names(store: Store, facts: list[Fact]) -> list[Evidence]:
    """Return how many schools the clauses of ``facts`` list by name, with the clauses as evidence."""
    names: list[str] = []
    inputs: list[Input] = []
    for i, fact in enumerate(facts, 1):
        report = store.report(fact.report_id)
        clause = fold(report.text[slice(*fact.clause)]) if report else ""
        listed = [n for part in re.split(r"[、和及与]", clause) if (n := _last_name(part))]
        fresh = [n for n in listed if n not in names]
        names += fresh
        if fresh:
            inputs.append(Input(f"第{i}处", Decimal(len(fresh)), "所", fact))
    if not names:
        return [missing("not_reported", "原文没有逐一列出学校名称,数不出所数")]
    template = " + ".join(f"{{{i}}}" for i in range(len(inputs)))
    result = Calculation(
        "count", "所数", "逐一列出的学校名称计数", template, tuple(inputs), Decimal(len(names)), "所", None,
        notes=("、".join(names),),
    )  # fmt: skip
    return [*map(from_fact, facts), from_calculation(result)]


def _last_name(part: str) -> str | None:
    part = re.sub(r"^.*\d[\d.]*(?:万|亿)?元", "", part)
    part = re.sub(r"^.*(?:对|在|为|向)(?=[\u4e00-\u9fff]{2,})", "", part)
    found = _NAME.search(part)
    return found.group() if found else None
