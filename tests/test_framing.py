"""What is said around a question goes; what is asked stays, word for word."""

from __future__ import annotations

import pytest

from assistant.framing import unframed

FRAMED = [
    ("局长急着要个数:云梦县2022年初中在校生多少人?", "云梦县2022年初中在校生多少人?"),
    ("你好,请帮忙查一下惠安县有几所小学,谢谢", "惠安县有几所小学"),
    ("写讲话稿用,云梦县专任教师有多少", "云梦县专任教师有多少"),
    ("刚看到你们的公告,惠安县教育经费总投入多少", "惠安县教育经费总投入多少"),
    ("惠安县小学和初中的班数给我列一下", "惠安县小学和初中的班数"),
    ("说错了,我要问的是惠安县的学位数", "惠安县的学位数"),
    ("云梦县随迁子女有多少来着?", "云梦县随迁子女有多少?"),
]
KEPT = [
    "国家要求,大班额不超过5%,云梦县达到了吗?",
    "上级要求整改的问题有多少条?",
    "云梦县的主要问题有哪些?",
    "惠安县学前教育毛入园率97.5%是怎么来的?",
    "云梦县教育经费占比18.15%,拿两个数除一下看对不对",
    "那份报告里,教研室有几个人?",
    "总结一下云梦县的情况",
    "说说看",
    "谢谢",
]


@pytest.mark.parametrize(("said", "asked"), FRAMED)
def test_framing_goes(said: str, asked: str) -> None:
    assert unframed(said) == asked
    assert unframed(asked) == asked


@pytest.mark.parametrize("said", KEPT)
def test_what_is_asked_stays(said: str) -> None:
    assert unframed(said) == said
