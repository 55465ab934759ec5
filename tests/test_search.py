"""How lexical and dense scores are put together, and what a search gives back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexes import mirror
from indexes.database import set_meta
from indexes.search import background, blend, fact_texts, join, word_share
from indexes.store import Store
from indexes.vectors import read_vectors
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


def test_fact_texts_skip_what_is_not_known():
    """A fact is found by what it is called and by its place and time; its value is no part of that."""
    fact = make_fact("r", 0, 4, "教育支出")

    assert fact_texts(fact) == ("某项支出 教育支出", "甲县 2022")
    assert fact_texts(replace(fact, subject="初中", region=None, period=None)) == (
        "初中 某项支出 教育支出",
        "",
    )


def test_fact_vectors_are_joined_from_two():
    """The name decides, place and time tell facts of one name apart, and the vectors have length 1."""
    names, contexts = np.eye(3, dtype=np.float32)[[0, 0, 1]], np.eye(3, dtype=np.float32)[[1, 2, 2]]
    joined = join(names, contexts)

    assert np.linalg.norm(joined, axis=1) == pytest.approx(1)
    assert joined[0] @ joined[1] > joined[0] @ joined[2]
    assert joined[0] @ joined[1] < 1


def test_words_tell_places_and_years_apart(store: Store):
    """Of facts that are called alike the one of the question's place and year comes first."""
    document = make_document(*(f"{s}投入" for s in SUBJECTS[:2]))
    kinds = [(region, year) for region in ("甲县", "乙县", "丙县") for year in ("2021", "2022", "2023")]
    facts = [
        replace(document.facts[0], id=f"f{i}", region=region, period=year)
        for i, (region, year) in enumerate(kinds)
    ]
    store.put(replace(document, facts=tuple(facts)), source="a", digest="1")
    found = store.search_facts(f"乙县2023年{document.facts[0].label}", k=3)

    assert (found[0][0].region, found[0][0].period) == ("乙县", "2023")
    assert word_share(["乙县", "2023"], found[0][0]) == 1


def test_vectors_of_an_older_format_are_made_again(tmp_path: Path):
    """A store whose facts were embedded otherwise gets the vectors of this version when it is opened."""
    document = make_document(*(f"{s}投入" for s in SUBJECTS))
    with Store.open(tmp_path, embedder=WordEmbedder()) as store:
        store.put(document, source="a", digest="1")
        right = read_vectors(store._database._connection, "fact", range(99))
        with store._database.change() as connection:
            connection.execute("update fact set vector = (select vector from passage limit 1)")
            set_meta(connection, "facts", "1")
    with Store.open(tmp_path, embedder=WordEmbedder()) as store:
        again = read_vectors(store._database._connection, "fact", range(99))
        assert store._mirror.connect()

    assert right.keys() == again.keys()
    assert all((right[row] == again[row]).all() for row in right)


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
