"""Which table, which school, which stage and indicator a call means; what is not there is said with the reason."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import wraps
from threading import Lock
from typing import Any

from corpus.folding import fold
from corpus.rules import standards
from corpus.schools.model import School, SchoolTable
from corpus.spoken import demands_in
from indexes.store import Store
from tools.compliance.check import check_table
from tools.compliance.model import Unit
from tools.compliance.units import STAGE_NAMES
from tools.evidence import Evidence, missing
from tools.registry import BadCall
from tools.school_figures import Ledger
from tools.school_names import find_schools, near, unknown_schools

STANDARD = "youzhi_junheng"
_STAGES = {"小学": "primary", "初中": "junior", "primary": "primary", "junior": "junior", "": ""}
_KEPT = 6
_ledgers: OrderedDict[tuple[str, str | None, int | None, str], Ledger] = OrderedDict()
_lock = Lock()


class Absent(Exception):
    """What was asked for is not there; ``evidence`` says so."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence.text)
        self.evidence = evidence


Run = Callable[..., list[Evidence]]


def answering(run: Run) -> Run:
    """Turn what is not there into a finding that says so."""

    @wraps(run)
    def told(*given: Any, **named: Any) -> list[Evidence]:
        try:
            return run(*given, **named)
        except Absent as absent:
            return [absent.evidence]

    return told


def stage_of(stage: str) -> str:
    """Return "primary", "junior" or "" (both); BadCall for anything else."""
    if stage not in _STAGES:
        raise BadCall(f"没有学段“{stage}”，可用：小学、初中")
    return _STAGES[stage]


def code_of(indicator: str) -> str:
    """Return the code of an indicator given by code or name, "" for all; BadCall for an unknown one."""
    known = {demand.code for demand in standards()[STANDARD].demands}
    if not indicator or indicator in known:
        return indicator
    named = demands_in(fold(indicator))
    if not named:
        raise BadCall(f"没有指标“{indicator}”，请写指标编号，如 1.2，或名称，如 骨干教师")
    return named[0].id


def table_for(store: Store, region: str, year: str) -> SchoolTable:
    """Return the stored table of a region and year (the newest without one); raise Absent if there is none."""
    held = store.tables()
    if not held:
        raise Absent(
            missing(
                "no_data_for_check", "资料里还没有学校数据表，无法按校判定；请先导入学校数据表（xlsx 或 csv）"
            )
        )
    year = "".join(re.findall(r"\d{4}", year)[:1])
    own = [t for t in held if not region or t.region == region or (t.region or "")[:-1] == region]
    if not own:
        known = {report.region for report in store.reports()}
        if region in known:
            names = "、".join(dict.fromkeys(t.region for t in held if t.region))
            said = f"资料里没有{region}的学校数据表，无法按校判定；请先导入该地的学校数据表"
            raise Absent(
                missing("no_data_for_check", said + (f"。现有学校数据表的地区：{names}" if names else ""))
            )
        raise Absent(missing("no_such_region", f"资料里没有“{region}”的学校数据表"))
    if len({table.region for table in own}) > 1:
        names = "、".join(dict.fromkeys(table.region or "未注明地区" for table in own))
        raise Absent(missing("ambiguous", f"请说明地区，现有学校数据表的有：{names}"))
    dated = [table for table in own if not year or str(table.year) == year]
    if not dated:
        years = "、".join(dict.fromkeys(f"{table.year}年" for table in own if table.year))
        raise Absent(
            missing(
                "no_such_period",
                f"资料里没有{region or own[0].region}{year}年的学校数据表，有的是：{years or '未注明年份的'}",
            )
        )
    return max(dated, key=lambda table: table.year or 0)


def ledger_for(store: Store, region: str, year: str, standard: str = STANDARD) -> Ledger:
    """Return the check of the table that is meant; a few are kept, as a talk goes on about one."""
    return ledger_of(table_for(store, region, year), standard)


def ledger_of(table: SchoolTable, standard: str = STANDARD) -> Ledger:
    key = (table.id, table.region, table.year, standard)
    with _lock:
        if key in _ledgers:
            _ledgers.move_to_end(key)
            return _ledgers[key]
    check = check_table(
        table, standard_id=standard, region=table.region, year=str(table.year) if table.year else None
    )
    made = Ledger(check, standards()[standard])
    with _lock:
        _ledgers[key] = made
        while len(_ledgers) > _KEPT:
            _ledgers.popitem(last=False)
    return made


def school_for(ledger: Ledger, name: str) -> list[School]:
    """Return the rows of the school that is meant (several for a name that several rows have); raise Absent otherwise."""
    table = ledger.table
    names = [school.name for school in table.schools]
    exact = [school for school in table.schools if school.name == name]
    if exact:
        return exact
    folded = fold(name)
    found = [
        n
        for n in find_schools(folded, names, table.region)
        if n.names and n.start == 0 and n.end == len(folded)
    ]
    meant = list(dict.fromkeys(full for n in found for full in n.names))
    if len(meant) > 1:
        raise Absent(missing("ambiguous", f"“{name}”可能是：{'、'.join(meant)}。请写全校名"))
    if not meant:
        raise Absent(no_school(ledger, name))
    return [school for school in table.schools if school.name == meant[0]]


def no_school(ledger: Ledger, name: str) -> Evidence:
    close = near(fold(name), list(dict.fromkeys(school.name for school in ledger.table.schools)))
    said = f"{ledger.table.region or ''}的学校数据表里没有“{name}”"
    return missing("not_reported", said + (f"；名称相近的有：{'、'.join(close)}" if close else ""))


def units_of(ledger: Ledger, schools: Sequence[School], stage: str) -> list[Unit]:
    """Return the assessed units of some rows; raise Absent, saying why, if there is none."""
    rows = {school.row for school in schools}
    found = [u for u in ledger.check.units if u.school.row in rows and stage in ("", u.stage)]
    if not found:
        left = next((e for e in ledger.check.excluded if e.row in rows), None)
        name = schools[0].name
        if left is not None and left.stage is None:
            raise Absent(missing("no_data_for_check", f"{name}不参加评估：{left.reason}"))
        raise Absent(
            missing(
                "no_data_for_check",
                f"{name}没有{STAGE_NAMES.get(stage, '')}学生，不作为{STAGE_NAMES.get(stage, '')}评估",
            )
        )
    return found


__all__ = [
    "Absent",
    "code_of",
    "find_schools",
    "ledger_for",
    "school_for",
    "stage_of",
    "units_of",
    "unknown_schools",
]
