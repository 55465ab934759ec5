"""The guard: what the evidence does not say cannot be shown, and what it says can."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.guard import Sources, objections
from corpus.model import Fact
from corpus.passages import sentences
from corpus.quantities import read_quantities
from indexes.store import Store
from tests.drafting import HELD_OUT, SAMPLES, Drafted, all_questions, desk_of, drafted, store_of
from tests.mutations import CLASSES, mutants
from tools import TOOLS
from tools.calculation import Calculation
from tools.evidence import Evidence, amount, from_fact, missing
from tools.texts import quote

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / "guard.yaml").read_text("utf-8"))
SEED = 20260
PER_CLASS = 240
QUESTIONS = 640


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with store_of(tmp_path_factory.mktemp("guard"), [*SAMPLES, *HELD_OUT]) as opened:
        yield opened


def _readable(case: Drafted) -> bool:
    """True if every amount that the draft prints can be read again; else the writer has slipped."""
    for line in case.draft.lines:
        for item in line.cites:
            held = item.item
            printed = (
                amount(held)
                if isinstance(held, Fact)
                else held.result
                if isinstance(held, Calculation)
                else ""
            )
            if not printed:
                continue
            read = read_quantities(printed)
            if len(read) != 1 or (held.unit not in ("",) and read[0].unit != held.unit):  # type: ignore[union-attr]
                return False
    return True


@pytest.fixture(scope="module")
def cases(store: Store) -> list[Drafted]:
    """Distinct drafts of the rule pipeline over questions spread evenly over all that can be made."""
    desk, questions = desk_of(store), all_questions(store)
    random.Random(SEED).shuffle(questions)
    found = {}
    for question in questions[:QUESTIONS]:
        case = drafted(store, desk, question)
        if _readable(case):
            found.setdefault(case.draft.text, case)
    return list(found.values())


def test_correct_drafts_pass(cases: list[Drafted]) -> None:
    """Of at least 500 distinct drafts that the rules wrote from real evidence, none is rejected."""
    assert len(cases) >= 500
    rejected = [
        (c.question, c.draft.text, why) for c in cases if (why := objections(c.draft.text, c.sources))
    ]
    assert not rejected, f"{len(rejected)} of {len(cases)}: {rejected[:3]}"


def test_no_mutant_passes(cases: list[Drafted], store: Store) -> None:
    """Of at least 3,000 drafts with one slip, of every class, none passes."""
    facts = store.facts()
    pool: defaultdict[str, list[tuple[Drafted, str]]] = defaultdict(list)
    for case in cases:
        if objections(case.draft.text, case.sources):
            continue  # what is rejected before is no witness
        for name, text in mutants(case, facts, SEED):
            pool[name].append((case, text))
    assert set(pool) == set(CLASSES)
    tried: Counter[str] = Counter()
    passed: list[tuple[str, str, str]] = []
    for name, made in pool.items():
        random.Random(f"{SEED} {name}").shuffle(made)
        for case, text in made[:PER_CLASS]:
            tried[name] += 1
            if not objections(text, case.sources):
                passed.append((name, case.question, text))
    assert sum(tried.values()) >= 3000
    assert not passed, f"{len(passed)} of {sum(tried.values())}: {passed[:3]}"


@pytest.fixture(scope="module")
def evidence(store: Store) -> dict[str, Evidence]:
    """The evidence of the hand-made cases by its letter."""
    described: dict[str, dict[str, Any]] = CASES["evidence"]
    found: dict[str, Evidence] = {}

    def get(letter: str) -> Evidence:
        if letter not in found:
            found[letter] = _evidence(described[letter], store, get)
        return found[letter]

    for letter in described:
        get(letter)
    return found


def _evidence(entry: dict[str, Any], store: Store, get: Any) -> Evidence:
    ((kind, given),) = entry.items()
    if kind == "fact":
        region, printed = given[:2]
        wanted = read_quantities(printed)[0]
        fact = next(
            f
            for f in store.facts()
            if f.region == region and (f.value, f.unit) == (wanted.value, wanted.unit)
        )
        return from_fact(fact)
    if kind == "sentence":
        report = next(r for r in store.reports() if r.region == given[0] and given[1] in r.text)
        at = report.text.index(given[1])
        span = next(s for s in sentences(report.text, 0, len(report.text)) if s[0] <= at < s[1])
        return quote(report, *span)
    if kind == "missing":
        return missing(given[0], given[1])
    if kind == "standard":
        return TOOLS["describe_standard"].run(store)[0]
    names = {
        "growth": ("current", "base"),
        "difference": ("a", "b"),
        "gap": ("item", "threshold"),
        "convert": ("item", "unit"),
    }
    arguments = [get(g).item.id if isinstance(g, str) and g in CASES["evidence"] else g for g in given]  # type: ignore[union-attr]
    done = TOOLS[kind].run(store, **dict(zip(names[kind], arguments, strict=True)))
    return next(e for e in done if e.kind == "calculation")


def _judge(case: dict[str, Any], evidence: dict[str, Evidence], store: Store) -> list[str]:
    draft = re.sub(r"\[e:([a-z])\]", lambda m: f"[e:{evidence[m[1]].key}]", case["draft"])
    held = {item.key: item for item in evidence.values()}
    return objections(draft, Sources(held, store.report, case.get("question", "")))


@pytest.mark.parametrize("case", CASES["passes"], ids=range(len(CASES["passes"])))
def test_honest_wording_passes(case: dict[str, Any], evidence: dict[str, Evidence], store: Store) -> None:
    """What the evidence says may be said in other words too."""
    assert _judge(case, evidence, store) == [], case["draft"]


@pytest.mark.parametrize("case", CASES["objected"], ids=range(len(CASES["objected"])))
def test_what_evidence_does_not_say_is_objected(
    case: dict[str, Any], evidence: dict[str, Evidence], store: Store
) -> None:
    """Each of these says more, less or other than its evidence."""
    assert _judge(case, evidence, store), case


def test_objections_are_chinese_sentences_for_a_rewrite(evidence: dict[str, Evidence], store: Store) -> None:
    """An objection names the piece and the reason, so that a model can mend it."""
    why = _judge({"draft": "召陵区2021年一般公共预算教育支出为42209万元[e:a]"}, evidence, store)
    assert any("2021年" in reason and reason.startswith("“") for reason in why)
