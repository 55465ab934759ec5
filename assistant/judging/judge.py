"""What counts as right, as a miss and as a wrong number: an answer held against the case that it was asked for.

Numbers are compared as numbers: 18.4 is 18.40, 42,209 is 42209, and 122 is not found in 1122.

A miss is an answer that is not what the case demands. A wrong number is worse and counted apart: a
figure that the case forbids, or only figures that are not the expected ones, or any measured figure
where the sources hold none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.judging.matching import CITATION, LIST_MARK, NUMBER, contains, in_order, plain
from corpus.quantities import read_quantities
from corpus.units import convert, dimension

Json = Mapping[str, Any]

_MEASURED = re.compile(
    r"\d\s*(?:[多余]?[千百]?[万亿]|[%\uff05元人名所个倍间台册平㎡班位项件处份期次吨]|公里|百分点)"
)
_SCALES = {"亿": Decimal(10) ** 8, "千万": Decimal(10) ** 7, "万": Decimal(10) ** 4}
_NO = (
    "不一致|不相符|不符|不对|不正确|不准确|有误|错误|不吻合|对不上|算不出|得不出"
    "|不成立|不等|出入|无法复算|不能算出|相差"
)
_YES = "一致|相符|正确|吻合|无误|对得上|算得对|成立|准确|是对的"
_ROUNDING = "舍入|四舍五入|取整|末位"


def _scaled(value: object, unit: object) -> Decimal | None:
    """Return the amount in the plain unit (42209万元 as yuan), None for what is not a number."""
    text = str(value)
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return None
    scale = next((s for prefix, s in _SCALES.items() if str(unit or "").startswith(prefix)), Decimal(1))
    return abs(Decimal(text)) * scale


def _shown_amounts(answer: Json) -> Iterator[Decimal]:
    """Every amount that the answer asserts: its values and the results of its calculations."""
    stated = list(answer.get("values") or [])
    stated += [c["result"] for c in answer.get("calculations") or [] if c.get("result")]
    for item in stated:
        amount = _scaled(item.get("value"), item.get("unit"))
        if amount is not None:
            yield amount


def expected_value_shown(case: Json, answer: Json) -> bool:
    """Whether at least one expected value is among the answer's values or in its text."""
    text = str(answer.get("text", ""))
    shown = list(_shown_amounts(answer))
    slack = Decimal(str(case.get("tolerance", 0)))
    for item in case["answer_values"]:
        amount = _scaled(item["value"], item["unit"])
        if contains(text, str(item["value"])):
            return True
        if amount is not None and any(abs(amount - a) <= slack * max(amount, Decimal(1)) for a in shown):
            return True
    return False


def allowed_statuses(case: Json) -> set[str]:
    """The statuses a case accepts; unless it says so, an answer, or a refusal where nothing is known."""
    default = ["answered"] if case["answerable"] else ["refused"]
    allowed = set(case.get("expected_status") or default)
    if case["answerable"] and (case.get("clarify") or case.get("also_ok")):
        allowed.add("clarify")
    return allowed


def _verdict_problem(verdict: str, text: str) -> str | None:
    denies = re.search(_NO, text) is not None
    affirms = re.search(_YES, re.sub(_NO, "", text)) is not None
    rounds = re.search(_ROUNDING, text) is not None
    right = {
        "consistent": affirms and not denies,
        "inconsistent": denies,
        "not_recomputable": denies,
        "rounding": rounds or (affirms and not denies),
    }[verdict]
    return None if right else f"verdict is not {verdict}"


def misses(case: Json, answer: Json) -> list[str]:
    """Return why the answer is not right, nothing if it is."""
    status, text = str(answer.get("status")), str(answer.get("text", ""))
    problems = []
    if status not in (allowed := allowed_statuses(case)):
        problems.append(f"status {status}, expected {'/'.join(sorted(allowed))}")
    problems += [f"holds {m}" for m in case.get("must_not_contain", []) if contains(text, m)]
    reasons = case.get("expected_reason") or []
    if status in ("refused", "clarify") and reasons and answer.get("reason") not in reasons:
        problems.append(f"reason {answer.get('reason')}, expected {'/'.join(reasons)}")
    if not case["answerable"]:
        words = case.get("accept_any_of")
        if words and not any(word in text for word in words):
            problems.append("does not say that the sources lack it")
        return problems
    if status != "answered":
        return problems
    return problems + _content_problems(case, text)


def _content_problems(case: Json, text: str) -> list[str]:
    tolerance = Decimal(str(case["tolerance"])) if "tolerance" in case else None
    lacking = [m for m in case["must_contain"] if not contains(text, m, tolerance)]
    alternatives = case.get("must_contain_alt") or []
    if lacking and any(all(contains(text, m, tolerance) for m in option) for option in alternatives):
        lacking = []
    if case["kind"] == "ambiguous":  # picking one of several readings is the mistake here
        lacking += [str(v["value"]) for v in case["answer_values"] if not contains(text, str(v["value"]))]
    problems = [f"lacks {m}" for m in dict.fromkeys(lacking)]
    if order := case.get("order"):
        flat = plain(text)
        if not in_order(flat, [plain(word) for word in order]):
            problems.append("order is not " + " > ".join(order))
    if verdict := case.get("verdict"):
        problem = _verdict_problem(verdict, plain(text))
        problems += [problem] if problem else []
    return problems


