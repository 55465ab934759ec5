"""The words by which Chinese reports say what a number is: a level, a base, a change, a share, a plan.

All patterns read folded text (corpus.folding). They are about the language of reports in general;
names of indicators, stages and units are data and live in YAML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.model import Kind, Role

UP = "增支|增收|增投|增拨|拉大|净增加|净增|增加|增长|提高|上升|提升|扩大|上涨|增|升|涨|高出|多出|高|多"
DOWN = "减支|减收|收窄|减少|压减|缩减|下降|降低|回落|缩小|下滑|减|降|低|少"
_SOFT = r"(?:了|约|近|将近|幅度?|幅度?约|幅度?为|幅度?达|率为|率达|率)?(?:了|约|近)?"

# A direction word right before the number: the number is the size of a change ...
_CHANGE = re.compile(
    rf"(?<!新)(?:年均|年平均|平均每年|每年|共|再|又|均|约)?(?:(?P<up>{UP})|(?P<down>{DOWN})){_SOFT} *$"
)
# ... unless "to" follows it: then the number is the new level.
_TO = re.compile(
    r"(?:增加|增长|提高|上升|提升|扩大|减少|压减|缩减|下降|降低|回落|回升|缩小|发展|调整|优化|改善|压缩|上调|下调|增|升|降|减)(?:到|至|为|达到?)了?(?:(?:19|20)\d\d(?:学年度?|年度?)?(?:\d{1,2}月)?(?:末|底)?的|(?:目前|现在|当前|如今|现有|今年|去年|上年|本年度?)的?)? *$|^ *(?:到|至|升至|降至|达到|达) *$"
)
_NET = re.compile(r"(?:^|[,;。、])(?:共|实际|累计)?(?P<net>净(?:(?P<up>增长?加?)|减少?))(?:了|约)? *$")
"""A balance of those who came and those who left; it is a change of neither."""
_RATE_NOUN = re.compile(
    r"(?:(?P<up>增长幅度|增长率|增长速度|增幅|增速|涨幅|提高幅度|增加率|提升率)|(?P<down>下降幅度|下降率|降幅|减幅|压减率|压减幅度|减少率|减少幅度|缩减率|降低率))(?:约|均|也)?(?:为|是|达到?|有)? *$"
)
_SHARE = re.compile(
    r"所占的?(?:比例|比重|份额|百分比)(?:约|仅)?(?:为|是|达到?)? *$|占比(?:例|重)?(?:约|仅)?(?:为|是|达到?|有)? *$|占(?P<whole>[^,;。]{1,60}?)的?(?:比例|比重|百分比|份额)?(?:约|仅|均|都)?(?:为|是|达到?)? *$|(?<!侵)占(?:约|到|了)? *$"
)
_PAST = r"(?:(?:19|20)\d\d(?:[—~～\-至](?:19|20)?\d\d)?(?:学年度?|年度?)?|上一?年度?|去年|前一年|上一?学年|上年同期|去年同期|前年|同期|上一?期)"
_BASE = re.compile(
    rf"(?:比|较|由|从|自|与|同|跟|对比|相比于?|高于|低于|优于|好于|多于|少于|超过){_PAST}(?:年|度|末|底|初|同期|全年|年末|年底|年初)*(?P<noun>[^,;。比较由从增减升降提]{{0,24}})(?<![多少高低涨])(?<![多少高低涨]了)(?<![多高低超]出)(?<!缩小|扩大|回落|下滑|收窄|拉大)(?<!缩小了|扩大了|回落了|下滑了|收窄了|拉大了)$"
)
_MOVED = re.compile(
    rf"(?:比|较|同比){_PAST}?(?:年|度|末|底|初|同期)*(?:(?P<up>多)|(?P<down>少))(?P<verb>招收?|收|毕业|投入?|支出|拨付|安排|补充|招聘|培训|资助|新增|完成|开|入园|入学|转入|转出|发放|建|配备)了? *$"
)
"""More or less done than before ("比上年少招3180人")."""
_FROM = re.compile(
    r"(?:由|从)(?:(?:原来|原先|过去|此前|以前|年初|期初|当初|反馈时|(?:整改|创建|改造|督导|调整)前|创建之初|创建初期"
    r"|[“\"]?十[一二三四]五[”\"]?(?:规划)?(?:期初|初期|初|期末|末期|末)|[两三四五六]年前)的?)?"
    r"(?:每生每年|每人每年|每生每学期|每人每月|每人每天|每生每天|每班每年|每年|每月|每生|每人)? *$"
)
_AT = re.compile(rf"在{_PAST}(?:年|度|末|底|初|同期)*的?$")
_FOOTING = re.compile(r"^的?基础上,?(?:又|再|还)?")
_ONWARD = re.compile(
    r"^[^,;。0-9]{0,12}?(?:到|至|增|降|升|提|减|扩|优化|缩|发展|调整|上调|下调|改为|变为|回|涨)"
)
"""What follows a starting value: without it 由 says who acts ("由18所学校承担")."""
_ON_TOP = re.compile(r"(?:基础|基数)(?:上|之上),?(?:又|再)?新增(?:了|约)* *$")
_EARLIER = re.compile(
    r"(?:^|[,;。(])(?:而|同比)?(?P<when>上一?年度?|去年|上一?学年|上年同期|去年同期|前年)(?:同期)?(?:的|为|是|有)? *$"
)

_COMPARE = re.compile(
    rf"(?:(?:同口径)?(?:同比|环比|(?<![占师生幼对配])比|(?<=校生)比|(?<=学生)比|较|与|跟|相比)(?:于)?{_PAST}?(?:年|度|末|底|初|同期|全年|相比)*(?:的)?|同比|实际|名义|同口径|平均)+ *$"
)

_PLAN = re.compile(
    r"(?<!特岗)(?<!国培)(?<!按)(?<!按照)(?<!按原)(?<!行动)(?<!培养)(?<!工作)(?<!教学)(?<!培训)(?<!提升)(?<!支持)(?<!振兴)(?<!攻坚)(?<!完成)(?<!改善)(?<!资助)(?<!助学)(?<!倍增)(?<!招生)(?<!培育)计划(?!(?<=[^县市区省校年月初内底局们委厅还共将度步期,;。:、( \x00]计划)(?:资助|补助|奖))(?!生育|经济|完成率|单列|惠及|覆盖|的\d|等|的?项目|的?工程)|"
    r"规划(?!布局|建设|面积|用地|总?占地|的|确定)|拟(?!定|订)|预计(?![^,。;]*(?:缺|差))|即将|将(?:于|要|达|新|完成|增|投|新建|建成|采取|补充|招聘|继续|着重|重点|加快|启动|推进|实施|全面|进一步)|明年|下一步|下年|今后|(?:^|[,;。:])建议(?![^,;。]{0,8}条)"
)
_TARGET = re.compile(
    r"目标|力争|争取(?:在|到|达|于|实现|使)|预期|要达到|确保(?:达|实现|在|到)|努力(?:达|实现|使)|到20\d\d年(?:底|末)?,?(?:[^,。;]{0,20})?(?:达到|实现|提高到|力争)"
)
_POLICY = re.compile(
    r"按照?[^,;。]*(?:标准|要求|规定|比例|不低于|不少于)|(?<!被)要求(?!购|缴)|规定|标准班|应当?(?!急|届)|必须|不得|须|(?:基准)?定额|国家标准|省定标准|评估标准|达标线|底线|红线|标准为|标准是|标准:"
)
_NEEDED = re.compile(r"(?<![所急尚还仍亟])需(?=配备|达到?|满足|设|具备|不低|不少)")
_BOUND = re.compile(r"不低于|不少于|不高于|不超过|不得低于|不得少于|不得超过|至少|以上标准")
_MEASURED = re.compile(r"缺口?|短缺|不足|超出|差额|空编|缺编")
_DONE = re.compile(r"已(?!经?形成)|完成了|目前|现有|截至|实有|累计|实现了|实际(?!需)")
_BESIDE_GOAL = re.compile(
    r"(?:超出|超过|超额|超|高于|低于|距离?|完成)(?:了)?(?:年度|规划|省定|既定|预期|计划|全年|总)*(?:目标|计划|任务|规划)(?:任务|数|值|的)*(?:率)?(?:为|达|达到)?$|^(?:为|占|达到?|相当于)(?:了)?(?:年度|全年|年初|既定|总)*(?:计划|目标|任务)(?:任务|数|总数|总额)?的?$|^完成率(?:为|达|达到)?$"
)
"""A number that says how far a goal was reached, or by how much it was passed, is a result."""
_HEAD_PLAN = re.compile(
    r"打算|下一?步|下一?阶段|工作计划|工作安排|工作思路|努力方向|(?:改进|整改|下步|今后)的?(?:措施|举措|方向|目标|工作)|整改目标|主要目标"
    r"|工作目标|目标任务|发展目标|今后"
)
_PROBLEMS = re.compile(r"问题|困难|不足|短板|成效|做法|完成情况|落实情况|现状")
_JOINT = re.compile(
    r"(?:问题|困难|不足|短板|成效|成绩|现状|基础|概况|情况|回顾)[^,;。]{0,6}(?:[、和与及暨]|以及)[^,;。]{0,10}"
    r"(?:打算|目标|计划|思路|任务|展望|安排|下一?步|要求)"
)
"""A heading over what is and over what is to be: only the sentences tell which."""
_HEAD_TARGET = re.compile(
    r"(?:标准|目标|任务|要求)(?:如下|包括|为)?[:。 ]*$|指标和标准|以下(?:指标|标准|目标)|标准:"
)


_STANDARD_AFTER = re.compile(
    r"^ *(?:以上|以下|以内)?的?(?:国家|省定|省级|省|市|规定|评估|国定|法定|最低|基本|验收|认定|达标|督导|优质均衡|普及普惠)*"
    r"(?:标准|要求|规定|底线|指标要求|门槛|红线|限值)"
)
_STANDARD_BEFORE = re.compile(
    r"^(?:国家|省定|省级|国定|评估|规定|相应|最低|验收|认定|市定|省|市|部颁)*(?:标准|要求|底线|限值|规定)(?:值|要求)?(?:均|都|分别|依次)?(?:为|是|:)*$"
    r"|^(?:比|较|与|距离?|离|对照|相比|均|都|仍|也|高于|低于|优于|超过|达到|未达到?)+(?:了)?(?:国家|省定|省级|国定|省|市|部颁|评估|规定|相应|最低)+"
    r"(?:标准|要求|底线|规定)?(?:值)?的?$"
)
_GOAL_AFTER = re.compile(r"^ *的?(?:[^,;。0-9]{0,8})?(?:目标|标准|要求|规定|底线)")
_GOAL_BEFORE = re.compile(
    r"^(?:且|并|但|仍|还)?(?:比|较|与|距离?|离|对照)(?:国家|省定|省级|市定|省|市|既定|规划|预期|原定)*$"
)
_MET = re.compile(r"^ *[,,](?:均|都|已|全部)*(?:达标|达到(?:了)?(?:国家|省|评估)?(?:标准|要求|规定)|符合)")
_WHOSE = re.compile(r"国家|省定|省级|国定|市定|部颁|全国|评估")
_DOUBLED = re.compile(r"(?:几乎|近|整整|约|将近)*翻了?近?$")
_DOUBLED_FROM = re.compile(r"(?:与|同|比|较)[^,;。]{2,10}相?比(?:较)?,?$")
_RULE_AFTER = re.compile(
    r"^的?(?:(?:财政|生活|经费|公用经费|营养膳食|定额)*(?:补助|补贴|奖补|资助|拨款))?(?:标准|政策)"
)
_EACH = re.compile(r"每(?:人|名|周|月|学期|学年|年|天|日|校|班|所|生|个|位|两周|半年|季度|次)|各校|学校应")
_BEYOND = re.compile(r"高于|低于|超过|超出|优于|不少于|不超过|达到|大于|小于|多于|少于|≥|≤")
_BARE = re.compile(
    r"[ \x00,、“”\"]|一般|均|都|全部|要求|规定|应当?|须|必须|达到了?|做到了?|保持在?|控制在?|首次|已经?|分别|依次|且|但|也|仍|远|大幅|明显"
)
_WAY = re.compile(r"(?:仍|还|均)?(?:(?P<up>高出?|多出?|超出)|(?P<down>低|少))了?")
_MORE_THAN = re.compile(
    r"(?:比|较)(?P<than>[^,;。\d]{2,24}?)(?:(?P<up>高出?|多出?|超出)|(?P<down>低|少))了? *$"
)
_THAN = re.compile(r"(?:(?P<up>高于|高出|超过|超出|优于|多于)|(?P<down>低于|少于))(?P<than>[^,;。\d]{2,24})$")

_FASTER = re.compile(
    r"(?:增长|增幅|增速|增长率|增长幅度)(?P<way>(?P<up>高于|高出|快于|大于|超过|超出)|(?P<down>低于|慢于|小于))(?P<than>[^,;。\d]{2,24})$"
)
"""By how much one rate of growth is ahead of another ("教育支出增长高于财政经常性收入13.04%")."""
_THAN_LEVEL = re.compile(
    r"(?:(?P<up>高于|高出|超过|超出|多于)|(?P<down>低于|少于))(?P<than>[^,;。\d]{2,20}?(?:平均|平均水平|平均值|标准))(?:约)?$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What ``before`` says of the number after it; ``own`` is what remains of it as a label."""

    role: Role
    own: str
    direction: str | None = None
    whole: str | None = None
    earlier: bool = False
    link: str = "占"
    """The verb between a part and its ``whole``."""
    than: str | None = None
    """What the number is compared with, if that is no earlier time (国家标准, 全省平均水平)."""


