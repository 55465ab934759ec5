"""Importing this loads what every document needs: readers, names of places, words, indicators.

The process that reading processes are forked from does so once; each of them would need half a second for it.
"""

from __future__ import annotations

from contextlib import suppress

from corpus.documents import read_document

with suppress(Exception):  # whatever is missing, the reading of a file says so in its own words
    read_document(
        "2020年全国教育情况\n全国有小学10所，在校生1000人，比上年增长5%。".encode(), "热身.txt", "热身"
    )
