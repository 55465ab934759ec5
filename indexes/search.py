"""Puts the two ways of finding a passage together, and says what a find is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from corpus.model import Fact, Passage
from indexes.embedded import Vectors
from indexes.lexical import simplify, tokens

DEPTH = 100
"""Candidates each way contributes before the scores are blended."""
FACT_DEPTH = 200
"""The same for facts: many places and years have a fact of one name."""
CONTEXT = 0.2
"""Part of place and time in the vector of a fact. On three sets of questions, with the share of words added, MRR is
0.54, 0.74 and 0.72; a vector of each fact's whole text, value included, has 0.43, 0.73 and 0.69 and costs three times
as much."""
FACT_FORMAT = 2
"""Raised whenever the vectors of facts are made otherwise, so that stored ones are made again."""
E5_FLOOR = 0.75
"""Below any cosine multilingual-e5 gives in practice: of unrelated questions and passages of
CMRC2018 one in a hundred is below 0.776."""
SATURATION = 0.35
"""Share of the full lexical score at which the lexical part is half of its most.

In proportion to the question's own words, so it means the same in a store of ten passages as of
100,000. On CMRC2018 anything from 0.2 to 0.5 finds the same within 0.15 points of R@1.
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``lexical`` is its BM25 score, ``dense`` its cosine, ``score`` their blend
    (0 to about 1.8; it orders the hits of one question, but cannot tell whether any of them answers it).
    """

    passage: Passage
    score: float
    lexical: float
    dense: float


def blend(
    dense: Mapping[int, float], lexical: Mapping[int, float], *, floor: float, full: float
) -> list[tuple[float, int]]:
    """Return ``(score, row)`` for every row of ``dense``, best first.

    The score is the cosine stretched from ``floor``..1 to 0..1, plus BM25 / (BM25 + K), where K is
    ``SATURATION`` of ``full``, the weight of all words of the question together.
    """
    half = max(SATURATION * full, 1e-9)

    def score(row: int) -> float:
        words = lexical.get(row, 0.0)
        return (dense[row] - floor) / (1 - floor) + words / (words + half)

    return sorted(((score(row), row) for row in dense), key=lambda pair: (-pair[0], pair[1]))


def background(matrix: Vectors) -> float:
    """Estimate the cosine of unrelated texts under a model: the first percentile of random pairs."""
    if len(matrix) < 2:
        return 0.0
    pairs = np.random.default_rng(0).integers(0, len(matrix), (2000, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    cosines = np.einsum("ij,ij->i", matrix[pairs[:, 0]], matrix[pairs[:, 1]])
    return float(np.clip(np.percentile(cosines, 1), 0.0, 0.9))


def passage_text(passage: Passage) -> str:
    """Return what a passage is found by."""
    return simplify(passage.text)


def fact_texts(fact: Fact) -> tuple[str, str]:
    """Return what a fact is found by: what it is called, and of which place and time it is.

    They are embedded apart, as reports call figures alike and each has few times; see ``join``. The words alone
    decide between places and times (``word_share``).
    """
    subject = fact.subject if fact.subject != fact.region else ""
    name = " ".join(dict.fromkeys(part for part in (subject, fact.metric, fact.label) if part))
    return simplify(name), simplify(" ".join(part for part in (fact.region, fact.period) if part))


def join(names: Vectors, contexts: Vectors) -> Vectors:
    """Return the vectors ``(n, d)`` of facts from those of their two texts."""
    joined = (1 - CONTEXT) * names + CONTEXT * contexts
    unit: Vectors = joined / np.linalg.norm(joined, axis=1, keepdims=True)
    return unit


def word_share(words: Collection[str], fact: Fact) -> float:
    """Return which share of a question's words stand in a fact's name, place and time."""
    year = (fact.period or "")[:4]
    said = " ".join(part for part in (fact.region, year, fact.subject, fact.metric, fact.label) if part)
    held = set(tokens(said))
    return sum(word in held for word in words) / max(len(words), 1)
