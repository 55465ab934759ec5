"""What a Word document's styles and numbering say: which paragraphs are numbered, and the numbers as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus.readers._word_numbers import written

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",  # the strict form
)
_OTHERS = {
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
}
_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
_CLOSED = re.compile(r"[、.．。)）\]】〕:：,，]$")


def tag(element: Any) -> str:
    """Return the name of an element: bare in Word's namespace, "mc:…" and "m:…" (formulas), "?…" in any other."""
    full: str = element.tag
    namespace, _, local = full[1:].partition("}") if full[:1] == "{" else ("", "", full)
    return local if namespace in _WORD else _OTHERS.get(namespace, "?") + local


def child(element: Any, *path: str) -> Any:
    """Return the first child along a path of names, or None."""
    for name in path:
        element = next((c for c in element if tag(c) == name), None) if element is not None else None
    return element


def value(element: Any, name: str = "val") -> str | None:
    """Return an attribute of Word's namespace."""
    if element is None:
        return None
    found = (element.get(f"{{{namespace}}}{name}") for namespace in _WORD)
    return next((v for v in found if v is not None), None)


def is_on(element: Any) -> bool:
    """Tell whether a switch such as ``w:vanish`` is there and not off."""
    return element is not None and (value(element) or "true").lower() not in ("0", "false", "off", "none")


def whole(text: str | None, default: int = 0) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default


class Styles:
    """The styles of a document; a chain of ``basedOn`` is followed at most as far as there are styles."""

    def __init__(self, root: Any) -> None:
        self._by_id: dict[str, Any] = {}
        self._default: str | None = None
        self._known: dict[tuple[str | None, tuple[str, ...]], Any] = {}
        for style in root if root is not None else ():
            name = value(style, "styleId")
            if tag(style) == "style" and name:
                self._by_id.setdefault(name, style)
                if value(style, "default") in ("1", "true") and value(style, "type") == "paragraph":
                    self._default = name

    def chain(self, name: str | None) -> Iterator[Any]:
        seen: set[str] = set()
        name = name or self._default
        while name and name not in seen and name in self._by_id and len(seen) < 50:
            seen.add(name)
            yield self._by_id[name]
            name = value(child(self._by_id[name], "basedOn"))

    def property(self, name: str | None, *path: str) -> Any:
        """Return the first element at ``path`` in a style or those it is based on."""
        key = (name, path)
        if key not in self._known:
            found = (e for style in self.chain(name) if (e := child(style, *path)) is not None)
            self._known[key] = next(found, None)
        return self._known[key]

    def title(self, name: str | None) -> str:
        """Return a style's own name in small letters ("heading 1", "toc 2", "title")."""
        return (value(child(self._by_id.get(name or "", ()), "name")) or "").lower()

    def numbered(self, name: str | None) -> tuple[int, int | None, str] | None:
        """Return (number id, level or None, id of the style that says so) where a style numbers its paragraphs."""
        for style in self.chain(name):
            numbers = child(style, "pPr", "numPr")
            if (given := value(child(numbers, "numId"))) is not None:
                level = value(child(numbers, "ilvl"))
                return whole(given), None if level is None else whole(level), value(style, "styleId") or ""
        return None


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    gap: str
    restart: int | None
    legal: bool
    style: str | None


@dataclass(slots=True)
class _Series:
    """The levels that one ``w:num`` uses, and the counters it shares with others of the same kind."""

    levels: dict[int, _Level]
    counters: list[int | None]
    overrides: dict[int, int]
    begun: set[int] = field(default_factory=set)


