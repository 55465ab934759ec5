"""Hand-made figures on a shelf for the tools, and the service over the sample corpus for whole conversations."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import yaml
from indexes_fixtures import WordEmbedder

from assistant.question import Known
from assistant.service import SAMPLES, JunhengService
from assistant.settings import Settings
from corpus import boilerplate, sections
from corpus.facts import read_facts
from corpus.gazetteer import find
from corpus.model import Fact, Passage, Report
from corpus.passages import split
from indexes.search import Hit
from indexes.store import Store
from tools.calculation import Calculation
from tools.evidence import Evidence, Missing

CASES = Path(__file__).parent / "cases"


def load_cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of a YAML file beside the tests."""
    return cast(list[dict[str, Any]], yaml.safe_load((CASES / name).read_text("utf-8")))


def figure(value: str, unit: str, key: str = "", **named: Any) -> Fact:
    """Return a fact printed as ``value`` and ``unit``; ``key`` is its id, anything else by name."""
    printed = f"{value}{unit}"
    fact = Fact(
        id=key or printed, report_id="r", region="云溪县", subject="云溪县", metric="某项", metric_id=None,
        stage=None, value=Decimal(value), unit=unit, as_printed=printed, period="2022", qualifier=None,
        kind="actual", role="level", label="某项", context="某项", section="一、情况", start=0,
        end=len(printed), clause=(0, len(printed)), sentence=(0, len(printed)),
    )  # fmt: skip
    return replace(fact, **named)


class Shelf:
    """What a tool needs of a store, in memory."""

    def __init__(self, *facts: Fact, reports: Iterable[Report] = ()) -> None:
        self.held = {fact.id: fact for fact in facts}
        self.papers = {report.id: report for report in reports}

    def facts(self, *, report_ids: Collection[str] | None = None) -> tuple[Fact, ...]:
        return tuple(f for f in self.held.values() if report_ids is None or f.report_id in report_ids)

    def fact(self, fact_id: str) -> Fact | None:
        return self.held.get(fact_id)

    def reports(self) -> tuple[Report, ...]:
        return tuple(self.papers.values())

    def report(self, report_id: str) -> Report | None:
        return self.papers.get(report_id)

    def search(self, query: str, *, k: int = 8, report_ids: Collection[str] | None = None) -> list[Hit]:
        pieces = [p for r in self.reports() if not report_ids or r.id in report_ids for p in split(r)]
        score = {piece: _alike(query, piece) for piece in pieces}
        return [Hit(p, score[p], 0.0, score[p]) for p in sorted(pieces, key=lambda p: -score[p])[:k]]


def _alike(query: str, passage: Passage) -> float:
    return len(set(query) & set(passage.text)) / (len(set(query)) or 1)


def shelf_of(*texts: tuple[str, str, str], year: int = 2022) -> Shelf:
    """Return a shelf of reports read from (id, region, text), as the program reads them."""
    facts: list[Fact] = []
    reports: list[Report] = []
    for key, region, text in texts:
        furniture = boilerplate.find(text)
        report = Report(
            key, text, f"{region}{year}年自评报告", f"{key}.txt", region=region, region_path=(region,),
            year=year, sections=sections.find(text, furniture), boilerplate=furniture,
        )  # fmt: skip
        reports.append(report)
        facts += read_facts(report)
    return Shelf(*facts, reports=reports)


def shelf_as_store(shelf: Shelf) -> Store:
    """The shelf has just the methods that tools call."""
    return cast(Store, shelf)


def calculated(found: list[Evidence]) -> Calculation:
    """Return the one calculation among the evidence."""
    (item,) = [e.item for e in found if isinstance(e.item, Calculation)]
    return item


def lacking(found: list[Evidence]) -> Missing:
    """Return the one finding that something is not there."""
    (item,) = [e.item for e in found if isinstance(e.item, Missing)]
    return item


def facts_in(found: list[Evidence]) -> list[Fact]:
    return [e.item for e in found if isinstance(e.item, Fact)]


def path_of(name: str, top: str) -> tuple[str, ...]:
    """Return the gazetteer's path of a place below the province ``top``."""
    return next(place.path for place in find(name) if place.path[0] == top)


def two_counties() -> Known:
    """A store of two counties: one reports 2022 and was written in 2023, the other a year later."""
    return Known(
        regions=("云梦县", "惠安县"),
        paths={"云梦县": path_of("云梦县", "湖北省"), "惠安县": path_of("惠安县", "福建省")},
        years={"云梦县": (2022,), "惠安县": (2023,)},
        written={"云梦县": 2023, "惠安县": 2024},
    )


def sample_service(home: Path) -> JunhengService:
    """Return the service over the sample corpus, with an embedder that needs no building."""
    service = JunhengService(Store.open(home, embedder=WordEmbedder()), Settings(home=home))
    failed = [o.message for o in service.ingest(sorted(SAMPLES.glob("*.txt"))) if o.status != "added"]
    assert not failed, failed
    return service
