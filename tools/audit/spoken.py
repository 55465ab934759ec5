"""Sentences about an audit: how many claims of a report hold, and each finding in its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.audit_words import audit_words
from corpus.model import Fact, Report
from tools.audit.model import Finding
from tools.calculation import Calculation, Input
from tools.evidence import Claim, Evidence, Judgement, Part, Sentence, Statement, from_statement

LISTED = 8
"""As many claims are counted one by one; of more the count names them in its note."""
_SAID = ("consistent", "rounding", "inconsistent", "not_recomputable")


_ENDS = {
    "inconsistent": ("不一致|不符|不吻合|对不上|矛盾", ",两者不一致"),
    "consistent": ("一致|相符|吻合", ",两者一致"),
}
"""What a finding must say in so many words, and how it is added where its check says it otherwise."""
_BRACKETS = str.maketrans("[]", "［］")


@dataclass(frozen=True, slots=True)
class Counted:
    """The findings of a report that are asked about: of which kind and topic, empty for all.

    ``titled``: place and year do not tell the report from the others, so it is called by its title.
    """

    report: Report
    findings: tuple[Finding, ...]
    titled: bool = False
    kind: str = ""
    topic: str = ""

    @property
    def judged(self) -> list[Finding]:
        """Findings that judge something: hints do not."""
        return [f for f in self.findings if not f.hint]

    def of(self, verdict: str) -> list[Finding]:
        return [f for f in self.judged if f.verdict == verdict]

    @property
    def name(self) -> str:
        return "".join(part.text for part in named(self))


def named(counted: Counted, by: Finding | None = None) -> list[Part]:
    """Return what to call a report, borne out by the report itself; square brackets would read as marks."""
    report = counted.report
    by = by or next(iter(counted.findings), None)
    proof = place_of(by, report) if by is not None else None
    if counted.titled or not report.region:
        title = " ".join(report.title.translate(_BRACKETS).split())[:40]
        return [Part("《"), Part(title, proof, label=proof is not None), Part("》")]
    parts = [Part(report.region, proof, label=proof is not None)]
    if report.year and str(report.year) in f"{report.title}\n{report.text}":
        parts += [Part(str(report.year), proof, label=proof is not None), Part("年")]
    return [*parts, Part("报告")]


def place_of(finding: Finding, report: Report) -> Fact:
    """Return a claim as something that can be counted and shown: its place in the report."""
    stated = finding.stated
    whole = stated.sentence if stated is not None else (finding.start, finding.end)
    start, end = finding.start, finding.end
    return Fact(
        id=f"{report.id}-{start}-{end}-claim", report_id=report.id, region=report.region, subject=report.region or report.title,
        metric="核对的说法", metric_id=None, stage=None, value=Decimal(1), unit="处", as_printed=report.text[start:end],
        period=str(report.year) if report.year else None, qualifier=None, kind="actual", role="level", label="核对的说法",
        context="核对的说法", section="", start=start, end=end, clause=(start, end), sentence=whole,
    )  # fmt: skip


def count(label: str, findings: Sequence[tuple[Finding, Report]]) -> Calculation:
    """Count claims, one by one where they are few."""
    places = [place_of(finding, report) for finding, report in findings]
    if len(places) <= LISTED:
        inputs = tuple(Input(f"第{i}处", Decimal(1), "处", fact) for i, fact in enumerate(places, 1))
    else:
        inputs = (Input(label, Decimal(len(places)), "处", places[0]),)
    template = " + ".join(f"{{{i}}}" for i in range(len(inputs))) or "0"
    quotes = "、".join(" ".join(fact.as_printed.split())[:40] for fact in places)
    return Calculation(
        "count", label, "逐一核对后计数", template, inputs, Decimal(len(places)), "处", None, (quotes,) if quotes else ()
    )  # fmt: skip


def summary(counted: Counted) -> Evidence:
    """Say how many claims were recomputed and how many came out how."""
    report = counted.report
    counts = {v: count(audit_words().verdicts[v].name, [(f, report) for f in counted.of(v)]) for v in _SAID}
    inputs = tuple(Input(c.label, c.value, "处", calculation=c) for c in counts.values())
    total = Calculation(
        "sum", "核对的说法", " + ".join(i.name for i in inputs), "{0} + {1} + {2} + {3}", inputs,
        sum((c.value for c in counts.values()), Decimal(0)), "处", None,
    )  # fmt: skip
    parts = [*named(counted), Part(f"共核对{_scope(counted)}"), Part(f"{total.value:f}处", total), Part(":")]
    for i, made in enumerate(counts.values()):
        parts += [Part("," if i else ""), Part(f"{made.label}{made.value:f}处", made)]
    hints = [f for f in counted.findings if f.hint]
    if hints:
        made = count("提示", [(f, report) for f in hints])
        parts += [Part(",另有"), Part(f"{made.value:f}处", made), Part("只作提示,不作结论")]
    return from_statement(Statement(tuple(parts), region=report.region, topic="audit"))


def _scope(counted: Counted) -> str:
    about = f"“{counted.topic}”的" if counted.topic else ""
    return f"{about}{counted.kind}"


def told(finding: Finding, counted: Counted, *, with_name: bool = False) -> Evidence:
    """Return a finding in the words of its check, with what it takes to judge it again."""
    report = counted.report
    start, end = finding.start, finding.end
    claim = Sentence(report.id, start, end, report.text[start:end], "")
    figures = tuple(e for e in finding.evidence if isinstance(e, Fact))
    judgement = Judgement(finding.verdict, claim, finding.stated, finding.calculation, figures, finding.hint)
    head = (*named(counted, finding), Part(":")) if with_name else ()
    values = tuple(v for v in (finding.stated, finding.calculation) if v is not None)
    own = finding.explanation
    verdict = _ENDS.get(finding.verdict) if not finding.hint else None
    tail = (Part(verdict[1]),) if verdict and not re.search(verdict[0], own.text) else ()
    return from_statement(
        replace(
            own,
            parts=(*head, *own.parts, *tail),
            values=values,
            region=report.region,
            topic="audit",
            judgement=judgement,
        )
    )


def rest(left: Sequence[tuple[Finding, Counted]], verdict: str) -> Evidence:
    name = audit_words().verdicts[verdict].name
    made = count(f"其余{name}的数", [(f, c.report) for f, c in left])
    parts = (
        Part(f"其余{name}的", made), Part(f"{made.value:f}处", made),
        Part("没有逐一列出,可接着问“还有呢”,全部见报告页的核对,或运行 junheng audit"),
    )  # fmt: skip
    return from_statement(Statement(parts, topic="bounds"))


def nothing_wrong(found: Sequence[Counted]) -> Evidence:
    """Say that no claim came out wrong, what kinds were recomputed, and that this proves nothing else."""
    held = [(f, c.report) for c in found for f in c.judged if f.verdict in ("consistent", "rounding")]
    if not held:
        said = Part("报告没有给出复算这些数所需的数据,对不对无从核对")
        return from_statement(Statement((said,), topic="audit"))
    none = count(audit_words().verdicts["inconsistent"].name, [])
    parts = [Part("没有发现不一致的数", none)]
    kinds: list[str] = []
    for entry in audit_words().kinds.values():
        own = [(f, r) for f, r in held if f.check in entry.checks and f.check not in kinds]
        kinds += entry.checks
        if own:
            made = count(entry.name, own)
            parts += [
                Part("、" if len(parts) > 1 else ";核对的是"),
                Part(entry.name),
                Part(f"{made.value:f}处", made),
            ]
    parts.append(Part("。只核对报告自身能够复算的数,不能证明这些数属实"))
    return from_statement(Statement(tuple(parts), topic="audit"))


def none_found(said: str) -> Evidence:
    """Say that there is nothing of a kind of which only slips are findings."""
    none = count(audit_words().verdicts["inconsistent"].name, [])
    proof = Part("。只核对报告自身能够核对的数,不能证明这些数属实")
    return from_statement(Statement((Part(said, none), proof), topic="audit"))


def all_told(found: Sequence[Counted], verdict: str) -> Evidence:
    """Say that every finding of a verdict has been told, and how many cannot be recomputed."""
    parts: list[Part] = []
    for key in dict.fromkeys((verdict, "not_recomputable")):
        name = audit_words().verdicts[key].name
        made = count(name, [(f, c.report) for c in found for f in c.of(key)])
        if key == verdict:
            parts += [Part(f"{name}的", made), Part(f"{made.value:f}处", made), Part("已经全部列出")]
        elif made.value:
            parts += [Part(",另有"), Part(f"{name}的", made), Part(f"{made.value:f}处", made)]
    return from_statement(Statement(tuple(parts), topic="audit"))


def most(found: Sequence[Counted]) -> list[Evidence]:
    """Say which reports have the most figures that do not hold; nothing where none has any."""
    counts = [
        count(audit_words().verdicts["inconsistent"].name, [(f, c.report) for f in c.of("inconsistent")])
        for c in found
    ]
    top = max(c.value for c in counts)
    if top == 0 or len(found) < 2:
        return [nothing_wrong(found)] if top == 0 else []
    firsts = [(c, made) for c, made in zip(found, counts, strict=True) if made.value == top]
    parts: list[Part] = [Part("不一致的数", firsts[0][1])]
    claims = tuple(
        Claim(made.value, "≥", other.value, made, other) for _, made in firsts for other in counts if other is not made
    )  # fmt: skip
    parts.append(Part("最多", claims=claims))
    parts.append(Part("的是"))
    for i, (each, _) in enumerate(firsts):
        parts += [Part("、")] if i else []
        parts += named(each)
    parts += [Part(",有" if len(firsts) == 1 else ",各有"), Part(f"{top:f}处", firsts[0][1])]
    return [from_statement(Statement(tuple(parts), topic="audit"))]


def bounds(finding: Finding) -> Evidence | None:
    """Say between what the result lies when every figure may be rounded; None where that is not known."""
    least, most_of = finding.least, finding.most
    if least is None or most_of is None or finding.hint or least.value == most_of.value:
        return None
    if any(i.fact is not None and (i.fact.qualifier or i.fact.upper) for i in least.inputs):
        return None  # words such as 余 and 近 open the range, not rounding
    if least in finding.explanation.sources or most_of in finding.explanation.sources:
        return None
    parts = (
        Part("所用的数在四舍五入之前可能相差末位的一半,据此结果最小为"), Part(f"{abs(least.value):f}{least.unit}", least),
        Part(",最大为"), Part(f"{abs(most_of.value):f}{most_of.unit}", most_of),
    )  # fmt: skip
    return from_statement(Statement(parts, topic="bounds"))
