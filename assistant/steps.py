"""What a step is called while a question is worked on: the tool, never what a model wrote of it."""

from __future__ import annotations

LABELS = {
    "find_facts": "查找数据", "search_passages": "查找原文", "growth": "计算增幅", "difference": "计算差额", "ratio": "计算倍数",
    "share": "计算占比", "sum": "求和", "rank": "排序", "compare": "核对是否可比", "convert": "换算单位", "recompute": "用报告的数复算",
    "gap": "计算差距", "average": "计算平均", "remain": "扣除各项", "earlier": "推算上期", "read_section": "读取章节", "find_documents": "查找文号", "describe_standard": "查国家标准", "count_listed": "清点名称",
    "check_compliance": "检查达标情况", "school_indicators": "查一所学校的指标", "school_cells": "查学校数据表", "dispersion": "计算差异系数",
    "county_indicators": "查县级指标", "plan_additions": "算还要补多少", "plan_moves": "算校际调配", "what_if": "按假设重算",
    "audit_report": "核对报告的数", "standard_limits": "查标准的要求", "standard_variants": "查省级标准", "standard_rules": "查标准的规则",
}  # fmt: skip
