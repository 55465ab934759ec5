"""A codified standard as JSON and as lines for a reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from corpus.rules import Band, Demand, DispersionRule, Relaxation, Said, Standard, sources, standards
from tools.clauses import UNCONFIRMED, clause_text, limit_words
from tools.evidence import plain

_RULES = (
    ("申报前提", "preconditions"), ("一票否决", "vetoes"), ("不参加评估", "exclusions"),
    ("分组要求", "group_rules"), ("舍入", "rounding"),
)  # fmt: skip


def standard_json(own: Standard) -> dict[str, Any]:
    """Return the standard as plain data: its fields by name, numbers as decimal strings, days as ISO dates.

    ``references`` gives title and address of each source that any part cites.
    """
    made: dict[str, Any] = _plain_data(own)
    cited = sorted(set(_cited(made)), key=list(sources()).index)
    made["references"] = [_plain_data(sources()[name]) for name in cited]
    return made


def _plain_data(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain_data(item) for item in value]
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _cited(made: Any) -> Iterator[str]:
    if isinstance(made, dict):
        for key, value in made.items():
            yield from value if key == "sources" else _cited(value)
    elif isinstance(made, list):
        for item in made:
            yield from _cited(item)


def summary_line(own: Standard) -> str:
    """Return id, name, document and number of indicators, parted by tabs."""
    name = f"{own.name}{_mark(own.status)}"
    return f"{own.id}\t{name}\t{own.document}\t{len(own.demands)} 项指标"


def standard_lines(own: Standard) -> Iterator[str]:
    """Yield the whole standard: one line an indicator, then the rules and the sources."""
    yield f"{own.name}（{own.document}）{_mark(own.status)}"
    if own.companion:
        yield f"配套：{own.companion}"
    if own.variant_of is not None:
        yield f"适用于{'、'.join(own.regions)}，其余按{standards()[own.variant_of].name}"
    if own.since or own.until:
        yield f"有效期：{_term(own.since, own.until)}{_mark(own.dates)}"
    if own.scope:
        yield f"范围：{own.scope}"
    for aspect in own.aspects:
        yield f"{aspect.name}（{len(aspect.indicators)} 项）{_mark(aspect.status)}"
        for demand in aspect.indicators:
            limits = "；".join(limit_words(limit) for limit in demand.limits) or _without_limit(demand)
            document = f"〔{demand.document}〕" if demand.document else ""
            yield f"  {clause_text(demand)} | {limits}{document}{_source_words(demand.sources)}"
            for relaxation in demand.relaxations:
                yield f"      {_relaxed(relaxation)}"
            if demand.note:
                yield f"      注：{demand.note}"
    for band in own.bands:
        yield f"分档：{_banded(band)}"
    yield from _rule_lines(own)
    yield "来源："
    for reference in standard_json(own)["references"]:
        yield f"  {reference['id']} {reference['title']} {reference['address']}".rstrip()
    if own.note:
        yield f"说明：{own.note}"


def _without_limit(demand: Demand) -> str:
    return "没有限值" if demand.unit or demand.metrics else "定性，没有限值"


def _rule_lines(own: Standard) -> Iterator[str]:
    if own.passing is not None:
        yield f"达标规则：{own.passing.text}{_mark(own.passing.status)}{_source_words(own.passing.sources)}"
    if own.dispersion is not None:
        yield from _dispersion_lines(own.dispersion)
    if own.split is not None:
        yield f"拆分：{own.split.text}{_mark(own.split.status)}{_source_words(own.split.sources)}"
    for title, name in _RULES:
        said: Sequence[Said] = getattr(own, name)
        for one in said:
            yield f"{title}：{one.text}{_mark(one.status)}{_source_words(one.sources)}"


def _dispersion_lines(rule: DispersionRule) -> Iterator[str]:
    limits = "；".join(limit_words(limit) for limit in rule.limits)
    yield f"差异系数：{rule.text}{_mark(rule.status)} | {limits}{_source_words(rule.sources)}"
    yield f"      {rule.formula}{_mark(rule.formula_status)}"


def _relaxed(relaxation: Relaxation) -> str:
    term = f"{_term(relaxation.since, relaxation.until)}{_mark(relaxation.dates)}"
    note = f"；{relaxation.note}" if relaxation.note else ""
    return f"放宽（{term}，不自动适用）：{relaxation.text}{_mark(relaxation.status)}{note}"


def _banded(band: Band) -> str:
    least = "" if band.least is None else plain(band.least)
    most = "" if band.most is None else plain(band.most)
    range_words = f"{least}—{most}" if least and most else f"≥ {least}" if least else f"≤ {most}"
    return f"{band.name} {range_words}{band.unit}{_mark(band.status)}{_source_words(band.sources)}"


def _term(since: dt.date | None, until: dt.date | None) -> str:
    return f"{f'{since}起' if since else ''}{f'至{until}' if until else ''}"


def _mark(status: str) -> str:
    return UNCONFIRMED if status == "unconfirmed" else ""


def _source_words(cited: Sequence[str]) -> str:
    return f" [{','.join(cited)}]" if cited else ""
