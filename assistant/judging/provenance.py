"""Whether an answer keeps the promise: every number shown comes from where it says it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from corpus.folding import fold
from corpus.quantities import read_quantities
from corpus.rules import standards
from corpus.units import convert, dimension

_MARK = re.compile(r"\[\d+\]")
_LIST_NUMBER = re.compile(r"(?m)^\s*\d{1,2}\. ")
_DIGITS = re.compile(r"\d+(?:[,.]\d+)*")
_NUMERAL = re.compile(r"^[^\d]*[零〇一二两三四五六七八九十百千半][^\d]*$")
"""A number in characters; 亿元 alone is a unit."""
_SOURCE = re.compile(r"(citation|calculation):(\d+)")


def problems(
    answer: dict[str, Any], text_of: Callable[[str], str], question: str, stored: Iterable[str] = ()
) -> list[str]:
    """Return what is wrong with the provenance of ``answer`` (the JSON of the contract); empty is right.

    ``text_of`` gives the stored text of a report id. ``stored`` are texts of all reports: the years that a
    refusal offers instead of the one asked must stand in one of them.
    """
    found: list[str] = []
    text, citations, made = answer["text"], answer["citations"], answer["calculations"]
    for i, citation in enumerate(citations):
        if text_of(citation["report_id"])[citation["start"] : citation["end"]] != citation["quote"]:
            found.append(f"citation {i}: the quote is not the stored text")
        if not citation["quote"].strip():
            found.append(f"citation {i}: empty quote")
    for mark in _MARK.findall(text):
        if not 1 <= int(mark[1:-1]) <= len(citations):
            found.append(f"mark {mark} leads nowhere")
    found += [p for c in made for p in _calculation(c, citations, made, question)]
    for figure in answer["figures"]:
        if text[figure["start"] : figure["end"]] != figure["text"]:
            found.append(f"figure {figure} is not where it says")
        elif problem := _figure(figure, answer, text_of, question, stored):
            found.append(problem)
    covered = [(f["start"], f["end"]) for f in answer["figures"]]
    for start, end in numbers(text):
        if not any(a <= start and end <= b for a, b in covered):
            found.append(f"“{text[start:end]}” is no figure: …{text[max(0, start - 12) : end + 6]}…")
    for value in answer["values"]:
        if problem := _value(value, citations, made):
            found.append(problem)
    return found


def numbers(text: str) -> list[tuple[int, int]]:
    """Return the spans of all numbers of an answer but its citation marks and list numbers."""
    masked = list(fold(text))
    for pattern in (_MARK, _LIST_NUMBER):
        for match in pattern.finditer(text):
            masked[match.start() : match.end()] = ["。" if c != "\n" else c for c in match.group()]
    plain = "".join(masked)
    spans = [m.span() for m in _DIGITS.finditer(plain)]
    spans += [(q.start, q.end) for q in read_quantities(plain) if _NUMERAL.search(q.as_printed)]
    return sorted(spans)


def holds(text: str, number: str) -> bool:
    """True if ``text`` writes ``number``, blanks, widths and separators aside, or an amount of that value."""
    plain = re.sub(r"(?<=\d)[ ,](?=\d)|(?<=\d) (?=\.\d)|(?<=\.) (?=\d)", "", fold(text))
    digits = _DIGITS.search(fold(number))
    if digits and re.search(
        rf"(?<!\d)(?<!\d\.){re.escape(digits.group().replace(',', ''))}(?!\d|\.\d)", plain
    ):
        return True
    read = read_quantities(fold(number))
    return bool(read) and any(read[0].value in (q.value, q.upper) for q in read_quantities(fold(text)))


def _amounts(text: str) -> set[Decimal]:
    return {Decimal(d.replace(",", "")) for d in _DIGITS.findall(fold(text))} | {
        q.value for q in read_quantities(fold(text))
    }


def _figure(
    figure: dict[str, Any],
    answer: dict[str, Any],
    text_of: Callable[[str], str],
    question: str,
    stored: Iterable[str],
) -> str | None:
    source, text = figure["source"], figure["text"]
    where = f"“{text}” ({source})"
    if match := _SOURCE.fullmatch(source):
        kind, at = match[1], int(match[2])
        pool = answer[f"{kind}s"]
        if at >= len(pool):
            return f"{where} leads nowhere"
        if kind == "citation":
            return None if holds(pool[at]["quote"], text) else f"{where}: not in “{pool[at]['quote'][:60]}”"
        known = {
            abs(Decimal(pool[at]["result"]["value"])),
            *(abs(Decimal(i["value"])) for i in pool[at]["inputs"]),
        }
        known.add(Decimal(100))  # the hundred of "× 100%"
        return None if any(abs(a) in known for a in _amounts(text)) else f"{where}: no result or input"
    if source == "question":
        return None if holds(question, text) else f"{where}: not in the question"
    if source == "label":
        for citation in answer["citations"]:
            if holds(citation["quote"], text) or holds(
                f"{citation['title']}\n{text_of(citation['report_id'])}", text
            ):
                return None
        if any(_year_before(text, c, text_of) for c in answer["citations"]):
            return None
        if answer["status"] != "answered" and not answer["citations"]:
            told = any(holds(s, text) or _before_told(text, s) for s in stored)
            return None if told else f"{where}: in no stored text"
        return f"{where}: in no citation"
    if source.startswith("standard:"):
        return None if _clause_holds(source) else f"{where}: no such clause"
    return f"{where}: unknown kind of source"


def _clause_holds(source: str) -> bool:
    """True if a source of the form ``standard:ID/CODE`` leads to a clause."""
    name, _, code = source.removeprefix("standard:").partition("/")
    return name in standards() and code in {d.code for d in standards()[name].demands}


_YEAR = re.compile(r"(?:19|20)\d\d年?")
_BEFORE = re.compile(r"上一?年|去年|同期|上期|前一年")


def _before_told(text: str, stored: str) -> bool:
    """True if ``text`` is the year before one that a stored report tells of, and it says 上年 or the like."""
    return bool(_YEAR.fullmatch(text) and _BEFORE.search(stored) and holds(stored, str(int(text[:4]) + 1)))


def _year_before(text: str, citation: dict[str, Any], text_of: Callable[[str], str]) -> bool:
    """True if the quote says 上年 or the like and the report speaks of the year after ``text``."""
    if not _YEAR.fullmatch(text) or not _BEFORE.search(citation["quote"]):
        return False
    return holds(f"{citation['title']}\n{text_of(citation['report_id'])}", str(int(text[:4]) + 1))


def _calculation(
    made: dict[str, Any], citations: list[dict[str, Any]], all_made: list[dict[str, Any]], question: str
) -> list[str]:
    found: list[str] = []
    for given in made["inputs"]:
        value = Decimal(given["value"])
        where = f"{made['name']} input {given['name']}={given['value']}{given['unit']} ({given['source']})"
        if match := _SOURCE.fullmatch(given["source"]):
            pool = citations if match[1] == "citation" else all_made
            if int(match[2]) >= len(pool):
                found.append(f"{where} leads nowhere")
            elif match[1] == "calculation" and made["name"] != "count":
                if Decimal(pool[int(match[2])]["result"]["value"]) != value:
                    found.append(f"{where}: another result")
            elif made["name"] != "count" and not _written(value, given["unit"], pool[int(match[2])]["quote"]):
                found.append(f"{where}: not in the quote")
        elif given["source"].startswith("standard:"):
            if not _clause_holds(given["source"]):
                found.append(f"{where}: no such clause")
        elif given["source"] != "question" or not _written(value, given["unit"], question):
            found.append(f"{where}: no source")
    result = Decimal(made["result"]["value"])
    again = recomputed(made)
    if again is None:
        found.append(f"{made['name']}: steps cannot be read: {made['steps']}")
    else:
        places = max(0, -int(result.as_tuple().exponent))
        if again.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) != result:
            found.append(f"{made['name']}: {made['steps']} gives {again}")
    return found


def _written(value: Decimal, unit: str, text: str) -> bool:
    if holds(text, f"{value:f}") or value in _amounts(text):
        return True
    return any(
        (q.unit == "成" and unit == "%" and q.value * 10 == value)
        or (q.unit and dimension(q.unit) == dimension(unit) and convert(q.value, q.unit, unit) == value)
        for q in read_quantities(fold(text))
    )


def recomputed(made: dict[str, Any]) -> Decimal | None:
    """Return what the printed steps give, worked out from their characters alone."""
    left = re.split(r" [=≈] ", made["steps"])[0]
    if made["name"] == "convert":
        read = read_quantities(left)
        unit = made["result"]["unit"]
        return convert(read[0].value, read[0].unit, unit) if len(read) == 1 else None
    tokens = re.findall(r"[\d.]+|[()+−×÷%√²⌈⌉]|\S", left.replace("100%", "100"))
    with localcontext() as context:
        context.prec = 40
        value, rest = _sum(tokens)
    return value if not rest else None


def _sum(tokens: list[str]) -> tuple[Decimal, list[str]]:
    value, tokens = _product(tokens)
    while tokens and tokens[0] in "+−":
        sign = tokens[0]
        other, tokens = _product(tokens[1:])
        value = value + other if sign == "+" else value - other
    return value, tokens


def _product(tokens: list[str]) -> tuple[Decimal, list[str]]:
    value, tokens = _atom(tokens)
    while tokens and tokens[0] in "×÷":
        sign = tokens[0]
        other, tokens = _atom(tokens[1:])
        value = value * other if sign == "×" else value / other
    return value, tokens


def _atom(tokens: list[str]) -> tuple[Decimal, list[str]]:
    if tokens[0] == "√":
        value, tokens = _atom(tokens[1:])
        return value.sqrt(), tokens
    if tokens[0] == "⌈":
        value, tokens = _sum(tokens[1:])
        return value.to_integral_value(ROUND_CEILING), tokens[1:]
    if tokens[0] == "(":
        value, tokens = _sum(tokens[1:])
        tokens = tokens[1:]
    else:
        value, tokens = Decimal(tokens[0]), tokens[1:]
    if tokens and tokens[0] == "²":
        return value * value, tokens[1:]
    return value, tokens


def _value(value: dict[str, Any], citations: list[dict[str, Any]], made: list[dict[str, Any]]) -> str | None:
    where = f"value {value['value']}{value['unit']} ({value['source']})"
    match = _SOURCE.fullmatch(value["source"])
    if not match:
        return f"{where}: no source"
    pool = citations if match[1] == "citation" else made
    if int(match[2]) >= len(pool):
        return f"{where} leads nowhere"
    if match[1] == "calculation":
        result = Decimal(pool[int(match[2])]["result"]["value"])
        return None if abs(result) == abs(Decimal(value["value"])) else f"{where}: the result is {result}"
    quote = pool[int(match[2])]["quote"]
    return None if _written(Decimal(value["value"]), value["unit"], quote) else f"{where}: not in the quote"
