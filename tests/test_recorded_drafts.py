"""The guard on drafts that a real small model wrote (``tests/cases/drafts.yaml``): none that is wrong is shown.

The drafts were recorded by ``scripts/record_drafts.py`` and ``scripts/try_model.py`` over the invented
reports of ``tests/heldout`` and judged by reading: ``right`` is true when everything a draft says is true and
an answer to its question. Its evidence is found again by what it says, so that keys may change.
"""

from __future__ import annotations

import difflib
import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.drafts import doubts, doubts_of_schools, tidy
from assistant.finishing import finish
from assistant.guard import Sources, objections
from assistant.procedures import Desk
from assistant.reading import read
from assistant.schools.reading import read_schools
from assistant.service import JunhengService
from assistant.settings import Settings
from assistant.settling import settle_answers
from indexes.store import Store
from tests.indexes_fixtures import WordEmbedder
from tools.evidence import Evidence

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))  # as when the script is run
record = importlib.import_module("record_drafts")
DRAFTS: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "cases" / "drafts.yaml").read_text("utf-8"))


@dataclass(frozen=True)
class Bench:
    """The invented reports, and the service of the rules over them."""

    store: Store
    desk: Desk
    service: JunhengService

    def evidence(self, draft: dict[str, Any]) -> list[Evidence] | None:
        """Return what the draft cites, found again by its words; None when something of it is gone."""
        held = record.gathered(draft["question"], self.desk, self.store, draft.get("calls") or ())
        texts = {e.text: e for e in held}
        found = [
            texts[near[0]]
            for said in draft["evidence"]
            if (near := difflib.get_close_matches(said, list(texts), 1, 0.8))
        ]
        return found if len(found) == len(draft["evidence"]) else None


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    home = tmp_path_factory.mktemp("drafts") / "home"
    with Store.open(home, embedder=WordEmbedder()) as store:
        service = JunhengService(store, Settings(home=home))
        service.ingest(sorted((ROOT / "tests" / "heldout" / "reports").glob("*.txt")))
        yield Bench(store, Desk(record.known_of(store), store.report), service)


def passes(bench: Bench, draft: dict[str, Any], cited: list[Evidence]) -> bool:
    """Do to a draft what the graph does with it: guard, then the rules' own answer beside it."""
    text = re.sub(r"\[(\d+)\]", lambda m: f"[e:{cited[int(m[1])].key}]", draft["draft"])
    evidence = {e.key: e for e in cited}
    sources = Sources(evidence, bench.store.report, draft["question"])
    text = tidy(text, evidence)
    about = read_schools([draft["question"]], bench.desk.known)
    beside = (
        doubts(text, sources, read([draft["question"]], bench.desk.known).asks)
        if about is None
        else doubts_of_schools(text, sources, about)
    )
    if beside or objections(text, sources):
        return False
    ruled = bench.service.ask(draft["question"])
    return settle_answers(finish(text, sources), ruled, "").mode == "llm"


def test_recorded_drafts(bench):
    """No wrong draft of the real model passes; the evidence of most drafts is still what it was."""
    found = [(draft, bench.evidence(draft)) for draft in DRAFTS]
    whole = [(draft, cited) for draft, cited in found if cited is not None]
    assert len(whole) >= 0.8 * len(DRAFTS), "the evidence has changed: record the drafts again"
    shown = [draft for draft, cited in whole if passes(bench, draft, cited)]
    assert [draft["draft"] for draft in shown if not draft["right"]] == []
    assert sum(not draft["right"] for draft, _ in whole) >= 8, "too few wrong drafts to tell anything"
    assert shown, "a guard that lets nothing through is no guard"
