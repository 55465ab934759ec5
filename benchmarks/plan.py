"""How long a whole plan takes for a county of 300 schools, and how much of it is proven to be the least.

    python -m benchmarks.plan [--schools N] [--seeds N]

Tables are generated: ``easy`` ones are like a county where few schools lack something, ``uneven`` ones have most
schools near the demand and one in ten far above it, so that every coefficient of variation is too high at first,
``shared`` ones are uneven with half of the schools having two stages that share their facilities.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from decimal import Decimal

from corpus.schools.columns import COLUMNS
from corpus.schools.model import Cell, School, SchoolKind, SchoolTable
from tools.plan.make import make_plan

PER_STUDENT = {
    "qualified_teachers": 0.053, "backbone_teachers": 0.01, "arts_teachers": 0.009, "teaching_area": 5.8,
    "sports_area": 10.2, "equipment_value": 0.25, "multimedia_rooms": 0.024,
}  # fmt: skip
"""What meets every demand, for each student; equipment in 万元."""
KINDS: dict[str, tuple[tuple[SchoolKind, float], ...]] = {
    "easy": (("小学", 0.65), ("初级中学", 0.2), ("九年一贯制学校", 0.1), ("完全中学", 0.05)),
    "uneven": (("小学", 0.65), ("初级中学", 0.2), ("九年一贯制学校", 0.1), ("完全中学", 0.05)),
    "shared": (("小学", 0.35), ("初级中学", 0.15), ("九年一贯制学校", 0.4), ("十二年一贯制学校", 0.1)),
}
STAGES = {
    "小学": ("primary",), "初级中学": ("junior",), "九年一贯制学校": ("primary", "junior"),
    "完全中学": ("junior", "senior"), "十二年一贯制学校": ("primary", "junior", "senior"),
}  # fmt: skip


def table(kind: str, schools: int, seed: int) -> SchoolTable:
    chance = random.Random(f"{kind} {seed}")
    kinds, weights = zip(*KINDS[kind], strict=True)
    rows = []
    for index in range(schools):
        of = chance.choices(kinds, weights)[0]
        students = {stage: int(chance.lognormvariate(5.9, 0.8)) + 20 for stage in STAGES[of]}
        values: dict[str, Decimal] = {f"students.{stage}": Decimal(n) for stage, n in students.items()}
        for key, rate in PER_STUDENT.items():
            whole = COLUMNS[f"{key}.primary" if f"{key}.primary" in COLUMNS else key].whole
            staged = f"{key}.primary" in COLUMNS
            for stage in [stage for stage in students if stage != "senior"] if staged else [""]:
                of_these = students[stage] if staged else sum(students.values())
                amount = of_these * rate * level(kind, chance)
                name = f"{key}.{stage}" if staged else key
                values[name] = Decimal(round(amount)) if whole else Decimal(round(amount * 100)).scaleb(-2)
        values["indoor_sports_area"] = Decimal(0)
        cells = {
            key: Cell(f"A{index}", f"{value:f}", value, COLUMNS[key].unit) for key, value in values.items()
        }
        rows.append(School(index + 2, f"学校{index + 1}", of, None, cells))
    units = {key: column.unit for key, column in COLUMNS.items()}
    return SchoolTable(f"{kind}{seed}", "generated", "", "", None, None, tuple(rows), units, {}, "")


def level(kind: str, chance: random.Random) -> float:
    """Return what a school has, as a multiple of what meets every demand."""
    if kind == "easy":
        return chance.uniform(0.85, 1.6)
    return chance.uniform(3, 12) if chance.random() < 0.1 else chance.uniform(0.6, 1.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    print(
        f"{options.schools} schools\nkind\tseed\tseconds\tunits\tadditions\tfurther\tleast proven (largest gap)"
    )
    for kind in KINDS:
        for seed in range(options.seeds):
            made = table(kind, options.schools, seed)
            started = time.perf_counter()
            plan = make_plan(made)
            seconds = time.perf_counter() - started
            needed = [item for item in plan.further if item.proof != "none"]
            open_ones = [item for item in needed if item.proof == "gap"]
            gap = max((float((item.total - item.least) / item.total) for item in open_ones), default=0.0)
            further = sum(len(item.additions) for item in plan.further)
            print(
                f"{kind}\t{seed}\t{seconds:.1f}\t{sum(len(s) for s in plan.stocks.values())}\t"
                f"{len(plan.additions)}\t{further}\t{len(needed) - len(open_ones)} of {len(needed)} ({gap:.2%})"
                + "".join(f" {item.code}:{item.seconds:.1f}s" for item in needed)
            )
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
