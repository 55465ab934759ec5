"""Document numbers such as 某政〔2022〕6号, and the titles they belong to.

Real texts damage them: other brackets, a bracket lost ("教基厅函〔202143号"), blanks inside. A number is
recognised by agency characters in front, a year in or after an opening bracket, and 号 at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPEN, _CLOSE = r"[〔【\[(（［﹝]", r"[〕】\])）］﹞]"
_YEAR = r"(?:19|20)[ \u3000]?\d[ \u3000]?\d"
_NUMBER = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{1,14}?(?:[（(][\u4e00-\u9fff]{1,4}[)）])?)[ \u3000\xa0]{0,2}"
    rf"(?:{_OPEN}[ \u3000\xa0]{{0,2}}{_YEAR}[ \u3000\xa0]{{0,2}}(?:年)?{_CLOSE}?|{_YEAR}{_CLOSE})"
    r"[ \u3000\xa0]{0,2}(?:第)?[ \u3000\xa0]{0,2}\d{1,5}[ \u3000\xa0]{0,2}号"
)
# Where prose runs into the agency's characters, the number begins behind these words.
_LEAD = re.compile(
    r".*(?:依据|根据|按照|印发|文件|通知|意见|规定|精神|下发|以及|转发|发文|公布|文号|见|[和与及的在据按照经依了《》以将由对])"
)
_MAX_TITLE = 200


@dataclass(frozen=True, slots=True)
class DocNumber:
    """A written document number; ``title_span`` is what stands inside its 《…》, if it has a title."""

    start: int
    end: int
    text: str
    title_span: tuple[int, int] | None = None


def find(text: str) -> tuple[DocNumber, ...]:
    """Return the document numbers in ``text``, in order, with their titles."""
    found = []
    for match in _NUMBER.finditer(text):
        lead = _LEAD.match(match["agency"])
        start = match.start()
        if lead and lead.end() < len(match["agency"]) and not (lead[0] == "和" and _opens(text, start)):
            start += lead.end()
        title = _title_before(text, start) or _title_behind(text, match.end())
        found.append(DocNumber(start, match.end(), text[start : match.end()], title))
    return tuple(found)


def _opens(text: str, start: int) -> bool:
    """Whether ``start`` is behind a bracket or blank, so that 和 there is a county's name, not "and"."""
    return start == 0 or not "\u4e00" <= text[start - 1] <= "\u9fff"


def _title_before(text: str, start: int) -> tuple[int, int] | None:
    """The title in 《…》 right before ``start``, with at most an opening bracket between them."""
    stop = len(text[max(0, start - 6) : start].rstrip(" \u3000\xa0(（[【")) + max(0, start - 6)
    if not stop or text[stop - 1] != "》":
        return None
    depth = 0
    for position in range(stop - 1, max(-1, stop - _MAX_TITLE), -1):
        depth += {"》": 1, "《": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1, stop - 1
    return None


def _title_behind(text: str, end: int) -> tuple[int, int] | None:
    """The title in 《…》 right behind ``end``: 某政〔2022〕6号《关于…的通知》."""
    opening = re.compile(r"[ \u3000\xa0]*(?:文件?)?[ \u3000\xa0)）\]】]*《").match(text, end)
    if not opening:
        return None
    depth = 1
    for position in range(opening.end(), min(len(text), opening.end() + _MAX_TITLE)):
        depth += {"《": 1, "》": -1}.get(text[position], 0)
        if depth == 0:
            return opening.end(), position
    return None
