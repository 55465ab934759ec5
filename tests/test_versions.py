"""One document is one report, whatever its format; a newer version takes the place of the older, which is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from indexes_fixtures import WordEmbedder

from assistant import versions
from corpus.document_kinds import kind_of
from corpus.facts import read_facts
from corpus.likeness import relation
from corpus.model import Document, Place, Report
from corpus.passages import split
from corpus.readers import read_text
from corpus.whereabouts import where
from indexes.store import Store

TITLE = "桃源县2023年教育经费执行情况公告"
BODY = """一、教育经费投入情况
2023年,全县教育经费总投入为81234.50万元,比上年的76543.20万元增加4691.30万元,增长6.13%。
其中,国家财政性教育经费70012.40万元,事业收入9800.00万元,其他教育经费1422.10万元。
二、生均经费情况
1.普通小学生均一般公共预算教育经费13210.66元,比上年增长3.20%。
2.普通初中生均一般公共预算教育经费18456.01元,比上年增长2.75%。
桃源县教育局
2024年6月18日
"""
PAGE = f"{TITLE}\n{BODY}"


def report(text: str, **changed: object) -> Report:
    return dataclasses.replace(read_text(text, "a.txt"), **changed)  # type: ignore[arg-type]


def scan(text: str) -> Report:
    """The text as recognised from pictures: it has places with confidence."""
    read = report(text)
    place = Place(0, len(text), page=1, confidence=Decimal("0.98"))
    return dataclasses.replace(read, format="scan", places=(place,))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (report(PAGE.replace(",", "，"), format="docx"), "same"),
        (report("首页 > 政务公开\n" + PAGE.replace("\n", "\n\n"), format="html"), "same"),
        (report(PAGE.replace("1.普通", "普通").replace("2.普通", "普通"), format="docx"), "same"),
        (scan(PAGE.replace("投入", "投人").replace("事业", "亊业")), "same"),
        (report(PAGE.replace("9800.00", "9801.00")), "edition"),
        (report(PAGE.replace("9800.00", "9801.00"), format="docx"), "edition"),
        (
            report(PAGE + "三、说明\n本公告的口径与上年一致,没有调整过统计范围,各项数据已经核对。\n"),
            "edition",
        ),
        (report(PAGE.replace("公告", "公告(修订稿)", 1).replace("2.75%", "2.57%")), "edition"),
        (report(PAGE.replace("桃源县", "安乡县")), None),
        (report(PAGE.replace("2023", "2022").replace("2024", "2023")), None),
        (report("桃源县2023年控辍保学工作总结\n全县义务教育阶段在校学生43210人,没有学生辍学。\n"), None),
    ],
)
def test_relation(other: Report, expected: str | None) -> None:
    """Formats of one document are the same, changed figures make a version, another place or year neither."""
    assert relation(other, report(PAGE)) == expected
    assert relation(report(PAGE), other) == expected


def test_two_counties_of_one_form_are_two_reports() -> None:
    """Offices fill in the same form: nearly all words shared, other figures and another place."""
    form = (
        "{}2023年义务教育优质均衡发展自评报告\n"
        + "各项指标均按要求逐校核对,结果已经公示。" * 20
        + "\n共有学校{}所。\n"
    )
    assert relation(report(form.format("桃源县", 31)), report(form.format("安乡县", 32))) is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某县2023年地方教育经费执行情况公告", "教育经费执行情况公告"),
        ("2022年全省教育事业发展统计公报", "教育事业统计公报"),
        ("某区义务教育优质均衡发展督导评估自评报告", "自评报告"),
        ("关于对某县义务教育优质均衡发展的督导评估反馈意见", "督导评估反馈"),
        ("某市问题整改情况报告", "整改报告"),
        ("某县教育发展“十四五”规划", "规划方案"),
        ("2023年基础教育基本情况统计表", "统计表"),
        ("春日校园", None),
    ],
)
def test_kind_of_document(title: str, kind: str | None) -> None:
    """The title says what kind of document it is; where it does not, nothing is guessed."""
    assert kind_of(title, "春天来了。") == kind


def test_kind_from_the_opening() -> None:
    """A text without a telling title is announced in its first sentence."""
    assert kind_of("某县教育局", "现将2022年全县教育经费执行情况公告如下:\n一、……") == "教育经费执行情况公告"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, embedder=WordEmbedder()) as opened:
        yield opened


def put(store: Store, read: Report, source: str) -> versions.Kept:
    document = Document(read, split(read), read_facts(read))
    return versions.keep(store, document, source=source, digest=read.id, original=read.text.encode("utf-8"))


def test_second_format_adds_nothing(store: Store) -> None:
    """The same document as a Word file is known afterwards, and is found once."""
    first = put(store, report(PAGE), "a.txt")
    second = put(store, report(PAGE.replace("\n", "\n\n"), format="docx"), "a.docx")

    assert (first.status, second.status) == ("added", "unchanged")
    assert "同一份" in second.said
    assert [one.id for one in store.reports()] == [first.report.id]
    assert store.known("a.docx", report(PAGE.replace("\n", "\n\n")).id)


def test_typed_text_takes_the_place_of_its_scan(store: Store) -> None:
    """What was recognised gives way to what was typed."""
    put(store, scan(PAGE.replace("投入", "投人")), "a.pdf")
    kept = put(store, report(PAGE), "a.txt")

    assert kept.status == "replaced"
    assert [one.format for one in store.reports()] == ["text"]
    assert [one.report.format for one in store.editions()] == ["scan"]


def test_newer_version_supersedes_and_history_stays(store: Store) -> None:
    """After a correction only the corrected figure is found; the old text can still be shown and restored."""
    old = put(store, report(PAGE), "old.txt").report
    new = put(store, report(PAGE.replace("9800.00", "9801.00")), "new.txt").report

    printed = {fact.as_printed for fact in store.facts()}
    assert "9801.00万元" in printed and "9800.00万元" not in printed
    assert [one.id for one in store.reports()] == [new.id]
    assert [(one.report.id, one.superseded_by) for one in store.editions()] == [(old.id, new.id)]
    assert store.report(old.id) == old
    assert store.original(old.id) == old.text.encode("utf-8")
    assert not any(hit.passage.report_id == old.id for hit in store.search("事业收入"))

    assert put(store, report(PAGE), "old.txt").status == "replaced"  # the old file again: it is the word now
    assert [one.id for one in store.reports()] == [old.id]


def test_an_older_version_that_comes_late_is_history(store: Store) -> None:
    """Published earlier, brought later: it never takes the place of the newer."""
    new = put(
        store, report(PAGE.replace("9800.00", "9801.00").replace("6月18日", "7月2日")), "new.txt"
    ).report
    kept = put(store, report(PAGE), "old.txt")

    assert "历史版本" in kept.said
    assert [one.id for one in store.reports()] == [new.id]
    assert "9800.00万元" not in {fact.as_printed for fact in store.facts()}


def test_removing_a_version_brings_its_predecessor_back(store: Store) -> None:
    """A correction that was brought by mistake can be taken out again."""
    old = put(store, report(PAGE), "old.txt").report
    new = put(store, report(PAGE.replace("9800.00", "9801.00")), "new.txt").report

    assert versions.remove(store, new.id)[1] is not None
    assert [one.id for one in store.reports()] == [old.id]
    assert "9800.00万元" in {fact.as_printed for fact in store.facts()}
    assert store.editions() == ()


def test_restored_version_stands_beside(store: Store) -> None:
    """Two documents that only looked like versions can both be current."""
    old = put(store, report(PAGE), "old.txt").report
    put(store, report(PAGE.replace("9800.00", "9801.00")), "new.txt")

    assert versions.reinstate(store, old.id) is not None
    assert len(store.reports()) == 2
    assert versions.reinstate(store, "nothing") is None


def test_whereabouts() -> None:
    """A span names its page or its cells; a text without places names nothing."""
    paged = dataclasses.replace(
        report("甲乙丙丁戊"), places=(Place(0, 2, page=1), Place(2, 5, page=2)), format="pdf"
    )
    celled = dataclasses.replace(
        report("甲 | 乙"), places=(Place(0, 1, sheet="经费", cell="A7"), Place(4, 5, sheet="经费", cell="B7"))
    )
    assert where(paged, 0, 2).words == "第1页"
    assert where(paged, 1, 3).words == "第1—2页"
    assert where(celled, 0, 5).as_json() == {"sheet": "经费", "cell": "A7:B7"}
    assert where(celled, 4, 5).words == "工作表“经费”B7"
    assert where(report("甲"), 0, 1).as_json() == {}
