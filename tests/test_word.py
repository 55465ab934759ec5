"""Word documents are read as Word prints them."""

from __future__ import annotations

import time
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from corpus import readers
from corpus.errors import ReadError
from corpus.facts import read_facts
from corpus.model import Report
from tests.word_files import W, cell, item, level, numbering, p, run, table, word

RAISED = '<w:vertAlign w:val="superscript"/>'
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'
    for key, name, more in [
        ("1", "heading 1", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr>'),
        ("2", "heading 2", '<w:basedOn w:val="1"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>'),
        ("T1", "toc 1", ""),
        ("loop", "a", '<w:basedOn w:val="loop"/>'),
        ("gone", "b", "<w:rPr><w:vanish/></w:rPr>"),
    ]
)  # fmt: skip


def read(data: bytes, folder: Path, name: str = "a.docx") -> Report:
    path = folder / name
    path.write_bytes(data)
    return readers.read_bytes(path.read_bytes(), path.name, str(path))


def values(report: Report) -> list[Decimal]:
    return [fact.value for fact in read_facts(report)]


def style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def test_numbers_that_word_counts_are_written_out(tmp_path: Path) -> None:
    """Headings numbered by Word are printed as readers see them, restart below a new one, and make sections."""
    kind = (
        level(0, "chineseCounting", "%1、")
        + level(1, "chineseCountingThousand", "（%2）")
        + level(2, "decimal", "%3.")
    )
    body = (
        item("基本情况", 1) + item("学校", 1, 1) + item("全县小学", 1, 2) + item("全县初中", 1, 2) + item("教师", 1, 1)
        + item("高中", 1, 2) + p("全县有普通高中3所。") + item("存在问题", 1) + item("经费", 1, 1)
    )  # fmt: skip
    report = read(word(p("禾川县教育情况报告") + body, numbering=numbering(kind)), tmp_path)

    assert report.text.split("\n")[1:] == [
        "一、基本情况", "（一）学校", "1.全县小学", "2.全县初中", "（二）教师", "1.高中", "全县有普通高中3所。",
        "二、存在问题", "（一）经费",
    ]  # fmt: skip
    assert report.section_at(report.text.index("3所")).path == ("一、基本情况", "（二）教师", "1.高中")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("form", "text", "third"),
    [
        ("chineseCounting", "第%1章", "第三章 甲"),
        ("japaneseCounting", "%1、", "三、甲"),
        ("upperRoman", "%1.", "III.甲"),
        ("lowerLetter", "%1)", "c)甲"),
        ("ideographTraditional", "%1．", "丙．甲"),
        ("decimalEnclosedCircleChinese", "%1", "③ 甲"),
        ("decimalZero", "%1", "03 甲"),
        ("bullet", "\uf06c", "甲"),
        ("none", "附", "附 甲"),
        ("noSuchForm", "%1)", "3)甲"),
    ],
)
def test_every_form_of_numeral(tmp_path: Path, form: str, text: str, third: str) -> None:
    """The forms that Chinese documents use; an unknown one counts in digits."""
    body = "".join(item(word_, 1) for word_ in ("子", "丑", "甲"))

    assert read(word(body, numbering=numbering(level(0, form, text))), tmp_path).text.split("\n")[2] == third


def test_lists_start_again_where_they_say_so(tmp_path: Path) -> None:
    """Two lists of one kind go on counting, unless one overrides its start; 0 is no number; other levels show."""
    kind = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    numbers = (
        '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="6"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = (
        item("甲", 1)
        + item("乙", 5)
        + item("丙", 5, 1)
        + item("丁", 6)
        + item("戊", 6)
        + item("己", 0)
        + item("庚", 99)
    )
    report = read(word(body, numbering=numbering(kind, numbers=numbers)), tmp_path)

    assert report.text.split("\n") == ["一、甲", "二、乙", "2.1 丙", "一、丁", "二、戊", "己", "庚"]


