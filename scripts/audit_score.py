"""Hold the audit against known truth: ``python scripts/audit_score.py FOLDER TRUTH.jsonl [--misses]``.

FOLDER holds reports, TRUTH.jsonl one claim a line (tests/audit/README.md). A claim is found if a finding of its
sort judges a figure that overlaps it, or leans on it: a sum is found by its total, a contradiction by either side.
Precision of "inconsistent" counts every such finding that no planted or real error of the truth answers for.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the project, when the script is run

from audit_truth import Claim, Found, Span, folder_reports, read_truth, run_audit, touches

Audit = Callable[[Path], tuple[str, list[Found]]]

# Kinds that say the same of a figure from two sides: 占比 may be called a share or a rate.
_SORT = {
    "growth": "change",
    "difference": "change",
    "share": "part",
    "rate": "part",
    "sum": "whole",
    "part_whole": "whole",
    "contradiction": "word",
    "unit": "word",
}


def accused(found: Found) -> bool:
    """Whether the finding calls the report wrong; a hint does not."""
    return found.verdict == "inconsistent" and not found.hint


def _judges(found: Found, span: Span) -> bool:
    return touches(span, [found.stated]) if found.stated else touches(span, found.figures or [found.clause])


def same_sort(found: Found, claim: Claim) -> bool:
    """Whether both are about the same sort of claim; a contradiction or a slip of unit may be told either way."""
    one, other = _SORT[found.kind], _SORT[claim.kind]
    if one == other:
        return True
    return "word" in (one, other) and claim.verdict == "inconsistent" and accused(found)


def answers(found: Found, claim: Claim) -> bool:
    """Whether ``found`` is about ``claim``."""
    if not same_sort(found, claim):
        return False
    if _judges(found, claim.span):
        return True
    leans = touches(claim.span, found.figures)
    if _SORT[claim.kind] == "whole":
        # The total among the figures is not enough: it may be a part of something larger there.
        return leans and any(touches(span, found.figures) for span in claim.inputs)
    if _SORT[claim.kind] == "word":
        # Either side of a contradiction may be taken for the claim.
        told = _SORT[found.kind] == "word" and (
            touches(claim.span, [found.clause]) or any(_judges(found, side) for side in claim.inputs)
        )
        return leans or told
    return False


def best(claim: Claim, found: Sequence[Found]) -> Found | None:
    """Return the finding that is most surely about ``claim``: of its kind, on its figure, from its inputs."""
    about = [f for f in found if answers(f, claim)]

    def likeness(item: Found) -> tuple[int, ...]:
        shared = sum(touches(span, item.figures) for span in claim.inputs)
        # Between equals the one that judges: a figure can stand in several claims.
        return (
            item.check == claim.check,
            bool(item.stated and touches(claim.span, [item.stated])),
            shared,
            item.kind == claim.kind,
            item.verdict != "not_recomputable",
        )

    return max(about, key=likeness, default=None)


@dataclass(slots=True)
class Score:
    """What the audit made of the claims: each with the finding for it, and accusations without a claim."""

    claims: list[tuple[Claim, str, Found | None]] = field(default_factory=list)
    alarms: list[tuple[str, str, Found]] = field(default_factory=list)
    accusations: int = 0

    @property
    def found(self) -> int:
        return sum(f is not None for _, _, f in self.claims)

    @property
    def errors(self) -> list[tuple[Claim, str, bool]]:
        """Every inconsistent claim of the truth, with whether some finding calls it so."""
        return [
            (c, text, f is not None and accused(f))
            for c, text, f in self.claims
            if c.verdict == "inconsistent"
        ]

    @property
    def precision(self) -> float:
        return 1 - len(self.alarms) / self.accusations if self.accusations else 1.0


def hold(folder: Path, truth: dict[str, list[Claim]], audit: Audit = run_audit) -> Score:
    """Audit the reports of ``folder`` that the truth names and hold the findings against it."""
    score = Score()
    for path, claims in folder_reports(folder, truth):
        text, found = audit(path)
        wrong = [c for c in claims if c.verdict == "inconsistent"]
        for claim in claims:
            pool = [f for f in found if accused(f)] if claim in wrong else found
            item = best(claim, pool) or best(claim, found)
            score.claims.append((claim, around(text, claim.span), item))
        for item in found:
            if accused(item):
                score.accusations += 1
                if not any(answers(item, c) for c in wrong):
                    score.alarms.append((path.name, text[slice(*item.clause)].strip(), item))
    return score


def around(text: str, span: Span, width: int = 40) -> str:
    """Return the figure in brackets with its neighbourhood, on one line."""
    start, end = span
    near = f"{text[max(0, start - width) : start]}[{text[start:end]}]{text[end : end + width // 2]}"
    return near.replace("\n", "/")


def verdict_pairs(score: Score) -> Iterator[tuple[str, str]]:
    """Yield the verdict of the truth and that of the audit for every claim found."""
    for claim, _, found in score.claims:
        if found is not None:
            yield claim.verdict, found.verdict


def lines(score: Score) -> Iterator[str]:
    """Yield the result: recall by kind and check, verdicts, and how good "inconsistent" is."""
    yield f"claims found {score.found}/{len(score.claims)} ({score.found / max(1, len(score.claims)):.1%})"
    for title, key in (
        ("kind", lambda c: c.kind),
        ("check", lambda c: c.check),
        ("verdict", lambda c: c.verdict),
    ):
        yield f"by {title}"
        groups: dict[str, list[bool]] = defaultdict(list)
        for claim, _, found in score.claims:
            groups[key(claim)].append(found is not None)
        for name, hits in sorted(groups.items()):
            yield f"  {name:18} {sum(hits):4}/{len(hits):<4} {sum(hits) / len(hits):7.1%}"
    pairs = Counter(verdict_pairs(score))
    right = sum(n for (want, got), n in pairs.items() if want == got)
    yield f"verdict right {right}/{pairs.total()} of the claims found ({right / max(1, pairs.total()):.1%})"
    for (want, got), n in sorted(pairs.items()):
        if want != got:
            yield f"  {want} called {got}: {n}"
    errors = score.errors
    caught = sum(hit for _, _, hit in errors)
    yield f"inconsistent: recall {caught}/{len(errors)} ({caught / max(1, len(errors)):.1%}), " + (
        f"precision {score.accusations - len(score.alarms)}/{score.accusations} ({score.precision:.1%})"
    )


def misses(score: Score) -> Iterator[str]:
    """Yield every claim not found, every other verdict, and every false alarm, with its text."""
    for claim, text, found in score.claims:
        head = f"{claim.report} {claim.check}/{claim.verdict}"
        if found is None:
            yield f"MISSED {head}: {text}  {claim.why}"
        elif found.verdict != claim.verdict:
            yield f"OTHER {head} called {found.verdict} ({found.check}): {text}  {claim.why} || {found.explanation}"
    for name, text, alarm in score.alarms:
        yield f"FALSE {name} {alarm.check}: {text} || {alarm.explanation}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--misses", action="store_true", help="print what was missed or called otherwise")
    asked = parser.parse_args()
    score = hold(asked.folder, read_truth(asked.truth))
    print(*lines(score), sep="\n")
    if asked.misses:
        print(*misses(score), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
