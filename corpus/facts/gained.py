"""Parts of what was gained, chosen or lost: they are no count of all that there are.

"补充教师173名,其中音体美教师52名": the 52 are those that came, not those that the schools have.
"""

from __future__ import annotations

import re

from corpus.catalogue import indicators, indicators_in
from corpus.facts import labels, parts
from corpus.model import Fact
from corpus.units import dimension

_VERB = re.compile(
    r"^(?:(?:通过|采取|采用)[^,;。]{0,40}?(?:方式|途径|渠道|办法|措施))?(?:实际|共|已|随机|累计|先后|全年|公开|面向社会)*"
    r"(?P<verb>新?(?:抽查|抽取|抽检|检查|督查|走访|补充|新增|招聘|招录|引进|交流轮岗|轮岗交流|交流|轮岗|培训|选派|退休|调出|调入|流失|新建改扩建|新改扩建|新建|改扩建|改建|扩建|撤并|资助|劝返|表彰|认定|整改))"
    r"(?!率|费|经费|资金|制度|比例)"
)
_COUNTED = ("所", "个", "家", "person", "person_time")


def verb_of(fact: Fact | None) -> str:
    """Return the verb by which ``fact`` tells what was gained or chosen, "" if it counts what there is."""
    if fact is None or dimension(fact.unit) not in _COUNTED:
        return ""
    match = _VERB.match(labels.trim(fact.metric)) or _VERB.match(labels.trim(fact.label))
    return match["verb"] if match else ""


def part_of(core: str, unit: str, parents: tuple[Fact, ...]) -> tuple[str, str | None] | None:
    """Return (name, id of its indicator) of the part ``core`` of what was gained, None where it is no such part."""
    if not core or dimension(unit) not in _COUNTED or _VERB.match(core) or len(core) > 16:
        return None
    for parent in parents:
        if parts.words().kinds.fullmatch(core) or parts.composed(core, unit, parent, None):
            return None
        if not (verb := verb_of(parent)) or verb in core:
            continue
        if dimension(parent.unit).startswith("person") != dimension(unit).startswith("person"):
            continue
        name = f"{verb}{core}"
        wanted = dimension(unit)
        found = [
            n for n in indicators_in(name) if not n.start and dimension(indicators()[n.id].unit) == wanted
        ]
        return name, found[0].id if found else None
    return None