def test_styles_number_their_paragraphs(tmp_path: Path) -> None:
    """A heading style carries the numbering; a paragraph may take it back."""
    kind = level(0, "chineseCounting", "%1、") + level(1, "chineseCounting", "（%2）")
    body = (
        p("概况", style("1"))
        + p("学校", style("2"))
        + p("无号", style("1") + '<w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    report = read(
        word(body + p("经费", style("1")) + p("完", style("loop")), numbering=numbering(kind), styles=STYLES),
        tmp_path,
    )

    assert report.text.split("\n") == ["一、概况", "（一）学校", "无号", "二、经费", "完"]


def test_a_counted_number_never_joins_a_figure(tmp_path: Path) -> None:
    """ "1." before "35所" would read as 1.35; before a year it may stand."""
    body = p("禾川县2022年教育情况") + item("35所小学建成食堂", 1) + item("2022年全县有初中12所", 1)
    report = read(word(body, numbering=numbering(level(0, "decimal", "%1."))), tmp_path)

    assert report.text.split("\n")[1:] == ["35所小学建成食堂", "2.2022年全县有初中12所"]
    assert values(report) == [35, 12]


def test_changes_are_accepted_and_counted(tmp_path: Path) -> None:
    """What was inserted or moved here is read, what was deleted or moved away is not, rows and line ends included."""
    mark = 'w:id="1" w:author="某"'
    old = "<w:r><w:delText>120</w:delText></w:r><w:r><w:t>130</w:t></w:r>"
    body = (
        p(run("全县有小学") + f"<w:del {mark}>{old}</w:del><w:ins {mark}>{run('18')}</w:ins>" + run("所。"))
        + p(run("全县有初中"), f"<w:rPr><w:del {mark}/></w:rPr>") + p("7所。")
        + p(f"<w:moveFrom {mark}>{run('全县有高中9所。')}</w:moveFrom>", f"<w:rPr><w:moveFrom {mark}/></w:rPr>")
        + table(cell("学段") + cell("班数"), f"<w:tr><w:trPr><w:del {mark}/></w:trPr>{cell('小学')}{cell('99')}</w:tr>",
                cell("初中") + cell("45"))
        + p(f"<w:moveTo {mark}>{run('全县有高中2所。')}</w:moveTo>")
    )  # fmt: skip
    report = read(word(body), tmp_path)

    assert report.text == "全县有小学18所。\n全县有初中7所。\n学段 | 班数\n初中 | 45\n全县有高中2所。"
    assert report.notes == ("文档里的4处修订按接受处理",)


def test_notes_follow_and_never_join_a_figure(tmp_path: Path) -> None:
    """A note's mark is no digit, its text comes after the paragraph or the table and is no heading."""
    note = '<w:footnote w:id="{}"><w:p><w:r><w:footnoteRef/></w:r>{}</w:p></w:footnote>'
    notes = (
        note.format(2, run(" 含教学点3个。"))
        + note.format(3, run("不含民办。"))
        + note.format(9, run("没有引用的注。"))
    )
    end = f'<w:endnote w:id="2"><w:p>{run("见年报。")}</w:p></w:endnote>'
    refer = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = (
        p("一、学校") + p(run("2022年全县有小学12所") + refer.format(2) + run("，初中毛入学率为98.5%") + '<w:r><w:endnoteReference w:id="2"/></w:r>' + run("。"))
        + table(cell("学段") + cell("教师（人）"), cell("小学") + f"<w:tc>{p(run('256') + refer.format(3))}</w:tc>")
    )  # fmt: skip
    report = read(word(body, footnotes=notes, endnotes=end), tmp_path)

    assert report.text.split("\n") == [
        "一、学校", "2022年全县有小学12所①，初中毛入学率为98.5%⑴。", "注①：含教学点3个。", "尾注⑴：见年报。",
        "学段 | 教师（人）", "小学 | 256②", "注②：不含民办。",
    ]  # fmt: skip
    assert [s.title for s in report.sections] == ["一、学校"]
    assert {Decimal(12), Decimal("98.5"), Decimal(3), Decimal(256)} == set(values(report))


@pytest.mark.parametrize(
    ("runs", "reads"),
    [
        (run("面积1200m") + run("2", RAISED), "面积1200m²"),
        (run("占12.5%") + run("1", RAISED) + run("。"), "占12.5%①。"),
        (run("共35所") + run("[2]", RAISED), "共35所②"),
        (run("共35") + run("①", RAISED) + run("所"), "共35①所"),
        (run("H") + run("2", '<w:vertAlign w:val="subscript"/>') + run("O"), "H2O"),
        (run("小") + "<w:r><w:tab/><w:t>学</w:t><w:br/><w:t>初中</w:t></w:r>", "小 学\n初中"),
        ("<w:r><w:t>2021</w:t><w:noBreakHyphen/><w:t>2022</w:t><w:softHyphen/><w:t>年</w:t></w:r>", "2021-2022年"),
        ('<w:r><w:t>达标</w:t><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "达标√"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>85%</w:t></w:r>', "≥85%"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>hé</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>禾</w:t></w:r></w:rubyBase></w:ruby></w:r>", "禾"),
        ("<m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath>", "3/4"),
        (f'<w:hyperlink>{run("见")}</w:hyperlink><w:smartTag>{run("附件")}</w:smartTag>', "见附件"),
        (f'<w:sdt><w:sdtPr/><w:sdtContent>{run("填报")}</w:sdtContent></w:sdt>', "填报"),
        (f'{run("甲")}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run("单击此处")}</w:sdtContent></w:sdt>', "甲"),
        (f'{run("见")}<w:fldSimple w:instr=" REF a ">{run("表2")}</w:fldSimple>', "见表2"),
    ],
)  # fmt: skip
def test_what_a_paragraph_is_made_of(tmp_path: Path, runs: str, reads: str) -> None:
    """Every kind of run gives the characters that Word shows."""
    assert read(word(p("开头") + p(runs)), tmp_path).text == f"开头\n{reads}"


def test_what_does_not_show_is_not_read(tmp_path: Path) -> None:
    """Hidden and struck text, field codes and comments stay out, and are told."""
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>= 5 + 37</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("42")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = (
        p(run("全县有小学") + field + run("所") + run("（原为77所）", "<w:vanish/>") + '<w:r><w:commentReference w:id="0"/></w:r>' + run("。"))
        + p("绝密88所", style("gone")) + p(run("初中9所") + run("（原7所）", "<w:strike/>") + run("。", '<w:vanish w:val="0"/>'))
    )  # fmt: skip
    report = read(word(body, styles=STYLES), tmp_path)

    assert report.text == "全县有小学42所。\n初中9所。"
    assert report.notes == (
        "文档里的1条批注没有读入",
        "文档里的2处隐藏文字没有读入",
        "文档里划去的1处文字没有读入",
    )


def test_a_table_of_contents_makes_no_sections(tmp_path: Path) -> None:
    """Its lines are furniture, whether by field or by style; the body's headings are the sections."""
    toc = (
        p('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>'
          f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("一、基本情况 3")}')
        + p(run("二、经费 5") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>') + p("三、问题 9", style("T1"))
    )  # fmt: skip
    body = p("禾川县教育情况报告") + toc + p("一、基本情况") + p("全县有小学12所。") + p("二、经费")
    report = read(word(body, styles=STYLES), tmp_path)

    assert [s.title for s in report.sections] == ["一、基本情况", "二、经费"]
    assert values(report) == [12]


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    """Word writes a text box twice, for itself and for older programs."""
    box = f"<w:txbxContent>{p('全县有小学12所。')}</w:txbxContent>"
    twice = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    older = (
        f"<w:r><w:pict><v:textbox><w:txbxContent>{p('初中3所。')}</w:txbxContent></v:textbox></w:pict></w:r>"
    )

    assert read(word(p(run("情况") + twice) + p(older)), tmp_path).text == "情况\n全县有小学12所。\n初中3所。"


def test_tables_are_read_like_those_of_a_page(tmp_path: Path) -> None:
    """Merged words repeat, merged figures are marked, nested tables are layout, one column is text."""
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    merged = table(
        cell("学段", down) + cell("人数", '<w:gridSpan w:val="2"/>'),
        f"<w:tc><w:tcPr>{on}</w:tcPr><w:p/></w:tc>" + cell("教师") + cell("学生"),
        cell("小学") + cell("374", down) + cell("1,000"),
        cell("初中") + f"<w:tc><w:tcPr>{on}</w:tcPr><w:p/></w:tc>" + cell("2,000"),
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("合计")}{cell("3,000")}</w:tr>',
    )
    nested = table(cell("左栏") + f"<w:tc>{table(cell('高中') + cell('12'))}<w:p/></w:tc>")
    report = read(word(p("表") + merged + p("又") + nested + table(cell("框中的话。"))), tmp_path)

    assert report.text == (
        "表\n学段 | 人数 | 人数\n学段 | 教师 | 学生\n小学 | 374 | 1,000\n初中 | (合并) | 2,000\n | 合计 | 3,000\n"
        "又\n左栏\n高中 | 12\n框中的话。"
    )


def test_a_document_of_another_program(tmp_path: Path) -> None:
    """python-docx's own file, the strict form, a template, a file with macros: all the same text."""
    from docx import Document

    made, out = Document(), BytesIO()
    made.add_heading("禾川县教育情况报告", 0)
    made.sections[0].header.paragraphs[0].text = "内部资料 99所"
    made.add_paragraph("全县有小学12所。")
    made.save(out)
    body, macro = p("禾川县教育情况报告") + p("全县有小学12所。"), {"word/vbaProject.bin": b"Shell"}
    reports = [
        read(out.getvalue(), tmp_path),
        read(word(body, strict=True), tmp_path),
        read(word(body), tmp_path, "a.txt"),
        read(word(body, more=macro), tmp_path, "a.docm"),
    ]

    assert {r.text for r in reports} == {"禾川县教育情况报告\n全县有小学12所。"}
    assert {r.format for r in reports} == {"docx"} and reports[-1].notes == ("文档带有宏，没有运行",)


SOUND = word(p("全县有小学12所。"))
LAUGHS = '<!DOCTYPE w:document [<!ENTITY a "哈哈">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (SOUND[: len(SOUND) // 2], "损坏"),
        (SOUND.replace(b"word/document.xml", b"word/elsewher.xml"), "没有 Word 正文"),
        (b"PK\x03\x04" + b"\x00" * 100, "损坏"),
        (b"not a zip at all", "不是 Word 文档"),
        (word("<w:p>"), "不是合格的 XML"),
        (word("", more={}), "没有可读的正文"),
        (word(p("<w:r><w:drawing><a:blip/></w:drawing></w:r>")), "只有图片"),
        (word("").replace(b"PK\x01\x02", b"PK\x01\x09"), "损坏"),
    ],
)
def test_what_is_no_document_is_told_in_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    """Each raises ReadError with one line that names the file."""
    with pytest.raises(ReadError, match=says) as caught:
        read(data, tmp_path)

    assert (
        "a.docx" in str(caught.value) and "\n" not in str(caught.value) and str(caught.value).endswith("。")
    )


def packed(document: str) -> bytes:
    """A package whose main part is ``document`` as it is."""
    from zipfile import ZIP_DEFLATED, ZipFile

    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", document)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        packed(f'{LAUGHS}]><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'),
        packed(f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'),
        packed(f'<w:document xmlns:w="{W}"><w:body>' + " " * 200_000_000),
        word("<w:tbl><w:tr><w:tc>" * 5000 + p("深") + "</w:tc></w:tr></w:tbl>" * 5000),
        packed(f'<w:document xmlns:w="{W}"><w:body>' + "<w:p><w:r>" * 120 + "<w:t>深</w:t>"),
    ],
    ids=["laughs", "entity", "bomb", "deep", "unclosed"],
)  # fmt: skip
def test_hostile_documents_are_refused_soon(tmp_path: Path, data: bytes) -> None:
    """Entities, bombs and depth end in one line, in bounded time."""
    begin = time.process_time()
    with pytest.raises(ReadError):
        read(data, tmp_path)

    assert time.process_time() - begin < 10
