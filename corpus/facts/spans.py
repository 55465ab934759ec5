"""The years that a key or a heading stands for."""

from __future__ import annotations

from corpus.periods import read_periods


def years_of(key: str | None) -> tuple[str, ...]:
    """Return the single years of a span such as "2020/2022", none for any other key.

    >>> years_of("2020/2022"), years_of("2022")
    (('2020', '2021', '2022'), ())
    """
    first, stroke, last = (key or "").partition("/")
    if not stroke or len(first) != 4 or len(last) != 4 or not 0 < int(last) - int(first) < 12:
        return ()
    return tuple(str(year) for year in range(int(first), int(last) + 1))


def year_of(path: tuple[str, ...]) -> str | None:
    """Return the year that the nearest heading names, if it names exactly one."""
    for title in reversed(path):
        keys = {p.key[:4] for p in read_periods(title[:120]) if p.key and "/" not in p.key}
        if len(keys) == 1:
            return keys.pop()
        if keys:
            return None
    return None
