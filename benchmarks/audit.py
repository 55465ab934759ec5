"""How long an audit takes: a batch of generated reports, how it grows with their number, and with a text's length.

    python -m benchmarks.audit [--reports 3000]

The reports are invented with a fixed seed (scripts/generate_reports.py), written as files, and audited one after
the other as `junheng audit` does: read, facts, every check. The baseline in the same run is reading the files and
their facts alone, without any check. Growth is timed over a quarter and a half of the files, and over one text of
10, 20 and 40 kB. Each batch runs in a process of its own, whose peak of memory is printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from corpus.facts import read_facts
from corpus.readers import read
from scripts.generate_reports import draft, reports
from tools.audit.audit import audit

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reports", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", nargs=3, metavar=("FOLDER", "COUNT", "MODE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.batch:
        folder, count, mode = options.batch
        print(json.dumps(batch(Path(folder), int(count), mode == "audit")))
        return
    with tempfile.TemporaryDirectory(prefix="audit-") as scratch:
        folder = Path(scratch)
        size = 0
        for name, text, _ in reports(options.reports, options.seed):
            size += (folder / name).write_bytes(text.encode("utf-8"))
        print(
            f"{options.reports} generated reports, {size / 1e6:.1f} MB, {size / options.reports / 1000:.1f} kB each"
        )
        facts = run(folder, options.reports, "facts")
        print(f"{'read and facts alone':32}{shown(facts)}")
        found = {
            count: run(folder, count, "audit")
            for count in (options.reports // 4, options.reports // 2, options.reports)
        }
        for count, one in found.items():
            print(f"{f'audit of {count}':32}{shown(one)}")
        least, half, whole = found.values()
        print(
            f"{'time for twice as many':32}{half['total'] / least['total']:.2f} ×, {whole['total'] / half['total']:.2f} ×"
        )
        print(f"{'audit / read and facts alone':32}{whole['total'] / facts['total']:.2f} ×")
        print(
            "findings: " + ", ".join(f"{name} {number}" for name, number in sorted(whole["findings"].items()))
        )
    long_texts()


def run(folder: Path, count: int, mode: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.audit", "--batch", str(folder), str(count), mode]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    result: dict[str, Any] = json.loads(out)
    return result


def batch(folder: Path, count: int, checks: bool) -> dict[str, Any]:
    """Read ``count`` files, and audit them with ``checks``; return times in ms and the peak of memory in MB."""
    findings: Counter[str] = Counter()
    taken = []
    files = sorted(folder.glob("*.txt"))[:count]
    one(files[0], checks)  # word lists are loaded before the clock starts
    started = time.process_time()
    for file in files:
        begun = time.process_time()
        for finding in one(file, checks):
            findings[finding.verdict] += 1
        taken.append(1000 * (time.process_time() - begun))
    total = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    taken.sort()
    return {
        "total": total, "median": statistics.median(taken), "p95": taken[int(0.95 * (len(taken) - 1))],
        "peak": peak, "findings": findings,
    }  # fmt: skip


def one(file: Path, checks: bool) -> tuple[Any, ...]:
    report = read(file)
    if checks:
        return audit(report)
    read_facts(report)
    return ()


def shown(result: dict[str, Any]) -> str:
    return (
        f"{result['total']:8.1f} s   median {result['median']:6.1f} ms   95 % below {result['p95']:6.1f} ms   "
        f"peak {result['peak']:5.0f} MB"
    )


def long_texts() -> None:
    """Time one text of 10, 20 and 40 kB: generated self-assessments one behind the other."""
    body = ""
    number = 0
    while len(body.encode()) < 42_000:
        body += f"第{number + 1}部分\n" + draft(number, "self_assessment").text + "\n"
        number += 1
    with tempfile.TemporaryDirectory(prefix="audit-") as scratch:
        before: dict[bool, float] = {}
        for size in (10, 20, 40):
            path = Path(scratch) / f"{size}.txt"
            path.write_bytes(body.encode("utf-8")[: size * 1000].decode("utf-8", "ignore").encode("utf-8"))
            line = f"{f'one text of {size} kB':32}"
            for checks in (False, True):
                times = []
                for _ in range(5):
                    begun = time.process_time()
                    one(path, checks)
                    times.append(1000 * (time.process_time() - begun))
                now = min(times)
                growth = f" ({now / before[checks]:.2f} ×)" if checks in before else ""
                line += f"   {'audit' if checks else 'facts'} {now:7.1f} ms{growth}"
                before[checks] = now
            print(line)


if __name__ == "__main__":
    main()
