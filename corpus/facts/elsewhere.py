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
