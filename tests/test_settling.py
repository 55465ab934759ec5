"""Which of two answers is given: a language model's that passed the guard, or the rules'."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant.answer import Answer, Figure, Value
from assistant.settling import CONTRADICTED, UNSURE, contradicted, settle_answers


def answer(*lines: tuple[str, str, str], **changes: Any) -> Answer:
    """Return an answered answer with one line a (value, unit, source)."""
    text, figures, values = "", [], []
    for value, unit, source in lines:
        line = f"共{value}{unit}"
        figures.append(Figure(value + unit, len(text) + 1, len(text) + len(line), source))
        values.append(Value("某项", value, unit, None, "2022", "甲县", "甲县", source))
        text += line + "\n"
    made = Answer("answered", text.rstrip("\n"), figures=tuple(figures), values=tuple(values))
    return replace(made, **changes)


REFUSED = Answer("refused", "没有。", "not_reported")
ONE = answer(("42209", "万元", "citation:0"))
TWO = answer(("2400", "名", "citation:0"), ("2311", "名", "citation:1"))
BACK = Answer("clarify", "请说明学段。", "ambiguous", context={"metric": "生均经费"})
LOST = Answer("clarify", "请说明要查的指标。", "ambiguous", context={"metric": None})


@pytest.mark.parametrize(
    ("draft", "ruled", "accepted"),
    [
        pytest.param(ONE, ONE, True, id="the same"),
        pytest.param(answer(("4.2209", "亿元", "calculation:0")), ONE, True, id="another unit"),
        pytest.param(answer(("4.2209", "万元", "citation:0")), ONE, False, id="another scale"),
        pytest.param(answer(("42209", "人", "citation:0")), ONE, False, id="another kind"),
        pytest.param(answer(("38017", "万元", "citation:0")), ONE, False, id="another figure"),
        pytest.param(answer(("42209", "万元", "citation:0"), ("9", "所", "citation:1")), ONE, True, id="more"),
        pytest.param(answer(("2400", "名", "citation:0")), TWO, False, id="half of what was asked"),
        pytest.param(TWO, TWO, True, id="all that was asked"),
        pytest.param(Answer("answered", "推进顺利。"), ONE, False, id="prose for a figure"),
        pytest.param(Answer("answered", "推进顺利。"), Answer("answered", "推进顺利。"), True, id="prose"),
        pytest.param(ONE, REFUSED, True, id="the rules found nothing"),
        pytest.param(ONE, replace(REFUSED, reason="no_such_region"), False, id="no such place"),
        pytest.param(ONE, replace(REFUSED, reason="not_comparable"), False, id="not comparable"),
        pytest.param(ONE, BACK, False, id="one of several readings"),
        pytest.param(ONE, LOST, True, id="a question the rules cannot read"),
        pytest.param(REFUSED, ONE, False, id="not missing at all"),
        pytest.param(REFUSED, REFUSED, True, id="missing for both"),
        pytest.param(REFUSED, replace(REFUSED, reason="no_such_period"), False, id="missing for another reason"),
    ],
)  # fmt: skip
def test_rules_are_not_contradicted(draft, ruled, accepted):
    assert contradicted(draft, ruled) is not accepted
    given = settle_answers(draft, ruled, "")
    assert (given.text, given.mode) == ((draft.text, "llm") if accepted else (ruled.text, ruled.mode))
    if not accepted:
        assert any(CONTRADICTED in warning for warning in given.warnings)


def test_what_the_rules_did_not_find_is_marked():
    assert UNSURE in settle_answers(ONE, REFUSED, "").warnings
    assert UNSURE in settle_answers(ONE, LOST, "").warnings
    assert UNSURE not in settle_answers(ONE, ONE, "").warnings


def test_note_says_why_the_rules_answer():
    assert settle_answers(None, ONE, "").warnings == ()
    (said,) = settle_answers(None, ONE, "语言模型没有按时答复").warnings
    assert said.startswith("语言模型没有按时答复") and "内置规则" in said
