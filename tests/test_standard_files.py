"""Files of standards are read strictly, and what they say reaches the faces and the tool unchanged."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_service import FakeService, FakeSettings
from starlette.testclient import TestClient

from assistant.faces.api import build_api
from assistant.faces.command import run
from assistant.faces.service import Opening
from corpus import rules
from corpus.errors import CatalogueError
from corpus.rules import limit_of, standards
from tools import TOOLS, BadCall
from tools.evidence import Clause

GOOD = """
id: own
name: 某标准
document: 某文号
status: confirmed
sources: [S1]
aspects:
  - name: 方面
    status: confirmed
    indicators:
      - {code: "1", name: 甲, sources: [S1], limits: [LIMIT]}
      - {code: "2", name: 乙, sources: [S1]}
"""
LIMIT = '{operator: "≥", value: 4.20, unit: 人, sources: [S1]}'
BROKEN: dict[str, tuple[str, str]] = {
    "unknown key": ("name: 某标准", "name: 某标准\ncolour: red"),
    "missing key": ("document: 某文号\n", ""),
    "duplicate code": ('code: "2"', 'code: "1"'),
    "unknown operator": ('operator: "≥"', 'operator: ">="'),
    "no number": ("value: 4.20", "value: 四"),
    "not a number": ("value: 4.20", "value: NaN"),
    "no day": ("unit: 人", "unit: 人, since: 2019"),
    "wrong day": ("unit: 人", "unit: 人, since: 2019-02-30"),
    "ends before it begins": ("unit: 人", "unit: 人, since: 2020-01-02, until: 2020-01-01"),
    "two limits at once": ("limits: [", "limits: [" + LIMIT + ", "),
    "two limits for one kind": (
        "limits: [", "limits: [" + LIMIT.replace("unit", "kinds: [小学], unit") + ", ",
    ),
    "limit of nothing": ("value: 4.20, ", ""),
    "number and quantity": ("value: 4.20", "value: 4.20, than: 上年"),
    "unknown stage": ("unit: 人", "unit: 人, stage: kindergarten"),
    "unknown source": ("sources: [S1]}]", "sources: [S99]}]"),
    "memory called confirmed": ("sources: [S1]}]", "sources: [MEM]}]"),
    "no source": ("sources: [S1]}]", "sources: []}]"),
    "unknown metric": ("name: 乙", "name: 乙, metrics: [nonsense]"),
    "unknown base": ("sources: [S1]\naspects", "sources: [S1]\nvariant_of: nowhere\nregions: [某省]\naspects"),
    "base without regions": ("sources: [S1]\naspects", "sources: [S1]\nvariant_of: own\naspects"),
    "unknown code in the pass rule": (
        "aspects", 'passing: {text: 甲, codes: ["9"], least: 1, floor: 0.85, sources: [S1]}\naspects',
    ),
    "unknown code in the dispersion": (
        "aspects", 'dispersion: {text: 甲, formula: 乙, codes: ["9"], per: indicator, limits: [], sources: [S1]}\naspects',
    ),
    "unknown code in the split": (
        "aspects", 'split: {text: 甲, codes: ["9"], primary: 1, junior: 1, senior: 1, sources: [S1]}\naspects',
    ),
    "another name": ("id: own", "id: other"),
}  # fmt: skip
KEYS = {
    "unknown key": "colour", "missing key": "document", "duplicate code": "1", "unknown operator": "operator",
    "no number": "value", "not a number": "value", "no day": "since", "wrong day": "since",
    "ends before it begins": "1.limits.0.since", "two limits at once": "1.limits", "two limits for one kind": "1.limits",
    "limit of nothing": "1.limits.value", "number and quantity": "1.limits.than", "unknown stage": "stage",
    "unknown source": "1.limits.0.sources", "memory called confirmed": "1.limits.0.status",
    "no source": "1.limits.0.status", "unknown metric": "2.metrics", "unknown base": "variant_of",
    "base without regions": "variant_of", "unknown code in the pass rule": "passing.codes",
    "unknown code in the dispersion": "dispersion.codes", "unknown code in the split": "split.codes", "another name": "id",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of standards in place of the shipped ones; the list of sources stays."""
    (tmp_path / "standards").mkdir()
    (tmp_path / "sources.yaml").write_text((rules.HERE / "sources.yaml").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(rules, "HERE", tmp_path)
    monkeypatch.setattr(rules, "standards", rules.standards.__wrapped__)
    return tmp_path / "standards"


def test_file_of_the_test_is_good(folder: Path) -> None:
    """What the cases below break is sound before, and its numbers stay as written."""
    (folder / "own.yaml").write_text(GOOD.replace("LIMIT", LIMIT), "utf-8")
    (own,) = rules.standards().values()
    assert str(own.demand("1").limits[0].value) == "4.20"


def test_example_of_the_documents_loads(folder: Path) -> None:
    """The file that docs/standards.md shows is one, and its limit changes on the day it says."""
    page = (Path(__file__).parents[1] / "docs" / "standards.md").read_text("utf-8")
    (folder / "example.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], "utf-8")
    demand = rules.standards()["example"].demand("1")
    values = [
        limit_of(demand, "primary", on=day) for day in (dt.date(2024, 12, 31), dt.date(2025, 1, 1), None)
    ]
    assert [limit and str(limit.value) for limit in values] == ["85", "90", "90"]


@pytest.mark.parametrize("slip", BROKEN)
def test_slip_is_told_with_file_and_key(folder: Path, slip: str) -> None:
    """Each kind of slip stops the program with one line that names file and key."""
    text = GOOD.replace("LIMIT", LIMIT)
    before, after = BROKEN[slip]
    assert before in text
    (folder / "own.yaml").write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(CatalogueError) as raised:
        rules.standards()
    said = str(raised.value)
    assert said.startswith("own.yaml:") and "\n" not in said
    assert KEYS[slip] in said.split(":")[1]


def test_variant_of_a_variant_is_refused(folder: Path) -> None:
    """A variant overrides a national standard, not another variant."""
    text = GOOD.replace("LIMIT", LIMIT)
    for name, base in (("own", ""), ("one", "own"), ("two", "one")):
        head = f"variant_of: {base}\nregions: [某省]\naspects" if base else "aspects"
        (folder / f"{name}.yaml").write_text(
            text.replace("id: own", f"id: {name}").replace("aspects", head, 1), "utf-8"
        )
    with pytest.raises(CatalogueError, match=r"two\.yaml:variant_of"):
        rules.standards()


# Faces


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(arguments, configure=lambda *_: FakeSettings(), open_service=lambda _: FakeService())
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_command_lists_the_standards(capsys: pytest.CaptureFixture[str]) -> None:
    """Without an id one line a standard."""
    code, out, err = said(capsys, "standards")
    assert (code, err) == (0, "")
    assert [line.split("\t")[0] for line in out.splitlines()] == list(standards())


@pytest.mark.parametrize("id", sorted(standards()))
def test_command_shows_each_indicator_with_its_limits(capsys: pytest.CaptureFixture[str], id: str) -> None:
    """One line an indicator, with every operator and bound; what is unconfirmed is marked on its line."""
    code, out, _ = said(capsys, "standards", id)
    assert code == 0
    for demand in standards()[id].demands:
        (line,) = [line for line in out.splitlines() if line.startswith(f"  {demand.code} ")]
        for limit in demand.limits:
            bound = limit.than if limit.value is None else str(limit.value)
            assert limit.operator in line and bound in line
        marked = demand.status == "unconfirmed" or any(one.status == "unconfirmed" for one in demand.limits)
        assert ("(未核实)" in line) == marked


def test_unknown_standard_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown id fails with one line that names those there are."""
    code, out, err = said(capsys, "standards", "nonsense", "--json")
    assert (code, out) == (1, "")
    assert "nonsense" in err and "youzhi_junheng" in err and err.count("\n") == 1


def test_json_says_all_with_numbers_as_strings(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON holds every indicator and limit, numbers as written, days as ISO dates, sources resolved."""
    code, out, _ = said(capsys, "standards", "youzhi_junheng", "--json")
    own = json.loads(out, parse_float=pytest.fail)
    assert (code, own["since"], own["dates"]) == (0, "2017-04-19", "unconfirmed")
    limits = {
        (d["code"], x["stage"]): x for a in own["aspects"] for d in a["indicators"] for x in d["limits"]
    }
    assert (limits["1.1", "primary"]["operator"], limits["1.1", "primary"]["value"]) == ("≥", "4.2")
    assert [limit["value"] for limit in own["dispersion"]["limits"]] == ["0.50", "0.45"]
    assert own["dispersion"]["formula_status"] == "unconfirmed"
    assert {"S1", "S24"} <= {reference["id"] for reference in own["references"]}
    listed = json.loads(said(capsys, "standards", "--json")[1])
    assert [one["id"] for one in listed] == list(standards())


def test_api_gives_what_the_command_gives(capsys: pytest.CaptureFixture[str]) -> None:
    """The calls give the same objects without waiting for the store; an unknown id is 404 in the error shape."""
    with TestClient(build_api(Opening(FakeService), FakeSettings())) as client:
        one = client.get("/api/v1/standards/xueqian_henan").json()
        listed = client.get("/api/v1/standards").json()["standards"]
        lost = client.get("/api/v1/standards/nonsense")
    assert one == json.loads(said(capsys, "standards", "xueqian_henan", "--json")[1])
    assert [each["id"] for each in listed] == list(standards()) and one in listed
    assert lost.status_code == 404
    assert lost.json()["error"]["code"] == "not_found" and set(lost.json()["error"]) == {
        "code",
        "message",
        "hint",
    }


def test_clause_of_one_indicator_can_be_quoted() -> None:
    """The tool gives one indicator's demand and limits under its own code; an unknown code is told."""
    describe = TOOLS["describe_standard"].run
    nothing = SimpleNamespace()
    found, passing, dispersion = describe(nothing, standard="youzhi_junheng", code="1.4")
    assert isinstance(found.item, Clause)
    assert (found.item.standard, found.item.code, found.item.source) == (
        "youzhi_junheng",
        "1.4",
        "教督〔2017〕6号",
    )
    assert "小学 ≥ 4.5平方米" in found.text and "初中 ≥ 5.8平方米" in found.text
    assert "至少6项" in passing.text and "85%" in passing.text
    assert "小学 ≤ 0.50" in dispersion.text and "初中 ≤ 0.45" in dispersion.text
    assert isinstance(dispersion.item, Clause) and dispersion.item.code == "1.4"
    (basic,) = describe(nothing, standard="jiben_junheng", code="1")[1:]
    assert "0.65" in basic.text and "0.50" not in basic.text and "(未核实)" in basic.text
    (merged,) = describe(nothing, standard="xueqian_henan", code="5")
    assert isinstance(merged.item, Clause)
    assert "≥ 1:15" in merged.text and merged.item.source == "教督〔2020〕1号"
    (dated_one,) = describe(nothing, standard="daban_e", code="2")
    assert "2018-12-31起" in dated_one.text
    with pytest.raises(BadCall, match=r"9\.9"):
        describe(nothing, standard="youzhi_junheng", code="9.9")
