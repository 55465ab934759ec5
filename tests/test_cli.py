"""The command line over a fake service: what is printed where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_service import NEW, TEXT, FakeService, FakeSettings

import app
from assistant.faces.command import run
from corpus import readers


@dataclass
class Result:
    code: int
    out: str
    err: str
    service: FakeService
    settings: FakeSettings | None

    def json(self) -> Any:
        return json.loads(self.out)


Junheng = Callable[..., Result]


@pytest.fixture
def junheng(capsys: pytest.CaptureFixture[str]) -> Junheng:
    """Run one command line against a fresh fake service."""

    def call(*arguments: str | Path) -> Result:
        service, seen = FakeService(), list[FakeSettings]()

        def configure(home: Path | None, empty: bool) -> FakeSettings:
            seen.append(FakeSettings(home, empty))
            return seen[-1]

        code = run([str(word) for word in arguments], configure=configure, open_service=lambda _: service)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err, service, seen[0] if seen else None)

    return call


def test_ask_prints_answer_sources_and_calculation(junheng: Junheng) -> None:
    """``ask`` prints the text, numbered sources with title, section and quote, and the steps."""
    result = junheng("ask", "青石区2022年教育支出比上年增长多少？")

    assert result.code == 0
    assert "5.01%" in result.out.splitlines()[0]
    assert f"[1] 青石区2022年教育自评报告 · 一、经费保障：{NEW}" in result.out
    assert "(4200.50 − 4000.00) ÷ 4000.00 × 100% = 5.01%" in result.out
    assert result.err == ""
    assert result.service.closed


def test_ask_json_is_the_answer(junheng: Junheng) -> None:
    """``ask --json`` prints the Answer object with Chinese as it is, and nothing else."""
    result = junheng("ask", "增长多少？", "--json")
    answer = result.json()

    assert answer["status"] == "answered"
    assert answer["calculations"][0]["result"] == {"value": "5.01", "unit": "%"}
    assert answer["citations"][0]["quote"] == NEW
    assert "青石区" in result.out
    assert all(answer["text"][f["start"] : f["end"]] == f["text"] for f in answer["figures"])


def test_refusal_is_an_answer(junheng: Junheng) -> None:
    """A refusal exits with 0 and says its reason in words."""
    result = junheng("ask", "没有的指标")

    assert result.code == 0
    assert result.out.startswith("[无法回答：资料中没有写到]")


def test_thread_is_passed_on(junheng: Junheng) -> None:
    """``--thread`` continues a conversation, and what was carried over is shown."""
    result = junheng("ask", "增长多少？", "--thread", "abc")

    assert result.service.asked == [("增长多少？", "abc")]
    assert "沿用上文：青石区（地区）、2022年（时间）" in result.out
    assert "注意：" in result.out


@pytest.mark.parametrize(
    "line",
    [
        ("--home", "H", "--empty", "reports"),
        ("reports", "--home", "H", "--empty"),
        ("reports", "--home=H", "--empty"),
    ],
)
def test_global_options_stand_before_or_after_the_command(junheng: Junheng, line: tuple[str, ...]) -> None:
    """--home and --empty mean the same in front of the command and behind it."""
    result = junheng(*line)

    assert result.code == 0
    assert result.settings == FakeSettings(Path("H"), True)


def test_words_after_a_double_dash_are_left_alone(junheng: Junheng) -> None:
    """A question that looks like a global option can be asked after ``--``."""
    result = junheng("ask", "--", "--empty")

    assert result.service.asked == [("--empty", None)]
    assert result.settings == FakeSettings(None, False)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("ask",), "缺少 参数“问题”"),
        (("ask", "a", "b"), "多出了参数"),
        (("ask", "  "), "问题是空的"),
        (("ask", "x", "--bogus"), "没有 --bogus 这个选项"),
        (("bogus",), "没有 bogus 这个命令"),
        (("serve", "--port", "x"), "应为整数"),
        (("serve", "--port", "70000"), "不能大于 65535"),
        (("--home",), "--home 后面缺少值"),
        (("ingest", "x.txt", "--year", "22"), "选项 --year 的值不对，不能小于 1949"),
    ],
)
def test_wrong_command_line_is_one_chinese_line(junheng: Junheng, line: tuple[str, ...], said: str) -> None:
    """A wrong command line exits with 2 after one Chinese line on stderr; nothing is opened."""
    result = junheng(*line)

    assert result.code == 2
    assert said in result.err
    assert result.err.count("\n") == 1
    assert result.out == ""
    assert result.service.asked == []


@pytest.mark.parametrize(
    "command", ["", "serve", "ingest", "ask", "eval", "facts", "reports", "remove", "doctor"]
)
def test_help_is_chinese(junheng: Junheng, command: str) -> None:
    """Every command's help has Chinese headings and no English ones."""
    result = junheng(*command.split(), "--help")

    assert result.code == 0
    assert result.out.startswith("用法：")
    assert "选项：" in result.out
    assert not any(word in result.out for word in ("Usage", "Options", "Arguments", "Commands", "Show"))


