"""Which stored facts does a query mean, and if none: which slot is it that the sources do not fill?

The slots decide (metric, region, period, stage, measure); words only order what the slots let through.
Every threshold stands in ``Thresholds`` and is calibrated on cases by ``scripts/calibrate.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from corpus.alone import alone_in
from corpus.catalogue import indicators, indicators_in, lexicon, of_stage, stages, stages_in
from corpus.contrasts import ruled_out
from corpus.facts.labels import is_elliptical, trim
from corpus.folding import fold
from corpus.model import Fact
from corpus.quantities import read_quantities
from corpus.units import convert, dimension
from indexes.store import Store
from tools.parts import names_part, part_of
from tools.query import Query
from tools.words import Term, coverage, focus, presence, says, terms
from tools.zones import DENIED, fields, own_context, surroundings


@dataclass(frozen=True, slots=True)
class Thresholds:
    accept: float = 0.72
    """Least share of the asked words that a fact's words must say."""
    head: float = 0.74
    """Least trust in the last (head) word of the phrase: it must stand nearer than just in the sentence."""
    unsaid: float = 0.5
    """Least presence, anywhere around a figure, of every word that says which things are meant."""
    window: float = 0.055
    """Candidates this close to the best are equally meant."""
    other: float = 0.15
    """Candidates further behind the best are another metric, whatever their year."""
    extra: float = 0.22
    """What words of the label that nobody asked for cost."""
    sentence: float = 0.62
    """Least share of the asked words that the best sentence must say, with its heading, to be quoted."""
    section: float = 0.7
    """Least share of the topic's words that a heading must say to be that of the topic."""
    document: float = 0.6
    """Least share of the asked words that must stand beside a document number."""
    unstaged: float = 0.12
    """What it costs a figure to be of no stage where one is asked for."""
    own: float = 0.34
    """Least share of the asked words by which another candidate's own words must fall short to drop it."""


THRESHOLDS = Thresholds()
RATES = ("percent", "permille", "cheng", "percent_point")


@dataclass(frozen=True, slots=True)
class Match:
    fact: Fact
    score: float
    share: float
    head: float
    own: float = 1.0
    """Share of the asked words that the figure's own part of its clause says."""


@dataclass(frozen=True, slots=True)
class Matches:
    """``best`` are the facts meant; when empty, ``reason`` and ``blocked`` say which slot failed."""

    best: tuple[Match, ...]
    reason: str | None = None
    blocked: tuple[Fact, ...] = ()
    near: tuple[str, ...] = ()
    of_parts: bool = False
    """The sources tell it of towns, schools or kinds, not of the whole."""


def covers_stage(wanted: Collection[str], fact: Fact) -> bool:
    """True if the fact's stage is one of those wanted, or one that a wanted word also means."""
    meant = set(wanted)
    for stage in wanted:
        meant.update(stages()[stage].includes)
    return fact.stage in meant


def _same_name(query: Query, fact: Fact) -> bool:
    """True if a report calls a figure just so: its 普惠性幼儿园占比 may stand beside a 普惠性幼儿园覆盖率."""
    return bool(query.words) and fold(fact.metric).replace(" ", "") == query.words.replace(" ", "").strip(
        "的"
    )


def _metric(query: Query, fact: Fact) -> float | None:
    """Return how well the fact's metric fits (1 same, <1 by words), None if it is another metric."""
    if not query.metric_ids:
        return 0.0
    if fact.metric_id in query.metric_ids or _same_name(query, fact):
        return 1.0
    if fact.stage == "preschool" and fact.metric_id:
        stage = "preschool" if set(query.stages) == {"preschool"} else None
        if of_stage(fact.metric_id, fact.stage) in {of_stage(i, stage) for i in query.metric_ids}:
            return 1.0  # a table's pupils of 学前教育 are its 在园幼儿
    if query.exact:
        return None
    if any(fact.metric.endswith(indicators()[i].name) for i in query.metric_ids):
        asked = query.words + query.around + "".join(indicators()[i].name for i in query.metric_ids)
        if dimension(fact.unit) == "money" and _EACH.search(fact.metric) and not _EACH.search(asked):
            return None  # 生均一般公共预算教育经费 is no kind of 一般公共预算教育经费
        return 0.95  # a kind of what is asked: "…校际差异系数" for 差异系数
    if fact.metric_id is not None:
        return None
    names = [w for i in query.metric_ids for w in indicators()[i].words]
    own = fold(f"{fact.label} {fact.metric}")
    if any(name in own for name in names) and fact.role == "level":
        return 0.9
    return None


