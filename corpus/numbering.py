"""Hide what numbers a text but counts nothing: list and document numbers, addresses on the web.

Hidden characters become NULs, so that offsets stay and nothing is read across the gap.
"""

from __future__ import annotations

import re

from corpus.units import unit_at, vocabulary

MASK = "\x00"
_CN = "[一二三四五六七八九十]{1,3}"
_LIST_NUMBER = re.compile(
    rf"(?m)^[ \t]*(?:[(（]?{_CN}[)）]?[、.．,]|[(（][0-9]{{1,2}}[)）]|[0-9]{{1,2}}(?:[、)）]"
    r"|\.(?![0-9 ])"  # 1.基本情况
    r"|\.(?=(?:19|20)[0-9]{2} ?年)"  # 1.2022年
    r"|\. (?! *[0-9]{1,2} ?%)(?![0-9]+[^\n]{0,6}$))"  # "3. 基本情况", not a lone "18. 81%"
    r"|[0-9]{1,2}(?:\.[0-9]{1,2}){1,3} +(?=[\u4e00-\u9fff])"  # 1.1 每百名学生
    r"|[0-9]{1,2}[-—][0-9]{1,2} +(?=[\u4e00-\u9fff])(?![人名所个元岁年月日天万亿]))"  # 10-12 分县区情况
    rf"|(?<=[。;:： \t,，])(?<![0-9][:：])[0-9]{{1,2}}、(?=[^\W0-9])|(?<=[。;；])[0-9]{{1,2}}[.．](?=[\u4e00-\u9fff“\"《])|[(（](?:[0-9]{{1,2}}|{_CN})[)）]|[①-⑳⑴-⒇⒈-⒛]"
    r"|(?<=[\u4e00-\u9fff”》)） ])[\[〔［][0-9]{1,2}[\]〕］](?=[ \u4e00-\u9fff0-9,，。;；、])"  # a note: 毛入园率[2]达到
    r"|(?:^|(?<=[:：。;；,，]))[ \t]*[\[〔［][0-9]{1,2}[\]〕］](?= ?[\u4e00-\u9fff])"  # 注:[1]含附设班
)
_OPEN, _SHUT = r"[〔【\[(（﹝［]", r"[〕】\])）﹞］]"
_DOCUMENT = re.compile(
    rf"{_OPEN} ?(?:19|20)[0-9]{{2}} ?年?{_SHUT} ?第?[0-9]+ ?号|{_OPEN}[0-9]{{4,8}} ?号|第 ?[0-9]+ ?号"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s\u4e00-\u9fff,。;()]+"
    # tried only where a run begins and never given back: a run of 10^5 digits stays linear
    r"|(?<![0-9A-Za-z_.-])[0-9A-Za-z_.-]++ ?@ ?[0-9A-Za-z.-]+|(?<![0-9A-Za-z-])[0-9A-Za-z-]++(?:\.[A-Za-z]{2,})+(?:/[!-~]*)?"
)


def mask_spans(text: str, *patterns: re.Pattern[str]) -> str:
    """Return ``text`` with every match of the patterns replaced by as many NULs."""
    for pattern in patterns:
        text = pattern.sub(lambda m: MASK * len(m[0]), text)
    return text


def mask_numbering(text: str) -> str:
    """Hide list numbers, document numbers and web addresses of a normalised text."""
    return _LIST_NUMBER.sub(_hide, mask_spans(text, _ADDRESS, _DOCUMENT))


def _hide(match: re.Match[str]) -> str:
    """Hide a list number, unless it is "7.30 亿元" at the head of a line."""
    text, end = match.string, match.end()
    amount = unit_at(text, end) or text[end : end + 1] in (*vocabulary().scales, "余", "多")
    counted = re.search(r"[.][0-9]", match[0]) is not None  # "1. 所有学校" begins a list
    return match[0] if counted and match[0].endswith(" ") and amount else MASK * len(match[0])