@pytest.mark.parametrize(
    ("question", "said"), [("坏", "资料库暂时不能用"), ("崩", "程序内部出错（RuntimeError")]
)
def test_failure_is_one_line_without_traceback(junheng: Junheng, question: str, said: str) -> None:
    """Known and unknown failures alike exit with 1 after one line; the service is still closed."""
    result = junheng("ask", question)

    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert said in result.err
    assert result.service.closed


def test_debug_shows_the_traceback(junheng: Junheng) -> None:
    """``--debug`` shows where it failed."""
    result = junheng("ask", "崩", "--debug")

    assert result.code == 1
    assert "Traceback" in result.err


def cases_file(folder: Path, *cases: object) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n\n".join(json.dumps(case, ensure_ascii=False) for case in cases), encoding="utf-8")
    return path


def test_eval_answers_each_case_in_its_own_conversation(junheng: Junheng, tmp_path: Path) -> None:
    """Turns of a case share a conversation, cases do not; the last turn's answer is printed, in order."""
    path = cases_file(
        tmp_path,
        {"id": "b", "turns": ["青石区支出？", "比上年呢？"]},
        {"id": 1, "turns": ["没有的"], "note": "x"},
    )
    result = junheng("eval", path, "--json")
    lines = [json.loads(line) for line in result.out.splitlines()]

    assert result.code == 0
    assert [line["id"] for line in lines] == ["b", 1]
    assert [line["answer"]["status"] for line in lines] == ["answered", "refused"]
    assert result.service.asked == [("青石区支出？", None), ("比上年呢？", "t1"), ("没有的", None)]


def test_eval_goes_on_after_a_case_that_crashes(junheng: Junheng, tmp_path: Path) -> None:
    """A case that fails has a null answer and a reason, the others are answered, the exit code is 1."""
    path = cases_file(tmp_path, {"id": "x", "turns": ["崩"]}, {"id": "y", "turns": ["支出？"]})
    result = junheng("eval", path, "--json")
    first, second = map(json.loads, result.out.splitlines())

    assert result.code == 1
    assert first["answer"] is None
    assert "RuntimeError" in first["error"]
    assert second["answer"]["status"] == "answered"


