"""Compliance of a county from a school table: every bound from both sides, and what must not change a verdict."""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from compliance_tables import NUMBERS, ample, csv_of, differences, table_of
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.faces.command import run
from corpus.schools.read import read_table
from tools.compliance import display
from tools.compliance.check import CheckError, check_table
from tools.compliance.dispersion import spread
from tools.compliance.shape import check_json

some = settings(deadline=None, max_examples=60)
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "compliance.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    """A table of the given rows is judged as an expert says."""
    found = check_json(check_table(table_of([ample(row) for row in case["rows"]])))

    assert case["expect"] == {key: looked_up(found, key, want) for key, want in case["expect"].items()}


@pytest.mark.parametrize(
    ("year", "early", "loose"),
    [("2016", True, 0), ("2017", False, 0), ("2018", False, 0), ("2019", False, 5), ("2022", False, 5), ("2023", False, 0), (None, False, 0)],
)  # fmt: skip
def test_year_is_remarked_and_changes_no_number(year: str | None, early: bool, loose: int) -> None:
    """A standard that is not in force yet, and relaxations of a year, are told; they change no verdict."""
    table = table_of([ample({"row": "a"})])
    found, plain = check_table(table, year=year), check_table(table)
    assert any("尚未施行" in note for note in found.notes) is early
    assert sum("放宽规定" in note for note in found.notes) == loose
    assert replace(found, year=None, notes=()) == replace(plain, notes=())


def looked_up(check: dict[str, Any], key: str, want: Any) -> Any:
    """Return what ``check`` says under a key of the case file, reduced to the fields that ``want`` asks for."""
    what, *rest = key.split()
    if key == "units":
        return [[unit["row"], unit["stage"]] for unit in check["schools"]]
    if key == "excluded":
        return [[item["row"], item["stage"]] for item in check["summary"]["excluded"]]
    if key == "borderline":
        return [[edge["row"], edge["stage"], edge["code"], edge["rule"]] for edge in check["borderline"]]
    if what == "cv":
        return fields(only(check["dispersion"], stage=rest[0], code=rest[1]), want)
    if what == "county":
        return fields(only(check["county"], code=rest[0], stage=rest[1] if rest[1:] else "county"), want)
    unit = only(check["schools"], row=int(what), stage=rest[0])
    return fields(only(unit["verdicts"], code=rest[1]) if rest[1:] else unit, want)


def only(items: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    (item,) = [item for item in items if all(item[key] == value for key, value in wanted.items())]
    return item


def fields(item: dict[str, Any], want: dict[str, Any]) -> dict[str, Any]:
    return {name: FIELDS.get(name, lambda item, name=name: item[name])(item) for name in want}


def shown(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda item: item[name]["value"] if item[name] else None


FIELDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "value": shown("observed"),
    "gap": shown("gap"),
    "threshold": shown("threshold"),
    "exact": lambda item: item["observed"]["exact"] if "observed" in item else item["exact"]["cv"],
    "shares": lambda item: [part["share"] for part in item["contributions"]],
    "order": lambda item: [part["row"] for part in item["contributions"]],
    "missing": lambda item: [school["row"] for school in item["missing"]],
    "parts": lambda item: [part["status"] for part in item["parts"]],
    "failing": lambda item: [
        [one["row"], one["part"], one["observed"]["value"], one["threshold"]["value"], one["gap"]["value"]]
        for one in item["failing"]
    ],
}


def truths() -> list[Path]:
    folder = Path(__file__).parents[1] / ".." / "shared" / "schools"
    return sorted(folder.resolve().glob("**/*.truth.json"))


def test_truth_files(shared: Path) -> None:
    """Every table with a truth file is read and judged exactly as the file says, in every field."""
    wrong: list[str] = []
    for path in truths():
        truth = json.loads(path.read_text("utf-8"))
        if truth.pop("expect") != "ok":
            continue
        file = path.parent / truth.pop("file")
        flags = dict(zip(truth["args"][::2], truth.pop("args")[1::2], strict=True))
        truth.pop("exit_code")
        problems = truth.pop("problems")
        check = check_table(read_table(file), region=flags.get("--region"), year=flags.get("--year"))
        found = check_json(check)
        wrong += [f"{file.name}{line}" for line in differences(truth, found)]
        wrong += [
            f"{file.name}: no problem names {problem['must_name']}"
            for problem in problems
            if problem.get("must") and not any(
                all(name in one["why"] for name in problem["must_name"]) for one in found["problems"]
            )
        ]  # fmt: skip

    assert truths()
    assert wrong == []


KINDS = ("小学", "初级中学", "九年一贯制学校", "十二年一贯制学校", "完全中学")
_small = st.integers(0, 400)


@st.composite
def tables(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> list[dict[str, Any]]:
    """Return rows with numbers around the bounds, some of them blank."""
    rows = []
    for index in range(draw(st.integers(1, 6))):
        row: dict[str, Any] = {"name": f"学校{index + 1}", "kind": draw(st.sampled_from(kinds))}
        dice = random.Random(draw(st.integers(0, 10**6)))
        for key in NUMBERS:
            if dice.random() < 0.04:
                continue
            row[key] = dice.randint(0, 90 if "teachers" in key or "rooms" in key else 4000)
            if key in ("teaching_area", "sports_area", "equipment_value"):
                row[key] = Decimal(dice.randint(0, 10**6)) / 100
        rows.append(row)
    return rows


def essence(check: dict[str, Any]) -> dict[str, Any]:
    """Return what a check decides, without rows and cells and in no order."""
    schools = {
        (unit["school"], unit["stage"]): [unit["compliant"], unit["floor_ok"]]
        + [[v["status"], v["observed"], v["gap"]] for v in unit["verdicts"]]
        for unit in check["schools"]
    }
    dispersion = [
        [item[name] for name in ("stage", "code", "n", "mean", "std", "cv", "exact", "status")]
        + [sorted((part["share"], part["school"]) for part in item["contributions"])]
        for item in check["dispersion"]
    ]
    county = [[v["code"], v["stage"], v["status"], v["observed"], v["gap"]] for v in check["county"]]
    return {"schools": schools, "dispersion": dispersion, "county": county}


def judged(rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return essence(check_json(check_table(table_of(rows, **more))))


@some
@given(tables(), st.randoms(use_true_random=False))
def test_order_of_schools_changes_nothing(rows: list[dict[str, Any]], dice: random.Random) -> None:
    """Permuting the rows permutes the answer."""
    other = dice.sample(rows, len(rows))

    assert judged(other) == judged(rows)


@some
@given(tables(), st.integers(0, 6))
def test_a_table_split_in_two_is_the_same_table(rows: list[dict[str, Any]], at: int) -> None:
    """Each half judges its schools as the whole does, and both halves together give the whole's dispersion."""
    first, second = table_of(rows[:at]), table_of(rows[at:])
    together = replace(first, schools=first.schools + second.schools)
    whole = judged(rows)

    assert essence(check_json(check_table(together))) == whole
    halves = judged(rows[:at])["schools"] | judged(rows[at:])["schools"]
    assert halves == whole["schools"]


