"""Links between the facts of one sentence that can only be seen once all of them are read."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from corpus.model import Fact
from corpus.sameness import sameness
from corpus.units import convert, dimension


def follow(base: Fact, level: Fact) -> Fact:
    """Let a base that was read before its level take the level's name ("由上年的X增加到Y")."""
    if base.of is not None or base.role != "base":
        return base
    return replace(
        base, of=level.id, metric=level.metric, metric_id=level.metric_id, stage=level.stage, subject=level.subject,
        label=level.label if not base.label else base.label,
    )  # fmt: skip


_NEXT = 6
_BEHIND = tuple(f"),{word}" for word in ("增长", "下降", "增幅", "降幅", "减少", "增加", "上升", "减幅"))
_BRACKET = re.compile(r"\([^()]{0,60}\)")
"""Characters between a change and the rate of the same change: a comma and 下降, 增幅为."""


def rename(change: Fact, base: Fact | None) -> Fact:
    """Let a change without a level go by the name of its base ("在校生比上年的900人减少50人")."""
    if base is None or not base.label:
        return change
    return replace(
        change,
        metric=base.metric,
        metric_id=base.metric_id,
        stage=base.stage,
        subject=base.subject,
        label=base.label,
    )


def carry(facts: list[Fact], masked: str) -> list[Fact]:
    """Return ``facts`` with a rate about what the change just before it is about, where that has no level.

    "毕业4902人,在校生比上年减少189人,下降0.63%": the rate is that of 在校生, not of the count told last.
    """
    for index in range(1, len(facts)):
        change, rate = facts[index - 1], facts[index]
        if masked[rate.sentence[0] : rate.start].endswith(_BEHIND) and rate.role == "rate":
            change = next(
                (f for f in reversed(facts[max(0, index - 4) : index]) if f.role == "change"), change
            )
        between = _BRACKET.sub("", masked[change.end : rate.start])
        close = rate.start > change.end and len(between) <= _NEXT
        if (
            change.role == "change"
            and change.of is None
            and rate.role == "rate"
            and close
            and (rate.of or between != masked[change.end : rate.start])
        ):
            if rate.label != change.label and rate.direction == change.direction:
                facts[index] = replace(rename(rate, change), of=None, base_period=change.base_period)
    return facts


def leave_brackets(facts: list[Fact], masked: str) -> list[Fact]:
    """Return ``facts`` with a share behind a bracket tied to the figure before the bracket, not to one in it.

    "本科及以上3016人(研究生94人),占79.6%": the share is that of the 3016.
    """
    by_id = {fact.id: fact for fact in facts}
    for index, share in enumerate(facts):
        inner = by_id.get(share.of or "")
        if share.role != "share" or inner is None or inner.role != "level" or not inner.label:
            continue
        between = masked[inner.end : share.start]
        opened = masked.rfind("(", inner.sentence[0], inner.start)
        if between.count(")") <= between.count("(") or opened < 0 or inner.label not in share.metric:
            continue
        outer = next((f for f in reversed(facts[:index]) if f.end <= opened and f.role == "level"), None)
        if outer is not None and dimension(outer.unit) == dimension(inner.unit) and outer.label:
            metric = share.metric.replace(inner.label, outer.label)
            facts[index] = replace(
                share, of=outer.id, label=outer.label, stage=outer.stage, subject=outer.subject, metric=metric,
                metric_id=share.metric_id if metric == share.metric else None,
            )  # fmt: skip
    return facts


def settle(facts: list[Fact]) -> list[Fact]:
    """Return ``facts`` with comparisons moved from the last part to the whole where only that one fits.

    In "资金100万元,其中A 60万元,B 40万元,比上年的90万元增加10万元" the words do not say what is compared; the
    figures do. A comparison that fits neither is left where it is: the report's slip stays to be seen.
    """
    by_id = {fact.id: index for index, fact in enumerate(facts)}
    for index, base in enumerate(facts):
        if base.role != "base" or base.of not in by_id:
            continue
        level = facts[by_id[base.of]]
        if (
            level.role != "level"
            or base.label != level.label
            or dimension(base.unit) != dimension(level.unit)
        ):
            continue
        moved = [i for i in range(index + 1, min(index + 4, len(facts))) if facts[i].of == level.id]
        moved = [i for i in moved if facts[i].role in ("change", "rate")]
        if not moved or _fits(level, base, [facts[i] for i in moved]):
            continue
        wholes = [f for f in facts[max(0, by_id[level.id] - 8) : by_id[level.id]] if f.role == "level"]
        for whole in wholes:
            if dimension(whole.unit) == dimension(base.unit) and _fits(
                whole, base, [facts[i] for i in moved]
            ):
                for i in (index, *moved):
                    facts[i] = replace(
                        facts[i], of=whole.id, metric=whole.metric, metric_id=whole.metric_id,
                        stage=whole.stage, subject=whole.subject, label=whole.label,
                    )  # fmt: skip
                break
    return facts


def _fits(level: Fact, base: Fact, moved: list[Fact]) -> bool:
    """True if every stated change is that between ``base`` and ``level``, up to the rounding printed."""
    before = convert(base.value, base.unit, level.unit)
    difference = level.value - before
    for fact in moved:
        sign = -1 if fact.direction == "down" else 1
        if fact.role == "rate":
            if not before or abs(difference / before * 100 - sign * fact.value) > Decimal("0.06"):
                return False
        elif dimension(fact.unit) == dimension(level.unit):
            if difference != sign * convert(fact.value, fact.unit, level.unit):
                return False
    return True


def distinct(facts: list[Fact]) -> list[Fact]:
    """Return ``facts`` without the indicator of a name that may be another one's, where the sentence tells that one too.

    "普惠性幼儿园占比93.75%,普惠覆盖率87.21%": the first is of kindergartens, for no indicator has two values.
    """
    told: dict[tuple[str | None, str | None, str | None], list[Fact]] = {}
    for fact in facts:
        if fact.metric_id is not None and fact.role in ("level", "share") and fact.kind == "actual":
            told.setdefault((fact.metric_id, fact.stage, fact.period), []).append(fact)
    lost = {
        fact.id
        for alike in told.values()
        if len({fact.value for fact in alike}) > 1
        for fact in alike
        if fact.metric in sameness().doubtful
    }
    return [replace(fact, metric_id=None) if fact.id in lost else fact for fact in facts]
