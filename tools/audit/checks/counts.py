"""Claims without exception ("没有一例辍学", "全部持证上岗") against rates and counts of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from corpus.claims import Absolute, Pair, Rate, claims
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import dimension
from tools.audit.context import (
    Claimed,
    claimed,
    clause_bounds,
    covers,
    evidence_of,
    named,
    pattern,
    quoted,
    subjects_in,
    topics_in,
)
from tools.audit.counted_shares import shares_in
from tools.audit.intervals import extremes, interval_of
from tools.audit.model import Finding, Verdict
from tools.audit.registry import check, tell
from tools.audit.shortfall import shortfall, whole_of
from tools.audit.view import View
from tools.calculation import Calculation
from tools.compliance.counts import Share
from tools.evidence import Part, Statement

NEAR = 300
"""Characters between a claim and a figure that has to stand by it."""
_SETTLED = re.compile(
    r"劝返|复学|返校|复课|回校|清零|疑似|排查出|年初|开学初|曾|原有|减少到|下降到|降至|化解|累计|历年"
)
_VAGUE = re.compile(r"近|约|左右|上下|几乎|大致|估计|预计|许")


@check("counts")
def absolutes(view: View) -> Iterator[Finding]:
    """Hold every claim of none or all against what the report itself says of the same thing."""
    for entry in claims().absolutes:
        found = [c for c in _claims(view, entry) if c is not None]
        if not found:
            continue
        rates = [
            (f, r)
            for f in view.facts
            if f.unit in ("%", "‰")
            for r in entry.rates
            if r.call(_name(f), f.metric_id)
        ]
        counts = [f for f in view.facts if _excepted(view, entry, f)]
        for claim in found:
            if finding := _held(view, entry, claim, rates, counts):
                yield finding


def _claims(view: View, entry: Absolute) -> Iterator[Claimed | None]:
    seen = -1
    spans = sorted(m.span() for words in entry.claims for m in pattern(words).finditer(view.folded))
    for start, end in spans:
        if start >= seen:
            seen = end
            yield claimed(view, start, end)


def _name(fact: Fact) -> str:
    return fold(f"{fact.label} {fact.metric}").replace(" ", "").replace("“", "").replace("”", "")


def _excepted(view: View, entry: Absolute, fact: Fact) -> bool:
    """Tell whether ``fact`` counts exceptions; words around it may say that they are no more."""
    if fact.role != "level" or dimension(fact.unit) not in _COUNTED:
        return False
    after = view.folded[fact.end : fact.sentence[1]]
    if entry.exceptions_after and re.match(entry.exceptions_after, after):
        return True
    before = view.folded[fact.clause[0] : fact.start]
    if entry.exceptions is None or not entry.exceptions.call(fold(fact.label)):
        return False
    if entry.exceptions.without and re.search(entry.exceptions.without, before):
        return False
    around = view.folded[max(0, fact.sentence[0] - NEAR) : fact.sentence[1] + NEAR]
    still = re.search(r"仍|尚有|还有|现有", before)
    return not _SETTLED.search(view.folded[slice(*fact.sentence)] if still else around)


def _said_of(view: View, entry: Absolute, fact: Fact) -> tuple[int, int]:
    """Return the clause that counts exceptions, and the one after it where that says so."""
    start, end = clause_bounds(view, fact.start, fact.end, fact.sentence)
    after = entry.exceptions_after and re.match(
        entry.exceptions_after, view.folded[fact.end : fact.sentence[1]]
    )
    return start, max(end, fact.end + after.end()) if after else end


_COUNTED = ("person", "所", "个", "班", "class", "处", "项", "名", "例", "家", "起")


def _held(
    view: View, entry: Absolute, claim: Claimed, rates: Sequence[tuple[Fact, Rate]], counts: Sequence[Fact]
) -> Finding | None:
    """Return what the figures make of one claim; None where none is surely of the same thing."""
    bearing = [(f, r) for f, r in rates if _same(view, entry, claim, f)]
    for fact, rate in bearing:
        if _broken(fact, rate) and not rate.open:
            return _by_rate(view, entry, claim, fact)
    for fact in counts:
        if fact.value > 0 and not _VAGUE.search(fact.qualifier or "") and _same(view, entry, claim, fact):
            why = tell(
                "报告称",
                quoted(view, *claim.clause),
                ",但又写明",
                quoted(view, *_said_of(view, entry, fact)),
                ",有",
                fact,
                ",两者不一致",
            )
            return _finding(view, claim, "inconsistent", why, (fact,))
    if entry.pairs and (short := _pair(view, entry.pairs, claim)):
        return short
    if entry.counted and (share := _share(view, entry, claim)):
        *parts, whole = share.facts
        why = tell(
            "报告称", quoted(view, *claim.clause), ",但按报告所列人数,", *_listed(parts), "只占", *named(whole),
            whole, "的", share.calculation, ",两者不一致",
        )  # fmt: skip
        return _finding(view, claim, "inconsistent", why, share.facts, share.calculation)
    for fact, rate in bearing:
        if _broken(fact, rate):
            why = tell(
                "报告称", quoted(view, *claim.clause), ",又写明", *named(fact), "为", fact,
                f";{rate.open},报告没有说明,不能判断两者是否一致",
            )  # fmt: skip
            return _finding(view, claim, "not_recomputable", why, (fact,), hint=True)
    for fact, rate in bearing:
        if fact.value == Decimal(rate.full) and not fact.qualifier:
            why = tell("报告称", quoted(view, *claim.clause), ",与所写的", *named(fact), fact, "一致")
            return _finding(view, claim, "consistent", why, (fact,))
    return None


def _same(view: View, entry: Absolute, claim: Claimed, fact: Fact) -> bool:
    """Tell whether a figure is surely of what the claim is about: time, stage, place, subject, topic."""
    if entry.subjects:  # what narrows a claim may be its very subject, which is compared below
        kept = tuple(word for word in claim.narrowed if not any(word in one for one in claim.subjects))
        claim = replace(claim, narrowed=kept)
    if not covers(claim, fact) or fact.region != view.report.region:
        return False
    inside = claim.sentence[0] <= fact.start < claim.sentence[1]
    if entry.near and not inside and abs(fact.start - claim.start) > NEAR:
        return False
    around = fold(f"{fact.label} {fact.metric}")
    if entry.subjects:
        own = subjects_in(around) or subjects_in(view.folded[fact.sentence[0] : fact.start], last=True)
        if own != claim.subjects and not (inside and (not own or not claim.subjects)):
            return False
    if entry.topics:
        own = topics_in(around)
        if not own & claim.topics and not (inside and not own and _adjoins(view, claim, fact)):
            return False
        if own and own != claim.topics:
            return False
        other = subjects_in(around)
        if other and claim.subjects and other != claim.subjects:
            return False
    return not entry.named or _topic(view, entry, claim) == _core(around, entry.named)


def _adjoins(view: View, claim: Claimed, fact: Fact) -> bool:
    """Tell whether only one mark stands between the claim's clause and the figure's."""
    low, high = sorted((claim.start, fact.start))
    return len(re.findall(r"[,;:]", view.folded[low:high])) <= 1


def _topic(view: View, entry: Absolute, claim: Claimed) -> str:
    words = view.folded[claim.clause[0] : claim.clause[1]]
    for one in entry.claims:
        if match := pattern(one).search(words):
            found = next((g for g in match.groups() if g), "")
            return _trim(found)
    return ""


def _core(label: str, stop: str) -> str:
    return _trim(label.split(" ")[0].split(stop)[0])


def _trim(words: str) -> str:
    words = re.sub(r"[“”\"' ]", "", words)
    return re.sub(
        r"^(?:全[县区市州省]|[我本][县区市]|实现|做到|达到|所有|各|并|且|已|均|都)+|(?:工作|的)+$", "", words
    )


def _broken(fact: Fact, rate: Rate) -> bool:
    """Tell whether no value that rounds to the printed rate is full."""
    if _VAGUE.search(fact.qualifier or ""):
        return False
    allowed = interval_of(fact)
    whole = 1000 if fact.unit == "‰" else 100
    return allowed.high < whole if rate.full == "100" else allowed.low > 0


def _by_rate(view: View, entry: Absolute, claim: Claimed, fact: Fact) -> Finding:
    whole = whole_of(view, entry, fact)
    start: tuple[str | Part, ...] = ("报告称", quoted(view, *claim.clause))
    if whole is None or fact.unit != "%":
        why = tell(*start, ",但又写明", *named(fact), "为", fact, ",说明并非没有例外,两者不一致")
        return _finding(view, claim, "inconsistent", why, (fact,))
    made = shortfall(
        whole,
        fact,
        complement=any(r.full == "100" for r in entry.rates if r.call(_name(fact), fact.metric_id)),
    )
    least, most = extremes(made)
    low, high = sorted((least, most), key=lambda c: c.exact)
    bound = "至少有"
    if low.value != low.exact.to_integral_value(ROUND_CEILING):
        low, bound = replace(low, places=1), "超过"
    why = tell(
        *start, ",但又写明", *named(fact), "为", fact, ";按", whole, "计算,即使取四舍五入前最接近的值,也",
        bound, low, f"{entry.outside},两者不一致",
    )  # fmt: skip
    return _finding(view, claim, "inconsistent", why, (fact, whole), made, low, high)


def _pair(view: View, pair: Pair, claim: Claimed) -> Finding | None:
    """Hold "all" against a whole and its part told before it in the same sentence."""
    inside = [
        f for f in view.within(claim.sentence[0], claim.sentence[1])
        if f.role == "level" and f.kind == "actual" and f.qualifier is None
    ]  # fmt: skip
    if re.search(r"其余|另有|另外|剩余|延缓|缓学|康复|送教", view.folded[slice(*claim.sentence)]):
        return None
    for part in inside:
        label = fold(part.label)
        if not re.search(pair.part, label) or (pair.without and re.search(pair.without, label)):
            continue
        wholes = [
            f for f in inside
            if f.start < part.start and dimension(f.unit) == dimension(part.unit)
            and re.search(pair.whole, fold(f.label)) and not re.search(pair.part, fold(f.label))
        ]  # fmt: skip
        if wholes and wholes[-1].value > part.value and part.start - wholes[-1].end <= 40:
            why = tell(
                "报告称", quoted(view, *claim.clause), ",但", *named(wholes[-1]), "为", wholes[-1], ",", *named(part)[-1:],
                "的是", part, ",并不是全部,两者不一致",
            )  # fmt: skip
            return _finding(view, claim, "inconsistent", why, (wholes[-1], part))
    return None


def _share(view: View, entry: Absolute, claim: Claimed) -> Share | None:
    """Return the share by counts that shows that not all are meant, where the report gives just one."""
    low, high = claim.sentence[0] - NEAR, claim.sentence[1] + NEAR
    found = [
        s for s in shares_in(view, entry.counted, low, high)
        if s.settled and all(covers(claim, f) for f in s.facts)
    ]  # fmt: skip
    return found[0] if len(found) == 1 and found[0].exact < 100 else None


def _listed(facts: Sequence[Fact]) -> list[Part | Fact | str]:
    pieces: list[Part | Fact | str] = []
    for fact in facts:
        pieces += [*(["、"] if pieces else []), named(fact)[-1], fact]
    return pieces


def _finding(
    view: View, claim: Claimed, verdict: Verdict, why: Statement, facts: Sequence[Fact],
    made: Calculation | None = None, least: Calculation | None = None, most: Calculation | None = None,
    *, hint: bool = False,
) -> Finding:  # fmt: skip
    return Finding(
        view.report.id, *claim.clause, "contradiction", "counts", verdict, why,
        (evidence_of(view, claim), *facts), None, made, least, most, hint,
    )  # fmt: skip
