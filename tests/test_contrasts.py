"""A figure of the opposite word is no answer: every group of ``contrasts.yaml``, over a report written for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.service import JunhengService, open_service
from corpus.contrasts import ruled_out

REPORT = """云梦县教育工作情况
2022年,全县小学生均图书32.6册,初中专任教师1206人。公办幼儿园41所,寄宿学生2312人。
全县招聘教师168人。资助困难学生发放资金156.3万元。省级骨干教师37人。城区小学12所。
未到校学生84人,其中休学19人。教师中本科学历的930人。新建学校3所。
"""
ANSWERED = {
    "云梦县小学生均图书多少册?": "32.6",
    "云梦县公办幼儿园有多少所?": "41",
    "云梦县寄宿学生有多少人?": "2312",
    "云梦县招聘教师多少人?": "168",
    "云梦县省级骨干教师有多少人?": "37",
    "云梦县未到校学生中休学的有多少人?": "19",
    "云梦县本科学历的教师有多少人?": "930",
    "云梦县新建学校几所?": "3所",
    "云梦县全年共开展招聘教师多少人?": "168",  # an action that the report leaves out
}
REFUSED = [
    "云梦县小学师均图书多少册?",
    "云梦县民办幼儿园有多少所?",
    "云梦县走读学生有多少人?",
    "云梦县退休教师多少人?",
    "云梦县助学贷款发放资金多少?",
    "云梦县市级骨干教师有多少人?",
    "云梦县未到校教师中休学的有多少人?",
    "云梦县研究生学历的教师有多少人?",
    "云梦县改扩建学校几所?",
    "云梦县农村小学有几所?",
    "云梦县不是公办的幼儿园有多少所?",
    "云梦县外籍教师有多少人?",  # an attribute that the report nowhere says
    "云梦县低保专任教师有多少人?",
    "云梦县初中线上专任教师有多少人?",
    "云梦县第三方招聘教师多少人?",
    "云梦县贫困生均图书多少册?",
    "云梦县计划新建学校几所?",
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> JunhengService:
    folder: Path = tmp_path_factory.mktemp("contrasts")
    (folder / "report.txt").write_text(REPORT, encoding="utf-8")
    opened = open_service(folder / "home", empty=True)
    opened.ingest([folder / "report.txt"])
    return opened


@pytest.mark.parametrize(("question", "figure"), ANSWERED.items())
def test_its_own_word_is_answered(service: JunhengService, question: str, figure: str) -> None:
    answer = service.ask(question)
    assert answer.status == "answered" and figure in answer.text, answer.text


@pytest.mark.parametrize("question", REFUSED)
def test_the_opposite_is_refused(service: JunhengService, question: str) -> None:
    answer = service.ask(question)
    assert answer.status != "answered", answer.text


def test_both_words_rule_nothing_out() -> None:
    assert not ruled_out("教师培训", "参加的教师和校长30人")
    assert not ruled_out("教师", "学生与教师之比")
    assert ruled_out("校长培训", "参加培训的教师30人")
