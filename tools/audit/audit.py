"""The audit itself: every check over one report, its findings in the order of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Fact, Report
from tools.audit.checks import load
from tools.audit.model import Finding, Peers
from tools.audit.registry import CHECKS
from tools.audit.view import view_of
from tools.certainty import CAVEAT, is_doubtful
from tools.evidence import Part

_RANK = {"inconsistent": 0, "consistent": 1, "rounding": 2, "not_recomputable": 3}


def audit(
    report: Report, facts: Sequence[Fact] | None = None, peers: Peers | None = None
) -> tuple[Finding, ...]:
    """Return the findings of ``report`` in the order of its text.

    ``facts`` are read from the report where they are not given; ``peers`` is what else is stored, against
    which its figures are held. A school table has no prose and no findings.
    """
    if report.kind != "report":
        return ()
    load()
    view = view_of(report, facts, peers)
    found = [finding for run in CHECKS.values() for finding in run(view)]
    ordered = sorted(_once(found), key=lambda f: (f.start, f.end, _RANK[f.verdict], f.check))
    return tuple(_with_caveat(finding) for finding in ordered)


def _with_caveat(finding: Finding) -> Finding:
    """Say so where a figure that the finding leans on was recognised in a scan and may have been read wrong."""
    leaning = (finding.stated, finding.calculation, finding.explanation, *finding.evidence)
    if not is_doubtful(leaning):
        return finding
    told = finding.explanation
    return replace(finding, explanation=replace(told, parts=(*told.parts, Part(f"({CAVEAT})"))))


def _once(found: Sequence[Finding]) -> list[Finding]:
    """Keep one finding of each check for each figure; "cannot be recomputed" only where nothing else is said."""
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(found, key=lambda f: _RANK[f.verdict]):
        what = finding.stated.start if finding.stated is not None else (finding.start, finding.end)
        kept.setdefault((finding.check, what), finding)
    judged = {
        f.stated.start for f in kept.values() if f.stated is not None and f.verdict != "not_recomputable"
    }
    return [
        f
        for f in kept.values()
        if f.verdict != "not_recomputable" or f.hint or f.stated is None or f.stated.start not in judged
    ]
