"""Score answers against cases: ``python scripts/score.py CASES.jsonl ANSWERS.jsonl [--misses]``.

CASES holds one case a line, ANSWERS one ``{"id", "answer"}`` a line as ``junheng eval --json`` prints
it. What is right is decided in ``assistant/judging``; ``junheng eval --report`` asks and judges at once.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the project, when the script is run

from assistant.judging.judge import Outcome, allowed_statuses, score
from assistant.judging.tally import Share, tally


def _line(name: str, share: Share) -> str:
    percent = "n/a" if share.percent is None else f"{share.percent}%"
    return f"{name:<18}{share.part}/{share.whole} {percent}"


def summary(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the lines of the summary: by kind, then coverage, refusals and provenance."""
    found = tally(outcomes)
    lines = [f"{'kind':<16}{'cases':>6}{'right':>7}{'wrong':>7}"]
    for kind in (*found.kinds, found.total):
        percent = "n/a" if kind.accuracy.percent is None else f"{kind.accuracy.percent}%"
        lines.append(f"{kind.name:<16}{kind.cases:>6}{kind.right:>7}{kind.wrong:>7}  {percent}")
    lines += [
        _line("coverage", found.coverage),
        _line("right of these", found.correctness),
        _line("refusal precision", found.refusal_precision),
        _line("refusal recall", found.refusal_recall),
        f"wrong numbers     {found.total.wrong}",
        f"without source    {found.unsourced} answers",
    ]
    return lines


def details(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield, for every outcome that is not clean, the question, what was said and what was expected."""
    for o in outcomes:
        problems = [*o.misses, *([f"WRONG: {o.wrong}"] if o.wrong else []), *o.provenance]
        if problems:
            yield f"\n{o.case['id']} [{o.case['kind']}] {' / '.join(o.case['turns'])}"
            yield f"  got      {o.answer.get('status')} {o.answer.get('text', '')!r}"
            yield f"  expected {o.case['must_contain'] or '/'.join(sorted(allowed_statuses(o.case)))}"
            yield f"  problems {'; '.join(problems)}"
            if o.case.get("note"):
                yield f"  note     {o.case['note']}"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a JSONL file."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Score the answers of junheng eval --json.")
    parser.add_argument("cases", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--misses", action="store_true", help="also print every case that is not clean")
    arguments = parser.parse_args(argv)
    answers = {line["id"]: line["answer"] for line in read_lines(arguments.answers)}
    outcomes = score(read_lines(arguments.cases), answers)
    print("\n".join(summary(outcomes)))
    if arguments.misses:
        print("\n".join(details(outcomes)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
