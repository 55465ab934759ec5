"""What the assistant knows of the store before a question: regions, years, words, fitting examples."""

from __future__ import annotations

from assistant.question import Known
from corpus.catalogue import indicators
from corpus.folding import fold
from indexes.store import Store


def known_of(store: Store) -> Known:
    """Return the regions, years and label words of all stored reports."""
    regions: dict[str, None] = {}
    paths: dict[str, tuple[str, ...]] = {}
    years: dict[str, list[int]] = {}
    written: dict[str, int] = {}
    for report in store.reports():
        if not report.region:
            continue
        regions.setdefault(report.region)
        paths.setdefault(report.region, report.region_path)
        if report.year:
            years.setdefault(report.region, []).append(report.year)
        when = report.published.year if report.published else (report.year or 0) + 1
        written[report.region] = max(written.get(report.region, 0), when)
    vocabulary = frozenset(fold(fact.label) for fact in store.facts())
    return Known(tuple(regions), paths, {k: tuple(v) for k, v in years.items()}, written, vocabulary)


def examples_for(store: Store) -> tuple[str, ...]:
    """Return questions that the stored reports can answer, made from what they hold."""
    facts = [
        f for f in store.facts() if f.metric_id and f.region and f.role == "level" and f.kind == "actual"
    ]
    found: list[str] = []
    moving = {(f.of) for f in store.facts() if f.role in ("base", "rate")}
    for fact in facts:
        name = indicators()[fact.metric_id or ""].name
        year = f"{fact.period[:4]}年" if fact.period else ""
        if fact.id in moving and not fact.stage:
            found.append(f"{fact.region}{year}{name}是多少?比上年增长多少?")
            break
    staged = next((f for f in facts if f.stage and indicators()[f.metric_id or ""].per_stage), None)
    if staged:
        name = indicators()[staged.metric_id or ""].name
        found.append(f"{staged.region}各学段{name}从高到低排序")
    rate = next((f for f in store.facts() if f.role == "share" and f.region), None)
    if rate:
        found.append(f"{rate.region}{rate.metric}{rate.as_printed}算得对吗?")
    report = next((r for r in store.reports() if any("问题" in s.title for s in r.sections)), None)
    if report:
        found.append(f"{report.region}存在哪些问题?")
    return tuple(found[:4])