def wrong_number(case: Json, answer: Json) -> str | None:
    """Return what number is wrong in the answer, None if none is."""
    text = str(answer.get("text", ""))
    if answer.get("status") != "answered":
        return None
    for forbidden in case.get("must_not_contain", []):
        if NUMBER.search(forbidden) and contains(text, forbidden):
            return f"forbidden {forbidden}"
    if case["answerable"]:
        asserts = bool(answer.get("values")) or NUMBER.search(plain(text)) is not None
        if not case["answer_values"] or not asserts or not misses(case, answer):
            return None
        return None if expected_value_shown(case, answer) else "none of the expected values"
    if "answered" in allowed_statuses(case):
        return None
    for figure in answer.get("figures") or []:
        measured = _MEASURED.match(text[int(figure["end"]) - 1 :])
        of_source = str(figure["source"]).startswith(("citation:", "calculation:"))
        if of_source and (measured or _MEASURED.search(str(figure["text"]))):
            return f"{figure['text']} though nothing is known"
    return None


def _source_resolves(source: str, answer: Json, question: str, text: str, unit: str = "") -> bool:
    kind, _, rest = source.partition(":")
    if kind in ("citation", "calculation"):
        return rest.isdigit() and int(rest) < len(answer.get(f"{kind}s") or [])
    if kind == "question":
        return all(contains(question, n) for n in NUMBER.findall(plain(text))) or _asked(
            question, text + unit
        )
    return kind == "label" or (kind == "standard" and "/" in rest)


def _asked(question: str, amount: str) -> bool:
    """True if the question states the amount in other words: 一万元 for 1万元 or 10000元."""
    read = read_quantities(amount)
    if len(read) != 1 or not read[0].unit:
        return False
    stated = [q for q in read_quantities(question) if q.unit and dimension(q.unit) == dimension(read[0].unit)]
    return any(convert(q.value, q.unit, read[0].unit) == read[0].value for q in stated)


def provenance_problems(answer: Json, question: str = "") -> list[str]:
    """Return where the answer breaks the promise that every number it shows has a source."""
    text, figures = str(answer.get("text", "")), answer.get("figures") or []
    problems = []
    outside = [m.span() for mark in (CITATION, LIST_MARK) for m in mark.finditer(text)]
    covered = outside + [(int(f["start"]), int(f["end"])) for f in figures]
    for number in re.finditer(r"[\d.]*\d", text):
        if not any(start <= number.start() and number.end() <= end for start, end in covered):
            problems.append(f"number {number[0]} is in no figure")
    for figure in figures:
        if text[int(figure["start"]) : int(figure["end"])] != figure["text"]:
            problems.append(f"figure {figure['text']} is not at its span")
        if not _source_resolves(str(figure["source"]), answer, question, str(figure["text"])):
            problems.append(f"figure {figure['text']} has no source {figure['source']}")
    for index, citation in enumerate(answer.get("citations") or []):
        quote = str(citation.get("quote") or "")
        if not quote.strip():
            problems.append(f"citation {index} quotes nothing")
        elif int(citation["end"]) - int(citation["start"]) != len(quote):
            problems.append(f"citation {index} is not as long as its span")
    inputs = [i for c in answer.get("calculations") or [] for i in c.get("inputs") or []]
    for item in [*(answer.get("values") or []), *inputs]:
        value, unit = str(item.get("value")), str(item.get("unit") or "")
        if not _source_resolves(str(item.get("source")), answer, question, value, unit):
            problems.append(f"value {item.get('value')} has no source {item.get('source')}")
    return problems


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scored case; ``wrong`` is the wrong number, ``provenance`` what lacks a source."""

    case: Json
    answer: Json
    misses: tuple[str, ...]
    wrong: str | None
    provenance: tuple[str, ...]

    @property
    def right(self) -> bool:
        return not self.misses


def judge(case: Json, answer: Json | None) -> Outcome:
    """Hold an answer against its case; no answer counts as a miss."""
    if answer is None:
        return Outcome(case, {}, ("no answer",), None, ())
    question = "\n".join(case["turns"])
    found = tuple(provenance_problems(answer, question))
    return Outcome(case, answer, tuple(misses(case, answer)), wrong_number(case, answer), found)


def score(cases: Iterable[Json], answers: Mapping[str, Json]) -> list[Outcome]:
    """Judge every case by its id."""
    return [judge(case, answers.get(case["id"])) for case in cases]
