"""Paragraphs that look as if they did not agree and do: parts that overlap, other scopes, years and units."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from scripts.report_figures import between, percent, rounded

if TYPE_CHECKING:
    from scripts.generate_reports import Draft


def asides(made: Draft, most: int) -> None:
    """Add up to ``most`` of them, none twice in a report."""
    left = [aside for aside in _ASIDES if aside not in made.told]
    for aside in made.dice.sample(left, min(made.dice.randint(0, most), len(left))):
        made.told.add(aside)
        aside(made)
        made.text = made.text.rstrip("\n") + "\n"


def overlapping(made: Draft) -> None:
    whole = made.dice.randint(700, 4000)
    made.say(
        "在岗教师{w}人中,女教师{a}人,中共党员{b}人,本科及以上学历{c}人,县级以上骨干教师{d}人。",
        "教师队伍结构持续优化,在岗教师{w}人,其中具有本科及以上学历的{c}人,高级职称{b}人,女教师{a}人,骨干教师{d}人。",
        w=whole, a=whole * 3 // 5, b=whole // 4, c=whole * 4 // 5, d=whole // 6,
    )  # fmt: skip


def town_and_country(made: Draft) -> None:
    town, country = made.dice.randint(3, 15), made.dice.randint(10, 60)
    made.say(
        "城区有小学{a}所、在校生{x}人,平均每校{m}人;农村有小学{b}所、在校生{y}人。",
        "从布局看,城区小学{a}所,在校生{x}人,农村小学{b}所,在校生{y}人。",
        a=town, b=country, x=town * 1420, y=country * 260, m=1420,
    )  # fmt: skip


def private(made: Draft) -> None:
    made.say(
        "民办教育规范发展,全县民办学校(含民办幼儿园){a}所,在校学生(含在园幼儿){b}人,其中民办幼儿园{c}所、在园幼儿{d}人。".replace("全县", "{all}"),
        a=made.dice.randint(30, 70), b=made.dice.randint(6000, 12000), c=made.dice.randint(20, 29), d=made.dice.randint(2000, 5000),
    )  # fmt: skip


def years_together(made: Draft) -> None:
    latest = made.dice.randint(5, 20) * 90
    made.say(
        "近三年累计投入资金{m}亿元,新建、改扩建学校{n}所,新增学位{a}个,其中{Y}年新增{b}个。",
        "三年来,累计新增学位{a}个,总投资{m}亿元;其中{Y}年完成{k}所,新增学位{b}个。",
        a=latest + made.dice.randint(10, 50) * 90, b=latest, m=between(made.dice, 1.2, 6, 2), n=made.dice.randint(9, 40),
        k=made.dice.randint(2, 8),
    )  # fmt: skip


def respectively(made: Draft) -> None:
    before = [between(made.dice, 1800, 4200, 2) for _ in range(3)]
    now = [rounded(b * (1 + between(made.dice, 0.01, 0.12, 4)), 2) for b in before]
    made.say(
        "普通小学、普通初中、普通高中生均一般公共预算公用经费分别为{a0}元、{a1}元、{a2}元,上年分别为{b0}元、{b1}元、{b2}元,"
        "分别增长{r0}%、{r1}%、{r2}%。",
        "生均一般公共预算公用经费:普通小学{a0}元、普通初中{a1}元、普通高中{a2}元,上年分别为{b0}元、{b1}元、{b2}元。",
        **{f"a{i}": v for i, v in enumerate(now)}, **{f"b{i}": v for i, v in enumerate(before)},
        **{f"r{i}": percent(n - b, b) for i, (n, b) in enumerate(zip(now, before, strict=True))},
    )  # fmt: skip


def training(made: Draft) -> None:
    whole = made.dice.randint(300, 900)
    part = rounded(whole * between(made.dice, 0.052, 0.09, 4), 1)
    made.say(
        "全年培训教师{n}人次,安排教师培训经费{a}万元,占公用经费预算总额{w}万元的{r}%,高于{five}%的规定。",
        "安排教师培训经费{a}万元,占学校公用经费预算总额{w}万元的{r}%,达到不低于{five}%的要求。",
        n=made.dice.randint(900, 6000), a=part * 10, w=whole * 10, r=percent(part, whole), five=5,
    )  # fmt: skip


def dispersion(made: Draft) -> None:
    values = [between(made.dice, 0.2, 0.49, 2) for _ in range(4)]
    made.say(
        "小学校际差异系数最大的是生均体育运动场馆面积,为{v0};初中为{v1},均在规定范围内。",
        "资源配置各项指标校际差异系数,小学在{v0}以下,初中在{v1}以下。", **{f"v{i}": v for i, v in enumerate(values)},
    )  # fmt: skip


def equipment(made: Draft) -> None:
    primary, junior = between(made.dice, 2000, 4000), between(made.dice, 2500, 5200)
    made.say(
        "生均教学仪器设备值小学{a}元、初中{b}元;生均体育运动场馆面积小学{c}平方米、初中{d}平方米。",
        "小学、初中生均教学仪器设备值分别为{a}元、{b}元,每百名学生拥有网络多媒体教室数分别为{e}间、{f}间。",
        a=primary, b=junior, c=between(made.dice, 7.5, 12, 2), d=between(made.dice, 10.2, 16, 2),
        e=between(made.dice, 2.3, 3.6, 2), f=between(made.dice, 2.4, 3.9, 2),
    )  # fmt: skip


def safety(made: Draft) -> None:
    found = made.dice.randint(40, 300)
    done = found - made.dice.randint(0, 8)
    made.say(
        "全年开展安全检查{k}轮,排查隐患{a}处,已整改{b}处,整改率{r}%。", "共排查安全隐患{a}处,完成整改{b}处,整改率为{r}%。",
        ties={"rate": "b a r"}, k=made.dice.randint(3, 12), a=found, b=done, r=percent(done, found, 1),
    )  # fmt: skip


def aid(made: Draft) -> None:
    made.say(
        "共有{a}万余人次学生享受资助,发放资金{b}万元。", "资助家庭经济困难学生{a}万余人次,资金{b}万元,做到应助尽助。",
        a=made.dice.randint(1, 4), b=between(made.dice, 500, 3000, 2),
    )  # fmt: skip


def places(made: Draft) -> None:
    made.say(
        "辖{a}个乡镇、{b}个街道,常住人口{c}万人。", "国土面积{d}平方公里,辖{a}个乡镇,总人口{c}万人。",
        a=made.dice.randint(8, 25), b=made.dice.randint(1, 6), c=between(made.dice, 20, 110, 1), d=made.dice.randint(800, 4200),
    )  # fmt: skip


def pay(made: Draft) -> None:
    servant = between(made.dice, 8, 12, 2)
    made.say(
        "义务教育教师年平均工资收入{a}万元,当地公务员年平均工资收入{b}万元,实现“不低于”的目标。",
        a=servant + Decimal("0.07"), b=servant,
    )  # fmt: skip


def large_school(made: Draft) -> None:
    over = made.dice.randint(20, 500)
    made.say(
        "{place}实验小学在校生{a}人,超出{two}人的规定{o}人,拟于明年秋季分流。", "个别学校规模偏大,城关镇第一小学在校生达{a}人。",
        a=2000 + over, two=2000, o=over,
    )  # fmt: skip


_ASIDES = (
    overlapping, town_and_country, private, years_together, respectively, training, dispersion, equipment, safety,
    aid, places, pay, large_school,
)  # fmt: skip
