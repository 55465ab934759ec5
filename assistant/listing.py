"""Lists in a question: "学校数、班级数、在校生数和专任教师数" are four questions of one subject."""

from __future__ import annotations

import re

from assistant.question import Ask, Known
from assistant.slots import read_ask
from corpus.catalogue import indicators_in, stages_in
from corpus.folding import fold
from corpus.gazetteer import mentions

_MARK = re.compile(r"[、/]|以及|还有|[和与及跟]")
_EACH = re.compile(r"各自?(?![类级地县区市学校项])|分别|都(?=[是有占为达多])|一一|逐[一项个]|逐个")
_TELL = r"(?:请|帮我?|给我?|麻烦|一并|一起|统统|全部?|都|一一)*(?:列|说|报|查|写|讲|告诉|给)(?:一?下|出来|出|清楚|个表|我|一列)*"
_TAIL = re.compile(
    rf"(?:这?[两二三四五六七八几]+[项个类种者])?(?:(?:各自?(?![类级])|分别|都|一一)(?:的?(?:占比?|比例|比重|数量|人数|金额|[所个]数))?)?(?:各自?|分别|都)?(?:是|为|有|占|达)*(?:多少|几(?=[个名所人家%])|百分之几|百分之多少|怎么样|如何|情况).*$"
    rf"|(?:各自?(?![类级])|分别).{{0,8}}$|{_TELL}$|[?,。吗呢]+$"
)
_FRAME = re.compile(r"^(?:请?问|想?查|查询|了解|列出|说说|告诉我)+(?:一下)?")
_MEASURED = re.compile(
    r"(?:数|率|额|费|经费|收入|支出|投入|面积|占比|比例|比重|比|人数|总量|资金|学位|册|值|金|[多少几]+.{0,3})$"
)
_LIST_OPS = ("value", "growth", "difference", "share", "list", "count")
_KIND = re.compile(r"公办|民办|普惠性?(?:民办)?|农村|乡村|城区|镇区|县城|寄宿制?")


def parts_of(piece: str, ask: Ask, known: Known) -> tuple[Ask, ...]:
    """Return the questions that a list in ``piece`` holds, each with the subject they share; empty for no list."""
    if ask.op not in _LIST_OPS or len(ask.given) or ask.bar:
        return ()
    text = _FRAME.sub("", fold(piece).strip(" ,?。"))
    tail = _TAIL.search(text)
    body, asked = (text[: tail.start()], text[tail.start() :]) if tail else (text, "")
    items, listed = _items(body)
    plain = not _EACH.search(asked) and not re.fullmatch(_TELL, asked)
    if len(items) < 2 or (plain and (not listed or len(items) < 3) and not _two_measures(items)):
        return ()
    if ask.op == "share" and not re.match(r"(?:各自?|分别|都)?占", asked) and not _two_measures(items):
        return ()
    if any(_bare(item) for item in items):
        return ()  # only places, stages or years: one question over several of these
    if ask.op == "difference" and not _EACH.search(asked):
        return ()
    items = _shared(items)
    tells = re.fullmatch(_TELL, asked) is not None or not re.search(r"多少|几|占", asked)
    question = "是多少" if tells else _EACH.sub("", asked)
    found: list[Ask] = []
    for item in items:
        own = read_ask(f"{item}{question}", known, ask.regions)
        if own.op not in _LIST_OPS or not (own.words or own.metric_ids):
            return ()
        found.append(own)
    return tuple(found)


def _items(body: str) -> tuple[list[str], bool]:
    """Split at the marks of a list that stand in no name; tell whether one of them is 、 or two are there."""
    kept = [(n.start, n.end) for n in indicators_in(body)]
    kept += [(m.start, m.end) for m in mentions(body)]
    kept += [m.span() for m in re.finditer(r"\([^)]*\)|“[^”]*”", body)]
    cuts = [m.span() for m in _MARK.finditer(body) if not any(a < m.end() and m.start() < b for a, b in kept)]
    edges = [0, *(x for cut in cuts for x in cut), len(body)]
    items = [body[a:b].strip(" ,") for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [i for i in items if i], any(body[a:b] in "、/" for a, b in cuts) or len(cuts) > 1


def _two_measures(items: list[str]) -> bool:
    return all(_MEASURED.search(item) or indicators_in(item) for item in items)


def _shared(items: list[str]) -> list[str]:
    """Give every item the subject of the first ("公办园的…") and the noun of the last ("…的在园幼儿")."""
    first, last = items[0], items[-1]
    noun = last.rpartition("的")[2] if "的" in last else ""
    if noun and len(noun) >= 2 and not any("的" in i or _MEASURED.search(i) for i in items[:-1]):
        return [*(f"{i}的{noun}" for i in items[:-1]), last]
    lead = first.rpartition("的")[0] if "的" in first and not any("的" in i for i in items[1:]) else ""
    if not lead:
        for mark in ("当中", "里面", "其中", "中", "里", ":"):
            head, found, rest = first.partition(mark)
            if found and len(rest) >= 2 and not rest.startswith(("小学", "学", "等", "职")):
                return [rest if _bare(head) else f"{head}中{rest}", *items[1:]]
        kind = _KIND.search(first)
        lead = kind.group() if kind and not any(_KIND.search(i) for i in items[1:]) else ""
        return [first, *(f"{lead}{i}" for i in items[1:])] if lead else items
    return [first, *(i if _bare(lead) else f"{_subject(lead)}的{i}" for i in items[1:])]


def _subject(lead: str) -> str:
    for mention in reversed(mentions(lead)):
        lead = lead[: mention.start] + lead[mention.end :]
    return re.sub(r"^(?:19|20)\d\d年?", "", lead)


def _bare(lead: str) -> bool:
    """True if a lead names no more than a place, a time or a stage, which the whole question has anyway."""
    rest = _subject(lead)
    for named in reversed(stages_in(rest)):
        rest = rest[: named.start] + rest[named.end :]
    rest = re.sub(r"[全本我该][省市县区]|\d+年?|的|阶段|教育$", "", rest)
    return not rest.strip(" ,和与")
