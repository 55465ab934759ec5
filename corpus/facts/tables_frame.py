"""What holds for all cells of a table: its title, its year, the units said once for all, its section."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.catalogue import stages_in
from corpus.facts import labels
from corpus.facts.tables_layout import Block
from corpus.facts.tables_units import stated_in, tells_unit
from corpus.model import Kind, Period, Report
from corpus.periods import read_periods, resolve

_DATE = re.compile(
    r"[^\w]*(?:(?:发布|公布|印发|发文|成文|填报|填表|制表)?(?:时间|日期)|来源|更新时间)?[^\w]*20\d\d\s*[年./-]\s*\d{1,2}[\s\d月日:./-]*"
    r"(?:[^\w]*来源.*)?[^\w]*$"
)
"""A line that tells only when the report was published or the table filled in: no title of a table."""
_SOURCE = re.compile(
    r"\W*(?:(?:信息|数据|资料|文章|稿件)?来源|发布(?:机构|单位|者)|作者|供稿|索引号|主题分类|浏览(?:次数|量)?|点击(?:次数|量)?"
    r"|字号|字体|(?:责任)?编辑|(?:填报|填表|制表|报送)(?:单位|部门|机关|人)|制表|表号|有效期至?) ?:"
)
"""A line about the page or the form: no title of a table."""
_PUBLISHED = re.compile(r"(?:发布|公布|印发|填报|填表|制表|编制|打印|更新)(?:时间|日期)? ?[:为]?")
_SENTENCE = re.compile(r"。|;.{20}")
_POINTS = re.compile(r"如下|下表|见表|:$")
_PLANNED = re.compile(
    r"(?:年度?|部门|收支|经费)预算(?:表|安排|草案|收支表|编制)|(?:招生|工作|实施)?计划(?:表|安排表|分解表)|目标(?:任务)?(?:分解)?表|任务分解表"
)
_PLANNING = re.compile(
    r"规划|纲要|目标(?!完成|责任|管理|达成)|预测|展望|计划(?!生育|完成|执行)|远景|“?十[三四五六七八九]五”?"
)
_BINDING = re.compile(r"(?:预期|约束|指导|引导)性(?:指标)?")
_ALL_STAGES = re.compile(r"各级|各类|各学段|各阶段|分学段|全部学段")
_REACH = 400
_MOST = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """``title`` names the table, ``context`` is it as printed, ``year`` the year that 本年 means in it."""

    title: str
    context: str
    units: tuple[str, ...]
    period: str | None
    year: int | None
    section: str
    kind: Kind
    planning: bool = False
    """The table sets out what is to come: figures of years after the report are targets."""
    stage: str | None = None
    """The stage of the section, where the table says nothing of stages."""

    def resolve(self, relative: str) -> str | None:
        """Return the key of words such as 上年 or 上学年, counted from the table's year."""
        if self.period and "/" in self.period and relative in ("本年", "上年", "本年度", "上年度"):
            first, last = self.period.split("/")
            if first.isdigit() and last.isdigit() and int(last) == int(first) + 1:
                back = relative.startswith("上")
                return f"{int(first) - back}/{int(last) - back}"
        return resolve(Period(0, 0, None, relative), year=self.year)


def frame_of(report: Report, folded: str, block: Block) -> Frame:
    """Return the frame of ``block`` by the lines above it and its section's heading."""
    above = _above(folded, block)
    section = report.section_at(block.start)
    path = section.path if section else ()
    plain = [line for line in above if not _DATE.match(line) and not _SOURCE.match(line)]
    titles = [line for line in plain if not _only_unit(line)]
    title = _title(titles)
    period = _year(title) or next(
        (y for line in reversed(plain) if len(line) < 60 and (y := _year(line))), None
    )
    if period is None and path:
        period = next((y for head in reversed(path) if (y := _year(head[:120]))), None)
    if period is None and report.year:
        period = str(report.year)
    if period and not (period[:4].isdigit()):
        period = None
    stage = None if _tells_stages(title, block) else _section_stage(path)
    year = int(period[:4]) if period else report.year
    kind: Kind = "plan" if _PLANNED.search(title) else "actual"
    context = title or (path[-1] if path else "")
    lines = _without_units_of_before(folded, block, [*above, *block.above], title)
    if not stated_in(lines):
        lines = [_below(folded, block)]
    planning = any(_PLANNING.search(words) for words in (title, *path, report.title or "")) or binds(block)
    return Frame(
        title, context[:120], stated_in(lines), period, year, " > ".join(path), kind, planning, stage
    )


