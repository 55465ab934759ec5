"""Change one figure of a claim that holds, and look whether the audit sees it:
``python scripts/seed_errors.py FOLDER TRUTH.jsonl [--times 300] [--seed 1] [--misses]``.

FOLDER holds reports, TRUTH.jsonl their claims (tests/audit/README.md). Each time one figure of one claim whose
verdict is "consistent" is changed, the claimed figure or one it follows from, so that the claim is beyond rounding
by arithmetic of its own (printed.py). Found is a new finding "inconsistent" whose claim or evidence covers the
changed figure. The untouched reports are audited too: what is called inconsistent there and is not in the truth
is a false alarm.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the project, when the script is run

from audit_score import accused, answers
from audit_truth import Claim, Found, Span, folder_reports, overlap, read_truth, run_audit, touches
from printed import beyond, figures, fitting, printed

Audit = Callable[[Path], tuple[str, list[Found]]]
WAYS = ("digit", "swap", "ten", "percent", "scale")


@dataclass(frozen=True, slots=True)
class Change:
    """``text[span]`` of the untouched report becomes ``new``; the figure ``figure`` is then wrong for ``claim``."""

    claim: Claim
    way: str
    figure: Span
    span: Span
    new: str

    def applied(self, text: str) -> str:
        return text[: self.span[0]] + self.new + text[self.span[1] :]

    def moved(self, span: Span) -> Span:
        """Where a span of the untouched text is afterwards; it grows where the change is inside it."""
        by = len(self.new) - (self.span[1] - self.span[0])
        start, end = span
        return (start + by if start >= self.span[1] else start, end + by if end >= self.span[1] else end)


@dataclass(frozen=True, slots=True)
class Outcome:
    change: Change
    report: str
    was: str
    found: bool
    others: tuple[str, ...]


def changed_numbers(way: str, number: str, rest: str, pick: random.Random) -> Iterator[tuple[str, str]]:
    """Yield what ``number`` and what stands behind it may become in one way of going wrong, in random order."""
    digits = [i for i, c in enumerate(number) if c.isdigit()]
    if way == "digit":
        for i in pick.sample(digits, len(digits)):
            others = [d for d in "0123456789" if d != number[i] and (d != "0" or i != digits[0])]
            yield number[:i] + pick.choice(others) + number[i + 1 :], rest
    elif way == "swap":
        pairs = [(i, j) for i, j in itertools.pairwise(digits) if number[i] != number[j]]
        for i, j in pick.sample(pairs, len(pairs)):
            swapped = list(number)
            swapped[i], swapped[j] = number[j], number[i]
            if swapped[digits[0]] != "0" or number.startswith("0"):
                yield "".join(swapped), rest
    elif way == "ten":
        plain = number.replace(",", "")
        whole, _, part = plain.partition(".")
        options = [f"{plain}0"] if not part else [f"{whole}{part[0]}{'.' if part[1:] else ''}{part[1:]}"]
        if part and len(whole) > 1:
            options.append(f"{whole[:-1]}.{whole[-1]}{part}")
        elif not part and len(whole) > 1 and whole.endswith("0"):
            options.append(whole[:-1])
        yield from ((option, rest) for option in pick.sample(options, len(options)))
    elif way == "percent":
        value = Decimal(number.replace(",", ""))
        places = len(number.partition(".")[2])
        factor = 1 + pick.choice((1, -1)) * Decimal(pick.randint(30, 300)) / 1000
        new = f"{(value * factor).quantize(Decimal(1).scaleb(-places)):{',' if ',' in number else ''}}"
        if new != number:
            yield new, rest
    elif way == "scale":
        unit = re.match(r"\s*([亿億万萬])", rest)
        other = {"亿": "万", "億": "萬", "万": "亿", "萬": "億"}
        if unit:
            yield number, rest[: unit.start(1)] + other[unit[1]] + rest[unit.end(1) :]


def make_change(claim: Claim, text: str, pick: random.Random) -> Change | None:
    """Change one figure of ``claim`` beyond rounding, None where it cannot be done this time."""
    formulas = fitting(claim, text)
    stated, values = figures(claim, text)
    if not formulas or stated is None or any(v.vague for v in (stated, *values)):
        return None
    span = pick.choice([claim.span, *claim.inputs])
    way = pick.choice(WAYS)
    figure = printed(text, span)
    assert figure is not None
    start, end = figure.digits
    number = text[start:end]
    unit = re.compile(r"\s*[亿億万萬]?").match(text, end)
    rest = unit[0] if unit and way == "scale" else ""
    if re.fullmatch(r"[0-9][0-9,]*(\.[0-9]+)?", number):
        options = changed_numbers(way, number, rest, pick)
    else:  # full-width or spaced: one digit is changed, in its own width
        way, rest, options = "digit", "", _wide(number, pick)
    for new, behind in options:
        change = Change(claim, way, span, (start, end + len(rest)), new + behind)
        after = change.applied(text)
        moved = Claim(
            claim.report,
            *change.moved(claim.span),
            claim.kind,
            claim.check,
            claim.verdict,
            inputs=tuple(change.moved(s) for s in claim.inputs),
        )
        now, given = figures(moved, after)
        if now is not None and given and beyond(formulas, now, given):
            return change
    return None


def _wide(number: str, pick: random.Random) -> Iterator[tuple[str, str]]:
    digits = [i for i, c in enumerate(number) if c.isdigit()]
    for i in pick.sample(digits, len(digits)):
        base = ord("0") if number[i].isascii() else ord("０")
        others = [chr(base + d) for d in range(1, 10) if chr(base + d) != number[i]]
        yield number[:i] + pick.choice(others) + number[i + 1 :], ""


def make_changes(texts: dict[str, str], truth: dict[str, list[Claim]], times: int, seed: int) -> list[Change]:
    """Return ``times`` different changes, the reports taking turns; fewer where a folder does not give so many."""
    pick = random.Random(seed)
    good = {
        name: [c for c in truth[name] if c.verdict == "consistent" and fitting(c, texts[name])]
        for name in texts
    }
    names = [name for name in sorted(texts) if good[name]]
    made: dict[tuple[str, Span, str], Change] = {}
    for turn in range(times * 40):
        if len(made) == times or not names:
            break
        name = names[turn % len(names)]
        change = make_change(pick.choice(good[name]), texts[name], pick)
        if change is not None:
            made.setdefault((name, change.span, change.new), change)
    return list(made.values())


def judge(change: Change, before: Sequence[Found], after: Sequence[Found]) -> tuple[bool, list[Found]]:
    """Return whether a new "inconsistent" covers the changed figure, and all that is newly called so."""
    known = {
        (f.check, *change.moved(f.stated or f.clause))
        for f in before
        if f.verdict == "inconsistent" and not f.hint
    }
    new = [
        f
        for f in after
        if f.verdict == "inconsistent" and not f.hint and (f.check, *(f.stated or f.clause)) not in known
    ]
    target = change.moved(change.figure)
    return any(overlap(target, f.clause) or touches(target, f.figures) for f in new), new


def seed(
    folder: Path, truth: dict[str, list[Claim]], times: int, number: int, audit: Audit = run_audit
) -> tuple[list[Outcome], list[tuple[str, str, Found]]]:
    """Return the outcomes of the changes and the false alarms on the untouched reports: name, text, finding."""
    texts, plain, alarms = {}, {}, []
    for path, claims in folder_reports(folder, truth):
        text, found = audit(path)
        texts[path.name], plain[path.name] = text, found
        alarms += [
            (path.name, text[slice(*f.clause)], f) for f in found if accused(f) and not _known(f, claims)
        ]
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="junheng-seeded-") as scratch:
        for change in make_changes(texts, truth, times, number):
            name = change.claim.report
            path = Path(scratch, name)
            path.write_bytes(change.applied(texts[name]).encode("utf-8"))
            _, after = audit(path)
            found, new = judge(change, plain[name], after)
            was = texts[name][slice(*change.span)]
            outcomes.append(Outcome(change, name, was, found, tuple(f.explanation for f in new)))
    return outcomes, alarms


def _known(found: Found, claims: Sequence[Claim]) -> bool:
    return any(answers(found, c) for c in claims if c.verdict == "inconsistent")


def table(outcomes: Sequence[Outcome], by: Callable[[Outcome], str]) -> Iterator[str]:
    """Yield a line for each group: found of all, and the rate."""
    all_, found = Counter(map(by, outcomes)), Counter(by(o) for o in outcomes if o.found)
    for name in sorted(all_):
        yield f"  {name:16} {found[name]:4}/{all_[name]:<4} {found[name] / all_[name]:7.1%}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true", help="print what was missed, with its text")
    asked = parser.parse_args()
    truth = read_truth(asked.truth)
    outcomes, alarms = seed(asked.folder, truth, asked.times, asked.seed)
    found = sum(o.found for o in outcomes)
    print(f"found {found}/{len(outcomes)} ({found / max(1, len(outcomes)):.1%}), seed {asked.seed}")
    for title, by in (
        ("check", lambda o: o.change.claim.check),
        ("way", lambda o: o.change.way),
        ("report", lambda o: o.report),
    ):
        print(f"by {title}")
        print(*table(outcomes, by), sep="\n")
    if asked.misses:
        for o in outcomes:
            if not o.found:
                print(f"MISSED {o.report} {o.change.claim.check} {o.change.way}: {context(asked.folder, o)}")
    print(f"untouched: {len(alarms)} called inconsistent that are not")
    for name, text, alarm in alarms:
        print(f"FALSE {name} {alarm.check}: {text.strip()} || {alarm.explanation}")
    return 0


def context(folder: Path, outcome: Outcome) -> str:
    """Return the changed figure with its neighbourhood, and what the claim is."""
    text = (folder / outcome.report).read_text("utf-8")
    start, end = outcome.change.span
    claimed = text[slice(*outcome.change.claim.span)]
    near = f"{text[max(0, start - 30) : start]}[{outcome.was}→{outcome.change.new}]{text[end : end + 30]}"
    return f"{near}  (claim {claimed})".replace("\n", "/")


if __name__ == "__main__":
    raise SystemExit(main())