_NUMBER_OF = re.compile(r"[校园班生师工儿人所个]数(?:量|目)?$")


def _measure_fits(query: Query, fact: Fact) -> bool:
    own = dimension(fact.unit)
    if own in ("none", "count") and fact.metric_id and not query.rate_asked:
        own = dimension(indicators()[fact.metric_id].unit)  # 生师比 12.83 counts nobody
    if query.any_unit:
        return own not in ("ratio",) or query.rate_asked or fact.metric_id in query.metric_ids
    if query.measure == "person" and own == "none" and _PEOPLE.search(fact.label):
        return True  # 总人口107万
    if query.measure:
        if query.measure == "percent":
            return own in RATES or own == "times"
        if query.measure == "count":
            return own not in RATES and own != "money"
        if query.measure in _PLACES_OF_LEARNING:
            return own in _PLACES_OF_LEARNING
        if query.measure == "money" and own.startswith("money/"):
            return _EACH.search(query.words) is not None or "标准" in query.words
        if query.measure == "person" and own == "person_time":
            return "人次" in query.words or "次" in query.words
        return own == query.measure
    if own == "money" and _NUMBER_OF.search(query.words):
        return False  # 幼儿园数: no sum of money
    if own in (*RATES, "ratio") and not query.rate_asked:
        return fact.metric_id in query.metric_ids
    return not (query.rate_asked and own not in (*RATES, "ratio", "times", "none"))


def period_fits(wanted: str, fact: Fact) -> bool:
    """True if the fact's period lies in the wanted one ("2022" holds "2022-05", not "2021/2023")."""
    if not fact.period:
        return False
    if (
        fact.period == wanted
        or fact.period.startswith(f"{wanted}-")
        or fact.period.startswith((f"{wanted}H", f"{wanted}Q"))
    ):
        return True
    if "/" in wanted:
        first, last = wanted.split("/", 1)
        return first[:4] <= fact.period[:4] <= last[:4] and "/" not in fact.period
    return wanted[:4] == fact.period and len(wanted) > 4


def match(store: Store, query: Query, thresholds: Thresholds = THRESHOLDS) -> Matches:
    """Return the facts that ``query`` means, best first; else the reason of the contract.

    A phrase that is an indicator's whole name (小学在校生) is looked up as that indicator before its words are.
    """
    meant = _whole_name(query)
    if meant is None:
        return _match(store, query, thresholds)
    named = _match(store, replace(query, metric_ids=(meant,), exact=True), thresholds)
    if named.best:
        return named
    worded = _match(store, query, thresholds)
    return named if named.reason == "no_such_period" and not worded.best else worded


def _whole_name(query: Query) -> str | None:
    if query.metric_ids or query.value is not None or not query.words:
        return None
    words = trim(query.words.replace(" ", ""))
    found = alone_in(words, None) if words else None
    if found is None and words and query.measure == "所":
        found = alone_in(words, "所")  # 小学有多少所: a stage and what is counted name the metric
    if found is None:
        return None
    own = dimension(indicators()[found].unit)
    return found if query.measure is None or query.any_unit or own == query.measure else None


