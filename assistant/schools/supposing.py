"""What a question supposes: which number of which school becomes how much more, less, or what."""

from __future__ import annotations

import re

from assistant.schools import ways
from assistant.schools.ask import SchoolAsk
from assistant.schools.ways import BLOT, says
from corpus.quantities import read_quantities
from corpus.spoken import demands_in

_TO = re.compile(r"(?:到|至|为|成|达到|变成|改为|改成)[^\d]{0,3}$")
_TAKER_FIRST = re.compile(rf"(?:给|往|到|向|为|让)[^,，。{BLOT}]{{0,4}}{BLOT}.*从.*{BLOT}")
_STUDENTS = re.compile(r"招生?|学生|在校生|生源|转学|分流|转来|转走")
_CLASSES = re.compile(r"班级|个班|教学班")
_PARTS = re.compile(r"[,，、；;]|(?<=[人名间米元个])(?:和|同时|并|又|再)")


def suppositions(masked: str, ask: SchoolAsk) -> tuple[tuple[str, str, str], ...]:
    """Return (school, what, change) for each number that is supposed; ``change`` is "+10", "-100元" or "=20".

    "What" names the item in words that the tool reads, with the stage where the question says it.
    """
    if not ask.schools:
        return ()
    stage = {"primary": "小学", "junior": "初中"}.get(ask.stages[0], "") if len(ask.stages) == 1 else ""
    found: list[tuple[str, str, str]] = []
    for part in _PARTS.split(masked):
        amounts = [q for q in read_quantities(part) if q.value > 0]
        if not amounts:
            continue
        amount = amounts[-1]
        before = part[: amount.start]
        code = next((n.id for n in demands_in(part) if n.id.startswith("1.")), None)
        if code is not None:
            what = code
            named = next(n for n in demands_in(part) if n.id == code)
            what = part[named.start : named.end]
        elif _STUDENTS.search(part):
            what = "学生数"
        elif _CLASSES.search(part):
            what = "班级数"
        elif ask.codes:
            what = ask.codes[0]
        else:
            continue
        if len(ask.schools) == 2 and says(ways.SHIFT, masked) and what not in ("学生数", "班级数"):
            giver, taker = ask.schools if not _TAKER_FIRST.search(masked) else reversed(ask.schools)
            return (
                (giver, f"{stage}{what}", f"-{amount.value:f}"),
                (taker, f"{stage}{what}", f"+{amount.value:f}"),
            )
        sign = "="
        if not _TO.search(before):
            sign = "-" if says(ways.LESS, part) else "+"
        unit = amount.unit if amount.unit.endswith("元") else ""
        found.append((ask.schools[0], f"{stage}{what}", f"{sign}{amount.value:f}{unit}"))
    return tuple(found)
