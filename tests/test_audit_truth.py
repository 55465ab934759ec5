"""The reports with known truth, and the two scripts that hold the audit against it."""

from __future__ import annotations

import importlib
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "scripts"))  # as when the scripts are run
audit_truth = importlib.import_module("audit_truth")
audit_score = importlib.import_module("audit_score")
printed = importlib.import_module("printed")
seed_errors = importlib.import_module("seed_errors")

REPORTS = HERE / "audit" / "reports"
TRUTH = HERE / "audit" / "truth.jsonl"
KINDS = {"growth", "difference", "share", "sum", "rate", "part_whole", "contradiction", "unit"}
VERDICTS = {"consistent", "rounding", "inconsistent", "not_recomputable"}

TEXT = "云墩县现有小学30所、初中12所,合计42所;教师500人,其中骨干125人,占25%;满意度91%,没有辍学。"


def at(figure: str) -> tuple[int, int]:
    start = TEXT.index(figure)
    return start, start + len(figure)


def claim(figure: str, check: str, kind: str, verdict: str, *inputs: str) -> Any:
    return audit_truth.Claim("a.txt", *at(figure), kind, check, verdict, "", tuple(at(i) for i in inputs))


def finding(figure: str, check: str, kind: str, verdict: str, *others: str, hint: bool = False) -> Any:
    spans = (at(figure), *(at(o) for o in others))
    clause = min(s for s, _ in spans), max(e for _, e in spans)
    return audit_truth.Found(kind, check, verdict, clause, at(figure), spans, "", hint)


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, dict[str, list[Any]]]:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    claims = [
        claim("42所", "sum", "sum", "consistent", "30所", "12所"),
        claim("25%", "share", "share", "consistent", "125人", "500人"),
        claim("91%", "rate", "rate", "not_recomputable"),
    ]
    return tmp_path, {"a.txt": claims}


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in TRUTH.read_text("utf-8").splitlines()]


def test_spans_of_the_truth_match_the_reports() -> None:
    texts = {path.name: path.read_text("utf-8") for path in REPORTS.glob("*.txt")}
    assert {row["report"] for row in rows()} == set(texts)
    for row in rows():
        text = texts[row["report"]]
        assert text[row["start"] : row["end"]] == row["text"]
        assert row["kind"] in KINDS and row["verdict"] in VERDICTS and row["why"]
        assert all(0 <= a < b <= len(text) for a, b in row["inputs"])
    assert sum({r["verdict"] for r in rows() if r["report"] == n} >= {"inconsistent"} for n in texts) == 14


def test_labels_of_the_truth_follow_from_the_figures() -> None:
    """Right claims compute from their inputs; of the wrong ones, none that is arithmetic does."""
    computed = 0
    for name, claims in audit_truth.read_truth(TRUTH).items():
        text = (REPORTS / name).read_text("utf-8")
        for one in claims:
            if one.check not in printed.FORMULAS or not one.inputs or one.verdict == "not_recomputable":
                continue
            stated, values = printed.figures(one, text)
            assert stated is not None and values, one
            if one.verdict == "inconsistent":
                if one.check != "direction":  # there the amount is right and the word wrong
                    assert printed.beyond(printed.FORMULAS[one.check], stated, values), one
            elif not stated.vague:
                assert printed.fitting(one, text), one
            computed += 1
    assert computed > 300


@pytest.mark.parametrize(
    ("text", "span", "value", "step"),
    [
        ("支出6.83亿元", (2, 7), "683000000", "1000000"),
        ("共4.5万个", (1, 4), "45000", "1000"),
        ("增长5. 0%", (2, 7), "5.0", "0.1"),
        ("４５,３１８ 人", (0, 6), "45318", "1"),
        ("师生比1:13.4", (3, 9), "13.4", "0.1"),
    ],
)
def test_a_printed_figure_is_read_with_its_precision(text: str, span: Any, value: str, step: str) -> None:
    read = printed.printed(text, span)
    assert (str(read.value.normalize() + 0), read.step) == (
        str(printed.Decimal(value).normalize() + 0),
        printed.Decimal(step),
    )


