"""The reader of amounts: written forms as an expert lists them, and laws over every way of writing."""

from __future__ import annotations

import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import cn2an
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.catalogue import load_yaml
from corpus.errors import CatalogueError
from corpus.numerals import evaluate, normalise, plain
from corpus.quantities import read_quantities
from corpus.units import UnitError, canonical, convert, dimension, factor, load_vocabulary, vocabulary
from corpus.wording import load_wording

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "quantities.yaml").read_text("utf-8"))
FLAT = [(text, expected) for group in CASES.values() for text, expected in group.items()]


def written(text: str) -> list[str]:
    """Readings in the notation of the cases."""
    return [
        f"{q.value:f}"
        + ("" if q.upper is None else f"~{q.upper:f}")
        + f"|{q.unit}"
        + f"|{q.qualifier or ''}".rstrip("|")
        for q in read_quantities(text)
    ]


@pytest.mark.parametrize(("text", "expected"), FLAT, ids=[text for text, _ in FLAT])
def test_case(text: str, expected: list[str]) -> None:
    """Every listed phrase gives exactly the amounts beside it."""
    assert expected == written(text)


def test_enough_cases() -> None:
    """The list keeps its breadth: at least 220 forms, at least 70 of them without an amount."""
    assert len(FLAT) >= 220
    assert sum(not expected for _, expected in FLAT) >= 70


@pytest.mark.parametrize("text", [text for text, _ in FLAT])
def test_spans(text: str) -> None:
    """Spans lie in order without overlap, the full span holds the span, and reading a span again agrees."""
    end = 0
    for q in read_quantities(text):
        assert end <= q.start < q.end
        assert q.full_start <= q.start and q.end <= q.full_end
        end = q.end
        [again] = read_quantities(text[q.start : q.end])
        assert (q.value, q.upper, q.unit, q.as_printed) == (
            again.value,
            again.upper,
            again.unit,
            again.as_printed,
        )


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("增长18. 81%", "18.81%"),
        ("支出４２２０９　万元", "42209万元"),
        ("2万余人次", "2万人次"),
        ("8900多人次", "8900人次"),
        ("三百二十人", "三百二十人"),
        ("5个百分點", "5个百分点"),
        ("師生比1∶25.5", "1:25.5"),
    ],
)
def test_as_printed(text: str, printed: str) -> None:
    """``as_printed`` is number and unit without blanks, qualifiers and typographic variants."""
    assert [printed] == [q.as_printed for q in read_quantities(text)]


def test_inner_qualifier_in_span() -> None:
    """余 and 多 between number and unit lie in the span; words around stand in the full span only."""
    text = "全年约8900多人次以上"
    [q] = read_quantities(text)

    assert text[q.start : q.end] == "8900多人次"
    assert text[q.full_start : q.full_end] == "约8900多人次以上"
    assert q.qualifier == "约、多、以上"


def test_normal_form_keeps_offsets() -> None:
    """The normal form has one character for each character, whatever the text."""
    text = "總數４２，２０９萬餘個①½㎡²\u200b\ufeff“”𠀀é\n"

    assert len(normalise(text)) == len(text)


# --- laws -----------------------------------------------------------------------------------------

UNITS = ("元", "人", "名", "所", "个", "间", "平方米", "册", "台", "人次", "公里", "项")
CHINESE = "零一二三四五六七八九"
FINANCIAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL = str.maketrans("万亿个间册台两余", "萬億個間冊臺兩餘")
amounts = st.integers(2, 99_999_999).filter(lambda n: n % 10 or n > 100)


def read_one(text: str) -> Decimal:
    """The only amount in ``text``, in base units."""
    [q] = read_quantities(text)
    return q.value * factor(q.unit)


def in_chinese(number: int) -> str:
    return str(cn2an.an2cn(number, "low"))


