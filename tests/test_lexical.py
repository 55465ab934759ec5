"""Tokens, and BM25 over them in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexes import lexical


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    for statement in lexical.SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute("create table passage (row integer primary key)")
    yield connection
    connection.close()


def fill(connection: sqlite3.Connection, *texts: str) -> None:
    rows = list(enumerate(texts, start=1))
    lexical.add_words(connection, rows)
    connection.executemany("insert into passage values (?)", [(row,) for row, _ in rows])


def test_characters_and_pairs():
    """Chinese is found by its characters and by each two neighbours."""

    assert lexical.tokens("教育局") == ["教", "育", "局", "教育", "育局"]


def test_runs_do_not_join_across_signs():
    """Characters on both sides of a comma or a number make no pair."""

    assert "育支" not in lexical.tokens("教育，支出")
    assert lexical.query_tokens("教育2022支出") == ["教育", "2022", "支出"]


@pytest.mark.parametrize("written", ["42,209.5", "４２２０９．５", "42209.5"])
def test_ways_of_writing_a_number(written: str):
    """Commas and full width do not change by what a number is found."""

    assert lexical.tokens(f"{written}万元")[0] == "42209.5"


def test_traditional_is_found_by_simplified():
    """Traditional and simplified characters have the same tokens."""

    assert lexical.tokens("義務教育優質均衡") == lexical.tokens("义务教育优质均衡")


def test_latin_words_ignore_case():
    """A Latin word is one token whatever its case."""

    assert lexical.tokens("GDP增长") == lexical.tokens("gdp增长")


def test_single_characters_are_looked_up_only_alone():
    """A query is looked up by pairs; a character that stands alone still counts."""

    assert lexical.query_tokens("校 长") == ["校", "长"]
    assert lexical.query_tokens("校长") == ["校长"]


def test_best_match_comes_first(index: sqlite3.Connection):
    """The text with more of the words scores higher, the one with none is not found."""
    fill(index, "教育经费支出情况", "教育局", "卫生院", "养老服务", "道路建设")
    scores = lexical.find_words(index, lexical.query_tokens("教育经费支出"), limit=10)

    assert list(scores) == [1, 2]
    assert scores[1] > scores[2] > 0


def test_search_within_rows(index: sqlite3.Connection):
    """A score within chosen rows is the score it has among all."""
    fill(index, "教育经费支出情况", "教育局", "卫生院", "养老服务", "道路建设")
    words = lexical.query_tokens("教育经费")
    everywhere = lexical.find_words(index, words, limit=10)

    assert lexical.find_words(index, words, limit=10, rows=[2, 3]) == {2: everywhere[2]}
    assert lexical.find_words(index, words, limit=10, rows=[]) == {}


def test_dropped_text_is_not_found(index: sqlite3.Connection):
    """What was taken out leaves no trace, and the index stays sound."""
    fill(index, "教育经费", "卫生院")
    lexical.drop_words(index, [(1, "教育经费")])

    assert lexical.find_words(index, ["教育"], limit=5) == {}
    index.execute("insert into lexical(lexical) values ('integrity-check')")


def test_full_score_grows_with_rare_words(index: sqlite3.Connection):
    """A word that few texts hold weighs more than one in many, and an unknown one most."""
    fill(index, "教育经费", "教育支出", "卫生院", "养老院", "道路")
    common, rare, unknown = (lexical.full_score(index, [word]) for word in ("教育", "道路", "飞船"))

    assert 0 < common < rare < unknown


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_kept_and_asked(text: str):
    """No text, however odd, breaks the index or its query language, and it finds itself."""
    connection = sqlite3.connect(":memory:")
    for statement in lexical.SCHEMA.split(";\n"):
        connection.execute(statement)
    text = text.encode("utf-8", "replace").decode()
    lexical.add_words(connection, [(1, text), (2, "另外一篇"), (3, "再来两句")])
    words = lexical.query_tokens(text)
    found = lexical.find_words(connection, words, limit=5)
    connection.close()

    assert not words or 1 in found
