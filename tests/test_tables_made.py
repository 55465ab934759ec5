"""Tables made at random, printed as text, workbook and CSV: the same facts, each with its own row and column."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from test_table_facts import report_of

from corpus.facts import read_facts
from corpus.model import Fact, Report
from corpus.quantities import read_quantities
from corpus.readers import read_bytes

TOWNS = ("东河镇", "西山镇", "南桥乡", "北林乡", "中塘街道", "石门镇")
STAGES = {
    "幼儿园": "preschool",
    "小学": "primary",
    "初中": "junior",
    "普通高中": "senior",
    "特殊教育": "special",
}
METRICS = {
    "学校数": "所", "班级数": "个", "在校生数": "人", "专任教师数": "人", "教职工数": "人", "占地面积": "平方米",
    "图书藏量": "册", "设备值": "万元", "毕业生升学率": "%",
}  # fmt: skip
NOTHING = ("", "—", "/", "…")


@dataclass(frozen=True)
class Made:
    """A table as printed, and the facts in it: (printed, row's word, metric, unit, year, stage)."""

    lines: list[list[str]]
    merged: list[str]
    facts: list[tuple[str, str, str, str, str, str | None]]


@st.composite
def tables(draw: st.DrawFn) -> Made:
    """A table of one of four shapes; units in the heads, in a column, or once above; years as columns or in the title."""
    shape = draw(
        st.sampled_from(["metrics across", "years across", "metric and years across", "metrics down"])
    )
    staged = draw(st.booleans())
    rows = draw(
        st.lists(st.sampled_from(sorted(STAGES) if staged else TOWNS), min_size=2, max_size=5, unique=True)
    )
    metrics = draw(st.lists(st.sampled_from(sorted(METRICS)), min_size=2, max_size=4, unique=True))
    years = sorted(draw(st.lists(st.integers(2016, 2023), min_size=2, max_size=3, unique=True)))
    numbered, suffix = draw(st.booleans()), draw(st.sampled_from(["年", ""]))
    title_year = draw(st.integers(2016, 2023))
    values = st.one_of(
        st.integers(3, 98765).map(str),
        st.decimals("3.01", "90000", places=2).map(str),
        st.integers(1000, 9876543).map(lambda n: f"{n:,}"),
        st.sampled_from(NOTHING),
    )
    facts, body = list[tuple[str, str, str, str, str, str | None]](), list[list[str]]()
    lines: list[list[str]] = []
    merged: list[str] = []

    def cell(row: str, metric: str, year: int) -> str:
        printed = draw(values)
        if metric == "毕业生升学率" and printed not in NOTHING:
            printed = f"{draw(st.integers(200, 9999)) / 100:.2f}"
        if printed not in NOTHING:
            facts.append((printed, row, metric, METRICS[metric], str(year), STAGES.get(row)))
        return printed

    if shape == "metrics across":
        lines = [[f"{title_year}年基本情况表"], ["名称", *(f"{m}({METRICS[m]})" for m in metrics)]]
        body = [[row, *(cell(row, m, title_year) for m in metrics)] for row in rows]
    elif shape == "years across":
        metric = metrics[0]
        lines = [[f"各类{metric}统计表(单位:{METRICS[metric]})"], ["名称", *(f"{y}{suffix}" for y in years)]]
        body = [[row, *(cell(row, metric, y) for y in years)] for row in rows]
    elif shape == "metric and years across":
        metrics = metrics[:2]
        upper = [f"{m}({METRICS[m]})" for m in metrics for _ in years]
        lines = [["基本情况表"], ["名称", *upper], ["名称", *(f"{y}年" for _ in metrics for y in years)]]
        body = [[row, *(cell(row, m, y) for m in metrics for y in years)] for row in rows]
        last = len(years)
        merged = ["A2:A3", *(f"{letter(2 + i * last)}2:{letter(1 + (i + 1) * last)}2" for i in range(2))]
    else:
        row = rows[0]
        lines = [[f"{row}基本情况表"], ["指标", "单位", *(f"{y}{suffix}" for y in years)]]
        body = [[m, METRICS[m], *(cell(m, m, y) for y in years)] for m in metrics]
        facts = [(printed, "", m, unit, year, STAGES.get(row)) for printed, _, m, unit, year, _ in facts]
    if numbered and not merged:
        lines[1] = ["序号", *lines[1]]
        body = [[str(number), *row] for number, row in enumerate(body, 1)]
    return Made([*lines, *body], merged, facts)


def letter(column: int) -> str:
    return chr(64 + column)


def as_text(made: Made) -> Report:
    return report_of("\n".join(" | ".join(line) for line in made.lines))


def as_workbook(made: Made, as_numbers: bool) -> Report:
    """Numbers as such with their decimals, or as the text that was typed; heads merged."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for y, line in enumerate(made.lines, 1):
        for x, printed in enumerate(line, 1):
            target: Any = sheet.cell(y, x, printed or None)
            plain = printed.replace(",", "")
            if as_numbers and y > 2 + bool(made.merged) and plain.replace(".", "").isdigit():
                target.value = float(Decimal(plain)) if "." in plain else int(plain)
                target.number_format = "#,##0" if "," in printed else "0.00" if "." in printed else "General"
    for area in made.merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return read_bytes(out.getvalue(), "表.xlsx", "表.xlsx", "云溪县", 2023)


def as_csv(made: Made, encoding: str, delimiter: str) -> Report:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\r\n").writerows(made.lines)
    return read_bytes(target.getvalue().encode(encoding), "表.csv", "表.csv", "云溪县", 2023)


def noted(report: Report) -> list[tuple[str, str, str, str | None, str | None]]:
    return sorted(
        (f.as_printed.replace(",", ""), f.metric, f.unit, str(f.period), f.stage) for f in read_facts(report)
    )


def check(fact: Fact, wanted: tuple[str, str, str, str, str, str | None], report: Report) -> None:
    printed, row, metric, unit, year, stage = wanted
    assert fact.as_printed.replace(",", "") == printed.replace(",", "")
    assert (fact.unit, fact.period) == (unit, year), (fact.label, wanted)
    assert metric in fact.metric or fact.metric_id is not None, (fact.metric, wanted)
    assert row in fact.label and (stage is None or fact.stage == stage), (fact.label, fact.stage, wanted)
    assert not row.endswith(("镇", "乡", "街道")) or fact.subject == row
    (again,) = read_quantities(report.text[fact.start : fact.end])
    assert again.value == fact.value


@settings(max_examples=60, deadline=None)
@given(
    tables(),
    st.booleans(),
    st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from([",", "\t", ";"]),
)
def test_a_table_says_the_same_in_every_format(
    made: Made, as_numbers: bool, encoding: str, delimiter: str
) -> None:
    """Every figure is one fact of its row and column, with its unit, year and stage, and no figure is read twice."""
    text = as_text(made)
    facts = read_facts(text)
    assert len(facts) == len(made.facts), ([f.as_printed for f in facts], made.facts)
    for fact, wanted in zip(facts, made.facts, strict=True):
        check(fact, wanted, text)
    book = as_workbook(made, as_numbers)
    assert noted(book) == noted(text)
    assert noted(as_csv(made, encoding, delimiter)) == noted(text)
    for fact in read_facts(book):
        (place,) = book.places_in(fact.start, fact.end)
        column, line = ord((place.cell or "")[0]) - 65, int((place.cell or "0")[1:]) - 1
        shown = made.lines[line][column].replace(",", "")
        assert Decimal(shown) == fact.value and place.sheet == "Sheet"
