"""An invented report with a finding of every verdict, made by hand: what the faces of the audit are tested against."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from board_fixtures import FORMULAS
from fake_service import HOSTILE

from corpus.facts import read_facts
from corpus.model import Fact, Report
from corpus.readers import read_text
from tools.audit.intervals import judge
from tools.audit.model import Finding
from tools.audit.registry import tell
from tools.calculation import Calculation, Input
from tools.change import difference_of, growth_of
from tools.evidence import Sentence

GROWTH = "2023年教育支出为4200.50万元，比2022年的4000.00万元增加200.50万元，增长6.01%。"
ROUGH = "教育总投入为3.2亿元，比上年的3.1亿元增长3.4%。"
RATE = "全县残疾儿童入学率97.5%。"
WORDS = "没有一名学生辍学，巩固率99.8%。"
EVIL = f"{FORMULAS[0]}{HOSTILE}占比12.5%。"
TEXT = (
    f"青禾县2023年教育督导自评报告\n\n一、经费投入\n\n\n\n{GROWTH}\n{ROUGH}\n\n"
    f"二、办学情况\n{RATE}\n  {WORDS}\n{EVIL}\n"
)
"""Every place and figure in it is invented. The growth is 5.01 %, so 6.01 % does not hold."""
OTHER = "青禾县教育经费公告\n2023年教育支出为4300.50万元。\n"


def report() -> Report:
    return replace(read_text(TEXT, "青禾县.txt"), id="q1", region="青禾县", year=2023)


def other() -> Report:
    return replace(read_text(OTHER, "公告.txt"), id="q2", region="青禾县", year=2023)


def fact(number: str, unit: str, sentence: str, role: str = "level", of: Report | None = None) -> Fact:
    """Return the figure of a sentence of the report as a fact."""
    text = (of or report()).text
    low = text.index(sentence)
    printed = f"{number}{unit}"
    found = re.search(rf"(?<![\d.]){re.escape(printed)}", text[low:])
    assert found is not None
    start = low + found.start()
    some = read_facts(read_text("甲县2023年教育支出为1万元。", "x.txt"))[0]
    return replace(
        some, id=f"{start}", report_id=(of or report()).id, value=Decimal(number), unit=unit, as_printed=printed,
        start=start, end=start + len(printed), clause=(low, low + len(sentence)),
        sentence=(low, low + len(sentence)), role=role, direction="up" if role in ("rate", "change") else None,
        qualifier=None, section="",
    )  # fmt: skip


def quote(text: str) -> Sentence:
    start = TEXT.index(text)
    return Sentence("q1", start, start + len(text), text, "二、办学情况")


def findings() -> tuple[Finding, ...]:
    """Return the findings of the report in the order of its text; two of them are on one figure."""
    new, old = fact("4200.50", "万元", GROWTH), fact("4000.00", "万元", GROWTH, "base")
    more, rate = fact("200.50", "万元", GROWTH, "change"), fact("6.01", "%", GROWTH, "rate")
    wide, wider = fact("3.2", "亿元", ROUGH), fact("3.1", "亿元", ROUGH, "base")
    rough = fact("3.4", "%", ROUGH, "rate")
    enrolled, kept, share = fact("97.5", "%", RATE), fact("99.8", "%", WORDS), fact("12.5", "%", EVIL)
    there = fact("4300.50", "万元", "2023年教育支出为4300.50万元。", of=other())
    growth, slight = growth_of(new, old), growth_of(wide, wider)
    assert growth is not None and slight is not None
    nested = Calculation(
        "share", "占比", "部分 ÷ 整体 × 100%", "{0} ÷ {1} × 100%",
        (Input("部分", Decimal("200.50"), "万元", calculation=difference_of(new, old)), Input("整体", Decimal("4000.00"), "万元", old)),
        Decimal("5.0125"), "%", 2,
    )  # fmt: skip
    return (
        _judged(new, None, "across", "contradiction", "inconsistent", there,
                said=tell("本报告为", new, ",《", "公告", "》为", there)),
        _judged(more, difference_of(new, old, ("本期", "上期")), "difference", "difference", "consistent", new, old),
        _judged(rate, growth, "growth", "growth", "inconsistent", new, old),
        _judged(rate, nested, "share", "share", "not_recomputable", new, old),
        _judged(rough, slight, "growth", "growth", "rounding", wide, wider),
        _judged(enrolled, None, "rate", "rate", "not_recomputable", said=tell("没有写出适龄人数,", enrolled, "不能复算")),
        Finding("q1", TEXT.index("没有一名"), TEXT.index("，巩固率"), "rate", "counts", "inconsistent",
                tell(quote("没有一名学生辍学"), "与", kept, "不能同时成立"), (quote("没有一名学生辍学"), kept)),
        replace(_judged(share, None, "outlier", "share", "not_recomputable",
                        said=tell(share, "与其他报告相差很大")), hint=True),
    )  # fmt: skip


def _judged(stated, made, check, kind, verdict, *more, said=None) -> Finding:  # type: ignore[no-untyped-def]
    """Return a finding on a figure; least and most are what ``judge`` gives for its calculation."""
    start, end = stated.sentence
    judged = judge(stated, made) if made is not None and verdict != "not_recomputable" else None
    assert judged is None or judged.verdict == verdict
    words = said or tell("由", *more, "复算得", made, ",报告所写为", stated)
    return Finding(
        "q1", start, end, kind, check, verdict, words, (stated, *more), stated, made,
        judged.least if judged else None, judged.most if judged else None,
    )  # fmt: skip


def long_report() -> tuple[Report, tuple[Finding, ...]]:
    """Return a report of some 80,000 characters whose last line has a growth that does not hold."""
    filler = "全县统筹推进各类学校建设，持续改善办学条件。\n" * 3600
    made = replace(report(), id="q9", text=TEXT + filler + GROWTH, title="长报告")
    away = len(TEXT + filler) - TEXT.index(GROWTH)
    return made, (_moved(0), _moved(away))


def _moved(away: int) -> Finding:
    """Return the growth that does not hold as a finding of the long report, ``away`` characters further on."""
    first = findings()[2]

    def move(one: Fact) -> Fact:
        clause, sentence = ((low + away, high + away) for low, high in (one.clause, one.sentence))
        return replace(
            one, report_id="q9", start=one.start + away, end=one.end + away, clause=clause, sentence=sentence
        )

    rate, new, old = (move(one) for one in first.evidence if isinstance(one, Fact))
    return replace(
        first, report_id="q9", start=first.start + away, end=first.end + away, evidence=(rate, new, old),
        stated=rate, calculation=growth_of(new, old),
    )  # fmt: skip
