"""Audits against what is stored: two reports of a region, figures far from all others, batches, and the cache."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from indexes_fixtures import WordEmbedder

from corpus.errors import JunhengError
from corpus.facts import read_facts
from corpus.model import Document, Report
from corpus.readers import read
from indexes.store import Store
from tools.audit.model import Finding
from tools.audit.peers import SAMPLE, peers_of
from tools.audit.stored import audit_all, audit_file, audit_files, audit_stored

EARLIER = """2022年教育经费执行情况公告
2022年，全县教育经费总投入18.39亿元。全县一般公共预算教育支出9.12亿元，九年义务教育巩固率97.6%。全县在园幼儿15210人。
"""
LATER = """2023年教育工作自评报告
2023年，全县教育经费总投入21.27亿元，比2022年的18.93亿元增加2.34亿元，增长12.36%。
2022年全县一般公共预算教育支出9.12亿元。
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "home", embedder=WordEmbedder()) as opened:
        yield opened


@pytest.fixture
def put(store: Store, tmp_path: Path):  # type: ignore[no-untyped-def]
    def add(name: str, text: str, region: str = "青禾县", year: int = 2023) -> Report:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        report = read(path, region=region, year=year)
        store.put(Document(report, (), read_facts(report)), source=name, digest=text[:40])
        return report

    return add


def of(findings: tuple[Finding, ...], check: str) -> list[Finding]:
    return [f for f in findings if f.check == check]


def test_the_base_of_one_report_and_the_level_of_another(store: Store, put) -> None:  # type: ignore[no-untyped-def]
    """2022 as base (18.93) and as its own report states it (18.39) differ; what agrees is said to agree."""
    before, after = put("a.txt", EARLIER, year=2022), put("b.txt", LATER)
    found = of(audit_stored(store, after.id), "across")
    assert {(f.verdict, str(f.stated.value)) for f in found if f.stated} == {
        ("inconsistent", "18.93"), ("consistent", "9.12")
    }  # fmt: skip
    (wrong,) = [f for f in found if f.verdict == "inconsistent"]
    assert before.title in wrong.explanation.text and "18.39亿元" in wrong.explanation.text
    assert {e.report_id for e in wrong.evidence} == {before.id, after.id}
    back = of(audit_stored(store, before.id), "across")
    assert [str(f.stated.value) for f in back if f.stated and f.verdict == "inconsistent"] == ["18.39"]


@pytest.mark.parametrize(
    "text,region",
    [
        (LATER.replace("18.93", "18.39"), "青禾县"),  # agrees
        (LATER.replace("18.93", "18.4"), "青禾县"),  # agrees as printed
        (LATER, "石桥县"),  # another region
        (LATER.replace("2022年的", "2021年的"), "青禾县"),  # another year
        (LATER.replace("教育经费总投入", "国家财政性教育经费"), "青禾县"),  # another indicator
    ],
)
def test_what_is_no_contradiction_between_reports(store: Store, put, text: str, region: str) -> None:  # type: ignore[no-untyped-def]
    put("a.txt", EARLIER, year=2022)
    after = put("b.txt", text, region=region)
    assert not [f for f in of(audit_stored(store, after.id), "across") if f.verdict == "inconsistent"]


def test_changed_definitions_and_days_of_counting_give_a_hint_only(store: Store, put) -> None:  # type: ignore[no-untyped-def]
    put("a.txt", EARLIER, year=2022)
    after = put("b.txt", LATER + "注：2022年数据因统计口径调整有变化。\n")
    (hint,) = [f for f in of(audit_stored(store, after.id), "across") if f.verdict != "consistent"]
    assert (hint.verdict, hint.hint) == ("not_recomputable", True)
    counted = put("c.txt", "2022年学前教育报告\n2022年，全县在园幼儿15366人。\n", year=2022)
    (hint,) = of(audit_stored(store, counted.id), "across")
    assert (hint.verdict, hint.hint) == ("not_recomputable", True)


def county(number: int, rate: str, money: str = "9.{:02}亿元") -> str:
    spent = money.format(number)
    return f"学前教育自评报告\n2023年，全县学前三年毛入园率{rate}%，全县一般公共预算教育支出{spent}。小学生均教学仪器设备值{2100 + number * 37}元。\n"


