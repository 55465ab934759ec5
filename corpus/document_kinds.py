"""What kind of document a text is (自评报告, 教育经费执行情况公告 …); the words are kept in ``document_kinds.yaml``."""

from __future__ import annotations

import re
from functools import cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, load_yaml
from corpus.errors import CatalogueError
from corpus.folding import fold

_OPENING = 600
"""Characters in which a document without a telling title says what it is."""
_TOLD = re.compile(r"(?:现|特|兹)(?:将|对|就)?([^。\n]{2,60}?)(公告|公示|公布|通报|汇报|报告|总结)如下")


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class DocumentKind:
    """A kind by the words that its titles hold."""

    name: str
    words: str


@cache
def document_kinds() -> tuple[DocumentKind, ...]:
    """Return the kinds, narrower ones first; raise CatalogueError where the file is wrong."""
    kinds = load_yaml(HERE / "document_kinds.yaml", tuple[DocumentKind, ...])
    for kind in kinds:
        try:
            re.compile(kind.words)
        except re.error as error:
            raise CatalogueError(f"document_kinds.yaml:{kind.name}:正则表达式有误:{error}") from error
    return kinds


def kind_of(title: str, text: str) -> str | None:
    """Return the kind of a document by its title, else by how its opening announces it; None if neither says."""
    said = fold(title).replace(" ", "")
    told = _TOLD.search(fold(text[:_OPENING]))
    for words in (said, told[1] + told[2] if told else ""):
        found = next((kind.name for kind in document_kinds() if words and re.search(kind.words, words)), None)
        if found:
            return found
    return None
