"""Totals of listed parts: do the parts add up to what the report says, and does it say that they are all?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from corpus.model import Fact
from corpus.partitions import found, partitions
from tools.audit.adding import added, apart, head, listed, plain_name, span_of
from tools.audit.closing import Listing
from tools.audit.crossing import by_stage, numbered
from tools.audit.earlier import About, earlier, told_about
from tools.audit.intervals import Judged, judge
from tools.audit.listing import listings
from tools.audit.model import Check, Finding, Kind, Verdict
from tools.audit.partition_shares import bare_shares, percent_divisions, shares_of, whole_in_shares
from tools.audit.referring import referred
from tools.audit.registry import Piece, check, tell
from tools.audit.remarks import remark_on
from tools.audit.tokens import Paragraph, Token, paragraphs
from tools.audit.totals import totals
from tools.audit.view import View
from tools.calculation import Calculation
from tools.evidence import Sentence


@check("sum")
def sums(view: View) -> Iterator[Finding]:
    """Add up the parts of every list and hold the sum against its total."""
    told = list(paragraphs(view))
    about = told_about(view)
    held = [listing for listing in _all(view, told) if len(listing.parts) + len(listing.more) > 1]
    proven = {listing.key for listing in held if _agreeing(listing, exact=True) is not None}
    subtotals = {_starts(one): one.whole.fact for one in held if one.backward and _agreeing(one) is not None}
    for listing in held:
        below = subtotals.get(_starts(listing))
        if below is not None and below.start != listing.whole.fact.start:
            listing = replace(listing, closed="")  # the parts make up that sum, which need not be all
        yield from judge_listing(view, listing, listing.key in proven and below is None)
        complete = bool(listing.closed) or _agreeing(listing, exact=True) is not None
        yield from whole_in_shares(view, listing, complete)
        yield from _over_time(view, listing, about)
    listed_parts = {part.fact.start for listing in held for part in listing.parts}
    for paragraph in told:
        yield from bare_shares(view, paragraph, listed_parts)
    yield from percent_divisions(view)
    staged = list(by_stage(view, told))
    agreeing = [listing for _, listing in staged if _agreeing(listing, exact=True) is not None]
    for _, listing in staged:
        same = any(
            one is not listing and len(one.parts) == len(listing.parts)
            and one.whole.fact.sentence == listing.whole.fact.sentence
            for one in agreeing
        )  # fmt: skip
        if listing in agreeing or listing.closed or (same and not _scope(listing)):
            yield from judge_listing(view, listing, same)


def _starts(listing: Listing) -> tuple[int, ...]:
    return tuple(part.fact.start for part in listing.parts)


def _scope(listing: Listing) -> bool:
    """Tell whether just one stage is too much: then the total leaves it out, which is no error of addition."""
    made = added([part.fact for part in listing.parts], listing.whole.fact.unit)
    over = made.exact - listing.whole.fact.value
    return any(added([part.fact], listing.whole.fact.unit).exact == over for part in listing.parts)


def _all(view: View, told: Sequence[Paragraph]) -> Iterator[Listing]:
    named: dict[tuple[str, str], list[Token]] = {}
    for paragraph in told:
        yield from listings(view, paragraph)
        yield from totals(view, paragraph, named)
        yield from referred(view, paragraph, named)
        for token in paragraph.tokens:
            if token.name:
                named.setdefault((token.kind, token.name), []).append(token)
    yield from numbered(view, told)


def judge_listing(view: View, listing: Listing, proven: bool = False) -> Iterator[Finding]:
    """Judge one list; ``proven``: a list of the same parts elsewhere adds up, so these parts are all."""
    agreeing = _agreeing(listing)
    if agreeing is not None:
        whole, parts, made, judged = agreeing
        yield _finding(view, whole, parts, made, judged, _words(whole, parts, made, judged.verdict))
        return
    whole, parts = listing.whole, listing.parts
    if len(parts) < 2 or not comparable(
        whole,
        parts,
        listing.backward or listing.closed == "分年" or found(partitions().cumulative, whole.words),
    ):
        return
    made = added([part.fact for part in parts], whole.fact.unit)
    judged = judge(whole.fact, made)
    over = abs(made.exact) > whole.fact.value
    if ((over or listing.backward) and not listing.sure) or not listing.tied:
        return
    closed = listing.closed or _shares_add_up(view, listing) or (proven and not listing.unfinished)
    certain = over or bool(closed)
    far = max(part.fact.value for part in parts) > whole.fact.value * 3
    if over and far and not closed and listing.partition is None:
        return  # more likely no part at all
    remark = remark_on(view, whole, () if listing.staged else parts) if certain else None
    if remark is not None or not certain:
        yield _open(view, whole, parts, made, remark)
        return
    twice = _twice(parts, made, whole.fact) if over else ()
    words = _words(whole, parts, made, "inconsistent", twice)
    kind: Kind = "part_whole" if over else "sum"
    name: Check = ("double" if twice else "parts") if over else "sum"
    found_one = _finding(view, whole, parts, made, judged, words, kind, name)
    yield replace(found_one, evidence=(*found_one.evidence, *(token.fact for token in listing.more)))


Agreeing = tuple[Token, Sequence[Token], Calculation, Judged]


def _agreeing(listing: Listing, exact: bool = False) -> Agreeing | None:
    """Return a reading of the list that adds up, the plainest first: the total, the parts, their sum."""
    every = (*listing.parts, *listing.more)
    least = max(2, len(listing.parts)) if listing.sure or listing.staged else 2
    sizes = sorted(range(least, len(every) + 1), key=lambda n: (n != len(listing.parts), n != len(every), -n))
    for wanted in ("consistent", "rounding"):
        for whole in (listing.whole, *listing.others):
            for size in sizes:
                parts = every[:size]
                made = added([part.fact for part in parts], whole.fact.unit)
                if not _near(abs(made.exact), whole.fact.value):
                    continue
                judged = judge(whole.fact, made)
                loose = wanted == "rounding" and not (listing.sure and size == len(listing.parts))
                if judged.verdict == wanted and not loose:
                    return whole, parts, made, judged
        if exact:
            return None
    return None


def _near(a: Decimal, b: Decimal) -> bool:
    """Tell whether two values may be the same but for rounding; a cheap test before the careful one."""
    return abs(a - b) * 5 <= max(abs(a), abs(b))


def comparable(whole: Token, parts: Sequence[Token], over_years: bool) -> bool:
    """Tell whether total and parts are of one kind of statement, and of one time unless the words add up years."""
    facts = [whole.fact, *(part.fact for part in parts)]
    if len({fact.kind in ("plan", "target") for fact in facts}) > 1:
        return False
    years = {(fact.period or "")[:4] for fact in facts if fact.period}
    ranged = any("/" in (fact.period or "") for fact in facts)
    return over_years or ranged or len(years) < 2


def _shares_add_up(view: View, listing: Listing) -> str:
    """Return a reason where the report gives each part its share and the shares make up the whole."""
    shares = shares_of(view, listing.parts)
    if len(shares) != len(listing.parts) or len(shares) < 2:
        return ""
    places = max(-int(s.value.as_tuple().exponent) for s in shares)
    room = Decimal(len(shares)).scaleb(-places) / 2
    return "占比" if abs(sum((s.value for s in shares), Decimal(0)) - 100) <= room else ""


def _twice(parts: Sequence[Token], made: Calculation, whole: Fact) -> tuple[Token, ...]:
    """Return the parts, one or some in a row, whose sum is just what is too much; () if there are none."""
    over = made.exact - whole.value
    if over < 2:
        return ()
    for size in (1, 2, 3):
        for at in range(len(parts) - size + 1):
            run = parts[at : at + size]
            if added([part.fact for part in run], whole.unit).exact == over and size < len(parts):
                return tuple(run)
    return ()


def _over_time(view: View, listing: Listing, about: About) -> Iterator[Finding]:
    """Judge the sums of the bases and changes of a list that adds up: what it lists is all, in both years."""
    agreeing = _agreeing(listing)
    if agreeing is None:
        return
    whole, parts, _, _ = agreeing
    for one in earlier(about, whole.fact, [part.fact for part in parts]):
        judged = judge(one.whole, one.made)
        pieces: list[Piece] = [*head(one.whole, f"{plain_name(whole)}的{one.word}"), one.whole, ":各项的"]
        pieces += [one.word, *(["(没有列出的由本期数与增减额推得)"] if one.less else []), "相加得", one.made]
        if judged.verdict == "inconsistent":
            if listing.partition is None and not listing.closed:
                continue
            pieces += [",与总数相差", apart(one.made, one.whole)]
        else:
            rounding = judged.verdict == "rounding"
            pieces.append(",与总数略有出入,在四舍五入允许的范围内" if rounding else ",与总数一致")
        start, end = span_of(view, [one.whole])
        yield Finding(
            view.report.id, start, end, "sum", "sum", judged.verdict, tell(*pieces),
            (one.whole, *one.parts), one.whole, one.made, judged.least, judged.most,
        )  # fmt: skip


def _words(
    whole: Token, parts: Sequence[Token], made: Calculation, verdict: Verdict, twice: Sequence[Token] = ()
) -> list[Piece]:
    """Return the explanation in pieces."""
    pieces: list[Piece] = [
        *head(whole.fact, plain_name(whole)),
        whole.fact,
        ":",
        *listed(parts),
        ",相加得",
        made,
    ]
    if verdict == "consistent":
        return [*pieces, ",与总数一致"]
    if verdict == "rounding":
        return [*pieces, ",与总数略有出入,在四舍五入允许的范围内"]
    gap = apart(made, whole.fact)
    if abs(made.exact) < whole.fact.value:
        return [*pieces, ",比总数少", gap]
    pieces += [",比总数多", gap]
    if twice:
        names = [part for at, one in enumerate(twice) for part in (("与" if at else ""), *listed([one]))]
        pieces += [",多出的", gap, "恰等于" if len(twice) > 1 else "恰等于其中的"]
        pieces += [name for name in names if name != ""]
        pieces += ["之和" if len(twice) > 1 else "", ",可能有人或项目被重复计算,请核对"]
    return [piece for piece in pieces if piece != ""]


def _open(
    view: View, whole: Token, parts: Sequence[Token], made: Calculation, remark: Sentence | None
) -> Finding:
    gap = apart(made, whole.fact)
    less = abs(made.exact) < whole.fact.value
    pieces: list[Piece] = [
        *head(whole.fact, plain_name(whole)),
        whole.fact,
        ",所列",
        *listed(parts),
        "相加得",
        made,
    ]
    pieces += [",比总数少" if less else ",比总数多", gap]
    if remark is not None:
        pieces += [",报告对口径另有说明", remark, ",不能据此判断"]
    else:
        pieces += [",报告没有说明所列是否为全部,不能判断"]
    extra = (remark,) if remark is not None else ()
    return _finding(view, whole, parts, made, Judged("not_recomputable"), pieces, extra=extra)


def _finding(
    view: View, whole: Token, parts: Sequence[Token], made: Calculation, judged: Judged, pieces: Sequence[Piece],
    kind: Kind = "sum", name: Check = "sum", extra: tuple[Sentence, ...] = (),
) -> Finding:  # fmt: skip
    facts = [whole.fact, *(part.fact for part in parts)]
    start, end = span_of(view, facts)
    return Finding(
        view.report.id, start, end, kind, name, judged.verdict, tell(*pieces),
        (*facts, *extra), whole.fact, made, judged.least, judged.most,
    )  # fmt: skip
