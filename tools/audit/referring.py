"""Lists whose total was told before: "新增学位中,幼儿园…" divides the 新增学位 of an earlier sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from corpus.partitions import found, partitions
from tools.audit.closing import MOST, Listing, describe, may_overlap
from tools.audit.tokens import COMMA, PAUSE, STOP, Paragraph, Token
from tools.audit.view import View

_AMONG = re.compile(
    r"^(?:注:)?[\d\s①-⑳\[\]()]*(?P<name>[\u4e00-\u9fff]{2,16}?)(?:当中|之中|(?<!其)中(?!学|小学|职|等|心|央|级|专(?!职|任|业)))(?P<mark>[,:]?)(?P<own>[^,;:。\d]{0,16})$"
)
_BY = re.compile(r"按[^,。;]{1,8}?(?:划分|分类|分组|分|看)[,:为有来看]*$")

Named = Mapping[tuple[str, str], list[Token]]
"""Amounts told so far by what they count (kind) and their name."""


def referred(view: View, paragraph: Paragraph, named: Named) -> Iterator[Listing]:
    """Return the lists of a paragraph that divide an amount told before under the name that opens them."""
    topic: Token | None = None
    others: tuple[Token, ...] = ()
    end = -1
    for index, token in enumerate(paragraph.tokens):
        if index <= end or token.group != -1:
            continue
        said = _said(view, paragraph, token)
        whole: Token | None = None
        if match := _among(said):
            told = _told(named, paragraph.tokens[:index], token.kind, match)
            whole = topic = told[-1] if told else None
            others = tuple(told[:-1])
        elif topic is not None and topic.kind == token.kind and _BY.search(said):
            whole = topic
        if whole is None:
            continue
        parts = _parts(paragraph, index)
        if len(parts) > 1:
            made = describe(view, paragraph, Listing(whole, parts, others=others, opened=True))
            end = paragraph.index(parts[-1])
            yield replace(made, sure=made.sure and not may_overlap(whole, parts), tied=not others)


def _said(view: View, paragraph: Paragraph, token: Token) -> str:
    """Return the words of its sentence before an amount; a bullet and its title are none of them."""
    begin = max(paragraph.start, token.fact.sentence[0], token.fact.start - 60)
    return re.split("[。;\\n]", view.folded[begin : token.fact.start])[-1].strip()


def _among(said: str) -> str:
    """Return the name of what the words before the first part take apart, "" if they do not."""
    match = _AMONG.match(said)
    return match["name"] if match is not None and (match["mark"] or match["own"]) else ""


def _told(named: Named, before: Sequence[Token], kind: str, name: str) -> list[Token]:
    """Return the results told under this name, one for each value, the last one last."""
    own = [t for t in before if t.kind == kind and t.name.endswith(name)]
    own = [*named.get((kind, name), ()), *own] or [
        t for (k, n), tokens in named.items() if k == kind and n.endswith(name) for t in tokens
    ]
    results = [t for t in own if t.fact.role == "level" and t.fact.kind not in ("plan", "target")]
    return list({t.fact.value: t for t in results}.values())


def _parts(paragraph: Paragraph, first: int) -> tuple[Token, ...]:
    """Return the amounts listed from ``first`` on, evenly marked."""
    tokens, run = paragraph.tokens, [first]
    for index in range(first + 1, min(len(tokens), first + MOST)):
        if tokens[index].group != tokens[first].group:
            continue
        level = PAUSE if len(run) < 2 else max(PAUSE, paragraph.between(run[0], run[1]))
        mark = paragraph.between(run[-1], index)
        if (
            tokens[index].kind != tokens[first].kind
            or mark >= STOP
            or mark > max(level, COMMA if len(run) < 2 else 0)
        ):
            break
        if found(partitions().outside, tokens[index].before):
            break
        run.append(index)
    return tuple(tokens[i] for i in run)