class Numbering:
    """Counts the numbered paragraphs of a document, in order, and writes their numbers."""

    def __init__(self, root: Any, styles: Styles) -> None:
        kinds: dict[str, tuple[dict[int, _Level], list[int | None]]] = {}
        links: dict[str, str] = {}
        self._series: dict[int, _Series] = {}
        of_number: dict[int, str] = {}
        parts = list(root) if root is not None else []
        for part in parts:
            name = value(part, "abstractNumId") or ""
            if tag(part) == "abstractNum":
                levels = dict(_level(e) for e in part if tag(e) == "lvl")
                kinds[name] = (levels, [None] * _LEVELS)
                if (style := value(child(part, "numStyleLink"))) is not None:
                    links[name] = style
            elif tag(part) == "num":
                of_number[whole(value(part, "numId"), -1)] = value(child(part, "abstractNumId")) or ""
        for name, style in links.items():  # "as that list style numbers"
            numbers = styles.numbered(style)
            if numbers and (other := of_number.get(numbers[0], "")) in kinds and other != name:
                kinds[name] = kinds[other]
        for part in parts:
            if tag(part) == "num" and (kind := kinds.get(value(child(part, "abstractNumId")) or "")):
                self._series[whole(value(part, "numId"), -1)] = _series(part, *kind)

    def level_of(self, number: int, style: str) -> int:
        """Return the level that is linked to a style, 0 where none is."""
        series = self._series.get(number)
        return next((i for i, lv in (series.levels if series else {}).items() if lv.style == style), 0)

    def next(self, number: int, level: int, following: str) -> str:
        """Count one paragraph and return its number with the gap after it; "" for a bullet.

        ``following`` is the paragraph's text. A number that would run into a figure ("1." before "35所") is left out:
        it counts nothing, and "1.35所" would.
        """
        series, level = self._series.get(number), max(0, min(level, _LEVELS - 1))
        if series is None or level not in series.levels:
            return ""
        here, counters = series.levels[level], series.counters
        if level in series.overrides and level not in series.begun:
            counters[level] = series.overrides[level] - 1
        series.begun.add(level)
        counters[level] = here.start if counters[level] is None else (counters[level] or 0) + 1
        for deeper in range(level + 1, _LEVELS):
            restart = series.levels[deeper].restart if deeper in series.levels else None
            if restart is None or 0 <= level < restart:
                counters[deeper] = None
        label = _PLACEHOLDER.sub(lambda m: self._shown(series, int(m[1]) - 1, here.legal), here.text)
        if here.form == "bullet":
            return ""
        label = re.sub(r"[\ue000-\uf8ff]", "", label).strip()
        gap = "" if here.gap == "nothing" or _CLOSED.search(label) else " "
        if re.match(r"[\s\u3000]*\d", following) and re.search(r"[\d.．]$", label):
            if not (gap == "" and re.match(r"(?:19|20)\d\d ?年", following)):
                return ""
        return label + gap if label else ""

    @staticmethod
    def _shown(series: _Series, level: int, legal: bool) -> str:
        if level not in series.levels:
            return ""
        count = series.counters[level]
        if count is None:
            count = series.counters[level] = series.levels[level].start
        return written(count, "decimal" if legal else series.levels[level].form)


def _level(element: Any) -> tuple[int, _Level]:
    restart = value(child(element, "lvlRestart"))
    form, plain = child(element, "numFmt"), child(element, "mc:AlternateContent", "mc:Fallback", "numFmt")
    return whole(value(element, "ilvl")), _Level(
        whole(value(child(element, "start"))),
        value(form if form is not None else plain) or "decimal",
        value(child(element, "lvlText")) or "",
        value(child(element, "suff")) or "tab",
        None if restart is None else whole(restart),
        is_on(child(element, "isLgl")),
        value(child(element, "pStyle")),
    )


def _series(element: Any, levels: dict[int, _Level], counters: list[int | None]) -> _Series:
    own, starts = dict(levels), dict[int, int]()
    for override in element:
        if tag(override) != "lvlOverride":
            continue
        at = whole(value(override, "ilvl"))
        if (level := child(override, "lvl")) is not None:
            own[at] = _level(level)[1]
        if (start := value(child(override, "startOverride"))) is not None:
            starts[at] = whole(start)
    return _Series(own, counters, starts)
