"""Sections, page furniture, passages, sentences and document numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import boilerplate, docnumbers, readers, sections
from corpus.passages import LONGEST, clauses, sentences, split

REPORT = """某县自评报告
一、基本情况
(一)学校情况
1.班额情况。全县有1.5万人,2022年有12所。一是新建学校。二是扩建学校。
2.2022年投入300万元,增长5%。
二、下一步
(1)完善机制
①落实责任
类别 | 1.5 | 2
3.5万人参加。
"""


def paths(text: str) -> list[tuple[int, tuple[str, ...]]]:
    return [(s.level, s.path) for s in sections.find(text, boilerplate.find(text))]


def test_numbering_makes_the_tree() -> None:
    """Each numbering has its level; run-in headings end at the first stop, statements before the figure."""
    expected = [
        (1, ("一、基本情况",)),
        (2, ("一、基本情况", "(一)学校情况")),
        (3, ("一、基本情况", "(一)学校情况", "1.班额情况")),
        (6, ("一、基本情况", "(一)学校情况", "1.班额情况", "一是新建学校")),
        (6, ("一、基本情况", "(一)学校情况", "1.班额情况", "二是扩建学校")),
        (3, ("一、基本情况", "(一)学校情况", "2.2022年投入")),
        (1, ("二、下一步",)),
        (4, ("二、下一步", "(1)完善机制")),
        (5, ("二、下一步", "(1)完善机制", "①落实责任")),
    ]

    assert expected == paths(REPORT)


def test_a_section_reaches_to_the_next_heading_of_its_level_or_above() -> None:
    """Sections hold their subsections and end where the next of their level begins."""
    found = {s.title: REPORT[s.start : s.end] for s in sections.find(REPORT)}

    assert found["一、基本情况"].endswith("增长5%。\n")
    assert found["1.班额情况"].endswith("二是扩建学校。\n")


@pytest.mark.parametrize(
    "line", ["1.5小时到达。", "2022年有学校。", "3、5、7年级", "一是新建学校。", "小学 | 1. 甲", "18. 81%"]
)
def test_numbers_that_are_no_headings(line: str) -> None:
    """Decimals, years, lists of numbers and table rows are no headings; 一是 alone may begin a line."""
    assert [path for level, path in paths(f"标题\n{line}\n") if level < 6] == []


def test_chapters_and_markdown() -> None:
    """第一章 and 第一节 stand above 一、; a lone markdown # is the title and no section."""
    assert paths("第一章 总则\n第一节 目标\n一、内容\n") == [
        (1, ("第一章 总则",)),
        (2, ("第一章 总则", "第一节 目标")),
        (3, ("第一章 总则", "第一节 目标", "一、内容")),
    ]
    assert paths("# 报告\n## 一、情况\n### (一)投入\n## 附录\n") == [
        (1, ("一、情况",)),
        (2, ("一、情况", "(一)投入")),
        (1, ("附录",)),
    ]


def test_headings_without_a_number() -> None:
    """A line in 【】 is a heading above 一、, or below the heading it follows; bare lines are where stages divide a text."""
    assert paths("某县简报\n【小学】\n学校78所。\n一、规模\n【初中】\n学校29所。\n") == [
        (1, ("小学",)),
        (2, ("小学", "一、规模")),
        (1, ("初中",)),
    ]
    assert [level for level, _ in paths("一、规模\n【小学】\n学校78所。\n二、质量\n")] == [1, 2, 1]
    bare = "学前教育\n全县有幼儿园86所,在园幼儿1.2万人。\n小学教育\n全县有小学48所,在校生3.3万人。\n教师队伍\n专任教师3402人,学历合格率100%。\n"
    assert [path for _, path in paths(bare)] == [("学前教育",), ("小学教育",), ("教师队伍",)]
    assert (
        paths("学前教育\n全县有幼儿园86所,在园幼儿1.2万人。\n教师队伍\n专任教师3402人,学历合格率100%。\n")
        == []
    )
    assert paths("小学\n48\n初中\n26\n") == []


def test_coded_items_are_headings_where_they_are_a_list() -> None:
    """A1 and 2.3 number items of a list; a single code is a name, and an amount is none."""
    listed = "A1 每百名学生拥有教师数。小学5.9人。\nA2 生均面积:小学4.9平方米。\nB11 交流教师286人。\n"
    assert [path for _, path in paths(listed)] == [
        ("A1 每百名学生拥有教师数",),
        ("A2 生均面积",),
        ("B11 交流教师",),
    ]
    assert paths("A4纸2箱。\n3.5 万人参加。\n1.2 亿元。\n2.8 万册。\n") == []


FURNITURE = """首页 > 政务公开 > 教育
【字体:大 中 小】 【打印本页】 【关闭窗口】
发布时间：2023-05-06 10:11 来源：某局 浏览次数：123 次"""
FOOT = """责任编辑:张三
上一篇:关于某某的通知
下一篇:没有了
相关链接
主办单位:某县人民政府
地址:某县某路1号  邮编:123456
联系电话:0000-0000000
版权所有 某县人民政府 某ICP备05000000号-1"""
CONTENT = """来源于教育事业统计的数据显示,全县有小学12所。
全县设立举报电话12部,公布电子邮箱8个,网站地图1份。
来源: 县教育局统计,含民办学校学生1200人。不含特教。
单位:万元
小学 | 大 | 中 | 小
联系电话:12345
打印经费120万元
上一篇报告指出的问题已整改
各校网站均已在ICP备案,并建立网站声明制度
主办:民办学校12所
编辑教材12本"""


