"""Standards as dated rules: every bound from both sides, every day of force, what the standards say."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.errors import CatalogueError
from corpus.limits import Limit
from corpus.places import find
from corpus.rules import Standard, in_force, limit_of, standard, standards

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "standards.yaml").read_text(encoding="utf-8")
)
SEVEN = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7")


def name_of(case: dict[str, Any]) -> str:
    words = (
        case.get(key) for key in ("standard", "code", "part", "stage", "key", "kind", "band", "relaxation")
    )
    return "-".join(str(word) for word in words if word is not None)


def limit_of_case(case: dict[str, Any]) -> Limit:
    """Return the limit that a case names, as the calculations look it up."""
    own = standards()[case["standard"]]
    stage, key = case.get("stage", "county"), case.get("key", "")
    if case.get("part") == "dispersion":
        assert own.dispersion is not None
        return next(limit for limit in own.dispersion.limits if limit.stage == stage)
    found = limit_of(own.demand(case["code"]), stage, key=key, kind=case.get("kind"))
    assert found is not None, "no such limit"
    return found


def all_limits() -> Iterator[tuple[Standard, str, Limit]]:
    for own in standards().values():
        for demand in own.demands:
            yield from ((own, demand.code, limit) for limit in demand.limits)
        for limit in own.dispersion.limits if own.dispersion is not None else ():
            yield own, "dispersion", limit


# Bounds


@pytest.mark.parametrize("case", CASES["limits"], ids=name_of)
def test_bound_is_kept_and_broken(case: dict[str, Any]) -> None:
    """A value on the right side of a limit, and at it as its operator says, keeps it; the others break it."""
    limit = limit_of_case(case)
    than = Fraction(case["than"]) if "than" in case else None
    kept = {value: limit.allows(Fraction(value), than) for value in (*case["keeps"], *case["breaks"])}
    assert kept == {**dict.fromkeys(case["keeps"], True), **dict.fromkeys(case["breaks"], False)}


@pytest.mark.parametrize("case", CASES["limits"], ids=name_of)
def test_case_stands_on_both_sides_of_its_bound_and_at_it(case: dict[str, Any]) -> None:
    """Each case has the bound itself, something below and something above, so no slip of the operator passes."""
    limit = limit_of_case(case)
    bound = Fraction(case["than"] if limit.value is None else limit.value)
    values = [Fraction(value) for value in (*case["keeps"], *case["breaks"])]
    assert min(values) < bound < max(values)
    assert bound in values


def test_no_limit_lacks_a_case() -> None:
    """Every limit of every standard, for each type of school it names, is looked up by some case."""
    seen = {id(limit_of_case(case)) for case in CASES["limits"]}
    assert [(own.id, code, limit) for own, code, limit in all_limits() if id(limit) not in seen] == []
    for own, code, limit in all_limits():
        kinds = {case["kind"] for case in CASES["limits"] if case.get("code") == code and "kind" in case}
        assert set(limit.kinds) <= kinds, (own.id, code)


@pytest.mark.parametrize("case", CASES["bands"], ids=name_of)
def test_band_holds_its_ends_and_nothing_beyond(case: dict[str, Any]) -> None:
    """A named range of class sizes includes both ends."""
    (band,) = [one for one in standards()[case["standard"]].bands if one.name == case["band"]]
    assert all(band.holds(Fraction(value)) for value in case["holds"])
    assert not any(band.holds(Fraction(value)) for value in case["excludes"])
    ends = {str(end) for end in (band.least, band.most) if end is not None}
    assert ends <= set(case["holds"])


def test_no_band_lacks_a_case() -> None:
    """Every named range has its case."""
    named = {(own.id, band.name) for own in standards().values() for band in own.bands}
    assert named == {(case["standard"], case["band"]) for case in CASES["bands"]}


def test_limit_without_a_number_needs_the_quantity_it_names() -> None:
    """A bound that is another quantity is compared with that quantity's value only; a repealed one never."""
    than = limit_of(standards()["youzhi_junheng"].demand("2.8"), "county")
    assert than is not None
    with pytest.raises(ValueError, match="quantity"):
        than.allows(Fraction(1))
    number = limit_of(standards()["youzhi_junheng"].demand("2.9"), "county")
    assert number is not None
    with pytest.raises(ValueError, match="quantity"):
        number.allows(Fraction(1), Fraction(1))
    with pytest.raises(ValueError, match="quantity"):
        Limit("≥", "人", None).allows(Fraction(1))
    with pytest.raises(ValueError, match="1:0"):
        Limit("≥", "1:N", Decimal(15)).allows(Fraction(0))


