"""What an answer is, exactly as the JSON interface gives it (numbers are decimal strings)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Status = Literal["answered", "refused", "clarify"]
Reason = Literal[
    "not_reported", "no_such_region", "no_such_period", "not_comparable", "out_of_scope",
    "ambiguous", "no_data_for_check", "inconsistent_source", "guard_rejected",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One value the answer gives; ``source`` is ``citation:N`` or ``calculation:N`` (from 0)."""

    metric: str
    value: str
    unit: str
    qualifier: str | None
    period: str | None
    region: str | None
    subject: str | None
    source: str
    confidence: str | None = None
    """How sure the recognition of a scanned page is of what the value rests on, 0 to 1; None for typed text."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number standing in the answer: ``answer.text[start:end] == text``."""

    text: str
    start: int
    end: int
    source: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a stored report: ``report.text[start:end] == quote``.

    ``page``, ``sheet`` and ``cell`` say where it stands in the file, for formats that have them; ``confidence`` is
    that of its least sure character where it was recognised in a picture.
    """

    report_id: str
    title: str
    section: str
    quote: str
    start: int
    end: int
    url: str | None = None
    page: int | None = None
    sheet: str | None = None
    cell: str | None = None
    confidence: str | None = None

    @property
    def place(self) -> str:
        """Say what stands where: title, section, and page or cells, as far as they are known."""
        cells = f"工作表“{self.sheet}”{self.cell or ''}" if self.sheet else ""
        return " · ".join(
            filter(None, (self.title, self.section, f"第{self.page}页" if self.page else cells))
        )


@dataclass(frozen=True, slots=True)
class CalculationInput:
    name: str
    value: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class CalculationOutput:
    """A calculation as shown: ``steps`` is the formula with the printed inputs put in."""

    name: str
    label: str
    formula: str
    inputs: tuple[CalculationInput, ...]
    result: dict[str, str]
    rounding: str
    notes: tuple[str, ...] = ()
    steps: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The only thing a face shows. ``reason`` is set exactly when the status is not ``answered``."""

    status: Status
    text: str
    reason: Reason | None = None
    values: tuple[Value, ...] = ()
    figures: tuple[Figure, ...] = ()
    citations: tuple[Citation, ...] = ()
    calculations: tuple[CalculationOutput, ...] = ()
    warnings: tuple[str, ...] = ()
    context: dict[str, Any] = field(default_factory=dict)
    thread_id: str = ""
    mode: Literal["embedded", "llm"] = "embedded"
    elapsed_ms: int = 0
    receipt: str | None = None
    """The number under which the answer can be asked again and held against this one; None where nothing is kept."""

    def as_json(self) -> dict[str, Any]:
        """Return the contract's JSON object; tuples become lists."""
        return _plain(asdict(self))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Answer:
        """Return the answer that ``as_json`` wrote, also one of an earlier version that had fewer fields."""
        made = {
            "values": tuple(_part(Value, one) for one in record.get("values", ())),
            "figures": tuple(_part(Figure, one) for one in record.get("figures", ())),
            "citations": tuple(_part(Citation, one) for one in record.get("citations", ())),
            "calculations": tuple(_calculation(one) for one in record.get("calculations", ())),
            "warnings": tuple(record.get("warnings", ())),
        }
        return _part(cls, {**record, **made})


def _part(kind: type[T], record: Mapping[str, Any]) -> T:
    """Return a ``kind`` of the fields of ``record`` that it knows."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in record.items() if name in known})


def _calculation(record: Mapping[str, Any]) -> CalculationOutput:
    inputs = tuple(_part(CalculationInput, one) for one in record.get("inputs", ()))
    return _part(CalculationOutput, {**record, "inputs": inputs, "notes": tuple(record.get("notes", ()))})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
