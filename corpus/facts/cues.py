"""The words by which Chinese reports say what a number is: a level, a base, a change, a share, a plan.

All patterns read folded text (corpus.folding). They are about the language of reports in general;
names of indicators, stages and units are data and live in YAML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.model import Kind, Role

UP = "净增加|增加|增长|提高|上升|提升|扩大|上涨|增|升|涨|高出|高|多"
DOWN = "减少|下降|降低|回落|缩小|下滑|减|降|低|少"
_SOFT = r"(?:了|约|近|将近|幅度?|幅度?约|幅度?为|幅度?达|率为|率达|率)?"

# A direction word right before the number: the number is the size of a change ...
_CHANGE = re.compile(rf"(?<!新)(?:(?P<up>{UP})|(?P<down>{DOWN})){_SOFT} *$")
# ... unless "to" follows it: then the number is the new level.
_TO = re.compile(
    r"(?:增加|增长|提高|上升|提升|扩大|减少|下降|降低|回落|缩小|发展|调整|上调|下调|增|升|降|减)(?:到|至|为|达到?)了? *$|^ *(?:到|至|升至|降至|达到|达) *$"
)
_RATE_NOUN = re.compile(
    r"(?:(?P<up>增长幅度|增长率|增长速度|增幅|增速|涨幅|提高幅度)|(?P<down>下降幅度|降幅|减幅))(?:约|均|也)?(?:为|是|达到?|有)? *$"
)
_SHARE = re.compile(
    r"占比(?:例|重)?(?:约|仅)?(?:为|是|达到?|有)? *$|占(?P<whole>[^,;。]{1,60}?)的?(?:比例|比重|百分比|份额)?(?:约|仅)?(?:为|是|达到?)? *$|(?<!侵)占(?:约|到|了)? *$"
)
_PAST = r"(?:(?:19|20)\d\d(?:[—~～\-至](?:19|20)?\d\d)?(?:学年度?|年度?)?|上一?年度?|去年|前一年|上一?学年|上年同期|去年同期|前年|同期|上一?期)"
_BASE = re.compile(
    rf"(?:比|较|由|从|自|对比|相比于?){_PAST}(?:年|度|末|底|初|同期|全年|年末|年底|年初)*(?P<noun>[^,;。比较由从增减升降提]{{0,24}})$"
)
_FROM = re.compile(r"(?:由|从)(?:原来的?|原先的?|过去的?|此前的?|以前的?)? *$")
_EARLIER = re.compile(
    r"(?:^|[,;。(])(?:而|同比)?(?P<when>上一?年度?|去年|上一?学年|上年同期|去年同期|前年)(?:同期)?(?:的|为|是|有)? *$"
)

_COMPARE = re.compile(
    rf"(?:(?:同口径)?(?:同比|环比|比|较|与|跟|相比)(?:于)?{_PAST}?(?:年|度|末|底|初|同期|全年|相比)*(?:的)?|同比|实际|名义|同口径|平均)+ *$"
)

_PLAN = re.compile(
    r"计划(?!生育|经济)|规划(?!布局|建设|面积|用地)|拟(?!定|订)|预计|即将|将(?:于|要|达|新|完成|增|投|新建|建成|采取|补充|招聘|继续)|明年|下一步|下年|今后"
)
_TARGET = re.compile(
    r"目标|力争|争取(?:在|到|达|于|实现|使)|预期|要达到|确保(?:达|实现|在|到)|努力(?:达|实现|使)|到20\d\d年(?:底|末)?,?(?:[^,。;]{0,20})?(?:达到|实现|提高到|力争)"
)
_POLICY = re.compile(
    r"按照?[^,;。]*(?:标准|要求|规定|比例|不低于|不少于)|要求|规定|标准班|应当?(?!急|届)|必须|不得|须|国家标准|省定标准|评估标准|达标线|底线|红线|标准为|标准是|标准:"
)
_BOUND = re.compile(r"不低于|不少于|不高于|不超过|不得低于|不得少于|不得超过|至少|以上标准")
_HEAD_TARGET = re.compile(
    r"(?:标准|目标|任务|要求)(?:如下|包括|为)?[:。 ]*$|指标和标准|以下(?:指标|标准|目标)|标准:"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What ``before`` says of the number after it; ``own`` is what remains of it as a label."""

    role: Role
    own: str
    direction: str | None = None
    whole: str | None = None
    earlier: bool = False


def classify(before: str, unit: str) -> Reading:
    """Say what role a number of ``unit`` has after the folded words ``before`` of its clause."""
    if match := _RATE_NOUN.search(before):
        return Reading("rate", _COMPARE.sub("", before[: match.start()]), _way(match))
    if match := _TO.search(before):
        return Reading("level", _COMPARE.sub("", before[: match.start()]))
    if match := _BASE.search(before):
        return Reading("base", before[: match.start()], whole=None)
    if match := _FROM.search(before):
        return Reading("base", before[: match.start()])
    if match := _CHANGE.search(before):
        own = _COMPARE.sub("", before[: match.start()])
        word = match.group("up") or match.group("down")
        loose = word in ("多", "少", "高", "低", "高出")
        if not loose or _COMPARE.search(before[: match.start()]):
            role: Role = "rate" if unit in ("%", "‰", "倍", "番") else "change"
            return Reading(role, own, _way(match))
    if unit in ("%", "‰", "成") and (match := _SHARE.search(before)):
        return Reading(
            "share", before[: match.start()], whole=(match.groupdict().get("whole") or "").strip() or None
        )
    if match := _EARLIER.search(before):
        return Reading("level", before[: match.start("when")], earlier=True)
    return Reading("level", before)


def _way(match: re.Match[str]) -> str:
    return "up" if match.group("up") else "down"


def kind_of(clause: str, before: str, after: str, qualifier: str | None, headings: list[str]) -> Kind:
    """Say whether a number is a result, a plan, a target or a rule.

    ``clause`` is all of its clause up to the number, ``before`` only what follows the last other number.
    """
    if _TARGET.search(clause) or re.search(r"目标|预期", after):
        return "target"
    if _PLAN.search(clause):
        return "plan"
    bound = bool(_BOUND.search(qualifier or "")) or bool(_BOUND.search(before[-6:]))
    if _POLICY.search(before) and (bound or re.search(r"标准|拨付|安排|核定|提取|计提|要求", before + after)):
        return "policy"
    if re.search(r"(?:标准班|标准)$", before.rstrip()) or re.match(r"^的?标准", after):
        return "policy"
    if any(_HEAD_TARGET.search(heading) for heading in headings):
        return "policy" if bound else "target"
    return "actual"


_RATIO_TAIL = re.compile(r"^ *的?(?:比例|比重|百分比|占比)(?:约|仅)?(?:为|是|达到?)? *$")


def splits_share(before: str) -> bool:
    """True if the words go on a share that another number interrupts ("占…支出100万元的比例15%")."""
    return bool(_RATIO_TAIL.match(before))
