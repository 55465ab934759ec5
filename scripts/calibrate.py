"""Print how coverage and refusals move with a threshold: calibrate.py [--threshold NAME] [--at V,V,…] REPORTS=CASES.jsonl …

Each REPORTS is a file or a folder of reports, read into a store of its own, and CASES the questions about it
(docs/development.md says what a case is). The thresholds of ``tools.matching.Thresholds`` decide whether something is
there at all; every line is one value of one of them, the others as they are, and * marks the value in use:

coverage           of the questions that the reports answer, those that were answered, rightly or not
right of these     of those answered, the right ones
wrong              answers with a wrong number, of all cases
refusal precision  of the refusals, those that may be refused
refusal recall     of the questions that must be refused, those that were
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the project, when the script is run

from assistant.judging.judge import Outcome, judge
from assistant.judging.tally import Share, Tally, tally
from assistant.plans import telling
from assistant.service import JunhengService, open_service
from tools import lookup, matching, texts
from tools.matching import THRESHOLDS

PRESENCE = ("accept", "head", "sentence", "section", "document")
"""Those that say whether something is there; the others order what is."""
STEPS = (-0.24, -0.16, -0.08, -0.04, 0.0, 0.04, 0.08, 0.16, 0.24)
_READERS = (matching, lookup, texts, telling)
Set = tuple[JunhengService, list[dict[str, Any]]]


@contextmanager
def threshold(name: str, value: float) -> Iterator[None]:
    """Have every reader of the thresholds see ``value`` for ``name``."""
    before = {module: module.THRESHOLDS for module in _READERS}
    changed = replace(THRESHOLDS, **{name: value})
    try:
        for module in _READERS:
            module.THRESHOLDS = changed  # type: ignore[attr-defined]
        yield
    finally:
        for module, old in before.items():
            module.THRESHOLDS = old  # type: ignore[attr-defined]


def ask(sets: Sequence[Set]) -> list[Outcome]:
    """Ask every case of every set and judge it; nothing is kept."""
    outcomes = []
    for service, cases in sets:
        for case in cases:
            thread = None
            for turn in case["turns"]:
                answer = service.ask(turn, thread_id=thread, kept=False)
                thread = answer.thread_id
            outcomes.append(judge(case, answer.as_json()))
    return outcomes


def values_of(name: str) -> list[float]:
    """Return the values to try: the one in use and some on both sides."""
    used = getattr(THRESHOLDS, name)
    return sorted({round(value, 3) for step in STEPS if 0 <= (value := used + step) <= 1})


def _share(share: Share) -> str:
    percent = "" if share.percent is None else f"{share.percent}%"
    return f"{f'{share.part}/{share.whole}':>9} {percent:>6}"


def line(name: str, value: float, found: Tally) -> str:
    """Return one line of the curve."""
    used = "*" if abs(value - getattr(THRESHOLDS, name)) < 1e-9 else " "
    shares = (found.coverage, found.correctness, found.refusal_precision, found.refusal_recall)
    right = Share(found.total.right, found.total.cases)
    columns = "  ".join(_share(share) for share in (*shares, right))
    return f"{name:<9}{value:>6.3f}{used} {columns} {found.total.wrong:>6}"


def heading() -> str:
    names = ("coverage", "right of these", "refusal prec.", "refusal recall", "all right")
    return f"{'threshold':<17}" + "  ".join(f"{name:>16}" for name in names) + "  wrong"


def open_sets(stack: ExitStack, pairs: Sequence[str]) -> list[Set]:
    """Open a store for each REPORTS=CASES and read its reports."""
    sets: list[Set] = []
    for pair in pairs:
        reports, _, cases = pair.rpartition("=")
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="junheng-calibrate-")))
        service = stack.enter_context(closing(open_service(home, empty=True)))
        failed = [one.message for one in service.ingest([Path(reports)]) if one.status == "failed"]
        if failed:
            raise SystemExit("\n".join(failed))
        lines = Path(cases).read_text(encoding="utf-8-sig").split("\n")
        sets.append((service, [json.loads(one) for one in lines if one.strip()]))
    return sets


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    known = [field.name for field in fields(matching.Thresholds)]
    parser.add_argument("sets", nargs="+", metavar="REPORTS=CASES.jsonl")
    parser.add_argument("--threshold", action="append", choices=known, help="only these (may be repeated)")
    parser.add_argument("--at", help="values instead of steps around the one in use, with commas")
    arguments = parser.parse_args(argv)
    with ExitStack() as stack:
        sets = open_sets(stack, arguments.sets)
        print(heading())
        for name in arguments.threshold or PRESENCE:
            given = [float(value) for value in arguments.at.split(",")] if arguments.at else values_of(name)
            for value in given:
                with threshold(name, value):
                    print(line(name, value, tally(ask(sets))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
