"""The fact reader against labels made by reading (tests/facts/README.md), and the labels against their documents.

The floors are what was measured when they were set; they only ever rise.
"""

from __future__ import annotations

import csv
import importlib
import json
import re
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
import yaml

from corpus.catalogue import indicators
from corpus.facts import read_facts
from corpus.folding import fold
from corpus.model import Kind, Role
from corpus.readers import read

HERE = Path(__file__).parent
FACTS = HERE / "facts"
OPEN = FACTS / "open"
sys.path.insert(0, str(HERE.parent / "scripts"))  # as when the scripts are run
fact_labels = importlib.import_module("fact_labels")
score_facts = importlib.import_module("score_facts")

SHARED_LABELS = FACTS / "shared_labels.jsonl"
OPEN_LABELS = OPEN / "labels.jsonl"
FLOORS = {
    "shared": {"recall": 0.99, "precision": 0.99, "period": 0.99},
    "open": {"recall": 0.98, "precision": 0.98, "period": 0.98},
}
NUMERALS = dict(zip("一两二三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))


def printed_value(printed: str) -> Decimal:
    """Read the number of a short printed figure, independently of the reader that is measured."""
    bare = re.sub(r"[\s,]", "", fold(printed))
    ratio = re.fullmatch(r"(\d+(?:\.\d+)?)[:∶](\d+(?:\.\d+)?)", bare)
    if ratio:
        return Decimal(ratio[2] if ratio[1] == "1" else ratio[1])
    number = re.match(r"-?\d+(?:\.\d+)?", bare)
    return Decimal(number[0]) if number else Decimal(NUMERALS[bare[0]])


def table_text(path: Path) -> str:
    """Return the rows of a table file as the readers write rows: cells joined by " | "."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return "\n".join(" | ".join(row) for row in csv.reader(file))
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return "\n".join(
        " | ".join("" if cell is None else str(cell) for cell in row)
        for row in sheet.iter_rows(values_only=True)
    )


def raw_text(path: Path) -> str:
    if path.suffix in (".csv", ".xlsx"):
        return table_text(path)
    return path.read_text("utf-8") if path.suffix in (".txt", ".md") else read(path).text


def check_places(folder: Path, labels: dict[str, list[Any]]) -> None:
    for name, found in labels.items():
        text = raw_text(folder / name)
        spans = fact_labels.place(found, text, text)
        assert None not in spans, [label.row for label, span in zip(found, spans, strict=True) if not span]
        for label, (start, end) in zip(found, spans, strict=True):
            assert text[start:end] == text[start:end].strip()
            assert printed_value(text[start:end]) == label.value, (name, text[start:end], label.row)
        assert len(set(spans)) == len(spans), f"{name}: two labels at one place"


def test_shared_labels_point_at_what_they_say(shared: Path) -> None:
    labels = fact_labels.read_labels(SHARED_LABELS)
    assert sorted(labels) == sorted(path.name for path in (shared / "reports").glob("*.txt"))
    check_places(shared / "reports", labels)


def test_open_labels_point_at_what_they_say() -> None:
    labels = fact_labels.read_labels(OPEN_LABELS)
    assert sorted(labels) == sorted(path.name for path in OPEN.iterdir() if path != OPEN_LABELS)
    check_places(OPEN, labels)


@pytest.mark.parametrize("path", [SHARED_LABELS, OPEN_LABELS], ids=["shared", "open"])
def test_labels_use_the_words_of_the_model(path: Path) -> None:
    stages = {
        row["id"] for row in yaml.safe_load((HERE.parent / "corpus" / "stages.yaml").read_text("utf-8"))
    }
    known = set(indicators())
    for label in (label for found in fact_labels.read_labels(path).values() for label in found):
        assert set(label.kinds) <= set(get_args(Kind)), label.row
        assert set(label.roles) <= set(get_args(Role)), label.row
        assert set(label.stages) <= stages | {None, "any"}, label.row
        assert {label.metric_id, *label.not_ids} <= known | {None}, label.row
        assert label.must and all(words.strip("|") for words in label.must), label.row


def test_the_shared_labels_hold_no_sentences() -> None:
    for line in SHARED_LABELS.read_text("utf-8").splitlines():
        row = json.loads(line)
        assert not {"text", "quote", "sentence", "context"} & set(row)
        assert all(len(words) <= 24 for name in (row["metric"], *row["must"]) for words in name.split("|"))


def check_floors(scores: dict[str, Any], floors: dict[str, float]) -> None:
    shares = score_facts.total(scores).shares()
    misses = [line for one in scores.values() for line in (*one.missed, *one.wrong, *one.mistimed)]
    assert all(shares[part] >= floor for part, floor in floors.items()), (shares, misses)


def test_facts_of_the_shared_reports(shared: Path) -> None:
    check_floors(
        score_facts.hold(shared / "reports", fact_labels.read_labels(SHARED_LABELS)), FLOORS["shared"]
    )


def test_facts_of_documents_of_every_sort() -> None:
    check_floors(score_facts.hold(OPEN, fact_labels.read_labels(OPEN_LABELS)), FLOORS["open"])


def test_a_label_that_says_otherwise_is_not_found() -> None:
    """Every part of a label counts: change one, and the facts that agreed with it disagree in that part."""
    name = "province-funds-2023.txt"
    facts = read_facts(read(OPEN / name))
    pairs = [
        score_facts.compare(label, fact)
        for label in fact_labels.read_labels(OPEN_LABELS)[name]
        for fact in facts
        if label.span and fact.start < label.span[1] and label.span[0] < fact.end
    ]
    agreed = [pair for pair in pairs if not pair.wrong]
    assert len(agreed) > 30
    for pair in agreed:
        label, fact = pair.label, pair.fact
        other = {
            "amount": [replace(label, value=label.value * 10), replace(label, units=("间",))],
            "metric": [
                replace(label, metric_id="books_per_student")
                if fact.metric_id
                else replace(label, metric_id=None, must=("图书",)),
                replace(label, without=(fact.metric,)),
            ],
            "stage": [replace(label, stages=("special",))],
            "role": [replace(label, roles=("base" if fact.role != "base" else "level",))],
            "kind": [replace(label, kinds=("policy",))],
            "period": [replace(label, periods=("1999", "2019*"))],
        }
        for part, changed in other.items():
            for one in changed:
                assert score_facts.compare(one, fact).wrong == (part,), (part, one.row, fact)


def test_amounts_that_are_the_same_and_amounts_that_are_not() -> None:
    label = fact_labels.read_labels(OPEN_LABELS)["province-funds-2023.txt"][0]
    assert fact_labels.same_amount(label, Decimal(21864000), "万元", sign=True)
    assert not fact_labels.same_amount(label, Decimal("2186.40"), "万元", sign=True)
    assert not fact_labels.same_amount(label, Decimal("-2186.40"), "亿元", sign=True)
    assert fact_labels.same_amount(label, Decimal("-2186.40"), "亿元", sign=False)
    per_head = replace(label, value=Decimal(500), units=("元",))
    assert fact_labels.same_amount(per_head, Decimal(500), "元/生·年", sign=True)
    assert not fact_labels.same_amount(per_head, Decimal(500), "", sign=True)


def test_a_fact_where_nothing_is_labelled_is_wrong(tmp_path: Path) -> None:
    name = "province-funds-2023.txt"
    labels = fact_labels.read_labels(OPEN_LABELS)[name]
    whole, half = score_facts.score(OPEN / name, labels), score_facts.score(OPEN / name, labels[::2])
    assert whole.facts == half.facts
    assert half.right < whole.right
    (tmp_path / name).write_bytes(b"\x00\x01")
    assert score_facts.score(tmp_path / name, labels).found == 0


def test_labels_are_found_again_in_a_text_that_a_reader_has_tidied() -> None:
    name = "county-balance-selfreport.md"
    labels = fact_labels.read_labels(OPEN_LABELS)[name]
    raw = (OPEN / name).read_text("utf-8")
    tidied = re.sub(r"\n{2,}", "\n", re.sub(r"(?m)^#+ |^\d\. ", "", raw)).replace("平方公里", "km²")
    for label, span in zip(labels, fact_labels.place(labels, raw, tidied), strict=True):
        assert printed_value(tidied[span[0] : span[1]]) == label.value, label.row
