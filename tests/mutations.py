"""Drafts made wrong on purpose, one slip at a time. Deterministic: the same draft gives the same mutants.

What counts as wrong is decided here, without asking the guard. A mutant is left out when

* its text is the draft's own text, or differs only in blanks or in the order of citations;
* the number changed is a list number at the head of a line;
* another fact's value is put in that is equal in value and unit, or the same value under another name;
* a year is changed to one for which the store holds the very same quantity and value;
* a head is cut off a quote that ends in a stop or colon: what is left is whole sentences;
* citations are exchanged or replaced that lead to the same clause of a report, or to two numbers that the
  line quotes together, or an absence is cited instead of
  the one that says the same at more length;
* a stage is put in that the same line says already;
* a computed change is cited by the key of the same change as the report states it, or the reverse;
* a citation is replaced by another key whose fact has the same value, unit, metric, place, stage and
  period (a report that says a thing twice).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from corpus.catalogue import stages, stages_in
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.model import Fact, Quantity
from corpus.quantities import read_quantities
from tests.drafting import Drafted
from tools.calculation import Calculation

MARKS = re.compile(r"(?:\[e:[0-9a-f]{8}\])+")
_KEY = re.compile(r"(?<=\[e:)[0-9a-f]{8}(?=\])")
_LIST_NUMBER = re.compile(r"(?m)^\s*\d{1,2}\. ")
_QUOTE = re.compile(r"「([^」]+)」")
UNITS = {
    "万元": ("亿元", "元"), "亿元": ("万元",), "元": ("万元",), "%": ("个百分点",), "百分点": ("%",),
    "人": ("人次", "名"), "人次": ("人",), "名": ("所", "人"), "所": ("个", "家"), "个": ("所", "项"), "平方米": ("亩",),
    "万人次": ("人次", "万人"), "台": ("套",), "册": ("本", "万册"), "间": ("个",), "次": ("人次", "个"), "项": ("个",), "倍": ("%",),
    "万平方米": ("平方米",), "亩": ("平方米",), "公里": ("米",), "班": ("个",), "学时": ("课时",), "岁": ("年",),
}  # fmt: skip
PAIRS = (
    ("没有达到", "已达到"), ("已达到", "没有达到"), ("正好达到", "没有达到"), ("还差", "高出"), ("高出", "还差"),
    ("不一致", "一致"), ("一致", "不一致"), ("算得对", "算得不对"), ("报告的数不对", "报告的数算得对"), ("略有出入", "一致"),
    ("增加", "减少"), ("减少", "增加"), ("增长", "下降"), ("下降", "增长"), ("提高", "降低"), ("降低", "提高"), ("提高", "下降"),
    ("最高", "最低"), ("最低", "最高"), ("没有做到", "做到了"), ("做到了", "没有做到"), ("没有下降", "都有下降"),
    ("是的。", "不是。"), ("不是。", "是的。"), ("属计划", "属目标"), ("属目标", "属计划"), ("属规定要求", "属计划"),
    ("前者是后者", "后者是前者"), ("没有提供", "提供了"), ("没有提及", "提到了"), ("不同", "相同"), ("相同", "不同"),
)  # fmt: skip
PLACES = (
    "大足区",
    "衡南县",
    "青田县",
    "信阳市",
    "宣州区",
    "江门市",
    "浦东新区",
    "都江堰市",
    "和县",
    "天河区",
)
_VERSUS = re.compile(r"(比[^,，。;「」]{1,40}?)(高|低|多|少)(?=\d)")
_OTHER = {"高": "低", "低": "高", "多": "少", "少": "多"}

Mutate = Callable[[Drafted, random.Random, Sequence[Fact]], Iterator[str]]


def _free(text: str) -> list[tuple[int, int]]:
    """Return the spans that are no citation mark and no list number."""
    taken = sorted(m.span() for p in (MARKS, _LIST_NUMBER) for m in p.finditer(text))
    spans, at = [], 0
    for a, b in taken:
        spans.append((at, a))
        at = b
    return [*spans, (at, len(text))]


def _amounts(text: str) -> list[Quantity]:
    plain = fold(text)
    masked = list(plain)
    for a, b in [m.span() for p in (MARKS, _LIST_NUMBER) for m in p.finditer(text)]:
        masked[a:b] = "。" * (b - a)
    return [q for q in read_quantities("".join(masked)) if re.search(r"\d", q.as_printed)]


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def digits(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    for start, end in _free(text):
        for at in range(start, end):
            if text[at] in "0123456789":
                new = rng.choice([d for d in "0123456789" if d != text[at]])
                yield _put(text, at, at + 1, new)


def units(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    for quantity in _amounts(text):
        printed = text[quantity.start : quantity.end]
        tail = re.search(r"[^\d.,\s]+$", printed)
        if tail is None:
            continue
        written = tail.group().lstrip("余多来")
        for new in UNITS.get(quantity.unit, ()):
            if written and new != written:
                yield _put(text, quantity.end - len(written), quantity.end, new)


def years(case: Drafted, rng: random.Random, facts: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    known = {(f.value, f.unit, f.metric_id or f.label, f.region, (f.period or "")[:4]) for f in facts}
    for match in re.finditer(r"(?:19|20)\d\d(?=年|—|-)", text):
        for shift in rng.sample([-2, -1, 1, 3], 2):
            new = str(int(match.group()) + shift)
            cited = [e.item for e in case.sources.evidence.values() if isinstance(e.item, Fact)]
            if any((f.value, f.unit, f.metric_id or f.label, f.region, new) in known for f in cited):
                continue
            yield _put(text, *match.span(), new)


def regions(case: Drafted, rng: random.Random, facts: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    stored = sorted({f.region for f in facts if f.region})
    for mention in mentions(text):
        names = [p for p in (*stored, *PLACES) if p not in mention.written]
        for new in rng.sample(names, 2):
            yield _put(text, mention.start, mention.end, new)


def outer_regions(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    """The city or province that the place lies in: a real name near at hand, and another place."""
    text = case.draft.text
    for mention in mentions(text):
        if mention.place and len(mention.place.path) > 1:
            for outer in mention.place.path[:-1]:
                if outer != mention.written:
                    yield _put(text, mention.start, mention.end, outer)


def directions(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    names = [
        fold(e.item.metric + e.item.label) for e in case.sources.evidence.values() if isinstance(e.item, Fact)
    ]
    for old, new in PAIRS:
        for match in re.finditer(re.escape(old), text):
            before = text[max(0, match.start() - 1) : match.start()]
            if (before == "不" and old in ("一致", "同")) or any(old in name for name in names):
                continue
            yield _put(text, *match.span(), new)
    for match in _VERSUS.finditer(text):
        yield _put(text, *match.span(2), _OTHER[match[2]])


def values(case: Drafted, rng: random.Random, facts: Sequence[Fact]) -> Iterator[str]:
    """Another fact's value of the same unit in place of one that is said."""
    text = case.draft.text
    for quantity in _amounts(text):
        others = [
            f for f in facts if f.unit == quantity.unit and f.value != quantity.value and f.upper is None
        ]
        for fact in rng.sample(others, min(2, len(others))):
            yield _put(text, quantity.start, quantity.end, fold(fact.as_printed))


