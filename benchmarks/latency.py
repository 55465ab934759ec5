"""How long a person waits: the answer to each question of a file, and the first answer after a start.

    python -m benchmarks.latency [REPORT] [QUESTIONS.jsonl] [--limit N]

REPORT is the one report that is read in (by default the first self-assessment beside the checkout, else
the sample corpus). Every line of QUESTIONS is a conversation of its own, {"turns": [...]}; each turn is
timed after a warm-up. The baseline, in the same run and with the same embedding model, is plain
LangChain: the passages in its Chroma store, similarity_search with k=4, no answer composed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.service import SAMPLES, JunhengService, open_service
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "cases" / "newcomer.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", nargs="?", type=Path)
    parser.add_argument("questions", nargs="?", type=Path, default=QUESTIONS)
    parser.add_argument("--limit", type=int, help="ask only the first N conversations")
    options = parser.parse_args()
    if not options.questions.is_file():
        print(f"skipped: no questions at {options.questions}")
        return
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["turns"] for line in lines if line.strip()][: options.limit]
    with tempfile.TemporaryDirectory(prefix="latency-") as scratch:
        home = Path(scratch) / "home"
        service = open_service(home, settings=Settings(home=home), empty=True)
        started = time.perf_counter()
        service.ingest([options.report] if options.report else default_reports())
        print(
            f"{len(service.reports())} report(s) read in {time.perf_counter() - started:.1f} s (with the model)"
        )
        service.warm()
        answers = time_answers(service, asked)
        searches = time_searches(langchain_search(service, Path(scratch) / "langchain"), asked)
        service.close()
        starts = [time_command(home, asked[0][0]) for _ in range(3)]
    table(f"{len(answers)} turns", answers, searches)
    print(f"command line, start to first answer: {statistics.median(starts):.2f} s (median of {len(starts)})")


def default_reports() -> list[Path]:
    real = sorted((ROOT / ".." / "shared" / "reports").glob("*.txt"))
    return real[:1] or sorted(SAMPLES.glob("*.txt"))


def time_answers(service: JunhengService, asked: Sequence[Sequence[str]]) -> list[float]:
    service.ask(asked[0][0])
    times = []
    for turns in asked:
        thread: str | None = None
        for turn in turns:
            started = time.perf_counter()
            thread = service.ask(turn, thread_id=thread).thread_id
            times.append(time.perf_counter() - started)
    return times


def time_searches(search: Callable[[str], Any], asked: Sequence[Sequence[str]]) -> list[float]:
    search(asked[0][0])
    times = []
    for turn in (turn for turns in asked for turn in turns):
        started = time.perf_counter()
        search(turn)
        times.append(time.perf_counter() - started)
    return times


def langchain_search(service: JunhengService, folder: Path) -> Callable[[str], Any]:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    model = service.store.embedder

    class Adapter(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [vector.tolist() for vector in model.embed_documents(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(number) for number in model.embed_query(text)]

    store = Chroma("passages", embedding_function=Adapter(), persist_directory=str(folder))
    store.add_texts([passage.text for passage in service.store.passages()])
    return lambda question: store.similarity_search(question, k=4)


def time_command(home: Path, question: str) -> float:
    """Return the seconds of one ``junheng ask``, from start to end of the process."""
    command = [sys.executable, "-m", "app", "--home", str(home), "ask", question]
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=dict(os.environ), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def table(what: str, answers: Sequence[float], searches: Sequence[float]) -> None:
    print(f"{what:30}{'median':>10}{'p95':>10}{'longest':>10}")
    rows = [figures(answers), figures(searches)]
    for label, row in zip(("answer", "LangChain + Chroma, search only"), rows, strict=True):
        print(f"{label:30}" + "".join(f"{1000 * number:8.1f}ms" for number in row))
    print(f"{'ratio':30}" + "".join(f"{ours / theirs:9.2f}x" for ours, theirs in zip(*rows, strict=True)))


def figures(times: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(times)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], ordered[-1]


if __name__ == "__main__":
    main()