def _match(store: Store, query: Query, thresholds: Thresholds) -> Matches:
    facts = [f for f in store.facts() if f.role in query.roles]
    if query.report_ids:
        facts = [f for f in facts if f.report_id in query.report_ids]
    in_region = [f for f in facts if not query.regions or f.region in query.regions]
    if query.regions and not in_region and not any(r.region in query.regions for r in store.reports()):
        return Matches((), "no_such_region")
    asked = _asked(query)
    staged = [f for f in in_region if not query.stages or _stage_fits(query, f)]
    meant = _score(store, query, asked, staged, thresholds)
    if not meant and query.metric_ids and not query.exact:
        meant = _by_words(store, query, staged, thresholds)
    if not meant:
        elsewhere = (
            _score(store, query, asked, [f for f in facts if f not in in_region], thresholds)
            if query.regions
            else []
        )
        near = _near(query, in_region)
        of_parts = bool(_score(store, query, asked, staged, thresholds, parts=True))
        return Matches((), "not_reported", tuple(m.fact for m in elsewhere[:5]), near, of_parts)
    # where no place is named, each place has a reading of its own: one that words it better must not speak for all
    apart = not query.regions and query.value is None
    best: list[Match] = []
    for group in _by_place(meant) if apart else [meant]:
        # a figure that fits the words worse must not answer just because its year fits
        close = [m for m in group if m.score >= group[0].score - max(thresholds.other, thresholds.window)]
        timed = [m for m in close if not query.periods or _in_time(store, query, m.fact)]
        best += _best(timed, query, thresholds)
    if query.periods and not best:
        return Matches((), "no_such_period", tuple(m.fact for m in meant))
    return Matches(tuple(sorted(best, key=lambda m: -m.score)))


def _by_place(found: list[Match]) -> list[list[Match]]:
    groups: dict[str | None, list[Match]] = {}
    for match in found:
        groups.setdefault(match.fact.region, []).append(match)
    return list(groups.values())


def _by_words(store: Store, query: Query, facts: list[Fact], thresholds: Thresholds) -> list[Match]:
    """Return rates that say nearly all words of an indicator's name without being known as that indicator."""
    rates = [i for i in query.metric_ids if dimension(indicators()[i].unit) == "percent"]
    if not rates or query.value is not None:
        return []
    worded = replace(query, metric_ids=(), rate_asked=True, measure="percent")
    strict = replace(thresholds, accept=0.84)
    own = [f for f in facts if f.metric_id is None]
    return _score(store, worded, terms(query.words), own, strict)


def _in_time(store: Store, query: Query, fact: Fact) -> bool:
    """True if the fact's period is asked for; "@-1" is the year before its report was written."""
    for period in query.periods:
        if period.startswith("@"):
            report = store.report(fact.report_id)
            written = report.published.year if report and report.published else (fact.period or "")[:4]
            period = str(int(written or 0) + int(period[1:]))
        if period_fits(period, fact):
            return True
    return False


def _asked(query: Query) -> tuple[Term, ...]:
    if query.exact:
        return ()  # the name says it all: 总数 beside it must not choose by what stands around a figure
    words = query.words
    for metric in query.metric_ids:
        for name in sorted(indicators()[metric].words, key=len, reverse=True):
            words = words.replace(name, "数据 ")  # a noun, so that what stands before it still limits it
    return terms(words)


def _stage_fits(query: Query, fact: Fact) -> bool:
    if covers_stage(query.stages, fact):
        return True
    if fact.stage is None and not query.metric_ids:
        return True  # the stage's own words are among the words asked for
    # a heading (义务教育) says of a figure with a stage of its own (小学) only what it is a part of
    own = fold(f"{fact.label} {own_context(fact)}")
    named = any(says(word, own) for stage in query.stages for word in stages()[stage].words)
    return named and not query.metric_ids


