"""A whole check: table and reports joined, every demand told, nothing decided without evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from indexes_fixtures import WordEmbedder
from tables_fixtures import csv_text, grid_of, make_row

from assistant.service import JunhengService
from assistant.settings import Settings
from corpus.schools.read import table_from
from indexes.store import Store
from tools.compliance import whole
from tools.compliance.model import Check, Verdict
from tools.compliance.shape import check_json
from tools.compliance.whole import NoDataForCheck
from tools.registry import BadCall

INDICATORS = [
    *(f"1.{n}" for n in range(1, 8)), *(f"2.{n}" for n in range(1, 16)), *(f"3.{n}" for n in range(1, 10)), "4",
]  # fmt: skip
REPORT = "桐城市2022年义务教育优质均衡发展自评报告\n\n2022年全市初中三年巩固率为{rate}。全市教师持证上岗率{certified}。"


class County:
    """A home to put texts and tables into."""

    def __init__(self, home: Path) -> None:
        self.store = Store.open(home, embedder=WordEmbedder())
        self.service = JunhengService(self.store, Settings(home=home))
        self.files = home.parent / "files"
        self.files.mkdir()

    def take(self, name: str, text: str, region: str = "桐城市", year: int = 2022) -> None:
        path = self.files / name
        path.write_text(text, "utf-8")
        (outcome,) = self.service.ingest([path], region=region, year=year)
        assert outcome.status == "added", outcome.message

    def table(self, name: str = "schools.csv", year: int = 2022, **values: Any) -> None:
        self.take(name, csv_text(grid_of([make_row(**values)])), year=year)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = County(tmp_path / "home")
    yield made
    made.service.close()


def named(check: Check, code: str) -> Verdict:
    return next(verdict for verdict in check.indicators if verdict.code == code)


def test_every_demand_is_told_from_table_and_report(county: County) -> None:
    """All 31 and 社会认可度, in order; what the table decides stands, and the report's figure is shown beside it."""
    county.take("a.txt", REPORT.format(rate="96.1%", certified="100%"))
    county.table(certified_teachers=49)
    check = whole.check(county.store, region="桐城市", year="2022")
    assert [v.code for v in check.indicators] == INDICATORS
    assert named(check, "3.1").status == "met"
    teachers = named(check, "2.12")
    assert teachers.status == "not_met" and "不一致" in teachers.remark and "100%" in teachers.remark
    assert named(check, "2.5").status == "met" and named(check, "2.5").parts
    assert [v.code for v in check.county[:6]] == ["2.3", "2.4", "2.5", "2.5", "2.11", "2.12"]
    assert {v.code for v in check.county} == set(INDICATORS[7:])
    assert check.units and check.dispersion


def test_a_school_that_fails_makes_the_county_fail(county: County) -> None:
    """1.x of the county: not met with one school below, open with a blank, and the schools are named."""
    county.table(qualified_teachers__primary=37)
    short = named(whole.check(county.store), "1.1")
    assert short.status == "not_met" and short.failing == ("青石县第一小学",)
    assert short.observed is not None and short.observed.shown == "1"
    blank = table_from(
        csv_text(grid_of([make_row(qualified_teachers__primary=None)])).encode(),
        "t.csv",
        region="桐城市",
        year=2022,
    )
    open_one = named(whole.check(None, table=blank), "1.1")
    assert open_one.status == "no_data" and open_one.missing and open_one.observed is None


def test_a_report_settles_what_the_table_lacks(county: County) -> None:
    """Without a column in the table the report's figure decides, and the remark says so."""
    county.take("a.txt", REPORT.format(rate="96.1%", certified="100%"))
    county.table(certified_teachers=None, teachers=None)
    check = whole.check(county.store)
    verdict = named(check, "2.12")
    assert verdict.status == "met" and "数据表" in verdict.remark and verdict.facts
    assert [v.status for v in check.county if v.code == "2.12"] == ["met"]


def test_a_table_by_itself_tells_every_demand() -> None:
    """No store: what no table holds is no data, with what would settle it, and no report is consulted."""
    table = table_from(csv_text(grid_of([make_row()])).encode(), "t.csv")
    check = whole.check(None, table=table)
    assert [v.code for v in check.indicators] == INDICATORS
    assert all(v.wanted for v in check.indicators if v.code.startswith("3."))
    assert check.region is None and {v.code for v in check.county} == {"2.3", "2.4", "2.5", "2.11", "2.12"}


def test_the_year_is_said_when_nobody_named_it(county: County) -> None:
    """The newest year of the region counts; a note says which and that there are others."""
    county.take("a.txt", REPORT.format(rate="93%", certified="100%"))
    county.take("b.txt", REPORT.format(rate="96%", certified="100%").replace("2022", "2023"), year=2023)
    check = whole.check(county.store)
    assert check.year == "2023" and named(check, "3.1").status == "met"
    assert any("2023年" in note and "2022年" in note for note in check.notes)
    earlier = whole.check(county.store, year="2022")
    assert named(earlier, "3.1").status == "not_met" and not earlier.notes


