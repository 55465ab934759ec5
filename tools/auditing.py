"""What an audit of the stored reports finds, as whole sentences: how many figures hold, and each that does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.audit_words import audit_words, kinds_in, verdicts_in
from corpus.folding import fold
from corpus.model import Fact, Report
from indexes.store import Store
from tools.audit.model import Finding
from tools.audit.spoken import Counted, all_told, bounds, most, none_found, nothing_wrong, rest, summary, told
from tools.audit.stored import audit_stored
from tools.evidence import Evidence, from_calculation, from_fact, missing
from tools.matching import named_metrics
from tools.registry import BadCall, tool
from tools.words import coverage, terms

SHOWN = 8
"""Findings told one by one; of more the rest is a number."""
AT_ONCE = 5
"""Reports that are answered for together when none is named."""
RANKED = 200
"""Reports that are compared by their errors."""
ENOUGH = 0.7
"""Share of the words of a topic that a claim and its sentence must say."""
_ANSWERED = ("inconsistent", "consistent", "rounding")
_ORDER = {"inconsistent": 0, "rounding": 1, "not_recomputable": 2, "consistent": 3}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which findings are asked for; empty is all."""

    checks: frozenset[str]
    verdict: str
    topic: str
    years: tuple[str, ...]
    claim: str

    def fits(self, finding: Finding) -> bool:
        stated = finding.stated
        if self.claim:
            return any(isinstance(e, Fact) and e.id == self.claim for e in finding.evidence)
        if self.checks and finding.check not in self.checks:
            return False
        return not self.years or bool(stated and (stated.period or "")[:4] in self.years)


@tool("核对报告", "算错", "对不上", "前后矛盾", "查账")
def audit_report(
    store: Store,
    region: str = "",
    year: str = "",
    report: str = "",
    kind: str = "",
    verdict: str = "",
    topic: str = "",
    claim: str = "",
    first: int = 1,
    limit: int = SHOWN,
    ranking: bool = False,
    detail: bool = False,
) -> list[Evidence]:
    """核对报告自身的数:把报告里能复算的增幅、增减额、占比、比率、合计、前后说法逐一复算,列出与报告不一致的。
    凡是问报告有没有算错、数字对不对得上、有没有矛盾、哪些数算不出来,都用这个工具,整句照抄它给出的句子。

    Args:
        region: 地区全称;不填为全部报告。
        year: 四位年份,可写几个,用顿号分开;不填为各年。
        report: 报告编号,或标题里的词;不填不限。
        kind: 只核对一类:growth 增幅、difference 增减额、share 占比、rate 比率、average 平均数、ratio 比值、sum 合计、parts 部分与总数、conflict 前后说法、unit 单位、impossible 不可能的数、standard 对照标准、outlier 异常值;不填为全部。
        verdict: 只列一种结论:inconsistent 不一致、rounding 舍入、not_recomputable 无法复算、consistent 一致;不填列不一致的。
        topic: 只核对与这个说法有关的,如 生均经费、大班额;不填不限。
        claim: 只核对这一个数据的编号(find_facts 给出)。
        first: 从第几处列起,从 1 数。
        limit: 最多列几处。
        ranking: true 时只比较各份报告不一致的数有多少。
        detail: true 时附上所用的数、算式和四舍五入的上下限。
    """
    kinds, outcome = _kinds_of(kind), _verdict_of(verdict)
    held = tuple(r for r in store.reports() if r.kind == "report")
    years = tuple(re.findall(r"\d{4}", year))
    meant, years = _meant(store, held, region, years, report, claim)
    if isinstance(meant, Evidence):
        return [meant]
    if len(meant) > (RANKED if ranking else AT_ONCE):
        names = "、".join(dict.fromkeys(_place(r) for r in meant[:12])) + ("等" if len(meant) > 12 else "")
        return [missing("ambiguous", f"请说明要核对哪一份报告,现有:{names}")]
    checks = frozenset(c for k in kinds for c in audit_words().kinds[k].checks)
    wanted = _Wanted(checks, outcome, topic, years, claim)
    found = []
    for each in meant:
        own = [f for f in audit_stored(store, each.id) if wanted.fits(f)]
        own = _about(topic, own, each) if topic else own
        found.append(Counted(each, tuple(own), _alike(each, held), "、".join(_names(kinds)), topic))
    if claim:
        return _of_claim(found, claim, detail=detail)
    if ranking:
        return _ranked(found)
    none = audit_words().kinds[kinds[0]].none if len(kinds) == 1 else ""
    return _tell(found, wanted, max(1, first), max(1, limit), none, detail=detail)


