"""``junheng audit``: what it prints, streams, passes over and refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import audit_fixtures
import pytest
from fake_service import FakeService
from test_cli import Junheng, Result, junheng

import assistant.faces.command as command
from assistant.faces import printing
from assistant.faces.command import run
from tools.audit.shape import findings_json

__all__ = ["junheng"]

WRONG = "青田镇2023年教育支出为4200.50万元，比2022年的4000.00万元增长6.01%。\n"
RIGHT = WRONG.replace("6.01", "5.01")
TEXTS = {one.id: one for one in (audit_fixtures.report(), audit_fixtures.other())}


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run ``junheng audit`` over a service that holds the invented report."""

    def call(*arguments: str | Path) -> Result:
        service = FakeService()
        service.stored = [audit_fixtures.report(), audit_fixtures.other()]
        service.found["q1"] = audit_fixtures.findings()
        words = ["audit", *map(str, arguments)]
        code = run(words, configure=lambda home, empty: None, open_service=lambda _: service)  # type: ignore[arg-type, return-value]
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err, service, None)

    return call


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"报告\n{text}", encoding="utf-8")
    return path


def test_what_wants_attention_comes_first_in_a_line_each(audit: Any) -> None:
    """✗, then ?, then hints, each with section, quote and explanation; of the rest there are counts."""
    result = audit("q1")
    lines = [line.strip() for line in result.out.splitlines()]

    assert result.code == 0
    assert lines[0] == "青禾县2023年教育督导自评报告"
    assert [line[0] for line in lines[1:]] == ["✗", "✗", "✗", "?", "?", "※", "≈"]
    assert "〔二、办学情况〕「没有一名学生辍学」：「没有一名学生辍学」与99.8%不能同时成立" in lines[3]
    assert lines[-1].startswith("≈ 舍入差异 1 处，✓ 一致 1 处")
    assert "✗ 不一致 3 处" in result.err and result.err.count("\n") == 1
    assert result.service.closed


def test_all_lists_every_finding(audit: Any) -> None:
    """``--all`` gives a line to each finding, the consistent ones included."""
    shown = [line.strip()[0] for line in audit("q1", "--all").out.splitlines()[1:]]

    assert sorted(shown) == sorted("✗✗✗??※≈✓")


def test_json_is_the_array_that_dumps_would_write(audit: Any) -> None:
    """``--json`` streams, and gives exactly the findings of the contract's shape, indented as facts are."""
    expected = findings_json(audit_fixtures.findings(), TEXTS)
    result = audit("q1", "--json")

    assert result.out == json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
    for one in result.json():
        text = TEXTS[one["report_id"]].text
        assert text[one["claim"]["start"] : one["claim"]["end"]] == one["claim"]["quote"]
        for citation in one["evidence"]:
            cited = TEXTS[citation["report_id"]].text
            assert cited[citation["start"] : citation["end"]] == citation["quote"]
    assert {one["report_id"] for one in result.json()[0]["evidence"]} == {"q1", "q2"}