_SPACED = re.compile(r"(?<=[\u4e00-\u9fff\d,]) +(?=[\u4e00-\u9fff\d])")
"""Blanks within the running text of a badly set page ("比 2019 年的")."""


def classify(before: str, unit: str, after: str | None = None, net: bool = False) -> Reading:
    """Say what role a number of ``unit`` has after the folded words ``before`` of its clause.

    ``after`` are the words behind it up to the next number, where they are known; ``net``: those who came
    and those who left were told before, so that 净增 is their balance.
    """
    before = _SPACED.sub("", before)
    points = unit in ("百分点", "千分点")
    if unit == "番":
        return Reading("rate", _COMPARE.sub("", re.sub(r"[翻番了 ]+$", "", before)), "up")
    if unit == "倍" and (match := _DOUBLED.search(before)):
        return Reading("rate", _COMPARE.sub("", _DOUBLED_FROM.sub("", before[: match.start()])), "up")
    if net and (match := _NET.search(before)):
        return Reading("change", match["net"], "up" if match["up"] else "down")
    if points and (match := _THAN.search(before)):
        return Reading("change", before[: match.start()], _way(match), than=match["than"])
    if unit == "%" and (match := _FASTER.search(before)):
        return Reading("change", before[: match.start("way")], _way(match), than=match["than"])
    if match := _RATE_NOUN.search(before):
        return Reading("rate", _COMPARE.sub("", before[: match.start()]), _way(match))
    if match := _TO.search(before):
        return Reading("level", _COMPARE.sub("", before[: match.start()]))
    if match := _MOVED.search(before):
        role: Role = "rate" if unit in ("%", "‰", "倍", "成") else "change"
        return Reading(role, _COMPARE.sub("", before[: match.start()]), _way(match))
    if match := _BASE.search(before):
        return Reading("base", before[: match.start()])
    if after is not None and (match := _AT.search(before)) and after.startswith(("的基础上", "基础上")):
        return Reading("base", before[: match.start()])
    if (match := _FROM.search(before)) and (
        after is None or not after.strip(" ,;。") or _ONWARD.match(after)
    ):
        return Reading("base", before[: match.start()])
    if match := _ON_TOP.search(before):
        return Reading("rate" if unit in ("%", "‰") else "change", "", "up")
    if match := _CHANGE.search(before):
        own = _FOOTING.sub("", _COMPARE.sub("", before[: match.start()]))
        word = match.group("up") or match.group("down")
        loose = word in ("多", "少", "高", "低", "高出", "多出")
        if not loose or _COMPARE.search(before[: match.start()]):
            role = "rate" if unit in ("%", "‰", "倍", "番", "成") else "change"
            return Reading(role, own, _way(match))
    if points and (match := _WAY.fullmatch(before.strip(" \x00"))):
        return Reading("change", "", _way(match))  # 比上年的94.1%高1.2个百分点
    if points:
        return Reading("change", "", than=before.strip(" \x00的") or None)
    if unit in ("%", "‰", "成") and (match := _SHARE.search(before)):
        return Reading(
            "share", before[: match.start()], whole=(match.groupdict().get("whole") or "").strip() or None
        )
    if unit not in ("%", "‰") and (match := _THAN_LEVEL.search(before)):
        return Reading("change", before[: match.start()], _way(match), than=match["than"])
    if match := _MORE_THAN.search(before):
        role = "rate" if unit in ("%", "‰", "倍") else "change"
        return Reading(role, before[: match.start()], _way(match), than=match["than"])
    if match := _EARLIER.search(before):
        return Reading("level", before[: match.start("when")], earlier=True)
    return Reading("level", before)


