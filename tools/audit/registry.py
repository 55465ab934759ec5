"""How a check becomes part of every audit: one decorator, one table, found by being in ``tools.audit.checks``."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from corpus.model import Fact
from tools.audit.model import Finding
from tools.audit.view import View
from tools.calculation import Calculation
from tools.evidence import Clause, Part, Sentence, Statement, amount, plain

Run = Callable[[View], Iterable[Finding]]
CHECKS: dict[str, Run] = {}
Piece = str | Part | Fact | Calculation | Sentence | Clause
"""What an explanation is put together from."""


def check(name: str) -> Callable[[Run], Run]:
    """Register ``run(view)``: it yields what it finds and never raises for what a text may say."""

    def register(run: Run) -> Run:
        CHECKS[name] = run
        return run

    return register


def tell(*pieces: Piece) -> Statement:
    """Return an explanation: words, with each figure as the fact, calculation or quotation that it comes from.

    A fact is written as its amount with qualifiers, a calculation as its rounded result without sign, a sentence
    as a quotation in 「」. Plain strings must hold no digits of their own.
    """
    return Statement(tuple(_part(piece) for piece in pieces))


def _part(piece: Piece) -> Part:
    if isinstance(piece, str):
        return Part(piece)
    if isinstance(piece, Part):
        return piece
    if isinstance(piece, Fact):
        return Part(amount(piece), piece)
    if isinstance(piece, Calculation):
        return Part(f"{plain(abs(piece.value))}{_unit_words(piece.unit)}", piece)
    if isinstance(piece, Sentence):
        return Part(f"「{piece.text}」", piece)
    return Part(piece.text, piece)


def clause_span(view: View, fact: Fact) -> tuple[int, int]:
    """Return the words that claim ``fact``: from the comma (or other stop) before its number to the one after."""
    text = view.folded
    start, end = fact.start, fact.end
    while start > fact.sentence[0] and text[start - 1] not in ",;:。\n(|":
        start -= 1
    while end < fact.sentence[1] and text[end] not in ",;。\n)|":
        end += 1
    while start < fact.start and text[start].isspace():
        start += 1
    while end > fact.end and text[end - 1].isspace():
        end -= 1
    return start, end


def _unit_words(unit: str) -> str:
    return f"个{unit}" if unit in ("百分点", "千分点") else unit
