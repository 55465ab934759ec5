"""Averages and ratios: pupils to a teacher, pupils in a class, so much for each pupil, school or person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.audited import audited
from corpus.counted import Words
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import RATIOS, dimension
from tools.audit.checks.shares import BOUNDED, ahead
from tools.audit.figures import Figures, Found, like
from tools.audit.model import Check, Finding
from tools.audit.names import LOOSE, narrowed, same_time
from tools.audit.phrases import clause_start
from tools.audit.registry import check
from tools.audit.share_readings import Reading, decide, quotient_reading, with_more
from tools.audit.view import View
from tools.audit.wholes import same_kind

_CLASS = re.compile(
    r"平均班额|班均(?:人数|学生|规模|班额)?|平均每(?:个|教学)?班|每(?:个|教学)?班平均|平均班级(?:规模|人数)"
)
_EACH = re.compile(
    r"(?P<hundred>每百名?(?:学生|幼儿|生)|百名学生)|(?P<pupil>生均|平均每(?:名|个)?(?:学生|幼儿|生)|每(?:名|个)?(?:学生|幼儿|生)平均)"
    r"|(?P<teacher>师均|平均每(?:名|位|个)?(?:专任)?(?:教师|老师)|每(?:名|位|个)?(?:专任)?(?:教师|老师)平均)"
    r"|(?P<school>校均|园均|平均每(?:所|个)?(?:学校|幼儿园|校|园|所)|每(?:所|个)?(?:学校|幼儿园|校|园|所)平均)"
    r"|(?P<person>人均|平均每(?:人|名|位|人次))"
)
_RULED = re.compile(
    r"标准|定额|补助|基准|拨款|每生每|按每|不低于|经费|事业费|公用|支出|工资|待遇|/|每[天日月年周学]"
)
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
    if claim.unit in RATIOS:
        if not re.search(r"师|教职工|教员", words):
            return None
        return _decide(figures, claim, _to_one(figures, claim, words), "ratio", "学生数或教师数")
    if dimension(claim.unit) == "person" and _CLASS.search(words):
        return _decide(figures, claim, _in_class(figures, claim), "average", "学生数或班数")
    each = _EACH.search(words)
    if each is None or _RULED.search(words) or dimension(claim.unit) in ("percent", "ratio"):
        return None
    readings = _each(figures, claim, each, words[each.end() :])
    return _decide(figures, claim, readings, "average", "数") if readings else None


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
    own = re.sub(r".*\d", "", before.strip())
    named = _EACH.search(own) or _CLASS.search(own) or "比" in own
    return own if named else fold(claim.metric)


def people(figures: Figures, claim: Fact, words: Words, unit: str = "") -> list[Found]:
    """Return the counts that ``words`` call for the stage of ``claim``, those of the nearest scope first.

    The nearest scope that has one value only is certain.
    """
    found: list[Found] = []
    decided = False
    line = figures.line(claim)
    every = [f for f in figures.matching(words, claim) if _fits(figures, f, claim, unit)]
    exact = [f for f in every if f.stage == claim.stage]
    every = exact or [f for f in every if not claim.stage or (not f.stage and f.sentence == claim.sentence)]
    if not every:
        told = [f for f in figures.matching(words, claim) if line[0] <= f.start < line[1] and not f.stage]
        every = [f for f in told if _fits(figures, f, claim, unit)]
    scopes = (
        [f for f in every if f.sentence == claim.sentence and f.start < claim.start],
        [f for f in every if f.sentence != claim.sentence and line[0] <= f.start < claim.start],
        [f for f in every if claim.start < f.start < line[1]],
        [f for f in every if f.section == claim.section and not line[0] <= f.start < line[1]],
        [f for f in every if f.section != claim.section],
    )
    for facts in scopes:
        values = {f.value for f in facts}
        found += [Found(f, LOOSE, not decided and len(values) == 1) for f in facts]
        decided = decided or bool(values)
    return found


def _fits(figures: Figures, fact: Fact, claim: Fact, unit: str) -> bool:
    if not same_kind(fact, claim):
        return False
    if fact.sentence != claim.sentence and not same_time(fact.period, claim.period):
        return False
    if unit and not like(fact, unit):
        return False
    if fact.qualifier and BOUNDED.search(fact.qualifier):
        return False
    narrow = narrowed(figures.text[clause_start(figures.text, claim) : claim.start])
    return narrow == narrowed(figures.names(fact)[-1])


def _together(figures: Figures, a: Fact, b: Fact) -> bool:
    """True if two counts are of one stage; a stage that is not said is that of the count just beside it."""
    if a.stage == b.stage:
        return True
    first, second = sorted((a, b), key=lambda f: f.start)
    between = figures.text[first.end : second.start]
    return not (a.stage and b.stage) and len(between) < _BESIDE and not re.search(r"[;。\n]", between)


def _to_one(figures: Figures, claim: Fact, words: str) -> list[Reading]:
    """Return pupils ÷ teachers: full-time teachers where the words do not say staff."""
    known = audited()
    staff = bool(re.search(r"教职|教职工", words))
    tops = people(figures, claim, known.pupils, "人")
    bottoms = people(figures, claim, known.staff if staff else known.teachers, "人")
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


def _each(figures: Figures, claim: Fact, each: re.Match[str], rest: str) -> list[Reading]:
    """Return the amount that the words name, divided by the number of those that each has a part of it."""
    hundred = bool(each["hundred"])
    rest = re.sub(r"^(?:拥有|占有|有|的)+|(?:数|为|达到?|是|约|近|的)+$", "", rest.strip())
    inside = [f for f in figures.within(*claim.sentence) if f.role == "level" and f.id != claim.id]
    if rest:
        tops = [t for t in figures.called(rest, claim, claim.unit) if t.fact.stage == claim.stage]
    else:
        amounts = [f for f in inside if like(f, claim.unit) and f.value != claim.value]
        tops = [Found(f, LOOSE, len(amounts) == 1) for f in amounts]
    bottoms = _divisors(figures, claim, each, inside)
    readings = []
    for top in tops[:4]:
        for bottom in bottoms[:4]:
            if bottom.fact.id == top.fact.id or not same_kind(top.fact, claim):
                continue
            together = top.fact.sentence == bottom.fact.sentence == claim.sentence
            certain = top.certain and bottom.certain and together and not _MADE_UP.search(rest)
            reading = quotient_reading(
                claim, top.fact, bottom.fact, certain, times=100 if hundred else 1, label="平均数",
                names=("总量", "个数"),
            )  # fmt: skip
            if reading is not None:
                readings.append(reading)
    return readings


def _divisors(figures: Figures, claim: Fact, each: re.Match[str], inside: Sequence[Fact]) -> list[Found]:
    known = audited()
    if each["teacher"]:
        return people(figures, claim, known.teachers, "人")
    if each["school"]:
        schools = [f for f in inside if dimension(f.unit) in ("所", "校", "园")]
        return [Found(f, LOOSE, len(schools) == 1) for f in schools]
    kinds = ("person", "person_time")
    if each["person"]:
        heads = [f for f in inside if dimension(f.unit) in kinds]
        return [Found(f, LOOSE, len(heads) == 1) for f in heads]
    found = people(figures, claim, known.pupils, "人")
    if not found:
        heads = [f for f in inside if dimension(f.unit) in kinds]
        found = [Found(f, LOOSE, False) for f in heads]
    return found