def _way(match: re.Match[str]) -> str:
    return "up" if match.group("up") else "down"


def bounds(before: str, after: str, qualifier: str | None) -> bool:
    """True if the number is a bound that a figure told before is held against ("高于85%的国家标准")."""
    beyond = bool(_BEYOND.search(qualifier or "")) or bool(_BEYOND.search(before[-4:]))
    if beyond and _STANDARD_AFTER.match(after):
        return not _BARE.sub("", _WHOSE.sub("", _BEYOND.sub("", before)))
    own = _BARE.sub("", before)
    plain = before.strip(" \x00,、")
    if _STANDARD_BEFORE.match(own) or _STANDARD_BEFORE.match(plain):
        return True
    if _GOAL_BEFORE.match(plain) and _GOAL_AFTER.match(after):
        return True
    if not own and _BEYOND.search(qualifier or "") and (_MET.match(after) or plain.endswith(("均", "都"))):
        return True  # "89.08%,高于80%,达标", "分别为0.11和0.09,均低于0.15"
    return not own and held_to(qualifier)


def held_to(qualifier: str | None) -> bool:
    """True if the qualifier bounds a number from below or above (不低于, 不超过)."""
    return bool(_BOUND.search(qualifier or ""))


_DEMANDED = re.compile(
    r"^(?:均|都|已|全部)*(?:达到|符合|低于|高于|优于|超过|满足)了?(?:国家|省定|省级|省|市|规定|评估|标准|要求)+的"
)