def _of_claim(found: list[Counted], claim: str, *, detail: bool) -> list[Evidence]:
    """Tell what is found of a figure; where nothing is, what it goes into."""
    held = [(f, c) for c in found for f in _sorted(c.findings)]
    own = [(f, c) for f, c in held if f.stated is not None and f.stated.id == claim] or held[:2]
    told_ones = [e for f, c in own for e in _told(f, c, detail=detail)]
    return told_ones or [missing("not_reported", "核对时没有复算这个数,报告没有给出复算它所需的数")]


def _ranked(found: list[Counted]) -> list[Evidence]:
    filled = _worst_first(found)
    return [*most(filled), *(summary(c) for c in filled[:AT_ONCE])] if filled else [_nothing(found, "")]


def _tell(
    found: list[Counted], wanted: _Wanted, first: int, limit: int, none: str, *, detail: bool
) -> list[Evidence]:
    """Return how many claims came out how, then those asked for, at most ``limit``, and how many are left."""
    filled = _worst_first(found)
    if not filled and none and not wanted.topic:
        return [none_found(none)]
    if not filled:
        return [_nothing(found, wanted.topic)]
    outcome = wanted.verdict or "inconsistent"
    if not wanted.verdict and not any(c.of(v) for c in filled for v in _ANSWERED):
        outcome = "not_recomputable"  # nothing could be recomputed: then that is what there is to tell
    listed = _once([(f, c) for c in filled for f in c.of(outcome)])
    shown, left = listed[first - 1 : first - 1 + limit], listed[first - 1 + limit :]
    if not shown and listed:
        return [all_told(filled, outcome)]
    said = [summary(c) for c in filled] if first == 1 and not detail else []
    said += [e for f, c in shown for e in _told(f, c, detail=detail, named=_unnamed(f, c, found))]
    if left and not detail:
        said.append(rest(left, outcome))
    if not shown and outcome == "inconsistent":
        said.append(nothing_wrong(filled))
    elif not shown:
        said.append(missing("not_reported", f"{_what(filled)}没有{audit_words().verdicts[outcome].name}的数"))
    elif outcome == "not_recomputable" and not wanted.verdict:
        said.append(nothing_wrong(filled))
    return said


def _unnamed(finding: Finding, counted: Counted, found: Sequence[Counted]) -> bool:
    """True if a finding does not say itself of which of several reports it is."""
    region = counted.report.region
    alone = sum(c.report.region == region for c in found) == 1
    return len(found) > 1 and not (alone and region and region in finding.explanation.text)


def _once(listed: Sequence[tuple[Finding, Counted]]) -> list[tuple[Finding, Counted]]:
    """Tell once what two reports say of each other: each audit finds it."""
    found: dict[object, tuple[Finding, Counted]] = {}
    for finding, counted in listed:
        facts = frozenset(e.id for e in finding.evidence if isinstance(e, Fact))
        across = finding.check == "across" and facts
        found.setdefault(facts if across else (counted.report.id, id(finding)), (finding, counted))
    return list(found.values())


def _told(finding: Finding, counted: Counted, *, detail: bool, named: bool = False) -> list[Evidence]:
    found = [told(finding, counted, with_name=named)]
    made = finding.calculation
    if not detail or made is None:
        return found
    found += [from_fact(i.fact) for i in made.inputs if i.fact is not None]
    found.append(from_calculation(made))
    limits = bounds(finding) if finding.verdict in ("inconsistent", "rounding") else None
    return [*found, limits] if limits else found


def _worst_first(found: list[Counted]) -> list[Counted]:
    filled = [c for c in found if c.findings]
    return sorted(filled, key=lambda c: (-len(c.of("inconsistent")), -len(c.judged)))


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    own = [f for f in findings if not f.hint]
    return sorted(own, key=lambda f: (_ORDER[f.verdict], f.calculation is None))


def _what(found: Sequence[Counted]) -> str:
    return "这几份报告" if len(found) > 1 else found[0].name


def _nothing(found: Sequence[Counted], topic: str) -> Evidence:
    """Say that there is nothing of this kind to recompute; that is no judgement of the report."""
    about = f"“{topic}”的" if topic else ""
    return missing(
        "not_reported", f"{_what(found)}里没有能够复算的{about}{found[0].kind or '数'},没有可核对的"
    )


