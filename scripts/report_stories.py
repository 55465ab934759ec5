"""Invented reports in prose: self-assessments, school attendance, kindergartens, disabled children."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from scripts.report_asides import asides
from scripts.report_figures import between, growth, money, opening, percent, prose, rounded, title

if TYPE_CHECKING:
    from scripts.generate_reports import Draft


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
    asides(made, 4)
    made.line("二、主要工作", "二、主要做法")
    made.line("(一)落实财政投入", "(一)保障经费投入")
    spent = money(made, "{all}一般公共预算教育支出", 50000, 220000)
    made.text += "\n"
    for stage, base in (("小学", 11000), ("初中", 15000)):
        if dice.random() < 0.6:
            growth(
                made, f"{stage}生均一般公共预算教育经费", "元", between(dice, base * 0.8, base * 1.2, 2), 2
            )
    prose(made)
    asides(made, 4)
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
    asides(made, 4)
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
    asides(made, 4)
    disabled(made)
    prose(made)
    asides(made, 4)
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
    asides(made, 4)
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
    asides(made, 4)
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
