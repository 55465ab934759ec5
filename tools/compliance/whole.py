"""A whole check of one county and year: the school table and the reports that are stored, joined by demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from corpus import rules
from corpus.errors import JunhengError
from corpus.model import Report
from corpus.rules import Standard
from corpus.schools.model import SchoolTable
from indexes.store import Store
from tools.compliance.check import check_table
from tools.compliance.model import Check, Verdict
from tools.compliance.places import Held, choose_region, in_year, path_of, regions_of
from tools.compliance.reported import judge, newest_year, nothing_of, unreported
from tools.compliance.rolled import from_table
from tools.compliance.statements import Desk, open_desk
from tools.evidence import amount
from tools.registry import BadCall


class NoDataForCheck(JunhengError):
    """Neither a report nor a table of the region and year is stored."""

    reason = "no_data_for_check"


def check(
    store: Store | None,
    *,
    region: str | None = None,
    year: str | None = None,
    standard_id: str = "youzhi_junheng",
    table: SchoolTable | None = None,
) -> Check:
    """Return the check of a region and year against a standard, or the variant of it that holds there.

    ``table`` is checked in place of a stored one; without ``store`` it is all there is. With no year named the newest
    of the region is taken, and ``notes`` say which; a table by itself has just the region and year that are named. Raises ``BadCall`` where several regions or tables fit and none
    is named, ``NoDataForCheck`` where there is nothing, ``CatalogueError`` for an unknown standard.
    """
    base = rules.standard(standard_id)
    held = _region(store, region, table)
    desk = None if store is None or held is None else open_desk(store, base, held, None)
    stored = [] if store is None or table is not None else _tables(store, held, region)
    chosen, notes = _year(year, table, stored, desk)
    if table is None:
        table = _one([t for t in stored if chosen is None or t.year is None or str(t.year) == chosen])
    if table is None and (desk is None or not _says_something(desk, chosen)):
        raise NoDataForCheck(nothing_of(region or (held.name if held else None), year))
    path = held.path if held else path_of(table.region) if table and table.region else ()
    standard = rules.standard(
        standard_id, region_path=path, on=dt.date(int(chosen), 12, 31) if chosen else None
    )
    if standard.id != standard_id:
        notes.append(f"{held.name if held else region}适用《{standard.name}》({standard.document})")
    said = (region or (held.name if held else None), chosen) if store else (region, year)
    made = _of_table(table, standard, *said)
    if desk is not None:
        desk = replace(desk, standard=standard, year=chosen)
    return _joined(made, standard, desk, (*notes, *made.notes))


def _region(store: Store | None, region: str | None, table: SchoolTable | None) -> Held | None:
    """Return the region whose reports count; a table without a region goes with no report unless one is named."""
    if store is None or (table is not None and region is None and table.region is None):
        return None
    wanted = region or (table.region if table else None)
    held = regions_of(store.reports())
    return choose_region(held, wanted) if held or wanted else None


def _tables(store: Store, held: Held | None, region: str | None) -> list[SchoolTable]:
    name = held.name if held else region
    return [table for table in store.tables() if table.region == name]


def _one(tables: Sequence[SchoolTable]) -> SchoolTable | None:
    if len(tables) > 1:
        listed = "、".join(table.source for table in tables)
        raise BadCall(
            f"这个地区和年份存有几份学校数据表:{listed};请用 junheng check 文件 指明检查哪一份,或删去多余的"
        )
    return tables[0] if tables else None


def _year(
    year: str | None, table: SchoolTable | None, stored: Sequence[SchoolTable], desk: Desk | None
) -> tuple[str | None, list[str]]:
    """Return the year of the check, and a note where nobody named it."""
    if year is not None:
        return year, []
    if table is not None and table.year is not None:
        return str(table.year), []
    known = {str(t.year) for t in stored if t.year}
    reported = newest_year(desk) if desk else None
    known |= {reported} if reported else set()
    newest = max(known, default=None)
    if newest is None:
        return None, []
    others = sorted({str(r.year) for r in desk.reports if r.year} | known if desk else known)
    rest = "、".join(f"{other}年" for other in others if other != newest)
    return newest, [
        f"没有指明年份,用资料中最新的{newest}年" + (f";另有{rest}的资料,可指明年份检查" if rest else "")
    ]


def _says_something(desk: Desk, year: str | None) -> bool:
    if year is None:
        return bool(desk.reports)
    return any(str(r.year) == year for r in desk.reports) or any(in_year(f.period, year) for f in desk.facts)


def _of_table(table: SchoolTable | None, standard: Standard, region: str | None, year: str | None) -> Check:
    """Return the check of the table, empty where there is none or the standard is not one for tables."""
    if table is None or standard.passing is None or standard.split is None:
        return Check(standard=standard.id, region=region, year=year, table=None)
    return check_table(table, standard_id=standard.id, region=region, year=year)


def _joined(made: Check, standard: Standard, desk: Desk | None, notes: tuple[str, ...]) -> Check:
    indicators: list[Verdict] = []
    county = list(made.county)
    schools = standard.passing.codes if standard.passing else ()
    for demand in standard.demands:
        own = from_table(made, standard, demand)
        said = judge(desk, demand) if desk else unreported(standard, demand)
        verdict = _join(own, said)
        indicators.append(verdict)
        if demand.code in schools or desk is None:
            continue
        places = [i for i, other in enumerate(county) if other.code == demand.code]
        if not places:
            county.append(verdict)
        elif len(places) == 1:
            county[places[0]] = verdict
    return replace(
        made,
        county=tuple(county),
        indicators=tuple(indicators),
        notes=notes,
        reports=_cited(indicators, desk.reports if desk else ()),
    )


def _join(own: Verdict | None, said: Verdict) -> Verdict:
    """Return one verdict from table and reports: what the table decides stands, with the reports' figure beside it."""
    if own is None:
        return said
    decided = own.status != "no_data"
    if not decided and said.status != "no_data":
        lacking = "、".join(own.missing[:3]) + ("等" if len(own.missing) > 3 else "")
        why = f"数据表缺{lacking}的数,按报告判定" if lacking else "数据表没有这项数据,按报告判定"
        return replace(said, missing=own.missing, lacks=own.lacks, remark=f"{said.remark};{why}")
    remarks = [own.remark]
    if said.facts:
        told = "、".join(dict.fromkeys(amount(f) for f in said.facts if f.role != "base"))
        if decided and said.status in ("met", "not_met") and said.status != own.status:
            remarks.append(f"报告的数({told})与数据表的结果不一致,以数据表为准")
        elif decided:
            remarks.append(f"报告的数为{told},判定以数据表为准")
        else:
            remarks.append(said.remark)
    return replace(
        own,
        facts=said.facts,
        sentences=() if decided else said.sentences,
        calculations=said.calculations,
        wanted=() if decided else said.wanted,
        remark=";".join(remark for remark in remarks if remark),
    )


def _cited(verdicts: Sequence[Verdict], reports: Sequence[Report]) -> tuple[Report, ...]:
    named = {fact.report_id for verdict in verdicts for fact in verdict.facts}
    named |= {sentence.report_id for verdict in verdicts for sentence in verdict.sentences}
    return tuple(report for report in reports if report.id in named)
