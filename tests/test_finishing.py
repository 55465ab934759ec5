"""From a checked draft to an answer: citations numbered, figures placed, the status derived."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.finishing import finish
from assistant.guard import Sources
from corpus.model import Fact
from indexes.store import Store
from tests.drafting import SAMPLES, store_of
from tools import TOOLS
from tools.evidence import Evidence, amount, from_fact, missing
from tools.texts import quote


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with store_of(tmp_path_factory.mktemp("finishing"), SAMPLES[:2]) as opened:
        yield opened


@pytest.fixture(scope="module")
def pair(store: Store) -> tuple[Fact, Fact]:
    """A level and the level of the period before it."""
    facts = {f.id: f for f in store.facts()}
    base = next(
        f for f in facts.values() if f.role == "base" and f.of in facts and f.metric_id and not f.stage
    )
    return facts[base.of or ""], base


def sources(store: Store, *items: Evidence, question: str = "") -> Sources:
    return Sources({item.key: item for item in items}, store.report, question)


def test_a_citation_is_the_stored_text(store: Store, pair: tuple[Fact, Fact]) -> None:
    """The quote is the span of the stored report, and the mark in the text leads to it."""
    item = from_fact(pair[0])
    answer = finish(f"为{amount(pair[0])}[e:{item.key}]", sources(store, item))
    citation = answer.citations[0]
    report = store.report(citation.report_id)
    assert report is not None and report.text[citation.start : citation.end] == citation.quote
    assert answer.text == f"为{amount(pair[0])}[1]。"
    assert answer.values[0].source == "citation:0"
    assert [f.source for f in answer.figures] == ["citation:0"]


def test_two_facts_of_one_sentence_share_a_citation(store: Store, pair: tuple[Fact, Fact]) -> None:
    """One sentence is quoted once however many of its numbers are used."""
    a, b = map(from_fact, pair)
    answer = finish(f"{amount(pair[0])}和{amount(pair[1])}[e:{a.key}][e:{b.key}]", sources(store, a, b))
    assert len(answer.citations) == 1 and answer.text.count("[1]") == 1


def test_a_result_leads_to_its_calculation_and_that_to_its_inputs(
    store: Store, pair: tuple[Fact, Fact]
) -> None:
    """A computed number's source is the calculation, whose inputs are cited."""
    made = TOOLS["growth"].run(store, current=pair[0].id, base=pair[1].id)
    result = next(e for e in made if e.kind == "calculation")
    shown = f"{abs(result.item.value):f}%"  # type: ignore[union-attr]
    answer = finish(f"增幅为{shown}[e:{result.key}]", sources(store, *made))
    assert [f.source for f in answer.figures] == ["calculation:0"]
    assert [i.source for i in answer.calculations[0].inputs] == ["citation:0", "citation:0"]


def test_pieces_of_one_line_stay_on_it(store: Store, pair: tuple[Fact, Fact]) -> None:
    """Citations within a sentence do not break the line; figures stay in place."""
    a, b = map(from_fact, pair)
    draft = f"本期{amount(pair[0])}[e:{a.key}],上期{amount(pair[1])}[e:{b.key}]\n另行[e:{a.key}]"
    answer = finish(draft, sources(store, a, b))
    assert answer.text.split("\n")[0] == f"本期{amount(pair[0])}[1],上期{amount(pair[1])}[1]。"
    assert all(answer.text[f.start : f.end] == f.text for f in answer.figures)


def test_a_number_of_the_question_is_said_to_be_the_questions(store: Store, pair: tuple[Fact, Fact]) -> None:
    """What only the question states has the source "question"."""
    item = from_fact(pair[0])
    answer = finish(f"不是7人[e:{item.key}]", sources(store, item, question="是7人吗"))
    assert [f.source for f in answer.figures] == ["question"]


def test_list_numbers_are_no_figures(store: Store) -> None:
    """List numbers at the head of a line are left out; numbers in a quote lead to its citation."""
    report = store.reports()[0]
    at = next(i for i, c in enumerate(report.text) if c.isdigit())
    end = report.text.find("\n", at)
    item = quote(report, report.text.rfind("\n", 0, at) + 1, end)
    answer = finish(f"1. 「{item.text}」[e:{item.key}]", sources(store, item))
    assert answer.figures and all(f.start > 2 for f in answer.figures)
    assert {f.source for f in answer.figures} == {"citation:0"}


def test_the_status_follows_from_what_is_cited(store: Store, pair: tuple[Fact, Fact]) -> None:
    """Only absences: refused with their reason; nothing cited: refused; facts: answered."""
    gone, item = missing("no_such_period", "资料中没有这一年的数"), from_fact(pair[0])
    assert finish(f"{gone.text}[e:{gone.key}]", sources(store, gone)).reason == "no_such_period"
    assert finish(f"{amount(pair[0])}[e:{item.key}]", sources(store, item)).status == "answered"
    assert finish("没有", sources(store)).status == "refused"
