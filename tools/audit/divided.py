"""What an average divides and by what: the two figures that "生均", "每百名学生拥有", "平均每个" name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.audited import audited
from corpus.catalogue import stages_in
from corpus.facts.labels import bare_stage
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import dimension
from tools.audit.figures import Figures, Found, like
from tools.audit.names import LOOSE, alike, core
from tools.audit.phrases import clause_start
from tools.audit.staged import people, stage_of
from tools.audit.wholes import same_kind

_PUPIL = r"(?:在校)?(?:学生|幼儿|生)"
_TEACHER = r"(?:专任)?(?:教师|老师)"
_EACH = re.compile(
    rf"(?P<load>每一?[名位个]?{_TEACHER}(?:平均)?(?:负担|负责|对应|承担|教)(?:的|着)?(?={_PUPIL}))"
    rf"|(?P<hundred>每百名?{_PUPIL}|百名学生)|(?P<hundred_teachers>每百名?{_TEACHER})"
    rf"|(?P<pupil>生均|平均每[名个]?{_PUPIL}|每[名个]?{_PUPIL}平均|(?<!按)每生(?!每))"
    rf"|(?P<teacher>师均|平均每[名位个]?{_TEACHER}|每[名位个]?{_TEACHER}平均)"
    r"|(?P<school>校均|园均|平均每(?:所|个)?(?:学校|幼儿园|校|园|所)|每(?:所|个)?(?:学校|幼儿园|校|园|所)平均)"
    r"|(?P<person>人均|平均每(?:人次|人|名|位)(?![\u4e00-\u9fff]{2,}平均))"
    r"|(?P<unit>(?P<sort>[户笔件项次台]|家庭)均(?![衡等])|平均每(?P<sort2>[户笔件项台]))"
    r"|(?P<thing>(?:平均)?每一?[个名位所间套](?P<noun>[\u4e00-\u9fff]{2,14}))"
)
"""Who or what has a part each; ``noun`` begins with what it is called and may go on with what is divided."""
_RULED = re.compile(
    r"标准|定额|补助|基准|拨款|预算|每生每|按每|不低于|配备|至少|应当?|不得|/|每[天日月周]|每学[年期]"
)
"""What is set by a rule, not divided."""
_BUDGETED = re.compile(r"经费|事业费|公用|支出|工资|待遇")
"""Amounts whose total is seldom the one beside it; they are judged where they agree or the words tie them."""
_LEAD = re.compile(r"^(?:拥有|占有|配有|有|的)+|(?:数|数量|分别|分别为|为|达到?|是|约|近|的|仅)+$")
_FEW = 5


@dataclass(frozen=True, slots=True)
class Each:
    """An average's words: for ``kind`` of whom, ``rest`` what is divided, ``times`` 100 where for a hundred.

    ``start`` is where the words begin, ``named`` the noun of a thing, ``titled`` if they head the paragraph.
    """

    kind: str
    rest: str
    times: int
    start: int
    named: str = ""
    titled: bool = False
    mean: bool = True


def each_of(figures: Figures, claim: Fact) -> Each | None:
    """Return the words that make ``claim`` an average; None where there are none, or a rule sets it."""
    left = max(clause_start(figures.text, claim), claim.start - 80)
    before = figures.text[left : claim.start]
    plain = re.sub(r"\([^()]*\)", "", before)
    own = re.sub(r".*\d", "", plain.strip())
    for words, start, titled in (
        (own, claim.start - len(own), False),
        (_list_words(figures, claim, left, own), left, False),
        (fold(claim.metric), left, False),
        (_title(figures, claim), claim.start, True),
    ):
        if words and (found := _EACH.search(words)) is not None:
            return None if _RULED.search(words) else _read(found, words, start, titled)
    return None


def _read(found: re.Match[str], words: str, start: int, titled: bool) -> Each:
    kind = next(k for k in ("load", "hundred", "hundred_teachers", "pupil", "teacher", "school", "person",
                            "unit", "thing") if found[k])  # fmt: skip
    named = found["noun"] or found["sort"] or found["sort2"] or ""
    rest = words[found.end() :] if kind != "thing" else named
    for stage in reversed(stages_in(rest)):
        rest = rest[: stage.start] + rest[stage.end :]
    rest = _LEAD.sub("", _LEAD.sub("", rest.strip(" ,:、\x00")))
    times = 100 if kind.startswith("hundred") else 1
    kind = {"hundred": "pupil", "hundred_teachers": "teacher"}.get(kind, kind)
    mean = kind != "thing" or "平均" in words
    return Each(kind, rest, times, start + (0 if titled else found.start()), named, titled, mean)


def _list_words(figures: Figures, claim: Fact, left: int, own: str) -> str:
    """Return what stands before a list of stages that ``claim`` is an item of ("生均面积小学5平方米、初中6平方米")."""
    if bare_stage(own.strip()) and figures.text[left - 1 : left] == ",":  # 生均面积,小学5平方米
        start = max(figures.text.rfind(mark, claim.sentence[0], left - 1) for mark in ",;:。")
        return re.sub(r".*\d", "", figures.text[max(start, claim.sentence[0]) : left - 1])
    if not re.search(r"[、,和]\s*\S{0,8}$", figures.text[left : claim.start]):
        return ""
    before = figures.text[left : claim.start]
    heads = re.split(r"\d", before, maxsplit=1)
    return heads[0] if len(heads) > 1 else ""


def _title(figures: Figures, claim: Fact) -> str:
    """Return the heading that a paragraph begins with, where ``claim`` follows the total that it is made of."""
    start = figures.line(claim)[0]
    stop = figures.text.find("。", start, start + 60)
    if stop < 0 or stop > claim.sentence[0]:
        return ""
    at = bisect_left(figures.view.starts, claim.start)
    last = figures.view.facts[at - 1] if at else None
    if last is None or not like(last, claim.unit) or last.sentence != claim.sentence:
        return ""
    near = re.fullmatch(r"[ ,、(]*(?:为|达|达到|约)?", figures.text[last.end : claim.start])
    smaller = claim.value < last.value or dimension(claim.unit) == "money"
    return figures.text[start:stop] if near and smaller else ""


def tied(each: Each) -> bool:
    """True if the words are of an average that a report should let one recompute."""
    return (
        each.mean and not _BUDGETED.search(each.rest) and each.kind in ("pupil", "load", "teacher", "school")
    )


def dividends(figures: Figures, claim: Fact, each: Each, bottoms: Sequence[Found]) -> list[Found]:
    """Return what may be divided: counts of the sentence, or those that the words name anywhere."""
    stage, pupils = stage_of(figures, claim), audited().pupils
    taken = {item.fact.id for item in bottoms}
    inside = [
        f for f in figures.within(claim.sentence[0], claim.start)
        if f.role == "level" and like(f, claim.unit) and f.id not in taken and same_kind(f, claim)
        and (each.kind != "pupil" or not pupils.call(core(f.label))) and not _enclosed(figures, f, claim) and stage_of(figures, f) in (stage, None)
    ][-_FEW:]  # fmt: skip
    exact = [f for f in inside if stage and stage_of(figures, f) == stage]
    inside = exact or inside
    if not inside and each.kind == "thing":  # 每名督学平均负责2所学校(共40所)
        rest = figures.within(claim.end, min(claim.sentence[1], claim.end + 40))
        inside = [f for f in rest if f.role == "level" and like(f, claim.unit)]
    wanted = "" if each.titled else each.rest
    if each.kind == "thing":
        named = [f for f in inside if set(core(f.label)[-2:]) & set(wanted)] or inside
        return [Found(f, LOOSE, len(inside) == 1) for f in reversed(named)]
    if wanted:
        alikes = [f for f in inside if _called(figures, f, wanted)]
        if alikes:
            return [Found(f, LOOSE, len({g.value for g in alikes}) == 1) for f in reversed(alikes)]
        found = [
            item for item in figures.called(wanted, claim, claim.unit)
            if stage_of(figures, item.fact) == stage and same_kind(item.fact, claim)
        ]  # fmt: skip
        return found or [Found(f, LOOSE, False) for f in reversed(inside)]
    beside = [f for f in inside[-1:] if _adjacent(figures, f, claim, each)]
    alone = len(inside) == 1
    return [Found(f, LOOSE, alone or f in beside) for f in reversed(inside)]


def _called(figures: Figures, fact: Fact, words: str) -> bool:
    """True if a count goes by ``words``, or its clause holds all their characters (退还预收费: 退费)."""
    if any(alike(words, name) >= LOOSE for name in figures.names(fact)):
        return True
    clause = figures.text[clause_start(figures.text, fact) : fact.start]
    plain = re.sub(r"年度?|月度?|平均|实际|额$", "", core(words))
    return len(plain) > 1 and len(plain) < 7 and set(plain) <= set(clause)


def _adjacent(figures: Figures, fact: Fact, claim: Fact, each: Each) -> bool:
    between = figures.text[fact.end : claim.start if each.titled else max(fact.end, each.start)]
    return len(between) < 6 and not re.search(r"[;。\n]", between)


def _enclosed(figures: Figures, fact: Fact, claim: Fact) -> bool:
    """True if a bracket that closes before ``claim`` holds ``fact``."""
    depth = 0
    for mark in re.findall(r"[()]", figures.text[fact.end : claim.start]):
        depth += 1 if mark == "(" else -1
        if depth < 0:
            return True
    return False


def divisors(figures: Figures, claim: Fact, each: Each) -> list[Found]:
    """Return the numbers of those that have a part each: by their name, or by the unit that they are counted in."""
    known = audited()
    if each.kind == "teacher":
        return people(figures, claim, known.teachers, "人")
    inside = [f for f in figures.within(*claim.sentence) if f.role == "level" and f.id != claim.id]
    if each.kind == "school":
        schools = [f for f in inside if dimension(f.unit) in ("所", "校", "园")]
        if not schools:
            near = figures.within(figures.line(claim)[0], claim.sentence[0])
            schools = [f for f in near if dimension(f.unit) in ("所", "校", "园") and f.role == "level"][
                -_FEW:
            ]
        return [Found(f, LOOSE, len({g.value for g in schools}) == 1) for f in schools]
    if each.kind == "unit":
        return _by_sort(figures, claim, each, inside)
    if each.kind == "thing":
        return _by_noun(figures, claim, each.named, inside)
    heads = [f for f in inside if dimension(f.unit) in ("person", "person_time")]
    if each.kind == "person":
        heads = [f for f in heads if not like(f, claim.unit)] or heads
        return [Found(f, LOOSE, len(heads) == 1) for f in heads]
    found = people(figures, claim, known.pupils, "人")
    if found:
        return found
    shared = [f for f in heads if re.search(r"共$|学生|幼儿", figures.text[f.clause[0] : f.start].strip())]
    return [Found(f, LOOSE, len(heads) == 1 and f in shared) for f in heads if not like(f, claim.unit)]


def _by_sort(figures: Figures, claim: Fact, each: Each, inside: Sequence[Fact]) -> list[Found]:
    sort = {"家庭": "户"}.get(each.named, each.named)
    counted = [f for f in inside if f.unit.lstrip("百千万亿") == sort]
    if not counted and sort == "户":
        counted = [f for f in inside if dimension(f.unit) == "person" and re.search(r"家长|家庭", f.label)]
    return [Found(f, LOOSE, len({g.value for g in counted}) == 1) for f in counted]


def _by_noun(figures: Figures, claim: Fact, noun: str, inside: Sequence[Fact]) -> list[Found]:
    """Return the counts of what ``noun`` begins with, those of the sentence before those of the paragraph."""
    line = figures.line(claim)
    near = [f for f in figures.within(line[0], claim.sentence[0]) if f.role == "level"][-2 * _FEW :]
    for facts in (inside, near):
        scored = [(_names(figures, f, noun), f) for f in facts if not like(f, claim.unit)]
        best = max((score for score, _ in scored), default=0)
        if best >= 2:
            found = [f for score, f in scored if score == best]
            return [Found(f, LOOSE, len({g.value for g in found}) == 1) for f in found]
    return []


def _names(figures: Figures, fact: Fact, noun: str) -> int:
    """Return how many characters of the beginning of ``noun`` end a count's name or follow its number."""
    behind = re.split(r"[\d,;。、]", figures.text[fact.end : fact.end + 10])[0]
    name = core(fact.label)
    for size in range(min(len(noun), 8), 1, -1):
        if name.endswith(noun[:size]) or noun[:size] in behind[: size + 4]:
            return size
    return 0


def quotients(figures: Figures, claim: Fact, each: Each) -> Iterator[tuple[Fact, Fact, bool]]:
    """Yield what is divided, by what, and whether the words leave no other."""
    bottoms = divisors(figures, claim, each)
    line = figures.line(claim)
    for top in dividends(figures, claim, each, bottoms)[:4]:
        for bottom in bottoms[:4]:
            if top.fact.id == bottom.fact.id:
                continue
            here = line[0] <= top.fact.start < line[1]
            loose = _BUDGETED.search(each.rest) and top.fact.sentence != claim.sentence
            yield top.fact, bottom.fact, top.certain and bottom.certain and here and not loose