def _score(
    store: Store, query: Query, asked: tuple[Term, ...], facts: list[Fact], thresholds: Thresholds, *,
    parts: bool = False,
) -> list[Match]:  # fmt: skip
    """Return the facts that fit, best first; those of a part that is not asked for only where ``parts`` is set."""
    found: list[Match] = []
    candidates = [(f, m) for f in facts if (m := _metric(query, f)) is not None]
    if query.value is not None:
        candidates = [(f, m) for f, m in candidates if _same_amount(query, f)]
    else:
        candidates = [(f, m) for f, m in candidates if _measure_fits(query, f)]
    around = surroundings(store, (f for f, _ in candidates))
    stage_words = _stage_words(query)
    asked_for = query.words + "".join(indicators()[i].name for i in query.metric_ids if not query.words)
    said_stage = max(
        (query.words[n.start : n.end] for n in stages_in(query.words) if n.end - n.start > 2),
        key=len,
        default="",
    )
    for fact, metric in candidates:
        # the stage that a figure is known to be of need not be said in the same word (中职, 中等职业教育)
        known = ((stage_words, 1.0),) if covers_stage(query.stages, fact) else ()
        said = coverage(asked, (*fields(fact, *around[fact.id]), *known))
        if any(number not in around[fact.id][0] for number in query.holding):
            continue
        if said.least < thresholds.unsaid and query.value is None:
            continue
        share = said.share
        if query.metric_ids:
            share = (1.5 * metric + share * _weight(asked)) / (1.5 + _weight(asked))
        elif not asked and query.value is None:
            continue
        if (
            asked
            and not query.metric_ids
            and query.value is None
            and not _anchored(asked, fact, around[fact.id][2], query.measure == "money")
        ):
            continue
        # what is counted must be named close by; what money went into may be named by the heading
        head = thresholds.head if query.measure != "money" else thresholds.head - 0.12
        if share < thresholds.accept or (said.head < head and asked):
            continue
        sentence = around[fact.id][0]
        part = None if parts or query.value is not None else part_of(fact, sentence)
        if part is not None and not names_part(part, f"{query.words} {query.around}"):
            continue
        if query.value is None and ruled_out(
            asked_for,
            " ".join((fold(f"{fact.label} {fact.metric} {fact.subject} {fact.context}"), *around[fact.id])),
        ):
            continue
        if _limited(query, fact, sentence[: fact.start - fact.sentence[0]], " ".join(around[fact.id][1:3])):
            continue
        extra = 1 - focus(query.words + _stage_words(query), fold(fact.label or fact.metric))
        kind = 0.0 if fact.kind in ("actual", "reference") or query.targets else 0.08
        base = 0.02 if fact.role == "base" else 0.0
        if (
            dimension(fact.unit) == "person_time"
            and query.measure != "person_time"
            and "次" not in query.words
        ):
            base += 0.1  # people are asked for, not attendances
        narrow = thresholds.window <= THRESHOLDS.window  # a sum is of all that the sentence lists
        if narrow and query.stages and fact.stage is None and not query.metric_ids:
            base += thresholds.unstaged
        if narrow and said_stage and (query.exact or not query.metric_ids):
            if said_stage not in fold(f"{fact.label} {fact.subject} {fact.metric}"):
                # 单办小学70所 is called so, 普通小学87所 is only of the same stage
                base += thresholds.other + thresholds.window
        near = (
            0.2 * coverage(terms(query.around), fields(fact, *around[fact.id])).share if query.around else 0.0
        )
        own = coverage(
            asked,
            ((f"{fold(f'{fact.label} {fact.metric} {fact.subject}')} {around[fact.id][1]}", 1.0), *known),
        )
        found.append(
            Match(fact, share - thresholds.extra * extra - kind - base + near, share, said.head, own.share)
        )
    return sorted(found, key=lambda m: (-m.score, m.fact.start))


def _anchored(asked: tuple[Term, ...], fact: Fact, piece: str, money: bool) -> bool:
    """True if the figure's own words say at least one of the words asked for; headings alone do not do."""
    own = fold(f"{fact.label} {fact.metric} {fact.subject} {piece}")
    if is_elliptical(trim(fold(fact.label))) or money:
        own += own_context(fact)  # "资助幼儿3126人次,发放资金156.3万元": the sum is for those before it
    return any(presence(term.text, own) >= 0.7 for term in asked)


_PEOPLE = re.compile(r"人口|人数|(?:学生|教师|教职工|幼儿|儿童)数?$")
_PLACES_OF_LEARNING = ("所", "家", "个", "处", "座", "园", "校")
"""Measure words of schools and the like: 几家 is asked of what a report counts in 所."""
_DEED = re.compile(rf"(?:{DENIED.pattern}).?")
_NOT = re.compile(r"不是|不属于|不算|不具备|不符合|不合格|不达标|不在|不及格")
_UNLIKE = re.compile(r"[非不未无没]")
_EACH = re.compile(r"每人|每年|每月|每学期|生均|师均|人均|班均|校均|园均|户均|每生|每百名|每万|千人|平均")


