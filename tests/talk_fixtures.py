"""A store of one school table (an invented county) and one short report of another county."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.service import JunhengService
from assistant.settings import Settings
from indexes.store import Store
from tests.indexes_fixtures import WordEmbedder

CASES = Path(__file__).parent / "cases"
REPORT = (
    "青岭县2023年履行教育职责自评报告\n\n一、经费情况\n"
    "2023年一般公共预算教育支出32100万元，比上年增长5.2%。全县有小学18所、初中7所，县级以上骨干教师210人。\n"
    "\n二、教育质量\n2023年残疾儿童入学率96.5%。全县在园幼儿4000人，其中公办园在园幼儿1500人。\n"
)


def empty_service(home: Path) -> JunhengService:
    return JunhengService(Store.open(home / "home", embedder=WordEmbedder()), Settings(home=home / "home"))


def tables_service(home: Path) -> JunhengService:
    """Return the service over the table of ``cases/tables_schools.csv`` and the report."""
    service = empty_service(home)
    text = home / "青岭县2023年自评报告.txt"
    text.write_text(REPORT, "utf-8")
    outcomes = service.ingest([text], region="青岭县", year=2023)
    outcomes += service.ingest([CASES / "tables_schools.csv"], region="沅溪县", year=2024)
    failed = [o.message for o in outcomes if o.status != "added"]
    assert not failed, failed
    return service


def talk(service: JunhengService, turns: list[str]) -> Answer:
    """Hold the conversation and return the answer to its last turn."""
    answer = service.ask(turns[0])
    for turn in turns[1:]:
        answer = service.ask(turn, thread_id=answer.thread_id)
    return answer


def slips(case: dict[str, Any], answer: Answer) -> list[str]:
    """Return what the answer gets wrong by the case, one line each, and the answer."""
    wrong = []
    for key in ("status", "reason"):
        if key in case and getattr(answer, key) != case[key]:
            wrong.append(f"{key} is {getattr(answer, key)}, expected {case[key]}")
    text = "\n".join([answer.text, *answer.warnings])
    wrong += [f"does not say {word}" for word in case.get("says", ()) if word not in text]
    wrong += [f"says {word}" for word in case.get("never", ()) if word in answer.text]
    if "says_one" in case and not any(word in text for word in case["says_one"]):
        wrong.append(f"says none of {case['says_one']}")
    held = {f"{value.value}{value.unit}" for value in answer.values}
    wrong += [f"has no value {value}" for value in case.get("values", ()) if value not in held]
    return [*wrong, answer.text, *answer.warnings] if wrong else []
