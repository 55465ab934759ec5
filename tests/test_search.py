"""How lexical and dense scores are put together, and what a search gives back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexes import mirror
from indexes.search import background, blend, fact_text
from indexes.store import Store
from tests.indexes_fixtures import WordEmbedder, make_document, make_fact

SUBJECTS = ("教师培训", "校舍安全", "营养午餐", "图书配备", "体育场地", "音乐教室", "心理辅导", "学籍管理")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "home", embedder=WordEmbedder()) as store:
        yield store


def test_either_way_can_carry_a_row():
    """A row both ways like goes first; BM25 lifts a row above one with the same cosine."""
    ranked = blend({1: 0.9, 2: 0.9, 3: 0.95}, {1: 5.0, 3: 5.0}, floor=0.75, full=20.0)

    assert [row for _, row in ranked] == [3, 1, 2]


def test_blend_of_a_question_without_words():
    """Without any lexical match the cosines alone decide."""

    assert [row for _, row in blend({1: 0.8, 2: 0.9}, {}, floor=0.75, full=0.0)] == [2, 1]


def test_background_of_unrelated_vectors():
    """The floor of a model follows from what its own vectors have in common."""
    rng = np.random.default_rng(1)
    apart = rng.normal(size=(200, 64)).astype(np.float32)
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    close = apart + 2
    close /= np.linalg.norm(close, axis=1, keepdims=True)

    assert background(apart) == 0.0
    assert background(close) > 0.6


def test_fact_text_skips_what_is_not_known():
    """A fact is found by its region, period, subject, metric, printed value and label."""
    assert fact_text(make_fact("r", 0, 4, "教育支出")) == "甲县 2022 甲县 某项支出 42209.50万元 教育支出"


def test_search_finds_the_passage(store: Store):
    """The passage a question speaks of comes first, with both its scores."""
    store.put(make_document(*(f"{s}工作进展顺利。" for s in SUBJECTS)), source="a", digest="1")
    hits = store.search("營養午餐怎么样", k=3)

    assert hits[0].passage.text == "营养午餐工作进展顺利。"
    assert hits[0].lexical > 0
    assert hits[0].dense > hits[1].dense
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_search_within_reports(store: Store):
    """A filtered search gives passages of those reports only, even when others match better."""
    first = make_document("营养午餐覆盖所有学校。", title="甲")
    second = make_document("学校运动会按时举行。", title="乙")
    store.put(first, source="a", digest="1")
    store.put(second, source="b", digest="2")
    hits = store.search("营养午餐", report_ids=[second.report.id])

    assert [hit.passage.report_id for hit in hits] == [second.report.id]
    assert store.search("营养午餐", report_ids=[]) == []
    assert store.search("营养午餐", k=0) == []
    assert store.search_facts("营养午餐", report_ids=[]) == []


def test_search_of_nothing(store: Store):
    """An empty store finds nothing, and an empty question breaks nothing."""
    assert store.search("营养午餐") == []
    assert store.search_facts("营养午餐") == []
    store.put(make_document("营养午餐覆盖所有学校。"), source="a", digest="1")

    assert len(store.search("")) == 1
    assert len(store.search("，。！？")) == 1


def test_search_facts(store: Store):
    """The fact whose label is nearest comes first."""
    document = make_document(*(f"{s}投入" for s in SUBJECTS))
    store.put(document, source="a", digest="1")
    found = store.search_facts("甲县 2022 校舍安全投入", k=2)

    assert found[0][0].label == "校舍安全投入"
    assert len(found) == 2
    assert found[0][1] > found[1][1]


def test_chroma_agrees_with_exact_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A question answered through Chroma gives the hits of an exact search."""
    document = make_document(*(f"{s}第{i}项安排{i * 7}人" for i in range(12) for s in SUBJECTS))
    with Store.open(tmp_path, embedder=WordEmbedder()) as store:
        store.put(document, source="a", digest="1")
    with Store.open(tmp_path, embedder=WordEmbedder()) as store:
        exact = [(hit.passage, round(hit.score, 4)) for hit in store.search("音乐教室第5项", k=5)]
        assert not store._mirror._index
    monkeypatch.setattr(mirror, "SMALL", 0)
    with Store.open(tmp_path, embedder=WordEmbedder()) as store:
        through = [(hit.passage, round(hit.score, 4)) for hit in store.search("音乐教室第5项", k=5)]
        assert store._mirror._index is not None

    assert through == exact


def test_questions_from_many_threads(store: Store):
    """Threads may ask while another one writes; each answer is whole."""
    store.put(make_document(*(f"{s}工作进展顺利。" for s in SUBJECTS)), source="a", digest="1")
    wrong: list[object] = []

    def ask() -> None:
        for subject in SUBJECTS * 2:
            try:
                best = store.search(subject, k=1)[0].passage.text
                facts = store.search_facts(subject, k=1)
                if not best.startswith(subject) or not facts:
                    wrong.append(best)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(6):
        store.put(make_document(f"第{number}次检查没有发现问题。"), source="b", digest=str(number))
    for thread in threads:
        thread.join()

    assert wrong == []