def _limited(query: Query, fact: Fact, lead: str, clause: str) -> bool:
    """True if the fact is about a part that the question does not name (民办, 农村, 新增 …)."""
    if query.metric_ids or query.value is not None:
        return False
    label = fold(fact.label)
    if _EACH.search(query.words) and not _EACH.search(
        f"{label} {fold(fact.metric)} {fact.context} {clause} {lead[-60:]}"
    ):
        return True  # 生均占地面积: the area of all schools is no answer
    beside = read_quantities(lead[-24:])
    if len(terms(label)) <= 1 and beside and dimension(beside[-1].unit) != dimension(fact.unit):
        label = f"{lead[-24:]} {label}"  # "民办普通高中1所、在校生1326人": the bare noun is still theirs
    said = query.words + query.around
    if any(word in label and presence(word, said) < 0.7 for word in lexicon().limiting):
        return True
    if (denied := _DEED.search(query.words)) and not DENIED.search(f"{label} {clause}"):
        if denied[0] not in f"{lead} {fact.context}":  # "未到校学生84人,其中休学19人"
            return True  # "没有资格证的": those that have it are no answer
    if _NOT.search(query.words) and not _UNLIKE.search(f"{label} {clause}"):
        return True  # "不是普惠性的": those that are so are no answer
    whole = f"{label} {fact.context} {fact.section} {lead[-60:]} {clause}"
    return any(word in query.words and presence(word, whole) < 0.75 for word in lexicon().limiting)


def _same_amount(query: Query, fact: Fact) -> bool:
    if query.value is None or not query.value_unit:
        return fact.value == query.value
    if dimension(query.value_unit) != dimension(fact.unit):
        return False
    return convert(fact.value, fact.unit, query.value_unit) == query.value


def _stage_words(query: Query) -> str:
    return "".join(word for stage in query.stages for word in stages()[stage].words)


def _weight(asked: tuple[Term, ...]) -> float:
    return sum(term.weight for term in asked)


def _best(found: list[Match], query: Query, thresholds: Thresholds) -> list[Match]:
    if not found:
        return []
    top = found[0].score
    if query.metric_ids:
        named_so = [m for m in found if _same_name(query, m.fact)]
        exact = named_so or [m for m in found if _metric(query, m.fact) == 1.0]
        found = exact or found
        top = found[0].score
    best = [m for m in found if m.score >= top - thresholds.window]
    whole = [m for m in found if m.own >= 0.99 and m.score >= top - thresholds.other]
    if whole and not query.metric_ids and all(m.own < 0.8 for m in best):
        # what stands around a figure says the words, another's own words do: 小学87所(单办小学70所
        best = [m for m in whole if m.score >= whole[0].score - thresholds.window]
    # of several that the sentence allows, the one that is itself called so: 上圩初中1240个, not the sum of all
    if thresholds.window > THRESHOLDS.window:
        return best
    named = max((m.own for m in best), default=0.0)
    return [m for m in best if m.own >= named - thresholds.own]


def _near(query: Query, facts: list[Fact]) -> tuple[str, ...]:
    """Return names of stored metrics of the same family, to be offered, never answered with."""
    families = {indicators()[i].family for i in query.metric_ids} - {None}
    named = {f.metric for f in facts if f.metric_id and indicators()[f.metric_id].family in families}
    if not named and query.words:
        wanted = terms(query.words)
        scored = [(coverage(wanted, [(fold(f"{f.label} {f.metric}"), 1.0)]).share, f.metric) for f in facts]
        named = {metric for share, metric in scored if share >= 0.5 and 2 <= len(metric) <= 20}
    return tuple(sorted(named, key=len)[:4])


def named_metrics(text: str) -> tuple[str, ...]:
    """Return ids of the indicators that a folded text names, without repeats, in order."""
    return tuple(dict.fromkeys(n.id for n in indicators_in(text)))
