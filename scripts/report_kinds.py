"""The kinds of invented reports: what they say, in several wordings, with figures that agree."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from scripts.report_figures import between, grown, money, opening, percent, prose, rounded, title
from scripts.report_stories import disabled_report, dropout, preschool, self_assessment

if TYPE_CHECKING:
    from scripts.generate_reports import Draft


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
    if made.dice.random() < 0.5:
        prose(made)
    if made.dice.random() < 0.4:
        made.line("四、有关说明")
        made.line("本公告统计范围不含技工学校,部分数据因四舍五入,分项之和与合计可能略有出入。")
    made.say("{place}教育局 {place}统计局 {place}财政局\n{N}年12月{d}日\n", d=made.dice.randint(1, 30))


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
    prose(made)
    made.say("备注:数据来源于教育事业统计,不含技工学校数据。\n", "注:本表数据以{Y}年9月1日为统计时点。\n")


KINDS: dict[str, Callable[[Draft], None]] = {
    "funds": funds, "self_assessment": self_assessment, "disabled": disabled_report, "dropout": dropout,
    "preschool": preschool, "table": table,
}  # fmt: skip
