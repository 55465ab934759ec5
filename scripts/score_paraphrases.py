"""Tell what rewording costs: ``python scripts/score_paraphrases.py CASES.jsonl ANSWERS.jsonl [CASES ANSWERS …] [--misses]``.

CASES are what ``scripts/paraphrase.py`` wrote, ANSWERS what ``junheng eval --json`` answered to them. For each kind
of rewording: the variants, how many of the questions they stem from were right and how many of the variants are, the
difference in points, and the wrong numbers of both. ``--misses`` prints every variant whose question was right but
which is not, or shows a wrong number where the question showed none.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the project, when the script is run

from assistant.judging.judge import Outcome, judge


@dataclass(frozen=True, slots=True)
class Pair:
    """A rewording and the question that it stems from, both judged."""

    kind: str
    before: Outcome
    after: Outcome


def pairs(cases: Path, answers: Path) -> Iterator[Pair]:
    """Judge the variants of one set beside their questions."""
    told = {line["id"]: line["answer"] for line in _lines(answers)}
    judged = {case["id"]: judge(case, told.get(case["id"])) for case in _lines(cases)}
    for outcome in judged.values():
        if "paraphrase" in outcome.case:
            yield Pair(str(outcome.case["paraphrase"]), judged[outcome.case["of"]], outcome)


def _lines(path: Path) -> Iterator[dict[str, object]]:
    for line in path.read_text("utf-8-sig").splitlines():
        if line.strip():
            yield json.loads(line)


def row(name: str, found: Sequence[Pair]) -> str:
    """One line of the table; percentages to one place."""
    count = len(found)
    before, after = (sum(getattr(p, side).right for p in found) for side in ("before", "after"))
    wrong = [sum(getattr(p, side).wrong is not None for p in found) for side in ("before", "after")]
    points = f"{100 * (after - before) / count:+.1f}" if count else "n/a"
    return f"{name:<14}{count:>6}{before:>9}{after:>7}{points:>8}{wrong[0]:>8}{wrong[1]:>7}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Tell what rewording questions costs.")
    parser.add_argument("files", type=Path, nargs="+", metavar="CASES ANSWERS")
    parser.add_argument("--misses", action="store_true", help="also print what rewording lost")
    arguments = parser.parse_args(argv)
    if len(arguments.files) % 2:
        parser.error("every file of cases needs its file of answers")
    found = [
        pair
        for cases, answers in zip(
            islice(arguments.files, 0, None, 2), islice(arguments.files, 1, None, 2), strict=True
        )
        for pair in pairs(cases, answers)
    ]
    print(f"{'kind':<14}{'cases':>6}{'original':>9}{'right':>7}{'points':>8}{'wrong':>8}{'now':>7}")
    for kind in dict.fromkeys(p.kind for p in found):
        print(row(kind, [p for p in found if p.kind == kind]))
    print(row("all", found))
    if arguments.misses:
        for p in found:
            lost = p.before.right and not p.after.right
            if lost or (p.after.wrong and not p.before.wrong):
                print(f"\n{p.after.case['id']} {' / '.join(p.after.case['turns'])}")
                print(f"  was      {' / '.join(p.before.case['turns'])}")
                print(f"  got      {p.after.answer.get('status')} {p.after.answer.get('text', '')!r}")
                print(
                    f"  problems {'; '.join(p.after.misses)}{f' WRONG: {p.after.wrong}' if p.after.wrong else ''}"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
