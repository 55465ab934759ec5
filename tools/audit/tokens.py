"""The amounts of a paragraph as the reading of lists wants them: their own words, brackets and marks between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from corpus.folding import fold
from corpus.model import Fact
from corpus.partitions import found, partitions
from corpus.units import dimension
from tools.audit.view import View

STOP, SEMICOLON, COMMA, PAUSE = 4, 3, 2, 1
"""Strength of the mark between two amounts: end of a sentence, ; , and 、 or less."""
_STRENGTH = {";": SEMICOLON, ",": COMMA, ":": COMMA, "、": PAUSE}
_SHUT = {")": "(", "]": "[", "】": "["}
_MARK = ",;:。.、()[]【】\n"
_MEASURES = frozenset({"money", "area", "person", "person_time", "class", "seat", "post", "vehicle_time"})
_SITE = r"(?:教学点|校区|园区|分校|分园|校点)"
_SITES = re.compile(rf"{_SITE}(?:共|有|为|约|达)*\||\|{_SITE}")
_LEAD = re.compile(
    r"^(?:[\s#\x00]|(?:全|我)[县区市省州旗](?:总共|共|现)?(?:有|计)?(?=..)|总共有?(?=..)|目前,?|截至?目前,?|此外|另外?有?|并|和|与|及|以及|而|在(?![园校编读岗职册建])|为|有|共有|现有|设有|则|又|再|也|仅|只|即|,|、|是|占|分别|依次|则为|“|”)+"
)
_TRAIL = re.compile(
    r"(?:\s|(?:增加|减少|提高|下降|增长|上升|降低|增|减|降|由|从)[到至为了]?|由?上年的?|分别|依次|为|有|是|达到?|约|近|共|计|的|了|已|超过|占|:|,|总数|合计|共计|总计|累计|现有|共有|“|”)+$"
)
_HEAD = re.compile(
    r"^.*?(?:其中|包括|包含|内有|内含)[:,]?|^[^\d]{0,8}\d{4}(?:[-—~/]\d{4})?(?:年|学年)(?:度|底|末|秋季|春季)?(?:学期)?(?:,|的)?"
)
_NUMBERED = re.compile(
    r"^[\s#]*(?:[(]?[一二三四五六七八九十]{1,3}[)、.]|[一二三四五六七八九十]是|[(]?\d{1,2}[)、.]|[①-⑳]|[—·●○◆■-]{1,2})\s*"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One amount. ``words`` are its own, before and after the number up to the next marks; ``wide`` are those before it
    with what 、 joins to them; ``tail`` is what its sentence says after them, up to the next amount. ``group`` is the place of the bracket it stands in (-1: none).
    """

    fact: Fact
    before: str
    after: str
    tail: str
    group: int
    wide: str = ""

    @property
    def words(self) -> str:
        own = f"{self.before} {self.after}"
        return own if self.name else f"{own} {self.fact.label}"

    @property
    def kind(self) -> str:
        """What it can be added up with: its dimension; schools and teaching sites (7所, 1个教学点) are of one kind."""
        kind = dimension(self.fact.unit)
        return "所" if kind in ("个", "处") and _SITES.search(f"{self.before.strip()}|{self.after}") else kind

    @property
    def name(self) -> str:
        """What the text calls it, without digits, for people; may be empty."""
        if re.search("分别|依次", self.wide):  # the names stand together before the numbers
            return "" if re.search(r"\d", self.fact.label) else self.fact.label.strip()
        return name_of(self.wide or self.before, self.after)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of prose with its amounts in order.

    ``gaps`` holds what stands between an amount and the one before it in its own bracket: amounts that are told of
    the first (shares, changes, bases) are ``#``, brackets that close again are left out. ``inside`` holds the
    amounts of a bracket that follows an amount directly, by the index of that amount. ``about`` is how a
    report begins that counts nothing of other stages than 义务教育. ``final``: nothing
    follows in the report.
    """

    start: int
    end: int
    tokens: tuple[Token, ...]
    gaps: dict[int, str] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)
    inside: dict[int, tuple[int, ...]] = field(default_factory=dict)
    unclosed: frozenset[int] = frozenset()
    places: dict[int, int] = field(default_factory=dict)
    about: str = ""
    final: bool = False

    def index(self, token: Token) -> int:
        """Return the place of ``token`` among the amounts."""
        return self.places[token.fact.start]

    def between(self, a: int, b: int) -> int:
        """Return the strongest mark between two amounts of one bracket, ``a`` before ``b``."""
        strongest, index = 0, b
        while index > a and index in self.gaps:
            strongest = max(strongest, self.strength(index))
            index = self.before[index]
        return strongest

    def strength(self, index: int) -> int:
        """Return the strongest mark between ``index`` and the amount before it in its bracket."""
        if index not in self.gaps:
            return STOP
        before, own = self.tokens[self.before[index]].fact, self.tokens[index].fact
        if before.sentence != own.sentence or "。" in self.gaps[index]:
            return STOP
        return max((_STRENGTH.get(mark, 0) for mark in self.gaps[index]), default=0)


@lru_cache(maxsize=16384)
def name_of(before: str, after: str) -> str:
    """Return the words of an amount as a name for people: no digits, no linking words, not too long."""
    own = _NUMBERED.sub("", before)
    for _ in range(2):
        own = _TRAIL.sub("", _LEAD.sub("", _HEAD.sub("", own)))
    tail = re.split(r"[#\d]", after, maxsplit=1)[0].strip(" \x00,、的“”")
    if not own or (len(own) < 2 and tail):
        own += tail[:12]
    own = own.strip(" \x00\n,:;、.")
    return "" if re.search(r"[\d#]|^(?:以[上下内]|及以)", own) or not own else own[-24:]


def addable(fact: Fact) -> bool:
    """Tell whether amounts of this unit have a sum at all."""
    kind = dimension(fact.unit)
    if _AVERAGE.search(fact.metric) or _AVERAGE.search(fact.label):
        return False
    return "/" not in kind and (kind in _MEASURES or kind not in _NOT_ADDED)


_AVERAGE = re.compile(
    r"生均|人均|平均|每百|每生|每人|每名|每班|每校|每个|班额|校均|园均|师均|定额|[率比]$|标准$|间距|系数|最大|最小|最高|最低"
)
_NOT_ADDED = frozenset({
    "percent", "permille", "per_ten_thousand", "percent_point", "permille_point", "times", "cheng", "doublings",
    "ratio", "none", "length", "time", "month", "day", "hour", "age", "temperature", "年", "岁", "届",
})  # fmt: skip


_OTHER_STAGES = ("preschool", "senior", "senior_any", "vocational", "vocational_senior", "special", "higher")


def paragraphs(view: View) -> Iterator[Paragraph]:
    """Return the lines of prose that hold two amounts or more, in order; rows of tables are none."""
    text = view.folded
    starts = view.starts
    wider = any(addable(f) and f.stage in _OTHER_STAGES for f in view.facts)
    about = "" if wider else f"{fold(view.report.title)} {text[:200]}"
    at, last = 0, len(text.rstrip())
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        low, high = bisect_left(starts, at), bisect_left(starts, end)
        if high > low and text.count("|", at, end) < 2:
            made = _paragraph(view, at, end, view.facts[low:high], about, end >= last)
            if made.tokens:
                yield made
        at = end + 1


def _paragraph(
    view: View, start: int, end: int, facts: tuple[Fact, ...], about: str, final: bool
) -> Paragraph:
    chars = list(view.folded[start:end])
    for fact in facts:
        chars[fact.start - start : fact.end - start] = "#" * (fact.end - fact.start)
    line = "".join(chars)
    groups, opened, unclosed = _groups(line)
    yearly = _year_by_year(line, start, facts, groups)
    own = [
        f for f in facts
        if addable(f) and f.kind not in ("policy", "reference")
        and ((f.role == "level" and f.of is None) or f.role == "change" or f.start in yearly)
    ]  # fmt: skip
    tokens = tuple(_token(line, start, fact, groups) for fact in own)
    last: dict[int, int] = {}
    gaps: dict[int, str] = {}
    before: dict[int, int] = {}
    inside: dict[int, list[int]] = {}
    for index, token in enumerate(tokens):
        at = token.fact.start - start
        group = token.group
        previous = last.get(group)
        if previous is not None:
            begin = tokens[previous].fact.end - start
            gaps[index] = "".join(
                line[i] for i in range(begin, at) if groups[i] == group and line[i] not in "()[]【】"
            )
            before[index] = previous
        if group >= 0:
            owner = _owner(line, start, tokens, index, group, last, opened)
            if owner is not None:
                inside.setdefault(owner, []).append(index)
        last[group] = index
    return Paragraph(
        start, end, tokens, gaps, before, {k: tuple(v) for k, v in inside.items()}, frozenset(unclosed),
        {token.fact.start: index for index, token in enumerate(tokens)}, about, final,
    )  # fmt: skip


_YEAR = re.compile(r"(?:^|[(,、;:])(?:其中[:,]?)?\d{4}年$")


def _year_by_year(line: str, start: int, facts: tuple[Fact, ...], groups: list[int]) -> set[int]:
    """Return where the amounts begin that brackets or 其中 list year by year, each with nothing but its year:
    "累计43所(2021年11所,2022年32所)" has parts; "比上年增加(2021年11所)" tells what a change starts from.
    """
    made: set[int] = set()
    run: list[int] = []
    for fact in facts:
        at = fact.start - start
        before = line[max(0, at - 12) : at]
        if not _YEAR.search(before):
            run = []
            continue
        if (groups[at] >= 0 and before.rstrip("0123456789年").endswith("(")) or "其中" in before:
            run = []
        elif not run or groups[run[-1] - start] != groups[at]:
            continue
        run.append(fact.start)
        if len(run) > 1:
            made.update(run)
    return made


def _owner(
    line: str, start: int, tokens: tuple[Token, ...], index: int, group: int, last: dict[int, int],
    opened: dict[int, int],
) -> int | None:  # fmt: skip
    """Return the amount that the bracket of ``tokens[index]`` explains: only its noun stands between."""
    held = last.get(opened[group])
    if held is None:
        return None
    between = line[tokens[held].fact.end - start : group]
    return held if len(between) <= 24 and not any(mark in between for mark in ",;:。") else None


def _groups(line: str) -> tuple[list[int], dict[int, int], set[int]]:
    """Return for each character the place of the bracket around it, the bracket around each, and the open ones."""
    stack: list[int] = []
    groups: list[int] = []
    opened: dict[int, int] = {}
    for at, char in enumerate(line):
        if char in "([【":
            opened[at] = stack[-1] if stack else -1
            stack.append(at)
        groups.append(stack[-1] if stack else -1)
        if char in _SHUT and stack:
            stack.pop()
    return groups, opened, set(stack)


def _token(line: str, start: int, fact: Fact, groups: list[int]) -> Token:
    at, stop = fact.start - start, fact.end - start
    left, words = at, ""
    while left > 0 and at - left < 80:
        if line[left - 1] in ")]】" and (open_at := _bracket(line, left - 1)) is not None:
            left = open_at  # "在校学生(含在园幼儿)100人": the bracket is about the name
            continue
        if line[left - 1] in _MARK or line[left - 1] == "#":
            break
        left -= 1
        words = line[left] + words
    right = stop
    while right < len(line) and line[right] not in _MARK and line[right] != "#" and right - stop < 40:
        right += 1
    end = right
    while end < len(line) and line[end] not in "。#()" and end - right < 60:
        end += 1
    wide = left
    while wide > 0 and line[wide - 1] not in _MARK.replace("、", "") + "#" and at - wide < 40:
        wide -= 1
    joined = line[wide:left] + words if wide < left and line[left - 1] == "、" else ""
    return Token(fact, words, line[stop:right], line[right:end], groups[at], joined)


def _bracket(line: str, shut: int) -> int | None:
    """Return where the bracket that ends at ``shut`` begins, if it is short and holds no amount."""
    begin = max(line.rfind(mark, max(0, shut - 30), shut) for mark in "([【")
    return begin if begin > 0 and "#" not in line[begin:shut] else None


def is_rest(token: Token) -> bool:
    """Tell whether the amount is said to be what is left (其他, 其余)."""
    own = _LEAD.sub("", _NUMBERED.sub("", token.before))
    return found(partitions().rest, own)


def is_total(token: Token) -> bool:
    """Tell whether the amount is said to sum up what is told before it (共入学, 合计)."""
    own = token.before.strip(" #,;:、")
    return bool(re.match(rf"(?:以上|上述)?(?:{partitions().totals})(?![同用享建青产]|有[幼小初高])", own))
