"""Findings of an audit before the guard: what the figures bear out passes, and nothing that was changed does."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.guard import Sources, objections
from assistant.guard_statements import broken
from corpus.model import Fact
from indexes.store import Store
from tests.drafting import HELD_OUT, SAMPLES, store_of
from tests.talk_fixtures import CASES
from tools import TOOLS
from tools.audit.spoken import Counted, told
from tools.audit.stored import audit_stored
from tools.calculation import Calculation
from tools.evidence import Judgement, Part, Sentence, Statement, from_statement

HERE = Path(__file__).parent
FOLDERS = (CASES / "audit_reports", HERE / "audit" / "reports", HERE / "blind" / "reports")
REPORTS = [*SAMPLES, *HELD_OUT, *(p for folder in FOLDERS for p in sorted(folder.glob("*.txt")))]
_SWAPS = (
    ("不一致", "一致"), ("不一致", "在四舍五入允许的范围内"), ("不符", "相符"), ("得不到", "得到"), ("方向相反", "方向一致"),
    ("不能复算", "复算一致"), ("不能判断", "两者一致"), ("略有出入,在四舍五入允许的范围内", "不一致"),
    ("应为增长", "应为下降"), ("应为下降", "应为增长"), ("应为增加", "应为减少"), ("应为减少", "应为增加"),
    ("比总数少", "比总数多"), ("比总数多", "比总数少"), ("高", "低"), ("低", "高"), ("合为全部", "不是全部"), ("没有下降", "有的下降"),
)  # fmt: skip
_AGREES = re.compile(r"(?<![不是否])一致")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with store_of(tmp_path_factory.mktemp("findings"), REPORTS) as opened:
        yield opened


@pytest.fixture(scope="module")
def statements(store: Store) -> list[Statement]:
    """Every finding of every report as the tool tells it."""
    found = []
    for report in store.reports():
        for finding in audit_stored(store, report.id):
            item = told(finding, Counted(report, (finding,))).item
            assert isinstance(item, Statement)
            found.append(item)
    return found


def test_true_findings_pass(statements: list[Statement], store: Store) -> None:
    """Of hundreds of findings of all kinds none is objected to, so none is left out of an answer."""
    assert len(statements) >= 500
    wrong = [(s.text, why) for s in statements if (why := broken(s, store.report, ""))]
    assert not wrong, f"{len(wrong)} of {len(statements)}: {wrong[:3]}"


def test_what_counts_findings_passes(store: Store) -> None:
    """Summaries, what is left, and that nothing was found: each follows from what was counted."""
    regions = sorted({r.region for r in store.reports() if r.region})
    calls = [{"region": region} for region in regions] + [{"ranking": True}]
    calls += [{"region": region, "kind": "conflict"} for region in regions]
    calls += [{"region": region, "verdict": "not_recomputable"} for region in regions]
    for call in calls:
        for item in TOOLS["audit_report"].run(store, **call):
            if isinstance(item.item, Statement):
                assert broken(item.item, store.report, "") == [], item.text


def _with(statement: Statement, at: int, part: Part) -> Statement:
    return replace(statement, parts=(*statement.parts[:at], part, *statement.parts[at + 1 :]))


def _words(statement: Statement) -> Iterator[Statement]:
    """Swap one judging or turning word of the finding for its opposite."""
    for at, part in enumerate(statement.parts):
        if part.source is not None:
            continue
        for old, new in _SWAPS:
            if old in part.text and not (old in "高低" and not part.text.endswith(old)):
                yield _with(statement, at, replace(part, text=part.text.replace(old, new, 1)))
        if _AGREES.search(part.text):
            yield _with(statement, at, replace(part, text=_AGREES.sub("不一致", part.text, count=1)))


def _digits(statement: Statement, rng: random.Random) -> Iterator[Statement]:
    for at, part in enumerate(statement.parts):
        if part.label or part.source is None or isinstance(part.source, Sentence):
            continue
        for match in re.finditer(r"\d", part.text):
            new = rng.choice([d for d in "0123456789" if d != match.group()])
            text = part.text[: match.start()] + new + part.text[match.end() :]
            if isinstance(part.source, Calculation) and _same_amount(part.text, text):
                continue
            yield _with(statement, at, replace(part, text=text))


def _same_amount(a: str, b: str) -> bool:
    first, second = (re.search(r"[\d.]+", text) for text in (a, b))
    return bool(first and second and Decimal(first.group()) == Decimal(second.group()))


def _labels(statement: Statement, rng: random.Random) -> Iterator[Statement]:
    """Name another year or place than that of the figure."""
    for at, part in enumerate(statement.parts):
        if part.label and re.fullmatch(r"(?:19|20)\d\d年?", part.text):
            yield _with(statement, at, replace(part, text=f"1{rng.randrange(900, 990)}{part.text[4:]}"))
        elif part.label and part.text.endswith(("县", "区", "市")):
            yield _with(statement, at, replace(part, text="梧桐县"))


def _quotes(statement: Statement) -> Iterator[Statement]:
    for at, part in enumerate(statement.parts):
        if isinstance(part.source, Sentence) and len(part.text) > 6:
            yield _with(statement, at, replace(part, text=part.text[:3] + part.text[4:]))
            moved = replace(part.source, start=part.source.end, end=part.source.end + len(part.source.text))
            yield _with(statement, at, replace(part, source=moved))


def _shifted(fact: Fact) -> Fact:
    return replace(fact, start=fact.start + 1, end=fact.end + 1)


def _spans(statement: Statement) -> Iterator[Statement]:
    """Point to another place of the report than where the figure stands."""
    for at, part in enumerate(statement.parts):
        if isinstance(part.source, Fact) and not part.label:
            yield _with(statement, at, replace(part, source=_shifted(part.source)))
    judged = statement.judgement
    assert judged is not None
    claim = replace(judged.claim, start=judged.claim.start + 1, end=judged.claim.end + 1)
    yield replace(statement, judgement=replace(judged, claim=claim))
    if judged.figures:
        figures = (_shifted(judged.figures[0]), *judged.figures[1:])
        yield replace(statement, judgement=replace(judged, figures=figures))


def _formulas(statement: Statement) -> Iterator[Statement]:
    """Let a formula give another result, or take in another number."""
    for at, part in enumerate(statement.parts):
        made = part.source
        if isinstance(made, Calculation) and not part.label:
            wrong = replace(made, exact=made.exact + 1)
            yield _with(statement, at, replace(part, text=f"{abs(wrong.value):f}{wrong.unit}", source=wrong))
    judged = statement.judgement
    assert judged is not None
    if judged.made is not None and judged.made.name != "count":
        first = judged.made.inputs[0]
        inputs = (replace(first, value=first.value * 3 + 1), *judged.made.inputs[1:])
        yield replace(statement, judgement=replace(judged, made=replace(judged.made, inputs=inputs)))


def _values(statement: Statement) -> Iterator[Statement]:
    """Say that the report states another figure at the same place."""
    judged = statement.judgement
    assert judged is not None
    if judged.stated is not None:
        stated = replace(judged.stated, value=judged.stated.value + 1)
        yield replace(statement, judgement=replace(judged, stated=stated))


def _verdicts(statement: Statement) -> Iterator[Statement]:
    """Turn verdict and words together, as a tool would that has judged wrongly."""
    judged = statement.judgement
    assert judged is not None
    if judged.verdict == "inconsistent":
        parts = tuple(
            p if p.source else replace(p, text=re.sub("不一致|不符|得不到|方向相反|重复计算", "一致", p.text))
            for p in statement.parts
        )
        yield _judged(statement, judged, "consistent", parts)
    elif judged.verdict in ("consistent", "rounding"):
        parts = tuple(
            p
            if p.source
            else replace(
                p,
                text=re.sub(
                    "(?<!不)一致|相符|合为全部|没有下降|略有出入,在四舍五入允许的范围内", "不一致", p.text
                ),
            )
            for p in statement.parts
        )
        yield _judged(statement, judged, "inconsistent", parts)


def _judged(statement: Statement, judged: Judgement, verdict: str, parts: tuple[Part, ...]) -> Statement:
    return replace(statement, parts=parts, judgement=replace(judged, verdict=verdict))


def test_no_changed_finding_passes(statements: list[Statement], store: Store) -> None:
    """Of thousands of findings with one slip none passes: a digit, a word, a span, a formula, a verdict."""
    rng = random.Random(20262)
    tried: Counter[str] = Counter()
    passed: list[tuple[str, str]] = []
    for statement in statements:
        judged = statement.judgement
        if judged is None or judged.hint:
            continue
        made: dict[str, Iterator[Statement]] = {
            "digit": _digits(statement, rng), "word": _words(statement), "label": _labels(statement, rng),
            "quote": _quotes(statement), "span": _spans(statement), "formula": _formulas(statement),
            "value": _values(statement), "verdict": _verdicts(statement),
        }  # fmt: skip
        for kind, changed in made.items():
            for other in changed:
                if other == statement:
                    continue
                tried[kind] += 1
                if not broken(other, store.report, ""):
                    passed.append((kind, other.text))
    assert set(tried) == {"digit", "word", "label", "quote", "span", "formula", "value", "verdict"}
    assert sum(tried.values()) >= 5000
    assert not passed, f"{len(passed)} of {tried}: {passed[:40]}"


def test_a_finding_is_said_word_for_word(statements: list[Statement], store: Store) -> None:
    """A draft that cites a finding says it as it stands: any other character is objected to."""
    rng = random.Random(7)
    for statement in rng.sample(statements, 60):
        item = from_statement(statement)
        sources = Sources({item.key: item}, store.report, "")
        assert objections(f"{item.text}[e:{item.key}]", sources) == []
        at = rng.randrange(len(item.text))
        other = "错" if item.text[at] != "错" else "对"
        changed = item.text[:at] + other + item.text[at + 1 :]
        assert objections(f"{changed}[e:{item.key}]", sources), changed
        assert objections(f"{item.text},所以报告造假[e:{item.key}]", sources)
