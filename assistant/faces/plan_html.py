"""HTML of a plan: what each school must add, who gives teachers to whom, what the coefficients become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from assistant.faces import compliance_words as words

Plan = Mapping[str, Any]
"""A plan in the contract's shape: what programs get is what a person sees."""


PROOFS = {
    "optimal": "已证明是最少的",
    "rounded": "最少总量按各校进位后的数",
    "gap": "足够，但没有证明是最少的",
}
"""How sure it is that no smaller total would do."""


def offer() -> str:
    """Return the button that asks for a plan, which may take some seconds."""
    return (
        '<section><h2>要补和要调的</h2><p class="jh-hint">测算每所学校要补多少、教师怎样调剂最少、'
        "差异系数会降到多少；学校多时要等几秒到二十秒。</p>"
        '<p><button type="button" class="jh-do" data-plan="1">测算补充方案</button></p></section>'
    )


def plan(made: Plan, names: Mapping[str, str]) -> str:
    """Return a plan; ``names`` gives the short name of each indicator."""
    notes = "".join(f"<li>{escape(str(note))}</li>" for note in made["notes"])
    told = f"<h3>说明</h3><ul>{notes}</ul>" if notes else ""
    further = made.get("dispersion_additions", ())
    more = _further(further, made.get("further", ()), names) if further else ""
    return (
        '<section class="jh-plan" data-asked="1"><h2 tabindex="-1">要补和要调的</h2>'
        f"{_additions(made['additions'], names)}{_moves(made['moves'], names)}{more}"
        f"{_dispersion(made['dispersion'], names)}{told}</section>"
    )


def addition_words(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Say one addition: "初中 1.2 …：现有8人，需要9人，补1人"."""
    stage = words.STAGES.get(one["stage"] or "", "全校")
    unit = one["unit"]
    said = f"现有{one['have']}{unit}，需要{one['need']}{unit}，补{one['add']}{unit}"
    return f"{stage} {named(one['code'], names)}：{said}".strip()


def _additions(found: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    heading = "<h3>各校要补的（各项全部达到要求）</h3>"
    return heading + (_rows(found, names) if found else "<p>没有要补的。</p>")


def _rows(found: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(one["school"])}</th>'
        f"<td>{words.STAGES.get(one['stage'] or '', '全校')}</td>"
        f"<td>{escape(named(one['code'], names))}</td>"
        + "".join(f"<td>{escape(one[key] + one['unit'])}</td>" for key in ("have", "need"))
        + f"<td><b>{escape(one['add'] + one['unit'])}</b></td></tr>"
        for one in found
    )
    return _table(("学校", "学段", "指标", "现有", "需要", "要补"), rows)


def _further(
    found: Sequence[Mapping[str, Any]], proofs: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> str:
    """Return what has to come on top so that the coefficients keep their limits, and how sure the least is."""
    unit = {one["code"]: one["unit"] for one in found}
    items = "".join(
        f"<li>{escape(named(one['code'], names))}：共{escape(one['total'] + unit[one['code']])}，"
        f"{PROOFS.get(one['proof'], '')}</li>"
        for one in proofs
        if one["code"] in unit
    )
    return f"<h3>为缩小差异另外要补的</h3><ul>{items}</ul>{_rows(found, names)}"


def _moves(found: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    parts = []
    for one in found:
        title = f"{words.STAGES.get(one['stage'], '')} {named(one['code'], names)}"
        said = f"调剂{one['moved']}人，另补{one['added']}人。{one.get('why', '')}"
        items = "".join(
            f"<li>{escape(move['from'])} → {escape(move['to'])}：{escape(str(move['count']))}人</li>"
            for move in one["transfers"]
        )
        items += "".join(
            f"<li>{escape(more['school'])}：另补{escape(str(more['count']))}人</li>"
            for more in one.get("additions", ())
        )
        parts.append(
            f"<p><b>{escape(title)}</b>：{escape(said)}</p>" + (f"<ul>{items}</ul>" if items else "")
        )
    return f"<h3>教师调剂（调动人数最少）</h3>{''.join(parts)}" if parts else ""


def _dispersion(found: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    if not found:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{words.STAGES.get(one["stage"], "")} {escape(named(one["code"], names))}</th>'
        + "".join(f"<td>{escape(one.get(key) or '—')}</td>" for key in ("cv_before", "cv_after", "cv_final"))
        + f"<td>≤{escape(one['limit'])}</td></tr>"
        for one in found
    )
    heads = ("指标", "现在", "各校补足后", "另外补后", "限值")
    return f"<h3>差异系数的变化</h3>{_table(heads, rows)}"


def named(code: str, names: Mapping[str, str]) -> str:
    return f"{code} {names.get(code, '')}".strip()


def _table(heads: Sequence[str], rows: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (
        '<div class="jh-scroll" tabindex="0" role="region" aria-label="可左右滚动"><table class="jh-cv">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
