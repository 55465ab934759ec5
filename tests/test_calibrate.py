"""The script that prints the curve: it moves the threshold that it says, and leaves none moved."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from assistant.service import open_service as honest
from indexes.store import Store
from tests.indexes_fixtures import WordEmbedder
from tools.matching import THRESHOLDS, Thresholds

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))  # as when the script is run
calibrate = importlib.import_module("calibrate")

REPORT = (
    "安吉县2023年履行教育职责自评报告\n\n一、经费情况\n2023年一般公共预算教育支出32100万元，比上年增长5.2%。\n"
    "\n二、工作推进\n全县推行教师县管校聘改革，实行联合督导，由两个部门共同检查。\n"
)
CASES = [
    {"id": 1, "turns": ["安吉县2023年一般公共预算教育支出是多少？"], "kind": "direct", "answerable": True,
     "answer_values": [{"value": 32100, "unit": "万元"}], "must_contain": ["32100"]},
    {"id": 2, "turns": ["安吉县2023年校车购置经费是多少？"], "kind": "unanswerable", "answerable": False,
     "answer_values": [], "must_contain": []},
]  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(Thresholds)])
def test_threshold_is_moved_for_every_reader_and_put_back(name: str) -> None:
    """Inside, whoever reads the thresholds sees the value; afterwards, also after a failure, the one in use."""
    with pytest.raises(ZeroDivisionError), calibrate.threshold(name, 0.5):
        assert {getattr(module.THRESHOLDS, name) for module in calibrate._READERS} == {0.5}
        raise ZeroDivisionError
    assert {id(module.THRESHOLDS) for module in calibrate._READERS} == {id(THRESHOLDS)}


def test_every_reader_of_thresholds_is_known() -> None:
    """A module that reads the thresholds and is not moved would make the curve a wrong one."""
    root = Path(__file__).parents[1]
    reading = {
        path.relative_to(root).with_suffix("").as_posix().replace("/", ".")
        for folder in ("tools", "assistant")
        for path in (root / folder).rglob("*.py")
        if "THRESHOLDS" in path.read_text("utf-8")
    }
    assert reading == {module.__name__ for module in calibrate._READERS}


def test_curve_shows_what_a_threshold_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As it is, both cases are right; where nothing is near enough, all is refused; the value in use is marked."""
    store_open = Store.open
    monkeypatch.setattr(Store, "open", lambda home, **_: store_open(home, embedder=WordEmbedder()))
    monkeypatch.setattr(calibrate, "open_service", honest)
    (tmp_path / "report.txt").write_text(REPORT, "utf-8")
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in CASES), "utf-8")
    used = THRESHOLDS.accept
    words = [f"{tmp_path / 'report.txt'}={cases}", "--threshold", "accept", "--at", f"{used},1.01"]
    assert calibrate.main(words) == 0
    head, now, none = capsys.readouterr().out.splitlines()

    assert "coverage" in head and f"{used:.3f}*" in now and "*" not in none
    assert now.split()[2:4] == ["1/1", "100.0%"] and none.split()[2:4] == ["0/1", "0.0%"]
    assert now.split()[-1] == none.split()[-1] == "0"