def test_a_perfect_audit_scores_full(small: Any) -> None:
    folder, truth = small
    found = [
        finding("42所", "sum", "sum", "consistent", "30所", "12所"),
        finding("25%", "share", "rate", "consistent", "125人", "500人"),
        finding("91%", "rate", "rate", "not_recomputable"),
    ]
    score = audit_score.hold(folder, truth, lambda path: (TEXT, found))
    assert (score.found, len(score.claims), score.alarms) == (3, 3, [])
    assert all(want == got for want, got in audit_score.verdict_pairs(score))


def test_a_finding_of_another_sort_or_place_is_no_find(small: Any) -> None:
    """A contradiction about a figure is no recomputation of it, and a total that is only a part is no sum."""
    folder, truth = small
    found = [
        finding("25%", "restated", "contradiction", "consistent"),
        finding("500人", "sum", "sum", "consistent", "42所"),
    ]
    score = audit_score.hold(folder, truth, lambda path: (TEXT, found))
    assert score.found == 0


def test_a_false_accusation_counts_and_a_hint_does_not(small: Any) -> None:
    folder, truth = small
    found = [
        finding("25%", "share", "share", "inconsistent", "125人", "500人"),
        finding("91%", "outlier", "contradiction", "inconsistent", hint=True),
    ]
    score = audit_score.hold(folder, truth, lambda path: (TEXT, found))
    assert score.accusations == 1 and len(score.alarms) == 1 and score.precision == 0


def test_a_contradiction_is_found_by_either_side(small: Any) -> None:
    folder, _ = small
    truth = {"a.txt": [claim("没有辍学", "count_claim", "contradiction", "inconsistent", "91%")]}
    for figure in ("没有辍学", "91%"):
        found = [finding(figure, "counts", "contradiction", "inconsistent")]
        score = audit_score.hold(folder, truth, lambda path, found=found: (TEXT, found))
        assert score.errors[0][2] and not score.alarms


def test_every_seeded_change_breaks_its_claim(small: Any) -> None:
    """What is written into the report is beyond rounding by the formula of the claim, at the moved spans."""
    _, truth = small
    changes = seed_errors.make_changes({"a.txt": TEXT}, truth, 60, seed=7)
    assert len(changes) == 60 and {c.way for c in changes} >= {"digit", "swap", "ten", "percent"}
    assert changes == seed_errors.make_changes({"a.txt": TEXT}, truth, 60, seed=7)
    for change in changes:
        after = change.applied(TEXT)
        numbers = [printed.printed(after, change.moved(s)) for s in (*change.claim.inputs, change.claim.span)]
        *given, stated = [n.value for n in numbers]
        made = sum(given) if change.claim.check == "sum" else given[0] / given[1] * 100
        assert abs(made - stated) > max(n.step for n in numbers) / 2, (change, after)


def test_a_seeded_error_is_found_only_by_a_new_finding_on_it(small: Any) -> None:
    folder, truth = small

    def blind(path: Path) -> tuple[str, list[Any]]:
        text = path.read_text("utf-8")
        return text, [finding("91%", "rate", "rate", "inconsistent")]

    outcomes, alarms = seed_errors.seed(folder, truth, 10, 1, blind)
    assert not any(o.found for o in outcomes) and len(alarms) == 1

    def keen(path: Path) -> tuple[str, list[Any]]:
        text = path.read_text("utf-8")
        whole = (0, len(text))
        verdict = "consistent" if text == TEXT else "inconsistent"
        return text, [audit_truth.Found("sum", "sum", verdict, whole, None, (whole,))]

    outcomes, alarms = seed_errors.seed(folder, truth, 10, 1, keen)
    assert all(o.found for o in outcomes) and not alarms


def test_full_width_digits_are_changed_in_their_width() -> None:
    text = "学校５２所,小学３３所,初中１９所"
    one = audit_truth.Claim("a", 2, 5, "sum", "sum", "consistent", "", ((8, 11), (14, 17)))
    pick = random.Random(3)
    changes = [seed_errors.make_change(one, text, pick) for _ in range(20)]
    assert any(changes)
    assert all(len(c.new) == c.span[1] - c.span[0] and not c.new.isascii() for c in changes if c)
