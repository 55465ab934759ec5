"""Every input that fuzzing found worth keeping, read again: a report in order or one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz.targets import TARGETS

CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_kept_inputs_are_read_safely(name: str) -> None:
    """No input of the kept corpus makes a reader fail, or read what does not hold together."""
    target = TARGETS[name]
    inputs = sorted((CORPUS / name).iterdir())
    assert inputs
    for path in inputs:
        target.check(target.wrap(path.read_bytes()), target.file)
