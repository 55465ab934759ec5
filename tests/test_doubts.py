"""A figure that was recognised in a scan and may have been read wrong is marked wherever it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from indexes_fixtures import WordEmbedder

from assistant.faces import forms
from assistant.service import JunhengService
from assistant.settings import Settings
from corpus.confidence import LOW, MARK, is_low
from corpus.facts import read_facts
from corpus.model import Document, Place, Report
from corpus.passages import split
from corpus.readers import read_text
from corpus.rules import standards
from indexes.store import Store
from tools.audit.shape import finding_json
from tools.audit.stored import audit_stored
from tools.certainty import CAVEAT
from tools.compliance.reported import reported_verdicts

TEXT = """霞浦县2023年教育工作自评报告
一、经费情况
2023年,全县教育经费总投入为81234.50万元,比上年的76543.20万元增加4691.30万元,增长6.13%。
2023年,全县一般公共预算教育支出为60110.00万元。
2023年,全县一般公共预算教育支出占教育经费总投入的71.00%。
二、办学情况
2023年,全县初中三年巩固率为96.2%。2023年,全县残疾儿童少年入学率为97.5%。
"""
UNSURE, SURE = Decimal("0.50"), Decimal("0.95")


def scanned(text: str, *doubted: str) -> Report:
    """The text as recognised, ``doubted`` pieces of it with little confidence."""
    spans = sorted((text.index(piece), text.index(piece) + len(piece)) for piece in doubted)
    places, at = [], 0
    for start, end in spans:
        places += [Place(at, start, 1, confidence=SURE), Place(start, end, 1, confidence=UNSURE)]
        at = end
    places.append(Place(at, len(text), 1, confidence=SURE))
    return replace(
        read_text(text, "a.pdf"), format="scan", places=tuple(p for p in places if p.start < p.end)
    )


@pytest.fixture
def service(tmp_path: Path) -> Iterator[JunhengService]:
    store = Store.open(tmp_path / "home", embedder=WordEmbedder())
    report = scanned(TEXT, "81234.50", "96.2")
    store.put(Document(report, split(report), read_facts(report)), source="a", digest="a", original=b"a")
    made = JunhengService(store, Settings(home=tmp_path / "home"))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("doubted", "low"),
    [
        ("60110.00", {"60110.00"}),
        ("一般公共预算教育支出", {"60110.00"}),
        ("残疾儿童少年入学率", {"97.5"}),
        ("经费情况", set()),
        ("自评报告", set()),
    ],
)
def test_a_fact_is_as_sure_as_its_least_sure_word(doubted: str, low: set[str]) -> None:
    """A metric that was read wrong makes a wrong fact, however sure its figure."""
    found = read_facts(scanned(TEXT, doubted))

    assert {f"{f.value:f}" for f in found if is_low(f.confidence)} == low
    assert all(f.confidence is not None for f in found)


def test_typed_text_is_never_in_doubt() -> None:
    assert {fact.confidence for fact in read_facts(read_text(TEXT, "a.txt"))} == {None}


def test_an_answer_marks_the_figure_and_warns(service: JunhengService) -> None:
    """The mark stands behind the sentence, the value and the citation carry the number."""
    answer = service.ask("霞浦县2023年教育经费总投入是多少?")
    (value,) = answer.values

    assert answer.status == "answered" and "81234.50万元" in answer.text
    assert re.search(rf"81234\.50万元\S*\({MARK}\)", answer.text)
    assert value.confidence is not None and Decimal(value.confidence) < LOW
    assert answer.citations[0].confidence == str(UNSURE)
    assert any("核对原件" in warning for warning in answer.warnings)
    assert all(answer.text[f.start : f.end] == f.text for f in answer.figures)


def test_what_is_calculated_from_a_figure_in_doubt_is_in_doubt(service: JunhengService) -> None:
    answer = service.ask("霞浦县2023年一般公共预算教育支出占教育经费总投入的比例是多少?")

    assert answer.status == "answered" and answer.calculations
    assert MARK in answer.text
    assert any(v.confidence is not None and Decimal(v.confidence) < LOW for v in answer.values)


def test_a_sure_figure_of_a_scan_has_no_mark(service: JunhengService) -> None:
    answer = service.ask("霞浦县2023年一般公共预算教育支出是多少?")

    assert answer.status == "answered" and "60110.00万元" in answer.text
    assert MARK not in answer.text and not answer.warnings
    assert answer.values[0].confidence == str(SURE)


def test_an_audit_says_so_where_it_leans_on_a_figure_in_doubt(service: JunhengService) -> None:
    """An "inconsistent" on such a figure may be the recognition's fault; the talk tells it and the guard lets it."""
    (report,) = service.reports()
    found = [f for f in audit_stored(service.store, report.id) if f.verdict == "inconsistent"]

    assert found
    for finding in found:
        told = finding_json(finding, {report.id: report})
        assert CAVEAT in told["explanation"] and Decimal(told["confidence"]) < LOW
    answer = service.ask("霞浦县2023年的报告有没有算错的数?")
    assert answer.status == "answered" and CAVEAT in answer.text and "71.00" in answer.text


def test_a_verdict_from_a_figure_in_doubt_says_so(service: JunhengService) -> None:
    """Met or not, the reader is told to look at the original first."""
    standard = next(s for s in standards().values() if any(d.code == "3.1" for d in s.demands))
    verdicts = {v.code: v for v in reported_verdicts(service.store, standard, region=None, year="2023")}

    assert verdicts["3.1"].status == "met" and CAVEAT in verdicts["3.1"].remark
    assert verdicts["3.2"].status == "met" and CAVEAT not in verdicts["3.2"].remark


def test_facts_tell_their_confidence(service: JunhengService) -> None:
    told = {f["value"]: f["confidence"] for f in forms.facts_json(service.facts(), service.reports())}

    assert (told["81234.50"], told["60110.00"]) == (str(UNSURE), str(SURE))
