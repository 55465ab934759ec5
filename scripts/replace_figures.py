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
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the project, when the script is run

from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.places import Place, find, names

SHIFT = -2
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
_A_HEAD = re.compile(
    r"(?:每百名?[^。;\n]*|生均[^。;\n元]*(?:面积|图书|册|设备)[^。;\n]*|生均[^。;\n元]*|平均每[^。;\n]{1,12})$"
)
_STANDARD = re.compile(r"(?:标准|不低于|不少于|不超过|不高于|要求)[^。;,\n]{0,12}$")
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.]*\d)(?!\s*[多余]?[万亿]*[元人名所个平次亩])")
_ORDINAL = re.compile(r"第([一二三四五六七八])(?=(?:实验)?(?:小学|中学|初中|高中|幼儿园))")
_ROAD = re.compile(r"([\u4e00-\u9fff]{2})(?=路(?:小学|中学|初中|幼儿园))")
_ISSUED = re.compile(r"(?:国|教)[\u4e00-\u9fff]{0,4}[〔\[【(](?:19|20)\d\d[〕\]】)]\d+")
_SYLLABLES = "澄岚禾屿朗渚芮沅葭峤榆砚湄棠霁汀"


@dataclass(frozen=True, slots=True)
class Edit:
    """``text[start:end]`` becomes ``new``."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Naming:
    """The new name of every old one, in simplified characters, and the pattern that finds them."""

    new: Mapping[str, str]
    pattern: re.Pattern[str]


def times(text: str, number: re.Match[str]) -> int:
    """Return what the figure of folded ``text`` is multiplied by; 1 for what stays."""
    unit = _UNIT.match(text, number.end())
    before = text[max(0, number.start() - 40) : number.start()]
    if not unit or text[number.start() - 1 : number.start()] in ("第", ":", "-", "/"):
        return 1
    if column := _column(text, number.start()):
        return column
    of, scale = unit["unit"], unit["scale"]
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
            return 1 if re.search("比|班|率", name) else 2 if re.search("生|幼儿|教|人", name) else 3
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
            found.append(Edit(*m.span(1), "".join(dice.sample(_SYLLABLES, 2))))
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


def _candidates(place: Place, above: Place | None) -> Iterator[Place]:
    """Places of the same kind, in ``above``."""
    for found in names().full.values():
        for other in found:
            within = other.path[:-1] == above.path if above else len(other.path) == 1
            if other.level == place.level and other.current and within and other.name[-1] == place.name[-1]:
                yield other


def name_anew(texts: Iterable[str], dice: random.Random, invented: bool) -> Naming:
    """Choose a new name for every place that the texts name."""
    chosen: dict[tuple[str, ...], Place] = {}
    told = "\n".join(map(fold, texts))
    written = sorted({m.places[0] for m in mentions(told) if m.places}, key=lambda p: p.path)
    new: dict[str, str] = {}
    for place in written:
        if place.level == "country":
            continue
        for depth in range(1, len(place.path) + 1):
            path = place.path[:depth]
            unit = next((p for p in find(path[-1]) if p.path == path), None)
            if not unit or path in chosen:
                continue
            above = chosen.get(path[:-1])
            near = [p for p in _candidates(unit, above) if p.short not in told and p not in chosen.values()]
            near = near or [p for p in _any(unit) if p.short not in told and p not in chosen.values()]
            alike = [p for p in near if len(p.name) == len(unit.name) and len(p.short) == len(unit.short)]
            if alike or near:
                chosen[path] = dice.choice(sorted(alike or near, key=lambda p: p.path))
    for path, other in chosen.items():
        unit = next(p for p in find(path[-1]) if p.path == path)
        stem = "".join(dice.sample(_SYLLABLES, 2)) if invented and unit.level == "county" else ""
        new[fold(unit.name)] = stem + unit.name[-1] if stem else other.name
        if len(unit.short) > 1:
            new[fold(unit.short)] = stem or other.short
    pattern = "|".join(map(re.escape, sorted(new, key=len, reverse=True))) or r"(?!)"
    return Naming(new, re.compile(pattern))


def _any(place: Place) -> Iterator[Place]:
    for found in names().full.values():
        yield from (p for p in found if p.level == place.level and p.current and p.name[-1] == place.name[-1])


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

    def factor(self, number: str, case: Mapping[str, Any]) -> int:
        """Return what a figure of the expectations is multiplied by: as in the evidence, else by its unit."""
        value = Decimal(number)
        for quote in [*case["evidence"], *case["turns"]]:
            held = next((t for t in self.reports.values() if quote in t), quote)
            at = held.find(quote)
            folded = fold(held)
            for m in _NUMBER.finditer(folded, at, at + len(quote)):
                if Decimal(m[0].replace(",", "")) == value:
                    return times(folded, m)
        for item in case["answer_values"]:
            if Decimal(str(item["value"])) == value:
                written = f"{number}{item.get('unit') or ''}"
                match = _NUMBER.match(written)
                question = fold(case["turns"][-1])
                if match and _A_HEAD.search(question) and "元" not in written:
                    return 1
                return times(written, match) if match else 1
        found = set()
        for text in self.reports.values():
            folded = fold(text)
            found |= {times(folded, m) for m in _NUMBER.finditer(folded) if m[0] == number}
        if len(found) != 1:
            self.unsure.append(f"{case['id']} {number} {sorted(found)}")
        return found.pop() if len(found) == 1 else 1

    def _expected(self, said: str, case: Mapping[str, Any]) -> str | None:
        """Rewrite a figure that is an expected value rounded, or told in other tens."""
        shown = Decimal(said)
        for item in case["answer_values"]:
            written = str(item["value"])
            if not re.fullmatch(r"\d+(?:\.\d+)?", written) or Decimal(written) == shown:
                continue
            for power in (0, 4, 8, -4, -8):
                exact = Decimal(written).scaleb(power)
                if abs(exact - shown) <= Decimal(1).scaleb(int(shown.as_tuple().exponent)) / 2:
                    new = exact * self.factor(written, case)
                    return f"{new.quantize(shown, ROUND_HALF_UP):f}"
        return None

    def expected(self, said: str, case: Mapping[str, Any]) -> str:
        """Rewrite a text that an answer must hold or must not: a bare figure as it stands in the sources."""
        if not re.fullmatch(r"\d+(?:\.\d+)?", said):
            return self.text(said)
        if re.fullmatch(r"(?:19|20)\d\d", said) and not any(
            str(v["value"]) == said for v in case["answer_values"]
        ):
            return str(int(said) + SHIFT)
        return self._expected(said, case) or scaled(said, self.factor(said, case))

    def case(self, case: Mapping[str, Any]) -> dict[str, Any]:
        new = dict(case)
        new["turns"] = [self.text(turn) for turn in case["turns"]]
        new["evidence"] = [self.evidence(quote) for quote in case["evidence"]]
        new["answer_values"] = [
            {**v, "value": _number(scaled(str(v["value"]), self.factor(str(v["value"]), case)))}
            if re.fullmatch(r"\d+(?:\.\d+)?", str(v["value"]))
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
