"""两个只增不减: did total spending and spending a pupil keep from falling?"""

from __future__ import annotations

from dataclasses import replace

from assistant.plans.common import distinct, search
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure
from assistant.question import Ask
from assistant.writing import absent, by_kind, calculation_of, name_of, rate_words, statement, subject
from corpus.catalogue import settled
from corpus.model import Fact
from tools.evidence import Evidence, amount, period_words


@procedure("never_less")
def never_less(ask: Ask, desk: Desk) -> Procedure:
    """两个只增不减: total spending and spending a pupil must both not fall from one year to the next."""
    lines: list[Line] = []
    values: list[Evidence] = []
    fell: list[str] = []
    found_any = [False, False]
    groups = (
        ("budget_education_expenditure", "budget_education_funds"),
        ("per_student_budget_education_expenditure", "per_student_budget_education_funds"),
    )
    for index, group in enumerate(groups):
        for metric in group:
            side = replace(
                ask, words="", metric_ids=(metric,), stages=(), measure=None, rate_asked=False, given=()
            )
            found = yield search(replace(side, periods=()), ["level", "base"], unit="")
            pairs = _pairs(distinct(by_kind(found, "fact")))
            for new, old in pairs:
                a, b = new.item, old.item
                assert isinstance(a, Fact) and isinstance(b, Fact)
                done = yield Call("growth", {"current": a.id, "base": b.id})
                calculation = calculation_of(done)
                if calculation is None:
                    continue
                made = by_kind(done, "calculation")
                first = statement(new, ask, desk)
                lines.append(
                    Line(
                        f"{first.text},{period_words(b.period)}为{amount(b)},{rate_words(calculation)}",
                        (new, old, *made),
                    )
                )
                values += [new, old, *made]
                if calculation.value < 0:
                    fell.append(f"{subject(a)}{name_of(a)}")
            found_any[index] = found_any[index] or bool(pairs)
            if pairs:
                break
    if not lines:
        side = replace(ask, words="一般公共预算教育支出", metric_ids=())
        return absent([], side, desk)
    cited = tuple(dict.fromkeys(e for line in lines for e in line.cites))
    if fell:
        lines.append(Line(f"没有做到“只增不减”:{'、'.join(fell)}比上期下降", cited))
    elif all(found_any):
        lines.append(Line("按报告数据,总支出与各学段生均支出都没有下降,做到了“只增不减”", cited))
    else:
        which = "生均支出" if found_any[0] else "总支出"
        lines.append(Line(f"报告没有给出可比较的{which},只能判断另一项;已有的没有下降", cited))
    return Draft(tuple(lines), values=tuple(values), warnings=("只能说明报告给出的这两期,不能推断其他年份",))


def _pairs(evidence: list[Evidence]) -> list[tuple[Evidence, Evidence]]:
    found: list[tuple[Evidence, Evidence]] = []
    for item in evidence:
        fact = item.item
        assert isinstance(fact, Fact)
        if fact.role != "level":
            continue
        base = next(
            (e for e in evidence if isinstance(e.item, Fact) and e.item.of == fact.id and e.item.role == "base"), None
        ) or next(
            (
                e for e in evidence
                if isinstance(e.item, Fact) and settled(e.item) == settled(fact) and e.item.stage == fact.stage
                and e.item.region == fact.region and (e.item.period or "") < (fact.period or "") and e.item.period
            ),
            None,
        )  # fmt: skip
        if base is not None:
            found.append((item, base))
    return found
