"""Rates that say only what kind of rate they are (参与率, 上线率): of what, the sentence said before them."""

from __future__ import annotations

import re

from corpus.facts import labels, nouns
from corpus.facts.parts import plain
from corpus.model import Fact
from corpus.units import dimension

_STEM = re.compile(r"(?:实际|总体|平均)?(?P<stem>[\u4e00-\u9fff]{2})率")
_PLAIN = re.compile(
    r"(?:覆盖|参与|参加|配备|上线|达标|合格|优良|优秀|完成|开工|竣工|完工|整改|办结|压减|到位|使用|就业|升学|录取|报到|安装|配置|达成|执行)"
)
_OFFERED = re.compile(
    r"(?:开展|实施|推行|提供|开设|开放|举办)了?(?P<what>[\u4e00-\u9fff“”]{3,12}?)(?=[,;。:(]|$)"
)
_JOINING = re.compile(
    r"(?:参与|参加|受益|惠及)(?:的)?(?:学生|教师|人数|幼儿|家长|老师|学校)?(?:数|人数)?|(?:覆盖|参与|参加)率"
)
"""Counts and rates of those who have a part in what schools offer."""


def specified(core: str, unit: str, said: str, levels: tuple[Fact, ...]) -> str:
    """Return the full name of the rate or count ``core``, "" where the sentence does not say of what it is.

    ``said`` are the words of the sentence before the number, ``levels`` those that it told before.
    """
    if _JOINING.fullmatch(core) and (offered := list(_OFFERED.finditer(said))):
        what = offered[-1]["what"].strip("“”")
        return f"{core[:2]}{what}{core[2:]}" if not core.endswith("率") else f"{what}{core}"
    match = _STEM.fullmatch(core) if unit == "%" else None
    if match is None or not _PLAIN.fullmatch(match["stem"]):
        return ""
    stem = match["stem"]
    for fact in reversed(levels[-4:]):
        told = labels.trim(fact.label.partition(" ")[0] or fact.label) or labels.trim(fact.metric)
        if stem in told:
            return f"{told[: told.rindex(stem)]}{core}"
    last = levels[-1] if levels else None
    if last is None or dimension(last.unit) in ("percent", "money", "percent_point") or len(last.metric) > 24:
        return ""
    name = plain(last.metric)
    _, what = nouns.lead_of(name)
    return f"{what or name}{core}" if len(name) >= 2 else ""
