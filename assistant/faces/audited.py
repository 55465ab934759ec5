"""An audit as the faces show it: a report, its findings, and the reports that these quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assistant.faces.service import Service
from corpus.errors import JunhengError
from corpus.model import Fact, Report
from tools.audit.model import Finding, Verdict

Class = Literal[Verdict, "hint"]
"""How a finding is shown: by its verdict, but a hint apart from them, as it is no verdict."""
CLASSES: tuple[Class, ...] = ("inconsistent", "not_recomputable", "rounding", "consistent", "hint")
"""In the order in which they want attention."""


@dataclass(frozen=True, slots=True)
class Audited:
    """``findings`` are in the order of the text; ``texts`` holds the report and all that are cited, by id."""

    report: Report
    findings: tuple[Finding, ...]
    texts: Mapping[str, Report] = field(default_factory=dict)

    @property
    def counts(self) -> dict[Class, int]:
        """How many findings there are of each class."""
        counts = dict.fromkeys(CLASSES, 0)
        for finding in self.findings:
            counts[class_of(finding)] += 1
        return counts

    def of(self, *classes: Class) -> list[Finding]:
        """Return the findings of these classes, class by class, each in the order of the text."""
        return [f for one in classes for f in self.findings if class_of(f) == one]


def class_of(finding: Finding) -> Class:
    return "hint" if finding.hint else finding.verdict


def audit_of(service: Service, report: Report) -> Audited:
    """Audit a stored report; raise ``JunhengError`` for a school table, which has no prose."""
    if report.kind == "school_table":
        raise JunhengError(
            f"“{report.title}”是学校数据表，没有正文可核；学校数据表请用 junheng check 或网页的“合规”页检查。"
        )
    return together(service, report, service.audit(report.id))


def audit_file(service: Service, path: Path) -> Audited:
    """Audit the file at ``path`` without storing it."""
    report, findings = service.audit_file(path)
    return together(service, report, findings)


def together(service: Service, report: Report, findings: tuple[Finding, ...]) -> Audited:
    """Return an audit with every report that it quotes; one that is gone meanwhile is left out."""
    texts = {report.id: report}
    for one in _cited(findings):
        if one not in texts and (found := service.report(one)) is not None:
            texts[one] = found
    return Audited(report, findings, texts)


def _cited(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        yield from (item.report_id for item in finding.evidence)
        if finding.calculation is not None:
            yield from (one.fact.report_id for one in finding.calculation.inputs if one.fact is not None)


def keyed(findings: Sequence[Finding]) -> dict[str, Finding]:
    """Return the findings by a key that names check and place, so that it outlives a new audit."""
    found: dict[str, Finding] = {}
    for finding in findings:
        start, end = place_of(finding)
        key = f"{finding.check}.{start}.{end}"
        while key in found:
            key += "x"
        found[key] = finding
    return found


def place_of(finding: Finding) -> tuple[int, int]:
    """Return the figure that is judged, or the whole claim where it is in words only."""
    stated = finding.stated
    if stated is None or stated.report_id != finding.report_id:
        return finding.start, finding.end
    return stated.start, stated.end


def figures_of(finding: Finding) -> list[Fact]:
    """Return the figures of the finding's own report that it leans on, in the order of the text."""
    facts = [item for item in finding.evidence if isinstance(item, Fact)]
    if finding.calculation is not None:
        facts += [one.fact for one in finding.calculation.inputs if one.fact is not None]
    own = {(fact.start, fact.end): fact for fact in facts if fact.report_id == finding.report_id}
    return [own[place] for place in sorted(own)]
