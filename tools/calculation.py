"""Calculations in ``Decimal`` with a stated rounding; the steps shown are derived, never stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext

from corpus.model import Fact


@dataclass(frozen=True, slots=True)
class Input:
    """One number that goes in: a fact, the result of another calculation, or a number of the question."""

    name: str
    value: Decimal
    unit: str
    fact: Fact | None = None
    calculation: Calculation | None = None
    given: str | None = None


@dataclass(frozen=True, slots=True)
class Calculation:
    """A named formula over inputs. ``value`` is rounded half up to ``places``; ``exact`` is not rounded.

    ``template`` is the formula with {0}, {1} … for the inputs' values, so steps follow from it.
    """

    name: str
    label: str
    formula: str
    template: str
    inputs: tuple[Input, ...]
    exact: Decimal
    unit: str
    places: int | None
    notes: tuple[str, ...] = ()
    direction: str | None = None
    subject: str = field(default="")

    @property
    def value(self) -> Decimal:
        if self.places is None:
            return self.exact
        return rounded(self.exact, self.places)

    @property
    def rounding(self) -> str:
        return "精确值,不舍入" if self.is_exact else f"{self.places} 位小数,四舍五入"

    @property
    def is_exact(self) -> bool:
        return self.places is None or self.value == self.exact

    @property
    def result(self) -> str:
        return f"{self.value:f}{self.unit}"

    @property
    def steps(self) -> str:
        """The formula with its numbers put in. It cannot contradict them, as it is made from them."""
        numbers = [f"{item.value:f}" for item in self.inputs]
        sign = "=" if self.is_exact else "≈"
        return f"{self.template.format(*numbers)} {sign} {self.result}"


def rounded(value: Decimal, places: int) -> Decimal:
    """Return ``value`` rounded half up, as official bulletins print their rates."""
    with localcontext() as context:
        context.prec = 50
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return the quotient to 40 digits, far beyond any printed figure."""
    with localcontext() as context:
        context.prec = 40
        return numerator / denominator


def trimmed(value: Decimal) -> Decimal:
    """Return ``value`` without trailing zeros, in plain notation."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral() else value
