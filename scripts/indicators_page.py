"""Write docs/indicators.md from the catalogue (``--check`` only compares).

    .venv/bin/python scripts/indicators_page.py

The page is for the officials who read it, hence in Chinese; a test holds it against the catalogue.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import yaml

from corpus.catalogue import indicators
from corpus.model import Indicator

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "corpus" / "indicators"
PAGE = ROOT / "docs" / "indicators.md"

TITLES = {
    "funding": "教育经费总量", "funding_sources": "经费来源与项目", "funding_per_student": "生均经费与标准",
    "schools": "学校、班级与学位", "students": "学生与幼儿", "enrolment_rates": "入学、升学与占比",
    "access": "普及、普惠与保障", "teacher_numbers": "教职工与教师人数", "teacher_quality": "教师结构与配备",
    "teachers": "优质均衡与办学条件(每百名、生均)", "facilities": "校舍与装备", "special_and_aid": "特殊教育与学生资助",
    "quality": "质量、督导与课后服务", "dispersion": "校际差异系数",
}  # fmt: skip
HEAD = """# 指标目录

资料里的数是哪一项指标，以这个目录为准。共 {count} 项，由 `corpus/indicators/` 用 `scripts/indicators_page.py` 生成，请改目录，不要改本页。

- **名称不同、含义相近的不混用**：同一“易混组”里的指标各算各的，不能互相替代或比较。
- **限全称**：这些名称（如“在校生”“专任教师”）只有在前面没有别的限定时才算这一项；“民办小学在校生”“某某小学在校生”不算。学段、地区、年份不算限定。
- **方向**：↑ 越高越好，↓ 越低越好，空白表示不分高低。
- **依据**：注明“未核实”的，未见到原文，以文件原文为准；“地方报告用语”没有全国统一定义，口径以报告原文为准。"""
DIRECTION = {"up": "↑", "down": "↓", None: ""}


def page() -> str:
    """Return the page as it must be."""
    lines = [HEAD.format(count=len(indicators()))]
    for name in TITLES:
        lines += [
            "",
            f"## {TITLES[name]}",
            "",
            "| 指标 | 也叫 | 单位 | 分学段 | 方向 | 口径 | 依据 |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        lines += [_row(item) for item in _of(name)]
    lines += ["", "## 易混组", "", "同一行的指标不混用。", ""]
    alike: dict[str, list[str]] = defaultdict(list)
    for item in indicators().values():
        if item.family:
            alike[item.family].append(item.name)
    lines += [f"- {'、'.join(names)}" for _, names in sorted(alike.items()) if len(names) > 1]
    return "\n".join(lines) + "\n"


def _of(name: str) -> list[Indicator]:
    entries = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return [indicators()[entry["id"]] for entry in entries]


def _row(item: Indicator) -> str:
    name = f"{item.name}（限全称）" if item.alone else item.name
    others = "、".join(item.synonyms[:6]) + (" 等" if len(item.synonyms) > 6 else "")
    staged = "是" if item.per_stage else ""
    cells = (name, others, item.unit or "—", staged, DIRECTION[item.direction], item.note, item.defined_in)
    return f"| {' | '.join(cells)} |"


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` return 1 if it is not what the catalogue says."""
    if {path.stem for path in FOLDER.glob("*.yaml")} != set(TITLES):
        print("every file of corpus/indicators needs a title in this script", file=sys.stderr)
        return 1
    if "--check" in arguments:
        return int(PAGE.read_text("utf-8") != page())
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
