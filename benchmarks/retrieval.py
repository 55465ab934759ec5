"""Retrieval on CMRC2018 dev: the store's search against its two halves and against plain LangChain.

    python -m benchmarks.retrieval [FOLDER] [--cache FILE.npz] [--limit N]

FOLDER holds ``cmrc2018_dev.paragraphs.jsonl``, ``.passages.jsonl`` and ``.queries.jsonl``; a query
names the right paragraph (``rel``) and passages (``rel_passages``). R@k is the share of questions with
a right text among the first k, MRR@10 the mean of 1 / rank of the first right one (0 past 10).
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpus.model import Document, Passage, Report
from indexes import lexical
from indexes.database import FILE
from indexes.embedding import Embedder, load_embedder
from indexes.store import Store
from indexes.vectors import read_table

Search = Callable[[str], list[str]]
DEFAULT = Path(__file__).parents[1] / ".." / "shared" / "data"


class Remembered:
    """An embedder that embeds each text once, so that several systems share the minutes it takes."""

    def __init__(self, model: Embedder, file: Path | None) -> None:
        self.model, self.file = model, file
        self.name, self.dimension = model.name, model.dimension
        self.vectors: dict[str, Any] = {}
        if file and file.exists():
            with np.load(file) as kept:
                self.vectors = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def embed_query(self, text: str) -> Any:
        key = "q" + text
        if key not in self.vectors:
            self.vectors[key] = self.model.embed_query(text)
        return self.vectors[key]

    def embed_documents(self, texts: Sequence[str]) -> Any:
        missing = [text for text in dict.fromkeys(texts) if "d" + text not in self.vectors]
        for text, vector in zip(missing, self.model.embed_documents(missing), strict=True):
            self.vectors["d" + text] = vector
        return np.stack([self.vectors["d" + text] for text in texts])

    def save(self) -> None:
        if self.file:
            np.savez(self.file, texts=list(self.vectors), vectors=np.stack(list(self.vectors.values())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--cache", type=Path, help="keep the vectors in this .npz file")
    parser.add_argument("--limit", type=int, help="ask only the first N questions")
    options = parser.parse_args()
    if not (options.folder / "cmrc2018_dev.queries.jsonl").is_file():
        print(f"skipped: no CMRC2018 dev set in {options.folder}")
        return
    queries = read(options.folder, "queries")[: options.limit]
    with tempfile.TemporaryDirectory(prefix="retrieval-") as scratch:
        started = time.perf_counter()
        model = Remembered(load_embedder(None, Path(scratch) / "model"), options.cache)
        print(f"model ready in {time.perf_counter() - started:.1f} s")
        for kind, right in (("paragraphs", "rel"), ("passages", "rel_passages")):
            texts = {row["id"]: row["text"] for row in read(options.folder, kind)}
            run(kind, texts, [(query["query"], set(query[right])) for query in queries], model, Path(scratch))
        model.save()


def read(folder: Path, kind: str) -> list[dict[str, Any]]:
    lines = (folder / f"cmrc2018_dev.{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def run(
    kind: str, texts: dict[str, str], cases: list[tuple[str, set[str]]], model: Remembered, scratch: Path
) -> None:
    print(f"\n{kind}: {len(texts)} texts, {len(cases)} questions")
    home = scratch / kind
    with Store.open(home, embedder=model) as store:
        started = time.perf_counter()
        model.embed_documents([lexical.simplify(text) for text in texts.values()])
        print(f"embedded in {time.perf_counter() - started:.1f} s", end="; ")
        started = time.perf_counter()
        for name, text in texts.items():
            store.put(document(name, text), source=name, digest=name)
        spent = time.perf_counter() - started
        print(f"stored (without embedding) at {len(texts) / spent:.0f} documents/s")
        store.warm()
        for query, _ in cases:
            model.embed_query(lexical.simplify(query))  # so that the times below are of searching alone
        for label, search in (
            ("lexical", lexical_search(home)),
            ("dense", dense_search(home, model)),
            ("fused (the store)", lambda q: [hit.passage.report_id for hit in store.search(q, k=10)]),
            ("LangChain + Chroma", langchain_search(texts, model, scratch / f"langchain-{kind}")),
        ):
            report(label, search, cases)


def document(name: str, text: str) -> Document:
    return Document(Report(id=name, text=text, title=name, source=name), (Passage(name, 0, len(text), text),))


def lexical_search(home: Path) -> Search:
    connection = sqlite3.connect(home / FILE)
    names = dict(connection.execute("select row, report_id from passage").fetchall())

    def search(query: str) -> list[str]:
        return [names[row] for row in lexical.find_words(connection, lexical.query_tokens(query), limit=10)]

    return search


def dense_search(home: Path, model: Embedder) -> Search:
    connection = sqlite3.connect(home / FILE)
    table = read_table(connection, "passage")
    connection.close()
    names = dict(zip(table.rows.tolist(), table.reports.tolist(), strict=True))
    return lambda q: [names[row] for row in table.nearest(model.embed_query(lexical.simplify(q)), 10)]


def langchain_search(texts: dict[str, str], model: Remembered, folder: Path) -> Search:
    """Plain LangChain: texts as they are, its vector store with its defaults, the same model."""
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    class Adapter(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [vector.tolist() for vector in model.embed_documents(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(number) for number in model.embed_query(text)]

    store = Chroma("texts", embedding_function=Adapter(), persist_directory=str(folder))
    names = list(texts)
    for start in range(0, len(names), 1000):
        part = names[start : start + 1000]
        store.add_texts([texts[name] for name in part], ids=part)
    return lambda q: [str(found.id) for found in store.similarity_search(q, k=10)]


def report(label: str, search: Search, cases: Iterable[tuple[str, set[str]]]) -> None:
    ranks, times = [], []
    for query, right in cases:
        started = time.perf_counter()
        found = search(query)
        times.append(time.perf_counter() - started)
        ranks.append(next((rank for rank, name in enumerate(found, start=1) if name in right), 0))
    shares = [sum(0 < rank <= k for rank in ranks) / len(ranks) for k in (1, 5)]
    mrr = sum(1 / rank for rank in ranks if 0 < rank <= 10) / len(ranks)
    print(
        f"  {label:20} R@1 {shares[0]:.4f}  R@5 {shares[1]:.4f}  MRR@10 {mrr:.4f}"
        f"  {1000 * statistics.median(times):.1f} ms a question, embedding apart"
    )


if __name__ == "__main__":
    main()
