"""What an answer rested on, written down so that it can be checked later: the receipt and its number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.rereading import reading_mark
from corpus.model import Report

_ANSWERING = ("indexes", "tools", "assistant")
_BESIDE = ("faces",)
"""How an answer is shown decides nothing."""
FIGURES = ("status", "reason", "values", "figures", "citations", "calculations")
"""What of an answer must be the same byte for byte; ``text`` must be as well where no language model words it."""


@cache
def reading_version() -> str:
    """Return the mark of the code and word lists that read reports, as the running process has it."""
    return reading_mark()


@cache
def answering_version() -> str:
    """Return a digest of the code that finds, calculates, checks and words answers."""
    root = Path(__file__).parents[1]
    files = sorted(
        path
        for folder in _ANSWERING
        for path in (root / folder).rglob("*")
        if path.suffix in (".py", ".yaml") and not set(_BESIDE) & set(path.relative_to(root).parts)
    )
    marks = (f"{p.relative_to(root).as_posix()} {hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files)
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()


def canonical(value: Any) -> str:
    """Return JSON that is the same whenever the value is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def figures_of(answer: Mapping[str, Any], *, text: bool) -> str:
    """Return the figures of an answer (its JSON) with their sources and formulae, as one comparable string."""
    kept = (*FIGURES, "text") if text else FIGURES
    return canonical({name: answer.get(name) for name in kept})


def basis_of(
    said: str,
    before: Sequence[str],
    answers: Sequence[str],
    answer: Answer,
    cited: Sequence[Report],
    *,
    store: str,
    store_version: int,
    embedding: str,
    model: str | None,
) -> dict[str, Any]:
    """Return what an answer rested on, as plain JSON.

    ``before`` are the questions of the conversation that were read with ``said``, ``answers`` what they had been
    answered where a language model saw it. ``cited`` are the reports that the answer cites; ``store`` is the id of
    the store, ``store_version`` what was current in it (``Store.held``).
    """
    return {
        "said": said,
        "before": list(before),
        "answers": list(answers) if answer.mode == "llm" else [],
        "corpus": {
            "store": store,
            "version": store_version,
            "cited": [
                {
                    "id": report.id,
                    "title": report.title,
                    "source": report.source,
                    "region": report.region,
                    "year": report.year,
                    "text_sha256": report.text_sha256,
                }
                for report in cited
            ],
        },
        "program": {"reading": reading_version(), "answering": answering_version()},
        "model": {
            "mode": answer.mode,
            "name": model if answer.mode == "llm" else None,
            "embedding": embedding,
        },
    }


def receipt_number(
    owner: str, question: str, at: str, answer: Mapping[str, Any], basis: Mapping[str, Any]
) -> str:
    """Return the number of a receipt: a digest of what it holds, so that nobody can change that unseen."""
    held = {key: value for key, value in answer.items() if key != "receipt"}
    content = canonical([owner, question, at, held, basis])
    return "r" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:20]
