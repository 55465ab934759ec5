"""The report on a file of cases as one HTML page: no script, nothing loaded from anywhere, every text escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape

from assistant.answer import Answer
from assistant.faces import forms
from assistant.faces.evaluation_report import Judged, Report, expected_of
from assistant.faces.talk_forms import local
from assistant.judging.tally import Kind, Share, quantile

_STYLE = """
:root { color-scheme: light dark; --line: #d5dae0; --soft: #59636e; --bad: #b42318; --good: #1a7f37; --paper: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #9198a1; --bad: #ff7b72; --good: #57ab5a; --paper: #151b23; } }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6;
  font-family: "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 400; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.bad { color: var(--bad); } .good { color: var(--good); } .soft { color: var(--soft); }
article { border: 1px solid var(--line); border-radius: 6px; padding: .2rem 1rem .6rem; margin: 1rem 0; }
article h3 { font-size: 1rem; } pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--paper); padding: .5rem; }
dt { color: var(--soft); } dd { margin: 0 0 .4rem; overflow-wrap: anywhere; white-space: pre-wrap; }
"""


def page(report: Report) -> str:
    """Return the whole page."""
    title = f"评测报告 · {report.file}"
    body = "".join(
        (
            f"<h1>{escape(title)}</h1>",
            _paragraph(_about(report), "soft"),
            _overview(report),
            _kinds("按类型", report.tally.kinds, "类型"),
            _kinds("应拒答的，按应给的原因", [_in_words(kind) for kind in report.tally.reasons], "原因"),
            _failures(report.failed),
        )
    )
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _about(report: Report) -> str:
    reports, facts = report.corpus
    modes = (
        "、".join({"llm": "语言模型", "embedded": "内置规则"}.get(one, one) for one in report.modes) or "—"
    )
    return f"{local(report.at)}，资料 {reports} 份、数据 {facts} 条，作答：{modes}"


def _overview(report: Report) -> str:
    found = report.tally
    breaches = sum(bool(case.breaches) for case in report.cases)
    unfinished = sum(case.asked.answer is None for case in report.cases)
    median, late = quantile(report.elapsed, 0.5), quantile(report.elapsed, 0.95)
    rows = [
        (
            "案例",
            str(len(report.cases)),
            f"其中写明要求的 {found.total.cases} 个，没有完成的 {unfinished} 个",
        ),
        ("答对", _share(found.total.accuracy), "合乎案例全部要求的"),
        ("错误数字", _bad(found.total.wrong), "答案给出了不对的数，或资料没有的数"),
        ("覆盖", _share(found.coverage), "资料能回答的案例中，作了答的（不论对错）"),
        ("作答的正确率", _share(found.correctness), "作了答的案例中，答对的"),
        ("拒答准确率", _share(found.refusal_precision), "拒答的案例中，确实该拒答的"),
        ("拒答召回率", _share(found.refusal_recall), "应拒答的案例中，拒答了的"),
        (
            "出处核对不过的答案",
            _bad(breaches),
            f"重新核对了全部答案里的 {report.figures} 个数：原文、算式、来源",
        ),
        ("用时", f"中位 {_ms(median)}，95% 在 {_ms(late)} 以内", f"{len(report.elapsed)} 问，已预热"),
    ]
    cells = "".join(
        f'<tr><th scope="row">{name}</th><td>{value}</td><td class="soft">{escape(what)}</td></tr>'
        for name, value, what in rows
    )
    return f"<h2>总览</h2><table><tbody>{cells}</tbody></table>"


def _ms(value: int | None) -> str:
    return "—" if value is None else f"{value} 毫秒"


def _share(share: Share) -> str:
    return "—" if share.percent is None else f"{share.percent}%（{share.part}/{share.whole}）"


def _bad(number: int) -> str:
    return f'<b class="{"bad" if number else "good"}">{number}</b>'


def _in_words(kind: Kind) -> Kind:
    words = "、".join(forms.REASON_WORDS.get(one, one) for one in kind.name.split("/"))
    return Kind(words, kind.cases, kind.right, kind.wrong)


def _kinds(title: str, kinds: Sequence[Kind], name: str) -> str:
    if not kinds:
        return ""
    rows = "".join(
        f'<tr><td>{escape(kind.name)}</td><td class="n">{kind.cases}</td><td class="n">{kind.right}</td>'
        f'<td class="n">{kind.accuracy.percent or "—"}%</td><td class="n">{_bad(kind.wrong)}</td></tr>'
        for kind in kinds
    )
    heads = "".join(f'<th scope="col" class="n">{one}</th>' for one in ("案例", "答对", "正确率", "错误数字"))
    return (
        f'<h2>{title}</h2><table><thead><tr><th scope="col">{name}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _failures(failed: Sequence[Judged]) -> str:
    if not failed:
        return "<h2>没有通过的案例</h2><p>没有。</p>"
    return f"<h2>没有通过的案例（{len(failed)}）</h2>" + "".join(map(_failure, failed))


def _failure(case: Judged) -> str:
    asked, outcome = case.asked, case.outcome
    expected = expected_of(asked.case.expected)
    lines = [("问", "\n".join(asked.case.turns))]
    if outcome is not None and outcome.wrong:
        lines.append(("错误数字", outcome.wrong))
    if outcome is not None and outcome.misses:
        lines.append(("不合要求", "；".join(outcome.misses)))
    if case.breaches:
        lines.append(("出处", "；".join(case.breaches)))
    if asked.problem:
        lines.append(("没有完成", asked.problem))
    lines.append(("要求", json.dumps(expected, ensure_ascii=False)))
    if asked.answer is not None:
        lines.append(("答", "\n".join(_answer_lines(asked.answer))))
    cells = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in lines)
    kind = asked.case.expected.get("kind")
    head = escape(f"{asked.case.id}{f' · {kind}' if kind else ''}")
    return f"<article><h3>{head}</h3><dl>{cells}</dl></article>"


def _answer_lines(answer: Answer) -> Iterable[str]:
    state = forms.STATUS_WORDS[answer.status]
    yield f"[{state}{f'：{forms.REASON_WORDS[answer.reason]}' if answer.reason else ''}]"
    yield answer.text
    yield from (f"注意：{warning}" for warning in answer.warnings)
    for number, made in enumerate(answer.calculations, start=1):
        yield f"算式{number}：{made.steps or made.formula}"
    for number, citation in enumerate(answer.citations, start=1):
        yield f"[{number}] {citation.place}：{' '.join(citation.quote.split())}"


def _paragraph(text: str, look: str) -> str:
    return f'<p class="{look}">{escape(text)}</p>'
