"""Hold the fact reader against labels made by reading: score_facts.py FOLDER LABELS.jsonl [--misses] [--json].

FOLDER holds the documents, LABELS.jsonl one figure a line (tests/facts/README.md). A label is found by a fact at its
place with its amount, metric, stage, kind and role; a fact is right if it finds a label, and wrong if it finds none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the project, when the script is run

import yaml
from fact_labels import Label, Span, place, read_labels, same_amount

from corpus.errors import JunhengError
from corpus.facts import read_facts
from corpus.folding import fold
from corpus.model import Fact
from corpus.readers import read

_STAGES = Path(__file__).resolve().parents[1] / "corpus" / "stages.yaml"
_ONE = {"plan": "target"}
"""What one intends and what one sets out to reach are one kind here."""

PARTS = ("amount", "metric", "stage", "role", "kind", "period")


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and a fact at its place, and in what they disagree (of PARTS)."""

    label: Label
    fact: Fact
    wrong: tuple[str, ...]

    @property
    def found(self) -> bool:
        return not set(self.wrong) - {"period"}

    @property
    def named(self) -> bool:
        """Amount, metric and stage agree, whatever kind and role are."""
        return not set(self.wrong) & {"amount", "metric", "stage"}


@dataclass(slots=True)
class Score:
    """Counts of one document or of all; shares are None where nothing was to be found."""

    labels: int = 0
    found: int = 0
    named: int = 0
    facts: int = 0
    right: int = 0
    well_named: int = 0
    timed: int = 0
    judged_times: int = 0
    failed: str | None = None
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    mistimed: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in ("labels", "found", "named", "facts", "right", "well_named", "timed", "judged_times"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def shares(self) -> dict[str, float | None]:
        return {
            "recall": _share(self.found, self.labels),
            "precision": _share(self.right, self.facts),
            "period": _share(self.timed, self.judged_times),
            "recall_without_kind": _share(self.named, self.labels),
            "precision_without_kind": _share(self.well_named, self.facts),
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@cache
def _stage_names() -> dict[str, str]:
    return {stage["id"]: stage["name"] for stage in yaml.safe_load(_STAGES.read_text("utf-8"))}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))


def _metric_agrees(label: Label, fact: Fact) -> bool:
    said = _plain(" ".join((fact.metric, fact.label, fact.subject, _stage_names().get(fact.stage or "", ""))))
    if fact.metric_id in label.not_ids or any(_plain(word) in said for word in label.without):
        return False
    if label.metric_id and fact.metric_id:
        return label.metric_id == fact.metric_id
    return all(any(_plain(word) in said for word in words.split("|")) for words in label.must)


def compare(label: Label, fact: Fact) -> Pair:
    """Return in which parts the fact does not say what the label says."""
    signed = not {"change", "rate"} & {*label.roles, fact.role}
    agrees = {
        "amount": same_amount(label, fact.value, fact.unit, sign=signed),
        "metric": _metric_agrees(label, fact),
        "stage": "any" in label.stages or fact.stage in label.stages,
        "role": fact.role in label.roles,
        "kind": _ONE.get(fact.kind, fact.kind) in {_ONE.get(kind, kind) for kind in label.kinds},
        "period": label.has_period(fact.period),
    }
    return Pair(label, fact, tuple(part for part in PARTS if not agrees[part]))


def _touching(span: Span | None, facts: Iterable[Fact]) -> Iterator[Fact]:
    if span:
        yield from (fact for fact in facts if fact.start < span[1] and span[0] < fact.end)


def score(path: Path, labels: Sequence[Label]) -> Score:
    """Read the document at ``path`` and hold its facts against its labels."""
    result = Score(labels=sum(not label.optional for label in labels))
    try:
        report = read(path)
    except JunhengError as broken:
        result.failed = str(broken)
        result.missed = [f"{label.metric} {label.value}{label.units[0]}" for label in labels]
        return result
    facts = read_facts(report)
    result.facts = len(facts)
    raw = path.read_text("utf-8") if path.suffix in (".txt", ".md") else report.text
    pairs: dict[str, list[Pair]] = {}
    for label, span in zip(labels, place(list(labels), raw, report.text), strict=True):
        here = [compare(label, fact) for fact in _touching(span, facts)]
        for pair in here:
            pairs.setdefault(pair.fact.id, []).append(pair)
        best = min(here, key=lambda pair: (not pair.found, len(pair.wrong)), default=None)
        if best and best.found and "*" not in label.periods:
            result.judged_times += 1
            result.timed += "period" not in best.wrong
            if "period" in best.wrong:
                result.mistimed.append(f"{_said(best.fact)} 应为 {label.row['period']}")
        if label.optional:
            continue
        result.found += bool(best and best.found)
        result.named += any(pair.named for pair in here)
        if not best or not best.found:
            result.missed.append(_miss(label, span, best))
    for fact in facts:
        met = pairs.get(fact.id, [])
        result.right += any(pair.found for pair in met)
        result.well_named += any(pair.named for pair in met)
        if not any(pair.found for pair in met):
            wrong = "/".join(met[0].wrong) if met else "no label"
            result.wrong.append(f"{_said(fact)} ({wrong})")
    return result


def _said(fact: Fact) -> str:
    return (
        f"{fact.start}: {fact.as_printed} {fact.role} {fact.kind} {fact.period} [{fact.stage}] "
        f"{fact.metric} ({fact.metric_id}) 「{fact.label}」 {fact.subject}"
    )


def _miss(label: Label, span: Span | None, best: Pair | None) -> str:
    wanted = (
        f"{label.value}{label.units[0]} {'/'.join(label.roles)} {'/'.join(label.kinds)} "
        f"[{'/'.join(str(s) for s in label.stages)}] {label.metric} ({label.metric_id}) {' '.join(label.must)}"
    )
    if best:
        return f"{wanted}: {'/'.join(best.wrong)} ← {_said(best.fact)}"
    return f"{span[0] if span else '?'}: {wanted}: {'not read' if span else 'place not found'}"


def hold(folder: Path, labels: dict[str, list[Label]]) -> dict[str, Score]:
    """Return the score of every labelled document of ``folder``."""
    return {name: score(folder / name, found) for name, found in labels.items()}


def total(scores: dict[str, Score]) -> Score:
    """Return the counts of all documents together."""
    whole = Score()
    for one in scores.values():
        whole.add(one)
    return whole


def _line(name: str, one: Score) -> str:
    def percent(part: str) -> str:
        share = one.shares()[part]
        return "   —  " if share is None else f"{100 * share:5.1f}%"

    return (
        f"{name:32.32} recall {percent('recall')} ({one.found}/{one.labels})  precision {percent('precision')} "
        f"({one.right}/{one.facts})  period {percent('period')}  without role and kind "
        f"{percent('recall_without_kind')} {percent('precision_without_kind')}"
    )


def main(arguments: Sequence[str]) -> int:
    """Print the score of every document and of all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument(
        "--misses", action="store_true", help="print every label missed and every fact that is wrong"
    )
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    scores = hold(given.folder, read_labels(given.labels))
    whole = total(scores)
    if given.json:
        print(json.dumps({name: one.shares() for name, one in [*scores.items(), ("all", whole)]}, indent=1))
        return 0
    for name, one in scores.items():
        print(_line(name, one))
        if one.failed:
            print(f"  unread: {one.failed}")
        if given.misses:
            for mark, lines in (("-", one.missed), ("+", one.wrong), ("t", one.mistimed)):
                print(*(f"  {mark} {line}" for line in lines), sep="\n")
    print(_line("all", whole))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
