"""Percentages told with 的 after what they are of: rules of allotment, and how far a task was carried out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.facts import labels

_ALLOTTED = re.compile(r"按照?(?:不(?:低|少|高)于|至少)?(?P<whole>[^,;。]{2,40}?)的 *$")
_GIVEN = re.compile(
    r"^ *(?:以上|左右)?(?:的比例|比例|的标准)?(?:足额|统筹|单独|专项)?(?:拨付|安排|提取|计提|列支|设立|划拨|核定|核拨|投入|用于|统筹用于|配备|预留)(?P<what>[\u4e00-\u9fff]{2,20})"
)
_DONE = re.compile(r"(?:^|[,;])?(?P<verb>完成|占到)(?:了)?(?P<whole>[^,;。占]{2,20})的(?:约|近)? *$")
_OWN = re.compile(r"^(?:我|本|全)[市县区省州]|^(?:学校|各校)(?=年度|公用)")


@dataclass(frozen=True, slots=True)
class Portion:
    """``what`` as a part of ``whole``; ``link`` is the verb between them; ``ruled``: a rule says so."""

    what: str
    whole: str
    link: str
    ruled: bool


_BY = re.compile(r"^(?P<who>[^,;。]*?)按照?(?:每[^,;。\d]{1,8}?)*$")
_GRANT = re.compile(
    r"^ *(?:的标准|标准)?(?:足额)?(?:给予|予以|进行|享受|落实)?(?P<act>生活补助|补助|资助|奖补|拨付|核拨|补贴|奖励|发放|核定|安排|拨款)"
)


def granted(before: str, after: str) -> tuple[str, str] | None:
    """Return (who gets it, what is done) of an amount that a rule grants ("普惠园按每生每年500元补助"), else None."""
    by, grant = _BY.match(before.replace("\x00", "")), _GRANT.match(after.replace("\x00", ""))
    return (labels.trim(by["who"]), grant["act"]) if by and grant else None


def portion(before: str, after: str, qualifier: str | None) -> Portion | None:
    """Return the portion that a percentage between ``before`` and ``after`` is, None if it is none.

    >>> portion("按年度公用经费预算总额的", "安排教师培训经费", None)
    Portion(what='教师培训经费', whole='年度公用经费预算总额', link='占', ruled=True)
    """
    words = before.replace("\x00", "")
    allotted = _ALLOTTED.search(words)
    given = _GIVEN.match(after.replace("\x00", ""))
    if allotted and given:
        whole = _OWN.sub("", labels.trim(allotted["whole"]))
        what = re.sub(r"^(?:年度|全年)", "", labels.trim(given["what"]))
        return Portion(what, whole, "占", ruled=True)
    done = _DONE.search(words)
    if done:
        return Portion(
            labels.trim(words[: done.start()]), labels.trim(done["whole"]), done["verb"], ruled=False
        )
    return None
