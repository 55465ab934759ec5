"""The guard: only what the cited evidence says may be said. It fails closed.

A draft is read piece by piece; a piece is the text before a run of citations ``[e:12345678]``. For every
number of a piece there must be cited evidence with that value and unit, and the year, place, stage,
indicator, direction, kind and qualifiers said around the number must be that evidence's own. Text in 「」
must stand in the cited source letter for letter, cut at its own stops. Words that judge (达到, 一致, 最高,
增加 …) must follow from the evidence or be the source's own. What is cited must be used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assistant.guard_absence import absence_objections
from assistant.guard_checks import number_objections, place_objections
from assistant.guard_claims import claim_objections
from assistant.guard_quotes import is_name, quote_objections
from assistant.guard_said import Said
from assistant.guard_statements import is_statement, statement_objections
from assistant.guard_support import support_objections, unused_objections
from assistant.guard_times import year_objections
from assistant.guard_verdicts import verdict_objections
from corpus.folding import fold
from corpus.model import Report
from tools.calculation import Calculation
from tools.evidence import Clause, Evidence, Missing

MARK = re.compile(r"\[e:([0-9a-f]{8})\]")
_MARKS = r"(?:\[e:[0-9a-f]{8}\])"
_CHUNK = re.compile(rf"((?:「[^」]*」|(?!{_MARKS})[^\n])*)({_MARKS}*)")
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}\. ")
_QUOTE = re.compile(r"「([^」]*)」")
_MARKUP = re.compile(
    r"[|｜`<>＜＞]|\*\*|__|~~|\]\(|^\s{0,3}(?:#{1,6}\s|[-*+•]\s|>)|^\s*[-=]{3,}\s*$|\$[^$]+\$|&[a-z#0-9]+;",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What a draft is checked against: the evidence gathered, the stored reports, and the question."""

    evidence: Mapping[str, Evidence]
    report: Callable[[str], Report | None]
    question: str = ""


@dataclass(slots=True)
class _Course:
    """What has been said so far: text that leads in, and evidence cited before."""

    line: str = ""
    heading: str = ""
    cited: list[Evidence] = field(default_factory=list)


def chunks(draft: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the pieces of a draft with the keys that each cites."""
    return [(text, keys) for text, keys, _ in pieces(draft)]


def pieces(draft: str) -> list[tuple[str, tuple[str, ...], bool]]:
    """The same, and for each piece whether it begins a line."""
    found: list[tuple[str, tuple[str, ...], bool]] = []
    end = -1
    for match in _CHUNK.finditer(draft):
        text, marks = match.groups()
        keys = tuple(dict.fromkeys(MARK.findall(marks)))
        if text.strip() or keys:
            begins = end < 0 or "\n" in draft[end : match.start()]
            found.append((text, keys, begins))
            end = match.end()
    return found


def objections(draft: str, sources: Sources) -> list[str]:
    """Return what keeps ``draft`` from being said, in Chinese for a model to act on; empty lets it pass."""
    parts = pieces(draft)
    if not parts:
        return ["答案是空的"]
    if not any(keys for _, keys, _ in parts):
        return ["答案没有引用任何证据;每句话后面要写出依据的证据编号,如 [e:0123abcd]"]
    found: list[str] = []
    everything = [sources.evidence[k] for _, keys, _ in parts for k in keys if k in sources.evidence]
    course = _Course()
    for text, keys, begins in parts:
        shown = text.strip()
        if begins:
            course.line = ""
        unknown = [key for key in keys if key not in sources.evidence]
        if unknown:
            found.append(f"“{shown}”引用了不存在的证据:{'、'.join(unknown)}")
            continue
        cited = [sources.evidence[key] for key in keys]
        why = _piece(text, cited, everything, course, sources)
        found += [f"“{shown}”{reason}" for reason in dict.fromkeys(why)]
        course.cited += cited
    return found


def _piece(
    text: str, cited: list[Evidence], everything: list[Evidence], course: _Course, sources: Sources
) -> list[str]:
    bare = _LIST_NUMBER.sub("", text) if not course.line else text
    if not cited:
        return _lead_in(bare, course, sources)
    if is_statement(cited):
        course.line += bare
        return statement_objections(bare, cited, sources.report, sources.question)
    why: list[str] = []
    rest = _QUOTE.sub(lambda m: m[1] if is_name(m[1], [*cited, *course.cited]) else "「」", bare)
    if re.search(r"「(?!」)|(?<!「)」", rest):
        why.append("中的引号「」不成对")
    if _MARKUP.search(rest):
        why.append("含有表格、标记或网页代码;只能写普通文字")
    verbatim = []
    for item in cited:
        if item.kind in ("missing", "standard") and item.text in rest:
            rest = rest.replace(item.text, "")
            verbatim.append(item.key)
        if isinstance(item.item, Calculation) and item.item.steps in rest:
            rest = rest.replace(item.item.steps, "", 1)
            verbatim.append(item.key)
    lead = f"{course.heading}{course.line}"
    said = Said(
        text=fold(rest),
        lead=fold(lead),
        raw=bare,
        cited=tuple(cited),
        earlier=tuple(course.cited),
        everything=tuple(everything),
        question=fold(sources.question),
        report=sources.report,
        verbatim=frozenset(verbatim),
    )
    why += quote_objections(said)
    if any(isinstance(e.item, (Missing, Clause)) and e.key not in verbatim for e in cited):
        why += absence_objections(said)
    if not (cited and all(isinstance(e.item, Missing) for e in cited)):
        why += number_objections(said)
        why += year_objections(said)
        why += place_objections(said)
        why += claim_objections(said)
        why += verdict_objections(said)
        why += support_objections(said)
    elif verbatim and said.text.strip(" ,。;:"):
        why += verdict_objections(said)  # more than the absence itself is said
    why += unused_objections(said)
    course.line += rest
    return why


def _lead_in(text: str, course: _Course, sources: Sources) -> list[str]:
    """Text without evidence: a stop, or a short heading that ends in a colon and claims nothing."""
    stripped = fold(text).strip()
    if not re.search(r"\w", stripped):
        return []
    course.heading = ""
    said = Said(fold(text), "", text, (), tuple(course.cited), (), fold(sources.question), sources.report)
    why = [
        *(["含有表格、标记或网页代码;只能写普通文字"] if _MARKUP.search(text) else []),
        *(["没有引用证据"] if not stripped.endswith(":") or len(stripped) > 40 else []),
        *(["里的引文没有引用证据"] if "「" in text else []),
        *number_objections(said),
        *year_objections(said),
        *place_objections(said),
        *verdict_objections(said),
        *claim_objections(said),
    ]
    course.heading = fold(text)
    return why
