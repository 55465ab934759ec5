"""The plan: the least additions, the fewest moves, and the cheapest further additions, against brute force."""

from __future__ import annotations

import heapq
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import count
from types import SimpleNamespace
from typing import Any

import networkx
import pytest
from compliance_tables import ample, csv_of, table_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assistant.faces.command import run
from corpus.schools.model import SchoolTable
from tools.compliance.check import check_table
from tools.compliance.dispersion import spread
from tools.compliance.indicators import RECIPES
from tools.plan.make import make_plan
from tools.plan.model import Addition, Plan
from tools.plan.solving import solve
from tools.plan.spreading import Part, Row, Spreading
from tools.plan.whatif import ChangeError, change, changed, compare

LIMITS = {"primary": Fraction(1, 2), "junior": Fraction(9, 20)}
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

numbers = st.integers(0, 400)
amounts = st.integers(0, 4_000_000).map(lambda n: Decimal(n).scaleb(-2))


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A row of any type with small or missing stocks; sometimes a large one, so that a CV is far too high."""
    kind = draw(
        st.sampled_from(["小学", "初级中学", "九年一贯制学校", "十二年一贯制学校", "完全中学", "教学点"])
    )
    row = ample({"kind": kind})
    for key in row:
        stem = key.partition(".")[0]
        if stem == "students":
            row[key] = draw(st.integers(1, 3000))
        elif key in ("teaching_area", "sports_area", "equipment_value"):
            row[key] = draw(st.none() | amounts)
        elif stem in ("qualified_teachers", "backbone_teachers", "arts_teachers", "multimedia_rooms"):
            row[key] = draw(st.none() | numbers | st.integers(0, 9))
        elif key == "indoor_sports_area":
            row[key] = draw(st.sampled_from([0, None, "120.55"]))
    return row


def after(table: SchoolTable, additions: Sequence[Addition]) -> SchoolTable:
    """Return the table with the additions in its cells."""
    for item in additions:
        recipe = RECIPES[item.stock.code]
        key = f"{recipe.key}.{item.stock.stage}" if item.stock.stage else recipe.key
        number = Decimal(item.add.numerator) / item.add.denominator
        if key == "equipment_value" and table.units[key] == "万元":
            number /= 10000
        table = change(table, item.school.row, key, by=number)
    return table


def further(plan: Plan) -> list[Addition]:
    return [item for each in plan.further for item in each.additions]


@SLOW
@given(st.lists(rows(), min_size=1, max_size=6))
def test_additions_are_enough_and_not_one_step_too_many(given_rows: list[dict[str, Any]]) -> None:
    """With the additions nothing fails any more; with one step less than any of them something does."""
    table = table_of(given_rows)
    plan = make_plan(table)

    for unit in check_table(after(table, plan.additions)).units:
        assert {verdict.status for verdict in unit.verdicts} <= {"met", "no_data"}
    for item in plan.additions:
        less = Addition(item.stock, item.have, item.need, item.add - item.stock.step)
        checked = check_table(after(table, [less]))
        own = [u for u in checked.units if u.school.row == item.school.row]
        own = [u for u in own if item.stock.stage in (None, u.stage)]
        assert "not_met" in {unit.verdict(item.stock.code).status for unit in own}


@SLOW
@given(st.lists(rows(), min_size=1, max_size=6))
def test_what_lacks_a_number_is_named_and_not_planned(given_rows: list[dict[str, Any]]) -> None:
    """Each unit with no data for an indicator gets no addition of it, and a note names its row and cell."""
    table = table_of(given_rows)
    plan = make_plan(table)
    planned = {
        (item.school.row, item.stock.code, item.stock.stage) for item in (*plan.additions, *further(plan))
    }

    for unit in check_table(table).units:
        for verdict in unit.verdicts:
            if verdict.status == "no_data":
                assert (unit.school.row, verdict.code, unit.stage) not in planned
                assert (unit.school.row, verdict.code, None) not in planned
                assert any(f"第{unit.school.row}行" in note and verdict.code in note for note in plan.notes)


@SLOW
@given(st.lists(rows(), min_size=1, max_size=6))
def test_with_the_further_additions_every_cv_keeps_its_limit(given_rows: list[dict[str, Any]]) -> None:
    """The check of the table with all additions says so, and prints the CV that the plan announced."""
    table = table_of(given_rows)
    plan = make_plan(table)
    announced = {(item.code, item.stage): item for item in plan.dispersion}
    middle = check_table(after(table, plan.additions))
    final = check_table(after(table, [*plan.additions, *further(plan)]))

    for item in check_table(table).dispersion:
        assert announced[item.code, item.stage].before == item.cv
    for item in middle.dispersion:
        assert announced[item.code, item.stage].after == item.cv
    for item in final.dispersion:
        assert announced[item.code, item.stage].final == item.cv
        if item.n:
            assert item.value_status == "met"
            assert item.squared is not None
            assert item.squared <= LIMITS[item.stage] ** 2


@SLOW
@given(st.lists(st.tuples(st.integers(1, 900), st.integers(0, 12)), min_size=1, max_size=6))
def test_moves_are_the_fewest(units: list[tuple[int, int]]) -> None:
    """The number moved and added equals that of a minimum cost flow in which an added teacher is dearest."""
    table = table_of(
        [ample({"students.primary": students, "backbone_teachers.primary": has}) for students, has in units]
    )
    [move] = [m for m in make_plan(table).moves if (m.code, m.stage) == ("1.2", "primary")]

    graph = networkx.DiGraph()
    need = [-(-students // 100) for students, _ in units]
    graph.add_node("new", demand=-sum(need))
    graph.add_node("rest", demand=sum(has for _, has in units))
    for i, (_, has) in enumerate(units):
        graph.add_node(("has", i), demand=-has)
        graph.add_node(("needs", i), demand=need[i])
        graph.add_edge("new", ("needs", i), weight=1000)
        graph.add_edge(("has", i), "rest", weight=0)
        for j in range(len(units)):
            graph.add_edge(("has", i), ("needs", j), weight=int(i != j))
    graph.add_edge("new", "rest", weight=0)
    cost = networkx.min_cost_flow_cost(graph)

    assert 1000 * move.added + move.moved == cost
    assert move.feasible == (not move.added) == (move.why == "")
    left = {i + 2: has for i, (_, has) in enumerate(units)}
    for transfer in move.transfers:
        assert transfer.count > 0
        left[transfer.giver.row] -= transfer.count
        left[transfer.taker.row] += transfer.count
    for school, number in move.additions:
        left[school.row] += number
    assert all(left[i + 2] >= needed for i, needed in enumerate(need))


def test_moving_that_is_not_enough_says_why() -> None:
    """All that can be spared is moved first; the rest is added, and a sentence gives the numbers."""
    table = table_of(
        [
            ample({"students.primary": 500, "backbone_teachers.primary": 7}),
            ample({"students.primary": 501, "backbone_teachers.primary": 1}),
        ]
    )
    [move] = [m for m in make_plan(table).moves if (m.code, m.stage) == ("1.2", "primary")]

    assert (move.feasible, move.moved, move.added) == (False, 2, 3)
    assert "8人" in move.why
    assert "11人" in move.why
    assert "新增3人" in move.why


# --- the further additions as a problem of their own ---


@st.composite
def problems(draw: st.DrawFn, most: int = 3) -> Spreading:
    """A few rows, some with two stages that share what is added, and often one that has far more."""
    made = []
    for _ in range(draw(st.integers(2, most))):
        base = Fraction(draw(st.integers(1, 6) | st.integers(10, 40)))
        kind = draw(st.sampled_from(["primary", "junior", "both", "senior"]))
        one, two = draw(st.integers(1, 60)), draw(st.integers(1, 60))
        weighted = one + Fraction(11, 10) * two
        if kind == "both":
            parts = (
                Part("primary", Fraction(one), one / weighted),
                Part("junior", Fraction(two), Fraction(11, 10) * two / weighted),
            )
        elif kind == "senior":
            parts = (Part("junior", Fraction(one), one / (one + Fraction(6, 5) * two)),)
        else:
            parts = (Part(kind, Fraction(one), Fraction(1)),)
        made.append(Row(base, parts))
    return Spreading(tuple(made), LIMITS)


def keeps(problem: Spreading, added: Sequence[int]) -> bool:
    """Tell by the definition of the CV whether every stage keeps its limit."""
    for stage, limit in problem.limits.items():
        values, students = [], []
        for row, number in zip(problem.rows, added, strict=True):
            for part in row.parts:
                if part.stage == stage:
                    values.append((row.base + number * problem.step) * part.share / part.students)
                    students.append(part.students)
        found = spread(values, students)
        if found is not None and (found.squared_cv is None or found.squared_cv > limit**2):
            return False
    return True


def compositions(total: int, places: int) -> Iterator[tuple[int, ...]]:
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, places - 1):
            yield (first, *rest)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_no_cheaper_addition_of_whole_people_exists(problem: Spreading) -> None:
    """On tiny tables, coupled stages included, every cheaper addition is tried and breaks a limit."""
    found = solve(problem, time.monotonic() + 20)
    assume(found.total <= 60)

    assert keeps(problem, found.added)
    assert found.proof == "optimal"
    assert found.least == found.total
    if found.total:
        cheaper = compositions(found.total - 1, len(problem.rows))
        assert not any(keeps(problem, added) for added in cheaper)


def fewest_by_marginal_allocation(problem: Spreading) -> int:
    """Add one person after another where Σx²/P grows least: optimal for each total, as that is separable and convex."""
    [limit] = [problem.limits["primary"]]
    students = [row.parts[0].students for row in problem.rows]
    has = [row.base for row in problem.rows]
    everyone, total = sum(students), sum(has)
    squares = sum(x * x / p for x, p in zip(has, students, strict=True))
    waiting = [((2 * x + 1) / p, i) for i, (x, p) in enumerate(zip(has, students, strict=True))]
    heapq.heapify(waiting)
    for added in count():
        if everyone * squares <= (1 + limit**2) * total**2:
            return added
        growth, i = heapq.heappop(waiting)
        squares, total, has[i] = squares + growth, total + 1, has[i] + 1
        heapq.heappush(waiting, ((2 * has[i] + 1) / students[i], i))
    raise AssertionError


pupils = st.integers(20, 900)
separable = st.lists(st.tuples(pupils, st.integers(1, 12) | st.integers(40, 200)), min_size=2, max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(separable)
def test_one_stage_needs_as_few_as_marginal_allocation(units: list[tuple[int, int]]) -> None:
    """Where rows have one stage each, an independent exact algorithm gives the same number."""
    made = tuple(Row(Fraction(x), (Part("primary", Fraction(p), Fraction(1)),)) for p, x in units)
    problem = Spreading(made, LIMITS)
    found = solve(problem, time.monotonic() + 20)

    assert keeps(problem, found.added)
    assert found.total == fewest_by_marginal_allocation(problem)
    assert found.proof == "optimal"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(separable)
def test_areas_are_within_rounding_of_the_water_level(units: list[tuple[int, int]]) -> None:
    """Where any amount may be added, the optimum raises the lowest to one common level; found by bisection here."""
    made = tuple(Row(Fraction(100 * x), (Part("primary", Fraction(p), Fraction(1)),)) for p, x in units)
    problem = Spreading(made, LIMITS, Fraction(1, 100))
    found = solve(problem, time.monotonic() + 20)

    def cost(level: float) -> tuple[float, bool]:
        x = [max(100.0 * has, level * p) for p, has in units]
        square = sum(p for p, _ in units) * sum(v * v / p for v, (p, _) in zip(x, units, strict=True))
        return sum(x) - sum(100.0 * has for _, has in units), square <= 1.25 * sum(x) ** 2

    low, high = 0.0, max(100.0 * has / p for p, has in units)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if cost(middle)[1] else (middle, high)
    best = cost(high)[0]

    assert keeps(problem, found.added)
    assert found.total / 100 == pytest.approx(best, abs=0.01 * len(units) + 1e-6 * best + 0.01)
    assert found.least / 100 <= best + 1e-6 * best + 0.01


def test_a_search_without_time_claims_nothing() -> None:
    """Out of time the additions still hold, and the plan says that fewer may do."""
    made = [
        ample({"students.primary": 90 + 7 * i, "multimedia_rooms": 900 if i == 0 else 3}) for i in range(40)
    ]
    plan = make_plan(table_of(made), seconds=0)
    rooms = next(item for item in plan.further if item.code == "1.7")

    assert rooms.least < rooms.total
    assert rooms.proof == "gap"
    assert any("1.7" in note and "没有能证明" in note for note in plan.notes)
    final = check_table(after(plan.table, [*plan.additions, *further(plan)]))
    assert {item.status for item in final.dispersion} <= {"met", "not_applicable"}


# --- by hand ---


def test_facilities_are_stated_once_for_the_row() -> None:
    """The junior stage of a nine-year school decides: 10.2 × 100 ÷ (110 ÷ 210) = 1947.272…, rounded up to 0.01."""
    row = ample(
        {"kind": "九年一贯制学校", "students.primary": 100, "students.junior": 100, "sports_area": "1000.5"}
    )
    [addition] = [item for item in make_plan(table_of([row])).additions if item.stock.code == "1.5"]

    assert addition.stock.stage is None
    assert (addition.have, addition.need, addition.add) == (
        Fraction("1000.5"),
        Fraction("1947.28"),
        Fraction("946.78"),
    )


def test_exactly_the_threshold_needs_nothing() -> None:
    """21 of 500 pupils are exactly 4.2; 29 of 691 only look like it on paper."""
    made = [
        ample({"students.primary": 500, "qualified_teachers.primary": 21}),
        ample({"students.primary": 691, "qualified_teachers.primary": 29}),
    ]
    found = [item for item in make_plan(table_of(made)).additions if item.stock.code == "1.1"]

    assert [(item.school.row, item.add) for item in found] == [(3, 1)]


def test_indoor_sports_rooms_do_not_count() -> None:
    """What 1.4 has, and needs, is the area without them; money is in 元 whatever the header says."""
    made = ample(
        {"students.primary": 100, "teaching_area": 500, "indoor_sports_area": 100, "equipment_value": "19.5"}
    )
    found = {item.stock.code: item for item in make_plan(table_of([made])).additions}

    assert (found["1.4"].have, found["1.4"].need, found["1.4"].add) == (400, 450, 50)
    assert (found["1.6"].have, found["1.6"].add, found["1.6"].stock.unit) == (195000, 5000, "元")


def call(*words: str, service: Any = None) -> int:
    """Run ``junheng`` with a service that only a command without a path opens."""
    return run(list(words), configure=lambda home, empty: None, open_service=lambda _: service)  # type: ignore[arg-type, return-value]


def test_json_has_the_contract_names_and_no_floats(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    """``plan --json`` prints numbers as strings, rows as integers, and what a reader must know."""
    made = [ample({"students.primary": 300, "backbone_teachers.primary": 1, "arts_teachers.primary": None})]
    path = tmp_path / "table.csv"
    path.write_text(csv_of(made), "utf-8")

    assert call("plan", str(path), "--region", "某县", "--year", "2023", "--json") == 0
    found = json.loads(capsys.readouterr().out, parse_float=lambda text: pytest.fail(f"a float: {text}"))

    assert (found["region"], found["year"]) == ("某县", "2023")
    [addition] = [item for item in found["additions"] if item["code"] == "1.2"]
    wanted = {
        "school": "学校1",
        "row": 2,
        "stage": "primary",
        "have": "1",
        "need": "3",
        "add": "2",
        "unit": "人",
    }
    assert wanted.items() <= addition.items()
    [move] = [item for item in found["moves"] if item["code"] == "1.2"]
    assert (move["feasible"], move["moved"], move["added"], move["transfers"]) == (False, "0", "2", [])
    assert {"code", "stage", "cv_before", "cv_after", "cv_final", "limit"} <= found["dispersion"][0].keys()
    assert found["totals"]["additions"]["1.2"] == {"primary": "2", "total": "2", "unit": "人"}
    assert any("小学体育艺术专任教师数" in note for note in found["notes"])


def test_a_table_that_cannot_be_read_is_an_error(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    """Missing columns are named on stderr, stdout stays empty."""
    path = tmp_path / "table.csv"
    path.write_text("学校名称,办学类型\n甲小学,小学\n", "utf-8")

    assert call("plan", str(path)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "小学学生数" in said.err


class Stored:
    """A service that keeps the given tables."""

    def __init__(self, *tables: SchoolTable) -> None:
        self.kept = {str(index): table for index, table in enumerate(tables)}

    def reports(self) -> list[Any]:
        return [SimpleNamespace(id=key, kind="school_table") for key in self.kept]

    def table(self, key: str) -> SchoolTable:
        return self.kept[key]

    def close(self) -> None:
        pass


def test_without_a_path_the_stored_table_is_chosen_or_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """One table that fits is used; several are listed, none is guessed."""
    table = table_of([ample({})])
    service = Stored(replace(table, region="甲县", year=2022), replace(table, region="甲县", year=2023))

    assert call("plan", "--year", "2023", "--json", service=service) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["region"], found["year"]) == ("甲县", "2023")

    for words, said in ((("--region", "甲县"), "2022年"), (("--region", "乙县"), "没有乙县"), ((), "--year")):
        assert call("plan", *words, service=service) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert said in told.err
    assert call("plan", service=Stored()) == 1
    assert "junheng ingest" in capsys.readouterr().err


def test_the_words_name_schools_numbers_and_limits(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    """A person reads by school what to add, and where the CV stands."""
    path = tmp_path / "table.csv"
    path.write_text(csv_of([ample({}), ample({"multimedia_rooms": 20})]), "utf-8")

    assert call("plan", str(path)) == 0
    said = capsys.readouterr().out
    assert "1.7 网络多媒体教室（全校）：现有20间，需23间，要补3间" in said
    assert "补足后23间，需" in said
    assert "上限0.50" in said


# --- what if ---


def test_a_changed_cell_is_the_questions_not_the_tables() -> None:
    """The new number has no place in the file, and its calculation names the cell and what the question says."""
    table = table_of([ample({"backbone_teachers.primary": 3})])
    made = changed(table, 2, "backbone_teachers.primary", by=10)
    cell = change(table, 2, "backbone_teachers.primary", by=10).schools[0].cells["backbone_teachers.primary"]

    assert (cell.value, cell.start, cell.end) == (13, -1, -1)
    assert cell == made.now
    assert made.calculation is not None
    assert [(i.value, i.given) for i in made.calculation.inputs] == [(3, None), (10, "10")]
    assert made.calculation.steps == "3 + 10 = 13人"
    assert table.schools[0].value("backbone_teachers.primary") == 3


def test_comparison_lists_what_changes_and_nothing_else() -> None:
    """Ten more backbone teachers change 1.2 of that school, whether it complies, and the CV of 1.2."""
    table = table_of([ample({}), ample({"backbone_teachers.primary": 1, "arts_teachers.primary": 1})])
    found = compare(table, [changed(table, 3, "backbone_teachers.primary", to=100)])

    assert [
        (p.before.code, p.before.status, p.after.status) for p in found.verdicts if p.before and p.after
    ] == [("1.2", "not_met", "met")]
    assert [(p.before.row, p.before.stage) for p in found.verdicts if p.before] == [(3, "primary")]
    assert [(p.before.met, p.after.met) for p in found.units if p.before and p.after] == [(5, 6)]
    assert [(p.before.code, p.before.stage) for p in found.dispersion if p.before] == [("1.2", "primary")]


def test_a_number_of_students_may_be_changed_too() -> None:
    """A stage without students any more is no unit any more."""
    table = table_of([ample({}), ample({})])
    found = compare(table, [changed(table, 3, "students.primary", to=0)])

    assert [(pair.before is None, pair.after is None) for pair in found.units] == [(False, True)]


@pytest.mark.parametrize(
    ("row", "key", "to", "by", "said"),
    [
        (9, "students.primary", 1, None, "第9行"),
        (2, "name", 1, None, "name"),
        (2, "backbone_teachers.primary", None, -200, "不能小于0"),
        (2, "backbone_teachers.primary", Decimal("1.5"), None, "整数"),
        (2, "students.junior", None, 3, "没有数据"),
    ],
)
def test_a_change_without_sense_is_refused(row: int, key: str, to: Any, by: Any, said: str) -> None:
    """Each is one Chinese line that says what is wrong."""
    with pytest.raises(ChangeError, match=said):
        change(table_of([ample({})]), row, key, to, by=by)