def test_figures_far_from_all_others_give_a_hint_and_no_verdict(store: Store, put) -> None:  # type: ignore[no-untyped-def]
    for number in range(10):
        put(f"{number}.txt", county(number, f"{90 + number * 0.7:.1f}"), region=f"第{number}县")
    near = put("near.txt", county(4, "88.9"), region="近县")
    low = put("low.txt", county(4, "29.3", "9.{:02}万元"), region="远县")
    assert not of(audit_stored(store, near.id), "outlier")
    hints = of(audit_stored(store, low.id), "outlier")
    assert {f.stated.as_printed for f in hints if f.stated} == {"29.3%", "9.04万元"}
    assert all(f.hint and f.verdict == "not_recomputable" and f.calculation is None for f in hints)
    for part in (part for hint in hints for part in hint.explanation.parts):
        assert part.source is not None or not any(c.isdigit() for c in part.text)


def test_few_others_give_no_hint_below_a_factor_of_ten(store: Store, put) -> None:  # type: ignore[no-untyped-def]
    text = "自评报告\n2023年，全县小学生均教学仪器设备值{}元。\n"
    for number, value in enumerate((2100, 2600, 3900)):
        put(f"{number}.txt", text.format(value), region=f"第{number}县")
    odd, slip = (
        put("odd.txt", text.format(9100), region="奇县"),
        put("slip.txt", text.format(28), region="错县"),
    )
    assert not of(audit_stored(store, odd.id), "outlier")
    assert len(of(audit_stored(store, slip.id), "outlier")) == 1


def test_the_others_are_bounded_and_never_the_report_itself(store: Store, put) -> None:  # type: ignore[no-untyped-def]
    reports = [
        put(f"{n}.txt", county(n, f"{60 + n * 0.5:.1f}"), region=f"第{n}县") for n in range(SAMPLE + 15)
    ]
    peers = peers_of(store)
    for report in reports:
        for fact in store.facts_of(report.id):
            others = peers.same_metric(fact)
            assert len(others) <= SAMPLE + 1
            assert report.id not in {other.report_id for other in others}
            assert len({other.report_id for other in others}) == len(others)


def test_findings_are_kept_until_the_store_changes(store: Store, put) -> None:  # type: ignore[no-untyped-def]
    """The page and the conversation share them; a new report of the region brings new ones."""
    after = put("b.txt", LATER)
    first = audit_stored(store, after.id)
    assert audit_stored(store, after.id) is first and not of(first, "across")
    before = put("a.txt", EARLIER, year=2022)
    assert of(audit_stored(store, after.id), "across")
    store.remove(before.id)
    assert not of(audit_stored(store, after.id), "across")
    with pytest.raises(JunhengError, match="没有编号"):
        audit_stored(store, before.id)


def test_a_corrected_region_reaches_the_index(store: Store, put) -> None:  # type: ignore[no-untyped-def]
    """The same text under another region is the same report, and no longer a neighbour."""
    before, after = put("a.txt", EARLIER, year=2022), put("b.txt", LATER)
    assert of(audit_stored(store, after.id), "across")
    from dataclasses import replace

    moved = replace(before, region="石桥县")
    facts = tuple(replace(f, region="石桥县") for f in read_facts(moved))
    store.put(Document(moved, (), facts), source="a.txt", digest="said", insist=True)
    assert not of(audit_stored(store, after.id), "across")


def test_batches_give_what_single_audits_give(store: Store, put, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    reports = [
        put("a.txt", EARLIER, year=2022),
        put("b.txt", LATER),
        put("c.txt", county(3, "91.0"), region="第三县"),
    ]
    batch = {report.id: findings for report, findings in audit_all(store)}
    assert batch == {report.id: audit_stored(store, report.id) for report in reports}
    assert [r.id for r, _ in audit_all(store, [reports[1].id])] == [reports[1].id]
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    found = list(audit_files(store, [tmp_path / "a.txt", tmp_path / "broken.pdf", tmp_path / "b.txt"]))
    assert [isinstance(report, Report) for _, report, _ in found] == [True, False, True]
    assert isinstance(found[1][1], JunhengError) and found[1][2] == ()
    assert found[2][2] == audit_file(store, tmp_path / "b.txt")[1]


def test_threads_share_one_index(store: Store, put) -> None:  # type: ignore[no-untyped-def]
    put("a.txt", EARLIER, year=2022)
    after = put("b.txt", LATER)
    with ThreadPoolExecutor(8) as pool:
        peers = list(pool.map(lambda _: peers_of(store), range(32)))
        found = list(pool.map(lambda _: audit_stored(store, after.id), range(32)))
    assert len(set(map(id, peers))) == 1
    assert all(one == found[0] for one in found)
