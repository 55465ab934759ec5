"""Numbers whose words only change one place of the name told before: 公办小学就近入学率100%,公办初中99.1%."""

from __future__ import annotations

import re

from corpus.catalogue import indicators_in, stages_in
from corpus.facts import labels, parts
from corpus.model import Fact
from corpus.units import dimension

_PLACES = re.compile(r"城区|城镇|县城|镇区|乡镇|乡村|农村|城市|男生?|女生?|公办园?|民办园?|普惠性?民办园?")
_OPINION = re.compile(r"[\u4e00-\u9fff]{0,8}(?:满意度|认可度|满意率|知晓率|支持率|赞成率)")
_ALL = re.compile(r"综合|总体|平均|整体|全体|总")
_POSTS = re.compile(r"(?:实有|现有|实际在岗|实际在编|在岗|在编|在册|实际)(?:人数|数)?")
_COUNTS = ("person", "person_time", "所", "个", "家", "class", "seat", "间", "台", "册")
"""What is counted has rules of its own for parts and stages."""
_QUOTA = re.compile(r"(?:核定|核准|批准|下达|事业)|编制(?:总量|总数|总额|数|员额)?")


def named(core: str, unit: str, last: Fact | None) -> str:
    """Return the name of the number called ``core`` beside ``last``, the level told just before; "" if they do not match.

    公办初中 beside 公办小学就近划片入学率 is 公办初中就近划片入学率, 家长 beside 学生满意度 is 家长满意度, 实有 beside
    教职工编制总量 is 实有教职工.
    """
    if last is None or last.role not in ("level", "share") or dimension(last.unit) != dimension(unit):
        return ""
    label = labels.trim(last.label)
    posts = _POSTS.fullmatch(core)
    if posts and (who := _QUOTA.sub("", parts.plain(last.metric))) != parts.plain(last.metric):
        return f"{core}{who}" if 2 <= len(who) <= 8 else ""
    if same := _same_kinds(core, label):
        return same
    if dimension(unit) in _COUNTS:
        return ""
    for kind, begin, end in _slots(label):
        head, rest = label[:begin], label[end:]
        own = core.removeprefix(head)
        told = [slot for slot in _slots(own) if slot == (kind, 0, len(own))]
        if not told or len(rest) < 2 or own == label[begin:end] or not core.startswith(head):
            continue
        if (kind == "stage" and not head) or (kind == "asked" and not _OPINION.fullmatch(rest)):
            continue
        return f"{head}{own}{rest}"
    return ""


def _same_kinds(core: str, label: str) -> str:
    """Return the name where ``core`` and the head of ``label`` are of the same kinds ("民办小学" beside "公办小学在校生")."""
    told, mine = _leading(label), _leading(core)
    kinds = [kind for kind, _, _ in mine]
    whole = bool(mine) and mine[-1][2] == len(core) and "place" in kinds
    if not whole or [kind for kind, _, _ in told] != kinds or core == label[: told[-1][2]]:
        return ""
    rest = label[told[-1][2] :]
    return f"{core}{rest}" if len(rest) >= 2 else ""


def _leading(words: str) -> list[tuple[str, int, int]]:
    """Return the kinds that ``words`` begin with, one after the other without a gap."""
    found: list[tuple[str, int, int]] = []
    for slot in sorted(_slots(words), key=lambda slot: (slot[1], -slot[2])):
        if slot[1] == (found[-1][2] if found else 0) and slot[0] != "asked":
            found.append(slot)
    return found


def _slots(words: str) -> list[tuple[str, int, int]]:
    """Return where ``words`` name a stage, a kind of place or schools, or a group of people asked."""
    masked = words
    for inside in indicators_in(words):
        if stages_in(words[: inside.start] + words[inside.end :]):
            masked = f"{masked[: inside.start]}{chr(0) * (inside.end - inside.start)}{masked[inside.end :]}"
    found = [("stage", stage.start, stage.end) for stage in stages_in(masked)]
    for kind, pattern in (("place", _PLACES), ("asked", parts.words().respondents)):
        found += [(kind, *match.span()) for match in pattern.finditer(masked)]
    return found


def opinion(core: str, unit: str, contexts: tuple[str, ...]) -> tuple[str, bool] | None:
    """Return (name, whether all are meant) of a share of the people asked that a heading or colon tells of.

    "社会认可度:学生97.1%、家长94.8%,综合95.6%": the last is that of all, the others of one group each.
    """
    everyone = _ALL.fullmatch(core) is not None
    if unit != "%" or not (everyone or parts.words().respondents.fullmatch(core)):
        return None
    for words in contexts:
        if found := _OPINION.search(labels.trim(words)):
            return (found.group() if everyone else f"{core}{found.group()}"), everyone
    return None
