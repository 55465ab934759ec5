"""The downloads of a check: a workbook that computes what the check says, and a report that says all of it."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import board_fixtures
import pytest
from fake_service import HOSTILE, NEW, report
from openpyxl import load_workbook
from test_cli import Junheng, junheng

from assistant.faces import compliance_words as words
from assistant.faces.exports import export, file_name
from assistant.faces.workbook_cells import BELOW
from corpus.schools.read import read_table
from tools.compliance.check import check_table
from tools.compliance.model import Check

__all__ = ["junheng"]  # the fixture of the command line

STAGES = {"小学": "primary", "初中": "junior"}


class Stored:
    """The reports that the evidence of the invented county stands in."""

    def report(self, report_id: str) -> Any:
        return report() if report_id == "r1" else None


class Sheet:
    """A recomputed sheet: rows as dictionaries by header."""

    def __init__(self, cells: dict[tuple[int, int], Any]) -> None:
        heads = {column: value for (row, column), value in cells.items() if row == 1}
        last = max(row for row, _ in cells)
        self.rows = [
            {name: cells.get((row, column)) for column, name in heads.items()} for row in range(2, last + 1)
        ]


def recomputed(data: bytes, folder: Path) -> dict[str, Sheet]:
    """Compute every formula of a workbook with another program than the one that wrote it."""
    import formulas

    path = folder / "book.xlsx"
    path.write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    sheets: dict[str, dict[tuple[int, int], Any]] = {}
    for name, value in solution.items():
        if found := re.fullmatch(r"'\[book\.xlsx\](.+)'!([A-Z]+)(\d+)", str(name)):
            column = 0
            for letter in found[2]:
                column = column * 26 + ord(letter) - 64
            sheets.setdefault(found[1], {})[int(found[3]), column] = value.value[0, 0]
    return {name: Sheet(cells) for name, cells in sheets.items()}


@pytest.fixture(scope="module")
def invented() -> Check:
    return board_fixtures.check()


@pytest.fixture(scope="module")
def book(invented: Check) -> bytes:
    return export(Stored(), invented, "xlsx")


@pytest.fixture(scope="module")
def sheets(book: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sheet]:
    return recomputed(book, tmp_path_factory.mktemp("book"))


def compare_units(check: Check, sheets: dict[str, Sheet]) -> int:
    """Compare every formula about schools with the check; return how many values were compared."""
    rows = {(row["表中行号"], STAGES[row["学段"]]): row for row in sheets["七项指标"].rows}
    assert len(rows) == len(check.units)
    compared = 0
    for unit in check.units:
        row = rows[unit.school.row, unit.stage]
        assert same(row["学生数"], unit.students)
        assert same(row["设施分摊比例"], unit.share)
        for verdict in unit.verdicts:
            value = next(row[name] for name in row if name.startswith(f"{verdict.code} ") and "（" in name)
            judged = row[f"{verdict.code} 结论"]
            assert same(value, verdict.observed.exact if verdict.observed else None), verdict
            below = verdict.status == "not_met" and verdict.floor_ok is False
            assert judged == (BELOW if below else words.STATUS[verdict.status]), verdict
            compared += 1
        assert row["达标项数"] == unit.met
        assert row["结论"] == row["系统结论"] == words.RULINGS[unit.compliant]
        assert row["核对"] == "一致"
    return compared


def compare_dispersion(check: Check, sheets: dict[str, Sheet]) -> int:
    rows = {(STAGES[row["学段"]], row["编号"]): row for row in sheets["差异系数"].rows}
    shares = {(row["表中行号"], STAGES[row["学段"]]): row for row in sheets["差异贡献"].rows}
    shown = [one for one in check.dispersion if one.status != "not_applicable"]
    assert len(rows) == len(shown)
    for one in shown:
        row = rows[one.stage, one.code]
        assert row["计入的学校数"] == one.n
        assert same(row["平均值"], one.mean.exact if one.mean else None)
        assert same(row["差异系数"], float(one.cv_exact) if one.cv_exact else None)
        assert one.std is None or f"{row['标准差']:.4f}" == one.std
        assert row["结论"] == words.STATUS[one.status]
        assert row["核对"] == "一致"
        for item in one.contributions:
            assert same(shares[item.row, one.stage][f"{one.code} 占比"], item.share)
    return len(shown)


def same(computed: Any, exact: Any) -> bool:
    """Compare what binary arithmetic gave with the exact value; a blank is no value."""
    if exact is None:
        return computed in ("", None)
    return math.isclose(computed, float(exact), rel_tol=1e-9, abs_tol=1e-12)


def test_formulas_compute_what_the_check_says(invented: Check, sheets: dict[str, Sheet]) -> None:
    """Values, shares, verdicts, coefficients and contributions recomputed from the cells equal the check's,
    with values exactly on a threshold and on 85% of it, blanks, and schools of two and three stages."""
    assert compare_units(invented, sheets) == 7 * len(invented.units)
    assert compare_dispersion(invented, sheets) == 14
    assert {unit.compliant for unit in invented.units} == {True, False, None}


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_unit_of_the_column_decides_in_the_formulas_too(unit: str, tmp_path: Path) -> None:
    """A table in 元 is not multiplied by 10000."""
    check = check_table(board_fixtures.table(unit))

    assert compare_units(check, recomputed(export(Stored(), check, "xlsx"), tmp_path))


def test_workbook_of_the_sample_equals_its_check(shared: Path, tmp_path: Path) -> None:
    """The sample table, recomputed cell by cell."""
    check = check_table(read_table(shared / "schools" / "sample.xlsx"))
    computed = recomputed(export(Stored(), check, "xlsx"), tmp_path)

    assert compare_units(check, computed) == 7 * len(check.units) > 0
    assert compare_dispersion(check, computed) == 14


def test_values_and_verdicts_are_formulas_over_the_data(book: bytes) -> None:
    """What is computed stands as a formula; changing a number of the table changes what follows from it."""
    sheet = load_workbook(io.BytesIO(book))["七项指标"]
    heads = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        for name, cell in zip(heads, row, strict=True):
            computed = name[:1].isdigit() or name in ("学生数", "设施分摊比例", "达标项数", "结论", "核对")
            assert (cell.data_type == "f") is computed, name
    assert "'数据'!" in sheet["F2"].value and "'阈值'!" in sheet["M2"].value


def test_names_are_never_formulas(book: bytes) -> None:
    """A school called =HYPERLINK(…), +1, @… or -1 is text in every sheet, also after an edit of the cell."""
    loaded = load_workbook(io.BytesIO(book))
    found = [
        cell
        for sheet in loaded
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, str) and cell.value in board_fixtures.FORMULAS
    ]

    assert {cell.value for cell in found} == set(board_fixtures.FORMULAS)
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)
    own = re.compile(r"=(?:IF|COUNTIF|SUMIF|COUNT|E\d+\*|'阈值'!)")
    formulas = [c.value for s in loaded for line in s.iter_rows() for c in line if c.data_type == "f"]
    assert [text for text in formulas if not own.match(text)] == []


def test_workbook_lists_thresholds_indicators_and_problems(invented: Check, book: bytes) -> None:
    """Every threshold has its clause and source, every indicator its verdict; what cannot be read is in 问题."""
    loaded = load_workbook(io.BytesIO(book))
    limits = [[cell.value for cell in line] for line in loaded["阈值"].iter_rows(min_row=2)]
    listed = [[cell.value for cell in line] for line in loaded["全部指标"].iter_rows(min_row=2)]

    assert [row[1] for row in limits if not (row[7] and row[8])] == []
    assert [(row[0], row[5]) for row in listed] == [
        (verdict.code, words.STATUS[verdict.status]) for verdict in invented.indicators
    ]
    assert any(NEW in str(row[7]) for row in listed)
    assert loaded["问题"].max_row == 1 + len(invented.problems)


def test_check_without_a_table_is_a_workbook_too(invented: Check) -> None:
    """With reports alone there are the indicators and no empty sheets of formulas."""
    bare = replace(invented, table=None, units=(), dispersion=(), county=())
    names = load_workbook(io.BytesIO(export(Stored(), bare, "xlsx"))).sheetnames

    assert names == ["说明", "全部指标", "问题"]


def texts_of(data: bytes) -> Iterator[str]:
    import docx

    paper = docx.Document(io.BytesIO(data))
    yield from (paragraph.text for paragraph in paper.paragraphs)
    yield from (cell.text for table in paper.tables for row in table.rows for cell in row.cells)


def test_report_says_all_that_an_office_files(invented: Check) -> None:
    """Failing schools with gaps, coefficients, each indicator with clause and quoted evidence, the steps."""
    texts = list(texts_of(export(Stored(), invented, "docx")))
    whole = "\n".join(texts)

    for unit in invented.units:
        if unit.compliant is False:
            for verdict in unit.verdicts:
                if verdict.status == "not_met":
                    assert words.gap_words(verdict) and words.gap_words(verdict) in whole
    for one in invented.dispersion:
        assert one.cv in texts
    for verdict in invented.indicators:
        heading = f"{verdict.code} {verdict.name}"
        assert any(text.startswith(heading) and words.STATUS[verdict.status] in text for text in texts)
        assert f"条款：{verdict.clause}" in texts
    assert f"原文：“{NEW}”（青石区2022年教育自评报告 · 一、经费保障）" in texts
    assert words.UNCONFIRMED in whole
    assert "900 ÷ 1000 = 0.90平方米" in whole


def test_names_are_text_in_the_report(invented: Check) -> None:
    """Markup and control characters in names do no harm; what XML cannot hold is replaced."""
    whole = "\n".join(texts_of(export(Stored(), invented, "docx")))

    assert HOSTILE in whole
    assert "完全\N{REPLACEMENT CHARACTER}中学" in whole


def test_file_name_says_county_and_year(invented: Check) -> None:
    """Nothing in it leads to another folder."""
    assert file_name(invented, "docx") == "青石区2023年达标核对.docx"
    assert file_name(replace(invented, region="../a\\b:c"), "xlsx") == "..abc2023年达标核对.xlsx"


def test_command_writes_both_files(tmp_path: Path, junheng: Junheng) -> None:
    """``check TABLE --xlsx --docx`` writes them beside the usual output, which stays what it is without them."""
    source, targets = tmp_path / "表.csv", [tmp_path / "结果.xlsx", tmp_path / "结果.docx"]
    source.write_bytes(board_fixtures.as_csv())
    result = junheng("check", source, "--json", "--xlsx", targets[0], "--docx", targets[1])
    plain = junheng("check", source, "--json")

    assert (result.code, result.out) == (0, plain.out)
    assert all(str(target) in result.err for target in targets)
    assert load_workbook(targets[0])["七项指标"].max_row == 1 + len(result.json()["schools"])
    assert any("刚好小学" in text for text in texts_of(targets[1].read_bytes()))


def test_command_says_where_it_cannot_write(tmp_path: Path, junheng: Junheng) -> None:
    """A folder that is not there is one line and exit code 1; a file for a whole folder of tables is 2."""
    source = tmp_path / "表.csv"
    source.write_bytes(board_fixtures.as_csv())
    lost = junheng("check", source, "--xlsx", tmp_path / "没有" / "结果.xlsx")
    many = junheng("check", tmp_path, "--xlsx", tmp_path / "结果.xlsx")

    assert lost.code == 1 and "结果.xlsx" in lost.err.splitlines()[-1]
    assert many.code == 2 and "--xlsx" in many.err
    assert not (tmp_path / "结果.xlsx").exists()
