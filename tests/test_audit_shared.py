"""The audit of the real reports beside the checkout, against labels made by reading them.

``tests/audit/shared_truth.jsonl`` holds offsets and verdicts only; the texts stay where they are. Labelled are all
growths, differences, shares, rates, averages, sums and part-whole claims, and the contradictions.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "scripts"))  # as when the scripts are run
audit_truth = importlib.import_module("audit_truth")
audit_score = importlib.import_module("audit_score")
seed_errors = importlib.import_module("seed_errors")


@pytest.fixture(scope="module")
def truth() -> dict[str, list[Any]]:
    claims: dict[str, list[Any]] = audit_truth.read_truth(HERE / "audit" / "shared_truth.jsonl")
    return claims


def test_every_claim_is_found_and_judged_and_nothing_is_accused_wrongly(
    shared: Path, truth: dict[str, list[Any]]
) -> None:
    score = audit_score.hold(shared / "reports", truth)
    missed = [text for _, text, found in score.claims if found is None]
    assert len(missed) <= 0.05 * len(score.claims), missed
    wrong = [text for claim, text, found in score.claims if found and found.verdict != claim.verdict]
    assert not wrong
    assert all(accused for _, _, accused in score.errors)
    assert not score.alarms


def test_a_changed_figure_of_a_right_claim_is_found(shared: Path, truth: dict[str, list[Any]]) -> None:
    outcomes, alarms = seed_errors.seed(shared / "reports", truth, 300, 1)
    missed = [(o.change.claim.report, o.was, o.change.new) for o in outcomes if not o.found]
    assert len(outcomes) == 300
    assert len(missed) <= 6, missed
    assert not alarms