def _without_units_of_before(folded: str, block: Block, lines: list[str], title: str) -> list[str]:
    """Return the lines about a table but for a unit that stands over its title, right below another table."""
    if title not in lines or not _below_table(folded, block):
        return lines
    at = lines.index(title)
    return [line for i, line in enumerate(lines) if i >= at or not _only_unit(line)]


def _below_table(folded: str, block: Block) -> bool:
    """Tell whether the lines over a table stand right below another one."""
    before = folded[max(0, block.start - _REACH) : block.start].rstrip().split("\n")
    return any(line.count("|") > 1 for line in before)


def _below(folded: str, block: Block) -> str:
    """Return the line below a table if it says the unit and no further table follows that it may head."""
    lines = [line.strip() for line in folded[block.end : block.end + _REACH].split("\n") if line.strip()]
    if not lines or not _only_unit(lines[0]):
        return ""
    return "" if len(lines) > 1 and lines[1].count("|") > 1 else lines[0]


def _tells_stages(title: str, block: Block) -> bool:
    """Tell whether a table says itself which stages its figures are of, or that they are of all."""
    heads = (
        *(cell for column in block.columns for cell in column.heads),
        *(c for row in block.rows for c in row.names),
    )
    return bool(_ALL_STAGES.search(title)) or any(
        stages_in(words) for words in (title, *(cell.text for cell in heads))
    )


def _section_stage(path: tuple[str, ...]) -> str | None:
    """Return the id of the stage that the heading over a table says and nothing else ("二、学前教育")."""
    found = labels.bare_stage(re.sub(r"^\S{1,3}[、.]", "", path[-1])) if path else None
    return found[0] if found else None


def binds(block: Block) -> bool:
    """Tell whether a column of the table says of its figures that they are expected or binding, as plans do."""
    cells = [cell.text for row in block.rows for cell in row.cells if cell.looks == "text"]
    return any(_BINDING.fullmatch(text) for text in cells)


def _above(folded: str, block: Block) -> list[str]:
    """Return the lines with words that may belong to the table, from the top: those before it and its captions."""
    low = max(0, block.start - _REACH, block.top)
    piece = folded[low : block.start]
    lines = [line.strip().lstrip("#").strip() for line in piece.split("\n")]
    if low and folded[low - 1] != "\n" and low != block.top:
        lines = lines[1:] or lines
    rows = [i for i, line in enumerate(lines) if line.count("|") > 1]
    lines = lines[rows[-1] + 1 :] if rows else lines  # what stands before another table is that table's
    lines = [line for line in lines if line and "|" not in line]
    return [*lines[-_MOST:], *block.above]


def _only_unit(line: str) -> bool:
    """Tell whether a line says nothing but the unit ("单位:万元")."""
    return tells_unit(line) and len(re.sub(r"\(?(?:计量|金额)?单位 ?[:为].*", "", line).strip(" ()")) < 4


def _title(lines: list[str]) -> str:
    """Return the nearest line that may be the title; of running text its last sentence, if it points to the table."""
    for line in reversed(lines[-4:]):
        plain = re.sub(r"[,;(]? ?(?:计量|金额)?单位 ?[:为].*$", "", line).strip(" (,;")
        if not plain:
            continue
        if len(plain) <= 60 and not _SENTENCE.search(plain):
            return plain
        last = [s for s in re.split(r"[。;]", line) if s.strip()]
        return last[-1].strip()[-80:] if last and _POINTS.search(last[-1]) else ""
    return ""


def _year(line: str) -> str | None:
    """Return the year, or the years in a row, that a line names, if it names one only."""
    line = _PUBLISHED.split(line)[0] if _PUBLISHED.search(line) else line
    keys = [p.key for p in read_periods(line) if p.key]
    if not keys and (match := re.search(r"(?<!\d)(20\d\d)(?!\d)", line)) and len(line) < 60:
        keys = [match[1]]
    found = {key if re.fullmatch(r"\d{4}(?:/\d{4})?", key) else key[:4] for key in keys}
    return found.pop() if len(found) == 1 else None