def swapped_values(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    """Two values of one unit exchanged within the draft: both are cited, both stand in the wrong place."""
    text = case.draft.text
    amounts = _amounts(text)
    for i, first in enumerate(amounts):
        for second in amounts[i + 1 :]:
            if first.unit == second.unit and first.value != second.value:
                a, b = text[first.start : first.end], text[second.start : second.end]
                yield _put(_put(text, second.start, second.end, a), first.start, first.end, b)


def copied_values(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    """A value that the draft gives elsewhere, in place of another."""
    text = case.draft.text
    amounts = _amounts(text)
    for first in amounts:
        for second in amounts:
            if first.unit == second.unit and first.value != second.value:
                yield _put(text, first.start, first.end, text[second.start : second.end])


def stage_words(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    names = ["小学", "初中", "普通高中", "幼儿园", "职业高中"]
    for named in stages_in(fold(text)):
        line = text[text.rfind("\n", 0, named.start) + 1 : (text + "\n").find("\n", named.end)]
        fresh = [n for n in names if n not in line and n not in stages()[named.id].words]
        for new in rng.sample(fresh, min(2, len(fresh))):
            yield _put(text, named.start, named.end, new)


def qualifiers(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    for quantity in _amounts(text):
        for word in (quantity.qualifier or "").split("、"):
            at = text.find(word, max(0, quantity.full_start - 12), quantity.full_end) if word else -1
            if at >= 0 and word not in ("高出", "超出"):
                yield _put(text, at, at + len(word), "")


def quotes(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    for match in _QUOTE.finditer(text):
        start, end = match.span(1)
        at = rng.randrange(start, end)
        yield _put(text, at, at + 1, "" if text[at] not in "，。、 \n" else "的")
        at = rng.randrange(start, end)
        yield _put(text, at, at, "不")
        at = rng.randrange(start, end)
        if text[at] not in "甲":
            yield _put(text, at, at + 1, "甲")
        numbers = list(re.finditer(r"\d+", text[start:end]))
        head = text[start : start + numbers[0].start()] if numbers else ""
        if head.strip() and not re.search(r"[。;；:：!！?？\n]\s*$", head):
            yield _put(text, start, start + numbers[0].start(), "")


def _identity(case: Drafted, key: str) -> tuple[object, ...]:
    item = case.sources.evidence[key].item if key in case.sources.evidence else None
    if isinstance(item, Fact) and item.role in ("level", "base", "share"):
        return (
            item.value,
            item.unit,
            item.metric_id or fold(item.label),
            item.region,
            item.stage,
            item.period,
        )
    if isinstance(item, Fact | Calculation):  # a change that is stated and the same one computed
        return (abs(item.value), item.unit)
    return (key,)


def _one_place(case: Drafted, first: str, second: str) -> bool:
    """True if two groups of citations lead to facts of one and the same clause."""
    keys = re.findall(r"[0-9a-f]{8}", f"{first} {second}")
    items = [case.sources.evidence[k].item for k in keys if k in case.sources.evidence]
    facts = [i for i in items if isinstance(i, Fact)]
    return len(facts) == len(items) and len({(f.report_id, f.sentence, f.clause) for f in facts}) == 1


def _both_quoted(case: Drafted, at: int, first: str, second: str) -> bool:
    """True if the line quotes one sentence that holds the numbers of both facts."""
    items = [case.sources.evidence[k].item for k in (first, second)]
    line = case.draft.text[case.draft.text.rfind("\n", 0, at) + 1 : at]
    facts = [i for i in items if isinstance(i, Fact)]
    if len(facts) < 2 or facts[0].sentence != facts[1].sentence or facts[0].report_id != facts[1].report_id:
        return False
    report = case.sources.report(facts[0].report_id)
    quoted = "".join(_QUOTE.findall(line))
    return report is not None and all(report.text[f.start : f.end] in quoted for f in facts)


def _same_absence(case: Drafted, first: str, second: str) -> bool:
    a, b = case.sources.evidence[first], case.sources.evidence[second]
    return a.kind == b.kind == "missing" and (a.text in b.text or b.text in a.text)


def swapped_marks(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    found = list(MARKS.finditer(text))
    for first, second in pairwise(found):
        mine, other = ({_identity(case, k) for k in _KEY.findall(m.group())} for m in (first, second))
        if not (mine <= other or other <= mine) and not _one_place(case, first.group(), second.group()):
            yield (
                text[: first.start()]
                + second.group()
                + text[first.end() : second.start()]
                + first.group()
                + text[second.end() :]
            )


def wrong_keys(case: Drafted, rng: random.Random, _: Sequence[Fact]) -> Iterator[str]:
    text = case.draft.text
    for group in MARKS.finditer(text):
        here = _KEY.findall(group.group())
        for match in _KEY.finditer(text, *group.span()):
            yield _put(text, *match.span(), f"{rng.randrange(16**8):08x}")
            others = [
                k for k in case.sources.evidence
                if k not in here and _identity(case, k) not in {_identity(case, h) for h in here}
                and not any(_same_absence(case, k, h) for h in here)
                and not _one_place(case, match.group(), k)
                and not _both_quoted(case, group.start(), match.group(), k)
            ]  # fmt: skip
            for key in rng.sample(others, min(1, len(others))):
                yield _put(text, *match.span(), key)


CLASSES: dict[str, Mutate] = {
    "digit": digits, "unit": units, "year": years, "region": regions, "outer region": outer_regions, "direction": directions,
    "another fact's value": values, "two values exchanged": swapped_values, "value said elsewhere": copied_values,
    "stage": stage_words, "qualifier dropped": qualifiers, "quote altered": quotes,
    "citations exchanged": swapped_marks, "wrong key": wrong_keys,
}  # fmt: skip


def mutants(case: Drafted, facts: Sequence[Fact], seed: int) -> Iterator[tuple[str, str]]:
    """Yield (class, draft text) for every slip that can be made in one draft."""
    squeezed = re.sub(r"\s", "", case.draft.text)
    for name, mutate in CLASSES.items():
        rng = random.Random(f"{seed} {name} {case.draft.text}")
        for text in mutate(case, rng, facts):
            if re.sub(r"\s", "", text) != squeezed:
                yield name, text
