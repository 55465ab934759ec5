"""A check as a report that an office can file: findings, schools, coefficients, every indicator with its evidence.

Everything written is text: nothing of a table or a report becomes a field, a link or a style.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.faces import compliance_words as words
from assistant.faces.paper import set_look, write_lines, write_section, write_table
from assistant.faces.workbook_cells import printable
from corpus.model import Report
from tools.compliance.explain import explain
from tools.compliance.model import Check, Unit, Verdict

if TYPE_CHECKING:
    from docx.document import Document


def document(check: Check, reports: Mapping[str, Report]) -> bytes:
    """Return the report of a check as docx; ``reports`` hold the texts that evidence is quoted from."""
    import docx

    paper = docx.Document()
    set_look(paper)
    place = "".join(filter(None, (check.region or "", f"{check.year}年" if check.year else "")))
    paper.add_heading(printable(f"{place}达标核对报告"), 0)
    write_lines(paper, _basis(check))
    write_section(paper, "一、结果", words.summary_lines(check))
    _schools(paper, check)
    _dispersion(paper, check)
    _indicators(paper, check, reports)
    _steps(paper, check)
    write_section(paper, "六、数据表里要核对的", [one.why for one in check.problems], "没有发现问题。")
    write_section(
        paper, "七、解释与临界值", [*check.notes, *words.rule_lines(check), *check.borderline], "没有。"
    )
    write_section(paper, f"八、{words.UNCONFIRMED}事项", words.unconfirmed_lines(check), "没有。")
    target = BytesIO()
    paper.save(target)
    return target.getvalue()


def _basis(check: Check) -> list[str]:
    return [f"标准：{words.standard_name(check)}", f"学校数据表：{words.table_words(check)}"]


def _schools(paper: Document, check: Check) -> None:
    paper.add_heading("二、学校达标情况", 1)
    if not check.units:
        write_lines(paper, ["没有参评学校的数据。"])
        return
    open_or_failing = [unit for unit in words.failing_first(check.units) if unit.compliant is not True]
    if not open_or_failing:
        write_lines(paper, [f"参评的{len(check.units)}所全部达标。"])
    else:
        write_table(
            paper,
            ("学校", "学段", "达标项数", "结论", "未达标或缺数据的指标"),
            (_school(check, unit) for unit in open_or_failing),
        )
    good = [f"{unit.school.name}（{words.STAGES[unit.stage]}）" for unit in check.units if unit.compliant]
    if good:
        write_lines(paper, [f"达标的（{len(good)}所）：{'、'.join(good)}。"])
    for one in check.excluded:
        stage = words.STAGES.get(one.stage or "", "")
        write_lines(paper, [f"不参评：{one.school}{stage}（第{one.row}行），{one.reason}。"])


def _school(check: Check, unit: Unit) -> tuple[str, ...]:
    ruling = words.RULINGS[unit.compliant]
    said = "；".join(shortfall(check, verdict) for verdict in unit.verdicts if verdict.status != "met")
    return unit.school.name, words.STAGES[unit.stage], f"{unit.met}/{unit.of}", ruling, said


def shortfall(check: Check, verdict: Verdict) -> str:
    """Say what an indicator of a unit lacks: its value, the demand and the gap, or that there is no data."""
    if verdict.observed is None:
        return f"{verdict.code} {verdict.name}：{words.STATUS[verdict.status]}"
    short = "，".join(filter(None, (words.gap_words(verdict), words.floor_words(check, verdict))))
    return (
        f"{verdict.code} {verdict.name}：{words.amount_words(verdict.observed)}，"
        f"要求{words.demand_words(verdict)}，{short}"
    )


def _dispersion(paper: Document, check: Check) -> None:
    paper.add_heading("三、校际差异系数", 1)
    if not check.dispersion:
        write_lines(paper, ["没有可以计算的数据。"])
        return
    write_table(
        paper,
        ("学段", "指标", "学校数", "平均值", "标准差", "差异系数", "限值", "结论", "占比最大的学校"),
        (
            (
                words.STAGES[one.stage],
                f"{one.code} {one.name}",
                str(one.n),
                words.amount_words(one.mean) or "—",
                one.std or "—",
                one.cv or "—",
                one.operator + one.limit,
                words.STATUS[one.status] + (f"（缺：{'、'.join(one.missing)}）" if one.missing else ""),
                "、".join(f"{item.school} {item.shown}" for item in one.contributions[:3]),
            )
            for one in check.dispersion
        ),
    )


def _indicators(paper: Document, check: Check, reports: Mapping[str, Report]) -> None:
    found = check.indicators or check.county
    paper.add_heading(f"四、全部指标（{len(found)}项）", 1)
    for verdict in found:
        stage = words.stage_words(verdict)
        doubt = f"【{words.UNCONFIRMED}】" if words.unconfirmed(check, verdict.code) else ""
        title = f"{verdict.code} {verdict.name}{stage}：{words.STATUS[verdict.status]}{doubt}"
        paper.add_heading(printable(title), 2)
        write_lines(paper, _indicator_lines(verdict))
        for quote in words.quotes(verdict, reports):
            write_lines(paper, [f"原文：“{quote.text}”（{quote.place}）"], "Quote")


def _indicator_lines(verdict: Verdict) -> list[str]:
    value, demand = words.value_words(verdict), words.demand_words(verdict)
    lines = [f"条款：{verdict.clause}"] if verdict.clause else []
    if value or demand:
        gap = words.gap_words(verdict)
        lines.append(
            "，".join(filter(None, (f"数值：{value or '无数据'}", f"要求{demand}" if demand else "", gap)))
        )
    lines += [verdict.remark] if verdict.remark else []
    lines += words.part_lines(verdict)
    lines += [f"未达到的：{'、'.join(verdict.failing)}"] if verdict.failing else []
    lines += [f"缺数据的学校：{'、'.join(verdict.missing)}"] if verdict.missing else []
    lines += [f"还需要：{'；'.join(verdict.wanted)}"] if verdict.wanted else []
    return lines


def _steps(paper: Document, check: Check) -> None:
    paper.add_heading("五、未达标和缺数据指标的计算过程", 1)
    standard = words.standard_of(check)
    rows = [
        (
            unit.school.name,
            words.STAGES[unit.stage],
            f"{verdict.code} {verdict.name}",
            "\n".join(explain(unit, verdict, standard)),
            "、".join(f"{cell.ref}={cell.printed.strip() or '空白'}" for cell in verdict.cells),
        )
        for unit in words.failing_first(check.units)
        for verdict in unit.verdicts
        if verdict.status != "met" and standard is not None
    ]
    if rows:
        write_table(paper, ("学校", "学段", "指标", "计算", "单元格"), rows)
    else:
        write_lines(paper, ["没有。"])
