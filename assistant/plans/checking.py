"""Does a figure hold? Recompute what the report states and say what came out."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from assistant.guard_statements import broken
from assistant.plans.auditing import steps
from assistant.plans.common import chosen, distinct, search
from assistant.plans.values import confirm
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure
from assistant.question import Ask
from assistant.writing import (
    absent,
    by_kind,
    calculation_of,
    facts_of,
    name_of,
    rate_words,
    subject,
    when,
)
from corpus.audit_words import topic_of
from corpus.folding import fold
from corpus.model import Fact, Quantity
from corpus.quantities import read_quantities
from corpus.units import dimension
from tools.calculation import Calculation
from tools.evidence import Evidence, Missing, Statement, amount, missing, plain
from tools.recompute import judge
from tools.words import coverage, terms

_RATED = ("percent", "permille", "percent_point", "money")
ROLES = ["rate", "change", "share", "level"]


@procedure("recheck")
def recheck(ask: Ask, desk: Desk) -> Procedure:
    """Recompute the stated figure; agree, name rounding, contradict, or say why it cannot be done."""
    claims = yield from _claims(ask)
    if _counted(ask) and not any(_is(e, q) for e in claims for q in ask.given):
        told: Draft = yield from confirm(ask, desk)  # no such figure: say which there is
        if told.status == "answered":
            return told
    facts = list(by_kind(claims, "fact"))
    if not facts:
        return absent(claims, ask, desk)
    lines: list[Line] = []
    values: list[Evidence] = []
    warnings: list[str] = []
    for claim in facts[:6]:
        fact = claim.item
        assert isinstance(fact, Fact)
        audited = yield Call("audit_report", {"claim": fact.id, "detail": True})
        judged = [e for e in audited if _sound(e, desk, ask)]
        done: list[Evidence] = []
        if not judged or not any(isinstance(e.item, Calculation) for e in audited):
            done = yield Call("recompute", {"claim": fact.id})
        if judged:
            line, used, warned = _audited(claim, judged, audited, done, ask, desk)
        else:
            line, used, warned = _verdict(claim, done, ask, desk)
        lines += line
        values += used
        warnings += warned
    return Draft(tuple(lines), values=tuple(values), warnings=tuple(dict.fromkeys(warnings)))


_WARNINGS = {
    "inconsistent": "报告载明的数与按其数据计算的结果不一致",
    "rounding": "差异可由四舍五入解释",
    "not_recomputable": "这个数无法用报告里的数据复算",
}


def _sound(item: Evidence, desk: Desk, ask: Ask) -> bool:
    """True for a finding of the audit that its own figures bear out."""
    held = item.item
    return (
        isinstance(held, Statement)
        and held.judgement is not None
        and not held.judgement.hint
        and not broken(held, desk.report, ask.text)
    )


def _audited(
    claim: Evidence,
    judged: list[Evidence],
    audited: list[Evidence],
    done: list[Evidence],
    ask: Ask,
    desk: Desk,
) -> tuple[list[Line], list[Evidence], list[str]]:
    """Tell what the audit finds of a figure; where it computes nothing, also what the counts around it give."""
    fact = claim.item
    assert isinstance(fact, Fact)
    verdicts = [j.verdict for e in judged if isinstance(e.item, Statement) and (j := e.item.judgement)]
    said = [Line(_claim_words(fact, ask, desk), (claim,)), *(Line(e.text, (e,)) for e in judged)]
    said += steps(audited)
    said += [Line(e.text, (e,)) for e in audited if e.kind == "statement" and e not in judged]
    used = [claim, *judged, *by_kind(audited, "calculation"), *by_kind(audited, "fact")]
    if "not_recomputable" in verdicts and done:
        said += _tried(fact, claim, done)
        used += [e for e in done if e.kind in ("fact", "calculation")]
    warned = [_WARNINGS[v] for v in dict.fromkeys(verdicts) if v in _WARNINGS]
    return said, list(dict.fromkeys(used)), warned


def _tried(fact: Fact, claim: Evidence, done: list[Evidence]) -> list[Line]:
    """Say what the figures around a claim give that does not follow from them, so that a reader sees why."""
    made, inputs = by_kind(done, "calculation"), [e for e in by_kind(done, "fact") if e.key != claim.key]
    if not made and inputs:
        listed = "、".join(f"{fold(f.label)}{amount(f)}" for f in facts_of(inputs))
        if (
            len({f.stage for f in facts_of(inputs)}) > 1
        ):  # each in its own sentence: a stage is said of one only
            return [
                Line(f"报告另列有:{fold(f.label)}{amount(f)}", (e,))
                for e, f in zip(inputs, facts_of(inputs), strict=True)
            ]
        return [Line(f"报告列出的相关数据有:{listed}", tuple(inputs))]
    calculation = calculation_of(done)
    if calculation is None or judge(fact, calculation) != "inconsistent":
        return []
    return [Line(f"用报告的数据复算:{calculation.steps}", (*inputs, *made))]


def _claims(ask: Ask) -> Generator[Call, list[Evidence], list[Evidence]]:
    """Find the figure to check: the stated one by value, else the rates that the words mean."""
    rated = [q for q in ask.given if dimension(q.unit) in _RATED]
    open_ask = replace(ask, measure=None, rate_asked=True)
    for given in rated:
        value = f"{plain(given.value)}{given.unit}"
        found = yield search(open_ask, ROLES, unit="", value=value)
        if not by_kind(found, "fact"):
            found = yield search(replace(open_ask, words=" ".join(_nouns(ask))), ROLES, unit="", value=value)
        if not by_kind(found, "fact"):
            found = yield search(
                replace(open_ask, words="", metric_ids=(), stages=()), ROLES, unit="", value=value
            )
            found = _about(found, ask)
        if facts := distinct(by_kind(found, "fact")):
            moved = [e for e in facts if isinstance(e.item, Fact) and e.item.role != "level"]
            return moved[:2] or facts[:1]
    for given in ask.given if _counted(ask) else ():  # the very one, else what its words mean
        found = yield search(open_ask, ["level"], unit="", value=f"{plain(given.value)}{given.unit}")
        same = [e for e in by_kind(found, "fact") if _is(e, given)]
        if not same:
            named = replace(open_ask, words=topic_of(ask.words))
            found = yield search(named, ["level"], unit="", value=f"{plain(given.value)}{given.unit}")
            same = [e for e in by_kind(found, "fact") if _is(e, given)]
        if same:
            return distinct(same)[:1]
    if rated:
        what = "、".join(f"{plain(q.value)}{q.unit}" for q in rated)
        return [missing("not_reported", f"报告中没有提及“{what}”这个数,无法核对")]
    if "metric" in ask.carried and ask.measure and dimension(ask.measure) != "percent":
        found = yield search(ask)
        if facts := chosen(by_kind(found, "fact"), ask):
            return facts  # the figure just told
    found = yield search(open_ask, ["rate", "change", "share"], unit="%")
    if not by_kind(found, "fact"):
        found = yield search(open_ask, ["share", "level"], unit="%")
    return distinct(by_kind(found, "fact")) or found


def _about(found: list[Evidence], ask: Ask) -> list[Evidence]:
    """Of figures of one value keep those of the metric that the question names, else those that its nouns name most."""
    facts = [(e, e.item) for e in found if isinstance(e.item, Fact)]
    if named := [e for e, f in facts if f.metric_id in ask.metric_ids]:
        return named
    asked = terms(" ".join(_nouns(ask)))
    if len(facts) < 2 or not asked:
        return found
    shares = [coverage(asked, ((fold(f"{f.label}{f.metric}{f.context}"), 1.0),)).share for _, f in facts]
    return [e for (e, _), share in zip(facts, shares, strict=True) if share >= max(shares) - 0.1]


def _counted(ask: Ask) -> bool:
    """True if the question states counts and nothing that is recomputed by its kind."""
    kinds = {dimension(q.unit) for q in ask.given}
    return bool(kinds) and not kinds & {*_RATED, "ratio", "none"}


def _is(item: Evidence, given: Quantity) -> bool:
    fact = item.item
    return isinstance(fact, Fact) and (fact.value, fact.unit) == (given.value, given.unit)


def _nouns(ask: Ask) -> list[str]:
    return [t.text for t in terms(ask.words) if t.weight >= 1]


def _verdict(
    claim: Evidence, done: list[Evidence], ask: Ask, desk: Desk
) -> tuple[list[Line], list[Evidence], list[str]]:
    fact = claim.item
    assert isinstance(fact, Fact)
    said = _claim_words(fact, ask, desk)
    calculation = calculation_of(done)
    made = by_kind(done, "calculation")
    inputs = [e for e in by_kind(done, "fact") if e.key != claim.key]
    if calculation is None:
        why = next((e for e in done if isinstance(e.item, Missing)), None)
        lines = [Line(said, (claim,))]
        if inputs:
            listed = "、".join(f"{fold(f.label)}{amount(f)}" for f in facts_of(inputs))
            lines.append(Line(f"报告列出的相关数据有:{listed}", tuple(inputs)))
        lines.append(Line(why.text if why else "报告没有给出复算所需的数据,不能复算", (why,) if why else ()))
        return lines, [claim, *inputs], ["这个数无法用报告里的数据复算"]
    verdict = judge(fact, calculation)
    shown = _result_words(calculation)
    lines = [Line(said, (claim,))]
    steps = f"用报告的数据复算:{calculation.steps}"
    lines.append(Line(steps, (*inputs, *made)))
    if verdict == "consistent":
        lines.append(Line(f"复算结果与报告的{amount(fact)}一致,算得对", (claim,)))
        return lines, [claim, *made, *inputs], []
    if verdict == "rounding":
        lines.append(Line(f"与报告的{amount(fact)}略有出入,在原数四舍五入允许的范围内", (claim,)))
        return lines, [claim, *made, *inputs], ["差异可由四舍五入解释"]
    if fact.role == "level" and dimension(fact.unit) == "percent" and not _plain_pair(calculation, desk):
        why_not = f"用报告里的人数算不出{amount(fact)},报告没有说明口径"
        lines.append(Line(why_not, (claim, missing("inconsistent_source", why_not))))
        return lines, [claim, *made, *inputs], ["报告载明的数与按其数据计算的结果不一致"]
    lines.append(Line(f"复算应为{shown},与报告的{amount(fact)}不一致,报告的数不对", (claim, *made)))
    return lines, [claim, *made, *inputs], ["报告载明的数与按其数据计算的结果不一致"]


def _plain_pair(calculation: Calculation, desk: Desk) -> bool:
    """True if the sentence gives just the two counts of the formula: then no other reading is open."""
    facts = [i.fact for i in calculation.inputs if i.fact is not None]
    if len(facts) != 2 or facts[0].sentence != facts[1].sentence:
        return False
    sentence = desk.text(facts[0].report_id)[slice(*facts[0].sentence)]
    units = {f.unit for f in facts}
    return sum(q.unit in units for q in read_quantities(sentence)) == 2


def _claim_words(fact: Fact, ask: Ask, desk: Desk) -> str:
    verb = {"rate": {"up": "增长", "down": "下降"}, "change": {"up": "增加", "down": "减少"}}.get(
        fact.role, {}
    )
    head = f"{fact.region or ''}{when(fact, ask, desk)}{subject(fact)}{name_of(fact)}"
    return f"报告载明{head}{verb.get(fact.direction or '', '为')}{amount(fact)}"


def _result_words(calculation: Calculation) -> str:
    if calculation.name == "growth_rate":
        return rate_words(calculation)
    return f"{plain(calculation.value)}{calculation.unit}"