def test_page_furniture_is_found_and_content_is_not() -> None:
    """Breadcrumbs, bars, fields and footers are furniture; prose and tables with the same words are not."""
    text = f"{FURNITURE}\n{CONTENT}\n正文到此。\n{FOOT}\n"
    found = [text[start:end] for start, end in boilerplate.find(text)]

    assert found == [FURNITURE, FOOT]


@pytest.mark.parametrize("line", FURNITURE.split("\n") + [x for x in FOOT.split("\n") if ":" not in x])
def test_furniture_is_found_in_traditional_characters_too(line: str) -> None:
    """The characters a page is written in do not matter."""
    import opencc

    text = f"{opencc.OpenCC('s2t').convert(line)}\n正文在此,有一句話。\n"

    assert [(0, len(line))] == list(boilerplate.find(text))


def test_sentences_keep_quotes_decimals_and_brackets_whole() -> None:
    """Only 。！？ and line ends cut, and not within a quotation, a title or brackets."""
    text = "他说“要实干。不空谈。”会后增加18. 81%;完成!《甲。乙》已发(见附件。)好\n下一行"
    found = [text[a:b] for a, b in sentences(text, 0, len(text))]

    assert found == [
        "他说“要实干。不空谈。”",
        "会后增加18. 81%;完成!",
        "《甲。乙》已发(见附件。)好",
        "下一行",
    ]
    assert ["甲1人;乙(2;3)人；丙"[a:b] for a, b in clauses("甲1人;乙(2;3)人；丙", 0, 13)] == [
        "甲1人;",
        "乙(2;3)人；",
        "丙",
    ]


def test_an_unclosed_bracket_does_not_swallow_sentences() -> None:
    """Damaged brackets are common; they protect nothing."""
    text = "按文件(某厅函〔202143号)办理。第二句(没有闭合。第三句。"

    assert len(sentences(text, 0, len(text))) == 3


PARTS = [
    "一、情况\n",
    "(一)投入\n",
    "1.甲。",
    "有12所;",
    "“引。语”",
    "(",
    "。",
    "\n",
    " ",
    "\u00a0",
    "字" * 90,
]
PARTS += ["日期: 2023-1-2\n", "甲 | 乙\n", "一是好。二是强。", "版权所有 某县\n"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=40))
def test_passages_hold_every_character_once(parts: list[str]) -> None:
    """Passages are short exact spans within a section; together they are the text without its furniture."""
    text = "".join(["标题\n", *parts])
    report = readers.read_text(text, "case")
    covered = [0] * len(text)
    for passage in split(report):
        assert text[passage.start : passage.end] == passage.text
        assert len(passage.text) <= LONGEST
        crossed = [s for s in report.sections if s.level <= 3 and passage.start < s.start < passage.end]
        assert crossed == []
        for position in range(passage.start, passage.end):
            covered[position] += 1
    furniture = {p for start, end in report.boilerplate for p in range(start, end)}

    assert all((p in furniture) != bool(covered[p]) for p in range(len(text)) if not text[p].isspace())
    assert max(covered, default=0) <= 1


def test_passages_name_their_section() -> None:
    """A passage carries the path of the innermost section that holds all of it."""
    found = {p.text.split("。")[0]: p.section for p in split(readers.read_text(REPORT, "case"))}

    assert found["1.班额情况"] == "一、基本情况 > (一)学校情况 > 1.班额情况"
    assert found["某县自评报告"] == ""


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("《关于甲的通知》(某政〔2022〕6号)文件", "某政〔2022〕6号", "关于甲的通知"),
        ("根据《意见》(教财【2016】6 号)精神", "教财【2016】6 号", "意见"),
        ("按国办发[2020]15号《关于“甲《乙》”的意见》执行", "国办发[2020]15号", "关于“甲《乙》”的意见"),
        ("《通知》 (教基厅函〔202143号)和", "教基厅函〔202143号", "通知"),
        ("依据某教督(2021)第3号", "某教督(2021)第3号", None),
        ("(和政〔2022〕1号)", "和政〔2022〕1号", None),
        ("转发某教基2021〕7号", "某教基2021〕7号", None),
    ],
)
def test_document_numbers_with_their_titles(text: str, number: str, title: str | None) -> None:
    """Numbers are found in every bracket, damaged ones too, each with the title beside it."""
    (found,) = docnumbers.find(text)

    assert (number, text[found.start : found.end]) == (found.text, number)
    assert title == (text[slice(*found.title_span)] if found.title_span else None)


@pytest.mark.parametrize("text", ["豫ICP备05016466号", "第3号楼", "2022年6号", "学校(2022版)", "幸福路12号"])
def test_other_numbers_are_no_document_numbers(text: str) -> None:
    """Registrations, houses and versions are not document numbers."""
    assert docnumbers.find(text) == ()