def test_eval_counts_by_status(junheng: Junheng, tmp_path: Path) -> None:
    """Without --json a table of counts is printed."""
    path = cases_file(
        tmp_path, *({"id": n, "turns": [text]} for n, text in enumerate(("支出？", "增长？", "没有", "哪个")))
    )
    result = junheng("eval", path)

    assert result.out.splitlines() == [
        "已回答\t2", "无法回答：资料中没有写到\t1", "需要补充说明：问题有多种理解\t1", "合计\t4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "bad", ["{", '{"turns": ["x"]}', '{"id": 1, "turns": []}', '{"id": 1, "turns": [2]}', "[]"]
)
def test_eval_names_a_malformed_line_and_asks_nothing(junheng: Junheng, tmp_path: Path, bad: str) -> None:
    """A line that is no case stops the run before anything is asked, and is named by its number."""
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": 1, "turns": ["支出？"]}\n' + bad, encoding="utf-8")
    result = junheng("eval", path, "--json")

    assert result.code == 1
    assert "第 2 行" in result.err
    assert result.service.asked == []


def test_facts_json_quotes_the_stored_text(junheng: Junheng) -> None:
    """``facts ID --json`` gives that report's facts, each quoting its span of the stored text."""
    result = junheng("facts", "r1", "--json")
    facts = result.json()

    assert [fact["value"] for fact in facts] == ["4200.50", "4000.00"]
    assert all(TEXT[fact["start"] : fact["end"]] == fact["quote"] for fact in facts)
    assert facts[0]["sentence"] == NEW
    assert {"report_id", "region", "subject", "metric", "metric_id", "stage", "unit", "period", "qualifier",
            "kind", "section"} <= facts[0].keys()  # fmt: skip


def test_facts_of_a_path_are_read_without_storing(junheng: Junheng, tmp_path: Path) -> None:
    """``facts PATH --json`` reads a file that is not stored and quotes its text."""
    path = tmp_path / "报告.txt"
    path.write_text(TEXT, encoding="utf-8")
    result = junheng("facts", path, "--json")
    (fact,) = result.json()

    assert result.service.ingested == []
    assert readers.read(path).text[fact["start"] : fact["end"]] == fact["quote"] == "4200.50万元"


@pytest.mark.parametrize("line", [("facts", "nope"), ("remove", "nope")])
def test_unknown_report_is_said(junheng: Junheng, line: tuple[str, ...]) -> None:
    """An unknown report is a failure with a hint at the list of reports."""
    result = junheng(*line)

    assert result.code == 1
    assert "junheng reports" in result.err


def test_reports_json_lists_hash_and_facts(junheng: Junheng) -> None:
    """``reports --json`` gives what is needed to check quotes elsewhere."""
    first, second = junheng("reports", "--json").json()

    assert (first["id"], first["region"], first["year"], first["published"]) == (
        "r1",
        "青石区",
        2022,
        "2023-03-01",
    )
    assert first["chars"] == len(TEXT)
    assert len(first["text_sha256"]) == 64
    assert (first["facts"], second["facts"]) == (2, 1)


def test_remove_takes_a_report_out(junheng: Junheng) -> None:
    """``remove`` takes the report out and says so."""
    result = junheng("remove", "r2")

    assert result.code == 0
    assert [report.id for report in result.service.stored] == ["r1"]


def test_ingest_reads_folders_and_fails_if_one_file_fails(junheng: Junheng, tmp_path: Path) -> None:
    """Folders are read recursively, every file has a line, and one failure makes the exit code 1."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_text("甲县报告", encoding="utf-8")
    (tmp_path / "b.html").write_bytes(b"\0")
    (tmp_path / "c.exe").write_bytes(b"MZ")
    result = junheng("ingest", tmp_path)

    assert result.code == 1
    assert {path.name for path in result.service.ingested} == {"a.txt", "b.html"}
    assert "已导入" in result.out and "a.txt" in result.out
    assert "未导入" in result.err and "b.html" in result.err


def test_ingest_of_good_files_is_quiet_success(junheng: Junheng, tmp_path: Path) -> None:
    """When every file could be read the exit code is 0."""
    (tmp_path / "a.txt").write_text("甲县报告", encoding="utf-8")
    result = junheng("ingest", tmp_path / "a.txt", "--region", "甲县", "--year", "2023")

    assert result.code == 0
    assert result.service.uploads == [False]  # the path counts, not the name alone


def test_doctor_names_states_in_chinese(junheng: Junheng) -> None:
    """``doctor`` prints item, state and detail."""
    assert "语言模型\t未启用\t没有设置" in junheng("doctor").out


def test_serving_beyond_loopback_needs_keys(junheng: Junheng) -> None:
    """Without access keys a server on every interface refuses to start, with one line."""
    result = junheng("serve", "--host", "0.0.0.0")

    assert result.code == 1
    assert "JUNHENG_API_KEYS" in result.err
    assert result.err.count("\n") == 1


def test_port_in_use_is_said(junheng: Junheng) -> None:
    """A port that another server has is one clear line."""
    from assistant.faces.serve import bind

    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        result = junheng("serve", "--port", str(port))

    assert result.code == 1
    assert f"127.0.0.1:{port}" in result.err
    assert "占用" in result.err


def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """--home and --empty go on top of what the environment says; without them it stays."""
    monkeypatch.setenv("JUNHENG_HOME", str(tmp_path / "env"))
    given, plain = app.configure(tmp_path / "given", True), app.configure(None, False)

    assert (given.home, given.empty) == (tmp_path / "given", True)
    assert (plain.home, plain.empty) == (tmp_path / "env", False)


def test_reader_that_stops_early_is_no_error() -> None:
    """``junheng facts --json | head`` ends quietly: no traceback, no message."""
    script = (
        "import sys\n"
        "from assistant.faces.command import run\n"
        "from tests.fake_service import FakeService, FakeSettings, fact\n"
        "service = FakeService()\n"
        "service.kept = [fact('4200.50', '2022')] * 3000\n"  # more than a pipe holds
        "sys.exit(run(['facts', '--json'], configure=FakeSettings, open_service=lambda _: service))\n"
    )
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None and child.stderr is not None
        child.stdout.read(10)
        child.stdout.close()
        said = child.stderr.read()

    assert (child.returncode, said) == (0, b"")
