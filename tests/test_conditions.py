"""Conditions, rankings, lists, claims and follow-ups: whole conversations over invented places."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.bars import read_bar
from assistant.judging.provenance import problems
from assistant.service import JunhengService
from corpus.folding import fold
from corpus.quantities import read_quantities
from tests.talk_fixtures import CASES, empty_service, slips, talk

TABLE: dict[str, Any] = yaml.safe_load((CASES / "conditions.yaml").read_text("utf-8"))
NAMES = [case["name"] for case in TABLE["cases"]]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JunhengService]:
    home = tmp_path_factory.mktemp("conditions")
    opened = empty_service(home)
    for report in TABLE["reports"]:
        path = home / f"{report['region']}{report['year']}.txt"
        path.write_text(report["text"], "utf-8")
        outcomes = opened.ingest([path], region=report["region"], year=report["year"])
        assert outcomes[0].status == "added", outcomes[0].message
    yield opened
    opened.close()


@pytest.mark.parametrize("case", TABLE["cases"], ids=NAMES)
def test_conversation(case: dict[str, Any], service: JunhengService) -> None:
    """The last answer is what was worked out by hand; everything asked is answered or said to be missing."""
    answer = talk(service, case["turns"])
    assert slips({"status": "answered", **case}, answer) == []
    texts = {report.id: report.text for report in service.reports()}
    found = problems(answer.as_json(), texts.__getitem__, " ".join(case["turns"]), texts.values())
    assert found == []


@pytest.mark.parametrize("case", TABLE["cases"], ids=NAMES)
def test_figures_of_the_places_asked_about(case: dict[str, Any], service: JunhengService) -> None:
    """No figure of a place that no turn names, unless the question is over all places."""
    answer = talk(service, case["turns"])
    said = "".join(case["turns"])
    if "哪些地区" in said or "哪几个县" in said or "哪个地区" in said:
        return
    named = {r["region"] for r in TABLE["reports"] if r["region"] in said}
    assert {value.region for value in answer.values} <= named | {None}


_VERBS = {
    "达到": "≥", "不低于": "≥", "到": "≥", "超过": ">", "高于": ">", "低于": "<", "不到": "<", "不超过": "≤", "控制在": "≤",
}  # fmt: skip


@given(
    st.sampled_from(sorted(_VERBS)),
    st.integers(1, 99999),
    st.sampled_from(["%", "人", "所", "万元", "元"]),
    st.sampled_from(["了吗", "了没有", "吗", "没有"]),
)
def test_a_bar_is_read_whole(verb: str, number: int, unit: str, ending: str) -> None:
    """Whatever the amount, its relation, value and unit are read, and nothing of it is left in the phrase."""
    text = fold(f"某某县的指标{verb}{number}{unit}{ending}?")
    bar = read_bar(text, read_quantities(text))
    assert bar is not None
    assert (bar.relation, bar.quantity.value, bar.quantity.unit) == (_VERBS[verb], Decimal(number), unit)
    left = "".join(c for i, c in enumerate(text) if not any(a <= i < b for a, b in bar.spans))
    assert left.strip("?") == "某某县的指标"


@given(st.integers(1, 99999), st.sampled_from(["人", "所", "万元"]))
def test_an_amount_alone_is_no_bar(number: int, unit: str) -> None:
    """A stated amount that nothing is held against makes no condition."""
    text = fold(f"投入{number}{unit}的项目叫什么?")
    assert read_bar(text, read_quantities(text)) is None
