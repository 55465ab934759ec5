"""The questions over real reports rest on these reports: evidence is verbatim, figures follow from it."""

from __future__ import annotations

import ast
import json
import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.judging import matching

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "asked" / "first.jsonl").read_text("utf-8").splitlines()
]
POWERS_OF_TEN = [Decimal(10) ** power for power in (-4, 0, 4)]
"""Between 元, 万元 and 亿元, or persons and 万人."""
_OPERATORS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_TERM = re.compile(r"\(?\d[\d.+\-*/()]*[+\-*/][\d.+\-*/()]*\d\)?")


def computed(term: str) -> Decimal:
    """Return what ``term`` comes to, read digit by digit, so that nothing is rounded on the way."""

    def value(node: ast.expr) -> Decimal:
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](value(node.left), value(node.right))
        text = ast.get_source_segment(term, node)
        assert isinstance(node, ast.Constant) and text
        return Decimal(text)

    return value(ast.parse(term, mode="eval").body)


def is_shown_as(exact: Decimal, shown: Decimal) -> bool:
    """Whether ``shown`` is ``exact`` at the places it is written with, as itself, in per cent or turned round."""
    places = Decimal(1).scaleb(int(shown.as_tuple().exponent))
    return any(abs(abs(exact) * scale - shown) <= places / 2 for scale in (Decimal(1), Decimal(100)))


@pytest.fixture(scope="module")
def texts(shared: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in (shared / "reports").glob("*.txt")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_rests_on_its_reports(case: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    for quote, report in zip(case["evidence"], case["evidence_docs"], strict=True):
        assert quote in texts[report]
        assert len(quote) <= 42, "a third party's sentence is not ours to print"
    held = "\n".join(texts[report] for report in case["evidence_docs"])
    terms = [computed(term) for term in _TERM.findall(matching.plain(case["note"]))]
    for item in case["answer_values"]:
        value = Decimal(str(item["value"]))
        read = any(matching.contains(held, f"{value * scale:f}") for scale in POWERS_OF_TEN)
        assert read or any(is_shown_as(term, value) for term in terms), f"{value} stands nowhere"


def test_the_cases_are_of_every_kind_asked_for() -> None:
    """A third is unanswerable, in eight classes; a fifth are conversations."""
    reasons = [case["expected_reason"][0] for case in CASES if "expected_reason" in case]
    assert len(CASES) == len({case["id"] for case in CASES}) == 150
    assert sum(len(case["turns"]) > 1 for case in CASES) >= 30
    assert len(reasons) >= 40 and len(set(reasons)) == 8
