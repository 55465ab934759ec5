"""One number of a table as a fact: its name, unit, time, role and what it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.facts import labels
from corpus.facts.tables_columns import Column
from corpus.facts.tables_heads import Head
from corpus.facts.tables_layout import Row
from corpus.facts.tables_lines import Cell
from corpus.facts.tables_naming import Naming, name_cell, place_of
from corpus.facts.tables_reading import Names, Reading
from corpus.facts.tables_titles import per_head
from corpus.facts.tables_units import counted_unit, natural_dimensions
from corpus.facts.tables_words import sort_of
from corpus.model import Fact, Kind, Quantity, Role
from corpus.units import dimension

MARKS = "△▲▽▼↓↑("
"""What a table may print for a fall (or a rise) instead of a sign."""
_FALLING = re.compile(r"下降|减少|降幅|降低|减幅")
_RISING = re.compile(r"[增升涨]|提高")


def cell_fact(
    reading: Reading, row: Row, column: Column, cell: Cell, quantity: Quantity, names: Names,
    units: tuple[str, ...], levels: list[tuple[str, Fact]], mark: str,
) -> Fact | None:  # fmt: skip
    """Return the fact of a cell that is ``quantity``, None where a printed ``mark`` leaves its sign open.

    ``units`` are those of the row's column of units; ``levels`` the row's levels before it with their heads' words.
    """
    report, rows, parents = reading.report, names.own, names.parents
    columns = reading.columns[column.index]
    moving = _moving(columns, rows)
    across = moving is not None and moving not in columns
    role: Role = "level"
    about: Fact | None = None
    if moving is not None and moving.move is not None:
        role = moving.move
        words = "".join(head.own for head in rows if not head.move) if across else core_of(columns)
        period = next((head.period for head in reversed(columns) if head.period), None)
        beside = reading.columns.get(column.index - 1, ())
        if period is None and role == "share" and any(head.move in ("rate", "change") for head in beside):
            period = max((fact.period for _, fact in levels if fact.period), default=None)
        about = _about(reading.by_column.get(column.index, []) if across else levels, words, role, period)
    said = _said_units(units, rows, columns, moving)
    heads, above = [*_light(parents, rows), *rows], names.measure if not (units or said[1]) else ()
    naming = name_cell(heads, columns, reading.frame, quantity.unit or said[0] or said[1], report, above)
    if naming.borrowed and not any(said):
        said = "", next((head.units[0] for head in above if len(head.units) == 1), "")
    unit = quantity.unit or (said[1] or said[0] if naming.by_row else said[0] or said[1])
    if not unit:
        large = reading.large.get(column.index, False)
        unit = _settled_unit(reading, naming, quantity, role, moving, about, large)
    naming = name_cell(heads, columns, reading.frame, unit, report, above)
    if naming.metric_id is None and (each := per_head(unit, naming.metric)) != unit:
        again = name_cell(heads, columns, reading.frame, each, report, above)
        if again.metric_id is not None:  # the catalogue has it in 元 where a table says 元/生
            naming, unit = again, each
    if moving is not None and moving.loose and role != "share":
        plain = about is None or dimension(about.unit) not in ("percent", "permille")
        role = "rate" if dimension(unit) in ("percent", "permille") and plain else role
    before = [] if across else [pair for pair in levels if pair[1].role == "level"]
    direction = _direction(quantity, moving, role, mark, before)
    if mark and mark in MARKS and direction is None:
        return None
    metric, metric_id, stage, subject = naming.metric, naming.metric_id, naming.stage, naming.subject
    if about is not None and role in ("rate", "change"):
        metric, metric_id, stage, subject = about.metric, about.metric_id, about.stage, about.subject
    elif about is not None and role == "share" and metric_id is None:
        metric, stage, subject = _share_name(naming.metric, about), about.stage, about.subject
    period = period_of(reading, names, columns)
    if about is not None and (role != "share" or not any(head.period or head.relative for head in columns)):
        period = about.period
    region, kind = _region(naming, reading, names, columns)
    return Fact(
        id=f"{report.id}-{quantity.start}",
        report_id=report.id,
        region=region,
        subject=subject,
        metric=metric,
        metric_id=metric_id,
        stage=stage,
        value=quantity.value,
        unit=unit,
        as_printed=quantity.as_printed,
        period=period,
        qualifier=quantity.qualifier,
        kind=kind,
        role=role,
        label=_label(parents, row, column),
        context=reading.frame.context,
        section=reading.frame.section,
        start=quantity.start,
        end=quantity.end,
        clause=(cell.start, cell.end),
        sentence=(row.cells[0].start, row.cells[-1].end),
        direction=direction,
        of=about.id if about else None,
        upper=quantity.upper,
        base_period=_base_period(moving, period) if role in ("rate", "change") else None,
    )


def _moving(columns: Sequence[Head], rows: Sequence[Head]) -> Head | None:
    """Return the head that makes a number a change or a share: of a share that changed, the one of the change."""
    heads = [head for head in (*columns, *rows) if head.move]
    return next((head for head in heads if head.move != "share"), heads[0] if heads else None)


def core_of(heads: Sequence[Head]) -> str:
    """Return the words of heads that name something, joined."""
    return "".join(head.own for head in heads if not head.generic)


def kind_of(reading: Reading, names: Names, columns: Sequence[Head]) -> Kind:
    """Return what the heads, or else the title, say a number is: a result, a plan, a target or a rule."""
    heads = (*reversed(columns), *reversed(names.own), *reversed(names.parents))
    said = next((head.kind for head in heads if head.kind != "actual"), None)
    if said == "policy" and reading.baseline and _to_come(reading, period_of(reading, names, columns)):
        return "target"
    if said is not None or reading.frame.kind != "actual":
        return said or reading.frame.kind
    if any(_REACHED.search(head.text) for head in columns):
        return "actual"
    return "target" if _to_come(reading, period_of(reading, names, columns)) else "actual"


_REACHED = re.compile(r"完成|实际|实绩|达成")


def _to_come(reading: Reading, period: str | None) -> bool:
    """Tell whether a number is of a time that the report could not know: of a later year, in a table that plans."""
    year = period.rpartition("/")[2][:4] if period else ""
    if not year.isdigit():
        return False
    frame, known = reading.frame, reading.report.year
    if reading.baseline is not None:
        return int(year) > reading.baseline
    if frame.planning and frame.period != period:
        return (known is not None and int(year) > known) or int(year) == reading.horizon
    return known is not None and int(year) > known + 1


def _light(parents: Sequence[Head], rows: Sequence[Head]) -> list[Head]:
    """Return what a row is a part of, without the metric where the row names one itself."""
    if any(sort_of(head.own, True) == "measure" for head in rows if not head.generic):
        return [head for head in parents if sort_of(head.own, True) != "measure"]
    return list(parents)


def _label(parents: Sequence[Head], row: Row, column: Column) -> str:
    words = [*(head.text for head in parents), row.name, column.head]
    return re.sub(r"\s+", " ", " ".join(word for word in words if word)).strip()[:160]


def _said_units(
    units: tuple[str, ...], rows: Sequence[Head], columns: Sequence[Head], moving: Head | None
) -> tuple[str, str]:
    """Return the unit that the column's heads say and the one that the row says, each "" where it says none.

    The row's unit is that of its level, so it does not go for a column of changes.
    """
    column = next((head.units[0] for head in reversed(columns) if len(head.units) == 1), "")
    row = next((head.units[0] for head in reversed(rows) if len(head.units) == 1), "")
    row = units[0] if len(units) == 1 else row
    natural = natural_dimensions(core_of(columns)) or ()
    if row and {"ratio", "none", "percent"} & {*natural} and dimension(row) not in natural:
        row = ""  # that of the row's own metric, not of a coefficient or share of it
    natural = natural_dimensions(core_of(rows)) or ()
    if column and {"ratio", "none"} & {*natural} and dimension(column) not in natural:
        column = ""
    return column, "" if moving is not None and moving in columns else row


def _settled_unit(
    reading: Reading, naming: Naming, quantity: Quantity, role: Role, moving: Head | None,
    about: Fact | None, large: bool,
) -> str:  # fmt: skip
    """Return the unit of a number for which neither cell nor heads say one."""
    if role in ("rate", "share"):
        return "%" if large else ""
    if role == "change":
        if about is None or (
            moving is not None and moving.loose and "增" not in moving.text and "减" not in moving.text
        ):
            return ""
        return "百分点" if dimension(about.unit) == "percent" else about.unit
    natural = natural_dimensions(naming.metric)
    fitting = reading.stated.fitting(naming.metric) if reading.stated.units else None
    if fitting is not None:
        return fitting
    if natural and "percent" in natural:
        known = naming.metric_id is not None or bool(re.search(r"率$", naming.metric))
        return "%" if large and known and abs(quantity.value) <= 300 else ""
    if labels.bare_stage(naming.metric) or "." in quantity.as_printed:
        return ""  # pupils or schools: a stage alone does not say what was counted
    return counted_unit(naming.metric, quantity.value)


def _about(found: Sequence[tuple[str, Fact]], core: str, role: Role, period: str | None) -> Fact | None:
    """Return what a change, rate or share is about: the level (or share) of the same name, and of the latest time.

    ``period`` is the one that the head of a share names, whose level then goes before the others.
    """
    kept = [(words, fact) for words, fact in found if fact.role == "level"]
    if role == "share":
        plain = [fact for _, fact in kept if dimension(fact.unit) not in ("percent", "permille", "ratio")]
        return next((fact for fact in reversed(plain) if fact.period == period), plain[-1]) if plain else None
    named = [fact for words, fact in found if words == core and (core or fact.role == "level")]
    if not kept and not named:
        return None
    if not named and core:
        named = [fact for words, fact in kept if words and (words in core or core in words)]
        if not named:
            return None
    if not named:
        last = kept[-1][1]
        named = [f for _, f in kept if f.metric == last.metric and dimension(f.unit) == dimension(last.unit)]
    actual = [fact for fact in named if fact.kind == "actual"] or named
    return max(actual, key=lambda f: (f.period or "", f.start))


def _share_name(own: str, about: Fact) -> str:
    """Return the name of a share whose head only says that it is one (占比, 占总数的比例)."""
    if own.startswith(("占", "所占")) and len(own) > 2:
        return about.metric + own.removeprefix("所")
    return f"{about.metric}占比" if re.fullmatch(r".{0,4}(?:占比|比例|比重|百分比|构成)%?", own) else own


def _direction(
    quantity: Quantity, moving: Head | None, role: Role, mark: str, levels: Sequence[tuple[str, Fact]]
) -> str | None:
    """Return "up" or "down" for a change; a fall that a mark prints counts only where two levels bear it out."""
    if role not in ("rate", "change") or moving is None:
        return None
    if mark and mark in MARKS:
        dated = sorted((f for _, f in levels if f.period), key=lambda f: f.period or "")[-2:]
        if len(dated) < 2 or dated[0].unit != dated[1].unit or dated[0].period == dated[1].period:
            return None
        falls = dated[1].value < dated[0].value
        if dated[1].value == dated[0].value or (mark in "↓▼(" and not falls) or (mark == "↑" and falls):
            return None
        return "down" if falls else "up"
    falling = bool(_FALLING.search(moving.text)) and not _RISING.search(moving.text)
    return "down" if (quantity.value < 0) != falling else "up"


def period_of(reading: Reading, names: Names, columns: Sequence[Head]) -> str | None:
    """Return the time that the heads say, the innermost of the column first, else that of the table."""
    for head in (*reversed(columns), *reversed(names.own), *reversed(names.parents)):
        if head.period:
            return head.period
        if head.relative:
            return reading.frame.resolve(head.relative)
    period = reading.frame.period
    heads = (*columns, *names.own, *names.parents)
    if any("基期" in head.text for head in heads):
        return None  # the table does not say when that was
    if reading.frame.planning and period and "/" in period and reading.frame.kind == "actual":
        return None if all(head.kind == "actual" for head in heads) else period
    return period


def _base_period(moving: Head | None, period: str | None) -> str | None:
    if moving is None or moving.base is None or not period or not period[:4].isdigit():
        return None
    if match := re.match(r"(?:19|20)\d\d", moving.base):
        return match[0]
    return str(int(period[:4]) - 1) if re.match(r"上|去年|前一?年", moving.base) else None


def _region(
    naming: Naming, reading: Reading, names: Names, columns: Sequence[Head]
) -> tuple[str | None, Kind]:
    """Return whose number it is, and its kind: that of a place outside the report's own is a reference."""
    report, kind = reading.report, kind_of(reading, names, columns)
    path, region = report.region_path, report.region
    if not naming.place:
        return region, kind
    outside: Kind = kind if kind != "actual" else "reference"
    if wide := re.match(r"全([国省市])", naming.place):
        above = {
            "国": "全国",
            "省": path[0] if len(path) > 1 else None,
            "市": path[1] if len(path) > 2 else None,
        }
        name = above[wide[1]]
        return (name, outside) if name and name != region else (region, kind)
    found = place_of(naming.place)
    if found is None or found[0] == region:
        return region, kind
    return found[0], kind if region is None or region in found[1] else outside
