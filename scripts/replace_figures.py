"""Replace the figures, years and names of reports and of questions about them, so that nothing known is left.

    python scripts/replace_figures.py CASES.jsonl OUT REPORT… [--seed N] [--invented]

OUT receives every report under its own name and the cases as ``CASES.jsonl``, rewritten along. Amounts keep their
decimals and what follows from them, because every family of units is multiplied by one whole number:

- persons and what is counted a head (square metres, books, devices) by 2; yuan and yuan a head by 3; ten thousands
  and hundred millions of yuan by 6, so that a total over persons still is the amount a head;
- schools, kindergartens, places, cases, meetings and other things counted by 3; classes stay, so pupils a class are
  persons again;
- percentages, points, coefficients and ratios then stay true as they are, and so do lengths of time and the figures
  of standards. What is said a head, or per hundred pupils, in metres, persons or devices stays too, for the
  standards bound it.

Years move two back. Provinces, cities and counties become others of the same kind that lie in one another as before;
``--invented`` gives counties names that no list of places knows. Schools known by a number or a road get another one.
Figures without a unit (table cells, telephone numbers, headings) stay, those of tables go by the head of the column.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the project, when the script is run

from corpus.folding import fold
from corpus.places import find
from scripts.new_names import SYLLABLES, Naming, name_anew

SHIFT = -2
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_NUMBER = re.compile(r"(?<![\d.])\d+(?:,\d{3})*(?:\.\d+)?(?![\d.]*\d)")
_UNIT = re.compile(
    r"\s*(?P<rough>[多余几]*)(?P<scale>[百千]?[万亿]*)(?P<rest>[多余]?)"
    r"(?P<unit>元|人次|人|名|位|学生|孩子|平方米|㎡|亩|台|册|套|间|所|家|处|件|份|次|期|辆|条|轮|个(?!百分|方面|小时|学段|月|班|教学班))?"
)
_TIMES = {
    "元": 3,
    **dict.fromkeys(
        ("人次", "人", "名", "位", "学生", "孩子", "平方米", "㎡", "亩", "台", "册", "套", "间"), 2
    ),
}
_A_HEAD = re.compile(r"(?:每百名?[^。;\n]*|生均[^。;\n元]*(?:面积|图书|册|设备)[^。;\n]*|生均[^。;\n元]*)$")
_STANDARD = re.compile(r"(?:标准|不低于|不少于|不超过|不高于|要求)[^。;,\n]{0,12}$")
_YEAR = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?=\s?年)|(?<![\d.])(?<!\|\s)(?:19|20)\d\d(?![\d.]*\d)(?!\s*(?:[|]|[多余]?[万亿]*[元人名所个平次亩]))"
)
_ORDINAL = re.compile(r"第([一二三四五六七八])(?=(?:实验)?(?:小学|中学|初中|高中|幼儿园))")
_ROAD = re.compile(r"([\u4e00-\u9fff]{2})(?=路(?:小学|中学|初中|幼儿园))")
_ISSUED = re.compile(r"(?:国|教)[\u4e00-\u9fff]{0,4}[〔\[【(](?:19|20)\d\d[〕\]】)]\d+")


@dataclass(frozen=True, slots=True)
class Edit:
    """``text[start:end]`` becomes ``new``."""

    start: int
    end: int
    new: str


def times(text: str, number: re.Match[str]) -> int:
    """Return what the figure of folded ``text`` is multiplied by; 1 for what stays."""
    unit = _UNIT.match(text, number.end())
    before = text[max(0, number.start() - 40) : number.start()]
    if not unit or re.search(r"[第/-]$|\d:$", before):
        return 1
    if column := _column(text, number.start()):
        return column
    of, scale = unit["unit"], unit["scale"]
    if re.search("班级?$", before) and of == "个":
        return 1
    if not of:
        return 2 if "万" in scale and re.search("人口|学生|幼儿", before[-8:]) else 1
    if of == "元":
        a_head = re.search("设备值?[^。;\n]{0,30}$", before) and "万" not in scale and "亿" not in scale
        return 1 if a_head and "生均" in before else 6 if scale.endswith(("万", "亿")) else 3
    heads = _A_HEAD.search(before)
    if heads and (of != "人次"):
        return 1
    if of in ("条", "项") and "高速" in text[number.end() : number.end() + 4]:
        return 1
    return _TIMES.get(of, 3)


def _column(text: str, at: int) -> int | None:
    """Return the multiplier of a table's cell by the head of its column, None outside of tables."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else None]
    if line.count(" | ") < 2:
        return None
    cell = text[start:at].count("|")
    for head in reversed(text[:start].splitlines()):
        cells = head.split("|")
        if len(cells) <= cell:
            return 1
        if not re.search(r"\d", head):
            name = cells[cell]
            if money := re.search("(?:万|亿)?元", name):
                return 3 if money[0] == "元" else 6
            return 1 if re.search("比|班|率|%", name) else 2 if re.search("生|幼儿|教|人", name) else 3
    return 1


