"""What the words behind a number name, and how they join with the verb before it.

"核定72名公办幼儿园教师编制": the noun behind says what is counted, the verb before what was done with it. Words
behind that go on with the sentence ("48所全部开展课后服务") name nothing.
"""

from __future__ import annotations

import re

from corpus.facts import labels, parts
from corpus.units import dimension

_NO_NOUN = re.compile(
    r"^(?:增|减|下降|上升|提高|和$|及$|与$|以上|以下|左右|、|到|至|增至|提高到|的?(?:比例|比重|占比|份额|增幅|降幅)|实行|正在|相比|同比|环比"
    r"|全部|全都|均|都|已|其中|共|合计|没有|未|不|有(?!效|关|声)|被|由|将|须|需|用|在(?![职编岗校园册读籍])|对|为|是|占|持平|获|荣获|得到|实现|达到|符合)"
)
_REMAIN = re.compile(r"(?:还|仍|尚|另)[有剩余]?$")
_LEFT = re.compile(r"(?:未|没有|不能|无法|因)[^,。;、]{2,20}")
"""What those who remain have not done ("劝返921人,还有9人未回校")."""
_RATED = re.compile(
    r"(?P<noun>.{2,}?)(?:达标|合格|覆盖|参与|完成|优秀|通过|满意|入学|巩固|普及|就业|升学|上岗|持证|配备|建成|使用|利用|开出)(?:率|比例)(?:均|都)?(?:达到?|为)?"
)
"""The rate that the words behind a number lead to: it is that of the noun before it."""
_PREDICATE = re.compile(r"进行|参加|参与|享受|投入使用|开展|实施|完成|接受")
"""Words that go on with a sentence whose subject stands before the number."""
_ENDS = re.compile(
    r"(?:全部|全都|均|都|已经|已|逐一|正在|积极|自愿|仍|尚|未|没有|进行|开展|参加|参与|实施|完成|达到|达标|存在|出现|投入使用|投用|覆盖|荣获|获得|获评|获|享受"
    r"|补充到|配备到|分布|集中|因|由于|由|将|被|并|且|而|以|用于|对|按|从|在|向|是|为|占|(?<![使启投])用|予以|给予|实行|实现|保持|提前|如期|顺利|开始|开工|建成|竣工"
    r"|作息时间|不合|不足|超过|低于|高于|须|应当|需要|可以|能够|通过|经|按照|根据|提供|得到|受到|全程|同时|符合|如期|按期|按时)"
)
_TAIL = re.compile(r"(?:(?<![高初集])中|里|内|等|的|当中|之中)+$")
_VERBAL = re.compile(
    r"(?:核定|新增|新建|改扩建|改建|扩建|续建|招聘|招录|补充|培训|建成|完成|投入|投资|召开|开展|举办|印发|出动|查出|排查出?|排查|下发|批准|设立|批准设立"
    r"|配备|选派|引进|增加|减少|撤并|合并|资助|拥有|实施|打造|改造|更新|购置|移交|引导|遴选|评选|认定|命名|组建|分流|化解|消除|设有|设|有|(?<=[都均已])建|辖|整合|创建|创成|建设|建有"
    r"|安排|组织|抽查|抽取|抽调|聘任|聘请|聘用|选聘|调整|调配|交流|帮扶|慰问|走访|劝返|救助|奖励|表彰|处理|整改|清理|取缔|关停|关闭|查处|约谈|通报|发放|拨付|争取|新招"
    r"|成立|开设|开办|开放|开工|开工建设|规划|规划建设|计划|计划建设|回收|收回|收集|采购|添置|增设|增添|新添|增配|吸纳|接收|接纳|安置|确定|列入|纳入|覆盖|惠及|减免|办理|受理|签订|制定|出台|落实|研究|审议|评定|评出|获|获得|荣获|推进|推动|启动|申报|对.{0,20})$"
)
_ALONE = re.compile(
    r"(?:实际|就|仅|已|已经|共|又|再|累计|当年|全年|新|分别)*(?P<verb>新增|新建|改扩建|改建|扩建|招聘|补充|培训|建成|投入|投资|资助|发放|拨付|支出|安排|下达|注销|整改|查处|撤并|引进"
    r"|回收|收回|立行立改|限期整改|开工|竣工|完工|劝返|解决|办结|化解|移交|立改)"
)
_LEADS = re.compile(
    r"^(?P<lead>.{0,4}?(?:新改扩建|新建改扩建|改扩建|新增|新建|改建|扩建|招聘|补充|培训|引进|购置|配备|建成|改造|撤并|资助|召开|举办|开展|表彰|查处|排查|发放|评选|认定|添置|采购|更新|新招|增加|减少|发现|印发|下发))"
    r"(?!范围|期间|以来|工作|过程|情况|活动|目标|标准|任务|率|资金|经费|机构|费|面积|用地|规模)(?P<object>.{2,})$"
)


def lead_of(name: str) -> tuple[str, str]:
    """Return the verb that ``name`` begins with and its object ("新建小学" → 新建, 小学), both "" without one."""
    match = _LEADS.match(name)
    return (match["lead"], match["object"]) if match else ("", "")


_NEUTRAL = re.compile(r"(?:拥有|设有|建有|有|设|辖|对.{0,20})$")
_SPENT = re.compile(
    r"(?:总|共|累计)?(?:投资|投入|投入资金|安排资金|安排|拨付|拨付资金|筹资|耗资|斥资)(?:约|近)?"
)
_ADVERB = re.compile(
    r"(?:全面|全部|基本|统筹|稳步|有序|扎实|持续|大力|切实|圆满|顺利|如期|按期|积极|重点|集中|分批|及时|足额)+"
)
_A_HEAD = re.compile(r"(?:生均|人均|师均|每生每年|每人每年)$")
_LISTED = re.compile(r"等$")
_LEADING = re.compile(
    r"^(?:先后|累计|共|重点|计划|拟)?(?P<verb>批准设立|新建改扩建|新改扩建|改扩建|新建|改建|扩建|收购|撤并|合并|打造|建成|改造|实施|举办|开展|组织|命名|认定|获评|设立|成立)"
)
LONGEST = 40


