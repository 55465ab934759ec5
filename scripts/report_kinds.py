"""The kinds of invented reports: what they say, in several wordings, with figures that agree."""

from __future__ import annotations

import random
from collections.abc import Callable
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
    made.line(*made.dice.sample(_PROSE, made.dice.randint(1, 2)))


_PROSE = (
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


def per_pupil(made: Draft, metric: str) -> None:
    made.say(
        "各级教育" + metric + "增长情况:\n", metric + "情况如下:\n",
        "{Y}年{all}幼儿园、普通小学、普通初中、普通高中" + metric + "增长情况为:\n",
    )  # fmt: skip
    style = made.dice.randrange(3)
    for number, (stage, base) in enumerate(
        (("幼儿园", 7000), ("普通小学", 12000), ("普通初中", 16000), ("普通高中", 15000)), 1
    ):
        found = grown(made.dice, between(made.dice, base * 0.7, base * 1.3, 2), 2)
        rise, to = found.pop("rise"), found.pop("to")
        found.pop("add"), found.pop("d")
        if found["r"] == 0:
            continue
        wordings = (
            f"{number}.{stage}{{a}}元,比上年{{b}}元{rise}{{r}}%。\n",
            f"({number}){stage}为{{a}}元,上年为{{b}}元,{rise}{{r}}%;\n",
            f"{number}.{stage}由上年的{{b}}元{to}{{a}}元,{rise}{{r}}%。\n",
        )
        made.say(wordings[style], ties={"growth": "a b r"}, **found)


def funds(made: Draft) -> None:
    title(made, "{place}{Y}年教育经费执行情况统计公告", "关于{Y}年{all}教育经费执行情况的公告\n{place}教育局")
    opening(made)
    made.line("一、{all}教育经费情况", "一、教育经费总投入")
    total = money(made, "{all}教育经费总投入", 90000, 400000)
    made.text += "\n"
    if total > 1000:
        state = rounded(total * between(made.dice, 0.7, 0.95, 4), 2)
        fees = rounded(total * between(made.dice, 0.01, 0.03, 4), 2)
        made.say(
            "其中,国家财政性教育经费{s}万元,占教育经费总投入的{p}%;事业收入{f}万元;其他教育经费{o}万元。\n",
            "按来源分:国家财政性教育经费{s}万元,占总投入的{p}%,事业收入{f}万元,其他教育经费{o}万元。\n",
            s=state, f=fees, o=rounded(total - state - fees, 2), p=percent(state, total),
        )  # fmt: skip
    made.line("二、一般公共预算教育经费情况")
    budget = money(
        made, made.dice.choice(("{all}一般公共预算教育经费", "{all}一般公共预算教育经费(包括教育事业费、基建经费和教育费附加)")),
        60000, 250000,
    )  # fmt: skip
    made.text += "\n"
    unit = "万元" if budget > 1000 else "亿元"
    spending = rounded(budget * between(made.dice, 4.2, 7.5, 4), 0 if unit == "万元" else 2)
    made.say(
        f"{{Y}}年{{all}}一般公共预算支出{{w}}{unit},一般公共预算教育经费{{x}}{unit},占一般公共预算支出的比例为{{p}}%。\n",
        f"{{Y}}年,{{all}}一般公共预算教育经费{{x}}{unit},占一般公共预算支出{{w}}{unit}的比例为{{p}}%。\n",
        ties={"share": "x w p"}, same="x", w=spending, x=budget, p=percent(budget, spending),
    )  # fmt: skip
    made.line("三、生均经费情况")
    per_pupil(made, "生均一般公共预算教育经费")
    if made.dice.random() < 0.6:
        per_pupil(made, "生均一般公共预算教育事业费")
    if made.dice.random() < 0.4:
        made.line("四、有关说明")
        made.line("本公告统计范围不含技工学校,部分数据因四舍五入,分项之和与合计可能略有出入。")
    made.say("{place}教育局 {place}统计局 {place}财政局\n{N}年12月{d}日\n", d=made.dice.randint(1, 30))


def self_assessment(made: Draft) -> None:
    dice = made.dice
    title(
        made,
        "{place}义务教育优质均衡发展督导评估自评报告",
        "{place}人民政府关于{Y}年度义务教育优质均衡发展的自评报告",
    )
    opening(made)
    made.line("一、基本情况")
    primary, junior, mixed = dice.randint(20, 90), dice.randint(8, 30), dice.randint(2, 12)
    pupils, students = dice.randint(12000, 50000), dice.randint(6000, 26000)
    made.say(
        "{Y}年,{all}有义务教育学校{n}所,其中小学{p}所、初中{j}所、九年一贯制学校{m}所。",
        "{all}现有义务教育阶段学校{n}所(小学{p}所、初中{j}所、九年一贯制学校{m}所)。",
        ties={"sum": "n p j m"}, n=primary + junior + mixed, p=primary, j=junior, m=mixed,
    )  # fmt: skip
    made.say(
        "{all}义务教育阶段在校学生{w}人,其中小学{a}人、初中{b}人。", "{all}义务教育在校生{w}人(小学{a}人,初中{b}人)。",
        ties={"sum": "w a b"}, same="w", w=pupils + students, a=pupils, b=students,
    )  # fmt: skip
    teachers, seniors = dice.randint(900, 2800), dice.randint(500, 1900)
    made.say(
        "义务教育专任教师{t}人,其中小学{a}人、初中{b}人。\n", "{all}义务教育阶段共有专任教师{t}人,小学{a}人,初中{b}人。\n",
        ties={"sum": "t a b"}, t=teachers + seniors, a=teachers, b=seniors,
    )  # fmt: skip
    prose(made)
    made.line("二、主要工作", "二、主要做法")
    made.line("(一)落实财政投入", "(一)保障经费投入")
    spent = money(made, "{all}一般公共预算教育支出", 50000, 220000)
    made.text += "\n"
    for stage, base in (("小学", 11000), ("初中", 15000)):
        if dice.random() < 0.6:
            growth(made, f"{stage}生均公用经费", "元", between(dice, base * 0.08, base * 0.2, 2), 2)
    prose(made)
    made.line("(二)配齐建强教师队伍")
    posts = dice.randint(2500, 6500)
    empty = dice.randint(20, 180)
    made.say(
        "{all}核定中小学教职工编制{p}名,实有在编{h}名,空编{e}名。", "{all}中小学教职工编制总数{p}名,现有在编教职工{h}名,空编{e}名。",
        p=posts, h=posts - empty, e=empty,
    )  # fmt: skip
    fit = dice.randint(500, 1900)
    moved = rounded(Decimal(fit) * between(dice, 0.1, 0.2, 3), 0)
    core = rounded(moved * between(dice, 0.2, 0.35, 3), 0)
    made.say(
        "{Y}年,符合交流条件的教师{f}人,实际交流轮岗{m}人,占{r}%;其中骨干教师{c}人,占交流轮岗教师的{s}%。\n",
        "符合交流条件教师{f}人,年内交流轮岗{m}人,占符合条件教师总数的{r}%,其中骨干教师{c}人,占交流教师总数的{s}%。\n",
        ties={"share": "m f r"}, f=fit, m=moved, r=percent(moved, fit), c=core, s=percent(core, moved),
    )  # fmt: skip
    made.line("(三)守牢民生底线")
    disabled(made, inline=True)
    move_in = dice.randint(300, 5000)
    public = rounded(Decimal(move_in) * between(dice, 0.86, 0.99, 4), 0)
    made.say(
        "{all}进城务工人员随迁子女{w}人,在公办学校就读{p}人,占{r}%。\n", "{all}有随迁子女{w}人,其中在公办学校就读{p}人,占比{r}%。\n",
        ties={"share": "p w r"}, w=move_in, p=public, r=percent(public, move_in),
    )  # fmt: skip
    made.say(
        "初中三年巩固率{r}%,", "全{level}初中三年巩固率达到{r}%,", same="r", r=between(dice, 95.5, 99.9, 2)
    )
    sent = dice.randint(1200, 9000)
    back = sent - dice.randint(10, 300)
    made.say(
        "发放问卷{a}份,收回有效问卷{b}份,有效率{r}%,综合满意度{s}%。\n",
        ties={"rate": "b a r"}, a=sent, b=back, r=percent(back, sent), s=between(dice, 86, 99, 1),
    )  # fmt: skip
    prose(made)
    made.line("三、存在问题")
    made.line("1.城区学位仍然紧张。部分学校班额偏大,随着人口流动,城区就学压力较大。")
    made.line("2.教师结构不够合理。农村学校音体美教师不足,兼职任教现象较为普遍。")
    made.line("四、下一步打算")
    made.say(
        "到{N}年,计划新建学校{a}所,新增学位{b}个。", "{N}年拟投入{b}万元,改造学校{a}所。", a=dice.randint(2, 6), b=dice.randint(8, 60) * 100
    )  # fmt: skip
    if dice.random() < 0.7:
        unit = "万元" if spent > 1000 else "亿元"
        made.say(
            f"\n五、小结\n综上,{{Y}}年{{all}}一般公共预算教育支出{{z}}{unit},义务教育阶段在校学生{{w}}人,教育发展的基础更加坚实。\n",
            same="w", z=spent, w=pupils + students,
        )  # fmt: skip


def disabled(made: Draft, inline: bool = False) -> None:
    dice = made.dice
    regular, special, home = dice.randint(40, 220), dice.randint(10, 110), dice.randint(5, 70)
    late = dice.randint(0, 9)
    enrolled = regular + special + home
    rate = percent(enrolled, enrolled + late, dice.choice((1, 2)))
    wordings = (
        "{all}适龄残疾儿童少年{w}人,已入学{e}人,其中随班就读{a}人、特教学校就读{b}人、送教上门{c}人,入学率{r}%。",
        "经核查,{all}有适龄残疾儿童少年{w}名,已安置入学{e}名:随班就读{a}名,特殊教育学校就读{b}名,送教上门{c}名;残疾儿童少年入学率{r}%。",
        "{all}适龄残疾儿童少年共{w}人,在特教学校就读{b}人,在普通学校随班就读{a}人,送教上门{c}人,共入学{e}人,入学率为{r}%。",
    )
    made.say(
        *wordings, ties={"sum": "e a b c", "rate": "e w r"}, w=enrolled + late, e=enrolled, a=regular, b=special, c=home, r=rate
    )  # fmt: skip
    made.text += "" if inline else "\n"


def disabled_report(made: Draft) -> None:
    title(
        made,
        "{place}{Y}年适龄残疾儿童少年入学安置情况报告",
        "{place}关于{Y}年残疾儿童少年义务教育入学工作的情况汇报",
    )
    opening(made)
    prose(made)
    disabled(made)
    prose(made)
    made.say(
        "全年投入特殊教育经费{a}万元,建成资源教室{b}间,培训教师{c}人次。\n", a=made.dice.randint(60, 900), b=made.dice.randint(2, 20), c=made.dice.randint(40, 500)
    )  # fmt: skip
    made.say("{place}教育局\n{Y}年12月{d}日\n", d=made.dice.randint(1, 30))


def dropout(made: Draft) -> None:
    dice = made.dice
    title(made, "{place}{Y}年控辍保学工作情况报告", "{place}控辍保学年度工作进展情况")
    opening(made)
    made.line("一、控辍保学成效")
    pupils, students = dice.randint(9000, 40000), dice.randint(5000, 20000)
    made.say(
        "截至{Y}年秋季学期,{all}义务教育在校生{w}人,其中:小学{a}人,初中{b}人。", "{Y}年,{all}义务教育阶段在校学生{w}人(小学{a}人、初中{b}人)。",
        ties={"sum": "w a b"}, w=pupils + students, a=pupils, b=students,
    )  # fmt: skip
    back, transfer, ill = dice.randint(3, 30), dice.randint(1, 9), dice.randint(1, 9)
    made.say(
        "开学初排查出疑似失学学生{w}人,经逐一核查,劝返复学{a}人,办理转学{b}人,因病休学{c}人。",
        ties={"sum": "w a b c"}, w=back + transfer + ill, a=back, b=transfer, c=ill,
    )  # fmt: skip
    rate = between(dice, 97, 99.9, 1)
    more = between(dice, 0.1, 0.6, 1)
    made.say(
        "九年义务教育巩固率{a}%,比上年的{b}%提高{d}个百分点。\n", "九年义务教育巩固率达{a}%,较上年{b}%提升{d}个百分点。\n",
        ties={"difference": "a b d"}, same="a", a=rate, b=rate - more, d=more,
    )  # fmt: skip
    made.line("二、特殊群体关爱")
    disabled(made)
    made.line("三、资助政策落实")
    parts = [(dice.randint(300, 3000), between(dice, 30, 400, 2)) for _ in range(4)]
    people, paid = sum(p for p, _ in parts), sum((m for _, m in parts), Decimal(0))
    figures = {f"p{i}": p for i, (p, _) in enumerate(parts)} | {f"m{i}": m for i, (_, m) in enumerate(parts)}
    made.say(
        "{Y}年,{all}共资助学生{w}人次、发放资金{m}万元。其中:学前教育{p0}人次、{m0}万元;义务教育{p1}人次、{m1}万元;"
        "普通高中{p2}人次、{m2}万元;中等职业教育{p3}人次、{m3}万元。\n",
        "全年资助学生{w}人次,资金{m}万元,其中学前教育{p0}人次、义务教育{p1}人次、普通高中{p2}人次、中等职业教育{p3}人次。\n",
        ties={"sum": "w p0 p1 p2 p3", "part": "m m0 m1 m2 m3"}, w=people, m=paid, **figures,
    )  # fmt: skip
    prose(made)
    made.line("四、下一步工作")
    made.say(
        "{N}年,九年义务教育巩固率力争达到{b}%以上,{all}继续保持零辍学。\n", b=min(rate + 1, Decimal("99.9"))
    )
    if dice.random() < 0.5:
        made.say(
            "\n五、小结\n总之,{Y}年{all}九年义务教育巩固率为{a}%,控辍保学成果得到巩固。\n", same="a", a=rate
        )


def preschool(made: Draft) -> None:
    dice = made.dice
    title(made, "{place}学前教育普及普惠督导评估自评报告", "{place}{Y}年学前教育普及普惠工作自评报告")
    opening(made)
    made.line("一、基本情况")
    public, cheap, other = dice.randint(20, 110), dice.randint(15, 60), dice.randint(2, 25)
    made.say(
        "{all}现有幼儿园{n}所,其中公办园{p}所,普惠性民办园{c}所,其他民办园{o}所。",
        "{Y}年,{all}共有幼儿园{n}所,其中:公办园{p}所、普惠性民办园{c}所、其他民办园{o}所。",
        ties={"sum": "n p c o"}, n=public + cheap + other, p=public, c=cheap, o=other,
    )  # fmt: skip
    a, b, c = dice.randint(5000, 15000), dice.randint(2000, 9000), dice.randint(300, 2500)
    whole = a + b + c
    made.say(
        "在园幼儿{w}人,其中公办园{a}人,普惠性民办园{b}人,其他民办园{c}人。\n",
        "{all}在园幼儿{w}人,其中:公办园在园幼儿{a}人,普惠性民办园在园幼儿{b}人,其他民办园在园幼儿{c}人。\n",
        ties={"sum": "w a b c"}, same="w", w=whole, a=a, b=b, c=c,
    )  # fmt: skip
    made.line("二、普及普惠水平")
    base = between(dice, 86, 96, 2)
    more = between(dice, 0.2, 2.5, 2)
    made.say(
        "{all}学前三年毛入园率达{a}%,比上年的{b}%提高{d}个百分点。", "学前三年毛入园率{a}%,较{P}年的{b}%提升{d}个百分点。",
        ties={"difference": "a b d"}, a=base + more, b=base, d=more,
    )  # fmt: skip
    made.say(
        "公办园在园幼儿占比{p}%,普惠性幼儿园覆盖率{q}%。\n", "普惠性幼儿园覆盖率{q}%,公办园在园幼儿占比{p}%。\n",
        ties={"share": "p", "rate": "q"}, same="q", p=percent(a, whole), q=percent(a + b, whole),
    )  # fmt: skip
    made.line("三、保障情况")
    money(made, "{all}学前教育财政投入", 6000, 30000)
    staff = dice.randint(900, 2500)
    certified = staff - dice.randint(1, 40)
    made.say(
        "\n{all}幼儿园专任教师{t}人,其中取得教师资格证的{c}人,持证率{r}%。\n", "\n幼儿园专任教师{t}人,持有教师资格证{c}人,持证率为{r}%。\n",
        ties={"rate": "c t r"}, t=staff, c=certified, r=percent(certified, staff),
    )  # fmt: skip
    prose(made)
    made.line("四、存在的问题")
    made.say("部分农村幼儿园规模小,有{n}所幼儿园在园幼儿不足30人,师资力量薄弱。\n", n=dice.randint(3, 20))
    made.line("五、下一步打算")
    made.say(
        "到{N}年,学前三年毛入园率达到{a}%以上,{all}新增公办学位{b}个。", a=99, b=dice.randint(5, 30) * 30
    )
    if dice.random() < 0.6:
        made.say(
            "\n六、自评结论\n{all}普惠性幼儿园覆盖率{q}%,达到县域学前教育普及普惠标准。\n",
            same="q", q=percent(a + b, whole),
        )  # fmt: skip


def table(made: Draft) -> None:
    dice = made.dice
    title(made, "{Y}年{place}教育事业基本情况表", "{place}{Y}年基础教育统计表")
    made.text += "类别 | 学校数 | 班级数 | 在校学生数 | 专任教师数 | 学生与专任教师比\n"
    sums = [0, 0, 0, 0]
    columns: dict[str, int | Decimal | str] = {}
    rows = []
    for number, (stage, size) in enumerate(
        (("学前教育", 28), ("小学", 40), ("初中", 46), ("普通高中", 50), ("特殊教育", 9))
    ):
        schools = dice.randint(1, 3) if size < 10 else dice.randint(6, 180)
        classes = schools * dice.randint(6, 20)
        pupils = classes * size + dice.randint(0, 60)
        teachers = pupils // dice.randint(9, 17)
        for index, value in enumerate((schools, classes, pupils, teachers)):
            columns[f"c{number}{index}"] = value
            sums[index] += value
        columns[f"r{number}"] = percent(pupils * 100, teachers * 100 * 100)
        rows.append(f"{stage} | " + " | ".join(f"{{c{number}{i}}}" for i in range(4)) + f" | {{r{number}}}")
    for index, value in enumerate(sums):
        columns[f"s{index}"] = value
    columns["r"] = percent(sums[2] * 100, sums[3] * 100 * 100)
    rows.append("总计 | {s0} | {s1} | {s2} | {s3} | {r}")
    ties = {f"sum{i}": " ".join([f"s{i}", *(f"c{n}{i}" for n in range(5))]) for i in range(4)}
    made.say("\n".join(rows) + "\n", ties=ties, **columns)
    made.say("备注:数据来源于教育事业统计,不含技工学校数据。\n", "注:本表数据以{Y}年9月1日为统计时点。\n")


KINDS: dict[str, Callable[[Draft], None]] = {
    "funds": funds, "self_assessment": self_assessment, "disabled": disabled_report, "dropout": dropout,
    "preschool": preschool, "table": table,
}  # fmt: skip
