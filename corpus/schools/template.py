"""An empty school table to fill in: every column with a note, the types as lists, and a sheet of explanations.

The explanations list the columns one below the other, so that sheet is never taken for a table.
"""

from __future__ import annotations

import io
from pathlib import Path

from corpus.errors import JunhengError
from corpus.schools.columns import AREAS, COLUMNS, KINDS, WORDS
from corpus.schools.grid import letters
from corpus.schools.model import Column

SHEET = "学校数据"
NOTES = "说明"
ROWS = 500
"""Rows that have the lists of types."""

_ABOUT: dict[str, str] = {
    "name": "每校一行；有校区的，每个校区单独一行。校名是空的行照常计算，但会提示。",
    "kind": "从列表中选。特殊教育学校和不足50人的教学点不参加七项指标的评估，但仍要填。",
    "area": "从列表中选。",
    "code": "学校标识码。",
    "students.primary": "小学在校学生数。没有小学段的学校留空。",
    "students.junior": "初中在校学生数。没有初中段的学校留空。",
    "students.senior": "高中在校学生数，用于完全中学、十二年一贯制学校分摊用房和设备。没有高中段的学校留空。",
    "classes": "教学班的个数。",
    "largest_class": "人数最多的一个班有多少学生。",
    "qualified_teachers.primary": "专科及以上学历的小学专任教师。",
    "qualified_teachers.junior": "本科及以上学历的初中专任教师。",
    "backbone_teachers": "县级及县级以上的骨干教师，县级也算。",
    "arts_teachers": "体育、音乐、美术、艺术专任教师。",
    "teaching_area": "包括室内体育用房；计算时会减去。",
    "indoor_sports_area": "没有的填 0；留空表示没有数据，生均教学及辅助用房面积就无法计算。",
    "sports_area": "体育馆和校内体育场的面积。",
    "equipment_value": "账面原值，单位万元；若填元，请把表头改为“教学仪器设备值(元)”。",
    "multimedia_rooms": "接入网络的多媒体教室。",
    "music_rooms": "没有的填 0。",
    "art_rooms": "没有的填 0。",
    "smallest_music_room": "最小的一间音乐专用教室的面积。",
    "smallest_art_room": "最小的一间美术专用教室的面积。",
    "teachers": "全校专任教师。",
    "certified_teachers": "持有教师资格证的专任教师，不多于专任教师数。",
    "exchanged_teachers": "本年度交流轮岗的教师。",
    "eligible_teachers": "符合交流轮岗条件的教师。",
    "exchanged_backbone": "交流轮岗的教师中的骨干教师。",
}
_RULES = (
    "空格表示没有数据，不表示 0。没有的请填 0。",
    "只填准确的数；“约600”“600左右”“未统计”这样的内容都按没有数据处理。",
    "列的先后可以改，表头上方可以加标题行；不要改表头的意思。",
    "合计、小计行不需要；有的话不会当作学校。",
    "没有标“可不填”的列都要保留，即使整列是空的。",
)


def write_template(path: Path) -> None:
    """Write an empty table to ``path``.

    Raises:
        JunhengError: there is a file already, it is not to be an .xlsx, or the folder cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise JunhengError(f"{path}：空表是 .xlsx 文件，请给出以 .xlsx 结尾的文件名。")
    try:
        with path.open("xb") as file:
            file.write(template())
    except FileExistsError:
        raise JunhengError(f"{path}：已有这个文件，没有覆盖。请换一个文件名。") from None
    except OSError as error:
        raise JunhengError(
            f"{path}：写不了这个文件（{error.strerror or error}）。请检查文件夹和权限。"
        ) from None


def template() -> bytes:
    """Return the empty table as the bytes of a workbook."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    fills = {True: PatternFill("solid", fgColor="DCE6F1"), False: PatternFill("solid", fgColor="EDEDED")}
    for place, (key, column) in enumerate(COLUMNS.items(), 1):
        cell = sheet.cell(1, place, column.header)
        cell.font, cell.fill = Font(bold=True, italic=not column.required), fills[column.required]
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.comment = Comment(f"{about(column)}{_must(column)}", "junheng", width=260, height=110)
        sheet.column_dimensions[letters(place)].width = 26 if key == "name" else 14
        if key == "code":
            for row in range(2, ROWS + 2):
                sheet.cell(row, place).number_format = "@"  # a code may begin with zeros
        if key in ("kind", "area"):
            words = dict.fromkeys(KINDS.values() if key == "kind" else AREAS.values())
            choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
            choice.error, choice.errorTitle = "请从列表中选择", COLUMNS[key].header
            choice.add(f"{letters(place)}2:{letters(place)}{ROWS + 1}")
            sheet.add_data_validation(choice)
    sheet.row_dimensions[1].height = 48
    sheet.freeze_panes = "B2"
    notes = book.create_sheet(NOTES)
    for line in ("填表说明", *_RULES):
        notes.append([line])
    notes.append([])
    notes.append(["列名", "单位", "是否必填", "怎样填"])
    for column in COLUMNS.values():
        notes.append(
            [column.header, column.unit or "文字", _must(column, "必须有此列", "可不填"), about(column)]
        )
    for name, width in zip("ABCD", (30, 10, 12, 80), strict=True):
        notes.column_dimensions[name].width = width
    notes["A1"].font = Font(bold=True, size=14)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def about(column: Column) -> str:
    """Say what a column holds, for whoever fills it in."""
    said = _ABOUT.get(column.key) or _ABOUT[column.key.partition(".")[0]]
    whole = "填整数。" if column.whole and column.key not in WORDS else ""
    return (f"单位：{column.unit}。" if column.unit else "") + whole + said


def _must(column: Column, required: str = "", optional: str = "（此列可不填，也可删去）") -> str:
    return required if column.required else optional
