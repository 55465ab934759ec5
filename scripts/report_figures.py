"""What the invented reports have in common: figures that agree, growth in many wordings, filling."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.generate_reports import Draft


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent(part: Decimal | int, whole: Decimal | int, places: int = 2) -> Decimal:
    return rounded(Decimal(part) * 100 / Decimal(whole), places)


def between(dice: random.Random, low: float, high: float, places: int = 0) -> Decimal:
    return rounded(Decimal(repr(dice.uniform(low, high))), places)


def grown(dice: random.Random, base: Decimal, places: int) -> dict[str, Decimal | str]:
    """Return a, b, d, r (value, base, change, rate) as printed with ``places``, and the words for the direction.

    Change and rate follow from values that were not rounded, as offices compute them.
    """
    exact = base * (1 + between(dice, -0.08, 0.25, 4))
    rate = exact - base
    up = rate >= 0
    return {
        "a": rounded(exact, places), "b": rounded(base, places), "d": rounded(abs(rate), places),
        "r": percent(abs(rate), base, dice.choice((1, 2, 2, 2))),
        "add": dice.choice(("增加", "增加了", "增长") if up else ("减少", "减少了")),
        "rise": dice.choice(("增长", "增幅为", "增长率为", "上升") if up else ("下降", "降幅为")),
        "to": "增加到" if up else "减少到",
    }  # fmt: skip


_GROWTH = (
    "{Y}年{what}{a}{u},比上年的{b}{u}{add}{d}{u},{rise}{r}%。",
    "{Y}年,{what}为{a}{u},较{P}年{b}{u}{add}{d}{u},{rise}{r}%。",
    "{what}由{P}年的{b}{u}{to}{Y}年的{a}{u},{rise}{r}%。",
    "{Y}年{what}{a}{u},{P}年为{b}{u},同比{rise}{r}%。",
    "{Y}年{what}{a}{u},上年为{b}{u},{rise}{r}%。",
    "{Y}年,{what}达到{a}{u},与上年{b}{u}相比{add}{d}{u},{rise}{r}%。",
)


def growth(made: Draft, what: str, unit: str, base: Decimal, places: int, start: str = "") -> Decimal:
    """Add a sentence of growth; return the value."""
    found = grown(made.dice, base, places)
    words = {key: str(found.pop(key)) for key in ("add", "rise", "to")} | {"what": what, "u": unit}
    wordings = []
    for wording in _GROWTH:
        for key, word in words.items():
            wording = wording.replace("{" + key + "}", word)
        wordings.append(start + wording)
    if found["d"] == 0 or found["r"] == 0:
        made.say(start + f"{{Y}}年{what}{{a}}{unit},与上年基本持平。", **found)
        return Decimal(found["a"])
    names = "a b d" if any("{d}" in w for w in wordings) else ""
    made.say(*wordings, ties={"growth": "a b r", "difference": names}, **found)
    return Decimal(found["a"])


def title(made: Draft, *wordings: str) -> None:
    made.say(*wordings)
    made.text += "\n"
    if made.dice.random() < 0.5:
        made.say(
            "发布时间:{N}-0{m}-1{d}\n", "日期: {N}-0{m}-1{d} 来源: {place}教育局\n",
            "({N}年{m}月)\n", m=made.dice.randint(1, 9), d=made.dice.randint(0, 9),
        )  # fmt: skip


def opening(made: Draft) -> None:
    made.line(
        "根据上级关于开展督导评估工作的部署,{our}认真开展自查,现将有关情况报告如下:",
        "近年来,{our}坚持把教育摆在优先发展的位置,各项工作取得新的进展。现将情况汇报如下。",
        "按照统一要求,现将{Y}年{all}有关情况公告如下:",
        "为进一步规范工作,提高质量,现将{place}{Y}年度有关情况报告如下。",
    )


def prose(made: Draft) -> None:
    """Add a paragraph that says nothing in figures, as reports do."""
    for text in made.dice.sample(_PROSE, made.dice.randint(1, 5)):
        made.line(text)


_PROSE = (
    "一是强化组织领导。成立由主要负责同志任组长的工作专班,建立联席会议、定期调度、督查通报等制度,层层压实责任,做到有部署、有检查、有落实。",
    "二是优化学校布局。统筹城镇化进程和人口流动,合理规划学校设置,改善寄宿条件,方便学生就近入学,努力办好群众家门口的每一所学校。",
    "三是深化课程改革。聚焦课堂主阵地,开展常态化教研活动,推进作业设计与评价方式改革,切实减轻学生过重课业负担,提高教育教学质量。",
    "四是关爱特殊群体。建立留守儿童、困难家庭学生台账,落实结对帮扶、送教上门、心理辅导等措施,确保不让一个学生因贫失学。",
    "五是加强安全管理。完善人防、物防、技防体系,定期开展隐患排查和应急演练,规范食堂、校车和周边环境管理,筑牢校园安全防线。",
    "在看到成绩的同时,我们也清醒地认识到,教育发展不平衡不充分的问题仍然存在,优质资源供给与群众期盼还有差距,需要持续用力加以解决。",
    "今后,我们将以此次督导评估为契机,认真整改存在的问题,健全长效机制,推动各级各类教育协调发展,努力办好人民满意的教育。",
    "充分利用广播、电视、网络等媒体,广泛宣传教育法律法规和惠民政策,引导全社会关心支持教育,营造尊师重教的良好氛围。",
    "{gov}把教育工作列入重要议事日程,定期研究解决突出问题,形成了部门协同、上下联动、齐抓共管的工作格局,办学条件持续改善。",
    "坚持立德树人根本任务,开齐开足各类课程,丰富校园文化生活,学生综合素质不断提高,群众对教育的获得感进一步增强。",
    "严格落实各项管理制度,规范办学行为,健全督导机制,强化结果运用,确保各项政策落地见效,推动教育事业健康发展。",
    "通过结对帮扶、集团办学、联片教研等方式,促进优质资源共享,城乡之间、校际之间的差距逐步缩小,办学水平稳步提升。",
    "完善以县为主的管理体制,统筹规划学校布局,优先安排教育用地,优先保障教育投入,优先满足教育需求。",
    "加强师德师风建设,完善培养培训体系,关心教师身心健康,让广大教师安心从教、热心从教、舒心从教、静心从教。",
)


def money(made: Draft, what: str, low: float, high: float, start: str = "") -> Decimal:
    """Add the growth of an amount of money in 万元 or 亿元."""
    if made.dice.random() < 0.5:
        return growth(made, what, "万元", between(made.dice, low, high, 2), made.dice.choice((0, 2)), start)
    return growth(made, what, "亿元", between(made.dice, low / 10000, high / 10000, 6), 2, start)