def scaled(written: str, factor: int) -> str:
    """Return a written figure times ``factor``, with as many decimals and separators as it had.

    >>> scaled("1,250.50", 3)
    '3,751.50'
    """
    return f"{Decimal(written.replace(',', '')) * factor:{',' if ',' in written else ''}f}"


def edits(text: str, naming: Naming) -> list[Edit]:
    """Return what changes in a text, by position."""
    folded = fold(text)
    held = [m.span() for m in _ISSUED.finditer(folded)]
    found = [Edit(*m.span(), str(int(m[0]) + SHIFT)) for m in _YEAR.finditer(folded)]
    found += [Edit(m.start(), m.end(), f"{int(m[0]) + SHIFT:02}") for m in _SHORT_YEAR.finditer(folded)]
    dated = {e.start for e in found}
    for number in _NUMBER.finditer(folded):
        factor = 1 if number.start() in dated else times(folded, number)
        if factor != 1:
            found.append(Edit(*number.span(), scaled(number[0], factor)))
    for name in naming.pattern.finditer(folded):
        new = naming.new[name[0]]
        found.append(Edit(*name.span(), new if name[0] == text[slice(*name.span())] else _traditional(new)))
    for m in _ORDINAL.finditer(folded):
        found.append(Edit(*m.span(1), "五六七八一二三四"["一二三四五六七八".index(m[1])]))
    for m in _ROAD.finditer(folded):
        if find(m[1]) == ():
            dice = random.Random(m[1])
            found.append(Edit(*m.span(1), "".join(dice.sample(SYLLABLES, 2))))
    kept: list[Edit] = []
    for edit in sorted(found, key=lambda e: (e.start, -e.end)):
        free = all(edit.end <= a or b <= edit.start for a, b in held)
        if free and (not kept or kept[-1].end <= edit.start):
            kept.append(edit)
    return kept


_SHORT_YEAR = re.compile(r"(?<![\d.近前后过去第满])(?:1\d|2[0-6])(?=年(?![级制以来内前后]))")


@cache
def _writer() -> Any:
    from opencc import OpenCC

    return OpenCC("s2t")


def _traditional(text: str) -> str:
    return str(_writer().convert(text))


