"""The catalogue: files are read strictly, names are found longest first, what is shipped is consistent."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import catalogue
from corpus.catalogue import (
    Derived,
    Lexicon,
    Stage,
    derived,
    indicators,
    indicators_in,
    lexicon,
    load_yaml,
    stages,
    stages_in,
)
from corpus.errors import CatalogueError
from corpus.rules import standards
from corpus.units import canonical

INDICATOR = "- {id: one, name: 某指标, unit: 元}\n"
STAGE = "- {id: primary, name: 小学, words: [小学]}\n"


def write(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("- {id: primary, name: 小学, words: [小学], colour: red}\n", "colour"),
        ("- {id: primary, words: [小学]}\n", "name"),
        ("- {id: primary, name: 小学, words: 小学}\n", "words"),
        ("- {id: primary, id: junior, name: 小学, words: [小学]}\n", "id"),
        ("- {id: [primary], name: 小学, words: [小学]}\n", "id"),
        ("- {id: primary\n", "own.yaml"),
        ("primary: 小学\n", "own.yaml"),
        ("", "own.yaml"),
    ],
    ids=["unknown key", "missing key", "wrong kind", "duplicate key", "list for text", "broken", "no list", "empty"],
)  # fmt: skip
def test_slip_in_a_file_is_told_with_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    """A file that is not as it should be stops the program with its name and the key, in an error of ours."""
    with pytest.raises(CatalogueError) as raised:
        load_yaml(write(tmp_path, text), tuple[Stage, ...])
    assert str(raised.value).startswith("own.yaml")
    assert key in str(raised.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00bad\x81", "folder"])
def test_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | str | None) -> None:
    """A missing file, one that is no UTF-8 and a folder are told by name, in Chinese."""
    path = tmp_path / "own.yaml"
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(CatalogueError, match=r"own\.yaml:无法读取"):
        load_yaml(path, tuple[Stage, ...])


def test_numbers_and_dates_stay_as_written(tmp_path: Path) -> None:
    """12.30 stays 12.30, 007 stays 007, a date stays text, as does a lone on or no that is quoted."""
    path = write(tmp_path, "{a: 12.30, b: 007, c: 2022-05-01, d: 1e3, e: 'no'}")
    assert load_yaml(path, dict[str, str]) == {
        "a": "12.30",
        "b": "007",
        "c": "2022-05-01",
        "d": "1e3",
        "e": "no",
    }


def test_yaml_cannot_make_objects(tmp_path: Path) -> None:
    """A tag that would call Python is refused like any other slip."""
    with pytest.raises(CatalogueError, match=r"own\.yaml"):
        load_yaml(write(tmp_path, "!!python/object/apply:os.getcwd []"), list[str])


@pytest.fixture
def own_indicators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of indicators in place of the shipped one."""
    (tmp_path / "indicators").mkdir()
    monkeypatch.setattr(catalogue, "HERE", tmp_path)
    monkeypatch.setattr(catalogue, "indicators", catalogue.indicators.__wrapped__)
    return tmp_path / "indicators"


def test_indicators_are_read_from_every_file(own_indicators: Path) -> None:
    """All files of the folder make one catalogue; what is left out has its default."""
    write(own_indicators, INDICATOR, "a.yaml")
    write(
        own_indicators,
        "- {id: two, name: 另一指标, unit: '%', synonyms: [别名], per_stage: true}\n",
        "b.yaml",
    )
    found = catalogue.indicators()
    assert set(found) == {"one", "two"}
    assert found["two"].words == ("另一指标", "别名")
    assert found["two"].per_stage and not found["one"].per_stage


def test_duplicate_id_over_files_is_told(own_indicators: Path) -> None:
    """The same id in two files stops the program with the second file and the id."""
    write(own_indicators, INDICATOR, "a.yaml")
    write(own_indicators, INDICATOR, "b.yaml")
    with pytest.raises(CatalogueError, match=r"b\.yaml:one:编号重复"):
        catalogue.indicators()