def test_who_is_meant_has_to_be_said(county: County) -> None:
    """Several regions are listed; another region's data never stand in; nothing stored is one clear line."""
    with pytest.raises(NoDataForCheck, match="资料里没有") as nothing:
        whole.check(county.store)
    assert nothing.value.reason == "no_data_for_check" and "\n" not in str(nothing.value)
    county.take("a.txt", REPORT.format(rate="96%", certified="100%"))
    county.take(
        "b.txt",
        REPORT.format(rate="90%", certified="98%").replace("桐城市", "枞阳县").replace("全市", "全县"),
        region="枞阳县",
    )
    with pytest.raises(BadCall, match="指明要检查哪一个"):
        whole.check(county.store)
    assert named(whole.check(county.store, region="枞阳县"), "3.1").status == "not_met"
    assert named(whole.check(county.store, region="安徽省安庆市桐城市"), "3.1").status == "met"
    with pytest.raises(NoDataForCheck, match="怀宁县"):
        whole.check(county.store, region="怀宁县")
    with pytest.raises(NoDataForCheck, match="2019年"):
        whole.check(county.store, region="桐城市", year="2019")


def test_a_province_with_a_variant_is_judged_by_it(county: County) -> None:
    """毛入园率 87 %: enough for the country, not for 河南省; the variant is named."""
    text = "{}2022年学前教育普及普惠自评报告\n\n2022年学前三年毛入园率为87%。"
    county.take("a.txt", text.format("桐城市"))
    county.take("b.txt", text.format("中牟县"), region="中牟县")
    assert named(whole.check(county.store, region="桐城市", standard_id="xueqian"), "1").status == "met"
    check = whole.check(county.store, region="中牟县", standard_id="xueqian")
    assert check.standard == "xueqian_henan" and named(check, "1").status == "not_met"
    assert any("河南省" in note for note in check.notes)


def test_the_evidence_can_be_opened(county: County) -> None:
    """Quotes are byte for byte what is stored, hold the figure, and every input of a calculation has a source."""
    county.take(
        "a.txt",
        "桐城市2022年学前教育报告\n\n在园幼儿20000人,其中公办园在园幼儿9000人。公办园在园幼儿占比达到50%以上。",
    )
    made = check_json(whole.check(county.store, standard_id="xueqian"))
    json.dumps(made, ensure_ascii=False)
    verdict = next(v for v in made["indicators"] if v["code"] == "3")
    assert verdict["status"] == "not_met" and verdict["observed"]["value"] == "45.00"
    _assert_opened(county.store, verdict)
    assert [i["source"].startswith("citation:") for c in verdict["calculations"] for i in c["inputs"]] == [
        True
    ] * 2


def _assert_opened(store: Store, verdict: dict[str, Any]) -> None:
    for citation in verdict.get("citations", []):
        report = store.report(citation["report_id"])
        assert report is not None
        assert report.text[citation["start"] : citation["end"]] == citation["quote"]
    for fact in verdict.get("facts", []):
        report = store.report(fact["report_id"])
        assert report is not None
        assert report.text[fact["start"] : fact["end"]] in fact["quote"]


def _taken(county: County, shared: Path, slug: str) -> None:
    (path,) = (shared / "reports").glob(f"{slug}*.txt")
    (outcome,) = county.service.ingest([path])
    assert outcome.status == "added", outcome.message


REAL = {
    "000_": {
        "3.2": ("met", "97"),
        "3.1": ("no_data", None),
        "2.11": ("no_data", None),
        "3.4": ("no_data", None),
    },
    "xuanzhou": {"2.15": ("met", "98.08"), "3.2": ("no_data", None)},
    "qingyang": {"3.2": ("met", "98.36")},
    "tongnan": {"4": ("no_data", None), "3.1": ("no_data", None)},
    "dazu": {"2.9": ("no_data", None), "1.1": ("no_data", None)},
}


@pytest.mark.parametrize("slug", REAL)
def test_real_reports_settle_only_what_they_state(county: County, shared: Path, slug: str) -> None:
    """Each of the 32 is told; a verdict stands on a figure that its quotation holds, or that a formula gives."""
    _taken(county, shared, slug)
    made = check_json(whole.check(county.store))
    assert [v["code"] for v in made["indicators"]] == INDICATORS
    found = {v["code"]: (v["status"], (v["observed"] or {}).get("value")) for v in made["indicators"]}
    assert {code: found[code] for code in REAL[slug]} == REAL[slug]
    for verdict in made["indicators"]:
        _assert_opened(county.store, verdict)
        if verdict["status"] in ("met", "not_met"):
            results = [c["result"]["value"] for c in verdict.get("calculations", [])]
            said = [fact["value"] for fact in verdict["facts"]]
            assert verdict["facts"] and verdict["observed"]["value"] in (*results, *said)
        else:
            assert verdict["status"] == "no_data" and verdict["wanted"] and verdict["remark"]


def test_real_preschool_reports(county: County, shared: Path) -> None:
    """91.03 % is met as stated; 公办园 is judged by the counts, 23.52 %, with the claim of 50 % 以上 beside it."""
    _taken(county, shared, "000_")
    _taken(county, shared, "hengnan")
    check = whole.check(county.store, region="召陵区", standard_id="xueqian")
    assert check.standard == "xueqian_henan"
    public, inclusive = named(check, "3"), named(check, "2")
    assert inclusive.status == "met" and inclusive.observed and inclusive.observed.shown == "91.03"
    assert public.status == "not_met" and public.observed and public.observed.shown == "23.52"
    assert "50%以上" in public.remark and "不一致" in public.remark
    assert {"50%", "3514人", "14943人"} <= {fact.as_printed for fact in public.facts}
    other = whole.check(county.store, region="衡南县", standard_id="xueqian")
    shown = {v.code: (v.status, v.observed.shown) for v in other.indicators if v.observed}
    assert shown == {
        "1": ("not_met", "83.1"), "2": ("not_met", "71.4"), "3": ("not_met", "41.02"), "5": ("not_met", "25.5"),
    }  # fmt: skip