@some
@given(tables())
def test_unit_of_the_header_changes_nothing(rows: list[dict[str, Any]]) -> None:
    """The same equipment in 元 instead of 万元."""
    in_yuan = [
        {**row, "equipment_value": row["equipment_value"] * 10000} if "equipment_value" in row else row
        for row in rows
    ]

    assert judged(in_yuan, unit="元") == judged(rows)


@some
@given(tables(), st.integers(2, 50))
def test_scale_changes_nothing(rows: list[dict[str, Any]], factor: int) -> None:
    """Schools that are all k times as large, students and resources, are as good and as equal as before."""
    larger = [{k: v if k in ("name", "kind") else v * factor for k, v in row.items()} for row in rows]
    before, after = judged(rows), judged(larger)

    assert after["schools"] == before["schools"]
    assert after["dispersion"] == before["dispersion"]


@some
@given(tables(("小学",)))
def test_a_school_of_average_value_contributes_nothing(rows: list[dict[str, Any]]) -> None:
    """It leaves the mean as it is and has no part in the sum of squares."""
    rows = [
        {
            "name": row["name"],
            "students.primary": row.get("students.primary") or 7,
            "sports_area": row.get("sports_area", 3),
        }
        for row in rows
    ]
    everyone = {key: sum(row[key] for row in rows) for key in ("students.primary", "sports_area")}
    before = only(check_json(check_table(table_of(rows)))["dispersion"], stage="primary", code="1.5")
    after = only(
        check_json(check_table(table_of([*rows, {**everyone, "name": "平均"}])))["dispersion"],
        stage="primary",
        code="1.5",
    )

    assert after["exact"]["mean"] == before["exact"]["mean"]
    assert only(after["contributions"], school="平均")["share"] == "0.0000"
    assert [p for p in after["contributions"] if p["school"] != "平均"] == before["contributions"]


@some
@given(tables())
def test_values_are_those_of_the_definition(rows: list[dict[str, Any]]) -> None:
    """Means and coefficients of variation, recomputed in decimals from the verdicts, agree to nine digits."""
    check = check_table(table_of(rows))
    for item in check.dispersion:
        units = [u for u in check.units if u.stage == item.stage and u.verdict(item.code).observed]
        pairs = [(u.verdict(item.code).observed.exact, u.students) for u in units]  # type: ignore[union-attr]
        if not pairs or not item.mean:
            assert item.cv is None
            continue
        weights = [Decimal(p.numerator) for _, p in pairs if p is not None]
        values = [Decimal(x.numerator) / Decimal(x.denominator) for x, _ in pairs]
        mean = sum(x * p for x, p in zip(values, weights, strict=True)) / sum(weights)
        variance = sum(p * (x - mean) ** 2 for x, p in zip(values, weights, strict=True)) / sum(weights)

        assert abs(float(mean) - float(item.mean.exact)) <= 1e-9 * float(mean)
        assert item.std == f"{variance.sqrt():.4f}"
        assert (item.cv is None) == (mean == 0)
        if item.cv_exact is not None:
            assert abs(Decimal(item.cv_exact) - variance.sqrt() / mean) < Decimal("1e-11")


