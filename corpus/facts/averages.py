"""Averages that lean on the number before them: "图书13.6万册,生均12.1册" is 生均图书."""

from __future__ import annotations

import re

from corpus.facts import labels, parts
from corpus.model import Fact
from corpus.units import dimension

_BARE = re.compile(
    r"(?:平均)?(?:生均|人均|师均|校均|班均|园均|户均|场均|幼均|镇均|每百名?(?:学生|幼儿|专任教师|教师|生)?(?:均)?(?:拥有|配备|有|达)?"
    r"|(?:平均)?每(?:所|个|名)?(?:班级?|校|园|学校|幼儿园|学生|生|幼儿|教师|人|集团)(?:拥有|配备|有)?)(?:约|达|为)?"
)


def bare(own: str) -> bool:
    """True if ``own`` says only over whom an average is taken."""
    return bool(_BARE.fullmatch(own))


def named(own: str, unit: str, host: Fact | None, titles: tuple[str, ...]) -> str:
    """Return the name of the average ``own`` of what ``host`` counts, "" if there is nothing to average."""
    if host is None or dimension(host.unit) != dimension(unit):
        return ""
    what = labels.catalogue_name(host.metric_id) if host.metric_id else parts.plain(host.label)
    what = what or parts.plain(host.metric)
    if labels.bare_stage(what) or not what:
        what = parts.plain(host.metric)
    if labels.bare_stage(what) or not what:
        what = title_noun(titles)
    if not what or len(what) > 24:
        return ""
    over = re.sub(r"(?:约|达|为)$", "", own)
    return f"{over}{what}"


def metric_of(name: str, unit: str) -> str | None:
    """Return the id of the average that ``name`` says, never that of the total inside of it."""
    metric_id = labels.metric_in(name, unit)
    return metric_id if metric_id and _OVER.search(labels.catalogue_name(metric_id)) else None


def title_noun(titles: tuple[str, ...]) -> str:
    """Return what the innermost heading names, if it is a noun ("3.体育、艺术专任教师"), else "".

    ``titles`` are innermost first.
    """
    name = labels.trim(titles[0]) if titles else ""
    name = re.sub(r"(?:情况|配备情况|现状|概况|方面|配置|配备|建设)$", "", name)
    if not 2 <= len(name) <= 16 or labels.is_elliptical(name) or not _NOUN_END.search(name):
        return ""
    return name


_OVER = re.compile(r"均|每")
_NOUN_END = re.compile(
    r"(?:教师|人员|教室|用房|面积|场馆|场地|图书|设备|器材|计算机|电脑|终端|经费|支出|投入|资金|学位|学生|幼儿|儿童|子女|床位|食堂|宿舍|厕所|实验室|功能室|仪器|校舍|编制|工资|补助|奖补|拨款|班额)$"
)