def apply(text: str, changes: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """Return ``text[start:end]`` with the changes that lie in it."""
    end, parts, at = len(text) if end is None else end, [], start
    for edit in changes:
        if start <= edit.start and edit.end <= end:
            parts += [text[at : edit.start], edit.new]
            at = edit.end
    return "".join([*parts, text[at:end]])


class Rewriter:
    """Rewrites the cases about some reports; ``unsure`` collects figures of expectations that stand nowhere."""

    def __init__(self, reports: Mapping[str, str], naming: Naming) -> None:
        self.naming = naming
        self.reports = reports
        self.changes = {name: edits(text, naming) for name, text in reports.items()}
        self.unsure: list[str] = []

    def evidence(self, quote: str) -> str:
        """A quotation is rewritten as it is where it stands."""
        for name, text in self.reports.items():
            if (at := text.find(quote)) >= 0:
                return apply(text, self.changes[name], at, at + len(quote))
        return self.text(quote)

    def text(self, said: str) -> str:
        return apply(said, edits(said, self.naming))

    def figure(self, said: str, case: Mapping[str, Any]) -> str:
        """Rewrite a figure of the expectations as it stands in the evidence, else by what it follows from, or its unit."""
        value = Decimal(said)
        known = [*self._cited(case)]
        for number, factor in known:
            if number == value:
                return scaled(said, factor)
        for number, factor in known:
            for power in (0, 4, 8, -4, -8):  # told in other tens, and rounded or cut
                for rounding in (ROUND_HALF_UP, ROUND_DOWN):
                    if power and number.scaleb(power).quantize(value, rounding) == value:
                        return f"{(number * factor).scaleb(power).quantize(value, rounding):f}"
        for item in case["answer_values"]:
            written = str(item["value"])
            if not _PLAIN.fullmatch(written):
                continue
            for power in (0, 4, 8, -4, -8):
                near = value.scaleb(power).quantize(Decimal(written), ROUND_HALF_UP) == Decimal(written)
                if near or Decimal(written).scaleb(power).quantize(value, ROUND_HALF_UP) == value:
                    match = _NUMBER.match(told := f"{written}{item.get('unit') or ''}")
                    a_head = "元" not in told and _A_HEAD.search(fold(case["turns"][-1]))
                    return scaled(said, 1 if a_head or not match else times(told, match))
        found = set()
        for text in map(fold, self.reports.values()):
            found |= {times(text, m) for m in _NUMBER.finditer(text) if m[0] == said}
        if len(found) != 1:
            self.unsure.append(f"{case['id']} {said}")
        return scaled(said, found.pop() if len(found) == 1 else 1)

    def _cited(self, case: Mapping[str, Any]) -> Iterator[tuple[Decimal, int]]:
        """The figures of the evidence and of the questions with what they are multiplied by."""
        for quote in [*case["evidence"], *case["turns"]]:
            held = fold(next((t for t in self.reports.values() if quote in t), quote))
            at = held.find(fold(quote))
            for m in _NUMBER.finditer(held, at, at + len(quote)):
                yield Decimal(m[0].replace(",", "")), times(held, m)

    def expected(self, said: str, case: Mapping[str, Any]) -> str:
        """Rewrite a text that an answer must hold or must not: a bare figure as it stands in the sources."""
        if not _PLAIN.fullmatch(said):
            quote = next((q for q in case["evidence"] if said in q), None)
            return self._within(quote, said) if quote and re.search(r"\d", said) else self.text(said)
        if _YEAR.fullmatch(said) and not any(str(v["value"]) == said for v in case["answer_values"]):
            return str(int(said) + SHIFT)
        return self.figure(said, case)

    def _within(self, quote: str, said: str) -> str:
        for name, text in self.reports.items():
            if (at := text.find(quote)) >= 0:
                at += quote.find(said)
                return apply(text, self.changes[name], at, at + len(said))
        return self.text(said)

    def case(self, case: Mapping[str, Any]) -> dict[str, Any]:
        new = dict(case)
        new["turns"] = [self.text(turn) for turn in case["turns"]]
        new["evidence"] = [self.evidence(quote) for quote in case["evidence"]]
        new["answer_values"] = [
            {**v, "value": _number(self.figure(str(v["value"]), case))}
            if _PLAIN.fullmatch(str(v["value"]))
            else {**v, "value": self.text(str(v["value"]))}
            for v in case["answer_values"]
        ]
        for field in ("must_contain", "must_not_contain", "order", "accept_any_of"):
            if case.get(field):
                new[field] = [self.expected(str(item), case) for item in case[field]]
        if case.get("must_contain_alt"):
            new["must_contain_alt"] = [
                [self.expected(str(i), case) for i in option] for option in case["must_contain_alt"]
            ]
        return new


def _number(written: str) -> int | float | str:
    return int(written) if written.isdigit() else float(written)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Replace figures, years and names of reports and questions.")
    parser.add_argument("cases", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--invented", action="store_true", help="give counties names that no list knows")
    arguments = parser.parse_args(argv)
    reports = {path.name: path.read_text("utf-8-sig") for path in arguments.reports}
    cases = [json.loads(line) for line in arguments.cases.read_text("utf-8-sig").splitlines() if line.strip()]
    asked = [turn for case in cases for turn in case["turns"]]
    naming = name_anew([*reports.values(), *asked], random.Random(arguments.seed), arguments.invented)
    rewriter = Rewriter(reports, naming)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, text in reports.items():
        (arguments.out / name).write_text(apply(text, rewriter.changes[name]), "utf-8")
    lines = [json.dumps(rewriter.case(case), ensure_ascii=False) + "\n" for case in cases]
    (arguments.out / arguments.cases.name).write_text("".join(lines), "utf-8")
    for line in rewriter.unsure:
        print("stands in no report alone:", line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
