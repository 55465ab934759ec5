"""Small documents and a cheap embedder for the tests of the indexes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from corpus.model import Document, Fact, Passage, Report
from indexes.lexical import tokens

Vectors = npt.NDArray[np.float32]


class WordEmbedder:
    """Adds up a fixed random vector for each token: texts that share words are near each other."""

    def __init__(self, name: str = "words", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.calls = 0

    def embed_query(self, text: str) -> Vectors:
        return self.embed_documents([text])[0]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.calls += len(texts)
        matrix = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for token in tokens(text):
                seed = hashlib.sha256(f"{self.name} {token}".encode()).digest()[:4]
                matrix[row] += np.random.default_rng(int.from_bytes(seed)).normal(size=self.dimension)
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def make_document(*sentences: str, title: str = "甲县自评报告", source: str = "a.txt") -> Document:
    """Return a report of one passage and one fact a sentence; ids follow from the text."""
    text = "\n".join(sentences)
    report_id = hashlib.sha256(text.encode()).hexdigest()[:12]
    report = Report(id=report_id, text=text, title=title, source=source, region="甲县", year=2023)
    passages, facts, start = [], [], 0
    for sentence in sentences:
        end = start + len(sentence)
        passages.append(Passage(report_id, start, end, sentence, "一、情况"))
        facts.append(make_fact(report_id, start, end, sentence))
        start = end + 1
    return Document(report, tuple(passages), tuple(facts))


def make_fact(report_id: str, start: int, end: int, label: str) -> Fact:
    """Return a fact with every optional kind of field in use."""
    return Fact(
        id=f"{report_id}-{start}",
        report_id=report_id,
        region="甲县",
        subject="甲县",
        metric="某项支出",
        metric_id=None,
        stage="primary",
        value=Decimal("42209.50"),
        unit="万元",
        as_printed="42209.50万元",
        period="2022",
        qualifier="约",
        kind="actual",
        role="level",
        label=label,
        context=label,
        section="一、情况",
        start=start,
        end=end,
        clause=(start, end),
        sentence=(start, end),
        upper=Decimal("1E+5"),
    )
