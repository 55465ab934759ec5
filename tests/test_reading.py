"""A question is read into slots as the cases say; ``tests/cases/reading.yaml`` explains its keys."""

from __future__ import annotations

from typing import Any

import pytest
from answers_fixtures import load_cases, path_of, two_counties

from assistant.question import Ask, Known
from assistant.reading import metric_name, read
from corpus.catalogue import indicators, stages

CASES = load_cases("reading.yaml")
FIELDS = {
    "op": "op", "metrics": "metric_ids", "regions": "regions", "unknown": "unknown_regions", "among": "among",
    "periods": "periods", "against": "against", "stages": "stages", "measure": "measure", "unit": "unit",
    "descending": "descending", "rate": "rate_asked", "number": "numeric", "derived": "derived",
    "loose": "generic", "carried": "carried",
}  # fmt: skip
OTHERS = {"turns", "asks", "says", "amounts", "corrected", "known_defect"}


def marked(case: dict[str, Any]) -> Any:
    """Return the case as a parameter; one with a known defect must fail."""
    why = case.get("known_defect")
    marks = [pytest.mark.xfail(strict=True, reason=why)] if why else []
    return pytest.param(case, id=" | ".join(case["turns"]), marks=marks)


def slips(case: dict[str, Any], asks: tuple[Ask, ...]) -> dict[str, tuple[Any, Any]]:
    """Return each key that is read otherwise than the case says, with (read, expected)."""
    ask = asks[-1]
    wrong: dict[str, tuple[Any, Any]] = {}
    for key, field in FIELDS.items():
        value = getattr(ask, field)
        found = list(value) if isinstance(value, tuple) else value
        if key in case and found != case[key]:
            wrong[key] = (found, case[key])
    if missing := [word for word in case.get("says", ()) if word not in ask.words]:
        wrong["says"] = (ask.words, missing)
    amounts = [quantity.as_printed for quantity in ask.given]
    if amounts != case.get("amounts", amounts):
        wrong["amounts"] = (amounts, case["amounts"])
    corrected = [list(pair) for pair in ask.corrected]
    if corrected != case.get("corrected", corrected):
        wrong["corrected"] = (corrected, case["corrected"])
    if len(asks) != case.get("asks", len(asks)):
        wrong["asks"] = (len(asks), case["asks"])
    return wrong


@pytest.fixture(scope="module")
def known() -> Known:
    return two_counties()


def test_cases_are_well_formed() -> None:
    """Every case has turns, only known keys, and ids that the catalogue has."""
    assert len(CASES) >= 80
    for case in CASES:
        assert case["turns"] and set(case) <= {*FIELDS, *OTHERS} and len(case) > 1, case
        assert set(case.get("metrics", ())) <= set(indicators()), case
        assert set(case.get("stages", ())) <= set(stages()), case


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_question_is_read_as_the_case_says(case: dict[str, Any], known: Known) -> None:
    """The slots of the last question are those of the case."""
    assert slips(case, read(case["turns"], known).asks) == {}


def test_same_name_elsewhere_is_another_place(known: Known) -> None:
    """A county of the stored name below another province is not the stored one."""
    own = Known(("城关区",), {"城关区": path_of("城关区", "甘肃省")}, {"城关区": (2022,)}, {"城关区": 2023})
    assert read(["甘肃省兰州市城关区有多少学生?"], own).asks[0].regions == ("城关区",)
    assert read(["西藏自治区拉萨市城关区有多少学生?"], own).asks[0].regions == ()


def test_only_region_need_not_be_named() -> None:
    """With one region stored, 去年 counts from its report though the question names no place."""
    own = Known(("云梦县",), {"云梦县": path_of("云梦县", "湖北省")}, {"云梦县": (2022,)}, {"云梦县": 2023})
    assert own.sole == "云梦县"
    assert read(["去年一般公共预算教育支出是多少?"], own).asks[0].periods == ("2022",)


def test_nothing_is_carried_from_nowhere(known: Known) -> None:
    """A follow-up without a conversation stays open instead of guessing."""
    ask = read(["那初中呢?"], known).asks[-1]
    assert ask.carried == () and ask.regions == () and ask.metric_ids == ()


def test_reading_is_a_function_of_the_turns(known: Known) -> None:
    """The same turns are read the same way, and earlier turns are kept as previous questions."""
    turns = ["云梦县教育经费总投入是多少?", "惠安县呢?"]
    first, second = read(turns, known), read(turns, known)
    assert first == second
    assert [ask.regions for ask in first.previous] == [("云梦县",)]
    assert first.text == turns[-1]


@pytest.mark.parametrize("text", ["", "?", "???", "。", "  ", "\n", "0", "％", "县" * 300])
def test_odd_input_is_read_without_a_crash(text: str, known: Known) -> None:
    """Whatever is typed gives at least one question and no error."""
    assert read([text], known).asks


def test_metric_name_is_that_of_the_catalogue(known: Known) -> None:
    """What is asked is called by the indicator's name, else by the words left."""
    ask = read(["云梦县残疾儿童入学率是多少?"], known).asks[0]
    assert metric_name(ask)
    named = read(["云梦县教育经费总投入是多少?"], known).asks[0]
    assert metric_name(named) == indicators()["total_education_funds"].name
