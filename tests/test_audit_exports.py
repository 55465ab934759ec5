"""The files of an audit: a workbook of all findings, and a report that can be forwarded."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import audit_fixtures
import pytest
from board_fixtures import FORMULAS
from fake_service import HOSTILE, FakeService
from openpyxl import load_workbook
from test_audit_command import audit
from test_exports import texts_of

from assistant.faces import audit_words as words
from assistant.faces.audited import Audited, together
from assistant.faces.exports import audit_name, export_audits

__all__ = ["audit"]


@pytest.fixture(scope="module")
def audited() -> Audited:
    service = FakeService()
    service.stored.append(audit_fixtures.other())
    return together(service, audit_fixtures.report(), audit_fixtures.findings())


def rows_of(data: bytes, sheet: str) -> list[dict[str, Any]]:
    lines = load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True)
    heads = next(lines)
    return [dict(zip(map(str, heads), line, strict=True)) for line in lines]


def test_workbook_has_every_finding_and_what_it_rests_on(audited: Audited) -> None:
    """Each finding is a row, ✗ first: stated, recomputed, range, steps, explanation, quotes, position."""
    rows = rows_of(export_audits([audited], "xlsx"), "核数结果")
    wrong = next(row for row in rows if row["核的是"] == "增幅" and row["标记"] == "✗")
    rough = next(row for row in rows if row["标记"] == "≈")

    assert [row["标记"] for row in rows] == ["✗", "✗", "✗", "?", "?", "≈", "✓", "※"]
    assert [row["序号"] for row in rows] == list(range(1, 9))
    assert (wrong["报告所写"], wrong["复算"]) == ("增长6.01%", "增长5.01%")
    assert wrong["算式"] == "(4200.50 − 4000.00) ÷ 4000.00 × 100% ≈ 5.01%"
    assert rough["舍入允许的范围"] == "0.00%～6.56%"
    start, end = map(int, wrong["位置"].split("–"))
    assert audited.report.text[start:end] == wrong["原文"] == audit_fixtures.GROWTH
    assert "4300.50万元。”（青禾县教育经费公告" in rows[0]["依据的原文"]


def test_summary_sheet_counts_by_verdict(audited: Audited) -> None:
    """The second sheet has a row a report, with the digest of the text that was audited."""
    [row] = rows_of(export_audits([audited], "xlsx"), "汇总")

    assert row["正文 sha256"] == audited.report.text_sha256
    assert [row[name] for name in ("✗ 不一致", "? 不能复算", "≈ 舍入差异", "✓ 一致", "※ 提示", "合计")] == [
        3, 2, 1, 1, 1, 8,
    ]  # fmt: skip


def test_nothing_of_a_report_becomes_a_formula(audited: Audited) -> None:
    """Text that begins with = + - @ stays text in every cell, also after an edit, and markup is text."""
    evil = replace(audited.report, title=FORMULAS[0], region="@SUM(1)")
    claim = audit_fixtures.TEXT.index(audit_fixtures.EVIL)
    book = load_workbook(io.BytesIO(export_audits([replace(audited, report=evil)], "xlsx")))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    risky = [c for c in cells if isinstance(c.value, str) and c.value[:1] in ("=", "+", "-", "@")]

    assert audit_fixtures.TEXT[claim] == "="
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert {FORMULAS[0], "@SUM(1)", audit_fixtures.EVIL} <= {cell.value for cell in risky}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_report_can_be_forwarded(audited: Audited) -> None:
    """It says what was audited, how, what does not hold and why, the rest by verdict, and what is not judged."""
    texts = list(texts_of(export_audits([audited], "docx")))
    whole = "\n".join(texts)

    assert texts[0] == "青禾县2023年核数报告"
    assert f"sha256 {audited.report.text_sha256}" in whole
    assert all(line in texts for line in (*words.METHOD, *words.NOT_JUDGED))
    assert len(words.METHOD) == 3
    order = [texts.index(head) for head in texts if head[:2] in ("一、", "二、", "三、", "四、", "五、")]
    assert order == sorted(order) and len(order) == 5
    for finding in audited.findings:
        if finding.verdict != "consistent":
            assert finding.explanation.text in texts
    assert "复算结果与报告所写一致的 1 处" in whole
    assert HOSTILE in whole
    assert "2023年教育支出为4300.50万元。”（青禾县教育经费公告）" in whole


def test_report_without_errors_says_so(audited: Audited) -> None:
    """Where nothing is wrong the report says that nothing was found, not that everything is right."""
    clean = replace(audited, findings=tuple(f for f in audited.findings if f.verdict == "consistent"))
    texts = list(texts_of(export_audits([clean], "docx")))

    assert "没有发现不一致的数。" in texts
    assert any("是否属实，不在核数之内" in text for text in texts)


def test_characters_that_xml_cannot_hold(audited: Audited) -> None:
    """Control characters in a title become replacement characters in both files."""
    odd = replace(audited, report=replace(audited.report, title="坏\x01标题"))

    assert rows_of(export_audits([odd], "xlsx"), "汇总")[0]["报告"] == "坏\N{REPLACEMENT CHARACTER}标题"
    assert any("坏\N{REPLACEMENT CHARACTER}标题" in text for text in texts_of(export_audits([odd], "docx")))


def test_file_names(audited: Audited) -> None:
    """Region and year, else the title; nothing leads to another folder."""
    report = audited.report

    assert audit_name(report, "docx") == "青禾县2023年核数报告.docx"
    assert audit_name(replace(report, region=None, title="../a:b"), "xlsx") == "..ab核数报告.xlsx"


def test_command_writes_both_files(audit: Any, tmp_path: Path) -> None:
    """``--xlsx`` and ``--docx`` hold all audited reports and leave the output as it is."""
    targets = [tmp_path / "核.xlsx", tmp_path / "核.docx"]
    result = audit("q1", "q2", "--json", "--xlsx", targets[0], "--docx", targets[1])

    assert result.code == 0 and result.out == audit("q1", "q2", "--json").out
    assert len(rows_of(targets[0].read_bytes(), "汇总")) == 2
    assert sum(text.endswith("核数报告") for text in texts_of(targets[1].read_bytes())) == 2


def test_command_says_where_it_cannot_write(audit: Any, tmp_path: Path) -> None:
    """A folder that is not there is one line and exit code 1."""
    result = audit("q1", "--xlsx", tmp_path / "没有" / "核.xlsx")

    assert result.code == 1 and "核.xlsx：写不进去" in result.err