@given(amounts, st.sampled_from(UNITS))
@settings(max_examples=150, deadline=None)
def test_every_writing_gives_the_same_amount(number: int, unit: str) -> None:
    """Digits, separators, widths, blanks, scales, Chinese and traditional forms all mean one amount."""
    base = Decimal(number) * factor(unit)
    in_wan, in_yi = plain(Decimal(number).scaleb(-4)), plain(Decimal(number).scaleb(-8))
    numeral = in_chinese(number)
    forms = [
        f"{number}{unit}",
        f"{number} {unit}",
        f"{number:,}{unit}",
        f"{number:,}{unit}".replace(",", "，"),
        f"{number:,}{unit}".replace(",", ", "),
        "".join(chr(ord(c) + 0xFEE0) for c in str(number)) + unit,
        f"{in_wan:f}万{unit}",
        f"{in_yi:f}亿{unit}",
        f"{in_wan:f} 萬{unit}",
    ]
    if number not in (2, 20_000_000):  # a lone 二 before a counting word is an ordinal
        forms.append(f"{numeral}{unit}")
        forms.append(f"{numeral}{unit}".translate(TRADITIONAL))
    if unit == "元":
        forms.append(f"{numeral}{unit}".translate(FINANCIAL))
    for form in forms:
        for text in (form, f"共有{form}。", f"总量为约{form}以上,其余不变"):
            assert base == read_one(text), text


@given(st.decimals("0.01", "999999", places=2), st.sampled_from(("万元", "%", "亿元", "万平方米", "百分点")))
@settings(max_examples=100, deadline=None)
def test_decimals_are_exact(value: Decimal, unit: str) -> None:
    """Two decimals come back digit for digit, with a stray blank too."""
    for form in (f"{value}{unit}", f"{value} {unit}", f"占{str(value).replace('.', '. ')}{unit}。"):
        [q] = read_quantities(form)
        assert (str(value), unit) == (str(q.value), q.unit)


@given(st.integers(1, 10**12))
@settings(max_examples=300, deadline=None)
def test_numerals_agree_with_a_second_reader(number: int) -> None:
    """Chinese numerals in lower and financial case have the value that cn2an wrote."""
    assert number == evaluate(in_chinese(number))
    assert number == evaluate(str(cn2an.an2cn(number, "up")))


@given(
    st.text(
        alphabet="0123456789０１,，.。-—~至到一二两三十百千万亿点分之%年月日号第所人个元近约"
        "余多以上 \n“”()〔〕:：/aG",
        max_size=24,
    )
)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_in_order(text: str) -> None:
    """Whatever is written, reading ends, spans are ordered, and values are finite."""
    end = 0
    for q in read_quantities(text):
        assert end <= q.start < q.end <= len(text)
        assert q.value.is_finite() and canonical(q.unit) == q.unit
        end = q.end


# --- units ----------------------------------------------------------------------------------------


def test_scale_shifts() -> None:
    """42209万元, 4.2209亿元 and 422090000元 are the same money."""
    assert Decimal("4.2209") == convert(Decimal(42209), "万元", "亿元")
    assert Decimal(422090000) == convert(Decimal("4.2209"), "亿元", "元")
    assert Decimal("1.5") == convert(Decimal(15000), "元/生·年", "万元/生·年")
    assert Decimal(3) == convert(Decimal(3), "名", "人")


@pytest.mark.parametrize(
    ("unit", "name"),
    [("㎡", "平方米"), ("万m²", "万平方米"), ("km", "公里"), ("块", "元"),
     ("个百分点", "百分点"), ("萬元", "万元"), ("元/学生", "元/生"), ("龘", None), ("元/龘", None)]
)  # fmt: skip
def test_canonical(unit: str, name: str | None) -> None:
    """Every spelling has one name, an unknown one none."""
    assert name == canonical(unit)


