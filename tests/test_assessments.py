"""Checks and plans of a store: which table is meant, what is kept, what happens where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import board_fixtures
import pytest
from indexes_fixtures import WordEmbedder

from assistant.service import JunhengService
from assistant.settings import Settings
from corpus.errors import JunhengError
from corpus.schools.read import TableError
from indexes.store import Store
from tools.compliance.shape import check_json

REPORT = "安吉县2022年义务教育优质均衡发展自评报告\n一、经费保障\n2022年一般公共预算教育支出4200.50万元。\n"


@pytest.fixture
def service(home_of_the_test: Path, tmp_path: Path) -> Iterator[JunhengService]:
    """A service over one report of a county and one school table of another."""
    store = Store.open(home_of_the_test, embedder=WordEmbedder())
    opened = JunhengService(store, Settings(home=home_of_the_test))
    (tmp_path / "报告.txt").write_text(REPORT, encoding="utf-8")
    opened.ingest([tmp_path / "报告.txt"], region="安吉县", year=2022)
    (tmp_path / "表.csv").write_bytes(board_fixtures.as_csv())
    opened.ingest([tmp_path / "表.csv"], region="青禾县", year=2023)
    yield opened
    opened.close()


def test_result_is_kept_until_what_is_stored_changes(service: JunhengService, tmp_path: Path) -> None:
    """The second look costs nothing; a table that replaces the first is looked at anew."""
    first = service.check(region="青禾县", year=2023)
    plan = service.plan(region="青禾县", year=2023)
    assert service.check(region="青禾县", year=2023) is first
    assert service.plan(region="青禾县", year=2023) is plan

    lines = (tmp_path / "表.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "表.csv").write_text("".join(lines[:3]), encoding="utf-8")
    service.ingest([tmp_path / "表.csv"], region="青禾县", year=2023)

    assert len(service.check(region="青禾县", year=2023).units) == 2 < len(first.units)
    assert len({one.school.row for one in service.plan(region="青禾县", year=2023).additions}) == 1


def test_table_apart_is_checked_like_the_stored_one(service: JunhengService, tmp_path: Path) -> None:
    """A table at a path gives what the same table stored gives, and is not kept."""
    apart = check_json(service.check(region="青禾县", year=2023, path=tmp_path / "表.csv"))

    assert apart == check_json(service.check(region="青禾县", year=2023))
    assert len(service.tables()) == 1
    assert len(service.plan(path=tmp_path / "表.csv").additions) > 0


def test_county_with_reports_alone_has_a_check_and_no_plan(service: JunhengService) -> None:
    """Every indicator of the standard is there; what a plan would need is said."""
    check = service.check(region="安吉县", year=2022)

    assert (check.table, check.units) == (None, ())
    assert len(check.indicators) == 32
    with pytest.raises(JunhengError, match="安吉县2022年的学校数据表"):
        service.plan(region="安吉县", year=2022)


def test_what_is_not_there_is_said(service: JunhengService, tmp_path: Path) -> None:
    """A county without data and a file that is no table are one line each, which names no folder."""
    (tmp_path / "坏.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(JunhengError, match="别县"):
        service.check(region="别县", year=2022)
    with pytest.raises(TableError) as refused:
        service.check(path=tmp_path / "坏.csv")
    assert str(tmp_path) not in str(refused.value)