def _kinds_of(kind: str) -> tuple[str, ...]:
    if not kind:
        return ()
    keys = [k for k in re.split(r"[、,,\s]+", kind) if k in audit_words().kinds]
    keys += [k for k, entry in audit_words().kinds.items() if kind in entry.checks and k not in keys]
    found = tuple(keys[:3]) or kinds_in(fold(kind))
    if not found:
        raise BadCall(f"没有“{kind}”这一类,可用:{'、'.join(audit_words().kinds)}")
    return tuple(k for k in audit_words().kinds if k in found)


def _names(kinds: Sequence[str]) -> list[str]:
    return [audit_words().kinds[k].name for k in kinds]


def _verdict_of(verdict: str) -> str:
    if not verdict or verdict in audit_words().verdicts:
        return verdict
    found = verdicts_in(fold(verdict))
    if not found:
        raise BadCall(f"没有“{verdict}”这种结论,可用:{'、'.join(audit_words().verdicts)}")
    return found[0]


def _meant(
    store: Store, held: Sequence[Report], region: str, years: tuple[str, ...], title: str, claim: str
) -> tuple[Sequence[Report] | Evidence, tuple[str, ...]]:
    """Return the reports that are meant, and the years by which their claims are still to be chosen."""
    if not held:
        return missing("not_reported", "资料库里还没有报告,没有可核对的;请先添加报告"), ()
    if claim:
        fact = store.fact(claim)
        if fact is None:
            raise BadCall(f"没有编号为 {claim!r} 的数据,请先用 find_facts 查出编号")
        return [r for r in held if r.id == fact.report_id], ()
    places = [p for p in re.split(r"[、,,;;\s]+", region) if p]
    own = [r for r in held if not places or r.region in places or (r.region or "-")[:-1] in places]
    if not own:
        if any(t.region == region for t in store.tables()):
            return missing("not_reported", f"{region}只有学校数据表,没有报告,没有可核对的"), ()
        known = "、".join(dict.fromkeys(r.region for r in held if r.region))
        return missing("no_such_region", f"资料中没有“{region}”的报告,无法核对。现有资料:{known}"), ()
    if title:
        exact = [r for r in own if title in (r.id, r.title)]
        asked = terms(fold(title))
        own = exact or [r for r in own if coverage(asked, [(fold(r.title), 1.0)]).share >= ENOUGH] or own
    if not years:
        return own, ()
    dated = [r for r in own if str(r.year) in years] or [r for r in own if any(y in r.title for y in years)]
    if dated:
        return dated, ()
    told = [f for r in own for f in audit_stored(store, r.id) if f.stated]
    if any((f.stated.period or "")[:4] in years for f in told if f.stated):
        return own, years
    there = "、".join(sorted({f"{r.year}年" for r in own if r.year and str(r.year) in r.text}))
    said = f"资料中没有{region}{'、'.join(years)}年的报告,无法核对"
    return missing("no_such_period", said + (f";有的是:{there}" if there else "")), ()


def _place(report: Report) -> str:
    return f"{report.region}的报告" if report.region else f"《{fold(report.title)[:24]}》"


def _alike(report: Report, held: Sequence[Report]) -> bool:
    """True if another report is of the same place and year."""
    return sum((r.region, r.year) == (report.region, report.year) for r in held) > 1


def _about(topic: str, findings: Sequence[Finding], report: Report) -> list[Finding]:
    """Return the findings about ``topic``: by their indicator or own words, else by those of their sentence."""
    folded = fold(topic)
    metrics, asked = named_metrics(folded), terms(folded)
    own: list[Finding] = []
    near: list[Finding] = []
    for finding in findings:
        facts = [e for e in finding.evidence if isinstance(e, Fact)]
        names = " ".join(f"{f.metric} {f.label} {f.subject}" for f in facts)
        said = fold(f"{names} {report.text[finding.start : finding.end]}")
        sentence = finding.stated.sentence if finding.stated is not None else (finding.start, finding.end)
        if (metrics and any(f.metric_id in metrics for f in facts)) or coverage(
            asked, [(said, 1.0)]
        ).share >= ENOUGH:
            own.append(finding)
        elif coverage(asked, [(said, 1.0), (fold(report.text[slice(*sentence)]), 0.8)]).share >= ENOUGH:
            near.append(finding)
    return own or near