def test_unknown_key_of_an_indicator_is_told(own_indicators: Path) -> None:
    """A misspelt key names file and key."""
    write(own_indicators, "- {id: one, name: 某指标, unit: 元, sinonyms: [别名]}\n", "a.yaml")
    with pytest.raises(CatalogueError, match=r"a\.yaml.*sinonyms"):
        catalogue.indicators()


def test_duplicate_id_of_a_stage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two stages of one id are a slip like two indicators of one id."""
    write(tmp_path, STAGE * 2, "stages.yaml")
    monkeypatch.setattr(catalogue, "HERE", tmp_path)
    with pytest.raises(CatalogueError, match=r"stages\.yaml:primary"):
        catalogue.stages.__wrapped__()


def test_direction_is_up_or_down(own_indicators: Path) -> None:
    """Another direction than up or down is a slip."""
    write(own_indicators, "- {id: one, name: 某指标, unit: 元, direction: sideways}\n", "a.yaml")
    with pytest.raises(CatalogueError, match=r"a\.yaml.*direction"):
        catalogue.indicators()


# Names in texts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("生均一般公共预算教育经费和教育事业费", ["per_student_budget_education_funds", "operating_expense"]),
        ("一般公共预算教育支出", ["budget_education_expenditure"]),
        ("天气很好", []),
    ],
)
def test_longest_name_wins(text: str, found: list[str]) -> None:
    """Of names within each other the longest is meant; several come by position."""
    named = indicators_in(text)
    assert [n.id for n in named] == found
    assert all(text[n.start : n.end] in indicators()[n.id].words for n in named)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("普通小学和普通初中", ["primary", "junior"]),
        ("职业高中、普通高中", ["vocational_senior", "senior"]),
        ("中小学", ["schools"]),
        ("幼儿园", ["preschool"]),
        ("区实验小学", []),  # a school's name
        ("召开中心小学会议", []),
        ("附属初中", []),
        ("农村小学", ["primary"]),
        ("城镇小学", ["primary"]),
    ],
)
def test_stages_but_not_in_the_name_of_a_school(text: str, found: list[str]) -> None:
    """A stage is found by its longest word; 实验小学 and 中心小学 are schools, no stage."""
    assert [n.id for n in stages_in(text)] == found


# What is shipped


def test_names_are_nobody_elses() -> None:
    """No word names two indicators, or two stages: a name leads to one thing."""
    for items in (indicators().values(), stages().values()):
        owners: dict[str, set[str]] = {}
        for item in items:
            for word in item.words:
                owners.setdefault(word, set()).add(item.id)
        assert {word: ids for word, ids in owners.items() if len(ids) > 1} == {}


def test_references_within_the_catalogue_hold() -> None:
    """Loose words, derived quantities and wider stages refer to entries that there are."""
    assert {i for ids in lexicon().generic.values() for i in ids} <= set(indicators())
    assert {d.metric_id for d in derived()} - {None} <= set(indicators())
    assert {s for stage in stages().values() for s in stage.includes} <= set(stages())
    assert {d.tool for d in derived()} <= {"difference", "ratio", "average"}
    assert len({d.id for d in derived()}) == len(derived())


def test_units_of_indicators_are_known() -> None:
    """Every indicator is given in a unit that can be read and converted."""
    unread = {i.id: i.unit for i in indicators().values() if i.unit and canonical(i.unit) is None}
    assert unread == {}


def test_files_are_of_their_kinds() -> None:
    """The shipped files load, and are what the code takes them for."""
    assert all(isinstance(d, Derived) for d in derived())
    assert isinstance(lexicon(), Lexicon)
    assert all(len(group) == len(set(group)) > 1 for group in lexicon().same)
    assert sum(len(aspect.indicators) for aspect in standards()["youzhi_junheng"].aspects) >= 31