@some
@given(st.fractions(0, 10**6), st.integers(0, 12))
def test_roots_and_rounding_are_exact(value: Fraction, places: int) -> None:
    """A rounded number is within half a unit of the last place, and the upper half rounds up."""
    half = Fraction(1, 2 * 10**places)
    rounded, root = display.half_up(value, places), display.root_half_up(value, places)

    assert rounded - half <= value < rounded + half
    assert max(root - half, Fraction(0)) ** 2 <= value < (root + half) ** 2


def test_worked_example_is_weighted_by_students() -> None:
    """The published example of the method: 0.515; 0.489 would be the deviation without weights, which is not it."""
    students = [Fraction(n) for n in (45, 37, 89, 76, 55)]
    stock = [Fraction(n) for n in (279, 137, 935, 160, 402)]
    values = [x / p for x, p in zip(stock, students, strict=True)]
    found = spread(values, students)

    assert found and found.squared_cv
    assert display.printed_root(found.squared_cv, 3) == "0.515"
    unweighted = statistics.pstdev(map(float, values)) / statistics.fmean(map(float, values))
    assert f"{unweighted:.3f}" == "0.489"


def test_standard_that_no_table_decides() -> None:
    """A standard without rules for schools, or one that does not exist, is refused with its id."""
    with pytest.raises(CheckError, match="nothing_such"):
        check_table(table_of([ample({})]), standard_id="nothing_such")


def junheng(*words: str | Path) -> int:
    """Run one command line that has no business in a store."""

    def no_store(_: Any) -> Any:
        raise AssertionError("a table at a path is checked without opening a store")

    return run([str(word) for word in words], configure=lambda home, empty: None, open_service=no_store)  # type: ignore[arg-type, return-value]


def test_check_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """stdout is the check alone, stderr names what to look at, and the flags are given back."""
    file = tmp_path / "学校.csv"
    file.write_text(
        csv_of([ample({"sports_area": "约600"}), ample({"backbone_teachers.primary": 1})]), "utf-8"
    )

    assert junheng("check", file, "--json", "--region", "青石县", "--year", "2023") == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["region"], found["year"], found["standard"]) == ("青石县", "2023", "youzhi_junheng")
    assert "约600" in err and "体育运动场馆面积" in err
    assert only(found["schools"][0]["verdicts"], code="1.5")["status"] == "no_data"

    assert junheng("check", file) == 0
    text = capsys.readouterr().out
    assert "学校2（小学，第3行）：7项中6项达到" in text
    assert "1.2 每百名学生拥有县级以上骨干教师数 0.10人，要求≥1人，差0.90人" in text


def test_check_that_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing column, a shifted line and a missing file exit with 1 and print nothing; a bad flag exits with 2."""
    lines = csv_of([ample({})]).splitlines()
    short = tmp_path / "short.csv"
    short.write_text("\n".join(line.replace("初中班级数", "备用") for line in lines), "utf-8")
    ragged = tmp_path / "ragged.csv"
    ragged.write_text("\n".join([lines[0], lines[1] + ",9"]), "utf-8")
    for file, word in ((short, "初中班级数"), (ragged, "第2行"), (tmp_path / "none.csv", "none.csv")):
        assert junheng("check", file, "--json") == 1
        out, err = capsys.readouterr()
        assert out == "" and word in err
    assert junheng("check", short, "--standard", "nothing_such") == 2
    assert junheng("check", short, "--year", "many") == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str], jobs: int) -> None:
    """Every table below a folder gives a line, in order; a bad one is told and stops nothing."""
    (tmp_path / "乙").mkdir()
    for name in ("丙.csv", "乙/甲.csv"):
        (tmp_path / name).write_text(csv_of([ample({})]), "utf-8")
    (tmp_path / "坏.csv").write_text("随便,写写\n1,2\n", "utf-8")
    (tmp_path / "~$丙.xlsx").write_bytes(b"lock")

    assert junheng("check", tmp_path, "--json", "--jobs", str(jobs)) == 1
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["丙.csv", "甲.csv", "坏.csv"]
    assert [line.get("error") is None for line in lines] == [True, True, False]
    assert "坏.csv" in lines[2]["error"] and lines[2]["problems"] and "坏.csv" in err
    assert lines[0]["schools"] == lines[1]["schools"]
