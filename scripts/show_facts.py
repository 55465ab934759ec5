"""Print the facts of a report, one a line, to read beside its text: show_facts.py FILE..."""

from __future__ import annotations

import sys
from pathlib import Path

from corpus.errors import JunhengError
from corpus.facts import read_facts
from corpus.model import Fact
from corpus.readers import read


def line(fact: Fact, places: dict[str, int]) -> str:
    """Return number, amount, role, kind, period, stage, name and link of ``fact`` as one line."""
    link = f" →{places[fact.of]}" if fact.of in places else ""
    since = f"<{fact.base_period}" if fact.base_period else ""
    return (
        f"{places[fact.id]:4} {fact.as_printed:>14} {fact.role:6} {fact.kind:9} {fact.period or '-'}{since} "
        f"[{fact.stage or '-'}] {fact.metric} ({fact.metric_id or '-'}) {fact.direction or ''}{link} 「{fact.label}」"
    )


def main(paths: list[str]) -> int:
    """Print the facts of every file; 1 if one cannot be read, 2 if none is named."""
    if not paths:
        print("用法:show_facts.py 文件…", file=sys.stderr)
        return 2
    for path in paths:
        try:
            report = read(Path(path))
        except JunhengError as error:
            print(error, file=sys.stderr)
            return 1
        facts = read_facts(report)
        print(f"{report.title}({report.region or '-'},{report.year or '-'}):{len(facts)}个数据")
        places = {fact.id: number for number, fact in enumerate(facts, 1)}
        for fact in facts:
            print(line(fact, places))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
