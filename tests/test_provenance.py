"""Every number of every answer leads to a source that holds it; a changed source changes the answer."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.finishing import finish
from assistant.guard import objections
from assistant.judging.provenance import holds, problems, recomputed
from corpus.facts import read_facts
from corpus.model import Document, Fact
from corpus.passages import split
from corpus.readers import read
from indexes.store import Store
from tests.drafting import HELD_OUT, SAMPLES, desk_of, drafted, store_of

HERE = Path(__file__).parent


def answer_of(store: Store, *turns: str) -> dict[str, Any]:
    """Answer as the graph does: a draft, the guard, and what is made of it."""
    case = drafted(store, desk_of(store), *turns)
    text = case.draft.text
    if why := objections(text, case.sources):
        return {"status": "refused", "reason": "guard_rejected", "text": "", "figures": [], "citations": [],
                "calculations": [], "values": [], "warnings": why}  # fmt: skip
    draft = case.draft
    done = finish(text, case.sources, status=draft.status, reason=draft.reason, values=draft.values,
                  warnings=draft.warnings, context=draft.context)  # fmt: skip
    return done.as_json()


def wrong(store: Store, *turns: str) -> list[str]:
    answer = answer_of(store, *turns)
    texts = {r.id: r.text for r in store.reports()}
    return problems(answer, texts.__getitem__, turns[-1], texts.values())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with store_of(tmp_path_factory.mktemp("provenance"), [*SAMPLES, *HELD_OUT]) as opened:
        yield opened


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


@pytest.mark.parametrize("name", ["cases/newcomer.jsonl", "heldout/questions.jsonl"])
def test_every_number_has_a_source_that_holds_it(store: Store, name: str) -> None:
    """All questions of the suite: quotes are the stored text, numbers are figures, sources resolve."""
    found = {case["id"]: p for case in _lines(HERE / name) if (p := wrong(store, *case["turns"]))}
    assert not found


def test_the_same_over_real_reports(shared: Path, tmp_path: Path) -> None:
    """The same over the reports beside the checkout."""
    cases = [c for p in sorted((shared / "questions").glob("*.jsonl")) for c in _lines(p)]
    with store_of(tmp_path / "real", sorted((shared / "reports").glob("*.txt"))) as opened:
        found = {c["id"]: p for c in cases if (p := wrong(opened, *c["turns"]))}
    assert not found


def _changeable(store: Store) -> list[Fact]:
    """Facts that their own question answers: catalogue metrics, written once in their report."""
    found = []
    for fact in store.facts():
        report = store.report(fact.report_id)
        number = f"{fact.value:f}"
        if (
            report is None
            or not fact.metric_id
            or fact.role != "level"
            or fact.kind != "actual"
            or fact.qualifier
        ):
            continue
        if (
            len(number) < 4
            or not fact.period
            or len(re.findall(rf"(?<![\d.]){re.escape(number)}(?![\d.])", report.text)) != 1
        ):
            continue
        found.append(fact)
    return found


def test_one_changed_digit_changes_the_answer(store: Store, tmp_path: Path) -> None:
    """Change one digit of a fact in its report: the answer shows the new value or refuses, never the old."""
    facts = _changeable(store)
    rng = random.Random(7)
    rng.shuffle(facts)
    shown = 0
    for i, fact in enumerate(facts[:14]):
        report = store.report(fact.report_id)
        assert report is not None
        old = f"{fact.value:f}"
        at = rng.randrange(len(old))
        while not old[at].isdigit():
            at = rng.randrange(len(old))
        digit = rng.choice([d for d in "123456789" if d != old[at]])
        new = old[:at] + digit + old[at + 1 :]
        where = report.text.index(old, fact.start)
        path = tmp_path / f"{i}.txt"
        path.write_text(report.text[:where] + new + report.text[where + len(old) :], "utf-8")
        changed = read(path, region=report.region, year=report.year)
        with Store.open(tmp_path / f"home{i}", embedder=store.embedder) as other:
            other.put(Document(changed, split(changed), read_facts(changed)), source=path.name, digest=str(i))
            stage = fact.subject if fact.stage and fact.subject not in fact.metric else ""
            question = f"{fact.region}{(fact.period or '')[:4]}年{stage}{fact.metric}是多少?"
            answer = answer_of(other, question)
            assert not holds(answer["text"], old), (question, answer["text"])
            assert not any(v["value"] == old for v in answer["values"]), question
            shown += holds(answer["text"], new)
            assert not wrong(other, question)
    assert shown >= 7, "most of these questions are answered, with the new value"


def test_the_check_finds_what_is_wrong(store: Store) -> None:
    """The check itself can fail: each slip in an answer is seen."""
    fact = next(f for f in _changeable(store) if not f.stage)
    question = f"{fact.region}{(fact.period or '')[:4]}年{fact.metric}比上年增长多少?"
    answer = answer_of(store, question)
    assert answer["figures"] and answer["citations"] and answer["values"]
    texts = {r.id: r.text for r in store.reports()}

    def check(changed: dict[str, Any]) -> list[str]:
        return problems(changed, texts.__getitem__, question, texts.values())

    assert check(answer) == []
    first, citation, value = answer["figures"][0], answer["citations"][0], answer["values"][0]
    assert check({**answer, "figures": answer["figures"][1:]})
    assert check({**answer, "figures": [{**first, "start": first["start"] + 1}, *answer["figures"][1:]]})
    assert check({**answer, "citations": [{**citation, "quote": citation["quote"] + "。"}]})
    assert check({**answer, "values": [{**value, "value": "123456789"}]})
    assert check({**answer, "text": answer["text"] + "另有77人"})
    assert check({**answer, "text": answer["text"] + "另有七十七人"})
    wild = {"text": first["text"], "start": first["start"], "end": first["end"], "source": "citation:9"}
    assert check({**answer, "figures": [wild, *answer["figures"][1:]]})


def test_steps_are_worked_out_from_their_characters() -> None:
    """The formula printed is computed again, with brackets and precedence."""
    made = {
        "name": "growth_rate",
        "steps": "(42209 − 38017) ÷ 38017 × 100% ≈ 11.03%",
        "result": {"unit": "%"},
    }
    value = recomputed(made)
    assert value is not None and f"{value:.4f}" == "11.0266"
