"""Words of a question against the words of a text: which count, and how surely a text says them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue import indicators, lexicon
from tools.words import LIGHT, Term, coverage, focus, presence, terms

NAMES = st.sampled_from(sorted({word for item in indicators().values() for word in item.words}))


def words(phrase: str) -> list[str]:
    return [term.text for term in terms(phrase)]


def weight(phrase: str, word: str) -> float:
    return next(term.weight for term in terms(phrase) if term.text == word)


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("残疾儿童送教上门人数", ["残疾儿童", "送教上门", "人数"]),
        ("公办幼儿园在园幼儿", ["公办幼儿园", "在园幼儿"]),
        ("一共有多少名教师", ["教师"]),
        ("请问这份报告里的督学是多少", ["督学"]),
        ("的了吗", []),
        ("", []),
        ("2022年42209万元", []),
        ("学校学校", ["学校"]),
    ],
)
def test_content_words_of_a_phrase(phrase: str, found: list[str]) -> None:
    """Particles, asking words, measure words and figures fall away; a word is kept once, in order."""
    assert words(phrase) == found


def test_names_weigh_more_than_actions_and_light_words() -> None:
    """What is counted weighs most, an action half of it, a word that fits everything little."""
    phrase = "移交残疾儿童资金"
    assert weight(phrase, "残疾儿童") > 1 > weight(phrase, "移交") > weight(phrase, "资金") == LIGHT


def test_action_at_the_end_is_what_is_counted() -> None:
    """In "学校…移交" the action that closes the phrase is asked for, so it weighs as a name does."""
    assert weight("幼儿园移交", "移交") == 1.0
    assert weight("移交幼儿园", "移交") == 0.5


def test_light_words_of_the_lexicon_are_never_decisive() -> None:
    """A light word of the lexicon that is kept whole has the stated little weight."""
    kept = {word: term.weight for word in lexicon().light for term in terms(word) if term.text == word}
    assert len(kept) > 20
    assert set(kept.values()) == {LIGHT}


def test_latin_words_count() -> None:
    """STEM or GDP in a question is a word like any other."""
    assert words("STEM课程") == ["STEM", "课程"]


@pytest.mark.parametrize(
    ("word", "text", "least", "most"),
    [
        ("教师", "现有教师2311名", 1.0, 1.0),
        ("老师", "现有教师2311名", 0.9, 0.99),  # a word of the same meaning
        ("民办", "私立学校3所", 0.9, 0.99),
        ("覆盖率", "应覆盖尽覆盖", 0.8, 0.99),  # its core
        ("总收入", "收入合计", 0.8, 0.99),
        ("招生", "招收新生", 0.6, 0.99),  # both characters close by
        ("骨干教师", "教师骨干队伍", 0.4, 0.7),  # some of its pairs
        ("食堂", "图书馆", 0.0, 0.0),
        ("教师", "庆祝教师节", 0.0, 0.5),  # another thing when 节 follows
        ("幼儿", "幼儿园4所", 0.0, 0.5),
        ("学生", "学生会", 0.0, 0.5),
        ("学生", "学生会和学生", 1.0, 1.0),
    ],
)
def test_how_surely_a_text_says_a_word(word: str, text: str, least: float, most: float) -> None:
    """Literally is sure; a synonym, the core, or shared characters less and less; a longer other word is no."""
    assert least <= presence(word, text) <= most


@given(NAMES, st.text("甲乙丙丁0123,。", max_size=6), st.text("甲乙丙丁0123,。", max_size=6))
def test_a_name_is_said_where_it_stands(name: str, before: str, after: str) -> None:
    """Every name of the catalogue is surely present in a text that holds it."""
    assert presence(name, f"{before}{name}{after}") == 1.0


@given(NAMES)
def test_a_name_covers_itself(name: str) -> None:
    """Asked with its own words a name is covered, wholly in focus, and nothing is absent."""
    said = coverage(terms(name), [(name, 1.0)])
    assert said.share == pytest.approx(1.0)
    assert said.absent == ()
    assert focus(name, name) == pytest.approx(1.0)


def test_coverage_takes_the_best_field_times_its_trust() -> None:
    """A word said in a field of little trust counts little; a better field wins."""
    asked = (Term("送教上门", 1.0),)
    assert coverage(asked, [("送教上门34人", 0.5)]).share == pytest.approx(0.5)
    assert coverage(asked, [("送教上门34人", 0.5), ("送教上门", 0.9)]).share == pytest.approx(0.9)
    assert coverage(asked, [("", 1.0), ("送教上门", 0.9)]).share == pytest.approx(0.9)


def test_coverage_is_weighed_by_the_words() -> None:
    """A heavy word that is missing costs its weight, and is named as absent; a light one is not."""
    asked = (Term("近视", 3.0), Term("学生", 1.0), Term("资金", LIGHT))
    said = coverage(asked, [("残疾学生", 1.0)])
    assert said.share == pytest.approx(1 / (4 + LIGHT))
    assert said.absent == ("近视",)


def test_head_is_the_last_word_of_weight() -> None:
    """The last name asked for must be said itself; light words behind it do not take its place."""
    asked = (Term("教师", 1.0), Term("近视", 1.0), Term("人数", LIGHT))
    assert coverage(asked, [("教师人数", 1.0)]).head == 0.0
    assert coverage(asked, [("近视人数", 1.0)]).head == 1.0


def test_nothing_asked_is_covered_by_anything() -> None:
    """A question whose slots say it all leaves no word to be missed."""
    assert coverage((), [("任何", 1.0)]).share == 1.0
    assert coverage((), []).share == 1.0


def test_focus_falls_with_words_that_nobody_asked_for() -> None:
    """A label that says more than was asked is another figure: its extras lower the focus."""
    assert focus("在园幼儿", "在园幼儿") == 1.0
    assert focus("在园幼儿", "普惠性民办幼儿园在园幼儿") < 0.5
    assert focus("在园幼儿", "") == 1.0
