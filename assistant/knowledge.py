"""What the assistant knows of the store before a question: regions, years, words, fitting examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.question import Known
from corpus.catalogue import indicators, settled
from corpus.folding import fold
from corpus.model import Fact
from indexes.store import Store


def known_of(store: Store) -> Known:
    """Return the regions, years and label words of all stored reports."""
    regions: dict[str, None] = {}
    paths: dict[str, tuple[str, ...]] = {}
    years: dict[str, list[int]] = {}
    written: dict[str, int] = {}
    for report in store.reports():
        if (
            not report.region or report.kind != "report"
        ):  # what tables tell is found by those who ask for tables
            continue
        regions.setdefault(report.region)
        paths.setdefault(report.region, report.region_path)
        if report.year:
            years.setdefault(report.region, []).append(report.year)
        when = report.published.year if report.published else (report.year or 0) + 1
        written[report.region] = max(written.get(report.region, 0), when)
    vocabulary = frozenset(fold(fact.label) for fact in store.facts())
    titles = {
        region: fold(" ".join(r.title for r in store.reports() if r.region == region and r.kind == "report"))
        for region in regions
    }
    tables: dict[str, list[int]] = {}
    schools: dict[str, dict[str, None]] = {}
    for table in store.tables():
        if table.region:
            tables.setdefault(table.region, []).extend([table.year] if table.year else [])
            schools.setdefault(table.region, {}).update(dict.fromkeys(s.name for s in table.schools))
            held = next(r for r in store.reports() if r.id == table.id)
            paths.setdefault(table.region, held.region_path)
    return Known(
        tuple(regions), paths, {k: tuple(v) for k, v in years.items()}, written, vocabulary, titles,
        {k: tuple(v) for k, v in tables.items()}, {k: tuple(v) for k, v in schools.items()},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A question made from what is stored; ``calculates`` where its answer must hold a calculation."""

    question: str
    calculates: bool = False


def examples_for(store: Store) -> Iterator[tuple[Example, ...]]:
    """Return questions about what the reports hold, one tuple a kind, the likeliest first in each."""
    facts = store.facts()
    stated = [f for f in facts if settled(f) and f.region and f.role == "level" and f.kind == "actual"]
    compared = {f.of for f in facts if f.role in ("base", "rate")}
    years: dict[tuple[str | None, str | None], set[str]] = {}
    for fact in stated:
        if fact.period and not fact.stage:
            years.setdefault((fact.region, fact.metric_id), set()).add(fact.period[:4])
    newest = [f for f in stated if f.period and f.period[:4] == max(years.get((f.region, f.metric_id), {""}))]
    moving = (f for f in newest if f.id in compared or len(years[f.region, f.metric_id]) > 1)
    yield _some(
        Example(f"{f.region}{(f.period or '')[:4]}年{_name(f)}比上年增长多少？", calculates=True)
        for f in moving
        if not f.stage
    )
    staged = (f for f in stated if f.stage and indicators()[f.metric_id or ""].per_stage)
    yield _some(Example(f"{f.region}各学段{_name(f)}从高到低排序") for f in staged)
    shares = (f for f in facts if f.role == "share" and f.region)
    yield _some(
        Example(f"{f.region}{f.metric}{f.as_printed}算得对吗？", calculates=True)
        for f in shares
        if f.as_printed not in f.metric
    )
    telling = (r for r in store.reports() if r.region and any("问题" in s.title for s in r.sections))
    yield _some(Example(f"{r.region}存在哪些问题？") for r in telling)
    checked = (
        r.region for r in store.reports() if r.region and r.kind == "report" and r.id in _recomputed(facts)
    )
    yield _some(Example(f"{region}的报告里有没有算错的数？", calculates=True) for region in checked)
    placed = [t for t in store.tables() if t.region]
    yield _some(Example(f"{t.region}哪些学校没达标，各差多少？", calculates=True) for t in placed)
    yield _some(Example(f"{t.region}要全部达标还得补多少骨干教师？", calculates=True) for t in placed)


def _recomputed(facts: Iterable[Fact]) -> frozenset[str]:
    """Return the reports that state changes of figures which they give: an audit has something to tell of these."""
    return frozenset(fact.report_id for fact in facts if fact.role in ("rate", "change") and fact.of)


def _name(fact: Fact) -> str:
    return indicators()[fact.metric_id or ""].name


def _some(examples: Iterable[Example]) -> tuple[Example, ...]:
    """Return a few different ones: each is going to be tried."""
    return tuple(islice(dict.fromkeys(examples), 3))
