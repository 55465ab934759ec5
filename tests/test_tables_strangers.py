"""Questions about school tables by someone who did not write the code that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.service import SAMPLES, JunhengService
from assistant.settings import Settings
from indexes.store import Store
from tests.indexes_fixtures import WordEmbedder
from tests.talk_fixtures import CASES, talk

ASKED: list[dict[str, Any]] = yaml.safe_load((CASES / "tables_strangers.yaml").read_text("utf-8"))
OPEN = {"南坪学校初中部的设备差多少钱", "南坪学校是什么类型的学校"}
"""Asked and not answered as the stranger wanted: by the school, not by its pupil; the type of a school."""


def _marked(case: dict[str, Any]) -> Any:
    name = " / ".join(case["turns"])
    marks = [pytest.mark.xfail(strict=True)] if name in OPEN else []
    return pytest.param(case, id=name, marks=marks)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("strangers")


def _opened(home: Path, table: Path, **named: Any) -> Iterator[JunhengService]:
    service = JunhengService(Store.open(home, embedder=WordEmbedder()), Settings(home=home))
    (outcome,) = service.ingest([table], **named)
    assert outcome.status == "added", outcome.message
    yield service
    service.close()


@pytest.fixture(scope="module")
def sample(home: Path) -> Iterator[JunhengService]:
    """The table of the sample corpus."""
    (table,) = SAMPLES.glob("*.xlsx")
    yield from _opened(home / "sample", table)


@pytest.fixture(scope="module")
def shared_table(home: Path) -> Iterator[JunhengService]:
    """The school table beside the checkout."""
    table = (Path(__file__).parents[1] / ".." / "shared" / "schools" / "sample.xlsx").resolve()
    if not table.is_file():
        pytest.skip("no school table (../shared/schools) beside the checkout")
    yield from _opened(home / "shared", table, region="柳塘县", year=2023)


@pytest.mark.parametrize("case", [_marked(case) for case in ASKED])
def test_stranger(case: dict[str, Any], request: pytest.FixtureRequest) -> None:
    """The answer says what the stranger looked for, and nothing that would be wrong."""
    service = request.getfixturevalue("sample" if case["table"] == "sample" else "shared_table")
    answer = talk(service, case["turns"])
    refused = ("refused", "clarify") if case.get("status") == "refused" else (case.get("status"),)
    assert "status" not in case or answer.status in refused
    assert [ways for ways in case.get("says", ()) if not any(way in answer.text for way in ways)] == []
    assert [word for word in case.get("never", ()) if word in answer.text] == []
