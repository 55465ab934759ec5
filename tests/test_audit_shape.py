"""Findings as JSON: every quote is the report's, every number of an explanation names a source that is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from corpus.readers import read
from tools.audit.audit import audit
from tools.audit.shape import findings_json

REPORTS = sorted((Path(__file__).parent / "audit" / "reports").glob("*.txt"))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_every_number_of_an_explanation_has_a_source(path: Path) -> None:
    report = read(path)
    found = findings_json(audit(report), {report.id: report})
    assert found
    assert json.loads(json.dumps(found)) == found
    for item in found:
        claim = item["claim"]
        assert claim["quote"] == report.text[claim["start"] : claim["end"]]
        for citation in item["evidence"]:
            assert citation["quote"] == report.text[citation["start"] : citation["end"]]
        told, rest = item["explanation"], item["explanation"]
        for figure in item["figures"]:
            assert figure["text"] == told[figure["start"] : figure["end"]]
            kind, _, number = figure["source"].partition(":")
            held = {"citation": "evidence", "calculation": "calculations"}.get(kind)
            assert held is None or int(number) < len(item[held]), figure
            rest = rest[: figure["start"]] + "□" * len(figure["text"]) + rest[figure["end"] :]
        assert not re.search(r"\d", rest), rest
        if item["calculation"] is not None:
            assert item["calculations"][0] == item["calculation"]