def test_dimensions() -> None:
    """People are not attendances, and counting words do not mix."""
    assert dimension("人") == dimension("万名") != dimension("人次")
    assert len({dimension("所"), dimension("个"), dimension("间")}) == 3
    assert len({dimension("%"), dimension("百分点"), dimension("倍")}) == 3
    with pytest.raises(UnitError, match="不能换算"):
        convert(Decimal(1), "人次", "人")
    with pytest.raises(UnitError, match="不认识单位"):
        dimension("龘")


def test_vocabulary_names_are_fixed_points() -> None:
    """The name of a unit is canonical, and its scaled form has the same dimension."""
    for unit in vocabulary().units.values():
        if unit.closing_as:
            continue  # 块 is 元 at the end of a phrase
        assert canonical(unit.name) == unit.name
        assert dimension("万" + unit.name) == unit.dimension


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("\nclassifiers:\n", "\nclassifiers:\n  所: {}\n"), "所"),
        (("    元: {", "    元: {colour: red, "), "colour"),
        (('factor: "666', 'factors: "666'), "亩"),
        (('factor: "0.01"', 'factor: "-1"'), "厘米"),
        (("spellings: [块钱, ", "spellings: [人, 块钱, "), "人"),
        (("\nmeasures:\n", "\nmesures:\n"), "measures"),
    ],
)
def test_units_file_is_strict(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    """A slip in units.yaml stops with the file's name and the key."""
    good = (Path(load_vocabulary.__globals__["HERE"]) / "units.yaml").read_text("utf-8")
    bad = tmp_path / "units.yaml"
    bad.write_text(good.replace(*change, 1), "utf-8")
    with pytest.raises(CatalogueError, match=rf"(?s)units\.yaml.*{key}"):
        load_vocabulary(bad)


def test_a_unit_is_added_in_the_file_only(tmp_path: Path) -> None:
    """A new line in units.yaml is a new unit."""
    good = (Path(load_vocabulary.__globals__["HERE"]) / "units.yaml").read_text("utf-8")
    more = tmp_path / "units.yaml"
    more.write_text(good.replace("\nclassifiers:\n", "\nclassifiers:\n  捆: {spellings: [綑]}\n", 1), "utf-8")

    assert load_vocabulary(more).units["捆"].dimension == "捆"


def test_qualifiers_file_is_strict(tmp_path: Path) -> None:
    """An unknown key in qualifiers.yaml stops with the file's name and the key."""
    good = (Path(load_vocabulary.__globals__["HERE"]) / "qualifiers.yaml").read_text("utf-8")
    bad = tmp_path / "qualifiers.yaml"
    bad.write_text(good + "\nextra: []\n", "utf-8")
    with pytest.raises(CatalogueError, match=r"qualifiers\.yaml.*extra"):
        load_wording(bad)
    assert load_yaml  # the one strict loader of the project does it


# --- real reports ---------------------------------------------------------------------------------


def test_reports_agree_with_themselves(shared: Path) -> None:
    """In every real report each span, read alone, gives the same value and unit."""
    kinds: Counter[str] = Counter()
    for path in sorted((shared / "reports").glob("*.txt")):
        text = path.read_text("utf-8")
        for q in read_quantities(text):
            [again] = read_quantities(text[q.start : q.end])
            assert (q.value, q.upper, q.unit) == (again.value, again.upper, again.unit), text[q.start : q.end]
            kinds[dimension(q.unit)] += 1
    assert {"money", "percent", "person", "所", "none"} <= set(kinds)


def test_fast() -> None:
    """A long text is read in a fraction of a second, so that questions can be read while typing."""
    text = "".join(
        f"2022年全县教育经费{n}.5万元,比上年增长{n % 90}%,新建三所学校,共有{n}余名教师。\n"
        for n in range(100, 300)
    )
    read_quantities("预热1人")
    best = 9.0
    for turn in range(3):
        begin = time.perf_counter()
        found = read_quantities(text[: 7000 - turn])
        best = min(best, time.perf_counter() - begin)
    assert len(found) > 400
    assert best < 0.5
