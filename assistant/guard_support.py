"""What is said must be covered by the words of what is cited, and what is cited must be used."""

from __future__ import annotations

import re

from assistant.guard_checks import asked as asked_for
from assistant.guard_checks import bound, is_result
from assistant.guard_facts import fact_objection
from assistant.guard_quotes import quoted_span
from assistant.guard_said import Said
from corpus.catalogue import catalogue_names
from corpus.folding import fold
from corpus.model import Fact
from tools.calculation import Calculation
from tools.evidence import Missing, Sentence
from tools.words import coverage, terms

ENOUGH = 0.6
"""Share of the content words of a piece that its sources must say."""
BARELY = 0.35
"""The same where every weighty word is said and only actions or single characters are not."""
_FRAME = re.compile(
    r"报告载明|用报告的数据复算|用报告里的数|复算结果与报告的|复算|与报告的|报告的|报告|据此计算|按人数计算|按数据计算|按报告数据|"
    r"问题的前提|前提|换算为|换算成|换算|折合|合计|总计|共计|一共|相差|前者|后者|原文逐一列出的学校|相关数据|结果|数据|计算|比上期|"
    r"没有达到|已达到|正好达到|达到|还差|高出|一致|不一致|算得对|不对|略有出入|原数|四舍五入|允许的范围内|允许|范围|相同|不同|"
    r"占比|比例|比重|占|增长率|增幅|增速|增长|下降|增加|减少|提高|降低|变化|上升|差额|最高|最低|最多|最少|单位|是的|不是|属计划|属目标|属规定要求|"
    r"按国家标准|可比|比较|说明|口径|资料|证据|其中|分别|情况|具体|如下|主要|包括|以及|方面|全年|当年|倍|算出来|人数|"
    r"没有做到|给出|提供|判断|另一项|做到|只增不减|只能判断|可比较|已有|总支出|各学段|生均支出"
)


def _names(fact: Fact) -> list[str]:
    return [
        n
        for n in (*catalogue_names(fact), fold(fact.metric), fold(fact.label), fold(fact.subject))
        if len(n) > 1
    ]


_NEGATION = re.compile(r"没有|并未|尚未|从未|未|并非|不是|不能|不再|无法|无须|并不|缺乏|缺少|难以")


def support_objections(said: Said) -> list[str]:
    """Object if the piece says things that neither its sources nor the question nor plain framing hold."""
    text = said.text
    for quantity in reversed(said.own_quantities):
        text = text[: quantity.full_start - said.begin] + " " + text[quantity.full_end - said.begin :]
    reports = [report for s in said.sentences if (report := said.report(s.report_id)) is not None]
    regions = {f.region for f in said.all_facts} | {report.region for report in reports}
    for name in {m.written for m in said.places} | {region for region in regions if region}:
        text = text.replace(name, " ")  # also a place that the gazetteer does not know
    for name in sorted({n for f in said.all_facts for n in _names(f)}, key=len, reverse=True):
        text = text.replace(name, " ")
    text = _FRAME.sub(" ", text)
    asked = terms(text)
    if sum(term.weight for term in asked) < 1:
        return []  # nothing but joining words
    fields = [(said.cited_text, 1.0), *((said.own_words(f), 1.0) for f in said.all_facts)]
    fields += [
        (fold(f"{c.label} {c.formula} {c.subject} {' '.join(c.notes)}"), 1.0) for c in said.calculations
    ]
    fields += [(fold(f.section), 0.7) for f in said.all_facts] + [
        (fold(s.section), 0.7) for s in said.sentences
    ]
    fields += [(said.question, 0.6)] if said.all_facts else []
    held = coverage(asked, fields)
    why = []
    if held.share < (ENOUGH if held.absent else BARELY):
        why.append(f"中的“{'、'.join(held.absent[:4]) or '说法'}”在所引证据里没有")
    if said.sentences and not said.calculations and not said.absences:
        for match in _NEGATION.finditer(said.text):
            if match.group() not in said.cited_text and not re.search("[不未没无难缺]", _around(match, said)):
                why.append(f"中的“{match.group()}”与原文不符")
    return why


def _around(match: re.Match[str], said: Said) -> str:
    """Return the source's words before the word that the negation governs."""
    word = said.text[match.end() : match.end() + 2]
    at = said.cited_text.find(word) if word else -1
    return said.cited_text[max(0, at - 4) : at] if at >= 0 else ""


_VERDICT = re.compile(r"达|超|差|够|[高低多少]于|以[内上下]|不足|突破|不到|满足|[高低多少]出|相[等同]|等于")


def unused_objections(said: Said) -> list[str]:
    """Every cited item must bear out something in its piece."""
    inputs = {f.id for f in said.inputs}
    quotes = re.findall(r"「([^」]*)」", said.raw)
    why: list[str] = []
    # Amounts of the question ("没有达到85%") are no results.
    stated = [q for q in said.own_quantities if not asked_for(q, said.question)]
    absent = any(e.key in said.verbatim and isinstance(e.item, Missing) for e in said.cited)
    for item in said.cited:
        held = item.item
        if isinstance(held, Fact):
            fine = (
                held.id in inputs
                or _shown(held, quotes, item, said)
                or (absent and held.id in said.introduced)
            )
        elif isinstance(held, Calculation):
            result = any(is_result(held, q) for q in said.own_quantities)
            bar = (
                held.name == "gap"
                and re.search("达到|达标", said.text)
                and any(q.value == held.inputs[0].value for q in said.quantities)
            )
            # "完成率为100%" is not borne out by how far that is from the 100% of the question
            level = held.name == "gap" and said.own_quantities and not _VERDICT.search(said.text)
            fine = item.key in said.verbatim or result or bar or (not stated and not level)
        elif isinstance(held, Sentence):
            fine = any(quoted_span(q, item, said.report(held.report_id)) for q in quotes) or _echoes(
                held, said
            )
        else:
            fine = True
        if not fine:
            why.append(f"引用的[e:{item.key}]与所写的话无关")
    return why


def _shown(fact: Fact, quotes: list[str], item: object, said: Said) -> bool:
    if any(fact in bound(q, said) and fact_objection(fact, q, said) is None for q in said.own_quantities):
        return True
    report = said.report(fact.report_id)
    return any(quoted_span(q, item, report) is not None for q in quotes)  # type: ignore[arg-type]


def _echoes(sentence: Sentence, said: Said) -> bool:
    asked = terms(_FRAME.sub(" ", said.text))
    return (
        bool(asked)
        and coverage(asked, [(fold(sentence.text), 1.0), (fold(sentence.section), 0.5)]).share >= 0.3
    )
