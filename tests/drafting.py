"""Drafts of the rule pipeline with the evidence behind them: real questions, real tools, no agent graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from assistant.guard import Sources
from assistant.knowledge import known_of
from assistant.planning import Pending, respond
from assistant.procedures import Desk, Draft
from corpus.catalogue import indicators
from corpus.facts import read_facts
from corpus.model import Document, Fact
from corpus.passages import split
from corpus.readers import read
from corpus.units import dimension
from indexes.store import Store
from tests.indexes_fixtures import WordEmbedder
from tools import TOOLS
from tools.evidence import Evidence

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "corpus" / "samples").glob("*.txt"))
HELD_OUT = sorted((ROOT / "tests" / "heldout" / "reports").glob("*.txt"))


@dataclass(frozen=True)
class Drafted:
    """One question, what is proposed to be said, and what it is checked against."""

    question: str
    draft: Draft
    sources: Sources


def store_of(home: Path, paths: Iterable[Path]) -> Store:
    """Return a new store in ``home`` that holds the reports of ``paths``."""
    store = Store.open(home, embedder=WordEmbedder())
    for path in paths:
        report = read(path)
        store.put(Document(report, split(report), read_facts(report)), source=path.name, digest=path.name)
    return store


def drafted(store: Store, desk: Desk, *turns: str) -> Drafted:
    """Run the rule pipeline for the last of ``turns``, calling the real tools."""
    results: list[list[Evidence]] = []
    while isinstance(outcome := respond(turns, results, desk), Pending):
        try:
            found = TOOLS[outcome.call.name].run(store, **outcome.call.arguments)
        except ValueError:
            found = []
        results.append(list(found))
    evidence = {item.key: item for found in results for item in found}
    evidence |= {e.key: e for line in outcome.lines for e in line.cites if e.kind == "missing"}
    return Drafted(turns[-1], outcome, Sources(evidence, store.report, turns[-1]))


def desk_of(store: Store) -> Desk:
    return Desk(known_of(store), store.report)


def questions(facts: Iterable[Fact], titles: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield questions of every kind about stored facts, made from nothing but those facts."""
    held = [f for f in facts if f.region]
    by_metric: dict[tuple[str, str | None], dict[str, Fact]] = {}
    for fact in held:
        if fact.metric_id and fact.role == "level":
            by_metric.setdefault((fact.metric_id, fact.stage), {}).setdefault(fact.region or "", fact)
    for fact in held:
        yield from _about(fact)
    for (metric, _), places in by_metric.items():
        name = indicators()[metric].name
        regions = sorted(places)
        for first, second in pairwise(regions):
            subject = places[first].subject if places[first].stage else ""
            yield f"{first}和{second}的{subject}{name}哪个高?"
        if len(regions) > 1:
            yield f"各地{name}从低到高排序"
    for region in sorted({f.region or "" for f in held}):
        yield f"{region}做到两个只增不减了吗?"
        yield f"{region}1998年一般公共预算教育支出是多少?"
        yield f"{region}的宇航员培训基地有多少个?"
        for metric in ("per_student_budget_education_funds", "per_student_public_funds"):
            if metric in indicators():
                yield f"{region}各学段{indicators()[metric].name}从高到低排序"
                yield f"{region}哪个学段{indicators()[metric].name}最低?"
    for region, title in titles:
        yield f"{region}{title}有哪些?"


def _about(fact: Fact) -> Iterator[str]:
    name = indicators()[fact.metric_id].name if fact.metric_id else fact.metric
    year = f"{fact.period[:4]}年" if fact.period else ""
    stage = fact.subject if fact.stage and fact.subject not in name else ""
    head = f"{fact.region}{year}{stage}{name}"
    if fact.role in ("rate", "change", "share"):
        yield f"{fact.region}{stage}{name}{fact.as_printed}算得对吗?"
    if fact.role in ("rate", "change"):
        way = "减少" if fact.direction == "up" else "增加"
        yield f"{head}比上年增长多少?"
        yield f"{head}为什么{way}{fact.as_printed}?"
        return
    yield f"{head}是多少?"
    yield f"{head}是{fact.as_printed}吗?"
    wrong = fact.value + (Decimal(1) if fact.value < 1000 else Decimal(100))
    yield f"{head}是{wrong:f}{fact.unit}吗?"
    yield f"{fact.region}的{fact.as_printed}是什么?"
    if fact.role == "base" or fact.of:
        yield f"{head}比上年增加了多少?"
    if dimension(fact.unit) in ("money", "person") and fact.unit != "亿元":
        yield f"{head}换算成{'亿元' if dimension(fact.unit) == 'money' else '万人'}是多少?"
    if fact.unit == "%":
        yield f"{head}达到{min(fact.value + 5, Decimal(100)):f}%了吗?"
        yield f"{head}达到{max(fact.value - 5, Decimal(1)):f}%了吗?"


def all_questions(store: Store) -> list[str]:
    titles = [
        (report.region, section.title.split("、")[-1].split(")")[-1].split(")")[-1].strip("。 "))
        for report in store.reports()
        for section in report.sections
        if report.region and 2 <= len(section.title) <= 24
    ]
    return list(dict.fromkeys(questions(store.facts(), titles)))