@pytest.mark.parametrize("items", [[], [1], [{"a": ["x\ny", {}]}, "[", []], [[], [[1, 2]]]])
def test_streamed_array_equals_dumps(items: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the items are, the stream is character for character what ``json.dumps`` writes."""
    printing.show_array(iter(items))

    assert capsys.readouterr().out == json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def test_array_is_printed_as_it_comes(capsys: pytest.CaptureFixture[str]) -> None:
    """At most one item is held back, so memory does not grow with a batch."""
    seen: list[str] = []

    def items() -> Iterator[int]:
        for number in range(4):
            seen.append(capsys.readouterr().out)
            yield number

    printing.show_array(items())

    assert seen == ["", "[\n", " 0,\n", " 1,\n"]


def test_without_an_argument_all_reports_and_no_tables(audit: Any, junheng: Junheng) -> None:
    """All stored reports are audited; a report without findings says so."""
    result = audit()

    assert result.code == 0
    assert "青禾县教育经费公告" in result.out
    assert "没有找到可以复算的数" in result.out
    assert "核了 2 份报告" in result.err


def test_file_is_read_and_not_stored(audit: Any, tmp_path: Path) -> None:
    """A path is recomputed from its own text: the wrong growth is found, the right one is consistent."""
    wrong = audit(file(tmp_path, "甲.txt", WRONG), "--json")
    right = audit(file(tmp_path, "乙.txt", RIGHT), "--json")

    [growth] = [one for one in wrong.json() if one["kind"] == "growth"]
    assert (growth["verdict"], growth["stated"]["value"], growth["recomputed"]["value"]) == (
        "inconsistent", "6.01", "5.01",
    )  # fmt: skip
    assert {one["verdict"] for one in right.json()} == {"consistent"}
    assert wrong.service.ingested == []


def test_broken_file_costs_the_others_nothing(audit: Any, tmp_path: Path) -> None:
    """In a folder each broken file is one Chinese line on stderr, tables are passed over, the exit code is 1."""
    file(tmp_path, "甲.txt", WRONG)
    (tmp_path / "坏.txt").write_bytes(b"\0\0\1")
    file(tmp_path, "乙.txt", RIGHT)
    (tmp_path / "表.csv").write_text("学校名称,办学类型,小学学生数\n", encoding="utf-8")
    result = audit(tmp_path, "--json")

    assert result.code == 1
    assert [one["verdict"] for one in result.json() if one["kind"] == "growth"] == [
        "consistent",
        "inconsistent",
    ]
    said = result.err.rpartition("\r")[2].splitlines()
    assert sum("坏.txt" in line for line in said) == 1
    assert "学校数据表 1 份" in result.err and "失败 1 份" in said[-1]
    assert "Traceback" not in result.err


def test_program_error_in_one_report_is_one_line(
    audit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a bug in a check costs only the report that it met."""
    good, bad = file(tmp_path, "甲.txt", WRONG), file(tmp_path, "乙.txt", RIGHT)
    whole = FakeService.audit_file

    def breaking(self: FakeService, path: Path) -> Any:
        if path == bad:
            raise ZeroDivisionError
        return whole(self, path)

    monkeypatch.setattr(FakeService, "audit_file", breaking)
    result = audit(bad, good, "--json")

    assert result.code == 1
    assert "乙.txt：核数时程序出错（ZeroDivisionError）" in result.err
    assert [one["kind"] for one in result.json()] == ["growth"]


def test_unknown_name_and_school_table_are_told(audit: Any, tmp_path: Path) -> None:
    """What is neither report nor file fails with what to do; so does a school table, which has no prose."""
    table = tmp_path / "表.csv"
    table.write_text("学校名称,办学类型,小学学生数\n", encoding="utf-8")
    lost, prose = audit("没有"), audit(table)

    assert lost.code == prose.code == 1
    assert "没有编号为 没有 的报告" in lost.err and "junheng reports" in lost.err
    assert "junheng check" in prose.err
    assert audit("没有", "--json").out == "[]\n"


def test_stored_school_table_is_passed_over_and_refused_by_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Among all reports a table is left out with a word; asked for by its id it is an error in one line."""
    import board_fixtures

    table = board_fixtures.stored(board_fixtures.table())

    def call(*words: str) -> tuple[int, str, str]:
        service = FakeService()
        service.stored = [audit_fixtures.report(), table]
        code = command.run(["audit", *words], configure=lambda *_: None, open_service=lambda _: service)  # type: ignore[arg-type, return-value]
        return code, *capsys.readouterr()

    code, _, said = call()
    refused, out, why = call(table.id, "--json")

    assert code == 0 and "学校数据表 1 份没有正文" in said
    assert (refused, out) == (1, "[]\n")
    assert "是学校数据表，没有正文可核" in why
