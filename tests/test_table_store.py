"""School tables in a store: ingested, listed, read again, replaced, refreshed, shown by every face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from indexes_fixtures import WordEmbedder
from tables_fixtures import grid_of, make_row, workbook

from assistant import rereading
from assistant.faces import forms, library, render
from assistant.knowledge import known_of
from assistant.service import SAMPLES, JunhengService, samples
from assistant.settings import Settings
from corpus.schools.read import read_table, table_from
from indexes.store import Store

UNIT = {"equipment_value": "教学仪器设备值(万元)"}


@pytest.fixture
def service(home_of_the_test: Path) -> Iterator[JunhengService]:
    opened = JunhengService(
        Store.open(home_of_the_test, embedder=WordEmbedder()), Settings(home=home_of_the_test)
    )
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "学校.xlsx")


def write(path: Path, **values: object) -> Path:
    path.write_bytes(workbook(grid_of([make_row(**values), make_row("乙校")], headers=UNIT)))  # type: ignore[arg-type]
    return path


def test_table_is_kept_whole(service: JunhengService, file: Path) -> None:
    """The stored text is that of the table; the table comes back from the file with spans in that text."""
    (outcome,) = service.ingest([file], region="青禾县", year=2023)
    (report,) = service.reports()
    (table,) = service.store.tables()

    assert outcome.status == "added"
    assert outcome.message.endswith("（学校数据表，青禾县，2023年，2所学校，0个问题）")
    assert (report.kind, report.id, report.text) == ("school_table", table.id, table.text)
    assert (table.region, table.year, table.source) == ("青禾县", 2023, "学校.xlsx")
    assert table.schools == read_table(file).schools
    assert service.store.original(report.id) == file.read_bytes()
    assert service.store.passages() == service.store.facts() == ()
    assert service.store.table(report.id) is table, "read once for a version of the store"


def test_outcome_tells_problems_and_what_is_missing(service: JunhengService, tmp_path: Path) -> None:
    """The warnings of a table come with its outcome; region and year are asked for."""
    (outcome,) = service.ingest([write(tmp_path / "表.xlsx", students__primary="约900")])

    assert [problem.cell for problem in outcome.problems] == ["D2"]
    assert "1个问题" in outcome.message
    assert all(word in outcome.message for word in ("地区", "年份", "--region", "--year"))


def test_unchanged_costs_nothing_and_changed_replaces(service: JunhengService, file: Path) -> None:
    """The same file again does nothing; a changed one takes the place of the old; another region counts."""
    service.ingest([file], region="青禾县", year=2023)
    version = service.store.version
    (again,) = service.ingest([file], region="青禾县", year=2023)
    assert (again.status, service.store.version) == ("unchanged", version)
    (other,) = service.ingest([file], region="白石县", year=2023)
    assert (other.status, [t.region for t in service.store.tables()]) == ("replaced", ["白石县"])
    write(file, students__primary=905)
    (changed,) = service.ingest([file], region="青禾县", year=2023)
    assert changed.status == "replaced"
    (table,) = service.store.tables()
    assert table.schools[0].value("students.primary") == 905
    assert service.remove(table.id)
    assert service.store.tables() == service.reports() == ()


def test_file_that_is_no_table_stores_nothing(service: JunhengService, tmp_path: Path) -> None:
    """One line says what is missing; the file beside it is stored all the same."""
    bad = tmp_path / "名单.csv"
    bad.write_text("学校名称,办学类型,小学学生数\n甲小学,小学,1\n", encoding="utf-8")
    outcomes = service.ingest([bad, write(tmp_path / "表.xlsx")], region="青禾县", year=2023)

    assert [one.status for one in outcomes] == ["failed", "added"]
    assert "表头" in outcomes[0].message and "名单.csv" in outcomes[0].message
    assert len(service.reports()) == 1


def test_refresh_reads_tables_again(
    service: JunhengService, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that reads tables otherwise reads the kept file again: text, id and spans follow, sources stay."""
    copy = tmp_path / "副本.xlsx"
    copy.write_bytes(file.read_bytes())
    service.ingest([file, copy], region="青禾县", year=2023)
    (old,) = service.reports()
    honest = table_from

    def otherwise(data: bytes, source: str, **named: object) -> object:
        plain = honest(data, source, **named)  # type: ignore[arg-type]
        return replace(plain, id="0123456789ab", text=plain.text + "另\n")

    monkeypatch.setattr(rereading, "table_from", otherwise)
    monkeypatch.setattr("indexes.tables.table_from", otherwise)
    assert service.store.table(old.id) is None, "its spans would not be those of the stored text"
    rereading.refresh(service.store, lambda _: None)
    (new,) = service.reports()

    assert (new.id, new.region, new.year) == ("0123456789ab", "青禾县", 2023)
    assert len(service.store.brought_by(new.id)) == 2
    assert service.store.table(new.id) is not None
    assert service.ingest([file], region="青禾县", year=2023)[0].status == "unchanged"


def test_faces_say_that_it_is_a_table(service: JunhengService, file: Path) -> None:
    """List, page and upload lines name a school table and its number of schools, and the problems."""
    service.ingest([file], region="青禾县", year=2023)
    (item,) = forms.reports_json(service)

    assert (item["kind"], item["schools"], item["facts"]) == ("school_table", 2, 0)
    assert "学校数据表，2 所学校" in render.report_table([item])
    lines = library.take_files(lambda: service, [write(file, students__primary="约900")], "青禾县", "2023")
    assert [good for good, _ in lines] == [True, True]
    assert "D2" in lines[1][1] and "约900" in lines[1][1]


def test_tables_do_not_change_what_reports_are_asked(service: JunhengService) -> None:
    """The region of a table alone is none that a question about reports could mean; one report is still the sole one."""
    service.ingest(samples())
    tables = service.store.tables()
    reported = {report.region for report in service.reports() if report.kind == "report"}

    assert {path.suffix for path in SAMPLES.iterdir()} >= {".xlsx"}
    assert len(tables) == 1 and tables[0].region not in reported
    assert set(known_of(service.store).regions) == reported