def noun_after(after: str, unit: str, before: str) -> str:
    """Return the noun that the words after a number give it ("72名公办幼儿园教师编制").

    ``before`` are the words before the number: where they name something, a predicate behind adds nothing.
    """
    words = after.replace("\x00", "").strip(" 、")
    if not words:
        return ""
    if dimension(unit) == "person" and (reason := re.match(r"(?:因|由于)[^。;]{4,60}", words)):
        return reason.group().rstrip(",、")[:60]
    of = words.startswith("的")
    words = words.removeprefix("的").strip()
    told = labels.trim(before)
    spent = dimension(unit) == "money" and _SPENT.fullmatch(told) is not None
    if _REMAIN.search(before) and (left := _LEFT.match(words)):
        return left.group()
    if not words or (_NO_NOUN.match(words) and not (spent and words.startswith("对"))):
        return ""  # "投入资金96万元对两所小学实施改造": what the money was for tells it from other money
    if spent and words.startswith("用于"):
        return words[2:LONGEST]
    if rated := _RATED.fullmatch(words):
        return rated["noun"]  # 836个基层党组织达标率100%
    if not of and _acts(words) and before.rstrip(" \x00").endswith("的"):
        return ""
    if not of and dimension(unit) == "money" and not spent and _acts(words):
        return ""
    if _PREDICATE.match(words) and labels.trim(before):
        return ""
    return _AMONG.split(_JOINING.sub("", words[:LONGEST]))[0]


_ADVERBIAL = re.compile(r"(?:免费|统一|全部|定期|分别|共|已|为)*")
_BRACKET = re.compile(r" *\([^()。;\n]{1,80}\)(?P<noun>[\u4e00-\u9fff]{2,24})")


def adverbial(own: str) -> bool:
    """True if the words before a number say at most how something was done, not what is counted."""
    return bool(_ADVERBIAL.fullmatch(own))


def behind_bracket(folded: str, position: int, end: int) -> str:
    """Return the noun behind the bracket that follows a number ("全县44707名(小学34494名)学生"), "" if none does."""
    found = _BRACKET.match(folded, position, end)
    noun = shortened(found["noun"]) if found else ""
    return noun if parts.words().people.search(noun) and not _acts(noun) else ""


_AMONG = re.compile(r"(?<=[校学园师生童级班])中(?=有|没有|未|尚|已|仍)")
"""Behind this the words tell of a part ("62所中小学中有专职教师的仅27所")."""


_JOINING = re.compile(r"(?<=.{2})(?:[、和及与]|以及|并)+$")
"""What stands before the next number of the clause ("6所民办小学和67个教学点")."""


def shortened(noun: str) -> str:
    """Return ``noun`` without what the sentence goes on to say ("教职工进行岗位设置" → 教职工)."""
    end = _ENDS.search(noun, 2)
    words = noun[: end.start()] if end else noun
    return _TAIL.sub("", words.rstrip("、和及与 "))


def _acts(words: str) -> bool:
    """True if ``words`` begin with a verb, so that they say what the money does ("1000万元夯实基础")."""
    import rjieba

    tags: list[tuple[str, str]] = rjieba.tag(words[:12])
    return bool(tags) and tags[0][1] in ("v", "vd", "p", "d")


def bare_verb(name: str) -> str:
    """Return the verb if ``name`` is one alone, whatever adverb stands before it ("实际新增" → 新增), else ""."""
    match = _ALONE.fullmatch(name)
    return match["verb"] if match else ""


def verbal(name: str) -> bool:
    """True if ``name`` is a verb without its object ("新增", "批准设立")."""
    return bool(_VERBAL.search(name))


def joined(name: str, noun: str, before: str, unit: str) -> str:
    """Return the name that ``name`` before a number and ``noun`` behind it give together, "" if neither counts.

    ``before`` are the words before the number as they stand.
    """
    if not noun:
        return name
    short = shortened(noun)
    core = labels.trim(short if name or parts.words().heads.search(short) else noun) or noun
    words = before.rstrip(" \x00")
    if not name:
        return _TAIL.sub("", core) or core
    if dimension(unit) == "money" and _A_HEAD.search(name):
        return name + re.sub(r"(?:政策|标准)$", "", core)
    if dimension(unit) != "money" and labels.bare_stage(name):
        counted = parts.words().heads.search(core) or parts.words().people.search(core)
        return f"{name}{core}" if counted and name not in core else name
    if words.endswith("的") and dimension(unit) != "money":
        return f"{name}的{core}" if len(name) <= 16 else core
    if _LISTED.search(words) or ("、" in name and dimension(unit) in ("所", "个", "家", "项")):
        lead = _LEADING.match(name)
        return f"{lead['verb']}{core}" if lead else core
    if not name.strip("由对为把将被与给向在从于按以") or _ADVERB.fullmatch(name):
        return core
    verb = _VERBAL.search(name.removesuffix("资金") if dimension(unit) == "money" else name)
    if verb is None:
        whose = parts.words().kinds.fullmatch(name)
        return f"{name}{core}" if whose and dimension(unit) != "money" else name
    if dimension(unit) == "money":
        return f"{core}{verb.group()}" if verb.group() in ("投资", "投入", "拨付", "安排") else core
    if _NEUTRAL.fullmatch(verb.group()):
        return core
    return f"{verb.group()}{core}" if not core.startswith(verb.group()) else core
