"""Averages and ratios: pupils to a teacher, pupils in a class, so much for each pupil, school or person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.audited import audited
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import RATIOS, dimension
from tools.audit.checks.shares import ahead
from tools.audit.divided import Each, each_of, quotients, tied
from tools.audit.figures import Figures, Found
from tools.audit.model import Check, Finding
from tools.audit.names import LOOSE
from tools.audit.phrases import clause_start
from tools.audit.registry import check
from tools.audit.share_readings import Reading, decide, quotient_reading, with_more
from tools.audit.staged import people, stage_of
from tools.audit.view import View

_CLASS = re.compile(
    r"平均班额|班均(?:人数|学生|规模|班额)?|平均每(?:个|教学)?班|每(?:个|教学)?班平均|平均班级(?:规模|人数)"
)
_TO_ONE = re.compile(r"(?:师生|生师|师幼|幼师|生教|师班)比")
_BESIDE = 24
"""Characters between two counts that are told together."""
_MADE_UP = re.compile(r"教学及(?:教学)?辅助用房")
"""An indicator whose total holds what its definition takes off."""


@check("average")
def averages(view: View) -> Iterator[Finding]:
    """Recompute every ratio of pupils to teachers and every average from the two figures that its words name."""
    figures = Figures(view)
    for claim in view.facts:
        if (finding := judge_average(figures, claim)) is not None:
            yield finding


def judge_average(figures: Figures, claim: Fact) -> Finding | None:
    """Return the finding on ``claim``; None where it is no average, or one whose inputs nobody expects."""
    if claim.role != "level" or claim.kind not in ("actual", "plan") or claim.upper is not None:
        return None
    if figures.in_table(claim) or ahead(figures.view, claim):
        return None
    words = _words(figures, claim)
    kind = dimension(claim.unit)
    if claim.unit in RATIOS or (kind == "none" and _TO_ONE.search(words) and claim.value > 1):
        if not re.search(r"师|教职工|教员", words):
            return None
        return _decide(figures, claim, _to_one(figures, claim, words), "ratio", "学生数或教师数")
    if kind == "person" and _CLASS.search(words):
        return _decide(figures, claim, _in_class(figures, claim), "average", "学生数或班数")
    if kind in ("percent", "ratio", "none"):
        return None
    each = each_of(figures, claim)
    if each is None or (each.kind == "load" and kind != "person"):
        return None
    if each.kind == "load":
        return _decide(figures, claim, _to_one(figures, claim, words), "average", "学生数或教师数")
    readings = _each(figures, claim, each)
    return _decide(figures, claim, readings, "average", "数") if readings or tied(each) else None


def _decide(
    figures: Figures, claim: Fact, readings: Sequence[Reading], check: Check, wanted: str
) -> Finding | None:
    if not readings and claim.kind != "actual":
        return None
    lacking = f"报告没有给出复算所需的{wanted},不能复算"
    if readings:
        lacking = "报告没有说明它由哪些数得出,不能复算"
    return decide(figures.view, claim, readings, "rate", check, (lacking,))


def _words(figures: Figures, claim: Fact) -> str:
    """Return the words of the clause before the number, and what the reader calls it."""
    before = figures.text[max(clause_start(figures.text, claim), claim.start - 60) : claim.start]
    own = re.sub(r".*\d", "", re.sub(r"\([^()]*\)", "", before).strip())
    if _CLASS.search(own) or "比" in own or "均" in own or "每" in own:
        return own
    listed = re.split(r"\d", before, maxsplit=1)[0]
    return listed if _CLASS.search(listed) or _TO_ONE.search(listed) else fold(claim.metric)


def _together(figures: Figures, a: Fact, b: Fact) -> bool:
    """True if two counts are of one stage; a stage that is not said is that of the count just beside it."""
    one, other = stage_of(figures, a), stage_of(figures, b)
    if one == other:
        return True
    first, second = sorted((a, b), key=lambda f: f.start)
    between = figures.text[first.end : second.start]
    return not (one and other) and len(between) < _BESIDE and not re.search(r"[;。\n]", between)


def _just_before(figures: Figures, claim: Fact) -> list[Found]:
    """Return the count of teachers of any kind that the claim follows ("在编专任教师2300人,师生比1:13")."""
    last = [f for f in figures.within(claim.sentence[0], claim.start) if f.role == "level"][-1:]
    return [
        Found(f, LOOSE, True) for f in last
        if re.search(r"(?:教师|教职工)(?:数|总数|人数)?$", fold(f.label)) and claim.start - f.end < 8
    ]  # fmt: skip


def _to_one(figures: Figures, claim: Fact, words: str) -> list[Reading]:
    """Return pupils ÷ teachers: full-time teachers where the words do not say staff."""
    known = audited()
    staff = bool(re.search(r"教职|教职工", words))
    tops = people(figures, claim, known.pupils, "人")
    bottoms = people(figures, claim, known.staff if staff else known.teachers, "人")
    bottoms = bottoms or _just_before(figures, claim)
    loose = [] if staff or "专任" in words else people(figures, claim, known.staff, "人")
    named = ("学生数", "教职工数" if staff else "教师数")
    readings = []
    carers = [] if "专任" in words else people(figures, claim, known.carers, "人")[:1]
    for top in tops[:4]:
        for bottom, certain in [*((b, b.certain) for b in bottoms[:4]), *((b, False) for b in loose[:2])]:
            if not _together(figures, top.fact, bottom.fact):
                continue
            reading = quotient_reading(
                claim, top.fact, bottom.fact, top.certain and certain, label="每名教师对应的学生数", names=named, to="",
            )  # fmt: skip
            if reading is not None:
                readings.append(reading)
            if carers and certain and (both := with_more(claim, top.fact, bottom.fact, carers[0].fact)):
                readings.append(both)
    return readings


def _in_class(figures: Figures, claim: Fact) -> list[Reading]:
    known = audited()
    found = []
    for top in people(figures, claim, known.pupils, "人")[:4]:
        for bottom in people(figures, claim, known.classes)[:4]:
            if dimension(bottom.fact.unit) not in ("个", "class") or not _together(
                figures, top.fact, bottom.fact
            ):
                continue
            reading = quotient_reading(
                claim, top.fact, bottom.fact, top.certain and bottom.certain, label="平均班额", names=("学生数", "班数"),
            )  # fmt: skip
            if reading is not None:
                found.append(reading)
    return found


def _each(figures: Figures, claim: Fact, each: Each) -> list[Reading]:
    """Return the amount that the words name, divided by the number of those that each has a part of it."""
    readings = []
    for top, bottom, certain in quotients(figures, claim, each):
        made_up = _MADE_UP.search(each.rest) and top.sentence != claim.sentence
        reading = quotient_reading(
            claim, top, bottom, certain and not made_up, times=each.times, label="平均数", names=("总量", "个数"),
        )  # fmt: skip
        if reading is not None:
            readings.append(reading)
    return readings
