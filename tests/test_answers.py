"""Whole conversations over the sample corpus: what is answered, what is refused, and from which words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from answers_fixtures import load_cases, sample_service

from assistant.answer import Answer
from assistant.service import JunhengService

CASES = load_cases("answers.yaml")
KEYS = {"name", "turns", "status", "reason", "says", "never", "warns", "known_defect"}


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JunhengService]:
    """The sample corpus, read once."""
    opened = sample_service(tmp_path_factory.mktemp("answers") / "home")
    yield opened
    opened.close()


def marked(case: dict[str, Any]) -> Any:
    """Return the case as a parameter; one with a known defect must fail."""
    why = case.get("known_defect")
    marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=why)] if why else []
    return pytest.param(case, id=case["name"], marks=marks)


def ask(service: JunhengService, turns: list[str]) -> Answer:
    """Hold the conversation and return the answer to its last turn."""
    answer = service.ask(turns[0])
    for turn in turns[1:]:
        answer = service.ask(turn, thread_id=answer.thread_id)
    return answer


def groundless(service: JunhengService, answer: Answer) -> list[str]:
    """Return what breaks the promise: quotes that are no spans, numbers of the text without a source."""
    wrong = []
    for citation in answer.citations:
        report = service.report(citation.report_id)
        if report is None or report.text[citation.start : citation.end] != citation.quote:
            wrong.append(f"no span of the report: {citation.quote}")
    for figure in answer.figures:
        if answer.text[figure.start : figure.end] != figure.text:
            wrong.append(f"figure is not where it says: {figure.text}")
    held = [range(figure.start, figure.end) for figure in answer.figures]
    for match in re.finditer(r"(?<!\[)\d+(?:\.\d+)?(?!\])", answer.text):
        listed = re.search(r"(?:^|\n)$", answer.text[: match.start()]) and answer.text[match.end()] == "."
        if not listed and not any(match.start() in span for span in held):
            wrong.append(f"number without a source: {match[0]} at {match.start()}")
    return wrong


def slips(case: dict[str, Any], answer: Answer) -> list[str]:
    """Return what the answer gets wrong by the case, one line each."""
    wrong = []
    if answer.status != case.get("status", answer.status):
        wrong.append(f"status is {answer.status}, expected {case['status']}")
    if answer.reason != case.get("reason", answer.reason):
        wrong.append(f"reason is {answer.reason}, expected {case['reason']}")
    wrong += [f"does not say {word}" for word in case.get("says", ()) if word not in answer.text]
    wrong += [f"says {word}" for word in case.get("never", ()) if word in answer.text]
    warnings = "\n".join(answer.warnings)
    wrong += [f"does not warn of {word}" for word in case.get("warns", ()) if word not in warnings]
    return [*wrong, answer.text] if wrong else []


def test_cases_are_well_formed() -> None:
    """Every case has a name of its own, turns and something to check, and only known keys."""
    names = [case["name"] for case in CASES]
    assert len(CASES) >= 60
    assert len(set(names)) == len(names)
    for case in CASES:
        assert set(case) <= KEYS and case["turns"], case
        assert {"status", "says", "never"} & set(case), case
        assert ("reason" in case) <= (case.get("status") != "answered"), case
        assert all(isinstance(w, str) for key in ("turns", "says", "never") for w in case.get(key, ())), case


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_conversation(case: dict[str, Any], service: JunhengService) -> None:
    """The last answer has the status and says what the case demands, and nothing that it forbids."""
    assert slips(case, ask(service, case["turns"])) == []


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_answer_has_grounds(case: dict[str, Any], service: JunhengService) -> None:
    """Right or wrong, every quote is a span of a report, every number has a source, a refusal its reason."""
    answer = ask(service, case["turns"])
    assert groundless(service, answer) == []
    assert (answer.reason is None) == (answer.status == "answered")
    assert answer.text and answer.mode == "embedded"


def test_same_question_gets_the_same_answer(service: JunhengService) -> None:
    """Nothing that was asked before in other conversations changes an answer."""
    question = "召陵区各学段生均一般公共预算教育经费增幅从高到低排序"
    first, second = ask(service, [question]), ask(service, [question])
    assert (first.text, first.values, first.citations) == (second.text, second.values, second.citations)


def test_values_say_where_they_come_from(service: JunhengService) -> None:
    """Computed and quoted values come with the source by which they can be checked."""
    answer = ask(service, ["召陵区2022年一般公共预算教育支出比上年增长多少？"])
    sources = {(value.value, value.unit): value.source.split(":")[0] for value in answer.values}
    assert sources[("42209", "万元")] == "citation"
    assert sources[("11.03", "%")] in ("citation", "calculation")
    assert sources[("4192", "万元")] == "calculation"
    steps = [calculation.steps for calculation in answer.calculations]
    assert "(42209 − 38017) ÷ 38017 × 100% ≈ 11.03%" in steps


def test_region_chosen_beside_the_question_counts(service: JunhengService) -> None:
    """A region or year given with the question fills what its words leave open."""
    answer = service.ask("教育经费总投入是多少？", region="烟台市", period="2021")
    assert "194.85亿元" in answer.text
    assert "387" not in answer.text
