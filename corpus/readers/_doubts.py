"""How sure a recognised line is of each of its characters."""

from __future__ import annotations

from corpus.readers._engine import Glyph, Grey


def weigh(lines: list[Grey], read: list[tuple[Glyph, ...]]) -> list[tuple[float, ...]]:
    """Return for each line how sure each of its characters is, 0 to 1."""
    return [tuple(glyph.score for glyph in glyphs) for glyphs in read]
