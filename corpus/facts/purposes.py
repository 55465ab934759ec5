"""What money was for, which works were begun and what counted schools have done, told behind the number.

"投入资金1530万元,改造中小学危房", "推进校园足球场地建设项目,已开工57个", "251所学校实现了班班通": without the words
around them the money is that of everything, the works are any, and the schools are all there are.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.catalogue import stages_in
from corpus.facts import labels
from corpus.model import Fact
from corpus.units import dimension

_ANY_MONEY = re.compile(
    r"(?:共|总|累计|共计|先后|已|又|再|筹集|筹措|争取|安排|落实|拨付|投入|投资|下达|自筹|中央|省级?|市级?|县级?|区级?|上级|各级|各类|专项|财政|资金|经费|和|及|与|、)+"
)
_DOES = "新建|改建|改扩建|新改扩建|新建改扩建|扩建|推进|实施|完成|购置|建设|改造|维修|修缮|配备|采购|添置|更新|建成|支持|增设"
_USE = re.compile(
    rf"(?:左右|以上)?(?:,?(?:主要|全部|重点)?用于(?P<used>[^,;。\d(]{{3,30}})|,(?:先后|重点|全面|用来)?(?P<did>(?:{_DOES})了?[^,;。\d(:]{{3,30}}))"
)
_BROKEN = re.compile(r"(?:的|等|和|及|与|、|了|共|约|近|计)+$")
_WORKS = re.compile(
    r"(?:目前|现|均|全部|已|已经|其中|有|还有|尚有|正在|实际)*(?P<state>开工|竣工|完工|建成|在建|投用|投入使用|完成)(?:建设)?了?(?P<rate>率)?"
)
_PROJECT = re.compile(
    r"(?:^|[,;:。])(?:积极|大力|全面|扎实|稳步|加快|深入|持续|着力|继续)*(?:推进|实施|开展|启动|规划)?(?P<name>[^,;。:\d]{3,30}?(?:项目|工程|建设))(?:建设)?$"
)
_BACK = 3
_VERBS = (
    "实现|建成|完成|通过|达到|荣获|获得|获评|获|被评|被认定|被命名|入选|创建|创成|成为|开展|接入|安装|配备|开设|参与|参加"
    "|享受|接受|纳入|实行|实施|推行|取得|持有|引入|存在|没有|未|缺"
)
_PREDICATE = re.compile(
    rf"(?:均|都|已经|已|率先|成功|先后|顺利|同步)*(?P<did>(?:{_VERBS})[^,;。、\d(:]{{2,24}})"
)
_COUNTED = re.compile(r"学校|中小学|小学|初中|高中|幼儿园|乡镇|教学点|教师|学生|班级|县区?|村")


def tell_purposes(facts: list[Fact], masked: str) -> list[Fact]:
    """Return the ``facts`` of one sentence with names that say what their money, works and schools are."""
    return [_told(fact, masked) for fact in facts]


def _told(fact: Fact, masked: str) -> Fact:
    if fact.metric_id is not None or fact.role not in ("level", "share"):
        return fact
    name = labels.trim(fact.metric)
    if dimension(fact.unit) == "money" and _ANY_MONEY.fullmatch(name):
        return _spent(fact, name, masked)
    if (works := _WORKS.fullmatch(name)) and (works["rate"] or fact.unit in ("个", "项", "所")):
        return _built(fact, works, masked)
    if _COUNTED.fullmatch(name) and masked[fact.end : fact.end + len(name)] == name:
        did = _PREDICATE.match(masked, fact.end + len(name))
        if did and "\x00" not in did["did"]:
            words = _BROKEN.sub("", re.sub(rf"^({_VERBS})了", r"\1", did["did"]))
            return replace(fact, metric=f"{words}{name}")
    return fact


def _spent(fact: Fact, name: str, masked: str) -> Fact:
    """Return money without a purpose in its name by what the words behind it say it was for."""
    use = _USE.match(masked, fact.end)
    if use is None:
        return fact
    words = _BROKEN.sub("", use["used"] or use["did"]).replace("\x00", "").strip()
    if len(words) < 4:
        return fact
    found = labels.stage_in(words)
    found = None if len({named.id for named in stages_in(words)}) > 1 else found
    stage, subject = found or (fact.stage, fact.subject)
    return replace(fact, metric=f"{words}{name}", stage=stage, subject=subject)


def _built(fact: Fact, works: re.Match[str], masked: str) -> Fact:
    """Return works that only say how far they are by the name of the project told before them."""
    begin = max(masked.rfind(mark, fact.sentence[0], fact.start) for mark in ";。\n") + 1
    pieces = masked[max(begin, fact.sentence[0]) : fact.start].split(",")[:-1]
    for piece in reversed(pieces[-_BACK:]):
        if project := _PROJECT.search(piece):
            state = f"{works['state']}{works['rate'] or ''}"
            return replace(fact, metric=f"{project['name']}{state}")
    return fact
