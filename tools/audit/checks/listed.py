"""Numbers of things that the same sentence lists: by name ("甲小学、乙小学、丙小学三所") or one by one (一是…二是…)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from corpus.claims import claims
from corpus.model import Fact
from corpus.numerals import evaluate
from tools.audit.context import pattern, quoted
from tools.audit.model import Finding, Verdict
from tools.audit.registry import check, tell
from tools.audit.view import View
from tools.calculation import Calculation, Input
from tools.evidence import Sentence, Statement

LONGEST = 160
"""Characters of a list of names."""
_ORDINALS = "一二三四五六七八九十"
_HEAD = re.compile(
    r"(?P<count>[两二三四五六七八九十]|\d{1,2})(?:个|项|条|点|方面|大)?(?:方面|问题|措施|举措|做法|工作|特点|不足|困难|原因|任务|方面的?\w{0,6})?(?:如下)?:[ ]?一是"
)


@check("listed")
def names(view: View) -> Iterator[Finding]:
    """Count the names right before a number of schools, places or offices."""
    for fact in view.facts:
        if fact.role == "level" and fact.value == fact.value.to_integral_value() and 2 <= fact.value <= 30:
            if finding := _named_list(view, fact):
                yield finding


def _named_list(view: View, fact: Fact) -> Finding | None:
    """Judge one number; None unless every item of the list is a name and nothing else can be one."""
    words, text = claims().listed, view.folded
    after = text[fact.end - len(fact.unit) : fact.end + 4]
    kinds = [k for k in words.kinds if pattern(f"^(?:{k.counters})").search(after)]
    if fact.qualifier or fact.kind == "policy" or not kinds:
        return None
    low = max(fact.sentence[0], fact.start - LONGEST)
    before = re.split(r"[,;。:(]", text[low : fact.start])[-1]
    if before.endswith(("等", "共", "共有", "有", "计", "约")) or "、" not in before:
        return None
    items = before.split("、")
    last = re.split(r"(?<=[\u4e00-\u9fff]{2})(?:和|及|与|以及)(?=[\u4e00-\u9fff]{2})", items[-1])
    if (
        len(last) > 2
        or re.search(words.verbs, "".join(items[1:]))
        or re.search(r"[和及与]", "".join(items[:-1]))
    ):
        return None
    items = [*items[:-1], *last]
    ends = [end for kind in kinds for end in kind.ends]
    if not any(all(_is_name(item, end) for item in items) for end in ends):
        return None
    count = len(items)
    start = fact.start - len(before)
    made = Calculation(
        "count", "所列名称的个数", "逐个数名称", " + ".join(f"{{{n}}}" for n in range(count)),
        tuple(Input(f"第{n + 1}个", Decimal(1), fact.unit, fact) for n in range(count)),
        Decimal(count), fact.unit, None, notes=("、".join(items),),
    )  # fmt: skip
    agrees = made.exact == fact.value
    why = tell(
        "报告在", quoted(view, start, fact.end), "里列出的名称是", made, ",与所写的", fact, "一致" if agrees else "不一致"
    )  # fmt: skip
    return _finding(view, start, fact, "consistent" if agrees else "inconsistent", why, made)


def _is_name(item: str, end: str) -> bool:
    """Tell whether an item is the name of one thing, not of a kind of things (中小学, 公办幼儿园)."""
    own = item.removesuffix(end)
    if own == item or not re.fullmatch(r"[\u4e00-\u9fff“”]{2,14}", own):
        return False
    return not pattern(claims().listed.generic).match(own)


def _finding(
    view: View, start: int, fact: Fact, verdict: Verdict, why: Statement, made: Calculation
) -> Finding:
    return Finding(
        view.report.id, start, fact.end, "contradiction", "counts", verdict, why,
        (view.quote(start, fact.end), fact), fact, made,
    )  # fmt: skip


@check("enumerated")
def ordinals(view: View) -> Iterator[Finding]:
    """Count 一是, 二是 … after a number of points that announces them."""
    text = view.folded
    for match in _HEAD.finditer(text):
        stop = text.find("\n", match.end())
        stop = len(text) if stop < 0 else stop
        count = evaluate(match["count"])
        seen = 1
        for item in re.finditer(rf"(?:^|[。;:,])[ ]?([{_ORDINALS}])是", text[match.end() : stop]):
            if _ORDINALS.index(item[1]) == seen:
                seen += 1
            elif item[1] == "一":
                break
        whole = stop < len(text.rstrip()) or text.rstrip().endswith("。")
        if count is None or seen < 2 or not whole:
            continue
        agrees = count == seen
        start = match.start()
        fact = next((f for f in view.within(start, match.end())), None)
        made = None
        if fact is not None:
            made = Calculation(
                "count", "列出的条数", "逐条数", " + ".join(f"{{{n}}}" for n in range(seen)),
                tuple(Input(f"{_ORDINALS[n]}是", Decimal(1), fact.unit, fact) for n in range(seen)),
                Decimal(seen), fact.unit, None,
            )  # fmt: skip
        said = quoted(
            view, start, match.end() - 2 if text[match.end() - 2 : match.end()] == "一是" else match.end()
        )
        told = f"之后到“{_ORDINALS[seen - 1]}是”为止,与所说的个数{'一致' if agrees else '不一致'}"
        evidence: tuple[Fact | Sentence, ...] = (
            view.quote(start, min(stop, start + 400)),
            *([fact] if fact else []),
        )
        yield Finding(
            view.report.id, start, match.end(), "contradiction", "counts",
            "consistent" if agrees else "inconsistent", tell("报告在", said, told), evidence, fact, made,
        )  # fmt: skip