# Days


def dated(case: dict[str, Any]) -> Any:
    own = standards()[case["standard"]]
    if "code" not in case:
        return own
    demand = own.demand(case["code"])
    return demand.relaxations[case["relaxation"]] if "relaxation" in case else demand.limits[0]


@pytest.mark.parametrize("case", CASES["dates"], ids=name_of)
def test_rule_holds_from_its_first_to_its_last_day(case: dict[str, Any]) -> None:
    """The days named within are in force, those before and after are not; the ends are among those named."""
    rule = dated(case)
    assert all(in_force(rule, day) for day in case["within"])
    assert not any(in_force(rule, day) for day in (*case.get("before", ()), *case.get("after", ())))
    assert {rule.since, rule.until} <= {None, *case["within"]}
    step = dt.timedelta(days=1)
    assert rule.since is None or rule.since - step in case["before"]
    assert rule.until is None or rule.until + step in case["after"]
    assert in_force(rule, None) == (rule.until is None)


def test_no_date_lacks_a_case() -> None:
    """Every standard, limit and relaxation with a day has its case."""
    seen = {id(dated(case)) for case in CASES["dates"]}
    rules_of: list[tuple[str, Any]] = [(own.id, own) for own in standards().values()]
    rules_of += [(own.id, limit) for own, _, limit in all_limits()]
    rules_of += [
        (own.id, relaxation)
        for own in standards().values()
        for demand in own.demands
        for relaxation in demand.relaxations
    ]
    assert [
        (name, rule) for name, rule in rules_of if (rule.since or rule.until) and id(rule) not in seen
    ] == []


def test_limit_follows_its_dates() -> None:
    """Each day has the limit of its time; after a repeal there is none; without a day the newest counts."""
    demand = replace(
        standards()["youzhi_junheng"].demand("2.9"),
        limits=(
            Limit("≥", "%", Decimal(50), since=dt.date(2015, 1, 1), until=dt.date(2019, 12, 31)),
            Limit("≥", "%", Decimal(60), since=dt.date(2020, 1, 1), until=dt.date(2025, 12, 31)),
            Limit("≥", "%", None, since=dt.date(2026, 1, 1)),
        ),
    )
    found = {
        day: limit_of(demand, "county", on=dt.date.fromisoformat(day))
        for day in ("2014-12-31", "2015-01-01", "2019-12-31", "2020-01-01", "2025-12-31", "2026-01-01")
    }
    assert [limit and limit.value for limit in found.values()] == [
        None, Decimal(50), Decimal(50), Decimal(60), Decimal(60), None,
    ]  # fmt: skip
    assert limit_of(demand, "county") is None


# What the standards say


def test_indicators_are_complete() -> None:
    """优质均衡 has 7 + 15 + 9 indicators and 社会认可度, each with clause and short name, in the form's order."""
    own = standards()["youzhi_junheng"]
    assert [(aspect.name, len(aspect.indicators)) for aspect in own.aspects] == [
        ("资源配置", 7), ("政府保障程度", 15), ("教育质量", 9), ("社会认可度", 1),
    ]  # fmt: skip
    assert [demand.code for demand in own.demands] == [
        *SEVEN, *(f"2.{n}" for n in range(1, 16)), *(f"3.{n}" for n in range(1, 10)), "4",
    ]  # fmt: skip
    assert all(demand.clause and demand.short and demand.wanted for demand in own.demands)
    assert all(demand.limits or demand.judged == "qualitative" for demand in own.demands)
    assert all(demand.words for demand in own.demands if demand.judged != "table")


