"""How long a check of school tables takes: one county of 300 schools, and a folder of counties.

    python -m benchmarks.compliance [--schools 300] [--counties 20] [--size 60] [--jobs N] [--format xlsx|csv]

The tables are generated with a fixed seed: all types of school, blanks, approximations, zero students, small teaching
points. `--counties 2900` is the whole country. The folder is checked by the command line in a process of its own; its
time, and the peak of the memory of all its processes together (proportional set size), are printed. The baseline, in
the same run, is pandas for the 14 coefficients of variation: it computes in binary floats, and must agree to nine
digits.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.rules import standards
from corpus.schools.columns import COLUMNS
from corpus.schools.read import read_table
from tools.compliance.check import check_table
from tools.compliance.dispersion import disperse_all
from tools.compliance.indicators import RECIPES
from tools.compliance.model import Check
from tools.compliance.shape import check_json
from tools.compliance.units import STAGES_OF

ROOT = Path(__file__).parents[1]
KINDS = ("小学", "初级中学", "九年一贯制学校", "教学点", "完全中学", "十二年一贯制学校", "特殊教育学校")
WEIGHTS = (50, 18, 12, 12, 4, 2, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=300, help="schools of the one large county")
    parser.add_argument("--counties", type=int, default=20, help="tables in the folder")
    parser.add_argument("--size", type=int, default=60, help="schools of each of them")
    parser.add_argument("--jobs", type=int, help="processes, by default one a core")
    parser.add_argument("--format", choices=("xlsx", "csv"), default="xlsx")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="compliance-") as scratch:
        one_county(Path(scratch), options.schools, options.format)
        folder_of_counties(Path(scratch), options.counties, options.size, options.jobs, options.format)


def rows(schools: int, seed: int) -> Iterator[list[Any]]:
    """Yield the header and a line for each school, with numbers around what the standard asks for."""
    dice = random.Random(seed)
    keys = list(COLUMNS)
    yield [column.header + ("(万元)" if column.unit == "万元" else "") for column in COLUMNS.values()]
    for index in range(schools):
        kind = dice.choices(KINDS, WEIGHTS)[0]
        row = school(kind, dice)
        row |= {"name": f"第{index + 1}{kind}", "kind": kind, "area": dice.choice(("城区", "镇区", "乡村"))}
        if dice.random() < 0.03:
            row[dice.choice([key for key in row if key not in ("name", "kind")])] = dice.choice(
                (None, "约600", "未统计")
            )
        yield [row.get(key) for key in keys]


def school(kind: str, dice: random.Random) -> dict[str, Any]:
    """Return the numbers of one school; those of a resource lie between 70% and 200% of what is asked for."""
    stages = STAGES_OF[kind]  # type: ignore[index]
    row: dict[str, Any] = {}
    everyone = 0
    for stage in stages:
        students = dice.randint(20, 80) if kind == "教学点" else dice.choice((0, *(range(80, 2300, 37))))
        row[f"students.{stage}"] = students
        everyone += students
        if stage == "senior":
            continue
        row[f"classes.{stage}"] = -(-students // 42)
        row[f"largest_class.{stage}"] = dice.randint(35, 52)
        for key, asked in (("qualified_teachers", 5), ("backbone_teachers", 1), ("arts_teachers", 0.9)):
            row[f"{key}.{stage}"] = round(students / 100 * asked * dice.uniform(0.7, 2))
    row["indoor_sports_area"] = dice.choice((0, 0, 360))
    for key, asked in (("teaching_area", 6.0), ("sports_area", 9.0), ("equipment_value", 0.25)):
        row[key] = round(everyone * asked * dice.uniform(0.7, 2) + row["indoor_sports_area"], 2)
    row["multimedia_rooms"] = round(everyone / 100 * 2.6 * dice.uniform(0.7, 2))
    for key in ("music", "art"):
        row[f"{key}_rooms"] = dice.randint(1, 4)
        row[f"smallest_{key}_room"] = dice.randint(85, 120)
    row["teachers"] = max(1, everyone // 14)
    row["certified_teachers"] = row["teachers"] - (dice.random() < 0.05)
    row["eligible_teachers"] = row["teachers"] // 2
    row["exchanged_teachers"] = row["eligible_teachers"] // 7
    row["exchanged_backbone"] = row["exchanged_teachers"] // 4
    return row


def write(path: Path, lines: Iterator[list[Any]]) -> None:
    if path.suffix == ".csv":
        text = "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines)
        path.write_text(text + "\n", encoding="utf-8")
        return
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("学校数据")
    for line in lines:
        sheet.append(line)
    book.save(path)


def median(work: Callable[[], Any], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def one_county(folder: Path, schools: int, suffix: str) -> None:
    path = folder / f"large.{suffix}"
    write(path, rows(schools, seed=1))
    table = read_table(path)
    check = check_table(table)
    whole = median(lambda: run_check(path))
    print(f"{schools} schools, {len(check.units)} units, {suffix}; medians of 5")
    print(f"{'read the table':38}{median(lambda: read_table(path)):8.3f} s")
    print(f"{'check it':38}{median(lambda: check_table(table)):8.3f} s")
    print(f"{'write it as JSON':38}{median(lambda: json.dumps(check_json(check))):8.3f} s")
    print(f"{'junheng check, the whole command':38}{whole:8.3f} s")
    baseline(check)


def run_check(path: Path) -> None:
    command = [sys.executable, "-m", "app", "check", str(path), "--json"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def baseline(check: Check) -> None:
    """Compute the same coefficients with pandas, in floats, and compare time and figures."""
    import pandas

    records = [
        {
            "stage": unit.stage,
            "students": float(unit.students or 0),
            **{code: float(found.exact) for code in RECIPES if (found := unit.verdict(code).observed)},
        }
        for unit in check.units
    ]
    frame = pandas.DataFrame(records)

    def coefficients() -> dict[tuple[str, str], float]:
        found = {}
        for stage, part in frame.groupby("stage"):
            for code in RECIPES:
                known = part[part[code].notna()]
                weights = known["students"] / known["students"].sum()
                mean = (known[code] * weights).sum()
                found[str(stage), code] = ((known[code] - mean) ** 2 * weights).sum() ** 0.5 / mean
        return found

    standard = standards()[check.standard]
    ours = median(lambda: disperse_all(check.units, standard))
    theirs = median(coefficients)
    floats = coefficients()
    apart = max(
        abs(floats[item.stage, item.code] - float(item.cv_exact))
        for item in check.dispersion
        if item.cv_exact is not None
    )
    print(f"{'14 coefficients, exact, contributions':38}{ours:8.3f} s")
    print(f"{'14 coefficients, pandas in floats':38}{theirs:8.3f} s   largest difference {apart:.1e}")
    if apart > 1e-9:
        raise SystemExit("the exact and the float coefficients disagree")


def folder_of_counties(folder: Path, counties: int, size: int, jobs: int | None, suffix: str) -> None:
    tables = folder / "counties"
    tables.mkdir()
    for number in range(counties):
        write(tables / f"{number:04}.{suffix}", rows(size, seed=number))
    command = [sys.executable, "-m", "app", "check", str(tables), "--json"]
    command += ["--jobs", str(jobs)] if jobs else []
    started = time.perf_counter()
    with (folder / "out.jsonl").open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(memory, family(process.pid))))
            time.sleep(0.2)
    taken = time.perf_counter() - started
    lines = sum(1 for _ in (folder / "out.jsonl").open("rb"))
    print(
        f"\n{counties} counties × {size} schools, {suffix}: {taken:.1f} s, {1000 * taken / counties:.0f} ms each"
    )
    print(
        f"{lines} lines, {(folder / 'out.jsonl').stat().st_size / 1e6:.0f} MB of JSON; exit code {process.returncode}"
    )
    print(
        f"peak memory of all processes: {peak / 1e6:.0f} MB"
        if peak
        else "peak memory: not known on this system"
    )


def family(pid: int) -> Sequence[int]:
    """Return a process and those that it started, as far as /proc tells."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = [int(child) for child in children.read_text().split()]
    except OSError:
        below = []
    return [pid, *(one for child in below for one in family(child))]


def memory(pid: int) -> int:
    """Return the bytes of a process, pages shared with others counted in part; 0 where that is not known."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


if __name__ == "__main__":
    main()