def without_demand(own: str) -> str:
    """Return ``own`` without the words that say whose rule follows ("均达到国家规定的小学" → 小学)."""
    return _DEMANDED.sub("", own)


_DEPENDENT = re.compile(
    r"^(?:按[^,;]{0,10})?(?:尚|还|共)?(?:缺|缺少|差)$|^(?:总数|总量|总额|合计|人数|数量|金额|规模)$|^平均$|^人均$"
)


def leans_back(own: str) -> bool:
    """True if ``own`` only makes sense with the clause before it ("使用率偏低,平均不到60%")."""
    return bool(_DEPENDENT.match(own))


def beyond(before: str, qualifier: str | None) -> str | None:
    """Return "up" or "down" where the words say that a figure lies above or below the bound."""
    words = f"{before[-4:]}{qualifier or ''}"
    if re.search(r"低于|少于|未达|不到", words) and not re.search(r"不低于|不少于|高于|超过", words):
        return "down"
    return "up" if re.search(r"高于|超过|超出|优于|多于", words) else None


def kind_of(clause: str, before: str, after: str, qualifier: str | None, headings: list[str]) -> Kind:
    """Say whether a number is a result, a plan, a target or a rule.

    ``clause`` is all of its clause up to the number, ``before`` only what follows the last other number.
    """
    if _BESIDE_GOAL.search(before.strip(" \x00")):
        return "actual"
    if _TARGET.search(clause) or re.search(r"目标|预期", after) or "目标" in (qualifier or ""):
        return "target"
    if _PLAN.search(clause):
        return "plan"
    bound = bool(_BOUND.search(qualifier or "")) or bool(_BOUND.search(before[-6:]))
    if _POLICY.search(before) and not _MEASURED.search(before):
        if bound or re.search(r"标准|定额|拨付|安排|核定|提取|计提|(?<!被)要求", before + after):
            return "policy"
    if re.search("[≤≥]", qualifier or "") or (
        _NEEDED.search(before) and ("以上" in (qualifier or "") or bound)
    ):
        return "policy"
    if bound and _EACH.search(before) and not _DONE.search(clause):
        return "policy"
    if _STANDARD_AFTER.match(after) and (bound or _BEYOND.search(qualifier or "")):
        return "policy"
    if re.search(r"(?:标准班|标准)$", before.rstrip()) or _RULE_AFTER.match(after):
        return "policy"
    if sets_out(clause, headings):
        return "target"
    headings = [heading for heading in headings if not _JOINT.search(heading)]
    if said := next((found for heading in headings if (found := _HEAD_TARGET.search(heading))), None):
        ruled = bound or ("标准" in said.group() and "目标" not in said.group())
        return "policy" if ruled else "target"
    if not _DONE.search(clause):
        if any(_HEAD_PLAN.search(h) and not _PROBLEMS.search(h) for h in headings[:-1]):
            return "plan"
        if headings and _HEAD_PLAN.search(headings[-1]):
            return "plan"
    return "actual"


def sets_out(clause: str, headings: list[str]) -> bool:
    """True if a clause under a heading over what is and what is to be says by when it is to be."""
    ahead = re.search(r"到20\d\d年", clause) is not None and not _DONE.search(clause)
    return ahead and any(_JOINT.search(heading) for heading in headings)


_RATIO_TAIL = re.compile(r"^ *的?(?:比例|比重|百分比|占比)(?:约|仅)?(?:为|是|达到?)? *$|^ *的 *$")


def splits_share(before: str, wide: str) -> bool:
    """True if the words go on a share that another number interrupts ("占…支出100万元的比例15%")."""
    return "占" in wide and bool(_RATIO_TAIL.match(before))


def tails_share(before: str) -> bool:
    """True if the words only say that a share follows, of what stands before another number ("满360学时的比例为")."""
    return bool(_RATIO_TAIL.match(before)) and bool(re.search(r"比例|比重|占比|百分比", before))


def goes_on(clause: str) -> bool:
    """True if a clause after a plan or target says nothing of a result, so that it goes on with it."""
    return not _DONE.search(clause) and not _MEASURED.search(clause)