def test_dispersion_of_the_two_standards_is_never_mixed() -> None:
    """优质均衡 limits each of seven indicators, 基本均衡 the mean over its eight, with limits of their own."""
    high, basic = standards()["youzhi_junheng"].dispersion, standards()["jiben_junheng"].dispersion
    assert high is not None and basic is not None
    assert (high.per, high.codes) == ("indicator", SEVEN)
    assert (basic.per, len(basic.codes)) == ("composite", 8)
    assert {limit.stage: str(limit.value) for limit in high.limits} == {"primary": "0.50", "junior": "0.45"}
    assert {limit.stage: str(limit.value) for limit in basic.limits} == {"primary": "0.65", "junior": "0.55"}
    assert {limit.status for limit in high.limits} == {"confirmed"}
    assert {limit.status for limit in basic.limits} == {"unconfirmed"}
    assert (high.formula_status, basic.formula_status) == ("unconfirmed", "confirmed")


def test_pass_rule_and_split_are_as_written() -> None:
    """Six of seven with the other at 85 %; facilities 1 : 1.1 : 1.32, teachers not split."""
    own = standards()["youzhi_junheng"]
    assert own.passing is not None and own.split is not None
    assert (own.passing.least, own.passing.floor, own.passing.codes) == (6, Decimal("0.85"), SEVEN)
    assert (own.split.primary, own.split.junior, own.split.senior) == (1, Decimal("1.1"), Decimal("1.32"))
    assert own.split.codes == SEVEN[3:]


def test_variant_holds_in_its_province_from_its_day() -> None:
    """A county of the province has the variant merged in, elsewhere and before its day the national text holds."""
    (county,) = (place for place in find("金水区") if place.current)
    here = standard("xueqian", region_path=county.path)
    assert here.id == "xueqian_henan"
    assert len(here.demands) == len(standards()["xueqian"].demands) + 1
    assert here.demand("1").limits[0].value == 90
    assert (here.demand("2").document, here.demand("1").document) == ("教督〔2020〕1号", "")
    assert standard("xueqian", region_path=county.path, on=dt.date(2021, 1, 1)).id == "xueqian"
    assert standard("xueqian", region_path=("湖北省", "随州市")).id == "xueqian"
    assert standard("xueqian").demand("1").limits[0].value == 85
    with pytest.raises(CatalogueError, match=r"没有标准“nonsense”.*youzhi_junheng"):
        standard("nonsense")


def test_what_only_memory_bears_out_is_unconfirmed() -> None:
    """No part is confirmed without a source; whoever cites memory alone says so."""
    for _, _, limit in all_limits():
        assert limit.sources
        assert limit.status == "unconfirmed" or set(limit.sources) - {"MEM"}


def test_standards_agree_with_the_facts_at_hand(shared: Path) -> None:
    """Codes, bounds and operators of 优质均衡 are those of the collected facts, digit for digit."""
    facts = json.loads((shared / "standards.json").read_text("utf-8"))["youzhi_junheng"]["indicators"]
    stages = {"小学": "primary", "初中": "junior"}
    own = standards()["youzhi_junheng"]
    listed = [fact for group in facts.values() for fact in group]
    assert [fact["code"] for fact in listed] == [demand.code for demand in own.demands if demand.code != "4"]
    for fact in listed:
        for who, bound in (fact["thresholds"] or {}).items():
            if who in stages and fact["code"] != "2.4":
                limit = limit_of(own.demand(fact["code"]), stages[who])
                assert limit is not None
                assert (limit.value, limit.operator) == (
                    Decimal(str(bound)),
                    {">=": "≥", "<=": "≤"}[fact["op"]],
                )
