"""Figures of another place than the report's own: the average of the province, the neighbour that is held beside it."""

from __future__ import annotations

import re

from corpus.gazetteer import mentions
from corpus.model import Report


def other_place(before: str, report: Report) -> str | None:
    """Return a place of higher or equal level that the words name and that is not the report's own."""
    for mention in reversed(mentions(before.replace("\x00", " "))):
        names = {place.name for place in mention.places}
        if report.region in names or names & set(report.region_path):
            continue
        if mention.full or mention.written == "全国":
            return mention.written if len(names) != 1 else next(iter(names))
    if re.search(r"全国平均|全国", before) and report.region != "全国":
        return "全国"
    own = report.region_path
    here = report.region or ""
    above = here.endswith(("县", "区", "旗", "州", "盟", "市")) and not here.endswith("自治区")
    mean = re.search(
        r"全省(?:的)?(?:平均|水平|均值)|(?:优于|高于|低于|超过|比|较|相当于)全省", before
    ) and not re.search(r"省|自治区", here or report.title)
    if mean or (above and re.search(r"全省|全自治区", before)):
        return own[0] if len(own) > 1 and own[0] != here else "全省"
    if re.search(r"全市平均|(?:^|[,;])全市(?:为|是|达)", before) and here.endswith(("县", "区", "旗")):
        return own[1] if len(own) > 2 and own[1] != here else "全市"
    return None


_BESIDE = re.compile(
    r"(?:,|^)?(?:仍|还|均|都|明显|略|远|稍|大幅)*(?:低于|高于|优于|好于|超过|接近|达到)(?P<where>全[国省市州县区])的?[ ]*$"
)
_MEAN = re.compile(r"^ *的?平均(?:水平|值|数)?")


def mean_behind(before: str, after: str) -> str:
    """Return whose mean a number is that stands between the words for it ("低于全市58.9%的平均水平"), "" if none."""
    match = _BESIDE.search(before.replace("\x00", ""))
    return f"{match['where']}平均" if match and _MEAN.match(after) else ""
