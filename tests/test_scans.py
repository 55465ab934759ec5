"""A scan gives the facts of the text that was printed, or says that it is unsure of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from pages_fixtures import encoded, letters
from PIL import Image, ImageDraw

from corpus.confidence import is_low
from corpus.facts import read_facts
from corpus.model import Fact, Place
from corpus.readers import read_bytes, read_text
from scripts.rendering.wear import QUALITIES, worn_page
from scripts.score_scans import compare

TEXT = """乌溪县2023年教育经费执行情况
2023年,全县教育经费总投入为86417.35万元,比上年的82897.27万元增加3520.08万元,增长4.25%。
其中,一般公共预算教育经费为61135.08万元,占一般公共预算支出的18.16%,比上年的17.74%提高0.42个百分点。
1.全县普通小学生均公用经费为1371.06元,比上年的1290.11元增长6.27%。
2.全县普通初中生均公用经费为1911.70元,比上年的1947.25元下降1.83%。
2023年全县各级学校基本情况
学段 | 学校数(所) | 在校生数(人) | 专任教师数(人)
小学 | 41 | 18117 | 1107
初中 | 17 | 9711 | 874
特殊教育 | / | 71 | 19
"""
WIDE, HIGH, EDGE, STEP = 1654, 2339, 200, 62


def printed(text: str) -> Image.Image:
    """Return an A4 sheet at 200 dots an inch: paragraphs indented by two letters, rows as a ruled table."""
    picture = Image.new("RGB", (WIDE, HIGH), "white")
    draw, font, down = ImageDraw.Draw(picture), letters(13), EDGE
    for line in text.splitlines():
        cells = line.split(" | ")
        across = (WIDE - 2 * EDGE) / len(cells)
        if len(cells) > 1:
            for index, cell in enumerate(cells):
                left = EDGE + index * across
                draw.rectangle((left, down, left + across, down + STEP), outline="black", width=2)
                draw.text((left + across / 2, down + STEP / 2), cell, font=font, fill="black", anchor="mm")
            down += STEP
            continue
        for part, indent in wrapped(line, font):
            draw.text((EDGE + indent, down), part, font=font, fill="black")
            down += STEP
    return picture


def wrapped(line: str, font: object) -> list[tuple[str, int]]:
    """Break a paragraph where the right margin is; a figure is not broken."""
    parts: list[tuple[str, int]] = []
    rest, indent = line, 72
    while rest:
        size = len(rest)
        while font.getlength(rest[:size]) > WIDE - 2 * EDGE - indent:  # type: ignore[attr-defined]
            size -= 1
        while size < len(rest) and (rest[size - 1 : size + 1].isascii() or rest[size] in ",。%"):
            size -= 1
        parts.append((rest[:size], indent))
        rest, indent = rest[size:], 0
    return parts


@pytest.mark.parametrize("quality", ["office", "copied", "photo", "lying", "faint"])
def test_a_worn_page_gives_the_facts_or_marks_them(quality: str) -> None:
    """97 % of the values, and none wrong without a mark; ``scripts/score_scans.py`` measures whole reports."""
    picture = worn_page(printed(TEXT), QUALITIES[quality], random.Random(7))
    report = read_bytes(encoded(picture), "a.png", "a.png")

    found = compare(read_facts(read_text(TEXT, "a.txt")), read_facts(report))

    assert found.facts >= 20
    assert found.unmarked == 0, found.told
    assert found.right >= (0.97 if quality != "copied" else 0.8) * found.facts, found.told
    assert found.marked_right <= (0.1 if quality != "copied" else 0.8) * found.facts


def facts(text: str, *, doubted: Sequence[str] = ()) -> dict[str, Fact]:
    """Read ``text`` as if it had been recognised, sure of all letters but ``doubted``."""
    places, at = [], 0
    for piece in doubted:
        start = text.index(piece)
        places += [
            Place(at, start, 1, confidence=Decimal("0.95")),
            Place(start, start + len(piece), 1, confidence=Decimal("0.3")),
        ]
        at = start + len(piece)
    places.append(Place(at, len(text), 1, confidence=Decimal("0.95")))
    report = replace(read_text(text, "a.txt"), places=tuple(p for p in places if p.start < p.end))
    return {f"{fact.value:f}": fact for fact in read_facts(report)}


HEAD = "乌溪县2023年教育经费执行情况\n"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("2023年,全县普通小学生均公用经费为1371.06元,比上年的1290.11元增长6.27%。\n全县共有小学41所。", set()),
        ("2023年,全县普通小学生均公用经费为1371.06元,比上年的1290.11元增长6.77%。\n全县共有小学41所。", {"1371.06", "1290.11", "6.77"}),
        ("2023年,全县教育经费总投入为1 86417.35万元。\n全县共有小学41所。", {"1", "86417.35"}),
        ("2023年,全县教育经费总投入为86417.35\n万元,比上年增长4.25%。全县共有小学41所。", {"86417.35", "4.25"}),
        ("一、经费\n2023年,全县教育经费总投入为86417.35万元。\n二、规模\n全县共有小学41所。", set()),
        ("5普通小学2023年为1371.06元。\n全县共有小学41所。", {"1371.06"}),
    ],
    ids=["whole", "growth", "split", "torn", "headings", "number"],
)  # fmt: skip
def test_what_its_neighbours_speak_against_is_marked(text: str, marked: set[str]) -> None:
    """All letters are sure; a growth that does not come out, a split figure or a line cut off is not."""
    assert {value for value, fact in facts(HEAD + text).items() if is_low(fact.confidence)} == marked


def test_an_unsure_letter_marks_its_statement_alone() -> None:
    found = facts(HEAD + "2023年,全县共有小学41所,初中17所;幼儿园96所。全县在校生31020人。", doubted=["初"])

    assert {value for value, fact in found.items() if is_low(fact.confidence)} == {"41", "17"}
