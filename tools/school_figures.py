"""The numbers of a check as citable facts and named formulas: from a cell of a school table up to a coefficient.

Every formula starts from cells as they stand in the table, so its steps can be worked out again from what is
printed. A weight or the hundred of "每百名" stands in the formula; a threshold names its clause. What a what-if
supposes is a formula too: the cell, and the change that the question states.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from corpus.model import Fact
from corpus.rules import Standard
from corpus.schools.columns import label as header
from corpus.schools.model import School, SchoolTable
from tools.calculation import Calculation, Input, quotient
from tools.compliance.indicators import RECIPES, keys_of
from tools.compliance.model import Amount, Check, Unit, Verdict
from tools.compliance.units import STAGE_NAMES, Bodies, bodies_of
from tools.evidence import Claim, Clause

FINE = 12
"""Decimals of results that only go into other formulas."""
_BRACKETS = str.maketrans("[]", "［］")
LISTED = 20
"""As many schools are counted one by one; of more the count names them in its note."""
_WHOLE = ("人", "间")


def decimal(value: Fraction) -> Decimal:
    """Return a fraction to 40 digits."""
    return quotient(Decimal(value.numerator), Decimal(value.denominator))


def places_of(amount: Amount) -> int:
    return len(amount.shown.partition(".")[2])


@dataclass(frozen=True)
class Stock:
    """What a unit has of an indicator in all: the formula in words, its template, and what goes in."""

    formula: str
    template: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True)
class Ledger:
    """One check with its standard. ``supposed`` are cells that a what-if has changed, by row and column."""

    check: Check
    standard: Standard
    supposed: Mapping[tuple[int, str], Calculation] = field(default_factory=dict)

    @property
    def table(self) -> SchoolTable:
        assert self.check.table is not None
        return self.check.table

    @cached_property
    def twins(self) -> frozenset[str]:
        """Names that several rows have; such a school is told by its row."""
        times = Counter(school.name for school in self.table.schools)
        return frozenset(name for name, n in times.items() if n > 1)

    def name(self, school: School) -> str:
        """Return how to call a school; square brackets would read as citation marks."""
        shown = school.name.translate(_BRACKETS)
        return f"{shown}(第{school.row}行)" if school.name in self.twins else shown

    def called(self, unit: Unit) -> str:
        """Return how to call a unit: the school, with its stage where the school has several."""
        several = len(bodies_of(unit.school).assessed) > 1
        return self.name(unit.school) + (f"{STAGE_NAMES[unit.stage]}部" if several else "")

    # Cells

    def fact(self, school: School, key: str) -> Fact | None:
        """Return a cell with a number as a fact of its school; None for a cell without data."""
        cell = school.cells.get(key)
        if cell is None or cell.value is None or cell.start < 0:
            return None
        text = self.table.text
        end = text.find("\n", cell.end)
        line = (text.rfind("\n", 0, cell.start) + 1, len(text) if end < 0 else end)
        stage, name = key.partition(".")[2] or None, header(key)
        return Fact(
            id=f"{self.table.id}-{school.row}-{key}", report_id=self.table.id, region=self.table.region, subject=self.name(school),
            metric=name, metric_id=None, stage=stage, value=cell.value, unit=cell.unit, as_printed=cell.printed,
            period=str(self.table.year) if self.table.year else None, qualifier=None, kind="actual", role="level", label=name,
            context=name, section=f"{self.table.sheet} {cell.ref}".strip(), start=cell.start, end=cell.end, clause=line,
            sentence=line,
        )  # fmt: skip

    def some_fact(self, school: School) -> Fact | None:
        """Return a school's place in the table as a countable fact: the cell that holds its name."""
        found = self._lines.get(school.row)
        if found is None:
            return None
        start = self.table.text.find(school.name, found[0])
        return Fact(
            id=f"{self.table.id}-{school.row}-name", report_id=self.table.id, region=self.table.region, subject=self.name(school),
            metric=header("name"), metric_id=None, stage=None, value=Decimal(1), unit="所", as_printed=school.name,
            period=str(self.table.year) if self.table.year else None, qualifier=None, kind="actual", role="level",
            label=header("name"), context=header("name"), section=self.table.sheet, start=start, end=start + len(school.name), clause=found,
            sentence=found,
        )  # fmt: skip

    @cached_property
    def _lines(self) -> dict[int, tuple[int, int]]:
        """Return by row where the table's text has the cell with the school's name."""
        names = {school.row: school.name for school in self.table.schools}
        found: dict[int, tuple[int, int]] = {}
        for match in re.finditer(r"^【(?:.*!)?[A-Z]+(\d+)】(.*)$", self.table.text, re.M):
            row = int(match[1])
            if row in names and match[2].startswith(f"{names[row]} {header('name')}:"):
                found.setdefault(row, match.span())
        return found

    def any_fact(self) -> Fact | None:
        found = (self.some_fact(school) for school in self.table.schools)
        return next((fact for fact in found if fact is not None), None)

    def input(self, school: School, key: str) -> Input | None:
        """Return a cell as what goes into a formula: as it stands, or as a what-if supposes it."""
        made = self.supposed.get((school.row, key))
        if made is not None:
            return Input(f"{header(key)}(假设)", made.value, made.unit, calculation=made)
        fact = self.fact(school, key)
        return None if fact is None else Input(header(key), fact.value, fact.unit, fact)

    # One unit, one indicator

    def stock(self, unit: Unit, code: str) -> Stock | None:
        """Return what a unit has of an indicator, split among the stages of its school where that is the rule."""
        recipe, school = RECIPES[code], unit.school
        found = [self.input(school, key) for key in keys_of(code, unit.stage)]
        inputs = [item for item in found if item is not None]
        if len(inputs) < len(found):
            return None
        formula, template = inputs[0].name, "{0}"
        if recipe.minus:
            formula, template = f"({formula} − {inputs[1].name})", "({0} − {1})"
        if inputs[0].unit == "万元":
            formula, template = f"{formula} × 10000", f"{template} × 10000"
        split, stages = self.standard.split, tuple(bodies_of(school).students)
        if split is None or code not in split.codes or stages == (unit.stage,):
            return Stock(formula, template, tuple(inputs))
        weights = {"primary": split.primary, "junior": split.junior, "senior": split.senior}
        words, marks, own = [], [], 0
        for stage in stages:
            item = self.input(school, f"students.{stage}")
            if item is None:
                return None
            own = len(inputs) if stage == unit.stage else own
            words.append(f"{weights[stage]:f} × {item.name}")
            marks.append(f"{weights[stage]:f} × {{{len(inputs)}}}")
            inputs.append(item)
        mine = f"{weights[unit.stage]:f}"
        return Stock(
            f"{formula} × {mine} × {inputs[own].name} ÷ ({' + '.join(words)})",
            f"{template} × {mine} × {{{own}}} ÷ ({' + '.join(marks)})",
            tuple(inputs),
        )

    def value(self, unit: Unit, code: str) -> Calculation | None:
        """Return the value of one indicator of one unit as a formula over its cells; None without data."""
        verdict = unit.verdict(code)
        stock, students = self.stock(unit, code), self.input(unit.school, f"students.{unit.stage}")
        if stock is None or students is None or verdict.observed is None:
            return None
        inputs, at = with_input(stock.inputs, students)
        tail = " × 100" if RECIPES[code].per == 100 else ""
        return Calculation(
            "per_student", verdict.name, f"{stock.formula} ÷ {students.name}{tail}", f"{stock.template} ÷ {{{at}}}{tail}",
            inputs, decimal(verdict.observed.exact), verdict.observed.unit, places_of(verdict.observed),
            subject=self.called(unit),
        )  # fmt: skip

    def clause(self, verdict: Verdict) -> Clause:
        """Return the clause that a verdict is held against, with the very bound that was compared."""
        stage = STAGE_NAMES.get(verdict.stage, "")
        bound = (
            f"({stage}{verdict.operator}{verdict.threshold.shown}{verdict.threshold.unit})"
            if verdict.threshold
            else ""
        )
        return self.plain_clause(verdict.code, f"{verdict.clause}{bound}")

    def plain_clause(self, code: str, text: str) -> Clause:
        return Clause(self.standard.id, code, text, self.standard.document)

    def gap(self, value: Calculation, verdict: Verdict) -> Calculation | None:
        """Return what a unit lacks to its threshold; None when it lacks nothing."""
        if verdict.gap is None or verdict.threshold is None or not verdict.gap.exact:
            return None
        bound = self._bound(verdict.threshold, verdict.code)
        return replace(
            value, name="gap", label=f"{verdict.name}的差距", formula=f"要求 − {value.formula}",
            template=f"{{{len(value.inputs)}}} − {value.template}", inputs=(*value.inputs, bound),
            exact=decimal(verdict.gap.exact), places=places_of(verdict.gap), direction="up",
        )  # fmt: skip

    def margin(self, value: Calculation, verdict: Verdict) -> Calculation | None:
        """Return by how much a value is above its threshold; None where it is not."""
        if verdict.observed is None or verdict.threshold is None:
            return None
        spare = verdict.observed.exact - verdict.threshold.exact
        if spare <= 0:
            return None
        bound = self._bound(verdict.threshold, verdict.code)
        return replace(
            value, name="margin", label=f"{verdict.name}高出要求的数", formula=f"{value.formula} − 要求",
            template=f"{value.template} − {{{len(value.inputs)}}}", inputs=(*value.inputs, bound),
            exact=decimal(spare), places=places_of(verdict.observed),
        )  # fmt: skip

    def _bound(self, threshold: Amount, code: str) -> Input:
        return Input("要求", decimal(threshold.exact), threshold.unit, given=self._source(code))

    def _source(self, code: str) -> str:
        return f"standard:{self.standard.id}/{code}"

    def claim(self, value: Calculation, verdict: Verdict) -> Claim:
        assert verdict.threshold is not None
        return Claim(
            value.exact, verdict.operator, decimal(verdict.threshold.exact), value, self.clause(verdict)
        )

    def floor(self, verdict: Verdict) -> Calculation:
        """Return the least that the pass rule asks of an indicator that is not met: 85% of its threshold."""
        assert self.standard.passing is not None and verdict.threshold is not None
        least, whole = self.standard.passing.floor * 100, decimal(verdict.threshold.exact)
        source = self._source(verdict.code)
        return Calculation(
            "floor", "余项的最低要求", "要求 × 最低比例", "{0} × {1} ÷ 100",
            (Input("要求", whole, verdict.threshold.unit, given=source), Input("最低比例", least.normalize(), "%", given=source)),
            whole * least / 100, verdict.threshold.unit, None,
        )  # fmt: skip

    # Counting and adding

    def count(self, label: str, listed: Sequence[tuple[str, Fact | None]], unit: str = "所") -> Calculation:
        """Count what is listed, one by one; each name comes with a number that shows where it stands."""
        known = [fact for _, fact in listed if fact is not None]
        if len(known) == len(listed) <= LISTED:
            inputs = tuple(Input(name, Decimal(1), unit, fact) for name, fact in listed)
        else:
            inputs = tuple(Input(label, Decimal(len(listed)), unit, fact) for fact in known[:1])
        template = " + ".join(f"{{{i}}}" for i in range(len(inputs))) or str(len(listed))
        note = ("、".join(name for name, _ in listed),)
        return Calculation(
            "count", label, "逐一列出后计数", template, inputs, Decimal(len(listed)), unit, None, note
        )


def with_input(inputs: tuple[Input, ...], item: Input) -> tuple[tuple[Input, ...], int]:
    """Return ``inputs`` with ``item`` among them, and where it stands."""
    for at, held in enumerate(inputs):
        if (held.fact, held.calculation, held.value) == (item.fact, item.calculation, item.value):
            return inputs, at
    return (*inputs, item), len(inputs)


__all__ = ["Bodies", "Ledger", "decimal", "header"]
