"""Write invented county reports with consistent figures, or with a known number of contradictions.

    .venv/bin/python scripts/generate_reports.py FOLDER N [--seed 1] [--errors M]

Places, schools and figures are invented; the same seed writes the same bytes. The kinds are self-assessments,
announcements of education money, reports on school attendance, on kindergartens and on disabled children, and
tables. With ``--errors`` M figures, at most one in a report, are changed beyond any rounding, each a figure that
others of the report tie down; ``FOLDER/truth.jsonl`` then has a line for each: file, start and end of the changed
figure in the text, what stood there, what stands there now, and the kind of claim that no longer holds.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run as a file: the folder above holds the package of the wordings
    sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.report_kinds import KINDS

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as it stands in the text."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Draft:
    """A text in the making. ``ties`` are groups of figures of which each follows from the others."""

    dice: random.Random
    name: str
    year: int
    text: str = ""
    ties: list[tuple[str, list[Printed]]] = field(default_factory=list)
    told: set[Any] = field(default_factory=set)
    stated: dict[str, list[Printed]] = field(default_factory=lambda: defaultdict(list))

    def say(self, *wordings: str, ties: dict[str, str] | None = None, same: str = "", **figures: Any) -> None:
        """Add one of ``wordings`` with its figures.

        ``ties`` names, for each kind of claim, the placeholders that it ties together; those of ``same`` are
        stated again elsewhere under the same placeholder.
        """
        wording = self.dice.choice(wordings)
        placed: dict[str, Printed] = {}
        at = 0
        for hole in _PLACEHOLDER.finditer(wording):
            self.text += wording[at : hole.start()]
            at = hole.end()
            shown = str(figures[hole[1]]) if hole[1] in figures else str(self._word(hole[1]))
            if hole[1] in figures:
                placed[hole[1]] = Printed(len(self.text), len(self.text) + len(shown), shown)
            self.text += shown
        self.text += wording[at:]
        for kind, names in (ties or {}).items():
            members = [placed[name] for name in names.split() if name in placed]
            if len(members) == len(names.split()):
                self.ties.append((kind, members))
        for name in same.split():
            if name in placed:
                self.stated[name].append(placed[name])

    def _word(self, name: str) -> str:
        level = self.name[-1]
        return {
            "Y": f"{self.year}", "P": f"{self.year - 1}", "N": f"{self.year + 1}", "place": self.name,
            "all": f"全{level}", "our": f"我{level}", "gov": f"{level}政府", "level": level,
        }[name]  # fmt: skip

    def line(self, *wordings: str) -> None:
        """Add a paragraph without figures, after ending the one before."""
        self.text = self.text.rstrip("\n") + "\n"
        self.say(*wordings)
        self.text += "\n"

    def tied(self) -> list[tuple[str, list[Printed]]]:
        """Return every group of figures of which each follows from the others, in order of their place."""
        again = [("restated", found) for found in self.stated.values() if len(found) > 1]
        return sorted(self.ties + again, key=lambda tie: tie[1][0].start)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that was changed, and what it no longer agrees with."""

    kind: str
    start: int
    end: int
    was: str
    now: str


def draft(seed: int, kind: str | None = None) -> Draft:
    """Return the report of a seed: always the same."""
    dice = random.Random(seed)
    chosen = kind or dice.choice(sorted(KINDS))
    made = Draft(dice, _name(dice), dice.randint(2018, 2024))
    KINDS[chosen](made)
    return made


def _name(dice: random.Random) -> str:
    first, second = "澹砚禾榆槐岚潋穗芷荇棠菱汀漪", "原浦陂埠岭堰墟桓垣坞濑"
    return dice.choice(first) + dice.choice(second) + dice.choice("县县县区市")


def spoil(made: Draft, dice: random.Random) -> tuple[str, Change] | None:
    """Return the text with one tied figure changed, and the change; None where nothing is tied."""
    tied = made.tied()
    if not tied:
        return None
    kind, members = dice.choice(tied)
    member = dice.choice(members)
    now = _changed(member.text, dice)
    text = made.text[: member.start] + now + made.text[member.end :]
    return text, Change(kind, member.start, member.start + len(now), member.text, now)


def _changed(text: str, dice: random.Random) -> str:
    """Return another figure with the same decimals, off by a tenth to a half, and by two in its last place."""
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    place = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    factor = Decimal(dice.choice((-1, 1)) * dice.randint(10, 50)) / 100
    moved = (value * (1 + factor)).quantize(place, ROUND_HALF_UP)
    if abs(moved - value) < 2 * place:
        moved = value + 2 * place
    return f"{moved:f}"


def reports(count: int, seed: int, errors: int = 0) -> Iterator[tuple[str, str, Change | None]]:
    """Yield (file name, text, change or None) of ``count`` reports, ``errors`` of them with a changed figure."""
    dice = random.Random(seed)
    chosen = set(dice.sample(range(count), min(errors, count)))
    carried = 0
    for number in range(count):
        made = draft(seed * 1_000_003 + number)
        text, change = made.text, None
        if number in chosen or carried:
            spoilt = spoil(made, dice)
            if spoilt is None:
                carried += number in chosen  # nothing to change here: the next one takes it
            else:
                text, change = spoilt
                carried -= number not in chosen
        yield f"{number:05}.txt", text, change


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    truth = []
    for name, text, change in reports(options.count, options.seed, options.errors):
        (options.folder / name).write_text(text, encoding="utf-8")
        if change is not None:
            truth.append(
                {
                    "file": name, "kind": change.kind, "start": change.start, "end": change.end,
                    "was": change.was, "now": change.now,
                }
            )  # fmt: skip
    if options.errors:
        lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in truth)
        (options.folder / "truth.jsonl").write_text(lines, encoding="utf-8")
    print(f"{options.count} reports in {options.folder}, {len(truth)} with a changed figure")


if __name__ == "__main__":
    main()
